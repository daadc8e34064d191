"""When the addresses of sources were looked at, in the database."""

from collections.abc import Iterable

from sqlmodel import Session, select

from directory.db.tables.source_pages import SourcePage


def least_recent(session: Session, urls: Iterable[str], most: int) -> list[str]:
    """The addresses that were not looked at for the longest, those never looked at first."""
    checked = {page.url: page.checked_on for page in session.exec(select(SourcePage))}
    return sorted(urls, key=lambda url: (checked.get(url, ""), url))[:most]

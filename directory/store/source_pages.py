"""What was found at the addresses of sources, in the database."""

from collections.abc import Iterable

from sqlmodel import Session, select

from directory.db.tables.source_pages import SourcePage


def pages(session: Session) -> dict[str, SourcePage]:
    """Every page that was looked at, by its address."""
    return {row.url: row for row in session.exec(select(SourcePage))}


def least_recent(session: Session, urls: Iterable[str], most: int) -> list[str]:
    """The addresses that were not looked at for the longest, those never looked at first."""
    known = pages(session)
    ordered = sorted(urls, key=lambda url: (known[url].checked_on if url in known else "", url))
    return ordered[:most]

"""Queries about photos."""

from sqlmodel import Session

from directory.clock import now
from directory.db.tables.contributions.photos import Photo


def keep_photo(session: Session, digest: str, content: bytes, width: int, height: int) -> None:
    """Keep a photo; the same content twice is one row."""
    session.merge(Photo(digest=digest, content=content, width=width, height=height, added_at=now()))

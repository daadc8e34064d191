"""Photos of spots, by the digest of their content."""

from datetime import datetime

from sqlalchemy import Column
from sqlmodel import Field, Session, SQLModel

from directory.clock import now
from directory.records.models import UtcDateTime


class Photo(SQLModel, table=True):
    """A JPEG as we encoded it, without what a phone writes into it."""

    digest: str = Field(primary_key=True)
    content: bytes
    width: int
    height: int
    added_at: datetime = Field(sa_column=Column(UtcDateTime, nullable=False))


def keep_photo(session: Session, digest: str, content: bytes, width: int, height: int) -> None:
    """Keep a photo; the same content twice is one row."""
    session.merge(Photo(digest=digest, content=content, width=width, height=height, added_at=now()))


def photo(session: Session, digest: str) -> Photo | None:
    """A photo, or None."""
    return session.get(Photo, digest)

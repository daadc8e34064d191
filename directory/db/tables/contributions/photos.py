"""Photos of zones, by the digest of their content."""

from datetime import datetime

from sqlalchemy import Column
from sqlmodel import Field, SQLModel

from directory.db.tables.types import UtcDateTime


class Photo(SQLModel, table=True):
    """A JPEG as we encoded it, without what a phone writes into it."""

    digest: str = Field(primary_key=True)
    content: bytes
    width: int
    height: int
    added_at: datetime = Field(sa_column=Column(UtcDateTime, nullable=False))

"""Datasets: collections of zones that are released again and again."""

from datetime import datetime

from sqlalchemy import Column
from sqlmodel import Field, SQLModel

from directory.db.tables.types import UtcDateTime


class Dataset(SQLModel, table=True):
    """A dataset of which a release was taken in. `released` is that release's date, ISO."""

    name: str = Field(primary_key=True)
    released: str = ""
    taken_at: datetime = Field(sa_column=Column(UtcDateTime, nullable=False))

"""The counter of changes, which rows they touched, and when each process last said that it runs."""

from datetime import datetime

from sqlalchemy import Column
from sqlmodel import Field, SQLModel

from directory.db.tables.types import UtcDateTime


class DirectoryVersion(SQLModel, table=True):
    """One row: `generation` grows with every change of the directory, by database triggers.

    `lineage` is another one in every database and after every restore: only within one do generations compare.
    """

    __tablename__ = "directory_version"

    id: int = Field(default=1, primary_key=True)
    generation: int = 0
    lineage: str = ""


class ChangedRow(SQLModel, table=True):
    """At which generation a zone, department or town was last touched, a removed one too; by database triggers."""

    __tablename__ = "touched"

    kind: str = Field(primary_key=True, description="zone, department or town")
    subject: str = Field(primary_key=True, description="the row's key, as text")
    generation: int = Field(index=True)


class Heartbeat(SQLModel, table=True):
    """When a process of the site, such as the mail worker, last said that it runs."""

    name: str = Field(primary_key=True)
    at: datetime = Field(sa_column=Column(UtcDateTime, nullable=False))

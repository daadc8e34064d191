"""The counter of changes, which rows they touched, and when each process last said that it runs."""

from datetime import datetime

from sqlalchemy import Column, Integer, String
from sqlmodel import Field, SQLModel

from directory.db.tables.types import UtcDateTime


class DirectoryVersion(SQLModel, table=True):
    """One row: `revision` grows with every change of the directory, by database triggers.

    `database_id` is another one in every database and after every restore: only within one do revisions compare.
    """

    __tablename__ = "directory_version"

    id: int = Field(default=1, primary_key=True)
    revision: int = Field(default=0, sa_column=Column("generation", Integer, nullable=False))
    database_id: str = Field(default="", sa_column=Column("lineage", String, nullable=False))


class ChangedRow(SQLModel, table=True):
    """At which revision a zone, department or town was last changed, a removed one too; by database triggers."""

    __tablename__ = "touched"

    kind: str = Field(primary_key=True, description="zone, department or town")
    subject: str = Field(primary_key=True, description="the row's key, as text")
    revision: int = Field(sa_column=Column("generation", Integer, nullable=False, index=True))


class Heartbeat(SQLModel, table=True):
    """When a process of the site, such as the mail worker, last said that it runs."""

    name: str = Field(primary_key=True)
    at: datetime = Field(sa_column=Column(UtcDateTime, nullable=False))

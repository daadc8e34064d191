"""What `safezones watch-sources` found at the addresses of sources."""

from sqlmodel import Field, SQLModel


class SourcePage(SQLModel, table=True):
    """A source's page: the day it was read last (ISO), how many days in a row it was not there, what it mentioned."""

    __tablename__ = "source_page"

    url: str = Field(primary_key=True)
    checked_on: str
    missing: int = 0
    mentions: bool = False

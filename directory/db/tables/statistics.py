"""Counts for a town, by month."""

from enum import StrEnum

from sqlmodel import Field, SQLModel


class Statistic(StrEnum):
    """What is counted."""

    SEARCHES = "searches"
    MISSES = "misses"
    SHOWN = "shown"
    DIRECTIONS = "directions"
    SCANS = "scans"
    REPORTS = "reports"


class TownStatistic(SQLModel, table=True):
    """How often something happened for a town in a month."""

    __tablename__ = "town_figure"

    town: str = Field(primary_key=True, description="the town's slug, or the slug of one without zones")
    month: str = Field(primary_key=True, description="2026-11")
    figure: str = Field(primary_key=True)
    count: int = 0

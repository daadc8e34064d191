"""Every table of the database. Migrations, backups and copies read them from here, so that none can be forgotten."""

from sqlalchemy import MetaData, Table
from sqlmodel import SQLModel

from directory.db.tables import (  # noqa: F401  (importing a module registers its tables)
    accounts,
    data_cases,
    datasets,
    directory_version,
    domains,
    geocoding,
    log,
    outbox,
    photos,
    programs,
    reminders,
    reports,
    source_pages,
    statistics,
    submissions,
    town_profiles,
    visits,
    zone_lists,
    zones,
)

METADATA: MetaData = SQLModel.metadata
TRANSIENT = {
    "geocode_answer": "what geocoders answered to searches: nobody is to keep that",
    "geocode_turn": "when a geocoder was asked last",
    "login_session": "who is signed in: whoever signed out since then stays signed out",
    "heartbeat": "when a process said last that it runs",
    "touched": "what changed for workers that read before: a restored directory is read anew",
}
"""Table → why no backup and no copy holds its rows."""


def all_tables() -> list[Table]:
    """Every table, each after those it refers to."""
    return list(METADATA.sorted_tables)


def kept_tables() -> list[Table]:
    """The tables whose rows backups and copies hold, in the same order."""
    return [table for table in all_tables() if table.name not in TRANSIENT]

"""Every table of the database. Migrations, backups and copies read them from here, so that none can be forgotten."""

from sqlalchemy import MetaData, Table
from sqlmodel import SQLModel

from directory.db.tables import (  # noqa: F401  (importing a module registers its tables)
    accounts,
    domains,
    geocoding,
    log,
    outbox,
    reminders,
    source_pages,
    statistics,
)
from directory.db.tables.contributions import (  # noqa: F401  (importing a module registers its tables)
    data_cases,
    photos,
    reports,
    submissions,
    visits,
    zone_lists,
)
from directory.db.tables.published import (  # noqa: F401  (importing a module registers its tables)
    datasets,
    directory_version,
    programs,
    town_profiles,
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

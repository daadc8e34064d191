"""The database of a command: opened, checked for being the one that is meant, and brought up to date.

Apart from `common`, so that an import's second process can begin before what the database needs is loaded.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

import click
from sqlalchemy import Engine

from directory import clock
from directory.cli.common import CommandError, errors, friendly_errors
from directory.db.engine import open_database
from directory.db.schema import migrate, schema_version
from directory.db.sqlite_file import file_of
from directory.search.snapshots.snapshot_file import LAST_KNOWN, SnapshotFile
from directory.settings import Settings, shown_address
from directory.store.repository import is_empty, version_of


@contextmanager
def on_database(*, new: bool = False) -> Iterator[tuple[Settings, Engine]]:
    """The settings, and the database as `open_current_database` opens it, with the messages of `friendly_errors`."""
    with friendly_errors():
        settings = Settings()
        yield settings, open_current_database(settings, new=new)


def open_current_database(settings: Settings, *, new: bool = False) -> Engine:
    """Open and migrate the database and set the clock; closed when the command ends.

    `new`: create one when there is none. Otherwise raises CommandError, since a setting may be missing.
    """
    engine = connect(settings)
    if not new:
        require_database(engine)
    snapshot_file = SnapshotFile.within(settings.scratch_dir(), engine)
    refuse_emptied_database(engine, snapshot_file.zones(), settings)
    if not new and schema_version(engine) is None:
        raise CommandError(
            f"the database {shown_address(str(engine.url))} has no tables. Is that the right name? `safezones serve`, "
            "`import` and `migrate` make them, `restore` and `copy-database` bring a directory there"
        )
    bring_up_to_date(engine)
    warn_about_other_database(engine, snapshot_file)
    return engine


def connect(settings: Settings) -> Engine:
    """Open the database without migration and set the clock; closed when the command ends."""
    clock.run_ahead(timedelta(days=settings.clock_ahead_days))
    engine = open_database(settings.database)
    click.get_current_context().call_on_close(engine.dispose)
    return engine


def require_database(engine: Engine) -> None:
    """Raise CommandError when there is no database, instead of creating an empty one."""
    path = file_of(engine)
    if path is not None and not path.exists():
        raise CommandError(
            f"there is no database at {path}. Is that the right place (SAFEZONES_DATA_DIR, SAFEZONES_DATABASE_URL)? "
            "`safezones serve`, `import` and `migrate` make a new one, `restore` brings one back"
        )


def refuse_emptied_database(engine: Engine, zone_count: int | None, settings: Settings) -> None:
    """Raise CommandError when `zone_count` zones were served before and the database is empty now.

    Raises DatabaseError.
    """
    if not zone_count:
        return
    path = file_of(engine)
    if (path is not None and not path.exists()) or schema_version(engine) is None or is_empty(engine):
        raise CommandError(
            f"the database is empty, but {zone_count} zones were served from here before. Is SAFEZONES_DATABASE_URL "
            "right? `safezones restore FILE` puts a backup back; to begin anew, remove "
            f"{settings.scratch_dir() / LAST_KNOWN}"
        )


def warn_about_other_database(engine: Engine, snapshot_file: SnapshotFile) -> None:
    """Warn that the data folder was used with another database before. Raises DatabaseError."""
    if snapshot_file.of_another_database(version_of(engine)[1]):
        url = shown_address(str(engine.url))
        errors.print(f"This data folder was used with another database before; from now on it is that of {url}.")
        errors.print(
            "What the other one holds stays there: `safezones copy-database` takes it along into a new database."
        )


def bring_up_to_date(engine: Engine) -> None:
    """Migrate, and print where the copy of the old database is. Raises DatabaseError."""
    saved = migrate(engine)
    if saved:
        errors.print(f"The database was brought up to date. A copy of the old one: {saved}")

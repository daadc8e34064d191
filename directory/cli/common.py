"""Shared by the commands: error messages, the database, progress bars."""

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import IO, Any

import click
from pydantic import ValidationError
from pydantic_settings import SettingsError
from rich.console import Console
from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeRemainingColumn
from sqlalchemy import Engine

from directory import clock
from directory.db.backup import BadBackupError
from directory.db.copy import CopyRefusedError
from directory.db.engine import open_database
from directory.db.errors import DatabaseError, UnknownDatabaseError
from directory.db.pinned_file import file_of
from directory.db.schema import migrate, schema_version
from directory.formats.source import BadFileError
from directory.geocoding.factory import UnknownGeocoderError, require_geocoders
from directory.geocoding.results import NOTES, BadAddressError, GeocodeResult, GeocoderUnavailableError, NoMatchError
from directory.search.snapshots.snapshot_file import LAST_KNOWN, SnapshotFile
from directory.settings import Settings, problems, shown_address
from directory.store.importing.importer import TooManyRetiredError
from directory.store.importing.made_ahead import HelperEndedError
from directory.store.repository import is_empty, version_of

errors = Console(stderr=True, soft_wrap=True, highlight=False)
REFUSED, FAILED = 1, 2


class CommandError(click.ClickException):
    """Ends the command with a message and exit status 2."""

    exit_code = FAILED

    def show(self, file: Any = None) -> None:  # noqa: ARG002
        """Print the message."""
        click.echo(f"safezones: {self.message}", err=True)


@contextmanager
def friendly_errors() -> Iterator[None]:
    """Check the settings first; turn errors that an operator can correct into a message without traceback."""
    try:
        require_geocoders(Settings())
        yield
    except (
        DatabaseError,
        BadFileError,
        HelperEndedError,
        TooManyRetiredError,
        UnknownGeocoderError,
        BadBackupError,
        CopyRefusedError,
        UnknownDatabaseError,
    ) as error:
        raise CommandError(str(error)) from error
    except ValidationError as error:
        raise CommandError("; ".join(problems(error))) from error
    except SettingsError as error:
        raise CommandError(f"a SAFEZONES_ variable cannot be read: {error}") from error
    except OSError as error:
        raise CommandError(f"{error.strerror or error}: {error.filename or ''}".rstrip(": ")) from error


@contextmanager
def address_errors() -> Iterator[None]:
    """Turn what can be wrong with an address into a message."""
    try:
        yield
    except BadAddressError as error:
        raise CommandError(f"bad address: {error}") from error
    except NoMatchError as error:
        raise CommandError(" ".join([f"no match: {error}.", *(NOTES[note.code] for note in error.notes)])) from error
    except GeocoderUnavailableError as error:
        raise CommandError(f"service down: {error}") from error


def notes_of(result: GeocodeResult) -> list[str]:
    """How an address was read, a sentence for each remark."""
    notes = [
        ": ".join(part for part in (NOTES[note.code].rstrip("."), note.text) if part)
        for note in result.interpretation.notes
    ]
    return [*notes, "An online geocoder did not answer."] if result.degraded else notes


@contextmanager
def replacing(output: Path) -> Iterator[IO[bytes]]:
    """A file that takes the place of `output` when it is complete, and leaves it as it was otherwise.

    Raises CommandError where its folder is missing, or OSError.
    """
    if not output.parent.is_dir():
        raise CommandError(f"there is no folder {output.parent} for {output.name}")
    with tempfile.NamedTemporaryFile(dir=output.parent, prefix=f".{output.name}.", delete=False) as file:
        draft = Path(file.name)
        try:
            yield file
            file.flush()
            mask = os.umask(0)
            os.umask(mask)
            os.fchmod(file.fileno(), 0o666 & ~mask)  # as any file that a command writes
            draft.replace(output)
        finally:
            draft.unlink(missing_ok=True)


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
    make_current(engine, settings, new=new)
    return engine


def make_current(engine: Engine, settings: Settings, *, new: bool = False) -> None:
    """Migrate the database of `connect`, once it is known for the one that is meant; see `open_current_database`."""
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


def with_site(settings: Settings, option: str) -> Settings:
    """The settings with the site's URL for links in mails: that of the option, the set one, or the local port."""
    url = option or settings.base_url
    if not url:
        url = f"http://127.0.0.1:{os.environ.get('PORT', '8000')}"
        errors.print(f"SAFEZONES_BASE_URL is not set: links in mails lead to this machine only ({url})")
    return settings.model_copy(update={"base_url": url.rstrip("/")})


@contextmanager
def progress_rows(description: str) -> Iterator[Any]:
    """A counter for work of unknown length; only on a terminal."""
    columns = (TextColumn("{task.completed:,} {task.description}"),)
    with Progress(*columns, console=errors, transient=True, disable=not errors.is_terminal) as bar:
        task = bar.add_task(description, total=None)
        yield lambda _row: bar.advance(task)


@contextmanager
def progress_bar(description: str) -> Iterator[Any]:
    """A progress bar; only on a terminal."""
    columns = (TextColumn("{task.description}"), BarColumn(), TaskProgressColumn(), TimeRemainingColumn())
    with Progress(*columns, console=errors, transient=True, disable=not errors.is_terminal) as bar:
        task = bar.add_task(description, total=1.0)
        yield lambda share: bar.update(task, completed=share)

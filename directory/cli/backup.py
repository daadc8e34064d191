"""Commands for backups: backup, restore, and copying to another database."""

from datetime import UTC, datetime
from pathlib import Path

import click
from sqlalchemy import Engine

from directory.cli.common import CommandError, errors, friendly_errors, progress_bar
from directory.cli.databases import bring_up_to_date, connect, open_current_database, require_database
from directory.cli.keys import setting_of_fallbacks
from directory.clock import now
from directory.db.backup import Backup, BadBackupError, back_up_to, examine
from directory.db.backup import restore as restore_backup
from directory.db.copy import copy_database
from directory.db.engine import open_database
from directory.db.errors import DamagedDatabaseError
from directory.db.schema import schema_version
from directory.db.sqlite_file import file_of
from directory.settings import Settings, shown_address
from directory.signing_keys import FallbackKey, KeyFile
from directory.store.repository import is_empty
from directory.store.runs.daily_runs import DailyCommand, note_run


@click.command()
@click.argument("target", required=False, type=click.Path(path_type=Path))
def backup(target: Path | None) -> None:
    """Write everything into one consistent file while the site runs.

    The file contains mail addresses of people and the keys that sign links: protect it like the database. It contains
    neither sessions nor answers of geocoders. Without TARGET it goes to backups/ in the data folder.
    """
    with friendly_errors():
        settings = Settings()
        path = target or settings.backups_dir / f"{_timestamp()}.safezones"
        if path.exists():
            raise CommandError(f"{path} exists already: a backup overwrites nothing")
        with progress_bar("backup") as advance:
            engine = open_current_database(settings)
            summary = back_up_to(engine, path, settings.signing_key, advance, settings.fallback_keys)
        note_run(engine, DailyCommand.BACKUP)
    click.echo(f"{path}\n{summary}")


@click.command()
@click.argument("path", type=click.Path(path_type=Path))
@click.option("--check", is_flag=True, help="check the file, change nothing")
@click.option("--yes", is_flag=True, help="do not ask")
@click.option(
    "--with-keys", is_flag=True, help="keep the backup's keys as fallbacks; not when somebody else knows them"
)
def restore(path: Path, check: bool, yes: bool, with_keys: bool) -> None:
    """Replace the directory with a backup; the current one is backed up first.

    The site may keep running: its workers use the restored directory within a second.
    """
    with friendly_errors():
        summary = examine(path)
        click.echo(f"{path}: {summary}")
        if check:
            return
        settings = Settings()
        if not yes:
            url = shown_address(str(open_database(settings.database).url))
            click.confirm(f"Replace what is in {url} with it?", abort=True)
        engine = connect(settings)
        _back_up_current(engine, settings)
        key_file = settings.key_file
        if key_file is not None and not key_file.path.exists():
            key_file.keep(summary.secret_key, summary.fallback_keys)
        elif key_file is not None and with_keys:
            _take_in(summary, key_file, settings)
        with progress_bar("restore") as advance:
            restore_backup(engine, path, settings.scratch_dir(), advance)
        if summary.secret_key not in settings.signing_keys:
            _explain_other_key(summary, settings, with_keys)
    click.echo("Restored.")


def _back_up_current(engine: Engine, settings: Settings) -> None:
    """Back up what a restore replaces; a missing, empty or damaged SQLite file is renamed instead."""
    path = file_of(engine)
    try:
        if path is None or (path.exists() and path.stat().st_size and schema_version(engine)):
            bring_up_to_date(engine)
            if not is_empty(engine):
                backup_path = settings.backups_dir / f"{_timestamp()}-before-restore.safezones"
                back_up_to(engine, backup_path, settings.signing_key, fallback_keys=settings.fallback_keys)
                click.echo(f"What was there before is kept: {backup_path}")
            return
    except (DamagedDatabaseError, BadBackupError):  # BadBackupError: damage noticed only when all rows are read
        if path is None:
            raise
    engine.dispose()
    _rename_damaged(path)
    bring_up_to_date(engine)


def _take_in(summary: Backup, key_file: KeyFile, settings: Settings) -> None:
    """Let the keys of a backup open what they made."""
    known_keys = set(settings.signing_keys)
    keys = [FallbackKey(summary.secret_key, now()), *summary.fallback_keys]
    key_file.take_in([one for one in keys if one.key not in known_keys])


def _explain_other_key(summary: Backup, settings: Settings, with_keys: bool) -> None:
    errors.print("Links mailed at the time of the backup were signed with another key: they will not open.")
    if not with_keys:
        errors.print("Unless somebody else knows that key: `safezones restore --with-keys` keeps it as a fallback.")
    elif settings.key_file is None:
        keys = [*settings.secret_key_fallbacks, summary.secret_key, *(one.key for one in summary.fallback_keys)]
        click.echo("The key is a setting: write this line on every machine, and restart.")
        click.echo(setting_of_fallbacks(list(dict.fromkeys(keys))))


def _rename_damaged(path: Path) -> None:
    """Rename a SQLite file with its WAL and shared-memory files.

    A running site may have them open; it must not apply them to a new file of the same name.
    """
    timestamp = _timestamp()
    for part in (path, path.with_name(f"{path.name}-wal"), path.with_name(f"{path.name}-shm")):
        if part.exists():
            renamed = part.rename(part.with_name(f"{part.name}.damaged-{timestamp}"))
            click.echo(f"The old file was put aside: {renamed}")


@click.command("copy-database")
@click.argument("source")
@click.argument("target")
def copy_command(source: str, target: str) -> None:
    """Copy a directory from one database into another, new or empty one: SQLAlchemy URLs, as in SAFEZONES_DATABASE_URL.

    Everything is copied except sessions and answers of geocoders; then both databases are compared row by row. Stop the
    site, or prevent writes, before.
    """
    with friendly_errors(), progress_bar("copy") as advance:
        engines = open_database(source), open_database(target)
        require_database(engines[0])
        copied = copy_database(*engines, advance)
    for engine in engines:
        engine.dispose()
    rows = sum(count for count, _ in copied.values())
    click.echo(f"{rows} rows in {len(copied)} tables copied; both sides hold the same.")
    click.echo(
        "The key that signs mailed links is not in a database: where the new site has another data folder, take the "
        "files secret-key and secret-key-fallbacks along, or set SAFEZONES_SECRET_KEY."
    )


def _timestamp() -> str:
    return f"{datetime.now(UTC):%Y-%m-%dT%H%M%SZ}"

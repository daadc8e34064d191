"""Keeping the directory safe: backups, the way back, and moving to another database."""

from datetime import UTC, datetime
from pathlib import Path

import click
from sqlalchemy import Engine

from directory.cli.common import (
    CommandError,
    bring_up_to_date,
    connected,
    errors,
    opened,
    plainly,
    progress_bar,
    require_existing,
)
from directory.db.backup import BadBackupError, back_up_to, examine
from directory.db.backup import restore as put_back
from directory.db.copy import copy_database
from directory.db.engine import open_database
from directory.db.errors import DamagedDatabaseError
from directory.db.pinned_file import file_of
from directory.db.schema import schema_version
from directory.settings import Settings
from directory.store.repository import is_empty


@click.command()
@click.argument("target", required=False, type=click.Path(path_type=Path))
def backup(target: Path | None) -> None:
    """Write everything into one file, consistently, while the site goes on.

    The file holds people's mail addresses and the key that signs links: keep it as you keep the database. It holds
    neither sessions nor geocoders' answers. Without TARGET it goes to backups/ in the data folder.
    """
    with plainly():
        settings = Settings()
        path = target or settings.backups_dir / f"{_stamp()}.safezones"
        if path.exists():
            raise CommandError(f"{path} exists already: a backup overwrites nothing")
        with progress_bar("backup") as advance:
            made = back_up_to(opened(settings), path, settings.signing_key, advance)
    click.echo(f"{path}\n{made}")


@click.command()
@click.argument("path", type=click.Path(path_type=Path))
@click.option("--check", is_flag=True, help="look through the file, change nothing")
@click.option("--yes", is_flag=True, help="do not ask")
def restore(path: Path, check: bool, yes: bool) -> None:
    """Put a backup in the place of the directory; what is there now is backed up first.

    The site may go on: its workers answer from the restored directory within a second.
    """
    with plainly():
        found = examine(path)
        click.echo(f"{path}: {found}")
        if check:
            return
        settings = Settings()
        if not yes:
            shown = open_database(settings.database).url.render_as_string()
            click.confirm(f"Replace what is in {shown} with it?", abort=True)
        engine = connected(settings)
        _keep_what_is_there(engine, settings)
        key = settings.data_dir / "secret-key"
        if not settings.secret_key and not key.exists():
            key.parent.mkdir(parents=True, exist_ok=True)
            key.touch(mode=0o600)
            key.write_text(found.secret_key)
        with progress_bar("restore") as advance:
            put_back(engine, path, settings.scratch_dir(), advance)
        if settings.signing_key != found.secret_key:
            errors.print("Links mailed at the time of the backup were signed with another key: they will not open.")
    click.echo("Restored.")


def _keep_what_is_there(engine: Engine, settings: Settings) -> None:
    """Back up what a restore replaces; a SQLite file that is gone, emptied or damaged is put aside instead."""
    path = file_of(engine)
    try:
        if path is None or (path.exists() and path.stat().st_size and schema_version(engine)):
            bring_up_to_date(engine)
            if not is_empty(engine):
                kept = settings.backups_dir / f"{_stamp()}-before-restore.safezones"
                back_up_to(engine, kept, settings.signing_key)
                click.echo(f"What was there before is kept: {kept}")
            return
    except (
        DamagedDatabaseError,
        BadBackupError,
    ):  # the second says so of damage that shows only when everything is read
        if path is None:
            raise
    engine.dispose()
    _put_aside(path)
    bring_up_to_date(engine)


def _put_aside(path: Path) -> None:
    """Rename a SQLite file and its companions.

    A site that is still running may have them open: what it believes of its own file must not be read into another one
    that gets the same name.
    """
    stamp = _stamp()
    for part in (path, path.with_name(f"{path.name}-wal"), path.with_name(f"{path.name}-shm")):
        if part.exists():
            aside = part.rename(part.with_name(f"{part.name}.damaged-{stamp}"))
            click.echo(f"The old file was put aside: {aside}")


@click.command("copy-database")
@click.argument("source")
@click.argument("target")
def copy_command(source: str, target: str) -> None:
    """Copy a directory from one database into another, new or empty one: SQLAlchemy URLs, as in SAFEZONES_DATABASE_URL.

    Nothing is lost on the way but sessions and geocoders' answers: afterwards both sides are compared row by row. Stop
    the site, or let nobody write.
    """
    with plainly(), progress_bar("copy") as advance:
        engines = open_database(source), open_database(target)
        require_existing(engines[0])
        copied = copy_database(*engines, advance)
    for engine in engines:
        engine.dispose()
    rows = sum(count for count, _ in copied.values())
    click.echo(f"{rows} rows in {len(copied)} tables copied; both sides hold the same.")
    click.echo(
        "The key that signs mailed links is not in a database: where the new site has another data folder, take the "
        "file secret-key along, or set SAFEZONES_SECRET_KEY."
    )


def _stamp() -> str:
    return f"{datetime.now(UTC):%Y-%m-%dT%H%M%SZ}"

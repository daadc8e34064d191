"""Backups: one SQLite file that holds everything, made while others write; and the way back, which keeps the old."""

import os
import secrets
import sqlite3
from collections.abc import Callable, Sequence
from contextlib import closing, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path

from sqlalchemy import Engine, text
from sqlalchemy.exc import DBAPIError, OperationalError

from directory import __version__
from directory.db.compaction import erase_transient
from directory.db.copy import (
    CopyRefusedError,
    copy_database,
    copy_rows,
    delete_all,
    lock_exclusive,
    reading,
    renew_database_id,
    unknown_value,
)
from directory.db.engine import open_database
from directory.db.errors import DatabaseError, held_by_others, translate_error
from directory.db.schema import migrate, newest_schema
from directory.errors import BadInputError
from directory.signing_keys import FallbackKey, from_json, to_json

Progress = Callable[[float], None]
RESTORE_PATIENCE = 30.0
NOTE = "CREATE TABLE backup_note (name TEXT PRIMARY KEY, value TEXT NOT NULL)"


class BadBackupError(BadInputError):
    """The file is no backup that can be restored. Nothing was changed."""


@dataclass(frozen=True, slots=True)
class Backup:
    """What a backup says of itself."""

    made_at: str
    release: str
    schema: str
    zones: int
    people: int
    changes: int
    secret_key: str
    fallback_keys: tuple[FallbackKey, ...]

    def __str__(self) -> str:
        return (
            f"made {self.made_at} by release {self.release} (schema {self.schema}): {self.zones} zones, "
            f"{self.people} people, {self.changes} entries in the log"
        )


def back_up_to(
    engine: Engine,
    target: Path,
    secret_key: str,
    progress: Progress = lambda _share: None,
    fallback_keys: Sequence[FallbackKey] = (),
) -> Backup:
    """Write a backup, which only its owner may read; an interrupted one leaves no file.

    Raises DatabaseError, CopyRefusedError or OSError.
    """
    target.parent.mkdir(parents=True, exist_ok=True)
    draft = target.with_name(f".{target.name}.part")
    draft.unlink(missing_ok=True)
    draft.touch(mode=0o600)
    try:
        if engine.dialect.name == "sqlite":
            _copy_pages(Path(str(engine.url.database)), draft, progress)
        else:
            copy = open_database(f"sqlite:///{draft}")
            copy_database(engine, copy, progress)
            copy.dispose()
        with closing(sqlite3.connect(draft)) as database, database:
            database.execute("PRAGMA journal_mode=DELETE")  # one file, without companions
            erase_transient(database)
            database.execute(NOTE)
            notes = {"made_at": f"{datetime.now(UTC):%Y-%m-%d %H:%M:%S} UTC", "release": __version__,
                     "secret_key": secret_key, "fallback_keys": to_json(fallback_keys)}  # fmt: skip
            database.executemany("INSERT INTO backup_note VALUES (?, ?)", notes.items())
            database.execute("INSERT INTO backup_note VALUES ('digest', ?)", (content_digest(database),))
        backup = _examined(draft)  # a copy of pages is whole, whichever release made the tables
        with draft.open("rb") as file:
            os.fsync(file.fileno())
        draft.replace(target)
        return backup
    except sqlite3.Error as error:
        raise DatabaseError(f"The backup could not be written: {error}.") from error
    finally:
        for path in (draft, *draft.parent.glob(f"{draft.name}-*")):
            path.unlink(missing_ok=True)


def backups_in(folder: Path) -> list[tuple[float, Path]]:
    """The backups of this folder, oldest first, with when each was written, in seconds since 1970.

    What a restore put aside is none.
    """
    written = []
    with suppress(PermissionError):
        for path in folder.glob("*Z.safezones"):
            with suppress(FileNotFoundError):  # removed at this moment
                written.append((path.stat().st_mtime, path))
    return sorted(written)


def newest_backup(folder: Path) -> float | None:
    """When the newest backup of this folder was written, in seconds since 1970; None where there is none."""
    backups = backups_in(folder)
    return backups[-1][0] if backups else None


def newest_offsite_backup(folder: Path) -> float | None:
    """When the newest backup that is in another place, too, was written: `deploy/safezones-offsite` notes its time."""
    try:
        return (folder / ".offsite").stat().st_mtime
    except OSError:
        return None


def _copy_pages(source: Path, target: Path, progress: Progress) -> None:
    """SQLite's own online backup: in one step, so that a busy writer cannot make it begin again and again."""
    with closing(sqlite3.connect(source)) as source_database, closing(sqlite3.connect(target)) as target_database:
        source_database.backup(
            target_database, progress=lambda _status, remaining, total: progress(1 - remaining / (total or 1))
        )


def examine(path: Path) -> Backup:
    """Look through a backup: whole, consistent, of a release that we know. Raises BadBackupError."""
    backup = _examined(path)
    if backup.schema > newest_schema():
        raise BadBackupError(
            f"The backup was made by a newer release (its schema is {backup.schema}). Install that one."
        )
    return backup


def _examined(path: Path) -> Backup:
    """What a backup says, of a newer release too. Raises BadBackupError where it is not whole or not consistent."""
    if not path.exists():
        raise BadBackupError(f"There is no file {path}.")
    try:
        with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as database:
            damage = database.execute("PRAGMA integrity_check(1)").fetchone()[0]
            if damage != "ok":
                raise BadBackupError(f"The file is damaged: {damage}.")
            if astray := database.execute("PRAGMA foreign_key_check").fetchone():
                raise BadBackupError(f"A row of {astray[0]} points to nothing: the file was altered.")
            schema = str(database.execute("SELECT version_num FROM alembic_version").fetchone()[0])
            notes = dict(database.execute("SELECT name, value FROM backup_note"))
            if content_digest(database) != notes.get("digest"):
                raise BadBackupError("The file holds something else than was written into it: it was altered.")
            if schema == newest_schema() and (problem := unknown_value(database.execute)):
                raise BadBackupError(problem)
            people = _count(database, "SELECT count(*) FROM person") if schema > "0001" else 0
            zones, changes = (
                _count(database, query) for query in ("SELECT count(*) FROM zone", "SELECT count(*) FROM change")
            )
    except sqlite3.Error as error:
        raise BadBackupError(f"The file is no backup of a directory ({error}).") from error
    try:
        fallback_keys = tuple(from_json(notes.get("fallback_keys", "[]")))  # earlier releases kept none
    except ValueError as error:
        raise BadBackupError("The keys in the file cannot be read: it was altered.") from error
    return Backup(
        notes["made_at"], notes["release"], schema, zones, people, changes, notes["secret_key"], fallback_keys
    )


def content_digest(database: sqlite3.Connection) -> str:
    """SHA-256 of every row of every table but the notes, whatever their schema."""
    names = database.execute("SELECT name FROM sqlite_master WHERE type = 'table' AND name <> 'backup_note' ORDER BY 1")
    digest = sha256()
    for (name,) in names.fetchall():
        digest.update(f"{name}\n".encode())
        for row in database.execute(f'SELECT * FROM "{name}" ORDER BY rowid'):  # noqa: S608  (names of our own tables)
            digest.update(f"{row!r}\n".encode())
    return digest.hexdigest()


def _count(database: sqlite3.Connection, query: str) -> int:
    return int(database.execute(query).fetchone()[0])


def restore(
    engine: Engine,
    path: Path,
    scratch: Path,
    progress: Progress = lambda _share: None,
    patience_seconds: float = RESTORE_PATIENCE,
) -> None:
    """Put a backup in the place of everything the database holds, in one transaction, also while others read.

    It waits up to `patience_seconds` for those who are writing. The revision ends above both, so that every worker
    notices. Raises BadBackupError, DatabaseError or CopyRefusedError.
    """
    examine(path)
    copy = scratch / f".restoring-{os.getpid()}.sqlite"
    try:
        copy.touch(mode=0o600)
        _copy_pages(path, copy, lambda _share: None)
        with closing(sqlite3.connect(copy)) as database, database:
            database.execute("DROP TABLE backup_note")
            erase_transient(database)  # an earlier release left nothing out
        ready = open_database(f"sqlite:///{copy}")
        migrate(ready)
        _above(ready, engine)
        if engine.dialect.name == "sqlite":
            ready.dispose()
            _copy_pages(copy, Path(str(engine.url.database)), progress)
        else:
            _pour_over(ready, engine, progress, patience_seconds)
            ready.dispose()
    except DBAPIError as error:
        raise translate_error(error) from error
    except sqlite3.Error as error:
        raise DatabaseError(f"The backup could not be put in place: {error}. Nothing was changed.") from error
    finally:
        for leftover in scratch.glob(f"{copy.name.removesuffix('.sqlite')}*"):
            leftover.unlink(missing_ok=True)


def _pour_over(ready: Engine, engine: Engine, progress: Progress, patience_seconds: float) -> None:
    """Replace every row of a PostgreSQL database, when it is our turn to write."""
    with reading(ready) as source_connection, engine.begin() as target_connection:
        try:
            lock_exclusive(target_connection, patience_seconds)
        except OperationalError as error:
            if not held_by_others(error):
                raise
            raise DatabaseError(
                f"Others were writing for {patience_seconds:.0f} seconds: an import, a VACUUM, or many forms. Nothing "
                "was changed. Try again when they have finished, or stop the site first."
            ) from error
        delete_all(target_connection)
        copy_rows(source_connection, target_connection, progress)


def _above(restored: Engine, replaced: Engine) -> None:
    """Let the restored revision be far above the one it replaces, if that is a directory with a past.

    Far, by chance: changes made until it is in place count up too, and must not end at the very same number.
    """
    with replaced.connect() as connection:
        past = connection.execute(text("SELECT generation FROM directory_version")).scalar() or 0
    with restored.begin() as connection:
        renew_database_id(connection)
        if past:
            connection.execute(
                text("UPDATE directory_version SET generation = CASE WHEN generation > :past THEN generation "
                     "ELSE :past END + :leap"),
                {"past": past, "leap": 1 + secrets.randbelow(1_000_000)},
            )  # fmt: skip


__all__ = ["Backup", "BadBackupError", "CopyRefusedError", "back_up_to", "examine", "restore"]

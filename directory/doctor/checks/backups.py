"""Backups in the data folder: how many, how old, and whether the newest can be restored."""

import contextlib
import time
from pathlib import Path

from directory.clock import now
from directory.db.backup import BadBackupError, backups_in, examine
from directory.db.errors import DatabaseError, UnknownDatabaseError
from directory.doctor.accounts import give_back, may_use, this_account
from directory.doctor.amounts import counted, size, span
from directory.doctor.checks.daily_commands import by_itself
from directory.doctor.diagnosis import Diagnoses, Diagnosis, problem, warning, well
from directory.doctor.installation import Installation
from directory.settings import MEGABYTE
from directory.store.runs.daily_runs import LATE_AFTER, DailyCommand, last_runs

LARGEST_READ = 500 * MEGABYTE
"""A larger backup is not read as a whole here: that takes longer than somebody waits."""


def check_backups(installation: Installation) -> Diagnoses:
    """Judges the newest; those that are kept elsewhere are not seen from here."""
    folder = installation.settings.backups_dir
    if unusable := _unusable(folder):
        yield unusable
        return
    backups = backups_in(folder)
    if not backups:
        yield _elsewhere(installation)
        return
    written, newest = backups[-1]
    seconds = time.time() - written
    finding = f"{counted(len(backups), 'backup')} in {folder}, the newest {span(max(0, seconds))} old"
    try:
        content = _read(newest)
    except BadBackupError as error:
        yield problem(f"{newest} cannot be restored: {error}", "run `safezones backup` now, and check the disk")
        return
    exposed = [path for _, path in backups if path.stat().st_mode & 0o077]
    if seconds > LATE_AFTER.total_seconds():
        yield warning(finding, "journalctl -u safezones-daily@backup says why; then run `safezones backup`")
    elif exposed:
        yield warning(
            f"others on this machine may read {exposed[-1]}, with people's addresses", f"chmod 600 {folder}/*"
        )
    else:
        yield well(f"{finding}, {content}")


def _unusable(folder: Path) -> Diagnosis | None:
    """A folder into which no backup can be made: one that is there, and is a file or another account's."""
    if not folder.exists():
        return None
    if not folder.is_dir():
        return problem(f"{folder} is a file, and no folder", "move it away: `safezones backup` makes the folder")
    if not may_use(folder):
        return problem(f"{this_account()} may not make a backup in {folder}", give_back(folder))
    return None


def _elsewhere(installation: Installation) -> Diagnosis:
    """What is said of a folder without backups: another machine, or another folder, may have them."""
    folder = installation.settings.backups_dir
    with contextlib.suppress(DatabaseError, UnknownDatabaseError):
        made_at = last_runs(installation.engine).get(DailyCommand.BACKUP)
        if made_at is not None and now() - made_at <= LATE_AFTER:
            return well(f"none in {folder}; one was made elsewhere {span((now() - made_at).total_seconds())} ago")
    return warning(f"{folder} holds none", f"run `safezones backup`, and each day: {by_itself(DailyCommand.BACKUP)}")


def _read(path: Path) -> str:
    """What a backup holds. Raises BadBackupError."""
    large = path.stat().st_size
    if large > LARGEST_READ:
        return f"not read for its {size(large)}: `safezones restore --check` does"
    return f"whole: {examine(path).zones} zones"

"""Room for what is written: the data folder, its backups, and temporary files."""

import contextlib
import os
import tempfile
from pathlib import Path

from directory.db.errors import UnknownDatabaseError
from directory.doctor.amounts import size
from directory.doctor.diagnosis import Diagnoses, problem, warning, well
from directory.doctor.installation import Installation
from directory.settings import MEGABYTE

FEWEST_FILES = 1_000


def check_disk(installation: Installation) -> Diagnoses:
    """A line for each of the disks that is short of bytes or files, else one for all."""
    settings = installation.settings
    folders = [_existing(path) for path in (settings.data_dir, settings.backups_dir, Path(tempfile.gettempdir()))]
    disks = {path.stat().st_dev: path for path in reversed(folders)}.values()
    needed = _database_bytes(installation)
    short = False
    for path in disks:
        room = os.statvfs(path)
        free = room.f_bavail * room.f_frsize
        if settings.is_short_of_disk(free):
            short = True
            least = f"SAFEZONES_MIN_FREE_MB={settings.min_free_mb}"
            yield problem(
                f"{size(free)} free at {path}, less than {least}", "remove old backups and *.bak files, or add disk"
            )
        elif room.f_files and room.f_favail < FEWEST_FILES:
            short = True
            yield problem(
                f"{room.f_favail} more files can be made at {path}", "remove files, or make a disk with more inodes"
            )
        elif free < 2 * needed + settings.min_free_mb * MEGABYTE:
            short = True
            yield warning(f"{size(free)} free at {path}: a restore of {size(needed)} may find no room", "add disk")
    if not short:
        yield well(
            ", ".join(f"{size(os.statvfs(path).f_bavail * os.statvfs(path).f_frsize)} free at {path}" for path in disks)
        )


def _existing(path: Path) -> Path:
    """The folder, or the one above it in which it would be made."""
    path = path.resolve()
    return next(place for place in (path, *path.parents) if place.exists())


def _database_bytes(installation: Installation) -> int:
    """The size of a SQLite file; 0 for a server, and where there is none."""
    with contextlib.suppress(UnknownDatabaseError, FileNotFoundError):
        path = installation.database_file
        return path.stat().st_size if path is not None else 0
    return 0

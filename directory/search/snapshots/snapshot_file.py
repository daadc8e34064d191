"""The last known directory in a file of its own, for a worker that starts while the database is away.

It holds what a snapshot is made of, nothing about people. A file that is cut off or altered is not believed.
"""

import gzip
import json
import os
import threading
import time
import zlib
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Any

import structlog
from pydantic import TypeAdapter
from sqlalchemy import Engine

from directory.db.sqlite_file import source_digest
from directory.store.read_model import non_default_values
from directory.store.repository import Directory, StoredDepartment, StoredTown, StoredTownProfile, StoredZone
from directory.zones.programs import Program

log = structlog.get_logger()
LAST_KNOWN = "last-known.jsonl.gz"
"""The file's name in the data folder."""
FORM = "safezones last known directory 1"
PARTS = ("zones", "departments", "towns", "profiles", "programs")
"""What the lines after the first hold, in their order; the first says how many of each."""
CHUNK = 1 << 16
"""Bytes that are read at once up to the checksum: each worker does so at its start, in memory that it then keeps."""
KEEP_SECONDS = 300.0
"""The file is written at most every five minutes: it is for the day the database is gone, not for the last edit."""


class SnapshotFile:
    """The file; several workers of a machine share it, and the last one to write wins.

    It tells from which database it was read (`source`), and is nothing for another one.
    """

    def __init__(self, path: Path, source: str = "") -> None:
        self._path = path
        self._source = source
        self._lock = threading.Lock()

    @classmethod
    def within(cls, folder: Path, engine: Engine) -> "SnapshotFile":
        """The one of the site whose data lie in this folder and in this database."""
        return cls(folder / LAST_KNOWN, source_digest(engine, folder))

    def due_in(self) -> float:
        """How many seconds until the file may be written again; one that cannot be used is written at once."""
        if self._header() is None:
            return 0.0
        try:
            return max(0.0, KEEP_SECONDS - abs(time.time() - self._path.stat().st_mtime))
        except OSError:
            return 0.0

    def holds(self, directory: Directory) -> bool:
        """Whether the file is that of this directory."""
        return self._version() == directory.version

    def keep(self, directory: Directory) -> None:
        """Write the directory, if it is another one than the file holds. A disk in trouble is logged, no more."""
        with self._lock:
            self._keep(directory)

    def _keep(self, directory: Directory) -> None:
        draft = self._path.with_suffix(f".{os.getpid()}.part")
        try:
            if self.holds(directory):
                return
            self._path.parent.mkdir(parents=True, exist_ok=True)
            with gzip.open(draft, "wt", compresslevel=1, encoding="utf-8") as file:
                # Line by line: one call for everything would hold up every request meanwhile.
                for line in _lines(directory, self._source):
                    file.write(json.dumps(line, ensure_ascii=False, default=str) + "\n")
            draft.replace(self._path)
        except OSError as error:
            log.warning("last known directory not kept", file=self._path.name, problem=error.strerror)
            draft.unlink(missing_ok=True)

    def zones(self) -> int | None:
        """How many zones the file holds, None when there is none or it cannot be believed: much faster than `read`."""
        header = self._header()
        return int(header["rows"][0]) if header else None

    def of_another_database(self, database_id: str) -> bool:
        """Whether the file was read from a database at another address that has not become that of `database_id`."""
        header = self._any_header()
        return header is not None and not self._is_own(header) and header.get("lineage") != database_id

    def _is_own(self, header: dict[str, Any]) -> bool:
        source = header.get("source")  # earlier releases did not note it
        return not source or source == self._source

    def _version(self) -> tuple[int, str] | None:
        """Revision and database id of what the file holds, None when there is none or it is cut off."""
        header = self._header()
        return (int(header["generation"]), header.get("lineage", "")) if header else None

    def _header(self) -> dict[str, Any] | None:
        header = self._any_header()
        return header if header and self._is_own(header) else None

    def _any_header(self) -> dict[str, Any] | None:
        try:
            with gzip.open(self._path, "rb") as file:
                header: dict[str, Any] = json.loads(file.readline())
                while file.read(CHUNK):  # up to the checksum at its end
                    pass
                return header if header["form"] == FORM and len(header["rows"]) == len(PARTS) else None
        except (OSError, ValueError, KeyError, TypeError, EOFError, zlib.error):
            return None

    def read(self) -> Directory | None:
        """The directory, or None when there is no file or it cannot be believed."""
        try:
            with gzip.open(self._path, "rt", encoding="utf-8") as file:
                lines = (json.loads(line) for line in file)
                header = next(lines)
                return _read(header, lines) if self._is_own(header) else None
        except FileNotFoundError:
            return None
        except (OSError, ValueError, KeyError, TypeError, EOFError, StopIteration, zlib.error) as error:
            log.error("last known directory not usable", file=self._path.name, problem=type(error).__name__)
            return None


def _lines(directory: Directory, source: str) -> Iterator[Any]:
    rows: tuple[list[Any], ...] = (
        [non_default_values(zone) for zone in directory.zones],
        [non_default_values(department) for department in directory.departments.values()],
        [non_default_values(town) for town in directory.towns.values()],
        [[slug, asdict(profile)] for slug, profile in directory.profiles.items()],
        [program.entry for program in directory.programs.values()],
    )
    header = {"form": FORM, "source": source, "generation": directory.revision, "lineage": directory.database_id}
    yield {**header, "rows": [len(part) for part in rows]}
    for part in rows:
        yield from part


def _read(header: dict[str, Any], lines: Iterator[Any]) -> Directory:
    """Raises ValueError, KeyError, TypeError or StopIteration when the lines are not what `_lines` gives."""
    if header["form"] != FORM:
        raise ValueError("another form")
    zones, departments, towns, profiles, programs = [[next(lines) for _ in range(count)] for count in header["rows"]]
    if next(lines, None) is not None:  # also reads up to the checksum, which would otherwise go unread
        raise ValueError("more lines than announced")
    return Directory(
        header["generation"],
        TypeAdapter(list[StoredZone]).validate_python(zones),
        {row["slug"]: TypeAdapter(StoredDepartment).validate_python(row) for row in departments},
        {row["slug"]: TypeAdapter(StoredTown).validate_python(row) for row in towns},
        {slug: StoredTownProfile(**{**row, "embed_sites": tuple(row["embed_sites"])}) for slug, row in profiles},
        header.get("lineage", ""),
        programs={entry["program_id"]: Program.of(entry) for entry in programs},
    )

"""Store an operator's list of police stations: one SQLite file in the data folder, replaced as a whole.

The file is separate from the directory's database, because stations are not safe zones.
"""

import gzip
import sqlite3
import tempfile
import threading
import zlib
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import astuple, dataclass, replace
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from directory import clock
from directory.errors import BadInputError
from directory.formats.recognition import open_source
from directory.formats.source import IMPORT_LIMITS, BadFileError, Source
from directory.formats.table_source import NoColumnsError
from directory.geo import Coordinates
from directory.stations.parsing import Station, is_closed, is_hifld_row, station_field, validate_station
from directory.store.importing.import_report import ImportReport
from directory.text import plain, translatable
from directory.zones.findings import Finding, Severity
from directory.zones.validation.row_validation import RawRow

FILE_NAME = "stations.sqlite"
FORMAT = 1
"""SQLite's user_version of the file; files with another one are not read."""
HIFLD = "HIFLD Open, U.S. Department of Homeland Security"
ROWS_BETWEEN_PROGRESS = 500
BLOCK_BYTES = 1 << 20
_GZIP = b"\x1f\x8b"
_SCHEMA = f"""
CREATE TABLE station (
    number INTEGER PRIMARY KEY, key TEXT UNIQUE, name TEXT, latitude REAL, longitude REAL, type TEXT, address TEXT,
    town TEXT, state TEXT, postal_code TEXT, phone TEXT, website TEXT, source TEXT, year INTEGER
) STRICT;
CREATE TABLE about (file TEXT, source TEXT, taken_at TEXT) STRICT;
PRAGMA user_version = {FORMAT};
"""
"""A station's columns from the name on are the fields of a Station, in their order; numbers begin with 0."""
_INSERT = "INSERT OR IGNORE INTO station VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"


@dataclass(slots=True)
class StationReport(ImportReport):
    """The result of an import: `added` stations are in use, `closed` ones are marked closed in the list."""

    source: str = ""
    closed: int = 0

    def to_json(self) -> dict[str, Any]:
        """Plain values, for `--report`."""
        findings = [finding.to_json() for finding in self.findings]
        return {
            "file": self.path, "format": self.format, "source": self.source, "taken": self.added,
            "closed": self.closed, "refused": self.refused, "warnings": self.counts[Severity.WARNING],
            "columns": self.columns, "findings": findings,
        }  # fmt: skip


class ListRefusedError(BadInputError):
    """A list that was read and refused, with the report; the current list stays."""

    def __init__(self, reason: str, report: StationReport) -> None:
        super().__init__(reason)
        self.report = report


class StationFile:
    """The list in the data folder, open for reading. Safe to share between threads.

    Raises OSError when there is none, sqlite3.DatabaseError when it cannot be read.
    """

    def __init__(self, path: Path) -> None:
        uri = f"{path.resolve(strict=True).as_uri()}?mode=ro&immutable=1"
        self._connection = sqlite3.connect(uri, uri=True, check_same_thread=False)
        self._lock = threading.Lock()
        if self._rows("PRAGMA user_version") != [(FORMAT,)]:
            raise sqlite3.DatabaseError("made by another release")
        self.file, self.source, self.taken_at = self._rows("SELECT file, source, taken_at FROM about")[0]

    def points(self) -> list[Coordinates]:
        """The points of all stations, in the order of their numbers."""
        return [Coordinates(*row) for row in self._rows("SELECT latitude, longitude FROM station ORDER BY number")]

    def station(self, number: int) -> Station:
        """The station with a number, counted from 0."""
        return Station(*self._rows("SELECT * FROM station WHERE number = ?", number)[0][2:])

    def stations(self) -> list[Station]:
        """Every station, in the order of their numbers."""
        return [Station(*row[2:]) for row in self._rows("SELECT * FROM station ORDER BY number")]

    def _rows(self, sql: str, *values: object) -> list[Any]:
        with self._lock:
            return self._connection.execute(sql, values).fetchall()


def open_stations(folder: Path) -> tuple[int, StationFile] | None:
    """The number of stations in use and their file; None when there is no readable list."""
    try:
        file = StationFile(folder / FILE_NAME)
        return len(file.points()), file
    except (OSError, sqlite3.DatabaseError):
        return None


def remove_stations(folder: Path) -> bool:
    """Remove the list; False when there is none. Raises OSError."""
    path = folder / FILE_NAME
    existed = path.exists()
    path.unlink(missing_ok=True)
    return existed


def import_stations(
    folder: Path, path: Path, *, source: str = "", force: bool = False, progress: Callable[[float], None]
) -> StationReport:
    """Import a list of stations in place of the current one, which stays on any failure.

    `path` is GeoJSON, CSV or XLSX, gzip-compressed or not. `source` is the publisher; without one it is HIFLD when the
    list has HIFLD's columns, else the source in each row, else the file. Running workers read the new list at their
    next request. Raises BadFileError, ListRefusedError, OSError.
    """
    folder.mkdir(parents=True, exist_ok=True)
    report = StationReport(str(path))
    current = open_stations(folder)
    with _unpack(path, folder) as unpacked, _temporary_file(folder) as draft:
        with _open_list(unpacked) as rows, closing(sqlite3.connect(draft)) as database:
            report.format, report.columns = rows.format, rows.columns
            report.note(rows.findings)
            _write_stations(database, rows, report, source, unpacked.stat().st_size or 1, progress)
        if not report.added:
            raise ListRefusedError("no row holds a station that can be used: nothing was changed", report)
        if current and report.refused > report.added and report.added < current[0] and not force:
            raise ListRefusedError(
                f"only {report.added} stations are usable and {report.refused} rows were refused, where {current[0]} "
                "stations are in use: nothing was changed. Correct the rows, or take what there is by --yes",
                report,
            )
        draft.chmod(0o644)
        draft.replace(folder / FILE_NAME)
    progress(1.0)
    return report


def _write_stations(
    database: sqlite3.Connection,
    rows: Source,
    report: StationReport,
    source: str,
    size: int,
    progress: Callable[[float], None],
) -> None:
    """Validate the rows of the file and write the stations into a new list."""
    database.executescript(_SCHEMA)
    for count, row in enumerate(rows.rows):
        if is_closed(row):
            report.closed += 1
            continue
        station, findings = validate_station(row)
        if station is not None:
            station = replace(station, source=source or _station_source(station, row, report.path))
            report.source = report.source or station.source
            key = f"{plain(station.name)}|{station.latitude:.5f}|{station.longitude:.5f}"
            if database.execute(_INSERT, (report.added, key, *astuple(station))).rowcount:
                report.added += 1
            else:
                findings.append(_duplicate_finding(row.number, station.name))
                station = None
        report.refused += station is None
        report.note(findings)
        if count % ROWS_BETWEEN_PROGRESS == 0 and not rows.file.closed:
            progress(min(1.0, rows.file.tell() / size))
    taken_at = clock.now().isoformat(timespec="seconds")
    database.execute("INSERT INTO about VALUES (?, ?, ?)", (Path(report.path).name, report.source, taken_at))
    database.commit()


def _station_source(station: Station, row: RawRow, path: str) -> str:
    """The source of a station: HIFLD, the row's source (of a URL its host), or the file."""
    if is_hifld_row(row):
        return HIFLD
    host = (urlsplit(station.source).hostname or "") if "://" in station.source else ""
    return host.removeprefix("www.") or station.source or Path(path).name


def _duplicate_finding(row: int, name: str) -> Finding:
    reason = translatable("stands in the list already, at the same spot")
    return Finding("station_is_usable", Severity.ERROR, row, "name", name, reason, translatable("Nothing to do."))


@contextmanager
def _open_list(path: Path) -> Iterator[Source]:
    """Open the rows of a list. Raises BadFileError, which names the required columns."""
    try:
        with open_source(path, IMPORT_LIMITS, station_field) as source:
            yield source
    except NoColumnsError as error:
        raise BadFileError(
            error.reason,
            translatable(
                "Name the columns in the first row: name, address, city, state, telephone, latitude, longitude."
            ),
        ) from error


@contextmanager
def _unpack(path: Path, folder: Path) -> Iterator[Path]:
    """The file, unpacked beside the list when it is compressed. Raises BadFileError."""
    try:
        with path.open("rb") as file:
            is_packed = file.read(2) == _GZIP
    except OSError:
        is_packed = False  # _open_list reports the error
    if not is_packed:
        yield path
        return
    with _temporary_file(folder) as draft:
        try:
            with gzip.open(path) as content, draft.open("wb") as target:
                while block := content.read(BLOCK_BYTES):
                    target.write(block)
                    if target.tell() > IMPORT_LIMITS.unpacked:
                        raise BadFileError(
                            translatable("The file unpacks to too much."), translatable("Send a list of stations only.")
                        )
        except (EOFError, gzip.BadGzipFile, zlib.error) as error:
            raise BadFileError(
                translatable("The compressed file is damaged or cut off."),
                translatable("Download it again; nothing was changed."),
            ) from error
        yield draft


@contextmanager
def _temporary_file(folder: Path) -> Iterator[Path]:
    """A temporary file beside the list, removed afterwards unless it was renamed."""
    with tempfile.NamedTemporaryFile(dir=folder, prefix=f".{FILE_NAME}-", delete=False) as file:
        path = Path(file.name)
    try:
        yield path
    finally:
        path.unlink(missing_ok=True)

"""A file with its rows read and judged: all of an import that asks nothing of the database."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any, NamedTuple

from directory.formats.recognition import open_source
from directory.formats.source import Source
from directory.geocoding.results import Geocode
from directory.store.importing.import_report import FINDINGS_KEPT
from directory.store.importing.process_prefetch import can_prefetch, prefetched
from directory.store.importing.row_geocoding import with_point
from directory.zones.findings import Finding
from directory.zones.keys import spot_key
from directory.zones.place_lookup import BatchLookup
from directory.zones.validation.row_validation import RawRow, ValidatedRow, validate_batch, with_day_order

BATCH = 500
NOTHING_FOUND: Mapping[str, Geocode] = {}
SMALL_BYTES = 200_000
"""Below this a second process takes longer to begin than it saves."""


class FileHead(NamedTuple):
    """What a file says before its rows, as a `Source` has it."""

    format: str
    dataset: str
    released: str
    departments: Sequence[Any]
    towns: Sequence[Any]
    programs: Sequence[Any]
    columns: dict[str, str]
    findings: Sequence[Finding]


class JudgedBatch(NamedTuple):
    """Up to `BATCH` rows, and how much of the file has been read with them, from 0 to 1."""

    rows: list[ValidatedRow]
    done: float
    unlisted: Counter[str]
    """How many findings of each severity the rows are without, since the report lists enough others."""


@dataclass(frozen=True, slots=True)
class JudgedFile:
    """An opened file: what it says of itself, and its rows, of which any may raise BadFileError or HelperEndedError."""

    path: Path
    head: FileHead
    batches: Iterator[JudgedBatch]


@contextmanager
def judged_file(
    path: Path, places: BatchLookup, sheet: str = "", geocodes: Mapping[str, Geocode] = NOTHING_FOUND
) -> Iterator[JudgedFile]:
    """Open a file and judge its rows as they are asked for. Raises BadFileError.

    `geocodes` says where addresses of the file are (`store/importing/row_geocoding.py`).
    """
    with open_source(path, sheet=sheet) as source:
        rows = with_day_order(source.rows, lambda: _rows_again(path, sheet))
        head = FileHead(*(getattr(source, name) for name in FileHead._fields))
        yield JudgedFile(path, head, _batches(rows, path, source, places, geocodes))


@contextmanager
def judged_ahead(
    path: Path, places: BatchLookup, sheet: str = "", geocodes: Mapping[str, Geocode] = NOTHING_FOUND
) -> Iterator[JudgedFile]:
    """The same of a large file in a process of its own, where there is a core for it (see `prefetched`)."""
    if not can_prefetch() or _size(path) < SMALL_BYTES:
        with judged_file(path, places, sheet, geocodes) as file:
            yield file
        return

    def parts() -> Iterator[Any]:
        with judged_file(path, places, sheet, geocodes) as file:
            yield file.head
            yield from file.batches

    with prefetched(parts) as results:
        yield JudgedFile(path, next(results), results)


def _rows_again(path: Path, sheet: str) -> Iterator[RawRow]:
    with open_source(path, sheet=sheet) as source:
        yield from source.rows


def _batches(
    rows: Iterator[RawRow], path: Path, source: Source, places: BatchLookup, geocodes: Mapping[str, Geocode]
) -> Iterator[JudgedBatch]:
    size, done, listed, refused = _size(path) or 1, 0.0, 0, 0
    while batch := list(islice(rows, BATCH)):
        judged = validate_batch(batch, places)
        if geocodes:
            judged = [with_point(row, geocodes, places) for row in judged]
        unlisted = Counter[str]()
        for row in judged:
            row.spot = spot_key(row.record) if row.record is not None else ""
            refused += row.record is None
            is_told = row.unplaced is not None or (row.record is None and refused <= FINDINGS_KEPT)
            if listed >= FINDINGS_KEPT and not is_told:  # they would take longer to hand over than the rows
                unlisted.update(finding.severity.value for finding in row.findings)
                row.findings = []
            listed += len(row.findings)
        if not source.file.closed:
            done = min(1.0, source.file.tell() / size)
        yield JudgedBatch(judged, done, unlisted)


def _size(path: Path) -> int:
    """Bytes; none of what cannot be opened, which says so when it is."""
    return path.stat().st_size if path.exists() else 0

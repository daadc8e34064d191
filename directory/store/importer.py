"""Importing a file: every row judged, one transaction, and a report that names every row that needs a hand."""

import sqlite3
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from sqlalchemy import Engine
from sqlmodel import Session, col, func, select

from directory.db.log import Author
from directory.db.tables.log import LogKind
from directory.db.tables.zones import Zone
from directory.db.transaction import transaction
from directory.errors import BadInputError, DirectoryError
from directory.formats.recognition import open_source
from directory.formats.source import Source
from directory.store.import_report import ImportReport
from directory.store.writer import DirectoryWriter
from directory.text import translatable
from directory.zones.department_parsing import judge_department, judge_town
from directory.zones.findings import Finding, Severity
from directory.zones.keys import spot_key
from directory.zones.place_lookup import PlaceLookup
from directory.zones.schemas import Status, ZoneRecord
from directory.zones.validation import ValidatedRow, validate

BATCH = 500
KEY_FIELDS = frozenset(("street_address", "setting"))
"""Fields by which a zone without an id is recognized (`zones.keys.spot_key`)."""
LARGE_RETIREMENT = 0.2

Progress = Callable[[float], None]
"""Told how much of the file has been read, from 0 to 1."""


class TooManyRetiredError(BadInputError):
    """Pruning would withdraw so much of the directory that somebody should look first."""

    def __init__(self, retired: int, total: int) -> None:
        super().__init__(
            f"This file would retire {retired} of {total} zones ({retired / total:.0%}). "
            "Nothing was changed. If that is right, run it again with --yes."
        )


class ImportAbandonedError(DirectoryError):
    """Raised to roll a dry run back."""


@dataclass(frozen=True, slots=True)
class ImportOptions:
    """How to import: retire what the file no longer has, try without changing, who asks, which sheet."""

    prune: bool = False
    dry_run: bool = False
    yes: bool = False
    actor: str = "import"
    sheet: str = ""


def import_file(
    engine: Engine, path: Path, places: PlaceLookup, options: ImportOptions, progress: Progress = lambda _done: None
) -> ImportReport:
    """Import one file in one transaction: all of its good rows, or, on any failure, nothing.

    Raises BadFileError, TooManyRetiredError or DatabaseError.
    """
    report = ImportReport(str(path), dry_run=options.dry_run)
    with open_source(path, sheet=options.sheet) as source:
        report.format, report.columns = source.format, source.columns
        report.note(source.findings)
        size = path.stat().st_size or 1
        try:
            with transaction(engine) as session, SeenRows() as seen:
                run = _Import(session, report, places, options, seen)
                run.take_details(source)
                for batch in _batches(source, places):
                    run.apply(batch)
                    if not source.file.closed:
                        progress(min(1.0, source.file.tell() / size))
                if options.prune:
                    run.prune()
                progress(1.0)
                if options.dry_run:
                    raise ImportAbandonedError
        except ImportAbandonedError:
            pass
    return report


def _batches(source: Source, places: PlaceLookup) -> Iterator[list[ValidatedRow]]:
    judged = (validate(row, places) for row in source.rows)
    while batch := list(islice(judged, BATCH)):
        yield batch


class SeenRows:
    """Zone ids and spots met so far, in a temporary file of SQLite's so that memory stays bounded."""

    def __enter__(self) -> "SeenRows":
        self._connection = sqlite3.connect("")
        self._connection.execute("CREATE TABLE seen (key TEXT PRIMARY KEY, row INTEGER) WITHOUT ROWID")
        return self

    def __exit__(self, *_error: object) -> None:
        self._connection.close()

    def first_row(self, key: str, row: int) -> int:
        """The row that had `key` first: `row` itself when it is new."""
        self._connection.execute("INSERT OR IGNORE INTO seen VALUES (?, ?)", (key, row))
        return int(self._connection.execute("SELECT row FROM seen WHERE key = ?", (key,)).fetchone()[0])

    def has(self, key: str) -> bool:
        """Whether `key` was met."""
        return self._connection.execute("SELECT 1 FROM seen WHERE key = ?", (key,)).fetchone() is not None


class _Import:
    """One file's way into the store, inside its transaction."""

    def __init__(
        self, session: Session, report: ImportReport, places: PlaceLookup, options: ImportOptions, seen: SeenRows
    ) -> None:
        self._session = session
        self._report = report
        self._options = options
        self._seen = seen
        self._unclear = False
        """Whether a new zone may be one that stands: its address or kind of spot could not be read."""
        by = Author(options.actor, f"import of {Path(report.path).name}")
        self._writer = DirectoryWriter(session, places, by, reserved=lambda zone_id: seen.has(f"id:{zone_id}"))

    def take_details(self, source: Source) -> None:
        """Update departments and towns from what the file says of them."""
        for number, entry in enumerate(source.departments, start=1):
            department, findings = judge_department(number, entry)
            if self._taken(department, findings) and department:
                owner = self._writer.department(department.name, department.state, department.country)
                silent = set() if department.kind else {"kind"}  # a moderator's correction stays
                self._writer.describe(LogKind.DEPARTMENT, owner, department.model_dump(exclude=silent))
        for number, entry in enumerate(source.towns, start=1):
            town, findings = judge_town(number, entry)
            if self._taken(town, findings) and town:
                place = self._writer.town(town.name, town.state, town.country)
                names = sorted({*place.other_names, *town.other_names})
                self._writer.describe(LogKind.TOWN, place, town.model_dump() | {"other_names": names})
        self._writer.flush()

    def _taken(self, record: object, findings: Sequence[Finding]) -> bool:
        self._report.note(findings)
        self._report.refused += record is None
        return record is not None

    def apply(self, batch: Sequence[ValidatedRow]) -> None:
        """Write a batch of judged rows."""
        stored = self._writer.known([judged.record for judged in batch if judged.record is not None])
        for judged in batch:
            record = self._accepted(judged)
            if record is not None:
                self._write(judged, record, stored)
        self._writer.flush()

    def _write(self, judged: ValidatedRow, record: ZoneRecord, stored: dict[str, Zone]) -> None:
        key = spot_key(record)
        current = stored.get(record.zone_id) if record.zone_id else stored.get(key)
        if current is None:
            if same := stored.get(key):
                self._report.note([_probable_duplicate(judged.row, record, same.zone_id)])
            self._unclear |= not record.zone_id and not judged.unread.isdisjoint(KEY_FIELDS)
            self._seen.first_row(f"id:{self._writer.add(record)}", judged.row)
            self._report.added += 1
            return
        record.zone_id = current.zone_id
        self._seen.first_row(f"id:{record.zone_id}", judged.row)
        if self._writer.change(current, record, judged.columns):
            self._report.changed += 1
        else:
            self._report.unchanged += 1

    def _accepted(self, judged: ValidatedRow) -> ZoneRecord | None:
        """The record, unless it was refused or repeats an earlier row."""
        findings = judged.findings
        record = judged.record
        if record is not None:
            key = spot_key(record)
            again = f"id:{record.zone_id}" if record.zone_id else f"spot:{key}"
            first = self._seen.first_row(again, judged.row)
            if first != judged.row:
                name, value = (
                    ("zone_id", record.zone_id) if record.zone_id else ("street_address", record.street_address)
                )
                findings.append(
                    Finding(
                        "row_is_no_duplicate",
                        Severity.ERROR,
                        judged.row,
                        name,
                        value,
                        translatable("repeats row %(first)s", first=first),
                        translatable("Remove one, or tell them apart by address, setting or spot."),
                    )
                )
                record = None
            elif record.zone_id and (earlier := self._seen.first_row(f"spot:{key}", judged.row)) != judged.row:
                findings.append(_probable_duplicate(judged.row, record, f"row {earlier}"))
        if record is None:
            self._report.refused += 1
        self._report.note(findings)
        return record

    def prune(self) -> None:
        """Withdraw the zones the file no longer has; not when rows were refused or unclear: they may be these."""
        if self._report.refused or self._unclear:
            self._report.prune_skipped = True
            return
        total = self._session.exec(
            select(func.count()).select_from(Zone).where(col(Zone.status) != Status.WITHDRAWN)
        ).one()
        rows = self._session.exec(select(Zone.zone_id).where(col(Zone.status) != Status.WITHDRAWN))
        gone = [zone_id for zone_id in rows if not self._seen.has(f"id:{zone_id}")]
        if total and len(gone) / total > LARGE_RETIREMENT and not self._options.yes:
            raise TooManyRetiredError(len(gone), total)
        self._writer.retire(gone)
        self._writer.flush()
        self._report.retired = len(gone)


def _probable_duplicate(row: int, record: ZoneRecord, other: str) -> Finding:
    spot = record.spot_note or record.street_address
    return Finding(
        "spot_is_no_duplicate",
        Severity.WARNING,
        row,
        "spot_note",
        spot,
        translatable("is probably the same spot as %(other)s", other=other),
        translatable("Withdraw one of the two if it is."),
    )

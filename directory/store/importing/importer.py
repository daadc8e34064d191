"""Importing a file: every row judged, one transaction, and a report that names every row that needs a hand."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import chain, islice
from pathlib import Path
from typing import NamedTuple

from sqlalchemy import Engine
from sqlmodel import Session

from directory.clock import now
from directory.db.log import Author
from directory.db.postgresql_pipeline import wait_for_answers
from directory.db.tables.contributions.data_cases import DataCaseKind
from directory.db.tables.log import LogKind
from directory.db.tables.published.datasets import Dataset
from directory.db.transaction import transaction
from directory.errors import DirectoryError
from directory.store.data_cases import NewCase, note_alike, note_cases, note_disagreements, note_program
from directory.store.directory_reader import read_programs
from directory.store.importing.garbage_collection import rarely_collected
from directory.store.importing.import_findings import (
    foreign_program,
    id_of_elsewhere,
    older_release,
    probable_duplicate,
    repeated_row,
)
from directory.store.importing.import_options import ImportOptions
from directory.store.importing.import_report import ImportReport
from directory.store.importing.judged_file import FileHead, JudgedFile, judged_file
from directory.store.importing.missing_zones import missing_zones
from directory.store.importing.probable_matches import RowsBefore, StoredDirectory, StoredSpot
from directory.store.importing.seen_rows import SeenRows
from directory.store.importing.waiting_rows import WaitingRows
from directory.store.stored_values import StoredValues
from directory.store.writer import DirectoryWriter, Origin
from directory.zones.duplicates.matches import ProbableMatch
from directory.zones.evidence.department_evidence import merged_department
from directory.zones.evidence.listed_without_status import listed_without_status
from directory.zones.evidence.zone_evidence import LOCAL
from directory.zones.findings import Finding, converted
from directory.zones.keys import department_slug, has_our_form, spot_key
from directory.zones.parsed import NOTHING
from directory.zones.place_lookup import BatchLookup
from directory.zones.programs import Program, is_site, merged_programs, own_values
from directory.zones.schemas import Status, ZoneRecord
from directory.zones.validation.department_validation import judge_department, judge_program, judge_town
from directory.zones.validation.row_validation import ValidatedRow

KEY_FIELDS = frozenset(("street_address", "setting"))
"""Fields by which a zone without an id is recognized (`zones.keys.spot_key`)."""
Progress = Callable[[float], None]
"""Told how much of the file has been read, from 0 to 1."""


class ImportAbandonedError(DirectoryError):
    """Raised to roll a dry run back."""


def import_file(engine: Engine, path: Path, places: BatchLookup, options: ImportOptions) -> ImportReport:
    """Import one file in one transaction: all of its good rows, or, on any failure, nothing.

    Raises BadFileError, TooManyRetiredError or DatabaseError.
    """
    with judged_file(path, places) as file:
        return import_judged(engine, file, places, options)


def import_judged(
    engine: Engine, file: JudgedFile, places: BatchLookup, options: ImportOptions,
    progress: Progress = lambda _done: None,
) -> ImportReport:  # fmt: skip
    """Likewise of an opened file, whose rows may come from another process. Raises HelperEndedError too."""
    report = ImportReport(str(file.path), file.head.format, dry_run=options.dry_run, columns=file.head.columns)
    report.note(file.head.findings)
    try:
        first = list(islice(file.batches, 1))  # who else writes does not wait until it is judged
        with transaction(engine) as session, SeenRows() as seen_rows, rarely_collected() as collect:
            run = _Import(session, report, places, options, seen_rows, file.head.dataset)
            run.take_details(file.head)
            waiting = WaitingRows(session, places)
            for batch in chain(first, file.batches):
                run.apply(waiting.without(batch.rows))
                report.counts.update(batch.unlisted)
                collect()
                progress(batch.done)
            run.apply(waiting.placed())
            if options.prune:
                run.prune()
            run.note_dataset(file.head.released)
            progress(1.0)
            if options.dry_run:
                session.flush()
                wait_for_answers(session.connection())  # what the database would refuse is said now, too
                raise ImportAbandonedError
    except ImportAbandonedError:
        pass
    return report


class _Row(NamedTuple):
    """A row that is not refused: its judgement, its record, and the key of its spot."""

    judged: ValidatedRow
    record: ZoneRecord
    key: str

    def in_file(self) -> str:
        """What no other row of the file may repeat."""
        return f"id:{self.record.zone_id}" if self.record.zone_id else f"spot:{self.key}"

    def stored_zone(self, stored: Mapping[str, StoredValues]) -> StoredValues | None:
        """The stored zone that the row means, by its id or else by its spot."""
        return stored.get(self.record.zone_id or self.key)


class _Import:
    """One file's way into the store, inside its transaction."""

    def __init__(
        self, session: Session, report: ImportReport, places: BatchLookup, options: ImportOptions, seen_rows: SeenRows,
        dataset: str,
    ) -> None:  # fmt: skip
        self._session = session
        self._report = report
        self._options = options
        self._seen_rows = seen_rows
        self._directory = StoredDirectory(session, now())
        self._rows_before = RowsBefore()
        self._programs = read_programs(session)
        self._origin = Origin(options.dataset or dataset, Path(report.path).name)
        self._unclear = False
        """Whether a new zone may be one that stands: its address or kind of spot could not be read."""
        author = Author(options.actor, f"import of {Path(report.path).name}")
        self._writer = DirectoryWriter(session, places, author, reserved=lambda zone_id: seen_rows.has(f"id:{zone_id}"))

    def take_details(self, head: FileHead) -> None:
        """Update departments and towns from what the file says of them."""
        for number, entry in enumerate(head.departments, start=1):
            department, findings = judge_department(number, entry)
            if self._is_usable(department, findings) and department:
                department.name = self._directory_spelling(department.name, department.state)
                owner = self._writer.owners.department(department.name, department.state, department.country)
                values, disagreements = merged_department(owner, department)
                self._writer.owners.describe(LogKind.DEPARTMENT, owner, values)
                self._report.cases += note_disagreements(self._session, self._origin.name, owner.slug, disagreements)
        for number, entry in enumerate(head.towns, start=1):
            town, findings = judge_town(number, entry)
            if self._is_usable(town, findings) and town:
                place = self._writer.owners.town(town.name, town.state, town.country)
                names = sorted({*place.other_names, *town.other_names})
                self._writer.owners.describe(LogKind.TOWN, place, town.model_dump() | {"other_names": names})
        for number, entry in enumerate(head.programs, start=1):
            program, findings = judge_program(number, entry)
            if self._is_usable(program, findings) and program:
                self._take_program(number, program)
        self._writer.flush()

    def _take_program(self, number: int, program: Program) -> None:
        """Add a program, or merge it into the one that stands; what was not taken is a case."""
        name = self._directory_spelling(program.facts.department, program.facts.state)
        if name != program.facts.department:
            program = Program.of({**program.entry, "department": name})
        stored = self._programs.get(program.program_id, program)
        if stored.department_slug != program.department_slug:
            self._report.note([foreign_program(f"programs[{number}]", program.program_id)])
            return
        if stored is not program:
            program, disagreements = merged_programs(stored, program)
            self._report.cases += note_program(self._session, self._origin.name, program, disagreements)
        self._writer.write_program(program)
        self._programs[program.program_id] = program

    def _is_usable(self, record: object, findings: Sequence[Finding]) -> bool:
        self._report.note(findings)
        self._report.refused += record is None
        return record is not None

    def apply(self, batch: Sequence[ValidatedRow]) -> None:
        """Write a batch of judged rows."""
        self._name_departments(batch)
        self._leave_out_foreign_ids(batch)
        rows = self._accepted(batch)
        stored = self._writer.existing_zones([row.record for row in rows], [row.key for row in rows])
        rows = [row for row in rows if not self._is_anothers(row, stored.get(row.record.zone_id))]
        updated = [row for row in rows if row.stored_zone(stored) is not None] if stored else []
        new = [row.record for row in rows if row.stored_zone(stored) is None]
        unnamed = [] if self._origin.dataset else [row for row in rows if not row.record.zone_id]
        alike = self._directory.probable_matches(new)
        disagreements = [case for row in rows for case in self._write(row, stored)]
        duplicates = [case for one in zip(new, alike, strict=True) for case in self._probable_duplicates(*one)]
        added = set(map(id, new)) if unnamed else set()
        duplicates += [case for row in unnamed if id(row.record) in added for case in self._duplicates_in_file(row)]
        self._writer.flush()
        self._note(DataCaseKind.DISAGREEMENT, [row.record.zone_id for row in updated], disagreements)
        self._note(DataCaseKind.DUPLICATE, [case.zone_id for case in duplicates if case.zone_id], duplicates)

    def _leave_out_foreign_ids(self, batch: Sequence[ValidatedRow]) -> None:
        """Take numbers and GUIDs for no zone id, unless they are that of a zone that the row may mean.

        The ids of a dataset are kept, but for running numbers: they name its zones in its next release.
        """
        numbered = [(one, record) for one in batch if (record := one.record) and self._may_be_foreign(one, record)]
        stored = self._writer.existing_zones([record for _, record in numbered]) if numbered else {}
        for judged, record in numbered:
            zone = stored.get(record.zone_id)
            if zone is None or self._is_elsewhere(zone, record):
                judged.findings.append(converted(judged.row, "zone_id", record.zone_id, NOTHING))
                record.zone_id = ""

    def _may_be_foreign(self, judged: ValidatedRow, record: ZoneRecord) -> bool:
        zone_id = record.zone_id
        return zone_id.isdigit() or not (self._origin.dataset or has_our_form(zone_id, judged.stated))

    def _is_elsewhere(self, zone: StoredValues, record: ZoneRecord) -> bool:
        """Whether a stored zone is of another department in another town. A dataset may move and rename its own."""
        is_own = self._origin.dataset and self._origin.dataset == zone.dataset
        return not is_own and not zone.is_of_place_of(record)

    def _is_anothers(self, row: _Row, zone: StoredValues | None) -> bool:
        """Whether the row's id is that of a zone elsewhere: the file counts its rows for itself. It is refused then."""
        if zone is None or not self._is_elsewhere(zone, row.record):
            return False
        self._report.note([id_of_elsewhere(row.judged.row, row.record.zone_id, zone.values)])
        self._report.refused += 1
        return True

    def _name_departments(self, batch: Sequence[ValidatedRow]) -> None:
        """Write departments as the directory does, where it is certain which is meant; the findings tell."""
        for judged in batch:
            if (record := judged.record) is not None:
                name = self._directory_spelling(record.department, record.state, record.town)
                if name != record.department:
                    judged.findings.append(converted(judged.row, "department", record.department, name))
                    record.department, judged.spot = name, ""
                if not record.zone_id:
                    self._directory.note_department(record.department, record.state)

    def _directory_spelling(self, name: str, state: str, town: str = "") -> str:
        """How the directory writes a department. Where that is not certain, it is a new one, and a case."""
        spelling, similar_names = self._directory.department_meant(name, state, town)
        if similar_names:
            others = [department_slug(other, state) for other in similar_names]
            self._report.cases += note_alike(self._session, self._origin.name, department_slug(name, state), others)
        return spelling

    def _note(self, kind: DataCaseKind, zone_ids: list[str], cases: list[NewCase]) -> None:
        self._report.cases += note_cases(self._session, self._origin.name, zone_ids, kind, cases)
        self._session.flush()

    def _probable_duplicates(
        self, record: ZoneRecord, matches: Sequence[ProbableMatch[StoredSpot]]
    ) -> Iterator[NewCase]:
        """The zones that a new one probably is: it goes in, and a moderator is asked.

        A dataset tells its own zones apart.
        """
        others = [match for match in matches if not self._origin.dataset or match.zone.dataset != self._origin.dataset]
        for match in others:
            if match.zone.status is not Status.WITHDRAWN and match.zone.zone_id != record.zone_id:
                yield NewCase(DataCaseKind.DUPLICATE, record.zone_id, match.zone.zone_id, {"why": match.reason.value})

    def _duplicates_in_file(self, row: _Row) -> Iterator[NewCase]:
        """The zone of an earlier row that a row without an id probably is again, in other words."""
        match = self._rows_before.match(row.record)
        if match is not None:
            record, earlier = row.record, match.zone.zone_id
            self._report.note([probable_duplicate(row.judged.row, record, earlier)])
            yield NewCase(DataCaseKind.DUPLICATE, record.zone_id, earlier, {"why": match.reason.value})

    def _write(self, row: _Row, stored: Mapping[str, StoredValues]) -> list[NewCase]:
        """Write a row; what of it is not taken is found."""
        judged, record, key = row
        current = row.stored_zone(stored)
        if current is None:
            if same := stored.get(key):
                self._report.note([probable_duplicate(judged.row, record, same.zone_id)])
            self._unclear |= not record.zone_id and not judged.unread.isdisjoint(KEY_FIELDS)
            zone_id = self._writer.add(record, self._origin.dataset, key)
            self._seen_rows.first_row(f"id:{zone_id}", judged.row)
            self._report.note_added(zone_id, record.status)
            return []
        record.zone_id = current.zone_id
        self._seen_rows.first_row(f"id:{record.zone_id}", judged.row)
        before, after, disagreements = self._writer.merge(current, record, judged.columns, self._origin)
        if self._report.note_change(record.zone_id, before, after):
            self._directory.note_changed(record.zone_id)
        if "status" not in (judged.columns or ("status",)) and any(one.fact == "status" for one in disagreements):
            self._report.note([listed_without_status(judged.row, after)])
        return [
            NewCase(DataCaseKind.DISAGREEMENT, record.zone_id, fact, {"values": values, "source": source.to_json()})
            for fact, values, source in disagreements
        ]

    def _accepted(self, batch: Sequence[ValidatedRow]) -> list[_Row]:
        """The rows that were not refused and do not repeat an earlier row."""
        rows = [self._of_program(judged, judged.record) for judged in batch if judged.record is not None]
        self._seen_rows.look_up([key for row in rows for key in {row.in_file(), f"spot:{row.key}"}])
        accepted = [row for row in rows if self._is_first(row)]
        self._report.refused += len(batch) - len(accepted)
        for judged in batch:
            self._report.note(judged.findings)
        return accepted

    def _is_first(self, row: _Row) -> bool:
        """Whether no earlier row has the same id, or the same spot where it has no id; a finding says where not."""
        judged, record, key = row
        name = "zone_id" if record.zone_id else "street_address"
        first = self._seen_rows.first_row(row.in_file(), judged.row)
        if first != judged.row:
            judged.findings.append(repeated_row(judged.row, name, getattr(record, name), first))
        elif record.zone_id and (earlier := self._seen_rows.first_row(f"spot:{key}", judged.row)) != judged.row:
            judged.findings.append(probable_duplicate(judged.row, record, f"row {earlier}"))
        return first == judged.row

    def _of_program(self, judged: ValidatedRow, record: ZoneRecord) -> _Row:
        """A site without what its program says already; a zone whose program is not its department's without it."""
        if not record.program:
            return _Row(judged, record, judged.spot or spot_key(record))
        program = self._programs.get(record.program)
        if program is not None and is_site(record, department_slug(record.department, record.state), program):
            record = own_values(record, program)
        else:
            judged.findings.append(foreign_program("program", record.program, judged.row))
            record = record.model_copy(update={"program": ""})
        return _Row(judged, record, spot_key(record))

    def prune(self) -> None:
        """Withdraw the dataset's zones that the file no longer has; not when rows were refused or unclear.

        These rows may be the missing zones. A zone for which its department or a moderator stands stays, as a case.
        """
        if self._report.refused or self._unclear:
            self._report.prune_skipped = True
            return
        missing = missing_zones(
            self._session, self._origin.dataset, self._seen_rows, may_withdraw_many=self._options.yes
        )
        retired = {one.zone_id: one.status for one in missing if one.source_kind not in LOCAL}
        self._writer.retire(retired)
        self._writer.flush()
        for zone_id, status in retired.items():
            self._report.note_retired(zone_id, status)
        kept_ids = [one.zone_id for one in missing if one.source_kind in LOCAL]
        withdrawn = {"values": {"status": Status.WITHDRAWN.value}, "source": {}}
        cases = [NewCase(DataCaseKind.DISAGREEMENT, one, "status", withdrawn) for one in kept_ids]
        self._note(DataCaseKind.DISAGREEMENT, kept_ids, cases)

    def note_dataset(self, released: str) -> None:
        """Remember which release of the dataset was taken in; an older one than before is told."""
        if self._origin.dataset:
            before = self._session.get(Dataset, self._origin.dataset)
            if before is not None and released and released < before.released:
                self._report.note([older_release(released, before.released)])
            self._session.merge(Dataset(name=self._origin.dataset, released=released, taken_at=now()))

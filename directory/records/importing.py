"""Importing a file: every row judged, one transaction, and a report that names every row that needs a hand."""

import json
import sqlite3
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, insert, update
from sqlmodel import Session, col, func, select

from directory.geo import time_zone_at
from directory.records.database import transaction
from directory.records.details import judge_department, judge_town
from directory.records.facts import Status, ZoneFacts, ZoneRecord
from directory.records.findings import Finding, Severity
from directory.records.identity import spot_key, zone_id_stem
from directory.records.judging import Judged, Places, judge
from directory.records.models import Change, Department, Town, Zone, now
from directory.records.report import Report
from directory.records.sources import Source, open_source
from directory.text import plain, slug

BATCH = 500
LARGE_RETIREMENT = 0.2

Progress = Callable[[float], None]
"""Told how much of the file has been read, from 0 to 1."""


class TooManyRetired(Exception):
    """Pruning would withdraw so much of the directory that somebody should look first."""

    def __init__(self, retired: int, total: int) -> None:
        super().__init__(
            f"This file would retire {retired} of {total} zones ({retired / total:.0%}). "
            "Nothing was changed. If that is right, run it again with --yes."
        )


class Abandoned(Exception):
    """Raised to roll a dry run back."""


@dataclass(frozen=True, slots=True)
class Options:
    """How to import: retire what the file no longer has, try without changing, and who asks."""

    prune: bool = False
    dry_run: bool = False
    yes: bool = False
    actor: str = "import"


def import_file(
    engine: Engine, path: Path, places: Places, options: Options, progress: Progress = lambda _done: None
) -> Report:
    """Import one file in one transaction: all of its good rows, or, on any failure, nothing.

    Raises BadFile, TooManyRetired or DatabaseProblem.
    """
    report = Report(str(path), dry_run=options.dry_run)
    with open_source(path) as source:
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
                    raise Abandoned
        except Abandoned:
            pass
    return report


def _batches(source: Source, places: Places) -> Iterator[list[Judged]]:
    judged = (judge(row, places) for row in source.rows)
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
        found = self._connection.execute("SELECT row FROM seen WHERE key = ?", (key,)).fetchone()
        return int(found[0])

    def has(self, key: str) -> bool:
        """Whether `key` was met."""
        return self._connection.execute("SELECT 1 FROM seen WHERE key = ?", (key,)).fetchone() is not None


class _Import:
    """One file's way into the store, inside its transaction."""

    def __init__(self, session: Session, report: Report, places: Places, options: Options, seen: SeenRows) -> None:
        self._session = session
        self._report = report
        self._places = places
        self._options = options
        self._seen = seen
        self._departments = {row.slug: row for row in session.exec(select(Department))}
        self._towns = {row.slug: row for row in session.exec(select(Town))}
        self._stems: dict[str, tuple[int, frozenset[str]]] = {}

    def take_details(self, source: Source) -> None:
        """Update departments and towns from what the file says of them."""
        for number, given in enumerate(source.departments, start=1):
            department, findings = judge_department(number, given)
            self._report.note(findings)
            if department is None:
                self._report.refused += 1
                continue
            owner = self._department(department.name, department.state, department.country)
            self._update("department", owner.slug, owner, department.model_dump())
        for number, given in enumerate(source.towns, start=1):
            town, findings = judge_town(number, given)
            self._report.note(findings)
            if town is None:
                self._report.refused += 1
                continue
            place = self._town(town.name, town.state, town.country)
            names = sorted({*place.other_names, *town.other_names})
            self._update("town", place.slug, place, town.model_dump() | {"other_names": names})

    def apply(self, batch: Sequence[Judged]) -> None:
        """Write a batch of judged rows."""
        known = self._known(batch)
        new_zones: list[dict[str, Any]] = []
        log: list[dict[str, Any]] = []
        for judged in batch:
            record = self._accepted(judged)
            if record is None:
                continue
            key = spot_key(record)
            current = known.get(record.zone_id) if record.zone_id else known.get(key)
            if current is None:
                if same := known.get(key):
                    self._report.note([_probable_duplicate(judged.row, record, same.zone_id)])
                record.zone_id = record.zone_id or self._free_id(zone_id_stem(record))
                self._seen.first_row(f"id:{record.zone_id}", judged.row)
                new_zones.append(self._row(record, key))
                log.append(self._log("zone", record.zone_id, "added", None, facts(record)))
                self._report.added += 1
                continue
            record.zone_id = current.zone_id
            self._seen.first_row(f"id:{record.zone_id}", judged.row)
            self._change(current, record, key, judged.columns, log)
        if new_zones:
            self._session.execute(insert(Zone), new_zones)
        if log:
            self._session.execute(insert(Change), log)

    def _accepted(self, judged: Judged) -> ZoneRecord | None:
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
                    Finding("row_is_no_duplicate", Severity.ERROR, judged.row, name, value,
                            f"repeats row {first}", "Remove one, or tell them apart by address, setting or spot.")
                )  # fmt: skip
                record = None
            elif record.zone_id and (earlier := self._seen.first_row(f"spot:{key}", judged.row)) != judged.row:
                findings.append(_probable_duplicate(judged.row, record, f"row {earlier}"))
        if record is None:
            self._report.refused += 1
        self._report.note(findings)
        return record

    def _known(self, batch: Sequence[Judged]) -> dict[str, Zone]:
        """The stored zones of a batch, by id and by spot."""
        records = [judged.record for judged in batch if judged.record is not None]
        ids = [record.zone_id for record in records if record.zone_id]
        keys = [spot_key(record) for record in records]
        rows = [
            *self._session.exec(select(Zone).where(col(Zone.zone_id).in_(ids))),
            *self._session.exec(select(Zone).where(col(Zone.spot_key).in_(keys))),
        ]
        return {row.zone_id: row for row in rows} | {row.spot_key: row for row in reversed(rows)}

    def _free_id(self, stem: str) -> str:
        """The stem, or the stem with the first free number; ids are never used twice."""
        if stem not in self._stems:
            similar = select(Zone.zone_id).where(col(Zone.zone_id).startswith(stem, autoescape=True))
            self._stems[stem] = (0, frozenset(self._session.exec(similar)))
        number, taken = self._stems[stem]
        while True:
            number += 1
            candidate = stem if number == 1 else f"{stem}-{number}"
            if candidate not in taken and not self._seen.has(f"id:{candidate}"):
                self._stems[stem] = (number, taken)
                return candidate

    def _row(self, record: ZoneRecord, key: str) -> dict[str, Any]:
        at = now()
        values = record.model_dump(exclude={"department", "town"})
        return values | {
            "department_id": self._department(record.department, record.state, record.country).id,
            "town_id": self._town(record.town, record.state, record.country, record.mailing_town).id,
            "spot_key": key,
            "time_zone": time_zone_at(record.coordinates),
            "added_at": at,
            "changed_at": at,
        }

    def _change(
        self, current: Zone, record: ZoneRecord, key: str, columns: frozenset[str] | None, log: list[dict[str, Any]]
    ) -> None:
        """Update a stored zone where the row says something else; a table's missing columns say nothing."""
        department = self._department(record.department, record.state, record.country)
        town = self._town(record.town, record.state, record.country, record.mailing_town)
        values = record.model_dump(exclude={"zone_id", "department", "town"})
        before = {name: getattr(current, name) for name in ZoneFacts.model_fields}
        if columns is not None:
            kept = {name: before[name] for name in _kept(columns)}
            values |= kept
            record = record.model_copy(update=kept)
        owners = {"department_id": department.id, "town_id": town.id}
        if values == before and all(getattr(current, name) == value for name, value in owners.items()):
            self._report.unchanged += 1
            return
        log.append(self._log("zone", current.zone_id, "changed", stored_facts(before), facts(record)))
        values |= owners | {"spot_key": key, "changed_at": now()}
        if (before["latitude"], before["longitude"]) != (record.latitude, record.longitude):
            values["time_zone"] = time_zone_at(record.coordinates)
        self._session.execute(update(Zone).where(col(Zone.zone_id) == current.zone_id).values(**values))
        self._report.changed += 1

    def prune(self) -> None:
        """Withdraw the zones the file no longer has; not when rows were refused, which may be those zones."""
        if self._report.refused:
            self._report.prune_skipped = True
            return
        total = self._session.exec(
            select(func.count()).select_from(Zone).where(col(Zone.status) != Status.WITHDRAWN)
        ).one()
        rows = self._session.exec(select(Zone.zone_id).where(col(Zone.status) != Status.WITHDRAWN))
        gone = [zone_id for zone_id in rows if not self._seen.has(f"id:{zone_id}")]
        if total and len(gone) / total > LARGE_RETIREMENT and not self._options.yes:
            raise TooManyRetired(len(gone), total)
        for zone_id in gone:
            values = {
                "status": Status.WITHDRAWN,
                "status_from": now().date().isoformat(),
                "changed_at": now(),
            }
            self._session.execute(update(Zone).where(col(Zone.zone_id) == zone_id).values(**values))
            self._session.execute(
                insert(Change),
                [self._log("zone", zone_id, "retired", None, {"status": Status.WITHDRAWN.value})],
            )
        self._report.retired = len(gone)

    def _department(self, name: str, state: str, country: str) -> Department:
        key = f"{state.lower()}/{slug(name) or 'department'}"
        if key not in self._departments:
            row = Department(name=name, state=state, country=country, slug=key)
            self._departments[key] = self._added("department", row)
        return self._departments[key]

    def _town(self, name: str, state: str, country: str, mailing_town: str = "") -> Town:
        key = f"{state.lower()}/{slug(name) or 'town'}"
        if key not in self._towns:
            counties = {getattr(place, "county", "") for place in self._places.places(name, state)[:1]} - {""}
            row = Town(name=name, state=state, country=country, slug=key, other_names=sorted(counties))
            self._towns[key] = self._added("town", row)
        town = self._towns[key]
        if mailing_town and plain(mailing_town) not in map(plain, [town.name, *town.other_names]):
            names = sorted([*town.other_names, mailing_town])
            self._update("town", key, town, {"other_names": names})
        return town

    def _added(self, kind: str, row: Any) -> Any:
        """Store a new department or town, and log it."""
        self._session.add(row)
        self._session.flush()
        values = row.model_dump(exclude={"id", "slug"})
        self._session.execute(insert(Change), [self._log(kind, row.slug, "added", None, values)])
        return row

    def _update(self, kind: str, subject: str, row: Any, values: dict[str, Any]) -> None:
        """Write a department's or town's details where they differ."""
        before = {name: getattr(row, name) for name in values}
        if before == values:
            return
        for name, value in values.items():
            setattr(row, name, value)
        self._session.add(row)
        self._session.flush()
        self._session.execute(insert(Change), [self._log(kind, subject, "changed", before, values)])

    def _log(self, kind: str, subject: str, action: str, before: Any, after: Any) -> dict[str, Any]:
        return {
            "at": now(), "actor": self._options.actor, "kind": kind, "subject": subject, "action": action,
            "before": before, "after": after, "reason": f"import of {Path(self._report.path).name}",
        }  # fmt: skip


def _kept(columns: frozenset[str]) -> set[str]:
    """The fields a table with these columns leaves alone."""
    kept = set(ZoneFacts.model_fields) - columns - {"state", "country"}
    if "opening_hours" in columns:
        kept.discard("hours_note")
    if columns >= {"latitude", "longitude"}:
        kept -= {"location_source", "approximate"} if "location_source" not in columns else set()
    else:
        kept |= {"latitude", "longitude", "location_source", "approximate"}
    return kept


def _probable_duplicate(row: int, record: ZoneRecord, other: str) -> Finding:
    spot = record.spot_note or record.street_address
    return Finding("spot_is_no_duplicate", Severity.WARNING, row, "spot_note", spot,
                   f"is probably the same spot as {other}", "Withdraw one of the two if it is.")  # fmt: skip


def facts(record: ZoneRecord) -> dict[str, Any]:
    """A record as JSON values, for the log."""
    values: dict[str, Any] = json.loads(record.model_dump_json(exclude_defaults=True))
    return values


def stored_facts(values: dict[str, Any]) -> dict[str, Any]:
    """Stored facts as JSON values, leaving out what equals its default."""
    defaults = {name: info.default for name, info in ZoneFacts.model_fields.items()}
    return {name: value for name, value in values.items() if value != defaults[name] and value not in ([], None)}

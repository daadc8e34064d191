"""Writing zones, departments and towns: the one way in for imports and approved submissions, each step in the log.

Triggers (`db/triggers.py`) raise the revision with each row, by which `search/snapshots` sees that something is new.
"""

from collections.abc import Callable, Iterable, Sequence
from typing import Any, NamedTuple

from sqlalchemy import update
from sqlmodel import Session, col, select

from directory.clock import now
from directory.db.bulk import insert_rows, update_rows
from directory.db.log import Author, log_many
from directory.db.tables.log import SOURCE_READ, VISITED, Json, LogKind
from directory.db.tables.published.programs import ProgramRow
from directory.db.tables.published.zones import Department, Town, Zone
from directory.geo import time_zone_at
from directory.store.department_writer import DepartmentWriter
from directory.store.stored_values import StoredValues, stored_values
from directory.zones.evidence.listed_without_status import is_doubted, is_there_again
from directory.zones.evidence.merging import Disagreement, merged_zone
from directory.zones.evidence.zone_evidence import FACTS, OF_SOURCES, main_source, read_on, visited
from directory.zones.keys import spot_key, zone_id_stem
from directory.zones.place_lookup import PlaceLookup
from directory.zones.programs import Program
from directory.zones.schemas import UNSTATED, Status, ZoneFacts, ZoneRecord

BY_IMPORT = "import"
"""The source's name of what a file says without naming a source or a dataset: what a file is called is not public."""


class Origin(NamedTuple):
    """Where a file's statements come from: its dataset, if it has a name, and what it is called otherwise."""

    dataset: str
    file: str

    @property
    def name(self) -> str:
        """What tells it from others."""
        return self.dataset or self.file


class DirectoryWriter:
    """Writes into the directory inside the caller's transaction. Rows and log entries go out together in `flush`.

    `reserved` names ids that must not be made up for a new zone.
    """

    def __init__(
        self,
        session: Session,
        places: PlaceLookup,
        by: Author,
        reserved: Callable[[str], bool] = lambda _zone_id: False,
    ) -> None:
        self._session = session
        if session.get_bind().dialect.name == "postgresql":
            # Until it has counted them, PostgreSQL takes a table that is being filled for an empty one, and reads it
            # from end to end for every row: 200,000 would take hours.
            session.connection().exec_driver_sql("SET LOCAL enable_seqscan = off")
            # What has no index then counts as so dear that every statement would be compiled first.
            session.connection().exec_driver_sql("SET LOCAL jit = off")
            # One writes at a time, as on SQLite: whoever comes second sees what the first has made of a zone, instead
            # of mixing the two, and neither waits for a row that the other holds.
            session.flush()
            session.connection().exec_driver_sql("SELECT generation FROM directory_version FOR UPDATE")
            session.expire_all()
        self._by = by
        self._at = now()
        """When the rows of the next flush were written."""
        self._stems: dict[str, tuple[int, frozenset[str]]] = {}
        self._reserved = reserved
        self._new: list[tuple[dict[str, Any], tuple[Department, Town]]] = []
        self._changed: dict[str, dict[str, Any]] = {}
        """Values of stored zones by id, each with all that a change may change."""
        self._log: list[dict[str, Any]] = []
        self.owners = DepartmentWriter(session, places, self._note)

    def existing_zones(self, records: Sequence[ZoneRecord], keys: Sequence[str] = ()) -> dict[str, StoredValues]:
        """The stored zones that these records may mean, by id and by spot key. Looks up the records' owners too.

        `keys` are those of their spots, where they have been made already.
        """
        self.owners.look_up(records)
        self._session.flush()
        ids = [record.zone_id for record in records if record.zone_id]
        return stored_values(self._session, ids, keys or [spot_key(record) for record in records])

    def add(self, record: ZoneRecord, dataset: str = "", key: str = "") -> str:
        """Add a zone that a dataset brings, if any; returns its id, which is made where the record has none.

        `key` is that of its spot, where it has been made already.
        """
        if not record.zone_id:
            # Pydantic's check of an attribute takes as long as a rule of the row.
            vars(record)["zone_id"] = self._free_id(zone_id_stem(record))
        fields = record.stated()
        values = fields.copy()
        del values["department"], values["town"]
        values["spot_key"] = key or spot_key(record)
        values["time_zone"] = time_zone_at(record.coordinates)
        values["dataset"] = dataset
        self._new.append((values, self.owners.of(record)))
        self._note(LogKind.ZONE, record.zone_id, "added", None, fields)
        return record.zone_id

    def merge(
        self, current: StoredValues, record: ZoneRecord, columns: frozenset[str] | None, origin: Origin
    ) -> tuple[ZoneRecord, ZoneRecord, list[Disagreement]]:
        """Update a stored zone with what a file says of it, as far as the evidence is worth it (zones/evidence).

        `columns` are the fields of which the file speaks, None for all. Returns the zone before and after it, and the
        statements that were not taken.
        """
        if vars(record) == current.values:
            return record, record, []
        before = current.record
        covered_fields, stays = None, False
        if columns is not None:
            unchanged_fields = _unchanged_fields(columns)
            if "status" not in columns and is_doubted(before, record):
                stays = not is_there_again(before, record)
                unchanged_fields -= set() if stays else set(FACTS["status"])
            covered_fields = frozenset(ZoneRecord.model_fields) - unchanged_fields
            record = record.model_copy(update={name: getattr(before, name) for name in unchanged_fields - OF_SOURCES})
        same_dataset = current.dataset == origin.dataset
        if not main_source(record) and main_source(before) and not (covered_fields is None and same_dataset):
            record = record.model_copy(update={"source_name": origin.dataset or BY_IMPORT})
        after, disagreements = merged_zone(before, record, covered_fields, same_dataset=same_dataset)
        if stays:
            disagreements.append(Disagreement("status", _ACTIVE, main_source(record)))
        if after != before and (values := self._changed_values(before, current.owner_ids, after)):
            self._changed[current.zone_id] = {"zone_id": current.zone_id, "time_zone": current.time_zone} | values
            current.values, current.owner_ids = dict(vars(after)), (values["department_id"], values["town_id"])
        return before, after, disagreements

    def change(self, current: Zone, record: ZoneRecord) -> bool:
        """Replace a stored zone by the record; returns whether anything differed."""
        values = self._changed_values(self._record(current), (current.department_id, current.town_id), record)
        for name, value in values.items():
            setattr(current, name, value)  # many changed alike go out together
        return bool(values)

    def _changed_values(self, before: ZoneRecord, owner_ids: tuple[int, int], record: ZoneRecord) -> dict[str, Any]:
        """What is stored of a zone that the record replaces, once the log has it; empty where nothing differs."""
        department, town = self.owners.of(record)
        if department.id is None or town.id is None:
            self._session.flush()
        values = _stored(record)
        if values == _stored(before) and owner_ids == (department.id, town.id):
            return {}
        # Both sides whole, so that any version can be restored.
        self._note(LogKind.ZONE, before.zone_id, "changed", before.stated(), record.stated())
        values |= {"department_id": department.id, "town_id": town.id}
        values |= {"spot_key": spot_key(record), "changed_at": self._at}
        if before.coordinates != record.coordinates:
            values["time_zone"] = time_zone_at(record.coordinates)
        return values

    def note_visit(self, zone_id: str, day: str) -> None:
        """List a visit on that day (ISO, the zone's own) among a zone's sources; a second one changes nothing.

        The log keeps it apart from changes: it makes no version of the zone, and nobody has looked at the rest.
        """
        self._change_sources(zone_id, VISITED, lambda record: visited(record, day))

    def note_read(self, zone_id: str, url: str, day: str) -> None:
        """Note that a zone's source at `url` was read on that day (ISO); it says no fact anew, and makes no version."""
        self._change_sources(zone_id, SOURCE_READ, lambda record: read_on(record, url, day))

    def _change_sources(self, zone_id: str, action: str, change: Callable[[ZoneRecord], ZoneRecord]) -> None:
        stored = self.stored(zone_id)
        if stored is None:
            return
        current, before = stored
        after = change(before)
        changed = [name for name in sorted(OF_SOURCES) if getattr(before, name) != getattr(after, name)]
        if not changed:
            return
        sides = ({name: getattr(record, name) for name in changed} for record in (before, after))
        self._note(LogKind.ZONE, zone_id, action, *sides)
        for name in changed:
            setattr(current, name, getattr(after, name))
        current.changed_at = self._at

    def retire(self, zone_ids: Iterable[str]) -> None:
        """Withdraw zones; they stay in the store and keep their pages."""
        since = self._at.date().isoformat()
        values = {"status": Status.WITHDRAWN, "status_from": since, "changed_at": self._at}
        for zone_id in zone_ids:
            self._session.execute(update(Zone).where(col(Zone.zone_id) == zone_id).values(**values))
            self._note(LogKind.ZONE, zone_id, "retired", None, {"status": Status.WITHDRAWN.value})

    def stored(self, zone_id: str) -> tuple[Zone, ZoneRecord] | None:
        """A stored zone and the same as a record on its own."""
        current = self._session.get(Zone, zone_id)
        if current is None:
            return None
        return current, self._record(current)

    def load(self, zone_ids: Sequence[str]) -> dict[str, Zone]:
        """The stored zones of these ids, read together; `stored` reads none of them again while they are held."""
        query = select(Zone).where(col(Zone.zone_id).in_(zone_ids))
        return {zone.zone_id: zone for zone in self._session.exec(query)}

    def flush(self) -> None:
        """Send what `add`, `merge`, `change` and `retire` collected to the database."""
        self._session.flush()  # new departments and towns get their ids, all at once
        for values, (department, town) in self._new:
            values["department_id"], values["town_id"] = department.id, town.id
        same = {"added_at": self._at, "changed_at": self._at}
        insert_rows(self._session, Zone, [values for values, _ in self._new], same, _UNSTATED)
        update_rows(self._session, Zone, list(self._changed.values()))
        log_many(self._session, self._by, self._at, self._log)
        self._new, self._changed, self._log, self._at = [], {}, [], now()

    def write_program(self, program: Program) -> bool:
        """Add a program or replace its facts; returns whether anything differed. Its sites count as changed with it."""
        owner = self.owners.department(program.facts.department, program.facts.state, program.facts.country)
        self._session.flush()
        row = self._session.get(ProgramRow, program.program_id)
        before = row.facts if row else None
        if before == program.values:
            return False
        row = row or ProgramRow(program_id=program.program_id, department_id=owner.id, facts={}, changed_at=self._at)
        row.facts, row.changed_at = program.values, self._at
        self._session.add(row)
        sites = (col(Zone.department_id) == owner.id, col(Zone.program) == program.program_id)
        self._session.execute(update(Zone).where(*sites).values(changed_at=self._at))
        self._note(LogKind.PROGRAM, program.program_id, "changed" if before else "added", before, program.values)
        return True

    def _record(self, current: Zone) -> ZoneRecord:
        values = {name: getattr(current, name) for name in ZoneFacts.model_fields}
        values["department"] = self._session.get_one(Department, current.department_id).name
        values["town"] = self._session.get_one(Town, current.town_id).name
        return ZoneRecord.model_validate({"zone_id": current.zone_id, **values})

    def _free_id(self, stem: str) -> str:
        """The stem, or the stem with the first free number; ids are never used twice."""
        if stem not in self._stems:
            similar = select(Zone.zone_id).where(col(Zone.zone_id).startswith(stem, autoescape=True))
            with self._session.no_autoflush:
                self._stems[stem] = (0, frozenset(self._session.exec(similar)))
        number, used_ids = self._stems[stem]
        while True:
            number += 1
            candidate = stem if number == 1 else f"{stem}-{number}"
            if candidate not in used_ids and not self._reserved(candidate):
                self._stems[stem] = (number, used_ids)
                return candidate

    def _note(self, kind: LogKind, subject: str, action: str, before: Json, after: Json) -> None:
        self._log.append({"kind": kind, "subject": subject, "action": action, "before": before, "after": after})


def _unchanged_fields(columns: frozenset[str]) -> set[str]:
    """The fields that a row with these columns leaves alone."""
    names = set(ZoneFacts.model_fields) - columns - {"state", "country"}
    if "opening_hours" in columns:
        names.discard("hours_note")
    if columns >= {"latitude", "longitude"}:
        names -= {"location_source", "approximate"} if "location_source" not in columns else set()
    else:
        names |= {"latitude", "longitude", "location_source", "approximate"}
    return names


def _stored(record: ZoneRecord) -> dict[str, Any]:
    """What the zone's own columns hold of a record, without its key."""
    values = dict(vars(record))
    del values["zone_id"], values["department"], values["town"]
    return values


_ACTIVE = {name: UNSTATED[name] for name in FACTS["status"]}
"""What a table says of the status of a zone that it lists without one."""
_UNSTATED = {name: value for name, value in UNSTATED.items() if name in ZoneFacts.model_fields}
"""What the zone's own columns hold of which nobody says anything."""

"""What moderators decide about the data: statements that were not taken, and zones that may not be what we say."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from directory.clock import now, today
from directory.db.log import Author
from directory.db.queries.visits import delete_visits
from directory.db.tables.contributions.data_cases import DataCase, DataCaseKind, DataCaseState
from directory.db.tables.log import LogKind
from directory.db.transaction import Session
from directory.errors import BadInputError
from directory.moderation.data_quality.visits import ANSWERS
from directory.search.zone_status import local_day
from directory.store.data_cases import cases, counts_by_kind
from directory.store.directory_reader import read_programs
from directory.store.repository import StoredZone, department_by_slug
from directory.store.writer import DirectoryWriter
from directory.use_case_context import UseCaseContext
from directory.zones.evidence.department_evidence import values_with_evidence
from directory.zones.evidence.sources import Source
from directory.zones.evidence.zone_evidence import attributed
from directory.zones.programs import Program
from directory.zones.schemas import AREAS, SourceKind, Status, ZoneRecord

AT_ONCE = 50
"""How many cases one page shows."""
OLD_PLAN_DAYS = 365
DECIDED = (DataCaseState.TAKEN, DataCaseState.KEPT)


class DecidedError(BadInputError):
    """Somebody has decided the case meanwhile, or there is nothing to take over."""


@dataclass(frozen=True, slots=True)
class WorkList:
    """Zones that deserve a look, whatever any case says; the oldest sources first."""

    old_plans: list[StoredZone]
    doubtful_positions: list[StoredZone]


def open_cases(context: UseCaseContext, kind: DataCaseKind | None = None, after: int = 0) -> list[DataCase]:
    """The next open cases behind a number, oldest first. Raises DatabaseError."""
    with context.reading() as session:
        return cases(session, kind, after, AT_ONCE)


def counts(context: UseCaseContext) -> dict[DataCaseKind, int]:
    """How many cases of each kind are open. Raises DatabaseError."""
    with context.reading() as session:
        return counts_by_kind(session)


def take(context: UseCaseContext, number: int, who: str) -> None:
    """Take over what a case says of a fact, as the moderator's own statement. Raises DecidedError or DatabaseError."""
    with context.writing() as session:
        case = _open(session, number)
        writer = DirectoryWriter(session, context.gazetteer, Author(who, f"case {number}: {case.origin}"))
        is_applied = case.kind is DataCaseKind.DISAGREEMENT and _take_of(session, writer, case)
        if not is_applied:
            raise DecidedError(f"case {number} has nothing to take over")
        writer.flush()
        _decide(session, case, DataCaseState.TAKEN, who)


def _take_of(session: Session, writer: DirectoryWriter, case: DataCase) -> bool:
    """Whether what the case is about is still there, so that the values could be written."""
    if case.zone_id:
        return _take_of_zone(writer, case)
    return _take_of_program(session, writer, case) if case.program else _take_of_department(session, writer, case)


def _take_of_program(session: Session, writer: DirectoryWriter, case: DataCase) -> bool:
    program = read_programs(session).get(case.program)
    if program is None:
        return False
    facts = _with(program.facts, case.details["values"])
    writer.write_program(Program(case.program, attributed(facts, _as_moderator(case, today()), [case.fact])))
    return True


def _take_of_zone(writer: DirectoryWriter, case: DataCase) -> bool:
    stored = writer.stored(case.zone_id or "")
    if stored is None:
        return False
    current, record = stored
    moderator = _as_moderator(case, local_day(current.time_zone, now()))
    writer.change(current, attributed(_with(record, case.details["values"]), moderator, [case.subject]))
    return True


def _take_of_department(session: Session, writer: DirectoryWriter, case: DataCase) -> bool:
    department = department_by_slug(session, case.department)
    if department is None:
        return False
    values = values_with_evidence(department, _as_moderator(case, today()), case.details["values"])
    writer.owners.describe(LogKind.DEPARTMENT, department, values)
    return True


def _as_moderator(case: DataCase, day: date) -> Source:
    """The moderator as the source of what a case says, at the address where it was found."""
    source = Source.from_json(case.details["source"])
    return Source(source.url, "", SourceKind.MODERATOR, day.isoformat())


def _with(record: ZoneRecord, values: dict[str, Any]) -> ZoneRecord:
    """The record with stored values, typed again."""
    return ZoneRecord.model_validate({**record.model_dump(), **values})


def keep(context: UseCaseContext, number: int, who: str) -> None:
    """What stands stays: the case is not opened again until something else is found. Raises DecidedError.

    The visits that it is about have served, and their photos with them: they are deleted.
    """
    with context.writing() as session:
        case = _open(session, number)
        _decide(session, case, DataCaseState.KEPT, who)
        if case.zone_id and case.kind in ANSWERS:
            delete_visits(session, case.zone_id, ANSWERS[case.kind])


def decided(context: UseCaseContext, number: int) -> DataCase | None:
    """A case that a moderator decided, or None. Raises DatabaseError."""
    with context.reading() as session:
        case = session.get(DataCase, number)
        return case if case is not None and case.decided_by and case.state in DECIDED else None


def can_reopen(case: DataCase) -> bool:
    """Whether nothing but the case itself was changed when it was decided."""
    return case.state is DataCaseState.KEPT and case.kind not in ANSWERS


def reopen(context: UseCaseContext, number: int, who: str) -> None:
    """Ask again what was kept as it stands. Raises DecidedError where it cannot be, or DatabaseError."""
    with context.writing() as session:
        case = session.get(DataCase, number)
        if case is None or not can_reopen(case):
            raise DecidedError(f"case {number} cannot be opened again by {who}")
        case.state, case.decided_at, case.decided_by = DataCaseState.OPEN, None, ""
        session.add(case)


def has_photo(context: UseCaseContext, number: int, digest: str) -> bool:
    """Whether a photo belongs to this open case. Raises DatabaseError."""
    with context.reading() as session:
        case = session.get(DataCase, number)
        return case is not None and case.state is DataCaseState.OPEN and digest in case.details.get("photos", ())


def _open(session: Session, number: int) -> DataCase:
    case = session.get(DataCase, number)
    if case is None or case.state is not DataCaseState.OPEN:
        raise DecidedError(f"case {number} is not open any more")
    return case


def _decide(session: Session, case: DataCase, state: DataCaseState, who: str) -> None:
    case.state, case.decided_at, case.decided_by = state, now(), who
    session.add(case)


def work_list(zones: list[StoredZone], day: date) -> WorkList:
    """Plans that are older than a year and points that are only the centre of an area, the oldest sources first."""
    planned = [zone for zone in zones if zone.status is Status.PLANNED and _is_old(zone, day)]
    doubtful = [zone for zone in zones if zone.location_source in AREAS]
    by_age = (sorted(some, key=lambda zone: (zone.source_date, zone.zone_id)) for some in (planned, doubtful))
    return WorkList(*(some[:AT_ONCE] for some in by_age))


def _is_old(zone: StoredZone, day: date) -> bool:
    source_day = zone.source_date or "1900"
    return (day - date.fromisoformat(f"{source_day}-01-01"[:10])).days > OLD_PLAN_DAYS

"""Cases of the data in the database: each question is there once, however often it is found."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, and_
from sqlmodel import Session, col, func, select

from directory.clock import now
from directory.db.tables.contributions.data_cases import DataCase, DataCaseKind, DataCaseState
from directory.zones.evidence.merging import Disagreement
from directory.zones.programs import Program


class NewCase(NamedTuple):
    """What was found about a zone, or about a department: see `DataCase`."""

    kind: DataCaseKind
    zone_id: str | None
    subject: str
    details: dict[str, Any]
    department: str = ""


def cases(session: Session, kind: DataCaseKind | None, after: int, limit: int) -> list[DataCase]:
    """The open cases behind a number, of one kind or of all, oldest first."""
    query = select(DataCase).where(col(DataCase.state) == DataCaseState.OPEN, col(DataCase.id) > after)
    if kind is not None:
        query = query.where(col(DataCase.kind) == kind)
    return list(session.exec(query.order_by(col(DataCase.id)).limit(limit)))


class CaseInQueue(NamedTuple):
    """What a list shows of an open case: what it is about, without what was found."""

    id: int
    kind: DataCaseKind
    zone_id: str | None
    department: str
    first_seen: datetime


def cases_in_queue(session: Session) -> list[CaseInQueue]:
    """Every open case, oldest first."""
    columns = (DataCase.id, DataCase.kind, DataCase.zone_id, DataCase.department, DataCase.first_seen)
    query = select(*columns).where(col(DataCase.state) == DataCaseState.OPEN)  # type: ignore[call-overload]
    return [CaseInQueue(*row) for row in session.exec(query.order_by(col(DataCase.id)))]


def counts_by_kind(session: Session) -> dict[DataCaseKind, int]:
    """How many cases of each kind are open."""
    query = select(DataCase.kind, func.count()).where(col(DataCase.state) == DataCaseState.OPEN)
    return {DataCaseKind(kind): number for kind, number in session.exec(query.group_by(col(DataCase.kind)))}


def note_cases(
    session: Session, origin: str, zone_ids: Sequence[str], kind: DataCaseKind, cases: Iterable[NewCase]
) -> int:
    """Keep what was found about these zones; what is not found any more is settled. Returns how many are new or news.

    A case that a moderator decided stays decided until what was found is something else, or until what was taken over
    does not stand any more.
    """
    if not zone_ids:
        return 0
    return _note(session, origin, kind, col(DataCase.zone_id).in_(zone_ids), cases)


def note_disagreements(session: Session, origin: str, department: str, disagreements: Iterable[Disagreement]) -> int:
    """The same for what was not taken of the facts of a department (its slug)."""
    kind = DataCaseKind.DISAGREEMENT
    cases = [NewCase(kind, None, one.fact, disagreement_details(one), department) for one in disagreements]
    about = and_(col(DataCase.department) == department, ~col(DataCase.subject).contains(":"))
    return _note(session, origin, kind, about, cases)


def note_program(session: Session, origin: str, program: Program, disagreements: Iterable[Disagreement]) -> int:
    """The same for what was not taken of the facts of a department's program."""
    kind, of_program = DataCaseKind.DISAGREEMENT, f"{program.program_id}:"
    cases = [
        NewCase(kind, None, f"{of_program}{one.fact}", disagreement_details(one), program.department_slug)
        for one in disagreements
    ]
    about = and_(
        col(DataCase.department) == program.department_slug,
        col(DataCase.subject).startswith(of_program, autoescape=True),
    )
    return _note(session, origin, kind, about, cases)


def note_alike(session: Session, origin: str, department: str, others: Iterable[str]) -> int:
    """The same for the departments that a new one may be (their slugs)."""
    kind = DataCaseKind.DUPLICATE
    cases = [NewCase(kind, None, other, {}, department) for other in others]
    return _note(session, origin, kind, col(DataCase.department) == department, cases)


def disagreement_details(one: Disagreement) -> dict[str, Any]:
    """What a case keeps of a statement that was not taken."""
    return {"values": one.values, "source": one.source.to_json()}


def _note(
    session: Session, origin: str, kind: DataCaseKind, about: ColumnElement[bool], cases: Iterable[NewCase]
) -> int:
    query = select(DataCase).where(about, col(DataCase.kind) == kind, col(DataCase.origin) == origin)
    stored_rows = {(row.zone_id, row.department, row.subject): row for row in session.exec(query)}
    at, news = now(), 0
    for case in cases:
        row = stored_rows.pop((case.zone_id, case.department, case.subject), None)
        if row is None:
            row = DataCase(**case._asdict(), origin=origin, first_seen=at, last_seen=at)
            news += 1
        elif _says(row.details) != _says(case.details) or row.state in (DataCaseState.SETTLED, DataCaseState.TAKEN):
            row.state = DataCaseState.OPEN
            news += 1
        row.details, row.last_seen = case.details, at
        session.add(row)
    for row in stored_rows.values():
        if row.state is DataCaseState.OPEN:
            row.state = DataCaseState.SETTLED
            session.add(row)
    return news


def _says(details: dict[str, Any]) -> dict[str, Any]:
    """What a case tells, whenever its source was last read."""
    source = {name: text for name, text in details.get("source", {}).items() if name != "seen"}
    return {**details, "source": source}

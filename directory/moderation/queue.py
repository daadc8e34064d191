"""The queue of the review desk: everything that waits for a moderator, of every kind, filtered and in order."""

from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from functools import cache

from directory.db.queries.accounts import proven_places
from directory.db.queries.problem_reports import reports
from directory.db.queries.submissions import in_state, to_look_at
from directory.db.queries.town_profiles import profile_changes_in_queue
from directory.db.tables.contributions.submissions import Submission, SubmissionStatus
from directory.db.transaction import Session
from directory.moderation.decisions import BULK_ITEMS, ZonesOfState, grave_weight, items_risk
from directory.moderation.queued_case import CaseKind, QueuedCase, QueueState, Risk
from directory.search.snapshots.snapshot import Snapshot
from directory.store.data_cases import cases_in_queue
from directory.store.repository import StoredZone, zone_records
from directory.submissions.drafts import changed_zones, judged
from directory.submissions.items.item import Action, ProposedChange
from directory.submissions.risk.wait_reasons import HIGH_RISK
from directory.text import plain
from directory.use_case_context import UseCaseContext
from directory.zones.schemas import ZoneRecord

AROUND = 9
"""How many cases of the list are shown beside one."""


class QueueOrder(StrEnum):
    """What comes first: objections and then the oldest, the newest, the gravest, or departments by name."""

    URGENT = "urgent"
    NEWEST = "newest"
    RISK = "risk"
    NAME = "name"


@dataclass(frozen=True, slots=True)
class QueueFilter:
    """Which cases are shown, and in which order. None and 0 leave nothing out; `age_days`: what waits longer."""

    state: QueueState = QueueState.WAITING
    kind: CaseKind | None = None
    risk: Risk | None = None
    age_days: int = 0
    text: str = ""
    order: QueueOrder = QueueOrder.URGENT

    def matches(self, case: QueuedCase) -> bool:
        """Whether the case is shown, whatever its kind."""
        return (
            case.state is self.state
            and (self.risk is None or case.risk is self.risk)
            and (not self.age_days or case.age >= timedelta(days=self.age_days))
            and all(word in plain(case.search_text) for word in plain(self.text).split())
        )


@dataclass(frozen=True, slots=True)
class Queue:
    """What waits, as a filter shows it.

    `counts` are by kind, of what the other filters let through; `everything` is what no filter left out.
    """

    cases: Sequence[QueuedCase]
    counts: Mapping[CaseKind, int]
    everything: Mapping[tuple[CaseKind, int], QueuedCase]

    @property
    def live(self) -> list[QueuedCase]:
        """What is live already and to be looked at, whatever the filter."""
        return [case for case in self.everything.values() if case.state is QueueState.LIVE]

    def beside(self, number: int, kind: CaseKind | None = None) -> "Neighbours":
        """Where a case stands in the list, and what is around it; without a kind, a submission."""
        places = [
            place for place, case in enumerate(self.cases)
            if case.number == number and (case.kind is kind if kind else case.row is not None)
        ]  # fmt: skip
        if not places:
            return Neighbours(0, len(self.cases), self.cases[:AROUND], self.cases[0] if self.cases else None)
        (place,) = places
        start = max(0, min(place - AROUND // 2, len(self.cases) - AROUND))
        others = [*self.cases[place + 1 :], *self.cases[:place]]
        around = self.cases[start : start + AROUND]
        return Neighbours(place + 1, len(self.cases), around, others[0] if others else None)


@dataclass(frozen=True, slots=True)
class Neighbours:
    """Where a case stands in a list of `total`, from 1 (0: nowhere), some `around` it, and the one to go on with."""

    place: int
    total: int
    around: Sequence[QueuedCase]
    following: QueuedCase | None


def read_queue(context: UseCaseContext, snapshot: Snapshot, queue_filter: QueueFilter) -> Queue:
    """Everything that waits, as a filter shows it; as many queries however much waits. Raises DatabaseError."""
    with context.reading() as session:
        cases = [
            *_submissions(context, session, snapshot),
            *_town_pages(session, snapshot),
            *_reports(session, snapshot),
            *_data_cases(session, snapshot),
        ]
    matching = [case for case in cases if queue_filter.matches(case)]
    counts = {kind: sum(case.kind is kind for case in matching) for kind in CaseKind}
    listed = [case for case in matching if queue_filter.kind in (None, case.kind)]
    everything = {(case.kind, case.number): case for case in cases}
    return Queue(sorted(listed, key=_ORDERS[queue_filter.order]), counts, everything)


def proposals(context: UseCaseContext, cases: Iterable[QueuedCase]) -> dict[int, list[ProposedChange]]:
    """What the submissions say that may be approved together, by number; their zones are read with one query.

    Raises DatabaseError.
    """
    rows = [case.row for case in cases if case.row is not None and case.together]
    with context.reading() as session:
        stored = zone_records(session, (zone_id for row in rows for zone_id in changed_zones(row)))
    return {row.id: judged(context.places, row, stored) for row in rows}


def kind_of_case(row: Submission) -> CaseKind:
    """The kind of a submission: what asks most of whoever decides."""
    actions = {Action(stored["action"]) for stored in row.items}
    if actions & {Action.WITHDRAW, Action.CLOSE, Action.REOPEN}:
        return CaseKind.CLOSURE
    if Action.ADD in actions:
        return CaseKind.NEW_ZONE
    return CaseKind.CHANGE if Action.CORRECT in actions else CaseKind.CONFIRMATION


def _submissions(context: UseCaseContext, session: Session, snapshot: Snapshot) -> list[QueuedCase]:
    waiting, live = in_state(session, SubmissionStatus.WAITING_FOR_REVIEW), to_look_at(session)
    rows = [*waiting, *live]
    proven = proven_places(session, (row.person_id for row in rows if row.person_id))

    @cache
    def stored() -> Mapping[str, ZoneRecord]:
        return zone_records(session, (zone_id for row in rows for zone_id in changed_zones(row)))

    def as_case(row: Submission, state: QueueState) -> QueuedCase:
        risk = _risk(context, row, stored, snapshot.zone_index, snapshot.once)
        department = row.department_slug
        return QueuedCase(
            kind_of_case(row), row.id, row.sent_at or row.created_at, f"{row.department}, {row.region}", state,
            row.version, row.email, search_text=f"{row.id} {row.department} {row.region} {row.town} {row.email}",
            risk=Risk.of(risk), verified=(row.person_id, department) in proven,
            together=len(row.items) <= BULK_ITEMS and risk < HIGH_RISK, row=row,
        )  # fmt: skip

    return [as_case(row, state) for some, state in ((waiting, QueueState.WAITING), (live, QueueState.LIVE))
            for row in some]  # fmt: skip


def _risk(
    context: UseCaseContext,
    row: Submission,
    stored: Callable[[], Mapping[str, ZoneRecord]],
    zones: ZonesOfState,
    remember: Callable[[Hashable, Callable[[], int]], int],
) -> int:
    """How grave a submission is; what its items say is worked out once, as long as the directory stays as it is."""

    def work_out() -> int:
        return items_risk(context, row, judged(context.places, row, stored()), zones)

    return grave_weight(row, remember(("risk", row.id, row.version), work_out))


def _town_pages(session: Session, snapshot: Snapshot) -> list[QueuedCase]:
    rows = profile_changes_in_queue(session)
    return [
        QueuedCase(CaseKind.TOWN_PAGE, row.id, row.sent_at, row.town, sender=row.sender,
                   search_text=f"{row.id} {_town_name(snapshot, row.town)} {row.town} {row.sender}")
        for row in rows
    ]  # fmt: skip


def _town_name(snapshot: Snapshot, slug: str) -> str:
    return snapshot.towns[slug].name if slug in snapshot.towns else ""


def _reports(session: Session, snapshot: Snapshot) -> list[QueuedCase]:
    return [
        QueuedCase(CaseKind.REPORT, row.id, row.at, row.zone_id, detail=row.kind,
                   search_text=f"{row.id} {row.zone_id} {row.text} {_zone_text(snapshot.by_id.get(row.zone_id))}")
        for row in reports(session)
    ]  # fmt: skip


def _data_cases(session: Session, snapshot: Snapshot) -> list[QueuedCase]:
    cases = []
    for row in cases_in_queue(session):
        about = row.zone_id or row.department
        search_text = f"{row.id} {about} {_zone_text(snapshot.by_id.get(about))}"
        cases.append(QueuedCase(CaseKind.DATA, row.id, row.first_seen, about, detail=row.kind, search_text=search_text))
    return cases


def _zone_text(zone: StoredZone | None) -> str:
    return f"{zone.name} {zone.department} {zone.town} {zone.state}" if zone else ""


_GRAVEST_FIRST = [Risk.HIGH, Risk.MIDDLE, Risk.LOW, None]
_ORDERS: dict[QueueOrder, Callable[[QueuedCase], tuple[object, ...]]] = {
    QueueOrder.URGENT: lambda case: (not (case.row and case.row.objection), case.since, case.kind, case.number),
    QueueOrder.NEWEST: lambda case: (-case.since.timestamp(), case.kind, case.number),
    QueueOrder.RISK: lambda case: (_GRAVEST_FIRST.index(case.risk), case.since, case.kind, case.number),
    QueueOrder.NAME: lambda case: (plain(case.subject), case.since, case.kind, case.number),
}

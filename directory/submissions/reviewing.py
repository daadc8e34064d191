"""The moderator's side: the queue, one decision at a time, and the undoing of any of them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta

from directory.clock import now
from directory.records.accounts import Person
from directory.records.database import Session, transaction
from directory.records.facts import ZoneRecord
from directory.records.proposals import (
    Submission,
    close_report,
    in_state,
    replace_submission,
    submission,
    to_look_at,
)
from directory.records.store import keep_report
from directory.records.writing import By, department_slug, log
from directory.submissions.domains import PUBLIC_PROVIDERS, domain_of
from directory.submissions.examining import Observation, Sign, observe, risk
from directory.submissions.office import Office
from directory.submissions.proving import Method, Rung, Standing, climb, confirm_domain, reach, standing
from directory.submissions.publishing import Refused, owner_of, publish
from directory.submissions.sending import Proposed, Stale, proposed, zone_links
from directory.submissions.states import NEEDS_REASON, NotAllowed, State, Step, after

OfDepartment = Mapping[str, Sequence[ZoneRecord]]
"""Department slug → its zones in the directory that are not withdrawn."""


class ReasonMissing(Exception):
    """The sender is told why; so there must be a why."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A submission in the queue."""

    row: Submission
    age: timedelta
    risk: int
    verified: bool


@dataclass(frozen=True, slots=True)
class Case:
    """A submission on the desk: its items, what is to be seen on each, and where the sender stands."""

    row: Submission
    proposed: tuple[Proposed, ...]
    observations: tuple[tuple[Observation, ...], ...]
    standing: Standing | None


def queue(office: Office, zones: OfDepartment) -> tuple[list[Entry], list[Entry]]:
    """What waits for a decision, oldest first, and what was published at once and wants a look.

    Raises DatabaseProblem.
    """
    with transaction(office.engine, writes=False) as session:
        waiting = [_entry(office, session, row, zones) for row in in_state(session, State.WAITING_FOR_REVIEW)]
        seen = [_entry(office, session, row, zones) for row in to_look_at(session)]
        session.expunge_all()
    return waiting, seen


def _entry(office: Office, session: Session, row: Submission, zones: OfDepartment) -> Entry:
    observed = [
        observation
        for entry in proposed(session, office.gazetteer, row)
        for observation in _observe(office, row, entry, zones)
    ]
    person = session.get(Person, row.person_id) if row.person_id else None
    verified = person is not None and standing(session, person, department_slug(row.department, row.region)).verified
    return Entry(row, now() - (row.sent_at or row.created_at), risk(observed), verified)


def case(office: Office, number: int, zones: OfDepartment) -> Case | None:
    """Everything about one submission. Raises DatabaseProblem."""
    with transaction(office.engine, writes=False) as session:
        row = submission(session, number)
        if row is None:
            return None
        entries = tuple(proposed(session, office.gazetteer, row))
        observations = tuple(tuple(_observe(office, row, entry, zones)) for entry in entries)
        person = session.get(Person, row.person_id) if row.person_id else None
        place = standing(session, person, department_slug(row.department, row.region)) if person else None
        session.expunge_all()
    return Case(row, entries, observations, place)


def _observe(office: Office, row: Submission, entry: Proposed, zones: OfDepartment) -> list[Observation]:
    # What is published already stands in the directory itself: only compare what waits.
    own = department_slug(row.department, row.region)
    siblings = zones.get(own, ()) if row.state == State.WAITING_FOR_REVIEW else ()
    found = observe(entry.item, entry.outcome, entry.current, siblings, office.gazetteer)
    if entry.current is not None and department_slug(entry.current.department, entry.current.state) != own:
        found.insert(0, Observation(Sign.FOREIGN, entry.current.department))
    return found


def decide(office: Office, number: int, version: int, what: Step, reason: str, moderator: str, site: str) -> None:
    """Approve, decline or ask for a change, and tell the sender why.

    Raises ReasonMissing, Stale, NotAllowed, Refused or DatabaseProblem; nothing is changed then.
    """
    words = reason.strip()
    if what in NEEDS_REASON and not words:
        raise ReasonMissing
    with transaction(office.engine) as session:
        row = submission(session, number)
        if row is None or row.version != version:
            raise Stale
        state = after(State(row.state), what)
        writer = office.writer(row.language, site)
        zone_ids: list[str] = []
        if what is Step.APPROVE:
            zone_ids = _publish(office, session, row, moderator, words)
        values = {"state": state, "decided_at": now(), "decided_by": moderator, "reason": words}
        if not replace_submission(session, number, version, values):
            raise Stale
        log(
            session,
            By(moderator, words),
            "submission",
            str(number),
            what.value,
            {"zones": zone_ids} if zone_ids else None,
        )
        if what is Step.APPROVE:
            letter = writer.approved(row.department, words, zone_links(session, zone_ids, site))
        elif what is Step.DECLINE:
            letter = writer.declined(row.department, words)
        else:
            link = f"{writer.site}/submit/{office.links.key(row, owner=True)}"
            letter = writer.changes_requested(row.department, words, link)
        office.queue(session, row.email, letter)


def _publish(office: Office, session: Session, row: Submission, moderator: str, reason: str) -> list[str]:
    confirmed = False
    if row.person_id is not None:
        person = session.get_one(Person, row.person_id)
        climb(session, person, owner_of(row))  # a domain may have been confirmed since it was sent
        confirmed = standing(session, person, department_slug(row.department, row.region)).verified
    by = By(f"{row.email}, approved by {moderator}", f"submission {row.id}: {reason}")
    return publish(session, office.gazetteer, row, by, confirmed=confirmed)


def approve_many(
    office: Office, chosen: Sequence[tuple[int, int]], reason: str, moderator: str, site: str
) -> list[tuple[int, Exception | None]]:
    """Approve several submissions, each in a transaction of its own: (number, what stood in the way).

    Raises DatabaseProblem.
    """
    outcomes: list[tuple[int, Exception | None]] = []
    for number, version in chosen:
        try:
            decide(office, number, version, Step.APPROVE, reason, moderator, site)
            outcomes.append((number, None))
        except (ReasonMissing, Stale, NotAllowed, Refused) as problem:
            outcomes.append((number, problem))
    return outcomes


def mark_seen(office: Office, number: int, version: int, moderator: str) -> None:
    """A moderator looked at what was published at once. Raises Stale or DatabaseProblem."""
    with transaction(office.engine) as session:
        if not replace_submission(session, number, version, {"looked_at": True}):
            raise Stale
        log(session, By(moderator, ""), "submission", str(number), "looked at")


def note_call_back(office: Office, number: int, version: int, number_called: str, moderator: str, site: str) -> None:
    """A moderator rang the published number and was told that the sender belongs there.

    Raises Stale when the submission is no longer the one the moderator saw; DatabaseProblem.
    """
    with transaction(office.engine) as session:
        row = _as_seen(session, number, version)
        person = session.get_one(Person, row.person_id)
        department = department_slug(row.department, row.region)
        if reach(session, person, department, Rung.CALL_BACK, Method.CALL_BACK, number_called, moderator):
            _welcome(office, session, row, site)


def _as_seen(session: Session, number: int, version: int) -> Submission:
    row = submission(session, number)
    if row is None or row.version != version or row.person_id is None or row.state == State.CHANGES_REQUESTED:
        raise Stale
    return row


def _welcome(office: Office, session: Session, row: Submission, site: str) -> None:
    writer = office.writer(row.language, site)
    letter = writer.added_to_department(row.department, "Safe Zone Directory", f"{writer.site}/sign-in")
    office.queue(session, row.email, letter)


class PublicProvider(Exception):
    """Anybody gets an address at that domain: it proves nothing."""


def confirm_sender_domain(office: Office, number: int, version: int, evidence: str, moderator: str, site: str) -> None:
    """A moderator saw the sender's domain on the town's own page: everybody there then belongs to the department.

    Raises PublicProvider, Stale or DatabaseProblem.
    """
    with transaction(office.engine) as session:
        row = _as_seen(session, number, version)
        domain = domain_of(row.email)
        if domain in PUBLIC_PROVIDERS:
            raise PublicProvider(domain)
        confirm_domain(session, domain, department_slug(row.department, row.region), evidence, moderator)
        if climb(session, session.get_one(Person, row.person_id), owner_of(row)):
            _welcome(office, session, row, site)


def answer_report(office: Office, number: int, answer: str, who: str) -> bool:
    """Close a problem report; False when somebody closed it before. Raises DatabaseProblem."""
    with transaction(office.engine) as session:
        closed = close_report(session, number, who, answer.strip()[:500])
        if closed:
            log(session, By(who, answer.strip()[:500]), "report", str(number), "closed")
        return closed


def reported(office: Office, zone_id: str, kind: str, words: str, contact: str) -> None:
    """Keep a visitor's report for the desk and the department's next digest. Raises DatabaseProblem."""
    with transaction(office.engine) as session:
        keep_report(session, zone_id, kind, words, contact)

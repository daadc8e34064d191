"""“This was an impostor”: what somebody wrote, what taking it back would change, and taking all of it back at once."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from directory.clock import today
from directory.db.log import Author, log
from directory.db.queries.accounts import barred_forms, confirmations_of, delete_sessions, proofs_of
from directory.db.queries.town_profiles import ANSWERS, profile_answers, save_town_profile, waiting_profile_changes
from directory.db.tables.accounts import BarredSender, Link, Membership, Person, Proof, Role
from directory.db.tables.contributions.submissions import Submission
from directory.db.tables.domains import ConfirmedDomain
from directory.db.tables.log import LogEntry, LogKind
from directory.db.tables.published.town_profiles import TownProfileChange
from directory.db.tables.published.zones import Department, Town
from directory.db.transaction import Session
from directory.errors import ConflictError, NotAllowedError, StaleVersionError
from directory.mail_address import mailbox_of
from directory.moderation.barring import CLOSED_BY, NotBarrableError, bar
from directory.moderation.decisions import ReasonMissingError
from directory.store.directory_reader import read_programs
from directory.store.privacy.sender_records import (
    changes_by,
    changes_since,
    good_links_under,
    let_in_by,
    names_in_log,
    open_submissions_under,
    people_under,
    places_of,
    town_by_slug,
)
from directory.store.repository import department_by_slug, zone_record
from directory.store.writer import DirectoryWriter
from directory.use_case_context import UseCaseContext
from directory.verification.mail_domains import PUBLIC_PROVIDERS, domain_of
from directory.zones.schemas import Status, ZoneRecord


class UndoSubject(StrEnum):
    """What is put back. All but the last are called as in the log."""

    ZONE = LogKind.ZONE.value
    DEPARTMENT = LogKind.DEPARTMENT.value
    TOWN = LogKind.TOWN.value
    PROGRAM = LogKind.PROGRAM.value
    PROFILE = "kit"


class UndoKind(StrEnum):
    """What happens to something that an impostor wrote."""

    RESTORE = "restore"
    WITHDRAW = "withdraw"
    LOOK = "look"


@dataclass(frozen=True, slots=True)
class Undo:
    """What becomes of one zone, program, department, town or town profile. `values` are the answers it goes back to."""

    kind: UndoSubject
    subject: str
    way: UndoKind
    values: dict[str, Any]
    fields: tuple[str, ...] = ()
    name: str = ""


class StaffMemberError(NotAllowedError):
    """Somebody of staff is dismissed by an administrator first."""


class OthersUnseenError(ConflictError):
    """Others use the domain, and nobody said that they are meant too."""


@dataclass(frozen=True, slots=True)
class Ordered:
    """What a moderator chose: whether the whole domain is barred and the `others` there are meant, and why.

    `confirmations`: what a moderator confirmed of the domain is taken back too.
    """

    reason: str
    whole_domain: bool = False
    others: bool = False
    confirmations: bool = False


@dataclass(frozen=True, slots=True)
class Findings:
    """All that hangs on a person. `last` is the newest entry of theirs in the log, so that later ones are noticed."""

    person: Person
    barred: bool
    places: tuple[Membership, ...]
    proofs: tuple[Proof, ...]
    let_in: tuple[tuple[Membership, Person], ...]
    confirmations: tuple[ConfirmedDomain, ...]
    links: tuple[Link, ...]
    submissions: tuple[Submission, ...]
    profile_changes: tuple[TownProfileChange, ...]
    entries: tuple[LogEntry, ...]
    undos: tuple[Undo, ...]
    at_domain: tuple[Person, ...]

    @property
    def domain(self) -> str:
        """The domain of the address; empty at a provider where anybody gets one."""
        domain = domain_of(self.person.email)
        return "" if domain in PUBLIC_PROVIDERS else domain

    @property
    def last(self) -> int:
        """The number of the newest entry, 0 when there is none."""
        return max((entry.id for entry in self.entries), default=0)

    def of(self, way: UndoKind) -> tuple[Undo, ...]:
        """What is restored, withdrawn or to be looked at."""
        return tuple(undo for undo in self.undos if undo.way is way)


def examine(context: UseCaseContext, number: int) -> Findings | None:
    """All that hangs on a person, and what taking it back would do. Raises DatabaseError."""
    with context.reading() as session:
        person = session.get(Person, number)
        return _examine(session, person) if person else None


def _examine(session: Session, person: Person) -> Findings:
    number, mailbox = person.id, mailbox_of(person.email)
    names = names_in_log(session, person)
    entries = changes_by(session, names)
    domain = domain_of(person.email)
    public = domain in PUBLIC_PROVIDERS
    return Findings(
        person=person,
        barred=any(session.get(BarredSender, form) is not None for form in barred_forms(person.email)),
        places=tuple(places_of(session, number)),
        proofs=tuple(proofs_of(session, number)),
        let_in=tuple(let_in_by(session, names)),
        confirmations=() if public else tuple(confirmations_of(session, domain)),
        links=tuple(good_links_under(session, mailbox)),
        submissions=tuple(open_submissions_under(session, mailbox, list(CLOSED_BY))),
        profile_changes=tuple(waiting_profile_changes(session, number)),
        entries=tuple(reversed(entries)),
        undos=tuple(_undos(session, entries)),
        at_domain=() if public else tuple(one for one in people_under(session, domain) if one.id != number),
    )


def _undos(session: Session, entries: Sequence[LogEntry]) -> Iterable[Undo]:
    """What becomes of all that these entries changed: zones, departments, towns' names and profiles."""
    own = {entry.id for entry in entries}
    touched: dict[LogKind, set[str]] = defaultdict(set)
    for entry in entries:
        touched[entry.kind].add(entry.subject)

    def mine(entry: LogEntry) -> bool:
        return entry.id in own

    for kind in (LogKind.ZONE, LogKind.PROGRAM, LogKind.DEPARTMENT, LogKind.TOWN):
        if not touched[kind]:
            continue
        logs: dict[str, list[LogEntry]] = defaultdict(list)
        for entry in changes_since(session, entries[0].id, kind, touched[kind]):
            logs[entry.subject].append(entry)
        for subject, entries_of_subject in sorted(logs.items()):
            since = entries_of_subject[next(place for place, entry in enumerate(entries_of_subject) if mine(entry)) :]
            if kind is LogKind.ZONE:
                yield from _of_zone(session, subject, since, mine)
            elif kind is LogKind.PROGRAM:
                yield from _of_program(session, subject, since, mine)
            else:
                changes = [entry for entry in since if entry.action == "changed"]
                yield from _of_details(session, UndoSubject(kind), subject, changes, mine)
            if kind is LogKind.TOWN:
                changes = [entry for entry in since if entry.action == "kit changed"]
                yield from _of_details(session, UndoSubject.PROFILE, subject, changes, mine)


def _of_zone(session: Session, zone_id: str, since: list[LogEntry], mine: Callable[[LogEntry], bool]) -> Iterable[Undo]:
    """The zone goes back to the version before their first change, and out of the directory if that added it."""
    current = zone_record(session, zone_id)
    if current is None:
        return
    first = since[0]
    name = f"{current.name}, {current.town}, {current.state}"
    way, earlier = UndoKind.RESTORE, _version(zone_id, first.before)
    if first.action == "added":
        gone = {"status": Status.WITHDRAWN, "status_from": today().isoformat(), "status_until": ""}
        way, earlier = UndoKind.WITHDRAW, current.model_copy(update=gone)
        if current.status == Status.WITHDRAWN:
            return
    elif earlier is not None and earlier.stated() == current.stated():
        return
    if earlier is None or not all(map(mine, since)):
        yield Undo(UndoSubject.ZONE, zone_id, UndoKind.LOOK, {}, name=name)
    else:
        yield Undo(UndoSubject.ZONE, zone_id, way, earlier.stated(), name=name)


def _of_program(
    session: Session, program_id: str, since: list[LogEntry], mine: Callable[[LogEntry], bool]
) -> Iterable[Undo]:
    """The program says what it said before their first change; one that they began says nothing but its name."""
    current = read_programs(session).get(program_id)
    if current is None:
        return
    name = f"{current.facts.name}, {current.facts.department}"
    earlier_values = since[0].before or {"name": current.facts.name}
    if earlier_values == current.values:
        return
    way, values = (UndoKind.RESTORE, earlier_values) if all(map(mine, since)) else (UndoKind.LOOK, {})
    yield Undo(UndoSubject.PROGRAM, program_id, way, values, name=name)


def _version(zone_id: str, stored: dict[str, Any] | None) -> ZoneRecord | None:
    """A whole zone out of the log; None where an older release kept only a part."""
    try:
        return ZoneRecord.model_validate({**stored, "zone_id": zone_id}) if stored else None
    except ValueError:
        return None


def _of_details(
    session: Session, kind: UndoSubject, subject: str, since: list[LogEntry], mine: Callable[[LogEntry], bool]
) -> Iterable[Undo]:
    """Each answer goes back by itself; one that somebody else changed after them is to be looked at."""
    before: dict[str, Any] = {}
    disputed = set()
    for entry in since:
        was, became = entry.before or {}, entry.after or {}
        for name in became:
            old = was.get(name, [] if name == "embed_sites" else "")
            if old == became[name]:
                continue
            if mine(entry):
                before.setdefault(name, old)
            elif name in before:
                disputed.add(name)
    if not before:
        return
    current = _details(session, kind, subject, before)
    changed = [name for name in before if current.get(name) != before[name]]
    back = {name: before[name] for name in changed if name not in disputed}
    left = tuple(name for name in changed if name in disputed)
    if back:
        yield Undo(kind, subject, UndoKind.RESTORE, back, tuple(back), subject)
    if left:
        yield Undo(kind, subject, UndoKind.LOOK, {}, left, subject)


def _details(session: Session, kind: UndoSubject, subject: str, names: Iterable[str]) -> dict[str, Any]:
    """What a department, town or town profile says now."""
    if kind is UndoSubject.PROFILE:
        return profile_answers(session, subject)
    row = _owner(session, kind, subject)
    return {name: getattr(row, name) for name in names if hasattr(row, name)}


def _owner(session: Session, kind: UndoSubject, slug: str) -> Department | Town:
    """The department or town whose changes the log holds; neither is ever deleted."""
    is_department = kind is UndoSubject.DEPARTMENT
    row = department_by_slug(session, slug) if is_department else town_by_slug(session, slug)
    if row is None:
        raise LookupError(f"The log has changes of the {kind} {slug}, which the directory does not have.")
    return row


def end_impostor(context: UseCaseContext, number: int, last_entry: int, ordered: Ordered, by: str) -> None:
    """One act: bar the address or its domain, end all that is open, and take back all that the person wrote.

    `last_entry` is `Findings.last` as the moderator saw it. Raises ReasonMissingError, StaleVersionError,
    StaffMemberError, OthersUnseenError, NotBarrableError or DatabaseError; nothing is changed then.
    """
    text = ordered.reason.strip()
    if not text:
        raise ReasonMissingError
    with context.writing() as session:
        taken_back = Author(by, f"written by an impostor, taken back: {text}")
        writer = DirectoryWriter(session, context.gazetteer, taken_back)
        person = session.get(Person, number)
        if person is None:
            raise StaleVersionError
        if person.staff:
            raise StaffMemberError
        findings = _examine(session, person)
        if findings.last != last_entry:
            raise StaleVersionError
        _bar(session, findings, ordered, Author(by, text))
        _take_rights(session, findings, confirmations=ordered.confirmations, author=Author(by, text))
        for undo in findings.undos:
            _take_back(session, writer, undo, taken_back)
        writer.flush()
        log(session, Author(by, text), LogKind.PERSON, person.email, "was an impostor", {
            "restored": [undo.subject for undo in findings.of(UndoKind.RESTORE)],
            "withdrawn": [undo.subject for undo in findings.of(UndoKind.WITHDRAW)],
            "to look at": [undo.subject for undo in findings.of(UndoKind.LOOK)],
        })  # fmt: skip


def _bar(session: Session, findings: Findings, ordered: Ordered, author: Author) -> None:
    if ordered.whole_domain and not findings.domain:
        raise NotBarrableError("provider")
    if ordered.whole_domain and findings.at_domain and not ordered.others:
        raise OthersUnseenError
    delete_sessions(session, findings.person.id)
    target = findings.domain if ordered.whole_domain else mailbox_of(findings.person.email)
    if session.get(BarredSender, target) is None:
        bar(session, target, author.reason, author.actor)


def _take_rights(session: Session, findings: Findings, *, confirmations: bool, author: Author) -> None:
    """End what the person may do: departments, proofs, and on demand the confirmation of their domain."""
    for place in findings.places:
        if place.role != Role.REMOVED:
            place.role = Role.REMOVED
            session.add(place)
            log(session, author, LogKind.PERSON, findings.person.email, "left", {"department": place.department})
    for proof in findings.proofs:
        after = {"department": proof.department, "method": proof.method, "detail": proof.detail}
        log(session, author, LogKind.PERSON, findings.person.email, "proof taken away", before=after)
        session.delete(proof)
    for row in findings.confirmations if confirmations else ():
        log(session, author, LogKind.DOMAIN, row.domain, "no longer confirmed", {"department": row.department})
        session.delete(row)
    session.flush()


def _take_back(session: Session, writer: DirectoryWriter, undo: Undo, author: Author) -> None:
    if undo.way is UndoKind.LOOK:
        return
    if undo.kind is UndoSubject.ZONE:
        stored = writer.stored(undo.subject)
        earlier = _version(undo.subject, undo.values)
        if stored is not None and earlier is not None:
            writer.change(stored[0], earlier)
    elif undo.kind is UndoSubject.PROGRAM:
        writer.write_program(read_programs(session)[undo.subject].saying(undo.values))
    elif undo.kind is UndoSubject.PROFILE:
        answers = profile_answers(session, undo.subject) | undo.values
        save_town_profile(session, undo.subject, {name: answers[name] for name in ANSWERS}, author)
    else:
        writer.owners.describe(LogKind(undo.kind), _owner(session, undo.kind, undo.subject), undo.values)

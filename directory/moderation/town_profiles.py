"""A town's page, contact, logo and embed sites: who may change them, and what waits for somebody else first."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, cast

from directory.accounts.authentication import SignedIn
from directory.clock import now
from directory.db.log import By, log
from directory.db.queries.accounts import (
    accepted_in_state,
    memberships,
    noted_towns,
    proofs,
)
from directory.db.queries.town_profiles import (
    keep_town_kit,
    kit_answers,
    settle_kit_change,
    waiting_kit_change,
    waiting_kit_changes,
)
from directory.db.tables.accounts import Membership, Person
from directory.db.tables.domains import DepartmentTown
from directory.db.tables.town_profiles import TownKitChange
from directory.db.transaction import Session, transaction
from directory.moderation.decisions import ReasonMissing
from directory.submissions.drafts import Stale
from directory.usecases.context import Office
from directory.verification.jurisdiction import is_own_police
from directory.verification.levels import Role, stands_alone
from directory.zones.place_lookup import Places

REVIEWED = ("web_page", "email", "phone")
"""The answers that people act on: a changed one waits, and so does an added embed site."""


class KitStatus(StrEnum):
    """What became of a proposed change of a town's kit."""

    WAITING = "waiting"
    APPROVED = "approved"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"


class ChangeWaits(Exception):
    """Another change of the same kit waits already; it is replaced on purpose only. Nothing was saved."""


class MayNotDecide(Exception):
    """It is the person's own change, or nobody but the sender's own word says who the person is."""


@dataclass(frozen=True, slots=True)
class WaitingChange:
    """A change of a town's kit that waits: by whom, since when, and the kit's answers now and after it."""

    number: int
    town: str
    sender_id: int
    sender: str
    since: datetime
    answers: dict[str, Any]
    after: dict[str, Any]


def manages(office: Office, person_id: int, town: str) -> bool:
    """Whether a person may manage a town's kit. Raises DatabaseProblem."""
    with transaction(office.engine, writes=False) as session:
        return bool(_departments(session, office.gazetteer, person_id, town))


def _speaks_for(session: Session, places: Places, place: Membership, town: str) -> bool:
    """Whether a membership makes somebody manager of a town's kit: accepted, proven, of the town's own police."""
    if place.role != Role.MANAGER or place.accepted_at is None:
        return False
    return bool(proofs(session, place.department, place.person_id)) and is_own_police(
        session, places, place.department, town
    )


def kit_managers(session: Session, places: Places, town: str) -> list[Person]:
    """Everybody who may manage a town's kit, longest first."""
    people = accepted_in_state(session, town.partition("/")[0])
    found = {person.id: person for place, person in people if _speaks_for(session, places, place, town)}
    return list(found.values())


def kit_of(office: Office, town: str) -> tuple[dict[str, Any], WaitingChange | None]:
    """A town's answers as they stand, and the change that waits, if one does. Raises DatabaseProblem."""
    with transaction(office.engine, writes=False) as session:
        change = waiting_kit_change(session, town)
        return kit_answers(session, town), _waiting(session, change) if change else None


def waiting(office: Office) -> list[WaitingChange]:
    """Every change of a kit that waits, oldest first. Raises DatabaseProblem."""
    with transaction(office.engine, writes=False) as session:
        return [_waiting(session, change) for change in waiting_kit_changes(session)]


def waiting_change(office: Office, number: int) -> WaitingChange | None:
    """One change that still waits. Raises DatabaseProblem."""
    return next((change for change in waiting(office) if change.number == number), None)


def departments_of(office: Office, change: WaitingChange) -> list[str]:
    """The departments by which the sender of a change manages the town's kit. Raises DatabaseProblem."""
    with transaction(office.engine, writes=False) as session:
        return _departments(session, office.gazetteer, change.sender_id, change.town)


def _departments(session: Session, places: Places, person_id: int, town: str) -> list[str]:
    found = memberships(session, person_id)
    return [place.department for place in found if _speaks_for(session, places, place, town)]


def _waiting(session: Session, change: TownKitChange) -> WaitingChange:
    answers = kit_answers(session, change.town)
    sender = session.get_one(Person, change.person_id)
    return WaitingChange(cast(int, change.id), change.town, change.person_id, sender.email, change.sent_at, answers,
                         _applied(answers, change))  # fmt: skip


def _applied(answers: dict[str, Any], change: TownKitChange) -> dict[str, Any]:
    """The answers with the proposed ones in their places; a site that was removed meanwhile stays removed."""
    after = answers | change.values
    if "embed_sites" in change.values:
        wanted, base = change.values["embed_sites"], change.base["embed_sites"]
        kept = [site for site in answers["embed_sites"] if site in wanted or site not in base]
        after["embed_sites"] = kept + [site for site in wanted if site not in base and site not in kept]
    return after


def at_once(answers: dict[str, Any], typed: dict[str, Any]) -> dict[str, Any]:
    """The part of what was typed that needs nobody else: the logo, its words, and fewer sites.

    No site at all means any site, so that the last one is not taken away at once.
    """
    sites = [site for site in typed["embed_sites"] if site in answers["embed_sites"]] or answers["embed_sites"]
    return typed | {name: answers[name] for name in REVIEWED} | {"embed_sites": sites}


def save(office: Office, town: str, typed: dict[str, Any], who: SignedIn, site: str, *, replace: bool) -> KitStatus:
    """Keep what a manager typed: low risks at once, the rest as a change that waits. Moderators need not wait.

    Raises ChangeWaits, unless `replace`; DatabaseProblem.
    """
    with transaction(office.engine) as session:
        answers = kit_answers(session, town, to_change=True)
        saved = typed if who.staff else at_once(answers, typed)
        changed = [name for name in typed if saved[name] != typed[name]]
        old = waiting_kit_change(session, town)
        if changed and old is not None and not replace:
            raise ChangeWaits
        if saved != answers:
            keep_town_kit(session, town, saved, By(who.email, "town's page"))
        if not changed:
            return KitStatus.APPROVED
        if old is not None:
            _settle(session, old, KitStatus.WITHDRAWN, who.email, "replaced")
            sender = session.get_one(Person, old.person_id)
            if sender.id != who.id:
                writer = office.writer(sender.language, site)
                letter = writer.kit_replaced(who.email, f"{writer.site}/towns/{town}/manage")
                office.queue(session, sender.email, letter)
        values = {name: typed[name] for name in changed}
        base = {name: saved[name] for name in changed}
        change = TownKitChange(town=town, values=values, base=base, status=KitStatus.WAITING, person_id=who.id,
                               sent_at=now())  # fmt: skip
        session.add(change)
        session.flush()
        log(session, By(who.email, ""), "town", town, "kit change sent", values, before=base)
        for person in kit_managers(session, office.gazetteer, town):
            if person.id != who.id:
                writer = office.writer(person.language, site)
                letter = writer.kit_waits(who.email, base, values, f"{writer.site}/towns/{town}/manage")
                office.queue(session, person.email, letter)
        return KitStatus.WAITING


def take_back(office: Office, number: int, who: SignedIn) -> None:
    """The sender takes a waiting change back. Raises MayNotDecide, Stale or DatabaseProblem."""
    with transaction(office.engine) as session:
        change = session.get(TownKitChange, number)
        if change is None:
            raise Stale
        if change.person_id != who.id:
            raise MayNotDecide
        _settle(session, change, KitStatus.WITHDRAWN, who.email, "")


def decide(office: Office, town: str, number: int, status: KitStatus, reason: str, who: SignedIn, site: str) -> None:
    """A moderator, or another manager of the town's kit, approves or declines a change that waits.

    Raises ReasonMissing, MayNotDecide, Stale or DatabaseProblem; nothing is changed then.
    """
    words = reason.strip()
    with transaction(office.engine) as session:
        change = session.get(TownKitChange, number)
        if change is None or change.town != town:
            raise Stale
        sender = session.get_one(Person, change.person_id)
        answers = kit_answers(session, town, to_change=True)
        if not who.staff and not _may_decide(session, office.gazetteer, who, sender, town):
            raise MayNotDecide
        if not words:
            raise ReasonMissing
        _settle(session, change, status, who.email, words)
        if status is KitStatus.APPROVED:
            by = By(f"{sender.email}, approved by {who.email}", f"town's page: {words}")
            keep_town_kit(session, town, _applied(answers, change), by)
        writer = office.writer(sender.language, site)
        approved = status is KitStatus.APPROVED
        office.queue(session, sender.email, writer.kit_decided(approved, words, f"{writer.site}/towns/{town}"))


def _may_decide(session: Session, places: Places, who: SignedIn, sender: Person, town: str) -> bool:
    departments = _departments(session, places, who.id, town)
    return who.id != sender.id and stands_alone(session, session.get_one(Person, who.id), sender.email, departments)


def _settle(session: Session, change: TownKitChange, status: KitStatus, by: str, reason: str) -> None:
    """Note what became of a change. Raises Stale when somebody decided before."""
    if not settle_kit_change(session, cast(int, change.id), status, by, reason):
        raise Stale
    log(session, By(by, reason), "town", change.town, f"kit change {status}", {"change": change.id})


def towns_noted(office: Office, department: str) -> list[DepartmentTown]:
    """The towns that moderators noted for a department. Raises DatabaseProblem."""
    with transaction(office.engine, writes=False) as session:
        found = noted_towns(session, department)
        session.expunge_all()
        return found


def note_town(office: Office, department: str, town: str, evidence: str, by: str) -> None:
    """A moderator saw that a department also polices a town. Raises DatabaseProblem."""
    with transaction(office.engine) as session:
        session.merge(DepartmentTown(department=department, town=town, evidence=evidence, at=now(), noted_by=by))
        log(session, By(by, evidence), "department", department, "town noted", {"town": town})


def forget_town(office: Office, department: str, town: str, by: str) -> None:
    """The department does not police the town. Raises Stale when that was not noted, or DatabaseProblem."""
    with transaction(office.engine) as session:
        row = session.get(DepartmentTown, (department, town))
        if row is None:
            raise Stale
        session.delete(row)
        log(session, By(by, row.evidence), "department", department, "town removed", {"town": town})


DECISIONS = {"approve": KitStatus.APPROVED, "decline": KitStatus.DECLINED}

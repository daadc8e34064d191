"""A town's page, contact, logo and embed sites: who may change them, and what waits for somebody else first."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from directory.accounts.authentication import SignedIn
from directory.clock import now
from directory.db.log import Author, log
from directory.db.queries.accounts import accepted_in_state, memberships, proofs
from directory.db.queries.photos import keep_photo
from directory.db.queries.town_profiles import (
    profile_answers,
    save_town_profile,
    settle_profile_change,
    waiting_profile_change,
    waiting_profile_changes,
)
from directory.db.tables.accounts import Membership, Person, Role
from directory.db.tables.log import LogKind
from directory.db.tables.published.town_profiles import ProfileChangeStatus, TownProfileChange
from directory.db.transaction import Session
from directory.errors import ConflictError, NotAllowedError, StaleVersionError
from directory.moderation.decisions import ReasonMissingError
from directory.moderation.written_reasons import in_their_language
from directory.submissions.photos import EncodedPhoto
from directory.use_case_context import UseCaseContext
from directory.verification.jurisdiction import is_own_police
from directory.verification.membership import stands_alone
from directory.zones.keys import slug_parts
from directory.zones.place_lookup import PlaceLookup

REVIEWED = ("web_page", "email", "phone")
"""The answers that people act on: a changed one waits, and so does an added embed site."""


class ProfileChangeWaitsError(ConflictError):
    """Another change of the same profile waits already; it is replaced on purpose only. Nothing was saved."""


class DecisionNotAllowedError(NotAllowedError):
    """It is the person's own change, or nobody but the sender's own word says who the person is."""


@dataclass(frozen=True, slots=True)
class WaitingChange:
    """A change of a town's profile that waits: by whom, since when, and its answers now and after it."""

    number: int
    town: str
    sender_id: int
    sender: str
    since: datetime
    answers: dict[str, Any]
    after: dict[str, Any]


def manages(context: UseCaseContext, person_id: int, town: str) -> bool:
    """Whether a person may manage a town's profile. Raises DatabaseError."""
    with context.reading() as session:
        return bool(_departments(session, context.gazetteer, person_id, town))


def _speaks_for(session: Session, places: PlaceLookup, place: Membership, town: str) -> bool:
    """Whether a membership makes somebody manager of a town's profile: accepted, proven, of the town's own police."""
    if place.role != Role.MANAGER or place.accepted_at is None:
        return False
    return bool(proofs(session, place.department, place.person_id)) and is_own_police(
        session, places, place.department, town
    )


def profile_managers(session: Session, places: PlaceLookup, town: str) -> list[Person]:
    """Everybody who may manage a town's profile, longest first."""
    people = accepted_in_state(session, slug_parts(town)[0])
    managers = {person.id: person for place, person in people if _speaks_for(session, places, place, town)}
    return list(managers.values())


def profile_of(context: UseCaseContext, town: str) -> tuple[dict[str, Any], WaitingChange | None]:
    """A town's answers as they stand, and the change that waits, if one does. Raises DatabaseError."""
    with context.reading() as session:
        change = waiting_profile_change(session, town)
        return profile_answers(session, town), _waiting(session, change) if change else None


def waiting(context: UseCaseContext) -> list[WaitingChange]:
    """Every change of a profile that waits, oldest first. Raises DatabaseError."""
    with context.reading() as session:
        return [_waiting(session, change) for change in waiting_profile_changes(session)]


def waiting_change(context: UseCaseContext, number: int) -> WaitingChange | None:
    """One change that still waits. Raises DatabaseError."""
    return next((change for change in waiting(context) if change.number == number), None)


def departments_of(context: UseCaseContext, change: WaitingChange) -> list[str]:
    """The departments by which the sender of a change manages the town's profile. Raises DatabaseError."""
    with context.reading() as session:
        return _departments(session, context.gazetteer, change.sender_id, change.town)


def _departments(session: Session, places: PlaceLookup, person_id: int, town: str) -> list[str]:
    places_held = memberships(session, person_id)
    return [place.department for place in places_held if _speaks_for(session, places, place, town)]


def _waiting(session: Session, change: TownProfileChange) -> WaitingChange:
    answers = profile_answers(session, change.town)
    sender = session.get_one(Person, change.person_id)
    return WaitingChange(change.id, change.town, change.person_id, sender.email, change.sent_at, answers,
                         _applied(answers, change))  # fmt: skip


def _applied(answers: dict[str, Any], change: TownProfileChange) -> dict[str, Any]:
    """The answers with the proposed ones in their places; a site that was removed meanwhile stays removed."""
    after = answers | change.values
    if "embed_sites" in change.values:
        new_sites, base = change.values["embed_sites"], change.base["embed_sites"]
        sites = [site for site in answers["embed_sites"] if site in new_sites or site not in base]
        after["embed_sites"] = sites + [site for site in new_sites if site not in base and site not in sites]
    return after


def at_once(answers: dict[str, Any], new_answers: dict[str, Any]) -> dict[str, Any]:
    """The part of what was typed that needs nobody else: the logo, its words, and fewer sites.

    No site at all means any site, so that the last one is not taken away at once.
    """
    sites = [site for site in new_answers["embed_sites"] if site in answers["embed_sites"]] or answers["embed_sites"]
    return new_answers | {name: answers[name] for name in REVIEWED} | {"embed_sites": sites}


def save(
    context: UseCaseContext, town: str, new_answers: dict[str, Any], who: SignedIn, *, replace: bool
) -> ProfileChangeStatus:
    """Keep what a manager typed: low risks at once, the rest as a change that waits. Moderators need not wait.

    Raises ProfileChangeWaitsError, unless `replace`; DatabaseError.
    """
    with context.writing() as session:
        answers = profile_answers(session, town, to_change=True)
        saved = new_answers if who.staff else at_once(answers, new_answers)
        changed = [name for name in new_answers if saved[name] != new_answers[name]]
        waiting_change = waiting_profile_change(session, town)
        if changed and waiting_change is not None and not replace:
            raise ProfileChangeWaitsError
        if saved != answers:
            save_town_profile(session, town, saved, Author(who.email, "town's page"))
        if not changed:
            return ProfileChangeStatus.APPROVED
        if waiting_change is not None:
            _replace(context, session, waiting_change, who)
        values = {name: new_answers[name] for name in changed}
        base = {name: saved[name] for name in changed}
        change = TownProfileChange(
            town=town, values=values, base=base, status=ProfileChangeStatus.WAITING, person_id=who.id, sent_at=now()
        )
        session.add(change)
        session.flush()
        log(session, Author(who.email, ""), LogKind.TOWN, town, "kit change sent", values, before=base)
        for person in profile_managers(session, context.gazetteer, town):
            if person.id != who.id:
                writer = context.writer(person.language)
                message = writer.profile_waits(who.email, base, values, f"{writer.site}/towns/{town}/manage")
                context.queue(session, person.email, message)
        return ProfileChangeStatus.WAITING


def _replace(context: UseCaseContext, session: Session, old: TownProfileChange, who: SignedIn) -> None:
    """Withdraw a waiting change for another one, and tell its sender if it is somebody else's."""
    _settle(session, old, ProfileChangeStatus.WITHDRAWN, who.email, "replaced")
    sender = session.get_one(Person, old.person_id)
    if sender.id != who.id:
        writer = context.writer(sender.language)
        message = writer.profile_replaced(who.email, f"{writer.site}/towns/{old.town}/manage")
        context.queue(session, sender.email, message)


def keep_logo(context: UseCaseContext, picture: EncodedPhoto) -> str:
    """Keep a picture that may become a town's logo; returns its digest. Raises DatabaseError."""
    with context.writing() as session:
        keep_photo(session, picture.digest, picture.content, picture.width, picture.height)
    return picture.digest


def take_back(context: UseCaseContext, number: int, who: SignedIn) -> None:
    """The sender takes a waiting change back. Raises DecisionNotAllowedError, StaleVersionError or DatabaseError."""
    with context.writing() as session:
        change = session.get(TownProfileChange, number)
        if change is None:
            raise StaleVersionError
        if change.person_id != who.id:
            raise DecisionNotAllowedError
        _settle(session, change, ProfileChangeStatus.WITHDRAWN, who.email, "")


def decide(
    context: UseCaseContext, town: str, number: int, status: ProfileChangeStatus, reason: str, who: SignedIn
) -> None:
    """A moderator, or another manager of the town's profile, approves or declines a change that waits.

    Raises ReasonMissingError, DecisionNotAllowedError, StaleVersionError or DatabaseError; nothing is changed then.
    """
    with context.writing() as session:
        change = session.get(TownProfileChange, number)
        if change is None or change.town != town:
            raise StaleVersionError
        sender = session.get_one(Person, change.person_id)
        answers = profile_answers(session, town, to_change=True)
        if not who.staff and not _may_decide(session, context.gazetteer, who, sender, town):
            raise DecisionNotAllowedError
        writer = context.writer(sender.language)
        text = in_their_language(reason.strip(), writer)
        if not text:
            raise ReasonMissingError
        _settle(session, change, status, who.email, text)
        if status is ProfileChangeStatus.APPROVED:
            author = Author(f"{sender.email}, approved by {who.email}", f"town's page: {text}")
            save_town_profile(session, town, _applied(answers, change), author)
        approved = status is ProfileChangeStatus.APPROVED
        context.queue(session, sender.email, writer.profile_decided(approved, text, f"{writer.site}/towns/{town}"))


def _may_decide(session: Session, places: PlaceLookup, who: SignedIn, sender: Person, town: str) -> bool:
    departments = _departments(session, places, who.id, town)
    return who.id != sender.id and stands_alone(session, session.get_one(Person, who.id), sender.email, departments)


def _settle(session: Session, change: TownProfileChange, status: ProfileChangeStatus, by: str, reason: str) -> None:
    """Note what became of a change. Raises StaleVersionError when somebody decided before."""
    if not settle_profile_change(session, change.id, status, by, reason):
        raise StaleVersionError
    log(session, Author(by, reason), LogKind.TOWN, change.town, f"kit change {status}", {"change": change.id})


DECISIONS = {"approve": ProfileChangeStatus.APPROVED, "decline": ProfileChangeStatus.DECLINED}

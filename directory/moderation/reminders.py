"""Reminders: the question twice a year, the first invitation, and how fresh the directory is."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from hashlib import sha256

from directory.clock import now
from directory.db.log import Author
from directory.db.queries.accounts import accepted_members, members
from directory.db.tables.accounts import Link, LinkPurpose
from directory.db.tables.reminders import Reminder
from directory.db.transaction import Session
from directory.errors import ConflictError
from directory.mail.message import Message
from directory.mailbox import mailbox_of
from directory.search.zone_status import age_of, today_of
from directory.store.loader import read_programs
from directory.store.repository import StoredZone, zone_records, zones_of
from directory.submissions.publishing import confirm
from directory.usecases.context import UseCaseContext
from directory.usecases.links import make_link, peek, spend_link
from directory.zones.freshness import Age
from directory.zones.programs import with_program
from directory.zones.schemas import Status, ZoneRecord
from directory.zones.zone_labels import zone_label

REMINDER_DAYS = (150, 170)
"""How many days after a confirmation a department is asked whether it still holds."""


@dataclass(frozen=True, slots=True)
class AskedZones:
    """What `remind` did: departments asked, zones asked about, and zones that nobody looks after."""

    departments: int = 0
    zones: int = 0
    nobody: int = 0


def remind(context: UseCaseContext, zones: Iterable[StoredZone], progress: Callable[[float], None]) -> AskedZones:
    """Ask every department whose confirmations are old enough; safe to run as often as one likes.

    One transaction a department: a question and the note that it was asked are kept together, or neither.
    Raises DatabaseError.
    """
    due: dict[str, list[StoredZone]] = defaultdict(list)
    for zone in zones:
        if zone.status is not Status.WITHDRAWN and milestone(zone.confirmed_on, today_of(zone)):
            due[zone.department_slug].append(zone)
    department_count = zone_count = nobody_count = 0
    for number, (department, due_zones) in enumerate(sorted(due.items()), start=1):
        with context.writing() as session:
            asked_about, unreachable = _ask(context, session, department, due_zones)
        department_count += bool(asked_about)
        zone_count += asked_about
        nobody_count += unreachable
        progress(number / len(due))
    return AskedZones(department_count, zone_count, nobody_count)


def milestone(confirmed_on: str, day: date) -> int:
    """Which of `REMINDER_DAYS` has come; 0 when none has."""
    if not confirmed_on:
        return 0
    days = (day - date.fromisoformat(confirmed_on)).days
    return max((at for at in REMINDER_DAYS if days >= at), default=0)


def _ask(context: UseCaseContext, session: Session, department: str, zones: Sequence[StoredZone]) -> tuple[int, int]:
    """Mail the question to everybody who looks after the zones: (zones asked about, zones without anybody)."""
    due = {zone.zone_id: milestone(zone.confirmed_on, today_of(zone)) for zone in zones}
    fresh = [one for one in zones if not session.get(Reminder, (one.zone_id, one.confirmed_on, due[one.zone_id]))]
    people = accepted_members(session, department)
    if not fresh or not people:
        return 0, 0 if people else len(zones)
    for zone in fresh:
        for days in REMINDER_DAYS:
            if days <= due[zone.zone_id]:
                session.merge(Reminder(zone_id=zone.zone_id, confirmed_on=zone.confirmed_on, days=days, at=now()))
    ids = [zone.zone_id for zone in fresh]
    labels = [zone_label(zone, zone.town) for zone in fresh]
    for person in people:
        subject = {"department": department, "zones": ids}
        token = make_link(session, LinkPurpose.STILL_RIGHT, person.email, subject)
        writer = context.writer(person.language)
        message = writer.reminder(labels, f"{writer.site}/still-right/{token}", f"{writer.site}/desk/{department}")
        context.queue(session, person.email, message)
    return len(fresh), 0


class ChangedSinceShownError(ConflictError):
    """The zones have changed since the page was shown; nothing is confirmed and the link is still good."""


@dataclass(frozen=True, slots=True)
class ReminderQuestion:
    """What a reminder asks: every zone that its button confirms, and a digest of all their facts."""

    zones: tuple[ZoneRecord, ...]
    shown: str


def asked_about(context: UseCaseContext, token: str) -> ReminderQuestion | None:
    """What a reminder asks, without answering it; None when the link is not good any more. Raises DatabaseError."""
    with context.reading() as session:
        link = peek(session, LinkPurpose.STILL_RIGHT, token)
        return _question(session, link) if link else None


def confirm_all(context: UseCaseContext, token: str, shown: str) -> ReminderQuestion | None:
    """The answer "yes": every zone of the reminder is confirmed today. None when the link is not good any more.

    `shown` is the digest of the page whose button was pressed. Raises ChangedSinceShownError or DatabaseError.
    """
    with context.writing() as session:
        link = spend_link(session, LinkPurpose.STILL_RIGHT, token)
        question = _question(session, link) if link else None
        if link is None or question is None:
            return None
        if question.shown != shown:
            raise ChangedSinceShownError
        ids = [zone.zone_id for zone in question.zones]
        _confirm_own(session, context, link.subject["department"], ids, link.email)
        return question


def _question(session: Session, link: Link) -> ReminderQuestion | None:
    """The department's zones that a link asks about; None when its owner does not speak for the department any more."""
    department = link.subject["department"]
    if mailbox_of(link.email) not in [person.mailbox for person in accepted_members(session, department)]:
        return None
    own = {zone.zone_id for zone in zones_of(session, department)}
    ids = [zone_id for zone_id in link.subject["zones"] if zone_id in own]
    records, programs = zone_records(session, ids), read_programs(session)
    zones = tuple(with_program(records[zone_id], programs) for zone_id in ids)
    digest = sha256("\n".join(zone.model_dump_json() for zone in zones).encode()).hexdigest()
    return ReminderQuestion(zones, digest)


def confirm_zones(context: UseCaseContext, department: str, zone_ids: Sequence[str], who: str) -> list[str]:
    """Somebody of the department confirms its zones; others are left out. Raises DatabaseError."""
    with context.writing() as session:
        return _confirm_own(session, context, department, zone_ids, who)


def _confirm_own(
    session: Session, context: UseCaseContext, department: str, zone_ids: Sequence[str], who: str
) -> list[str]:
    own = {zone.zone_id for zone in zones_of(session, department)}
    wanted = [zone_id for zone_id in zone_ids if zone_id in own]
    return confirm(session, context.gazetteer, wanted, Author(who, "still correct"))


@dataclass(frozen=True, slots=True)
class DepartmentInvitation:
    """A message that asks a department to take its entry over."""

    department: str
    name: str
    message: Message


def invitations(context: UseCaseContext, zones: Iterable[StoredZone], language: str) -> list[DepartmentInvitation]:
    """A message for each department that nobody looks after and whose zones nobody ever confirmed.

    Raises DatabaseError.
    """
    unasked: dict[str, list[StoredZone]] = defaultdict(list)
    for zone in zones:
        if not zone.confirmed_on and zone.status is not Status.WITHDRAWN:
            unasked[zone.department_slug].append(zone)
    result = []
    with context.reading() as session:
        for department, department_zones in sorted(unasked.items()):
            if members(session, department):
                continue
            writer = context.writer(language)
            pages = [(zone_label(zone, zone.town), f"{writer.site}/zones/{zone.zone_id}") for zone in department_zones]
            name = department_zones[0].department
            result.append(DepartmentInvitation(department, name, writer.invitation(name, pages)))
    return result


def mail_invitation(context: UseCaseContext, invitation: DepartmentInvitation, recipient: str) -> None:
    """Put an invitation into the outbox. Raises DatabaseError."""
    with context.writing() as session:
        context.queue(session, recipient, invitation.message)


@dataclass(frozen=True, slots=True)
class StateFreshness:
    """How fresh a state's entries are."""

    state: str
    zones: int
    fresh: int
    once: int

    @property
    def share(self) -> float:
        """The part confirmed within 180 days, 0 to 1."""
        return self.fresh / self.zones if self.zones else 0.0


def by_state(zones: Iterable[StoredZone]) -> list[StateFreshness]:
    """The freshness of every state, by code."""
    grouped: dict[str, list[Age]] = defaultdict(list)
    for zone in zones:
        grouped[zone.state].append(age_of(zone))
    return [
        StateFreshness(state, len(ages), ages.count(Age.FRESH), sum(age is not Age.NEVER_CONFIRMED for age in ages))
        for state, ages in sorted(grouped.items())
    ]


def oldest(zones: Iterable[StoredZone], limit: int) -> list[StoredZone]:
    """The entries nobody has said anything about for longest: by confirmation, else by the source's date."""
    dated = [zone for zone in zones if zone.confirmed_on or zone.source_date]
    return sorted(dated, key=lambda zone: (zone.confirmed_on or zone.source_date, zone.zone_id))[:limit]

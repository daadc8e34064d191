"""Reminders: departments are asked twice, before an entry grows old, whether it is still correct."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from directory.clock import now
from directory.db.queries.accounts import accepted_members
from directory.db.tables.accounts import LinkPurpose
from directory.db.tables.reminders import Reminder
from directory.db.transaction import Session
from directory.mail.links import make_link
from directory.search.zone_status import today_of
from directory.store.repository import StoredZone
from directory.use_case_context import UseCaseContext
from directory.zones.schemas import Status
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

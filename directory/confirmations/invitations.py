"""Invitations: messages to departments that nobody looks after and whose entries nobody ever confirmed."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from directory.db.queries.accounts import members
from directory.mail.message import Message
from directory.store.repository import StoredZone
from directory.use_case_context import UseCaseContext
from directory.zones.schemas import Status
from directory.zones.zone_labels import zone_label


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

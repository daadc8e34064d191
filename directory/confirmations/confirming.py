"""Confirmations: a department says that its entries are still correct, by a reminder's link or at its desk."""

from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256

from directory.db.log import Author
from directory.db.queries.accounts import accepted_members
from directory.db.tables.accounts import Link, LinkPurpose
from directory.db.transaction import Session
from directory.errors import ConflictError
from directory.mail.links import peek, spend_link
from directory.mail_address import mailbox_of
from directory.store.directory_reader import read_programs
from directory.store.repository import zone_records, zones_of
from directory.submissions.publishing import confirm
from directory.use_case_context import UseCaseContext
from directory.zones.programs import with_program
from directory.zones.schemas import ZoneRecord


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
    own_ids = [zone_id for zone_id in zone_ids if zone_id in own]
    return confirm(session, context.gazetteer, own_ids, Author(who, "still correct"))

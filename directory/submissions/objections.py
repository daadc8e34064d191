"""A manager's objection to what a colleague sent: a mailed link whose button leaves it to the moderators."""

from datetime import timedelta
from typing import NamedTuple

from directory.clock import now
from directory.db.log import Author, log
from directory.db.queries.accounts import links_mailed
from directory.db.queries.submissions import replace_submission
from directory.db.tables.accounts import Link, LinkPurpose, Person
from directory.db.tables.contributions.submissions import Submission, SubmissionStatus
from directory.db.tables.log import LogKind
from directory.db.transaction import Session
from directory.mail.links import make_link, peek, spend_link
from directory.store.repository import department_by_slug
from directory.submissions.risk.assessment import deciding_managers, other_managers
from directory.submissions.risk.wait_reasons import WaitReason
from directory.use_case_context import UseCaseContext

BETWEEN_STRANGERS = timedelta(hours=1)
"""After a notice of what somebody unproven sent, a manager gets none of another such submission for so long.

Anybody can send; were each told of, strangers would use up the mails that a mailbox gets within a day.
"""


class Objectable(NamedTuple):
    """The submission behind a good link, and whether the link's owner could decide on it at the desk."""

    row: Submission
    may_decide: bool


def tell_managers(context: UseCaseContext, session: Session, row: Submission) -> None:
    """Mail every other accepted manager what waits, with a link to object and the way to decide.

    What somebody unproven sent is told of once in `BETWEEN_STRANGERS`; moderators alone decide on it anyway.
    """
    slug = row.department_slug
    record = department_by_slug(session, slug)
    name = record.name if record else row.department
    deciding = {person.id for person in deciding_managers(session, row)}
    unproven = WaitReason.UNPROVEN in row.waits_for
    for person in other_managers(session, row):
        if unproven and _told_of_stranger(session, person):
            continue
        subject = {"submission": row.id, "version": row.version, "unproven": unproven}
        token = make_link(session, LinkPurpose.OBJECTION, person.email, subject)
        writer = context.writer(person.language)
        desk = f"{writer.site}/desk/{slug}/submissions/{row.id}" if person.id in deciding else ""
        message = writer.waiting(name, row.email, len(row.items), f"{writer.site}/objection/{token}", desk)
        context.queue(session, person.email, message)


def _told_of_stranger(session: Session, manager: Person) -> bool:
    """Whether a manager was mailed of somebody unproven lately, for whatever department."""
    lately = links_mailed(session, LinkPurpose.OBJECTION, manager.email, now() - BETWEEN_STRANGERS)
    return any(link.subject.get("unproven") for link in lately)


def objectable(context: UseCaseContext, token: str) -> Objectable | None:
    """What a link objects to, without objecting; None when it is not good any more. Raises DatabaseError."""
    with context.reading() as session:
        link = peek(session, LinkPurpose.OBJECTION, token)
        row = _as_mailed(session, link) if link else None
        if link is None or row is None:
            return None
        may_decide = any(person.email == link.email for person in deciding_managers(session, row))
        return Objectable(row, may_decide)


def object_to(context: UseCaseContext, token: str) -> Submission | None:
    """Object: from now on moderators alone decide. None when the link is not good any more.

    Raises StaleVersionError where somebody decides at the same moment, or DatabaseError.
    """
    with context.writing() as session:
        link = peek(session, LinkPurpose.OBJECTION, token)
        row = _as_mailed(session, link) if link else None
        if link is None or row is None or spend_link(session, LinkPurpose.OBJECTION, token) is None:
            return None
        at = now()
        values = {"objection": f"{link.email}, {at.date().isoformat()}"}
        replace_submission(session, row, values)
        log(session, Author(link.email, "mailed link"), LogKind.SUBMISSION, str(row.id), "objected")
        writer = context.writer(row.language)
        owner_link = f"{writer.site}/submit/{context.links.key(row, owner=True)}"
        context.queue(session, row.email, writer.left_to_moderators(row.department, owner_link))
        return row


def _as_mailed(session: Session, link: Link) -> Submission | None:
    """The submission that the mail told of, while it waits unchanged and the link's owner is still a manager."""
    row = session.get(Submission, int(link.subject["submission"]))
    if row is None or row.version != link.subject["version"] or row.state != SubmissionStatus.WAITING_FOR_REVIEW:
        return None
    return row if any(person.email == link.email for person in other_managers(session, row)) else None

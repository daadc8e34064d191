"""Queries about tokens and addresses of departments' zone lists, and the submissions that such lists became."""

from datetime import datetime

from sqlmodel import Session, col, func, select

from directory.db.tables.accounts import Person
from directory.db.tables.contributions.submissions import Channel, Submission, SubmissionStatus
from directory.db.tables.contributions.zone_lists import DepartmentToken, ZoneListAddress
from directory.zones.keys import slug_parts


def good_tokens(session: Session, department: str) -> list[tuple[DepartmentToken, Person]]:
    """A department's tokens that nobody has revoked with their makers, oldest first."""
    query = select(DepartmentToken, Person).join(Person, col(Person.id) == col(DepartmentToken.person_id))
    query = query.where(col(DepartmentToken.department) == department, col(DepartmentToken.revoked_at).is_(None))
    return [(token, person) for token, person in session.exec(query.order_by(col(DepartmentToken.id)))]


def token_by_digest(session: Session, digest: str) -> DepartmentToken | None:
    """The token of this digest that nobody has revoked, or None."""
    query = select(DepartmentToken).where(col(DepartmentToken.digest) == digest)
    return session.exec(query.where(col(DepartmentToken.revoked_at).is_(None))).first()


def due_addresses(session: Session, at: datetime) -> list[str]:
    """The departments whose list is to be read by then, the longest due first."""
    query = select(ZoneListAddress.department).where(col(ZoneListAddress.next_at) <= at)
    return list(session.exec(query.order_by(col(ZoneListAddress.next_at), col(ZoneListAddress.department))))


def address_count(session: Session) -> int:
    """How many departments have an address at which their list is read."""
    return session.exec(select(func.count()).select_from(ZoneListAddress)).one()


def list_submissions(session: Session, department: str, *states: SubmissionStatus) -> list[Submission]:
    """Submissions in one of these states that a department's zone list became, newest first."""
    query = select(Submission).where(
        col(Submission.channel).in_([Channel.PUSH, Channel.PULL]), col(Submission.state).in_(states),
        col(Submission.region) == slug_parts(department)[0].upper(),
    )  # fmt: skip
    rows = session.exec(query.order_by(col(Submission.id).desc()))
    return [row for row in rows if row.department_slug == department]

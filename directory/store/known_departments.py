"""Whether a department is named anywhere in the database."""

from sqlmodel import Session, col, select

from directory.db.tables.accounts import Membership, Proof
from directory.db.tables.contributions.submissions import Submission
from directory.db.tables.domains import ConfirmedDomain, DepartmentTown
from directory.store.repository import department_by_slug
from directory.zones.keys import department_slug, slug_parts


def is_known_department(session: Session, slug: str) -> bool:
    """Whether the directory, a person, a confirmed domain, a noted town or a submission names the department."""
    if department_by_slug(session, slug) is not None:
        return True
    for table in (Membership, Proof, ConfirmedDomain, DepartmentTown):
        if session.exec(select(table.department).where(col(table.department) == slug).limit(1)).first() is not None:
            return True
    region = slug_parts(slug)[0].upper()
    sent = select(Submission.department, Submission.region).where(col(Submission.region) == region).distinct()
    return any(department_slug(*names) == slug for names in session.exec(sent))

"""A department as its own people and as moderators see it, and what moderators note about it."""

from collections.abc import Sequence
from dataclasses import dataclass

from directory.clock import now
from directory.db.log import Author, log
from directory.db.queries.accounts import confirmed_domains, members, noted_towns, official_domains, proofs
from directory.db.queries.problem_reports import reports
from directory.db.queries.submissions import InQueue
from directory.db.tables.accounts import Membership, Person, Proof
from directory.db.tables.contributions.reports import ProblemReport
from directory.db.tables.domains import ConfirmedDomain, DepartmentTown, OfficialDomain
from directory.db.tables.log import LogKind
from directory.db.transaction import Session
from directory.errors import StaleVersionError
from directory.moderation.decisions import waiting_submissions
from directory.store.repository import department_by_slug, is_known_department
from directory.use_case_context import UseCaseContext
from directory.verification.domain_list import accepted
from directory.verification.jurisdiction import correct_kind
from directory.zones.departments.schemas import DepartmentRecord


@dataclass(frozen=True, slots=True)
class DepartmentPeople:
    """Who acts for a department, longest first, and the proofs of all of them, oldest first."""

    members: list[tuple[Membership, Person]]
    proofs: list[Proof]


@dataclass(frozen=True, slots=True)
class DepartmentDesk:
    """What a department's people see: themselves, the open reports about their zones, and what waits."""

    people: DepartmentPeople
    reports: list[ProblemReport]
    waiting: list[InQueue]


@dataclass(frozen=True, slots=True)
class DepartmentFile:
    """What moderators see: people, the domains that prove them, and the towns that the department also polices.

    `record` is None while the directory has no zone of the department.
    """

    people: DepartmentPeople
    record: DepartmentRecord | None
    official: list[OfficialDomain]
    confirmed: list[ConfirmedDomain]
    towns: list[DepartmentTown]


def _people(session: Session, slug: str) -> DepartmentPeople:
    return DepartmentPeople(members(session, slug), proofs(session, slug))


def desk_of(context: UseCaseContext, slug: str, zone_ids: Sequence[str]) -> DepartmentDesk | None:
    """A department's desk, with the reports about these zones; None where nobody named it. Raises DatabaseError."""
    with context.reading() as session:
        if not is_known_department(session, slug):
            return None
        return DepartmentDesk(
            _people(session, slug), reports(session, zone_ids=zone_ids), waiting_submissions(session, slug)
        )


def file_of(context: UseCaseContext, slug: str) -> DepartmentFile | None:
    """What moderators see of a department; None where nobody named it. Raises DatabaseError."""
    with context.reading() as session:
        if not is_known_department(session, slug):
            return None
        record = department_by_slug(session, slug)
        listed = official_domains(session, state=record.state) if record else []
        official = [pair.row for pair in accepted(listed, {slug: record})] if record else []
        return DepartmentFile(
            _people(session, slug), record, official, confirmed_domains(session, slug), noted_towns(session, slug)
        )


def is_known(context: UseCaseContext, slug: str) -> bool:
    """Whether anybody has named the department. Raises DatabaseError."""
    with context.reading() as session:
        return is_known_department(session, slug)


def set_kind(context: UseCaseContext, slug: str, kind: str, by: str) -> bool:
    """A moderator corrects the kind of agency that a name tells; False for no department. Raises DatabaseError."""
    with context.writing() as session:
        return correct_kind(session, context.gazetteer, slug, kind, Author(by, "kind of agency corrected"))


def note_town(context: UseCaseContext, department: str, town: str, evidence: str, by: str) -> None:
    """A moderator saw that a department also polices a town. Raises DatabaseError."""
    with context.writing() as session:
        session.merge(DepartmentTown(department=department, town=town, evidence=evidence, at=now(), noted_by=by))
        log(session, Author(by, evidence), LogKind.DEPARTMENT, department, "town noted", {"town": town})


def forget_town(context: UseCaseContext, department: str, town: str, by: str) -> None:
    """The department does not police the town. Raises StaleVersionError when that was not noted, or DatabaseError."""
    with context.writing() as session:
        row = session.get(DepartmentTown, (department, town))
        if row is None:
            raise StaleVersionError
        session.delete(row)
        log(session, Author(by, row.evidence), LogKind.DEPARTMENT, department, "town removed", {"town": town})

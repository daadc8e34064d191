"""Problem reports of which a department has not been mailed yet, and when it was mailed of others last."""

from dataclasses import dataclass
from datetime import timedelta

from sqlmodel import Session, col, func, select

from directory.clock import now
from directory.db.tables.accounts import Membership, Role
from directory.db.tables.contributions.reports import ProblemReport, ReportStatus
from directory.db.tables.published.zones import Department, Town, Zone
from directory.zones.report_kinds import ReportKind
from directory.zones.zone_labels import ZoneLabel, zone_label

BETWEEN_DIGESTS = timedelta(days=1)
UNMAILED = (col(ProblemReport.state) == ReportStatus.OPEN, col(ProblemReport.mailed_at).is_(None))
"""Conditions of a report that belongs into the next digest."""


@dataclass(frozen=True, slots=True)
class UnmailedReport:
    """An open report: its zone as a mail names it, the kind of problem, and the visitor's text."""

    zone: ZoneLabel
    kind: ReportKind
    text: str


def departments_to_mail(session: Session) -> list[str]:
    """The slugs of departments with accepted members, unmailed open reports, and no digest in a day."""
    mailed = (
        select(Zone.department_id)
        .join(ProblemReport, col(ProblemReport.zone_id) == col(Zone.zone_id))
        .where(col(ProblemReport.mailed_at) > now() - BETWEEN_DIGESTS)
    )
    query = (
        select(Department.slug)
        .join(Zone, col(Zone.department_id) == col(Department.id))
        .join(ProblemReport, col(ProblemReport.zone_id) == col(Zone.zone_id))
        .join(Membership, col(Membership.department) == col(Department.slug))
        .where(*UNMAILED, col(Membership.role) != Role.REMOVED, col(Membership.accepted_at).is_not(None))
        .where(col(Department.id).not_in(mailed))
    )
    return list(session.exec(query.distinct().order_by(col(Department.slug))))


def take_unmailed(session: Session, slug: str) -> tuple[str, list[UnmailedReport]]:
    """The department's name and its unmailed reports, oldest first, which are marked as mailed now.

    None are taken within a day of the last digest. The department's row is locked, so that of two workers the second
    sees what the first one took.
    """
    department = session.exec(select(Department).where(col(Department.slug) == slug).with_for_update()).one()
    of_department = col(Zone.department_id) == department.id
    mailed = select(func.max(ProblemReport.mailed_at)).join(Zone, col(Zone.zone_id) == col(ProblemReport.zone_id))
    last = session.exec(mailed.where(of_department)).one()
    if last is not None and now() - last < BETWEEN_DIGESTS:
        return department.name, []
    query = (
        select(ProblemReport, Zone, Town.name)
        .join(Zone, col(Zone.zone_id) == col(ProblemReport.zone_id))
        .join(Town, col(Town.id) == col(Zone.town_id))
        .where(of_department, *UNMAILED)
        .order_by(col(ProblemReport.id))
    )
    reports = []
    for report, zone, town in session.exec(query):
        report.mailed_at = now()
        session.add(report)
        reports.append(UnmailedReport(zone_label(zone, town), report.kind, report.text))
    return department.name, reports

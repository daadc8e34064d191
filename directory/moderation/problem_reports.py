"""Problem reports of visitors: kept for the department and the moderators, listed, and closed."""

from collections.abc import Sequence
from datetime import timedelta

from directory.clock import now
from directory.db.log import Author, log
from directory.db.queries.problem_reports import close_report, keep_report, open_report_count, reports, reports_since
from directory.db.tables.contributions.reports import ProblemReport
from directory.db.tables.log import LogKind
from directory.use_case_context import UseCaseContext
from directory.zones.report_kinds import ReportKind

REPORTS_A_DAY = 20
"""How many reports about one zone are kept within a day."""


def report_problem(context: UseCaseContext, zone_id: str, kind: ReportKind, text: str, contact: str) -> bool:
    """Keep a visitor's report for the desk and the department's next digest.

    False when the zone has its reports for today: the moderators know by then. Raises DatabaseError.
    """
    with context.writing() as session:
        if reports_since(session, zone_id, now() - timedelta(days=1)) >= REPORTS_A_DAY:
            return False
        keep_report(session, zone_id, kind, text, contact)
        return True


def open_reports(context: UseCaseContext) -> list[ProblemReport]:
    """Every open report, oldest first. Raises DatabaseError."""
    with context.reading() as session:
        return reports(session)


def count_open(context: UseCaseContext) -> int:
    """How many reports are open. Raises DatabaseError."""
    with context.reading() as session:
        return open_report_count(session)


def answer_report(
    context: UseCaseContext, number: int, answer: str, who: str, zone_ids: Sequence[str] | None = None
) -> bool:
    """Close a report; with `zone_ids`, only one about these zones. False when there is no such open report.

    Raises DatabaseError.
    """
    text = answer.strip()[:500]
    with context.writing() as session:
        if zone_ids is not None and all(report.id != number for report in reports(session, zone_ids=zone_ids)):
            return False
        closed = close_report(session, number, who, text)
        if closed:
            log(session, Author(who, text), LogKind.REPORT, str(number), "closed")
        return closed

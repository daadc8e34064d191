"""Queries about problem reports of visitors."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import update
from sqlmodel import Session, col, func, select

from directory.clock import now
from directory.db.tables.contributions.reports import ProblemReport, ReportStatus
from directory.zones.report_kinds import ReportKind


def keep_report(session: Session, zone_id: str, kind: ReportKind, text: str, contact: str) -> None:
    """Keep a problem report for the moderators."""
    session.add(ProblemReport(at=now(), zone_id=zone_id, kind=kind, text=text, contact=contact))
    session.flush()


def reports(
    session: Session, state: ReportStatus = ReportStatus.OPEN, zone_ids: Sequence[str] | None = None
) -> list[ProblemReport]:
    """Problem reports of a state, oldest first; optionally about these zones only."""
    query = select(ProblemReport).where(col(ProblemReport.state) == state).order_by(col(ProblemReport.id))
    if zone_ids is not None:
        query = query.where(col(ProblemReport.zone_id).in_(zone_ids))
    return list(session.exec(query))


def reports_since(session: Session, zone_id: str, since: datetime) -> int:
    """How many reports a zone got since then."""
    query = select(func.count()).select_from(ProblemReport)
    return session.exec(query.where(col(ProblemReport.zone_id) == zone_id, col(ProblemReport.at) > since)).one()


def close_report(session: Session, number: int, who: str, answer: str) -> bool:
    """Close an open report; False when it was closed already."""
    done = session.execute(
        update(ProblemReport)
        .where(col(ProblemReport.id) == number, col(ProblemReport.state) == ReportStatus.OPEN)
        .values(state=ReportStatus.CLOSED, closed_at=now(), closed_by=who, answer=answer)
    )
    return bool(done.rowcount == 1)  # type: ignore[attr-defined]


def open_report_count(session: Session) -> int:
    """How many problem reports wait."""
    return session.exec(
        select(func.count()).select_from(ProblemReport).where(col(ProblemReport.state) == ReportStatus.OPEN)
    ).one()

"""Queries about visits."""

from sqlalchemy import delete
from sqlmodel import Session, col, func, select

from directory.db.tables.contributions.visits import Visit, VisitAnswer


def visits_of(session: Session, zone_id: str, answer: VisitAnswer, *, since: str = "", after: int = 0) -> list[Visit]:
    """Such answers about a zone from a day on (ISO) and behind a row's number, in the order in which they came."""
    query = select(Visit).where(col(Visit.zone_id) == zone_id, col(Visit.answer) == answer)
    return list(session.exec(query.where(col(Visit.day) >= since, col(Visit.id) > after).order_by(col(Visit.id))))


def newest_visit(session: Session, zone_id: str, answer: VisitAnswer) -> int:
    """The number of the newest such answer about a zone, 0 when there is none."""
    query = select(func.max(Visit.id)).where(col(Visit.zone_id) == zone_id, col(Visit.answer) == answer)
    return session.exec(query).one() or 0


def visits_on(session: Session, zone_id: str, day: str) -> int:
    """How many answers about a zone bear that day."""
    query = select(func.count()).select_from(Visit).where(col(Visit.zone_id) == zone_id, col(Visit.day) == day)
    return session.exec(query).one()


def delete_visits(session: Session, zone_id: str, answer: VisitAnswer) -> None:
    """Delete every such answer about a zone."""
    session.execute(delete(Visit).where(col(Visit.zone_id) == zone_id, col(Visit.answer) == answer))

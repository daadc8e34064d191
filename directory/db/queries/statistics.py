"""Queries about counts for a town, by month: numbers only, nothing about who it was."""

from collections.abc import Mapping

from sqlalchemy import text
from sqlmodel import Session, col, select

from directory.db.tables.contributions.reports import ProblemReport
from directory.db.tables.published.zones import Town, Zone
from directory.db.tables.statistics import Statistic, TownStatistic

Counts = Mapping[tuple[str, str, Statistic], int]
"""(town, month, figure) → how many."""


def add_statistics(session: Session, counts: Counts) -> None:
    """Add to what was counted before, in the database itself, so that workers never overwrite each other."""
    statement = text(
        "INSERT INTO town_figure (town, month, figure, count) VALUES (:town, :month, :figure, :count) "
        "ON CONFLICT (town, month, figure) DO UPDATE SET count = town_figure.count + excluded.count"
    )
    # In one order, so that two machines that write at once never wait for each other.
    rows = [
        {"town": town, "month": month, "figure": figure.value, "count": count}
        for (town, month, figure), count in sorted(counts.items())
    ]
    if rows:
        session.connection().execute(statement, rows)


def statistics_of(session: Session, town: str) -> dict[str, dict[Statistic, int]]:
    """Month → figure → count, newest month first. Reports are counted from the reports themselves."""
    months: dict[str, dict[Statistic, int]] = {}
    for row in session.exec(select(TownStatistic).where(col(TownStatistic.town) == town)):
        months.setdefault(row.month, {})[Statistic(row.figure)] = row.count
    for month, count in _reports(session, town).items():
        months.setdefault(month, {})[Statistic.REPORTS] = count
    return dict(sorted(months.items(), reverse=True))


def _reports(session: Session, town: str) -> dict[str, int]:
    query = select(ProblemReport.at).join(Zone, col(Zone.zone_id) == col(ProblemReport.zone_id))
    query = query.join(Town, col(Town.id) == col(Zone.town_id)).where(col(Town.slug) == town)
    months: dict[str, int] = {}
    for at in session.exec(query):
        months[f"{at:%Y-%m}"] = months.get(f"{at:%Y-%m}", 0) + 1
    return months

"""A town's figures by month."""

from sqlalchemy import Engine

from directory.db.queries.statistics import statistics_of
from directory.db.tables.statistics import Statistic
from directory.db.transaction import transaction

Months = dict[str, dict[Statistic, int]]
"""Month ("2026-05"), newest first → figure → count."""


def read_months(engine: Engine, town: str) -> Months:
    """The figures of a town (its slug). Raises DatabaseError."""
    with transaction(engine, writes=False) as session:
        return statistics_of(session, town)

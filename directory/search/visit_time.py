"""The time of a visit by the clock of the place that is searched."""

from collections.abc import Callable
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from directory.geo import Coordinates
from directory.search.snapshots.snapshot import Snapshot

VisitTime = Callable[[datetime], datetime]
"""The time of a visit, from the time that it is where the search is: what "tonight" means depends on it."""


def time_of(
    visit: VisitTime | None, snapshot: Snapshot, place: Coordinates, now: datetime
) -> tuple[datetime | None, bool]:
    """The time of a visit at a place, and whether it is over, by the clock of the nearest zone; None for now."""
    if visit is None:
        return None, False
    nearest = snapshot.index.nearest(place, 1)
    clock = ZoneInfo(snapshot.zones[nearest[0][0]].time_zone) if nearest else UTC
    now_there = now.astimezone(clock)
    at = visit(now_there)
    at_there = at.replace(tzinfo=clock) if at.tzinfo is None else at.astimezone(clock)
    return at_there if at.tzinfo else at, at_there < now_there.replace(second=0, microsecond=0)

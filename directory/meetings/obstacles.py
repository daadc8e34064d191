"""Whether a zone can be used at the time of a meeting, as the directory stands now."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from directory.meetings.times import exists_at
from directory.search.zone_status import ZoneStatus, schedule, status_at
from directory.store.repository import StoredZone
from directory.zones.hours import Openness
from directory.zones.schemas import Status


class Obstacle(StrEnum):
    """Why people cannot meet at a zone at a time."""

    WITHDRAWN = "withdrawn"
    MOVED = "moved"
    PLANNED = "planned"
    CLOSED = "closed"
    OUT_OF_HOURS = "out_of_hours"
    NO_SUCH_TIME = "no_such_time"

    @property
    def is_sure(self) -> bool:
        """Whether nobody can be met there then; what moved or is planned may yet be in use, as a call may tell."""
        return self not in (Obstacle.MOVED, Obstacle.PLANNED)


OBSTACLES = {
    Status.WITHDRAWN: Obstacle.WITHDRAWN, Status.MOVED: Obstacle.MOVED, Status.PLANNED: Obstacle.PLANNED,
    Status.TEMPORARILY_CLOSED: Obstacle.CLOSED,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class JudgedTime:
    """A time of a meeting, naive by the zone's clock, with how the zone stands then and what is in the way.

    `outside_custody_hours`: the zone states hours for custody exchanges, and these are others.
    """

    at: datetime
    zone_status: ZoneStatus
    obstacle: Obstacle | None
    outside_custody_hours: bool = False


def judge(zone: StoredZone, at: datetime) -> JudgedTime:
    """Judge one time; unknown hours are no obstacle."""
    zone_status = status_at(zone, at)
    obstacle = OBSTACLES.get(zone_status.status)
    if obstacle is None and zone_status.open_state.openness is Openness.CLOSED:
        obstacle = Obstacle.OUT_OF_HOURS
    if not exists_at(at, zone.time_zone):
        obstacle = Obstacle.NO_SUCH_TIME
    custody = replace(schedule(zone), osm=zone.custody_hours).state_at(at)
    return JudgedTime(at, zone_status, obstacle, custody.openness is Openness.CLOSED)


def judge_all(zone: StoredZone, times: Iterable[datetime]) -> tuple[JudgedTime, ...]:
    """Judge the times of a series."""
    return tuple(judge(zone, at) for at in times)

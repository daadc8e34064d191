"""The status of a zone at a minute: what changes with the clock, judged once for all requests within that minute."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from functools import cached_property
from zoneinfo import ZoneInfo

from directory.clock import now
from directory.store.repository import StoredZone
from directory.zones.closures import all_closures, covers, end_of, is_closed
from directory.zones.freshness import Age, age_on
from directory.zones.hours import Openness, OpenState, Schedule
from directory.zones.schemas import Status, ZoneRecord

USABLE = (Status.ACTIVE,)
IN_USE = (Status.ACTIVE, Status.TEMPORARILY_CLOSED)
LOOK_AHEAD_DAYS = 400
"""How far ahead the end of a closure is looked for."""
MOST_ATTEMPTS = 60
"""How many openings that fall on closed days are passed over: more than a year of a weekly one."""


@dataclass(slots=True)
class ZoneStatus:
    """A zone at a minute; `json_parts` is for whoever has to write it down many times."""

    zone: StoredZone
    open_state: OpenState
    status: Status
    usable: bool
    json_parts: tuple[tuple[bytes, ...], bytes] | None = field(default=None, compare=False)


class ZoneNumbers:
    """The place of each zone among zones; lists by town or state ask for it, and most searches do not."""

    def __init__(self, zones: Sequence[StoredZone]) -> None:
        self._zones = zones

    def __call__(self, zone: StoredZone) -> int:
        """The number of one of the zones. Raises KeyError for another."""
        return self._by_id[zone.zone_id]

    @cached_property
    def _by_id(self) -> dict[str, int]:
        return {zone.zone_id: number for number, zone in enumerate(self._zones)}


class MinuteView:
    """The zones of a snapshot at a whole minute, each judged once.

    Zones are kept by their number: each search touches some dozen zones of tens of thousands, so that most of its time
    is waiting for memory. A list and bytes by number are in one place each; zones and what their ids find are not.
    """

    def __init__(self, minute: datetime, zones: Sequence[StoredZone], number_of: Callable[[StoredZone], int]) -> None:
        """`number_of` tells the number of a zone among `zones`."""
        self.minute = minute
        self.listing_verdicts = bytearray(len(zones))
        """The verdict on each zone by its number: may it be in a list that asks for nothing special? As it is met."""
        self._zones = zones
        self._number_of = number_of
        self._statuses: list[ZoneStatus | None] = [None] * len(zones)
        self._days: dict[str, date] = {}

    def of(self, zone: StoredZone) -> ZoneStatus:
        """The zone's status at this minute."""
        return self.numbered(self._number_of(zone))

    def numbered(self, number: int) -> ZoneStatus:
        """The same of a zone by its number in the snapshot."""
        zone_status = self._statuses[number]
        if zone_status is None:
            zone = self._zones[number]
            zone_status = self._statuses[number] = _judged(zone, self.minute, self.day(zone))
        return zone_status

    def is_usable(self, zone: StoredZone) -> bool:
        """Whether one can go to the zone, without a look at its hours: a search may ask this of all zones."""
        return status_on(zone, self.day(zone)) in USABLE

    def day(self, zone: StoredZone) -> date:
        """The day that it is where the zone is; looked up once for each time zone."""
        day = self._days.get(zone.time_zone)
        if day is None:
            day = self._days[zone.time_zone] = local_day(zone.time_zone, self.minute)
        return day


def status_at(zone: StoredZone, when: datetime) -> ZoneStatus:
    """One zone as it stands at `when`; a naive time is meant in the zone's own time."""
    return _judged(zone, when, local_day(zone.time_zone, when))


def _judged(zone: StoredZone, when: datetime, day: date) -> ZoneStatus:
    status = status_on(zone, day)
    return ZoneStatus(zone, open_state(zone, when), status, status in USABLE)


def schedule(zone: StoredZone) -> Schedule:
    """The zone's hours."""
    return Schedule(zone.opening_hours, zone.time_zone, zone.state, zone.latitude, zone.longitude)


def local_day(time_zone: str, when: datetime) -> date:
    """The day of `when` in a time zone; a naive time is meant in that zone's own time."""
    return (when if when.tzinfo is None else when.astimezone(ZoneInfo(time_zone))).date()


def with_another_day(time_zones: Iterable[str], one: datetime, other: datetime) -> set[str]:
    """Those of the time zones in which it was not the same day at both moments."""
    return {name for name in set(time_zones) if local_day(name, one) != local_day(name, other)}


def today_of(zone: StoredZone) -> date:
    """The day that it is where the zone is."""
    return local_day(zone.time_zone, now())


def age_of(zone: StoredZone) -> Age:
    """How old the zone's confirmation is where it is."""
    return age_on(zone.confirmed_on, today_of(zone))


def status_on(zone: ZoneRecord, day: date) -> Status:
    """The status that counts on `day`, a day of the zone's own time zone.

    A dated closure begins and ends by itself, and a move begins by itself. What is only planned, moved or withdrawn
    does not become anything else by being closed, nor by the end of a closure.
    """
    status = zone.status
    if status is Status.MOVED and zone.status_from > day.isoformat()[: len(zone.status_from)]:
        status = Status.ACTIVE
    if status in IN_USE:
        return Status.TEMPORARILY_CLOSED if is_closed(all_closures(zone), day) else Status.ACTIVE
    return status


WITHOUT_HOURS = {
    Status.PLANNED: OpenState(Openness.UNKNOWN), Status.MOVED: OpenState(Openness.UNKNOWN),
    Status.WITHDRAWN: OpenState(Openness.CLOSED),
}  # fmt: skip
"""What is known of a zone at which nobody may be met: its hours were stated for a place in use."""


def open_state(zone: StoredZone, when: datetime) -> OpenState:
    """Whether the zone is open at `when`, and when that changes: its hours, less the days on which it is closed."""
    if zone.status is Status.ACTIVE and not zone.closures:
        return schedule(zone).state_at(when)
    day = local_day(zone.time_zone, when)
    status = status_on(zone, day)
    if status in WITHOUT_HOURS:
        return WITHOUT_HOURS[status]
    if status is Status.TEMPORARILY_CLOSED:
        return _reopening(zone, day)
    closed_before = status_on(zone, day - timedelta(days=1)) is Status.TEMPORARILY_CLOSED
    state = schedule(zone).state_at(when, closed_before=closed_before)
    change = state.changes_at
    if state.openness is Openness.CLOSED:
        reopens = change is not None and status_on(zone, change.date()) is not Status.ACTIVE
        return _reopening(zone, change.date()) if reopens and change else state
    closes = _next_closed_day(zone, day, change.date() if change else day + timedelta(days=7))
    if closes is None or state.openness is Openness.UNKNOWN:
        return state
    midnight = datetime.combine(closes, time(0), ZoneInfo(zone.time_zone))
    return replace(state, changes_at=midnight) if change is None or midnight < change else state


def _next_closed_day(zone: StoredZone, first: date, last: date) -> date | None:
    """The first day from one of these to the other on which the zone is not in use."""
    days = (first + timedelta(days=number) for number in range((last - first).days + 1))
    return next((day for day in days if status_on(zone, day) is not Status.ACTIVE), None)


def _reopening(zone: StoredZone, day: date) -> OpenState:
    """Closed on `day`, and when it opens after it, where both the closures and the hours say so."""
    for _attempt in range(MOST_ATTEMPTS):
        opens = _next_day_in_use(zone, day)
        if opens is None:
            break
        midnight = datetime.combine(opens, time(0), ZoneInfo(zone.time_zone))
        state = schedule(zone).state_at(midnight, closed_before=True)
        if state.openness is Openness.OPEN:
            return OpenState(Openness.CLOSED, midnight)
        if state.openness is Openness.UNKNOWN or state.changes_at is None:
            break
        day = state.changes_at.date()
        if status_on(zone, day) is Status.ACTIVE:
            return OpenState(Openness.CLOSED, state.changes_at)
    return OpenState(Openness.CLOSED)


def _next_day_in_use(zone: StoredZone, day: date) -> date | None:
    """The first day from `day` on at which the zone is in use; None where none is known within 400 days."""
    last = day + timedelta(days=LOOK_AHEAD_DAYS)
    while day <= last:
        status = status_on(zone, day)
        if status is Status.ACTIVE:
            return day
        if status is not Status.TEMPORARILY_CLOSED or closed_without_end(zone, day):
            return None
        end = end_of(all_closures(zone), day)
        if end >= last:  # also 9999-12-31, after which there is no day
            return None
        day = end + timedelta(days=1)
    return None


def closed_without_end(zone: StoredZone, day: date) -> bool:
    """Whether the zone is closed on `day` until further notice."""
    return any("repeat" not in one and "until" not in one and covers(one, day) for one in all_closures(zone))

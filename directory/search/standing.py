"""How a zone stands at a minute: what the clock changes of it, judged once for all who ask within that minute."""

from collections.abc import Hashable
from dataclasses import dataclass, field
from datetime import date, datetime

from directory.hours import OpenState, Schedule
from directory.records.facts import Status
from directory.records.store import StoredZone

USABLE = (Status.ACTIVE,)
MOST_ANSWERS = 600
MOST_ASKED = 10_000
LARGEST_ANSWER = 40_000
"""Bytes: twenty-four megabytes at most, for each of the two moments that live."""


@dataclass(slots=True)
class Standing:
    """A zone at a minute; `parts` is for whoever has to write it down many times."""

    zone: StoredZone
    open_state: OpenState
    status: Status
    usable: bool
    parts: tuple[bytes, bytes, bytes] | None = field(default=None, compare=False)


class Moment:
    """The zones of a snapshot at a whole minute; `earlier` are the answers that the moment before this kept."""

    def __init__(self, minute: datetime, earlier: dict[Hashable, object] | None = None) -> None:
        self.minute = minute
        self.today = minute.date()
        self.wanted: dict[int, bool] = {}
        """Zone number → whether its status and age let it into a list that asks for nothing special; as it is met."""
        self._standings: dict[str, Standing] = {}
        self._answers: dict[Hashable, object] = {}
        self._asked: set[int] = set()
        self._earlier = earlier or {}

    def of(self, zone: StoredZone) -> Standing:
        """How this zone stands."""
        known = self._standings.get(zone.zone_id)
        if known is None:
            status = status_on(zone, self.today)
            state = schedule(zone).state_at(self.minute)
            known = self._standings[zone.zone_id] = Standing(zone, state, status, status in USABLE)
        return known

    def answer(self, key: Hashable) -> object | None:
        """An answer that was kept under this key; it is as good as new, since nothing changes within the minute."""
        return self._answers.get(key)

    def earlier(self, key: Hashable) -> object | None:
        """The answer that the moment before this kept under the key: whoever asks has to see whether it still holds."""
        return self._earlier.get(key)

    def let_go(self) -> dict[Hashable, object]:
        """The answers for the next moment; those of the moment before are forgotten."""
        self._earlier = {}
        return self._answers.copy()

    def asked_before(self, key: Hashable) -> bool:
        """Whether somebody asked for this, now the second time: most questions about places are asked once."""
        number = hash(key)
        if number in self._asked:
            return True
        if len(self._asked) >= MOST_ASKED:
            self._asked.clear()
        self._asked.add(number)
        return False

    def keep(self, key: Hashable, answer: object, size: int) -> None:
        """Keep an answer of so many bytes, in this process's memory and for this minute; the oldest makes room."""
        if size > LARGEST_ANSWER:
            return
        if len(self._answers) >= MOST_ANSWERS:
            self._answers.pop(next(iter(self._answers)), None)
        self._answers[key] = answer


def schedule(zone: StoredZone) -> Schedule:
    """The zone's hours."""
    return Schedule(zone.opening_hours, zone.time_zone, zone.state, zone.latitude, zone.longitude)


def status_on(zone: StoredZone, day: date) -> Status:
    """The status that counts on `day`: a dated closure begins and ends by itself."""
    if zone.status is Status.TEMPORARILY_CLOSED:
        today = day.isoformat()
        begun = not zone.status_from or zone.status_from <= today[: len(zone.status_from)]
        ended = bool(zone.status_until) and zone.status_until < today[: len(zone.status_until)]
        return zone.status if begun and not ended else Status.ACTIVE
    return zone.status

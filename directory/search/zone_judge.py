"""Which zones of a snapshot a search takes: status and age, usable or not, and what the filters ask for."""

from datetime import date, datetime

from directory.search.filters import Filters
from directory.search.snapshot import SHOWN, Snapshot
from directory.search.zone_status import status_on
from directory.store.repository import StoredZone
from directory.zones.freshness import Age, age_on
from directory.zones.schemas import Status, TriState


class ZoneJudge:
    """Judges zones by their number in the snapshot, each once."""

    def __init__(self, snapshot: Snapshot, filters: Filters, at: datetime) -> None:
        self._zones, self._filters = snapshot.zones, filters
        self.moment = snapshot.at(at)
        self.unstated: set[int] = set()
        """The zones that were left out because nobody stated the fact, of those that were judged."""
        self._usual = not (filters.planned or filters.faded)
        self._everything = not filters.any
        self._verdict = filters.judge()
        self._accepted: dict[int, bool] = {}

    def accepts(self, number: int) -> bool:
        """Whether the filters take a zone; an index asks this from near to far, of many zones more than once."""
        verdict = self._accepted.get(number)
        if verdict is None:
            verdict = self._accepted[number] = self._judge(number)
        return verdict

    def is_usable(self, number: int) -> bool:
        """Whether one can go there then."""
        return self.moment.is_usable(self._zones[number])

    def _judge(self, number: int) -> bool:
        wanted = self._is_wanted(number) and (not self._filters.usable or self.is_usable(number))
        if self._everything or not wanted:
            return wanted
        verdict = self._verdict(self._zones[number])
        if verdict is TriState.UNKNOWN:
            self.unstated.add(number)
        return verdict is TriState.YES

    def _is_wanted(self, number: int) -> bool:
        moment, zone = self.moment, self._zones[number]
        if not self._usual:
            return _wanted(zone, self._filters, moment.day(zone))
        verdict = moment.wanted.get(number)
        if verdict is None:
            verdict = moment.wanted[number] = _wanted(zone, self._filters, moment.day(zone))
        return verdict


def _wanted(zone: StoredZone, filters: Filters, today: date) -> bool:
    """Whether the zone's status and age let it into the list at all."""
    status = status_on(zone, today)
    if age_on(zone.confirmed_on, today) is Age.FADED and not filters.faded:
        return False
    return status in SHOWN or (status is Status.PLANNED and filters.planned)

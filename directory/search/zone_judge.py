"""Which zones of a snapshot a search takes: status and age, usable or not, and what the filters ask for."""

from datetime import datetime

from directory.search.filters import Filters
from directory.search.snapshots.snapshot import SHOWN, Snapshot
from directory.search.zone_status import status_on
from directory.zones.freshness import Age, age_on
from directory.zones.schemas import Status, TriState

UNJUDGED, REFUSED, ACCEPTED = range(3)
"""Verdicts on zones, a byte each."""


class ZoneJudge:
    """Judges zones by their number in the snapshot, each once."""

    def __init__(self, snapshot: Snapshot, filters: Filters, at: datetime, now: datetime) -> None:
        """Zones are judged for the time `at`; how old a confirmation is counts from `now`."""
        self._zones, self._filters = snapshot.zones, filters
        self.minute_view = snapshot.minute_view(at)
        self._present = self.minute_view if now is at else snapshot.minute_view(now)
        self.unstated: set[int] = set()
        """The zones that were left out because nobody stated the fact, of those that were judged."""
        self._usual = not (filters.planned or filters.faded) and self.minute_view is self._present
        self._verdict = filters.judge() if filters.any else None
        asks_nothing = self._usual and self._verdict is None
        self._verdicts = self.minute_view.listing_verdicts if asks_nothing else bytearray(len(self._zones))

    def accepts(self, number: int) -> bool:
        """Whether the filters take a zone; an index asks this from near to far, of many zones more than once."""
        verdict = self._verdicts[number]
        if verdict == UNJUDGED:
            verdict = self._verdicts[number] = ACCEPTED if self._judge(number) else REFUSED
        return verdict == ACCEPTED

    def is_usable(self, number: int) -> bool:
        """Whether one can go there then."""
        return self.minute_view.is_usable(self._zones[number])

    def _judge(self, number: int) -> bool:
        accepted = self._is_wanted(number) and (not self._filters.usable or self.is_usable(number))
        if self._verdict is None or not accepted:
            return accepted
        verdict = self._verdict(self._zones[number])
        if verdict is TriState.UNKNOWN:
            self.unstated.add(number)
        return verdict is TriState.YES

    def _is_wanted(self, number: int) -> bool:
        if not self._usual:
            return self._is_listed(number)
        verdicts = self.minute_view.listing_verdicts
        if verdicts[number] == UNJUDGED:
            verdicts[number] = ACCEPTED if self._is_listed(number) else REFUSED
        return verdicts[number] == ACCEPTED

    def _is_listed(self, number: int) -> bool:
        """Whether the zone's status then and its age now let it into the list at all.

        A confirmation of today has not faded for somebody who plans for a day in two years.
        """
        zone, filters = self._zones[number], self._filters
        if age_on(zone.confirmed_on, self._present.day(zone)) is Age.FADED and not filters.faded:
            return False
        status = status_on(zone, self.minute_view.day(zone))
        return status in SHOWN or (status is Status.PLANNED and filters.planned)

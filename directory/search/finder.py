"""The search: from words or a position to the nearest zones, with what a buyer needs to decide."""

import math
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import date, datetime

from directory.clock import now
from directory.geo import METERS_PER_MILE, Coordinates, compass_direction, distance_m
from directory.geocoding.answers import Answer, Geocode, NoMatch, Precision
from directory.geocoding.chain import GeocodingChain
from directory.geocoding.reading import clean, read_address
from directory.hours import Openness, OpenState
from directory.records.facts import Fact, Setting, Status
from directory.records.freshness import Age, age_on
from directory.records.store import StoredZone
from directory.search.snapshot import SHOWN, USABLE, SnapshotKeeper, schedule, status_on

FAR_M = 50 * METERS_PER_MILE
MAX_LIMIT = 50
LOBBIES = (Setting.LOBBY, Setting.LOBBY_AND_LOT)
LOTS = (Setting.PARKING_LOT, Setting.LOBBY_AND_LOT)


@dataclass(frozen=True, slots=True)
class Filters:
    """What a zone must offer. Only a stated yes passes: "not stated" is neither yes nor no."""

    open_at: datetime | None = None
    lobby: bool = False
    lot: bool = False
    recorded: bool = False
    lit: bool = False
    custody_exchange: bool = False
    step_free: bool = False
    confirmed: bool = False
    planned: bool = False
    faded: bool = False

    @property
    def any(self) -> bool:
        """Whether anything is asked for that a zone could lack."""
        return bool(self.open_at) or any(
            (self.lobby, self.lot, self.recorded, self.lit, self.custody_exchange, self.step_free, self.confirmed)
        )

    def verdict(self, zone: StoredZone) -> Fact:
        """Yes when the zone offers all that is asked, no when it lacks something, unknown otherwise."""
        verdicts = self._verdicts(zone)
        if Fact.NO in verdicts:
            return Fact.NO
        return Fact.UNKNOWN if Fact.UNKNOWN in verdicts else Fact.YES

    def _verdicts(self, zone: StoredZone) -> list[Fact]:
        asked = (
            (self.recorded, zone.cameras_recorded if zone.cameras is not Fact.NO else Fact.NO),
            (self.lit, zone.lighting),
            (self.custody_exchange, zone.custody_exchange),
            (self.step_free, zone.step_free),
            (self.confirmed, Fact.YES if zone.confirmed_on else Fact.NO),
            (self.lobby, _setting_is(zone, LOBBIES)),
            (self.lot, _setting_is(zone, LOTS)),
        )
        verdicts = [fact for wanted, fact in asked if wanted]
        if self.open_at:
            openness = schedule(zone).state_at(self.open_at).openness
            verdicts.append({Openness.OPEN: Fact.YES, Openness.CLOSED: Fact.NO}.get(openness, Fact.UNKNOWN))
        return verdicts


def _setting_is(zone: StoredZone, wanted: tuple[Setting, ...]) -> Fact:
    if zone.setting in wanted:
        return Fact.YES
    return Fact.UNKNOWN if zone.setting is Setting.UNKNOWN else Fact.NO


@dataclass(frozen=True, slots=True)
class Found:
    """A zone as seen from a place at a time."""

    zone: StoredZone
    distance_m: float
    direction: str
    open_state: OpenState
    status: Status

    @property
    def usable(self) -> bool:
        """Whether one can go there: neither closed for now, moved, planned nor withdrawn."""
        return self.status in USABLE


@dataclass(frozen=True, slots=True)
class SearchResult:
    """The answer to a search.

    `place` is None while the buyer still has to choose among `answer.candidates`. `closest_usable` is the nearest zone
    one can go to, also when it is farther than all that were found. `unstated` counts the zones that
    the filters left out because nobody stated the fact: those no farther than the last one found, or, when there
    are fewer than asked for, those within 50 miles.
    """

    answer: Answer
    place: Geocode | None = None
    found: tuple[Found, ...] = ()
    closest_usable: Found | None = None
    unstated: int = 0
    filters: Filters = field(default_factory=Filters)

    @property
    def nothing_near(self) -> bool:
        """Whether even the nearest zone is over 50 miles away, or there is none."""
        return not self.found or self.found[0].distance_m > FAR_M


class Finder:
    """Answers searches from the current snapshot."""

    def __init__(
        self,
        chain: GeocodingChain,
        keeper: SnapshotKeeper,
        clock: Callable[[], datetime] = now,
    ) -> None:
        self._chain = chain
        self._keeper = keeper
        self._clock = clock

    def search(
        self, words: str, filters: Filters | None = None, *, limit: int = 10, within_m: float = math.inf
    ) -> SearchResult:
        """The nearest zones to the place that `words` name.

        Raises BadAddress, NoMatch, GeocoderDown or DatabaseProblem.
        """
        answer = self.locate(words)
        if answer.place is None:
            return SearchResult(answer)
        return self._around(answer, answer.place, filters or Filters(), limit, within_m)

    def around(
        self, point: Coordinates, filters: Filters | None = None, *, limit: int = 10, within_m: float = math.inf
    ) -> SearchResult:
        """The nearest zones to a position. Raises DatabaseProblem."""
        label = f"{point.latitude:.4f}, {point.longitude:.4f}"
        place = Geocode(label, point, "coordinates", Precision.ADDRESS)
        return self._around(Answer((place,)), place, filters or Filters(), limit, within_m)

    def see(self, zone: StoredZone, origin: Coordinates | None = None) -> Found:
        """One zone as it stands now, from `origin` or from itself."""
        if origin is None:
            return self._found(zone, 0.0, "", self._clock())
        return self._seen_from(origin, zone, distance_m(origin, zone.coordinates), self._clock())

    def neighbours(self, point: Coordinates, limit: int, *, excluding: Callable[[StoredZone], bool]) -> list[Found]:
        """The nearest shown zones to `point` but for some."""
        snapshot, at = self._keeper.current(), self._clock()

        def accept(number: int) -> bool:
            zone = snapshot.zones[number]
            return zone.status in SHOWN and not excluding(zone)

        return [
            self._seen_from(point, snapshot.zones[number], meters, at)
            for number, meters in snapshot.index.nearest(point, limit, accept=accept)
        ]

    def locate(self, words: str) -> Answer:
        """Ask the chain; a town that only the directory knows stands where its zones are.

        Raises BadAddress, NoMatch, GeocoderDown or DatabaseProblem.
        """
        try:
            return self._chain.locate(words)
        except NoMatch:
            place = self._own_town(words)
            if place is None:
                raise
            return Answer((place,), partial=len(read_address(clean(words)).segments) > 1)

    def _own_town(self, words: str) -> Geocode | None:
        snapshot, reading = self._keeper.current(), read_address(clean(words))
        if not reading.segments or not reading.state:
            return None
        town = snapshot.town_named(reading.segments[-1], reading.state)
        zones = snapshot.by_town.get(town.slug, []) if town else []
        if town is None or not zones:
            return None
        label = f"{town.name}, {town.state}"
        return Geocode(label, zones[0].coordinates, "directory", Precision.PLACE, town.state, town.country)

    def _around(self, answer: Answer, place: Geocode, filters: Filters, limit: int, within_m: float) -> SearchResult:
        snapshot, at = self._keeper.current(), filters.open_at or self._clock()
        today = at.date()
        unstated: list[int] = []

        def accept(number: int) -> bool:
            zone = snapshot.zones[number]
            if not _wanted(zone, filters, today):
                return False
            verdict = filters.verdict(zone)
            if verdict is Fact.UNKNOWN:
                unstated.append(number)
            return verdict is Fact.YES

        origin = place.coordinates
        if not place.country:
            place = replace(place, country=self._chain.gazetteer.country_at(origin))
        nearest = snapshot.index.nearest(origin, limit, within_m=within_m, accept=accept)
        found = tuple(self._seen_from(origin, snapshot.zones[number], meters, at) for number, meters in nearest)
        asked = set(unstated)

        def usable(number: int) -> bool:
            return accept(number) and status_on(snapshot.zones[number], today) in USABLE

        first = snapshot.index.nearest(origin, 1, within_m=within_m, accept=usable)
        best = self._seen_from(origin, snapshot.zones[first[0][0]], first[0][1], at) if first else None
        reach = found[-1].distance_m if len(found) == limit else FAR_M
        left_out = snapshot.index.nearest(origin, len(asked), within_m=reach, accept=lambda number: number in asked)
        return SearchResult(answer, place, found, best, len(left_out), filters)

    def _seen_from(self, origin: Coordinates, zone: StoredZone, meters: float, at: datetime) -> Found:
        return self._found(zone, meters, compass_direction(origin, zone.coordinates), at)

    @staticmethod
    def _found(zone: StoredZone, meters: float, direction: str, at: datetime) -> Found:
        return Found(zone, meters, direction, schedule(zone).state_at(at), status_on(zone, at.date()))


def _wanted(zone: StoredZone, filters: Filters, today: date) -> bool:
    """Whether the zone's status and age let it into the list at all."""
    status = status_on(zone, today)
    if age_on(zone.confirmed_on, today) is Age.FADED and not filters.faded:
        return False
    return status in SHOWN or (status is Status.PLANNED and filters.planned)

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
from directory.search.keeper import SnapshotKeeper
from directory.search.snapshot import SHOWN, Snapshot
from directory.search.standing import Moment, Standing, schedule, status_on

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


@dataclass(slots=True)
class Found:
    """A zone as seen from a place at a time."""

    standing: Standing
    distance_m: float
    origin: Coordinates | None = None

    @property
    def zone(self) -> StoredZone:
        """The zone."""
        return self.standing.zone

    @property
    def open_state(self) -> OpenState:
        """Whether it is open then."""
        return self.standing.open_state

    @property
    def status(self) -> Status:
        """The status that counts then."""
        return self.standing.status

    @property
    def usable(self) -> bool:
        """Whether one can go there: neither closed for now, moved, planned nor withdrawn."""
        return self.standing.usable

    @property
    def direction(self) -> str:
        """The compass point in which the zone lies ("NE"); empty when it is seen from nowhere else."""
        return compass_direction(self.origin, self.zone.coordinates) if self.origin else ""


@dataclass(frozen=True, slots=True)
class SearchResult:
    """The answer to a search.

    `place` is None while the buyer still has to choose among `answer.candidates`. `closest_usable` is the nearest zone
    one can go to, also when it is farther than all that were found. `closest_shown` is the nearest zone on the site,
    whatever the filters say and however old it is. `unstated` counts the zones that
    the filters left out because nobody stated the fact: those no farther than the last one found, or, when there
    are fewer than asked for, those within 50 miles.
    """

    answer: Answer
    place: Geocode | None = None
    found: tuple[Found, ...] = ()
    closest_usable: Found | None = None
    closest_shown: Found | None = None
    unstated: int = 0
    filters: Filters = field(default_factory=Filters)

    @property
    def nothing_near(self) -> bool:
        """Whether even the nearest zone is over 50 miles away, or there is none."""
        return not self.found or self.found[0].distance_m > FAR_M


SWITCHES = {
    "recorded": Filters(recorded=True), "lit": Filters(lit=True), "custody": Filters(custody_exchange=True),
    "step_free": Filters(step_free=True), "confirmed": Filters(confirmed=True),
    "lobby": Filters(lobby=True), "lot": Filters(lot=True),
}  # fmt: skip
"""A search's parameter for each fact that one may ask for, and the filter that it means."""


def stated_counts(snapshot: Snapshot) -> dict[str, int]:
    """Of how many shown zones each fact is stated so that its filter takes them; "open_at": whose hours are known."""

    def count() -> dict[str, int]:
        shown = [zone for zone in snapshot.zones if zone.status in SHOWN]
        counts = {name: sum(asked.verdict(zone) is Fact.YES for zone in shown) for name, asked in SWITCHES.items()}
        hours = Filters(open_at=now())
        return {**counts, "open_at": sum(hours.verdict(zone) is not Fact.UNKNOWN for zone in shown)}

    return snapshot.once("stated counts", count)


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
        place = answer.place
        if place is None:
            return SearchResult(answer)
        if not place.country:
            place = replace(place, country=self.country_at(place.coordinates))
        return self._around(answer, place, filters or Filters(), limit, within_m)

    def around(
        self, point: Coordinates, filters: Filters | None = None, *, limit: int = 10, within_m: float = math.inf
    ) -> SearchResult:
        """The nearest zones to a position, whose country nobody looks up here. Raises DatabaseProblem."""
        label = f"{point.latitude:.4f}, {point.longitude:.4f}"
        place = Geocode(label, point, "coordinates", Precision.ADDRESS)
        return self._around(Answer((place,)), place, filters or Filters(), limit, within_m)

    def country_at(self, point: Coordinates) -> str:
        """The country of the nearest postal code."""
        return self._chain.gazetteer.country_at(point)

    def see(self, zone: StoredZone, origin: Coordinates | None = None) -> Found:
        """One zone as it stands now, from `origin` or from itself."""
        if origin is None:
            return Found(Moment(self._clock()).of(zone), 0.0)
        return Found(Moment(self._clock()).of(zone), distance_m(origin, zone.coordinates), origin)

    def neighbours(self, point: Coordinates, limit: int, *, excluding: Callable[[StoredZone], bool]) -> list[Found]:
        """The nearest shown zones to `point` but for some."""
        snapshot = self._keeper.current()
        moment = snapshot.at(self._clock())

        def accept(number: int) -> bool:
            zone = snapshot.zones[number]
            return zone.status in SHOWN and not excluding(zone)

        return [
            Found(moment.of(snapshot.zones[number]), meters, point)
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
        look = _Look(self._keeper.current(), place.coordinates, filters, filters.open_at or self._clock(), within_m)
        found = look.nearest(limit)
        usable = next((seen for seen in found if seen.usable), None) or look.first_usable()
        reach = found[-1].distance_m if len(found) == limit else FAR_M
        return SearchResult(
            answer, place, found, usable, look.closest_shown(found), look.unstated_within(reach), filters
        )


class _Look:
    """One look around from a place: which zones were met, and what became of them."""

    def __init__(
        self, snapshot: Snapshot, origin: Coordinates, filters: Filters, at: datetime, within_m: float
    ) -> None:
        self._snapshot, self._origin, self._filters, self._within_m = snapshot, origin, filters, within_m
        self._zones = snapshot.zones
        self._moment = snapshot.at(at)
        self._usual = not (filters.planned or filters.faded)
        self._everything = not filters.any
        self._unstated: set[int] = set()
        self._closest_shown: int | None = None

    def nearest(self, limit: int) -> tuple[Found, ...]:
        """The nearest zones that the filters take."""
        return self._found(limit, self._accept)

    def first_usable(self) -> Found | None:
        """The nearest of these that one can go to."""

        def usable(number: int) -> bool:
            return self._accept(number) and self._moment.of(self._zones[number]).usable

        return next(iter(self._found(1, usable)), None)

    def closest_shown(self, found: tuple[Found, ...]) -> Found | None:
        """The nearest zone that is shown anywhere on the site: nearly always the first of those that were found."""
        if self._closest_shown is None:
            return next(iter(self._found(1, self._is_shown, math.inf)), None)
        zone = self._zones[self._closest_shown]
        if found and found[0].zone is zone:
            return found[0]
        return Found(self._moment.of(zone), distance_m(self._origin, zone.coordinates), self._origin)

    def unstated_within(self, reach_m: float) -> int:
        """How many zones the filters left out, no farther than this, because nobody stated the fact."""
        if not self._unstated:
            return 0
        index, asked = self._snapshot.index, self._unstated
        return len(index.nearest(self._origin, len(asked), within_m=reach_m, accept=asked.__contains__))

    def _found(self, limit: int, accept: Callable[[int], bool], within_m: float | None = None) -> tuple[Found, ...]:
        within_m = self._within_m if within_m is None else within_m
        nearest = self._snapshot.index.nearest(self._origin, limit, within_m=within_m, accept=accept)
        of, zones, origin = self._moment.of, self._zones, self._origin
        return tuple([Found(of(zones[number]), meters, origin) for number, meters in nearest])

    def _accept(self, number: int) -> bool:
        """Asked of one zone after the other, from near to far."""
        if self._closest_shown is None and self._is_shown(number):
            self._closest_shown = number
        wanted = self._is_wanted(number)
        if self._everything or not wanted:
            return wanted
        verdict = self._filters.verdict(self._zones[number])
        if verdict is Fact.UNKNOWN:
            self._unstated.add(number)
        return verdict is Fact.YES

    def _is_wanted(self, number: int) -> bool:
        moment = self._moment
        if not self._usual:
            return _wanted(self._zones[number], self._filters, moment.today)
        known = moment.wanted.get(number)
        if known is None:
            known = moment.wanted[number] = _wanted(self._zones[number], self._filters, moment.today)
        return known

    def _is_shown(self, number: int) -> bool:
        return self._zones[number].status in SHOWN


def _wanted(zone: StoredZone, filters: Filters, today: date) -> bool:
    """Whether the zone's status and age let it into the list at all."""
    status = status_on(zone, today)
    if age_on(zone.confirmed_on, today) is Age.FADED and not filters.faded:
        return False
    return status in SHOWN or (status is Status.PLANNED and filters.planned)

"""A search between several places as a reader says it: who goes how far, and why a zone is on top."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import count

from directory.geocoding.results import (
    BadAddressError,
    Geocode,
    GeocoderUnavailableError,
    GeocodingError,
    NoMatchError,
    Precision,
)
from directory.routing.router import Mode, Trip
from directory.search.meetings.meeting_results import MeetingHit, MeetingResult, PlaceAnswer
from directory.store.repository import StoredZone
from directory.text import translatable
from directory.web.i18n.translate import _, list_words, translate
from directory.web.presenters.distances import HERE_M, distance, rough_distance, rough_words, unit_m, whole_distance
from directory.web.presenters.regions import state_name
from directory.web.presenters.results.geocoding import sentences, unknown_place, words_that_find
from directory.web.presenters.results.travel import duration, travel_problem
from directory.web.query.meeting_parameters import PLACES
from directory.zones.schemas import AREAS

FACT_WORDS = {
    "open": translatable("open then"), "now": translatable("open now"), "recorded": translatable("recorded"),
    "lit": translatable("lit"), "confirmed": translatable("confirmed"),
}  # fmt: skip


_BY_ROAD = {
    Mode.DRIVE: translatable("Ranked by straight lines. Times are driving times without traffic, distances by road."),
    Mode.WALK: translatable("Ranked by straight lines. Times are walking times, distances along the way."),
}
_BY_TIME = {
    Mode.DRIVE: translatable(
        "In order of the longest driving time of anybody, without traffic. Distances are by road."
    ),
    Mode.WALK: translatable("In order of the longest walking time of anybody. Distances are along the way."),
}


@dataclass(frozen=True, slots=True)
class People:
    """Those who meet: a name for each of them, where they are, and whether that is anybody else's business.

    Where it is nobody's, the distances are said to the mile or kilometre only.
    """

    names: Sequence[str]
    places: Sequence[Geocode]
    private: bool = False


@dataclass(frozen=True, slots=True)
class TripLine:
    """One person's way to a zone: `share` is its length in hundredths of the longest on the page.

    `straight` says the distance in a straight line where `text` is that of a trip on the road.
    """

    name: str
    text: str
    share: int
    straight: str = ""


@dataclass(frozen=True, slots=True)
class TripScale:
    """What the bars of a page are measured against: its longest trip in metres, in seconds where `by_time`."""

    longest: float
    by_time: bool


@dataclass(frozen=True, slots=True)
class PlaceField:
    """The field for one of the places: its parameter, its label, what was typed, and what became of that.

    `missing`: the form was sent, and nothing stands in a field that it cannot do without.
    """

    name: str
    label: str
    text: str = ""
    answer: PlaceAnswer | None = None
    missing: bool = False


@dataclass(frozen=True, slots=True)
class MeetingRow:
    """A zone of the list, in what it is the best, and its rank: 0 for a place that nobody can use then."""

    hit: MeetingHit
    reason: str = ""
    number: int = 0

    @property
    def zones(self) -> list[StoredZone]:
        """Those of its number."""
        return [self.hit.zone]


def themselves(count: int) -> list[str]:
    """The names of so many people, as the one who typed their places says them."""
    if count == 2:
        return [_("You"), _("Other person")]
    return [_("You"), *[_("Person %(number)s", number=number) for number in range(2, count + 1)]]


def both_sides() -> list[str]:
    """The names of two people who each see the same page."""
    return [_("Who sent the link"), _("Who answered")]


def order_sentences(people: People, result: MeetingResult, mode: Mode | None) -> list[str]:
    """What the order and the distances of a page are; `mode` is the mode that the reader asked for."""
    travel = result.travel
    if travel.mode is None or travel.is_missing:
        return [*travel_problem(travel), _straight(people)]
    if not travel.by_time:
        return [translate(_BY_ROAD[travel.mode])]
    reason = [] if mode else [_("Somebody's straight line crosses water or a border.")]
    return [*reason, translate(_BY_TIME[travel.mode]), *travel_problem(travel)]


def shared_order_sentences(result: MeetingResult) -> list[str]:
    """Likewise for a list that two people see, who are told no times."""
    if not result.travel.by_time:
        return travel_problem(result.travel) if result.travel.is_missing else []
    reason = _("Somebody's straight line crosses water or a border.")
    order = _("In order of the longest driving time of anybody. Distances are in a straight line.")
    return [reason, order, *travel_problem(result.travel)]


def _straight(people: People) -> str:
    rough = [place.label for place in people.places if place.precision.is_area]
    if people.private or not rough:
        return _("Distances are in a straight line.")
    return _("Distances are in a straight line; from the middle of %(places)s, so they are rough.",
             places=list_words(rough))  # fmt: skip


def trips(hit: MeetingHit, people: People, units: str, scale: TripScale) -> list[TripLine]:
    """Everybody's way to a zone."""
    roads = hit.trips or (None,) * len(hit.meters)
    ways = zip(people.names, people.places, hit.meters, roads, strict=True)
    return [_trip(hit, people, units, scale, way) for way in ways]


def _trip(
    hit: MeetingHit, people: People, units: str, scale: TripScale, way: tuple[str, Geocode, float, Trip | None]
) -> TripLine:
    name, place, meters, road = way
    straight = _length_from_place(hit, meters, place, people, units)
    if scale.by_time:
        share = _share(road.seconds if road else 0.0, scale.longest)
    else:
        share = _share(_rounded(meters, people, units), _rounded(scale.longest, people, units))
    if by_road := _road(road, hit, place, units):
        return TripLine(name, by_road, share, _("%(distance)s in a straight line", distance=straight))
    return TripLine(name, _("%(distance)s in a straight line", distance=straight) if hit.trips else straight, share)


FIELD_LABELS = (
    translatable("Where are you?"), translatable("Where is the other person?"), translatable("A third person"),
    translatable("A fourth person"), translatable("A fifth person"),
)  # fmt: skip


def place_fields(
    texts: Mapping[str, str] | None = None,
    answers: Mapping[str, PlaceAnswer] | None = None,
    missing: Collection[str] = (),
) -> list[PlaceField]:
    """The fields for all the places that there may be, filled with what was typed; by the name of the parameter."""
    texts, answers = texts or {}, answers or {}
    return [
        PlaceField(name, translate(label), texts.get(name, ""), answers.get(name), name in missing)
        for name, label in zip(PLACES, FIELD_LABELS, strict=True)
    ]


def place_problem(answer: PlaceAnswer) -> list[str]:
    """Why words name no place to meet from, and what to do."""
    outcome = answer.outcome
    read = [sentence.text for sentence in sentences(answer.interpretation)]
    if isinstance(outcome, GeocoderUnavailableError):
        return [
            *read,
            _("The services that know street addresses are silent right now. Postal codes and towns still work."),
        ]
    if isinstance(outcome, BadAddressError):
        return read or [
            _("Type an address of at most 200 characters, a ZIP or postal code, a town and state, or coordinates.")
        ]
    if isinstance(outcome, GeocodingError):
        degraded = isinstance(outcome, NoMatchError) and outcome.degraded
        unknown = unknown_place(answer.query, degraded=degraded, noted=bool(read))
        return [*read, unknown] if unknown else read
    if outcome.region:
        return [*read, _("That is a whole state or province: add a town, or type a ZIP or postal code.")]
    if len(outcome.candidates) > 1:
        return [*read, _("Several places fit “%(words)s”: choose one, or add the state.", words=answer.query)]
    return read or [_("Is this the place?")]


def place_choices(answer: PlaceAnswer | None) -> list[tuple[str, str]]:
    """What may have been meant instead: (the words that find it, its label with what tells it from others)."""
    if answer is None or answer.place is not None:
        return []
    towns = [place for place in answer.candidates if place.precision != Precision.REGION]
    return [(words_that_find(place, answer.candidates), _told_apart(place)) for place in towns]


def _told_apart(place: Geocode) -> str:
    parts = [place.county, state_name(place.state)]
    return " · ".join([place.label, ", ".join(filter(None, parts))]).removesuffix(" · ")


def scale_of(result: MeetingResult) -> TripScale:
    """The longest trip on the page."""
    hits = (*result.hits, *result.answers)
    if result.travel.by_time and (longest := [max(hit.seconds) for hit in hits if hit.seconds]):
        return TripScale(max(longest), by_time=True)
    return TripScale(max([hit.distance_m for hit in hits], default=0.0), by_time=False)


def rows(result: MeetingResult, people: People, units: str) -> list[MeetingRow]:
    """The zones on top, then the others, with the numbers of those that people can use."""
    on_top = _answers(result, people, units)
    zone_ids = {row.hit.zone.zone_id for row in on_top}
    listed = [*on_top, *(MeetingRow(hit) for hit in result.hits if hit.zone.zone_id not in zone_ids)]
    numbers = count(1)
    return [replace(row, number=next(numbers) if row.hit.usable else 0) for row in listed]


def _answers(result: MeetingResult, people: People, units: str) -> list[MeetingRow]:
    """The zones on top: the fairest, that with the least driving together, the best known; each once."""
    fairest, together, best_known = result.fairest, result.least_together, result.best_known
    reasons: list[tuple[MeetingHit, str]] = []
    if fairest:
        reasons.append((fairest, _fairest(fairest, result, people, units)))
    if together:
        reasons.append((together, _together(together, result, people, units)))
    if best_known and best_known != fairest:
        reasons.append((best_known, _best_known_reason(best_known, now=result.judged_at is None)))
    by_zone: dict[str, list[tuple[MeetingHit, str]]] = {}
    for hit, reason in reasons:
        by_zone.setdefault(hit.zone.zone_id, []).append((hit, reason))
    return [MeetingRow(same[0][0], " · ".join(reason for _hit, reason in same)) for same in by_zone.values()]


def _fairest(hit: MeetingHit, result: MeetingResult, people: People, units: str) -> str:
    if result.travel.by_time and hit.seconds:
        return _("Fairest: nobody travels longer than %(time)s", time=duration(max(hit.seconds)))
    return _("Fairest: nobody goes farther than %(distance)s", distance=_line(hit.distance_m, hit, people, units))


def _together(hit: MeetingHit, result: MeetingResult, people: People, units: str) -> str:
    if result.travel.by_time and hit.seconds:
        return _("Least travel together: %(time)s", time=duration(sum(hit.seconds)))
    return _("Least driving together: %(distance)s", distance=_line(hit.total_m, hit, people, units))


def _line(meters: float, hit: MeetingHit, people: People, units: str) -> str:
    """A distance, called one in a straight line where the way on the road is known for some."""
    length = _length(meters, people, units)
    return _("%(distance)s in a straight line", distance=length) if hit.trips else length


def area_of(place: Geocode) -> str:
    """The name of the town or postal area from whose middle was measured; empty for an exact place."""
    return place.name if place.precision.is_area else ""


def _road(trip: Trip | None, hit: MeetingHit, place: Geocode, units: str) -> str:
    """ "18 min · 9.1 mi"; empty where no trip is known, and where no more is known of the zone than its town."""
    if trip is None or hit.zone.location_source in AREAS:
        return ""
    rough = place.precision.is_area or hit.zone.approximate
    far = whole_distance(trip.meters, units) if place.precision.is_area else distance(trip.meters, units)
    text = f"{duration(trip.seconds, rough=rough)} · {far}"
    return _("about %(distance)s", distance=text) if rough else text


def _length_from_place(hit: MeetingHit, meters: float, place: Geocode, people: People, units: str) -> str:
    if people.private:
        return _length(meters, people, units)
    rough = rough_distance(hit.zone, meters, area_of(place), units)
    return rough or (_("at this place") if meters < HERE_M else distance(meters, units))


def _length(meters: float, people: People, units: str) -> str:
    if not people.private:
        areas = any(place.precision.is_area for place in people.places)
        return whole_distance(meters, units) if areas else distance(meters, units)
    return rough_words(meters, units)


def _rounded(meters: float, people: People, units: str) -> float:
    """A distance as exactly as the page says it: a bar must not tell more than the words beside it."""
    return max(1, round(meters / unit_m(units))) * unit_m(units) if people.private else meters


def _share(meters: float, longest_m: float) -> int:
    return round(100 * meters / longest_m) if longest_m else 0


def _best_known_reason(hit: MeetingHit, *, now: bool) -> str:
    names = ["now" if now and name == "open" else name for name in hit.known_facts]
    return _("Best known: %(facts)s", facts=", ".join(translate(FACT_WORDS[name]) for name in names))

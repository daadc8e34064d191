"""The chain: who is asked for an address, in which order, and what the buyer is told when some are silent."""

import time
import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any, Protocol

from directory.geo import Coordinates, distance_m
from directory.geocoding.address_parser import ParsedAddress, clean, read_address
from directory.geocoding.gazetteer import FAR_APART_M, MAX_CANDIDATES, Gazetteer
from directory.geocoding.matching.match import Match
from directory.geocoding.matching.matcher import Matcher
from directory.geocoding.matching.place_names import NO_NAMES, NameSource
from directory.geocoding.position_parser import (
    TypedPosition,
    completed,
    leading_point,
    read_point,
    short_code,
)
from directory.geocoding.providers.provider import GeocodingProvider
from directory.geocoding.results import (
    Geocode,
    GeocodeResult,
    GeocoderUnavailableError,
    Interpretation,
    NoMatchError,
    Note,
    Precision,
)

HIT_LIFETIME = timedelta(days=30)
MISS_LIFETIME = timedelta(days=1)
BELIEVABLE_M = 80_000
"""An online answer farther than this from the ZIP or town in the address is not believed."""


class AnswerStore(Protocol):
    """Keeps what online geocoders answered, to be found by the same text only; an outage is never stored."""

    def get(self, text: str) -> list[dict[str, Any]] | None:
        """The stored candidates as plain values (an empty list is a stored miss), or None."""

    def put(self, text: str, candidates: list[dict[str, Any]], lifetime: timedelta) -> None:
        """Store candidates for at most that long, in days."""


Heard = Callable[[str, str], None]
"""Told after each call of an online geocoder: its name, and "answered", "no_match" or "silent"."""


def nobody_listens(_service: str, _outcome: str) -> None:
    """Hear nothing."""


class GeocodingChain:
    """Turns what people type into places.

    In order: coordinates typed as such, the gazetteer when the text is just a postal code or a town, stored
    answers, each online geocoder, and at last the postal code or town inside the address.
    """

    def __init__(
        self,
        gazetteer: Gazetteer,
        online: Sequence[GeocodingProvider],
        answers: AnswerStore,
        deadline_seconds: float = 3.0,
        clock: Callable[[], float] = time.monotonic,
        heard: Heard = nobody_listens,
    ) -> None:
        self._heard = heard
        self.gazetteer = gazetteer
        self._online = tuple(online)
        self._answers = answers
        self._deadline = deadline_seconds
        self._clock = clock

    def locate(self, text: str, own: NameSource = NO_NAMES) -> GeocodeResult:
        """Find the place that `text` names; `own` are the names that the directory itself knows.

        Raises BadAddressError, NoMatchError or GeocoderUnavailableError.
        """
        text = clean(text)
        if position := read_point(text):
            return self._position(text, position)
        if led := leading_point(text):
            answer = self._position(text, led[0])
            read = replace(answer.interpretation, notes=(*answer.interpretation.notes, Note("unread_words", led[1])))
            return replace(answer, partial=True, interpretation=read)
        matcher = Matcher(self.gazetteer, own)
        if short := short_code(text):
            return _completed(text, short[0], matcher.match(short[1]))
        match = matcher.match(text)
        if match.candidates and match.whole:
            return _answer(text, match)
        return self._address(text, match, matcher)

    def _position(self, text: str, typed: TypedPosition) -> GeocodeResult:
        """A position at its word, unless it lies far from the directory's countries and a corrected one does not."""
        meant = [] if self._is_plausible(typed) else typed.corrected()
        meant = [(code, point) for code, point in meant if self.gazetteer.states_near(point)]
        if not meant and is_far_outside(typed.point):
            raise NoMatchError(
                "This position lies outside the United States and Canada.", notes=(Note("outside", text),)
            )
        if not meant:
            return GeocodeResult((_at(typed.point),), interpretation=Interpretation(text, _at(typed.point).label))
        notes = tuple(Note(code, text, _at(point)) for code, point in meant)
        candidates = tuple(_at(point) for _, point in meant)
        return GeocodeResult(candidates[:MAX_CANDIDATES], asks=True, interpretation=Interpretation(text, notes=notes))

    def _is_plausible(self, typed: TypedPosition) -> bool:
        return typed.is_on_earth and bool(self.gazetteer.states_near(typed.point))

    def _address(self, text: str, match: Match, matcher: Matcher) -> GeocodeResult:
        """An address: whatever is stored, then the online geocoders, then the town inside it."""
        normalized = unicodedata.normalize("NFKC", text).casefold()
        stored = self._answers.get(normalized)
        if stored is not None:
            found, silent = [Geocode.from_json(candidate) for candidate in stored], False
        else:
            found, silent = self._ask_online(text, matcher)
            # A miss counts only when everyone was asked: an outage is never remembered.
            if self._online and (found or not silent):
                lifetime = HIT_LIFETIME if found else MISS_LIFETIME
                self._answers.put(normalized, [candidate.to_json() for candidate in found], lifetime)
        if found:
            return _online_answer(text, found, match)
        if match.candidates:
            return _answer(text, match, degraded=silent)
        if silent:
            raise GeocoderUnavailableError("the services that know street addresses do not answer", match.notes)
        raise NoMatchError("nobody knows this address", match.similar, match.notes)

    def _ask_online(self, text: str, matcher: Matcher) -> tuple[list[Geocode], bool]:
        """What the first service that knows the address says, and whether any service was silent."""
        parsed = read_address(text)
        ends = self._clock() + self._deadline
        silent = False
        for geocoder in self._online:
            if not geocoder.knows(parsed):
                continue
            seconds_left = ends - self._clock()
            if seconds_left <= 0.05:
                return [], True
            try:
                found = geocoder.locate(text, seconds_left)
            except GeocoderUnavailableError:
                self._heard(geocoder.name, "silent")
                silent = True
                continue
            self._heard(geocoder.name, "answered" if found else "no_match")
            if found := choose(believable(found, matcher.readings(text), parsed)):
                return found, silent
        return [], silent


def _at(point: Coordinates) -> Geocode:
    return Geocode(f"{point.latitude:.5f}, {point.longitude:.5f}", point, "coordinates", Precision.ADDRESS)


def _completed(text: str, code: str, towns: Match) -> GeocodeResult:
    """A short plus code in each of the towns that may be meant. Raises NoMatchError where there is none."""
    known = towns.candidates
    if not known or any(town.precision in (Precision.COUNTY, Precision.REGION) for town in known):
        # In a whole state the code is in many places.
        raise NoMatchError(
            "nobody knows the town of this plus code", towns.similar, (*towns.notes, Note("place_needed", code))
        )
    places = tuple(_at(completed(code, town.coordinates)) for town in known)
    read_as = f"{code} {known[0].label}" if len(places) == 1 else ""
    return GeocodeResult(
        places, not towns.whole, asks=towns.asks, interpretation=Interpretation(text, read_as, towns.notes)
    )


def _answer(text: str, match: Match, *, degraded: bool = False) -> GeocodeResult:
    read_as = match.candidates[0].label if len(match.candidates) == 1 and not match.asks else ""
    interpretation = Interpretation(text, read_as, match.notes)
    return GeocodeResult(match.candidates, not match.whole, degraded, match.asks, interpretation)


def _online_answer(text: str, found: Sequence[Geocode], match: Match) -> GeocodeResult:
    """What a service found, with what was said of the other words; an area for a street address is a part of it."""
    address = [note for note in match.notes if note.code == "address_unknown"]
    partial = bool(address) and all(place.precision.is_area for place in found)
    said = tuple(note for note in match.notes if note.code == "zip_zero_restored" or (partial and note in address))
    read_as = found[0].label if len(found) == 1 else ""
    return GeocodeResult(tuple(found), partial, interpretation=Interpretation(text, read_as, said))


def is_far_outside(point: Coordinates) -> bool:
    """Whether a position is certainly in neither country: their boxes, with Guam's and Samoa's, have wide margins."""
    americas = 10 <= point.latitude <= 84 and -180 <= point.longitude <= -50
    pacific = -20 <= point.latitude <= 60 and (point.longitude >= 140 or point.longitude <= -150)
    return not (americas or pacific)


def believable(found: Sequence[Geocode], readings: Sequence[Geocode], parsed: ParsedAddress) -> list[Geocode]:
    """Drop answers elsewhere than every place the text may name, or outside the region or country that it names."""
    within = [geocode for geocode in found if not geocode.state or parsed.takes(geocode.state)]
    if not readings:
        return within
    return [
        geocode
        for geocode in within
        if any(distance_m(geocode.coordinates, known.coordinates) < BELIEVABLE_M for known in readings)
    ]


def choose(found: Sequence[Geocode]) -> list[Geocode]:
    """Keep one answer of each neighbourhood, up to five: near ones are the same place found twice."""
    chosen: list[Geocode] = []
    for geocode in found:
        if all(distance_m(geocode.coordinates, other.coordinates) > FAR_APART_M for other in chosen):
            chosen.append(geocode)
    return chosen[:MAX_CANDIDATES]

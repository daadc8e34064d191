"""The geocoding chain: positions, the gazetteer, stored answers and online geocoders, in this order."""

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
    complete_short_code,
    read_leading_point,
    read_point,
    read_short_code,
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
MAX_PLAUSIBLE_M = 80_000
"""An online answer farther than this from the ZIP or town in the address is discarded."""

WORDING = ("filler", "spelling", "everyday_name")
"""Notes on how words were read, which say nothing of what the words may name."""


class AnswerStore(Protocol):
    """Stores answers of online geocoders by the text of the address; failures are never stored."""

    def get(self, text: str) -> list[dict[str, Any]] | None:
        """The stored candidates as plain values (an empty list is a stored miss), or None."""

    def put(self, text: str, candidates: list[dict[str, Any]], lifetime: timedelta) -> None:
        """Store candidates for at most `lifetime`, in days."""


OnCall = Callable[[str, str], None]
"""Called after each call of an online geocoder with its name and "answered", "no_match" or "silent" (failed)."""


def ignore_call(_service: str, _outcome: str) -> None:
    """Do nothing."""


class GeocodingChain:
    """Turns typed text into places.

    In order: coordinates, the gazetteer when the text is just a postal code or a town, stored answers, each online
    geocoder, and last the postal code or town in the address.
    """

    def __init__(
        self,
        gazetteer: Gazetteer,
        providers: Sequence[GeocodingProvider],
        answer_store: AnswerStore,
        deadline_seconds: float = 3.0,
        clock: Callable[[], float] = time.monotonic,
        on_call: OnCall = ignore_call,
    ) -> None:
        self._on_call = on_call
        self.gazetteer = gazetteer
        self._providers = tuple(providers)
        self._answer_store = answer_store
        self._deadline = deadline_seconds
        self._clock = clock

    def deadline(self) -> float:
        """When the online geocoders must have answered for what is asked now, by the chain's clock."""
        return self._clock() + self._deadline

    def locate(self, text: str, directory_names: NameSource = NO_NAMES, until: float | None = None) -> GeocodeResult:
        """Find the place that `text` names; `directory_names` are the names in the directory itself.

        `until` is a deadline that several calls share; without it each has its own. Raises BadAddressError,
        NoMatchError or GeocoderUnavailableError.
        """
        text = clean(text)
        if position := read_point(text):
            return self._locate_position(text, position)
        if leading := read_leading_point(text):
            result = self._locate_position(text, leading[0])
            notes = (*result.interpretation.notes, Note("unread_words", leading[1]))
            return replace(result, partial=True, interpretation=replace(result.interpretation, notes=notes))
        matcher = Matcher(self.gazetteer, directory_names)
        if short_code := read_short_code(text):
            return _result_of_short_code(text, short_code[0], matcher.match(short_code[1]))
        match = matcher.match(text)
        if match.candidates and match.is_complete:
            return _result_of_match(text, match)
        return self._locate_address(text, match, matcher, self.deadline() if until is None else until)

    def _locate_position(self, text: str, position: TypedPosition) -> GeocodeResult:
        """The typed position, or its corrections when it lies far from the US and Canada and they do not."""
        corrections = [] if self._is_plausible(position) else position.corrected()
        corrections = [(code, point) for code, point in corrections if self.gazetteer.states_near(point)]
        if not corrections and is_far_outside(position.point):
            raise NoMatchError(
                "This position lies outside the United States and Canada.", notes=(Note("outside", text),)
            )
        if not corrections:
            place = _geocode_at(position.point)
            return GeocodeResult((place,), interpretation=Interpretation(text, place.label))
        notes = tuple(Note(code, text, _geocode_at(point)) for code, point in corrections)
        candidates = tuple(_geocode_at(point) for _, point in corrections)[:MAX_CANDIDATES]
        return GeocodeResult(candidates, needs_confirmation=True, interpretation=Interpretation(text, notes=notes))

    def _is_plausible(self, position: TypedPosition) -> bool:
        return position.is_on_earth and bool(self.gazetteer.states_near(position.point))

    def _locate_address(self, text: str, match: Match, matcher: Matcher, until: float) -> GeocodeResult:
        """An address: the stored answer, else the online geocoders, else the town in the address."""
        normalized = unicodedata.normalize("NFKC", text).casefold()
        stored = self._answer_store.get(normalized)
        if stored is not None:
            geocodes, is_degraded = [Geocode.from_json(candidate) for candidate in stored], False
        else:
            geocodes, is_degraded = self._call_providers(text, matcher, until)
            # A miss is stored only when every provider answered.
            if self._providers and (geocodes or not is_degraded):
                lifetime = HIT_LIFETIME if geocodes else MISS_LIFETIME
                self._answer_store.put(normalized, [candidate.to_json() for candidate in geocodes], lifetime)
        if geocodes:
            return _result_of_geocodes(text, geocodes, match)
        if match.candidates:
            return _result_of_match(text, match, degraded=is_degraded)
        names_more = any(note.code not in WORDING for note in match.notes)
        if is_degraded and (names_more or not read_address(text).reads_like_a_town):
            raise GeocoderUnavailableError("the services that know street addresses do not answer", match.notes)
        raise NoMatchError("no source knows this address", match.similar, match.notes, degraded=is_degraded)

    def _call_providers(self, text: str, matcher: Matcher, until: float) -> tuple[list[Geocode], bool]:
        """The answer of the first provider that knows the address, and whether any provider failed."""
        parsed = read_address(text)
        is_degraded = False
        for provider in self._providers:
            if not provider.supports(parsed):
                continue
            seconds_left = until - self._clock()
            if seconds_left <= 0.05:
                return [], True
            try:
                geocodes = provider.locate(text, seconds_left)
            except GeocoderUnavailableError:
                self._on_call(provider.name, "silent")
                is_degraded = True
                continue
            self._on_call(provider.name, "answered" if geocodes else "no_match")
            if geocodes := drop_neighbours(keep_plausible(geocodes, matcher.readings(text), parsed)):
                return geocodes, is_degraded
        return [], is_degraded


def _geocode_at(point: Coordinates) -> Geocode:
    return Geocode(f"{point.latitude:.5f}, {point.longitude:.5f}", point, "coordinates", Precision.ADDRESS)


def _result_of_short_code(text: str, code: str, towns: Match) -> GeocodeResult:
    """A short plus code in each of the candidate towns. Raises NoMatchError when there is none."""
    candidates = towns.candidates
    if not candidates or any(town.precision in (Precision.COUNTY, Precision.REGION) for town in candidates):
        # A state or county has many places with this code.
        raise NoMatchError(
            "the town of this plus code is not known", towns.similar, (*towns.notes, Note("place_needed", code))
        )
    places = tuple(_geocode_at(complete_short_code(code, town.coordinates)) for town in candidates)
    read_as = f"{code} {candidates[0].label}" if len(places) == 1 else ""
    return GeocodeResult(
        places,
        not towns.is_complete,
        needs_confirmation=towns.needs_confirmation,
        interpretation=Interpretation(text, read_as, towns.notes),
    )


def _result_of_match(text: str, match: Match, *, degraded: bool = False) -> GeocodeResult:
    read_as = match.candidates[0].label if len(match.candidates) == 1 and not match.needs_confirmation else ""
    interpretation = Interpretation(text, read_as, match.notes)
    return GeocodeResult(match.candidates, not match.is_complete, degraded, match.needs_confirmation, interpretation)


def _result_of_geocodes(text: str, geocodes: Sequence[Geocode], match: Match) -> GeocodeResult:
    """The providers' geocodes with the notes that still apply; an area for a street address is a partial match."""
    address_notes = [note for note in match.notes if note.code == "address_unknown"]
    is_partial = bool(address_notes) and all(place.precision.is_area for place in geocodes)
    notes = tuple(
        note for note in match.notes if note.code == "zip_zero_restored" or (is_partial and note in address_notes)
    )
    read_as = geocodes[0].label if len(geocodes) == 1 else ""
    return GeocodeResult(tuple(geocodes), is_partial, interpretation=Interpretation(text, read_as, notes))


def is_far_outside(point: Coordinates) -> bool:
    """Whether a position is certainly in neither country; the boxes include Guam and Samoa and have wide margins."""
    americas = 10 <= point.latitude <= 84 and -180 <= point.longitude <= -50
    pacific = -20 <= point.latitude <= 60 and (point.longitude >= 140 or point.longitude <= -150)
    return not (americas or pacific)


def keep_plausible(geocodes: Sequence[Geocode], readings: Sequence[Geocode], parsed: ParsedAddress) -> list[Geocode]:
    """Drop answers far from every place the text may name, or outside the region or country that it names."""
    in_region = [geocode for geocode in geocodes if not geocode.state or parsed.allows_region(geocode.state)]
    if not readings:
        return in_region
    return [
        geocode
        for geocode in in_region
        if any(distance_m(geocode.coordinates, reading.coordinates) < MAX_PLAUSIBLE_M for reading in readings)
    ]


def drop_neighbours(geocodes: Sequence[Geocode]) -> list[Geocode]:
    """Keep up to five answers that are far apart: near ones are the same place twice."""
    distinct: list[Geocode] = []
    for geocode in geocodes:
        if all(distance_m(geocode.coordinates, other.coordinates) > FAR_APART_M for other in distinct):
            distinct.append(geocode)
    return distinct[:MAX_CANDIDATES]

"""The chain: who is asked for an address, in which order, and what the buyer is told when some are silent."""

import time
import unicodedata
from collections.abc import Callable, Sequence
from datetime import timedelta
from typing import Any, Protocol

from directory.geo import distance_m
from directory.geocoding.answers import Answer, Geocode, GeocoderDown, NoMatch, Precision
from directory.geocoding.gazetteer import FAR_APART_M, MAX_CANDIDATES, Gazetteer, Match
from directory.geocoding.online import Online
from directory.geocoding.reading import clean, read_address, read_coordinates

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
        online: Sequence[Online],
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

    def locate(self, text: str) -> Answer:
        """Find the place that `text` names.

        Raises BadAddress, NoMatch or GeocoderDown.
        """
        text = clean(text)
        if point := read_coordinates(text):
            label = f"{point.latitude:.5f}, {point.longitude:.5f}"
            return Answer((Geocode(label, point, "coordinates", Precision.ADDRESS),))
        match = self.gazetteer.match(text)
        if match.candidates and match.whole:
            return Answer(match.candidates)
        return self._address(text, match)

    def _address(self, text: str, match: Match) -> Answer:
        """An address: whatever is stored, then the online geocoders, then the town inside it."""
        normalized = unicodedata.normalize("NFKC", text).casefold()
        stored = self._answers.get(normalized)
        if stored is not None:
            found, silent = [Geocode.from_json(candidate) for candidate in stored], False
        else:
            found, silent = self._ask_online(text, match)
            # A miss counts only when everyone was asked: an outage is never remembered.
            if self._online and (found or not silent):
                lifetime = HIT_LIFETIME if found else MISS_LIFETIME
                self._answers.put(normalized, [candidate.to_json() for candidate in found], lifetime)
        if found:
            return Answer(tuple(found))
        if match.candidates:
            return Answer(match.candidates, partial=not match.whole, degraded=silent)
        if silent:
            raise GeocoderDown("the services that know street addresses do not answer")
        raise NoMatch("nobody knows this address", self._similar(text))

    def _ask_online(self, text: str, match: Match) -> tuple[list[Geocode], bool]:
        """What the first service that knows the address says, and whether any service was silent."""
        reading = read_address(text)
        ends = self._clock() + self._deadline
        silent = False
        for geocoder in self._online:
            if not geocoder.knows(reading):
                continue
            seconds_left = ends - self._clock()
            if seconds_left <= 0.05:
                return [], True
            try:
                found = geocoder.locate(text, seconds_left)
            except GeocoderDown:
                self._heard(geocoder.name, "silent")
                silent = True
                continue
            self._heard(geocoder.name, "answered" if found else "no_match")
            if found := choose(believable(found, match)):
                return found, silent
        return [], silent

    def _similar(self, text: str) -> tuple[Geocode, ...]:
        """Places spelt like the last words, for "did you mean"."""
        reading = read_address(text)
        name = reading.segments[-1] if reading.segments else text
        exact = self.gazetteer.places(name) or self.gazetteer.places_spelt_like(name)
        return tuple(exact)


def believable(found: Sequence[Geocode], match: Match) -> list[Geocode]:
    """Drop answers in another part of the world than the postal code or town the buyer wrote."""
    if not match.candidates:
        return list(found)
    return [
        geocode
        for geocode in found
        if any(distance_m(geocode.coordinates, known.coordinates) < BELIEVABLE_M for known in match.candidates)
    ]


def choose(found: Sequence[Geocode]) -> list[Geocode]:
    """Keep one answer of each neighbourhood, up to five: near ones are the same place found twice."""
    chosen: list[Geocode] = []
    for geocode in found:
        if all(distance_m(geocode.coordinates, other.coordinates) > FAR_APART_M for other in chosen):
            chosen.append(geocode)
    return chosen[:MAX_CANDIDATES]

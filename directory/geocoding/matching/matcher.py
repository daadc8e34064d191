"""What the offline tables know of a text: the one place it names, a choice, or nothing; never a guess unsaid."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

from directory.geocoding.address_parser import ParsedAddress, foreign_words, read_address
from directory.geocoding.gazetteer import MAX_CANDIDATES, Gazetteer
from directory.geocoding.matching.match import Match
from directory.geocoding.matching.place_names import NameSource, PlaceNames, near_any
from directory.geocoding.matching.postal_codes import leading_code, with_postal_code
from directory.geocoding.matching.regions import (
    foreign,
    refuse_foreign_end,
    region_as_town,
    region_first,
    whole_region,
    with_canada,
)
from directory.geocoding.matching.towns import match_town
from directory.geocoding.phrases import (
    is_military,
    names_own_position,
    without_fillers,
    without_own_position,
)
from directory.geocoding.results import (
    BadAddressError,
    Geocode,
    NoMatchError,
    Note,
    Precision,
)
from directory.text import plain

LARGE_CITY_POPULATION = 250_000
"""The police of a city this large are meant before those of a namesake that the directory has."""


class Matcher:
    """Reads texts with the gazetteer, the everyday names, and what the directory itself knows."""

    def __init__(self, gazetteer: Gazetteer, own: NameSource) -> None:
        self._own = own
        self._names = PlaceNames(gazetteer, own)

    def match(self, text: str) -> Match:
        """What is known of a cleaned text.

        Raises BadAddressError where it names no place, NoMatchError where it names one that the directory does not
        cover.
        """
        if names_own_position(text):
            raise _position_needed(text)
        place = without_own_position(text)
        if place == "":
            raise _position_needed(text)
        if place:
            match = self.match(place)
            return replace(match, notes=(*match.notes, _left_out(text, place)))
        if is_military(text):
            raise NoMatchError("This is a military postal address: type the town or the base that you are at.",
                          notes=(Note("military_address", text),))  # fmt: skip
        if unread := foreign_words(text):
            return self._without(unread, text)
        parsed = read_address(text)
        match = self._read(parsed)
        if match.candidates and match.whole:
            return match
        better = self._without_fillers(text, parsed)
        if better and better.candidates and (better.whole or not match.candidates):
            return better
        if not match.candidates:
            refuse_foreign_end(parsed)
            return better if better and better.notes and not match.notes else match
        return match

    def _without_fillers(self, text: str, parsed: ParsedAddress) -> Match | None:
        """The match of what is left without phrases that name no place; None where there are none.

        Raises BadAddressError when nothing is left.
        """
        segments = tuple(filter(None, (without_fillers(segment) for segment in parsed.segments)))
        if [plain(segment) for segment in parsed.segments] == list(segments):
            return None
        if not segments and not (parsed.region or parsed.postal_code):
            raise BadAddressError(
                "Type where: an address, a ZIP code, or a town and state.", (Note("place_needed", text),)
            )
        bare = replace(parsed, segments=segments, whole_last="")
        if not (parsed.region or parsed.postal_code or parsed.country):
            bare = read_address(", ".join(segments))  # the region or the code may have stood before the phrase
        again = self._read(bare)
        return replace(again, notes=(*again.notes, _left_out(" ".join(parsed.segments), " ".join(segments))))

    def _without(self, unread: Sequence[str], text: str) -> Match:
        """The match of the words in our own script, which are only a part of the text."""
        rest = " ".join(word for word in text.split() if word not in unread).strip(" ,")
        note = Note("unread_words", " ".join(unread))
        if not plain(rest):
            return Match((), whole=False, notes=(note,))
        match = self.match(rest)
        return replace(match, whole=False, notes=(*match.notes, note), asks=True)

    def readings(self, text: str) -> list[Geocode]:
        """Every place that some part of the text may name exactly: what an online answer is held against."""
        parsed = read_address(text)
        names = [*parsed.segments, *filter(None, (parsed.county, parsed.tail))]
        for segment in parsed.segments:
            words = segment.split()
            names += [" ".join(words[start:]) for start in range(1, len(words))]
        found = [place for name in names for place in self._names.named(name, parsed)]
        if parsed.postal_code and (postal := self._names.gazetteer.postal_code(parsed.postal_code)):
            found.append(postal)
        return found

    def _read(self, parsed: ParsedAddress) -> Match:
        match = self._as_typed(parsed)
        if match.candidates and match.whole:
            return match
        readings = (region_first(parsed), with_canada(parsed), None if match.candidates else region_as_town(parsed))
        others = (self._as_typed(reading) for reading in readings if reading)
        better = (
            other
            for other in others
            if other.candidates and (other.whole or not match.candidates) and not _leaves_out(other, parsed.region_text)
        )
        return next(better, match)

    def _with_namesakes(self, own: Match, parsed: ParsedAddress) -> Match:
        """A department, and other towns of its name where no state was typed: their police may be meant."""
        located = parsed.region or parsed.postal_code or len(parsed.segments) > 1
        town = "" if located else without_fillers(parsed.segments[0])
        if own.candidates[0].precision is not Precision.DEPARTMENT or not town:
            return own
        towns = [place for place in self._names.named(town, parsed) if not near_any(place, own.candidates)]
        large = [place for place in towns if place.population >= LARGE_CITY_POPULATION]
        candidates = (*large, *own.candidates, *(place for place in towns if place not in large))
        return replace(own, candidates=candidates[:MAX_CANDIDATES])

    def _as_typed(self, parsed: ParsedAddress) -> Match:
        if own := self._own.exact(parsed):
            return self._with_namesakes(own, parsed)
        for reader in (whole_region, foreign, leading_code):
            if match := reader(self._names, parsed):
                return match
        return with_postal_code(self._names, parsed, match_town(self._names, parsed))


def _leaves_out(match: Match, text: str) -> bool:
    """Whether a reading does not use these words: a state is never dropped for a town elsewhere."""
    return any(note.code == "unread_words" and text in note.text for note in match.notes) if text else False


def _left_out(text: str, rest: str) -> Note:
    """The words of a text that are not in the rest of it, and name no place."""
    words = Counter(plain(text).split()) - Counter(plain(rest).split())
    return Note("filler", " ".join(words.elements()))


def _position_needed(text: str) -> BadAddressError:
    message = "Where you are, only your device knows: use “Use my location”, or type a ZIP code."
    return BadAddressError(message, (Note("position_needed", text),))

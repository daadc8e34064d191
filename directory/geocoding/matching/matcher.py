"""Match a text offline: the one place it names, a choice, or nothing. Every guess has a note."""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import replace

from directory.geocoding.address_parser import ParsedAddress, read_address, words_in_other_scripts
from directory.geocoding.gazetteer import MAX_CANDIDATES, Gazetteer
from directory.geocoding.matching.match import Match
from directory.geocoding.matching.place_names import NameSource, PlaceNames, near_any
from directory.geocoding.matching.postal_codes import add_postal_code, match_leading_code
from directory.geocoding.matching.regions import (
    match_foreign_country,
    match_region,
    only_meant,
    refuse_foreign_end,
    region_as_town,
    region_first,
    region_typed_twice,
    with_canada,
)
from directory.geocoding.matching.towns import match_town
from directory.geocoding.phrases import (
    is_military,
    is_own_position,
    is_statewide,
    without_clear_fillers,
    without_fillers,
    without_own_position,
)
from directory.geocoding.results import BadAddressError, Geocode, NoMatchError, Note, Precision
from directory.text import plain

LARGE_CITY_POPULATION = 250_000
"""A city this large comes before a namesake in the directory."""


class Matcher:
    """Matches texts with the gazetteer, the aliases, and the names in the directory."""

    def __init__(self, gazetteer: Gazetteer, directory_names: NameSource) -> None:
        self._directory_names = directory_names
        self._names = PlaceNames(gazetteer, directory_names)

    def match(self, text: str) -> Match:
        """The match of a cleaned text.

        Raises BadAddressError when it names no place, NoMatchError when it names one outside the covered countries.
        """
        if is_own_position(text):
            raise _own_position_error(text)
        place = without_own_position(text)
        if place == "":
            raise _own_position_error(text)
        if place:
            match = self.match(place)
            return replace(match, notes=(*match.notes, _filler_note(text, place)))
        if is_military(text):
            raise NoMatchError("This is a military postal address: type the town or the base that you are at.",
                          notes=(Note("military_address", text),))  # fmt: skip
        if unreadable := words_in_other_scripts(text):
            return self._match_without(unreadable, text)
        parsed = read_address(text)
        match = self._match_readings(parsed)
        if match.candidates and match.is_complete:
            return match
        better = self._match_without_fillers(text, parsed)
        if better and better.candidates and (better.is_complete or not match.candidates):
            return better
        if not match.candidates:
            if text.isdecimal() and not parsed.postal_code:  # no service can tell where a number alone is
                raise BadAddressError("A ZIP code has five digits.", (Note("zip_digits", text),))
            refuse_foreign_end(parsed)
            return better if better and better.notes and not match.notes else match
        return match

    def _match_without_fillers(self, text: str, parsed: ParsedAddress) -> Match | None:
        """The match of the text without phrases that name no place; None when it has none.

        Raises BadAddressError when no text remains.
        """
        typed = tuple(plain(segment) for segment in parsed.segments)
        stripped = (_strip_segments(parsed, strip) for strip in (without_clear_fillers, without_fillers))
        readings = [segments for segments in dict.fromkeys(stripped) if segments != typed]
        located = parsed.region or parsed.postal_code
        matches = [self._match_stripped(parsed, segments) for segments in readings if segments or located]
        if readings and not readings[-1] and not located and not any(match.candidates for match in matches):
            raise BadAddressError(
                "Type where: an address, a ZIP code, or a town and state.", (Note("place_needed", text),)
            )
        return max(matches, key=_exactness, default=None)  # of equals the one with more words: "De Leon", not "Leon"

    def _match_stripped(self, parsed: ParsedAddress, segments: tuple[str, ...]) -> Match:
        """The match of an address with these segments, which have fewer words."""
        unsplit = f"{segments[-1]} {parsed.region_text}" if segments and parsed.unsplit_last else ""
        stripped = replace(parsed, segments=segments, unsplit_last=unsplit)
        if not (parsed.region or parsed.postal_code or parsed.country):
            stripped = read_address(", ".join(segments))  # a region or code may stand before the phrase
        elif not segments and parsed.region_text and not parsed.postal_code:
            stripped = read_address(parsed.region_text)  # "near New York": it may be the city too
        match = self._match_readings(stripped)
        return replace(match, notes=(*match.notes, _filler_note(" ".join(parsed.segments), " ".join(segments))))

    def _match_without(self, unreadable: Sequence[str], text: str) -> Match:
        """The match of the words in Latin script, which are only a part of the text."""
        remaining = " ".join(word for word in text.split() if word not in unreadable).strip(" ,")
        note = Note("unread_words", " ".join(unreadable))
        if not plain(remaining):
            return Match((), is_complete=False, notes=(note,))
        match = self.match(remaining)
        return replace(match, is_complete=False, notes=(*match.notes, note), needs_confirmation=True)

    def readings(self, text: str) -> list[Geocode]:
        """Every place that a part of the text may name exactly; online answers are checked against them."""
        parsed = read_address(text)
        names = [*parsed.segments, *filter(None, (parsed.county, parsed.trailing_text))]
        for segment in parsed.segments:
            words = segment.split()
            names += [" ".join(words[start:]) for start in range(1, len(words))]
        places = [place for name in names for place in self._names.find_places(name, parsed)]
        if parsed.postal_code and (postal := self._names.gazetteer.postal_code(parsed.postal_code)):
            places.append(postal)
        return places

    def _match_readings(self, parsed: ParsedAddress) -> Match:
        match = self._match_parsed(parsed)
        if match.candidates and match.is_complete:
            return match
        readings = (region_typed_twice(parsed), region_first(parsed), with_canada(parsed))
        matches = (self._match_parsed(reading) for reading in readings if reading)
        for other in matches:
            is_better = other.candidates and (other.is_complete or not match.candidates)
            if is_better and not _omits(other, parsed.region_text):
                return other
        as_town = None if match.candidates else region_as_town(parsed)
        if as_town is None:
            return match
        other = self._match_parsed(as_town)
        is_ours = self._directory_names.exact(as_town) is not None  # "police Guam", "Sûreté du Québec"
        return other if is_ours else only_meant(self._names, parsed, match, other)

    def _add_namesakes(self, match: Match, parsed: ParsedAddress) -> Match:
        """Add other towns of a department's name when no state was typed: their police may be meant."""
        located = parsed.region or parsed.postal_code or len(parsed.segments) > 1
        town = "" if located else without_fillers(parsed.segments[0])
        precision = match.candidates[0].precision
        # A department whose point is only its town's middle is a place, as is a street without "police" in it.
        is_department = precision is Precision.PLACE and town != plain(parsed.segments[0])
        if not town or not (is_department or precision is Precision.DEPARTMENT) or is_statewide(parsed.segments[0]):
            return match
        towns = [place for place in self._names.find_places(town, parsed) if not near_any(place, match.candidates)]
        large = [place for place in towns if place.population >= LARGE_CITY_POPULATION]
        candidates = (*large, *match.candidates, *(place for place in towns if place not in large))
        return replace(match, candidates=candidates[:MAX_CANDIDATES])

    def _match_parsed(self, parsed: ParsedAddress) -> Match:
        if match := self._directory_names.exact(parsed):
            return self._add_namesakes(match, parsed)
        for reader in (match_region, match_foreign_country, match_leading_code):
            if match := reader(self._names, parsed):
                return match
        return add_postal_code(self._names, parsed, match_town(self._names, parsed))


def _strip_segments(parsed: ParsedAddress, strip: Callable[[str], str]) -> tuple[str, ...]:
    return tuple(filter(None, map(strip, parsed.segments)))


def _exactness(match: Match) -> tuple[bool, bool, bool]:
    """How well a text is matched: at all, with every word, as it is spelt."""
    return bool(match.candidates), match.is_complete, all(note.code != "spelling" for note in match.notes)


def _omits(match: Match, text: str) -> bool:
    """Whether a match does not use this text: a typed state is never ignored for a town elsewhere."""
    return any(note.code == "unread_words" and text in note.text for note in match.notes) if text else False


def _filler_note(text: str, remaining: str) -> Note:
    """A note with the words of a text that are not in `remaining`: they name no place."""
    words = Counter(plain(text).split()) - Counter(plain(remaining).split())
    return Note("filler", " ".join(words.elements()))


def _own_position_error(text: str) -> BadAddressError:
    message = "Where you are, only your device knows: use “Use my location”, or type a ZIP code."
    return BadAddressError(message, (Note("position_needed", text),))

"""What the offline tables know of a text: the one place it names, a choice, or nothing; never a guess unsaid."""

from dataclasses import replace

from directory.geocoding.answers import BadAddress, Geocode, NoMatch, Note, Precision
from directory.geocoding.gazetteer import MAX_CANDIDATES, Gazetteer
from directory.geocoding.match import Match
from directory.geocoding.phrases import is_military, names_own_position, without_fillers
from directory.geocoding.place_names import OwnNames, PlaceNames, near_any
from directory.geocoding.postal_matching import leading_code, with_postal_code
from directory.geocoding.reading import ParsedAddress, read_address
from directory.geocoding.region_matching import foreign, refuse_foreign_end, region_first, whole_region, with_canada
from directory.geocoding.town_matching import match_town
from directory.text import plain


class Matcher:
    """Reads texts with the gazetteer, the everyday names, and what the directory itself knows."""

    def __init__(self, gazetteer: Gazetteer, own: OwnNames) -> None:
        self._own = own
        self._names = PlaceNames(gazetteer, own)

    def match(self, text: str) -> Match:
        """What is known of a cleaned text.

        Raises BadAddress where it names no place, NoMatch where it names one that the directory does not cover.
        """
        words = plain(text)
        if names_own_position(words):
            raise BadAddress("Where you are, only your device knows: use “Use my location”, or type a ZIP code.",
                             (Note("position_needed", text),))  # fmt: skip
        if is_military(text):
            raise NoMatch("This is a military postal address: type the town or the base that you are at.",
                          notes=(Note("military_address", text),))  # fmt: skip
        parsed = read_address(text)
        match = self._read(parsed)
        if match.candidates:
            return match
        bare = without_fillers(text)
        if not bare:
            raise BadAddress("Type where: an address, a ZIP code, or a town and state.", (Note("place_needed", text),))
        if plain(bare) != words and (again := self._read(read_address(bare))).candidates:
            return replace(again, notes=(*again.notes, Note("filler", bare)))
        refuse_foreign_end(parsed)
        return match

    def readings(self, text: str) -> list[Geocode]:
        """Every place that some part of the text may name exactly: what an online answer is held against."""
        parsed = read_address(text)
        names = list(parsed.segments)
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
        others = (self._as_typed(other) for other in (region_first(parsed), with_canada(parsed)) if other)
        better = (other for other in others if other.candidates and (other.whole or not match.candidates))
        return next(better, match)

    def _with_namesakes(self, own: Match, parsed: ParsedAddress) -> Match:
        """A department, and other towns of its name where no state was typed: their police may be meant."""
        first = own.candidates[0]
        if (
            first.precision is not Precision.DEPARTMENT
            or parsed.region
            or parsed.postal_code
            or len(parsed.segments) > 1
        ):
            return own
        town = without_fillers(parsed.segments[0])
        towns = (
            [place for place in self._names.named(town, parsed) if not near_any(place, own.candidates)] if town else []
        )
        return replace(own, candidates=(*own.candidates, *towns)[:MAX_CANDIDATES])

    def _as_typed(self, parsed: ParsedAddress) -> Match:
        if own := self._own.exact(parsed):
            return self._with_namesakes(own, parsed)
        for reader in (whole_region, foreign, leading_code):
            if match := reader(self._names, parsed):
                return match
        return with_postal_code(self._names, parsed, match_town(self._names, parsed))

"""Reading an address from its end: country, unit, postal code, region, county, and what is left.

Only the words are looked at here; which of them name places is for `matching` to find out.
"""

import re
import unicodedata
from dataclasses import dataclass, replace

from directory.geocoding.phrases import without_fillers
from directory.geocoding.results import BadAddressError, Note
from directory.regions import REGIONS, Country, is_full_name, read_country, read_misspelt_region, read_region
from directory.text import plain, without_accents

MAX_LENGTH = 200
MAX_LINK_LENGTH = 1000
"""A map's link is longer than an address."""

_ZIP = re.compile(r"(?<![\w-])(\d{5})(?:-?\d{4})?(?![\w-])")
_POSTAL = re.compile(r"(?<!\w)([ABCEGHJ-NPRSTVXY]\d[A-Z])(?:[ -]?\d[A-Z]\d)?(?!\w)", re.IGNORECASE)
_SHORT_ZIP = re.compile(r"(.+?)[ ,]+(\d{3,4})")
_STATES_WITH_ZERO = ("CT", "MA", "ME", "NH", "NJ", "RI", "VT", "PR", "VI")
_UNIT_WORDS = (
    r"(?:suite|ste|apt|apartment|unit|rm|room|floor|fl|bldg|building|space|spc|trlr|lot|p\.? ?o\.? ?box|box|casier|"
    r"bureau|app)"
)
_UNIT = re.compile(
    rf"(?:{_UNIT_WORDS}\.? ?#? ?(?!\d{{5}}\b)(?:[\w-]*\d[\w-]*|[A-Z])|# ?[\w-]+|\d+(?:st|nd|rd|th) fl(?:oor)?\.?"
    r"|(?:c/o|attn:?) .+)",
    re.IGNORECASE,
)
_TRAILING_UNIT = re.compile(rf"(.+?)[ ,]+{_UNIT.pattern}", re.IGNORECASE)
_NUMBER_ALONE = re.compile(r"\d{1,4}[A-Za-z]?(-\d+)?")
_COUNTY = re.compile(r"(.+) (?:county|parish|co\.|cnty\.?|census area)", re.IGNORECASE)
_MOST_WORDS_OF_A_REGION = 7
_MOST_WORDS_OF_A_COUNTRY = 4
_ROUNDS = 3
"""How often the end of an address is looked at again: it comes in any order."""
_LATIN = frozenset("ßæœøłđðþıʻʼ")


@dataclass(frozen=True, slots=True)
class ParsedAddress:
    """An address taken apart; `segments` are the words that are left, split at commas.

    `region_text` is the region as typed, `whole_last` the last segment as it was before a region was taken from its end
    ("Port Washington"). `county` is a county that stands beside other words, `tail` what stood behind the region.
    `country` bounds the answer.
    """

    segments: tuple[str, ...]
    region: str = ""
    postal_code: str = ""
    country: Country | None = None
    county: str = ""
    tail: str = ""
    region_text: str = ""
    whole_last: str = ""
    notes: tuple[Note, ...] = ()

    @property
    def has_house_number(self) -> bool:
        """Whether it begins like a street address ("174 South Avenue")."""
        return bool(self.segments) and starts_with_number(self.segments[0])

    def takes(self, region: str) -> bool:
        """Whether a place in `region` is within the region and the country that were typed."""
        if self.region:
            return region == self.region
        return self.country is None or region not in REGIONS or REGIONS[region].country == self.country.code


def clean(text: str) -> str:
    """The address as typed, with control characters and runs of white space taken out.

    Raises BadAddressError when nothing is left or it is longer than 200 characters (a link: 1,000).
    """
    printable = "".join(" " if unicodedata.category(char)[0] in "CZ" else char for char in text)
    cleaned = " ".join(printable.split())
    if not cleaned:
        raise BadAddressError("Type an address, a ZIP code, or a town and state.")
    if len(cleaned) > (MAX_LINK_LENGTH if "://" in cleaned[:12] else MAX_LENGTH):
        raise BadAddressError(f"That is {len(cleaned)} characters; an address has at most {MAX_LENGTH}.")
    return cleaned


def starts_with_number(text: str) -> bool:
    """Whether a house number and at least one word begin the text."""
    return re.match(r"\d+[A-Za-z]?(-\d+)?\s+\S", text) is not None


def foreign_words(text: str) -> list[str]:
    """The words in another script than ours, of which nothing can be read."""
    return [word for word in text.split() if any(_is_foreign(char) for char in word)]


def _is_foreign(char: str) -> bool:
    return char.isalpha() and not without_accents(char).isascii() and char.lower() not in _LATIN


def read_address(text: str) -> ParsedAddress:
    """Take an address apart. Expects cleaned text."""
    parsed = ParsedAddress(_without_filler_segments(segments_of(text)))
    for _ in range(_ROUNDS):
        before = parsed
        for take in (_take_country, _take_unit, _take_postal_code, _take_region):
            parsed = take(parsed)
        if parsed == before:
            break
    for take in (_take_inner_region, _take_misspelt_region, _take_county):
        parsed = take(parsed)
    return parsed


def segments_of(text: str) -> tuple[str, ...]:
    """The parts between commas, without units ("Suite 200"); a house number alone belongs to what follows."""
    segments = [segment for part in re.split(r"[,;]", text) if (segment := _tidy(part))]
    if len(segments) > 1 and _NUMBER_ALONE.fullmatch(segments[0]):
        segments[:2] = [f"{segments[0]} {segments[1]}"]
    return tuple(segment for number, segment in enumerate(segments) if number == 0 or not _UNIT.fullmatch(segment))


def _without_filler_segments(segments: tuple[str, ...]) -> tuple[str, ...]:
    """ "Norwalk, CT, downtown": without the segments that name no place."""
    return tuple(segment for number, segment in enumerate(segments) if number == 0 or without_fillers(segment))


def _tidy(segment: str) -> str:
    """Without spaces and stops around it; the stop of "Calif." stays, since "Man" is a town and "Man." a province."""
    return segment.strip().lstrip(".").strip()


def _but_last(parsed: ParsedAddress, last: str) -> tuple[str, ...]:
    return (*parsed.segments[:-1], last) if last else parsed.segments[:-1]


def _take_country(parsed: ParsedAddress) -> ParsedAddress:
    """A country at the end; "CA" is one after a Canadian province only. One alone is not taken."""
    if parsed.country or not parsed.segments:
        return parsed
    last, alone = parsed.segments[-1], len(parsed.segments) == 1
    if alone and (read_region(last) or (read_country(last) and not parsed.postal_code)):
        return parsed
    words = last.split()
    for count in range(min(_MOST_WORDS_OF_A_COUNTRY, len(words)), 0, -1):
        named, left = " ".join(words[-count:]), _but_last(parsed, " ".join(words[:-count]))
        country = read_country(named)
        if plain(words[-1]) == "ca" and count == 1:
            country = Country("CA", "Canada") if left and _is_canadian_code(left[-1].split()[-1]) else None
        if country and (left or parsed.postal_code) and _may_be_meant(country, named, parsed, count == len(words)):
            return replace(parsed, segments=left, country=country)
    return parsed


def _may_be_meant(country: Country, named: str, parsed: ParsedAddress, is_segment: bool) -> bool:
    """Whether these words at the end mean the country: "Georgia" is a state, "North America" no country."""
    if country.covered:
        return is_segment or plain(named) != "america"
    return is_segment and not parsed.region and not read_region(named)


def _is_canadian_code(word: str) -> bool:
    code = read_region(word)
    return bool(code) and REGIONS[code].country == "CA" and len(plain(word)) <= 4


def _take_postal_code(parsed: ParsedAddress) -> ParsedAddress:
    """The last ZIP or Canadian code; a number that words follow is a house number."""
    if parsed.postal_code:
        return parsed
    for number in range(len(parsed.segments) - 1, -1, -1):
        segment = parsed.segments[number]
        for pattern in (_ZIP, _POSTAL):
            matches = list(pattern.finditer(segment))
            if not matches:
                continue
            before, after = segment[: matches[-1].start()].strip(), segment[matches[-1].end() :].strip()
            if pattern is _ZIP and after and not read_region(after):
                continue  # a house number
            rest = f"{before} {after}".strip(" -")
            segments = (*parsed.segments[:number], *([rest] if rest else []), *parsed.segments[number + 1 :])
            return replace(parsed, segments=segments, postal_code=matches[-1][1].upper())
    return _take_short_zip(parsed)


def _take_short_zip(parsed: ParsedAddress) -> ParsedAddress:
    """A ZIP that lost its leading zero, after a state whose codes have one ("Darien, CT 6820")."""
    match = _SHORT_ZIP.fullmatch(", ".join(parsed.segments))
    if match is None or read_region(re.split(r"[ ,]+", match[1])[-1]) not in _STATES_WITH_ZERO:
        return parsed
    segments = tuple(segment for part in match[1].split(",") if (segment := _tidy(part)))
    notes = (*parsed.notes, Note("zip_zero_restored", match[2]))
    return replace(parsed, segments=segments, postal_code=match[2].zfill(5), notes=notes)


def _take_unit(parsed: ParsedAddress) -> ParsedAddress:
    """A unit after region or code ("Norwalk, CT 06851 Apt 2"); one inside a street address stays there."""
    match = _TRAILING_UNIT.fullmatch(parsed.segments[-1]) if parsed.segments else None
    if match is None:
        return parsed
    last = match[1].split()[-1]
    if read_region(last) or _ZIP.fullmatch(last) or _POSTAL.fullmatch(last):
        return replace(parsed, segments=_but_last(parsed, match[1]))
    return parsed


def _take_region(parsed: ParsedAddress) -> ParsedAddress:
    """A region at the end of the last segment; the whole segment counts only if something else is there."""
    if parsed.region or not parsed.segments:
        return parsed
    last = parsed.segments[-1]
    words = last.split()
    something_else = len(parsed.segments) > 1 or bool(parsed.postal_code)
    for count in range(min(_MOST_WORDS_OF_A_REGION, len(words)), 0, -1):
        if count == len(words) and not something_else:
            continue
        named = " ".join(words[-count:])
        if region := read_region(named):
            rest = " ".join(words[:-count])
            segments, whole = _but_last(parsed, rest), last if rest else ""
            return replace(parsed, segments=segments, region=region, region_text=named, whole_last=whole)
    return parsed


def _take_inner_region(parsed: ParsedAddress) -> ParsedAddress:
    """ "Norwalk, CT (near the mall)": a region that words follow; they become the tail."""
    if parsed.region or len(parsed.segments) < 2:
        return parsed
    for number in range(len(parsed.segments) - 1, 0, -1):
        words = parsed.segments[number].split()
        for count in range(min(_MOST_WORDS_OF_A_REGION, len(words)), 0, -1):
            named = " ".join(words[:count])
            region = read_region(named)
            if region and (named.isupper() or "." in named or is_full_name(named)):
                tail = ", ".join(filter(None, (" ".join(words[count:]), *parsed.segments[number + 1 :])))
                tail = tail if without_fillers(tail.strip(" -–—()/")) else ""
                segments = parsed.segments[:number]
                return replace(parsed, segments=segments, region=region, region_text=named, tail=tail.strip(" -–—/"))
    return parsed


def _take_misspelt_region(parsed: ParsedAddress) -> ParsedAddress:
    """ "New Canaan, Conneticut": the last segment where it is one letter off one region's name, and says so."""
    if parsed.region or len(parsed.segments) < 2:
        return parsed
    last = parsed.segments[-1]
    region = read_misspelt_region(last)
    if not region:
        return parsed
    return replace(parsed, segments=parsed.segments[:-1], region=region, notes=(*parsed.notes, Note("spelling", last)))


def _take_county(parsed: ParsedAddress) -> ParsedAddress:
    """A county beside a town; the only words that are no street address are the county itself."""
    for number, segment in enumerate(parsed.segments):
        others = [other for other in parsed.segments if other is not segment and not starts_with_number(other)]
        if others and not starts_with_number(segment) and _COUNTY.fullmatch(segment):
            segments = parsed.segments[:number] + parsed.segments[number + 1 :]
            return replace(parsed, segments=segments, county=segment)
    if _COUNTY.fullmatch(parsed.tail) and not parsed.county:
        return replace(parsed, county=parsed.tail, tail="")
    return parsed

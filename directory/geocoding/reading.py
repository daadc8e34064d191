"""Reading an address from its end: country, postal code, unit, region, county, and what is left.

Only the words are looked at here; which of them name places is for `matching` to find out.
"""

import re
import unicodedata
from dataclasses import dataclass, replace

from directory.geocoding.answers import BadAddress, Note
from directory.regions import REGIONS, Country, read_country, read_misspelt_region, read_region
from directory.text import plain

MAX_LENGTH = 200
MAX_LINK_LENGTH = 1000
"""A map's link is longer than an address."""

_ZIP = re.compile(r"(?<![\w-])(\d{5})(?:-?\d{4})?(?![\w-])")
_POSTAL = re.compile(r"(?<!\w)([ABCEGHJ-NPRSTVXY]\d[A-Z])(?:[ -]?\d[A-Z]\d)?(?!\w)", re.IGNORECASE)
_SHORT_ZIP = re.compile(r"(.+?)[ ,]+(\d{3,4})")
_STATES_WITH_ZERO = ("CT", "MA", "ME", "NH", "NJ", "RI", "VT", "PR", "VI")
_UNIT_WORDS = (
    r"(?:suite|ste|apt|apartment|unit|rm|room|floor|fl|bldg|building|space|spc|trlr|p\.? ?o\.? ?box|box|casier|"
    r"bureau|app)"
)
_UNIT = re.compile(
    rf"(?:{_UNIT_WORDS}\.? ?#? ?(?!\d{{5}}\b)(?:[\w-]*\d[\w-]*|[A-Z])|#[\w-]+|\d+(?:st|nd|rd|th) fl(?:oor)?\.?)",
    re.IGNORECASE,
)
_TRAILING_UNIT = re.compile(rf"(.+?)[ ,]+{_UNIT.pattern}", re.IGNORECASE)
_COUNTY = re.compile(r"(.+) (?:county|parish|co\.|cnty\.?|census area)", re.IGNORECASE)
_MOST_WORDS_OF_A_REGION = 7
_MOST_WORDS_OF_A_COUNTRY = 4


@dataclass(frozen=True, slots=True)
class ParsedAddress:
    """An address taken apart; `segments` are the words that are left, split at commas.

    `whole_last` is the last segment as it was before a region was taken from its end ("Port Washington"). `county` is
    a county that stands beside other words ("Fairfield County"). `country` bounds the answer.
    """

    segments: tuple[str, ...]
    region: str = ""
    postal_code: str = ""
    country: Country | None = None
    county: str = ""
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

    Raises BadAddress when nothing is left or it is longer than 200 characters (a link: 1,000).
    """
    printable = "".join(" " if unicodedata.category(char)[0] in "CZ" else char for char in text)
    cleaned = " ".join(printable.split())
    if not cleaned:
        raise BadAddress("Type an address, a ZIP code, or a town and state.")
    if len(cleaned) > (MAX_LINK_LENGTH if "://" in cleaned[:12] else MAX_LENGTH):
        raise BadAddress(f"That is {len(cleaned)} characters; an address has at most {MAX_LENGTH}.")
    return cleaned


def starts_with_number(text: str) -> bool:
    """Whether a house number and at least one word begin the text."""
    return re.match(r"\d+[A-Za-z]?(-\d+)?\s+\S", text) is not None


def read_address(text: str) -> ParsedAddress:
    """Take an address apart. Expects cleaned text."""
    parsed = ParsedAddress(segments_of(text))
    for take in (_take_country, _take_postal_code, _take_unit, _take_region, _take_country, _take_postal_code):
        parsed = take(parsed)
    return _take_county(_take_misspelt_region(parsed))


def segments_of(text: str) -> tuple[str, ...]:
    """The parts between commas, without units ("Suite 200")."""
    segments = [segment for part in re.split(r"[,;]", text) if (segment := _tidy(part))]
    return tuple(segment for number, segment in enumerate(segments) if number == 0 or not _UNIT.fullmatch(segment))


def _tidy(segment: str) -> str:
    """Without spaces and stops around it; the stop of "Calif." stays, since "Man" is a town and "Man." a province."""
    return segment.strip().lstrip(".").strip()


def _but_last(parsed: ParsedAddress, last: str) -> tuple[str, ...]:
    return (*parsed.segments[:-1], last) if last else parsed.segments[:-1]


def _take_country(parsed: ParsedAddress) -> ParsedAddress:
    """A country at the end; "CA" is one after a Canadian province only. One alone is not taken."""
    if parsed.country or not parsed.segments or (len(parsed.segments) == 1 and read_region(parsed.segments[0])):
        return parsed
    words = parsed.segments[-1].split()
    for count in range(min(_MOST_WORDS_OF_A_COUNTRY, len(words)), 0, -1):
        left = _but_last(parsed, " ".join(words[:-count]))
        country = read_country(" ".join(words[-count:]))
        if plain(words[-1]) == "ca" and count == 1:
            country = Country("CA", "Canada") if left and _is_canadian_code(left[-1].split()[-1]) else None
        if country and left and (country.covered or (count == len(words) and not parsed.region)):
            return replace(parsed, segments=left, country=country)
    return parsed


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
    """A unit after the region ("Norwalk, CT Suite 200"); one inside a street address stays there."""
    match = _TRAILING_UNIT.fullmatch(parsed.segments[-1]) if parsed.segments else None
    if match and read_region(match[1].split()[-1]):
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
        if region := read_region(" ".join(words[-count:])):
            rest = " ".join(words[:-count])
            return replace(parsed, segments=_but_last(parsed, rest), region=region, whole_last=last if rest else "")
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
    return parsed

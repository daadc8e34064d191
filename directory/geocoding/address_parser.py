"""Parse an address from its end: country, unit, postal code, region, county, and the segments before them.

This module reads text only; `matching` looks up which segments name places.
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
"""The limit for a link to a map, which is longer than an address."""

_ZIP = re.compile(r"(?<![\w-])(\d{5})(?:-?\d{4})?(?![\w-])")
_POSTAL = re.compile(r"(?<!\w)([ABCEGHJ-NPRSTVXY]\d[A-Z])(?:[ -]?\d[A-Z]\d)?(?!\w)", re.IGNORECASE)
_SHORT_ZIP = re.compile(r"(.+?)[ ,]+(\d{3,4})")
_STATES_WITH_LEADING_ZERO = ("CT", "MA", "ME", "NH", "NJ", "RI", "VT", "PR", "VI")
_BOX = r"(?:p\.? ?o\.? ?box|box|casier)"
_UNIT_TYPES = rf"(?:suite|ste|apt|apartment|unit|rm|room|floor|fl|bldg|building|space|spc|trlr|lot|{_BOX}|bureau|app)"
_UNIT = re.compile(
    rf"(?:{_UNIT_TYPES}\.? ?#? ?(?!\d{{5}}\b)(?:[\w-]*\d[\w-]*|[A-Z])|# ?[\w-]+|\d+(?:st|nd|rd|th) fl(?:oor)?\.?"
    rf"|{_BOX}\.? ?#? ?\d{{5}}|(?:c/o|attn:?) .+)",
    re.IGNORECASE,
)
_NUMBERED = re.compile(
    r"(?:.* )?(?:box|casier(?: postal)?)"
    r"|(?:county|state|township|ranch|rural|forest service) (?:road|rd)|farm to market(?: (?:road|rd))?"
    r"|(?:\d+[a-z]? )?(?:(?:us|u s|state|county|provincial|rural|old) )?(?:route|rte|rt|highway|hwy|fm|cr|rr)"
)
"""What a number follows that is no postal code. Behind a house number it is one: "12 County Road 06840"."""
_TRAILING_UNIT = re.compile(rf"(.+?)[ ,]+{_UNIT.pattern}", re.IGNORECASE)
_HOUSE_NUMBER = re.compile(r"\d{1,4}[A-Za-z]?(-\d+)?")
_COUNTY = re.compile(r"(.+) (?:county|parish|co\.|cnty\.?|census area)", re.IGNORECASE)
_MAX_REGION_WORDS = 7
_MAX_COUNTRY_WORDS = 4
_MAX_PASSES = 3
"""How often the parts at the end of an address are extracted again: they come in any order."""
_PUNCTUATION = " -–—\"'“”‘’«»()[]!?*"
"""What stands around a postal code; a stop belongs to "Calif."."""
_LATIN = frozenset("ßæœøłđðþıʻʼ")


@dataclass(frozen=True, slots=True)
class ParsedAddress:
    """The parts of an address; `segments` is the text that remains, split at commas.

    `region_text` is the region as typed, `unsplit_last` the last segment before a region was removed from its end
    ("Port Washington"). `county` is a county beside other segments, `trailing_text` the text after the region. Results
    lie within `country`.
    """

    segments: tuple[str, ...]
    region: str = ""
    postal_code: str = ""
    country: Country | None = None
    county: str = ""
    trailing_text: str = ""
    region_text: str = ""
    unsplit_last: str = ""
    notes: tuple[Note, ...] = ()

    @property
    def has_house_number(self) -> bool:
        """Whether it begins like a street address ("174 South Avenue")."""
        return bool(self.segments) and starts_with_number(self.segments[0])

    @property
    def reads_like_a_town(self) -> bool:
        """Whether it is a name alone, with or without its region: our own tables know every town."""
        return len(self.segments) == 1 and not any(sign.isdigit() or sign in "&@/" for sign in self.segments[0])

    def allows_region(self, region: str) -> bool:
        """Whether a place in `region` lies within the typed region and country."""
        if self.region:
            return region == self.region
        return self.country is None or region not in REGIONS or REGIONS[region].country == self.country.code


def clean(text: str) -> str:
    """The address without control characters and repeated white space.

    Raises BadAddressError when nothing remains or it is longer than 200 characters (a link: 1,000).
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


def is_box(text: str) -> bool:
    """Whether the text is a post office box, or a road with its number, alone."""
    words = plain(text).split()
    return len(words) > 1 and words[-1].isdigit() and _NUMBERED.fullmatch(" ".join(words[:-1])) is not None


def words_in_other_scripts(text: str) -> list[str]:
    """The words in a script other than Latin, which cannot be matched."""
    return [word for word in text.split() if any(_is_other_script(char) for char in word)]


def _is_other_script(char: str) -> bool:
    return char.isalpha() and not without_accents(char).isascii() and char.lower() not in _LATIN


def read_address(text: str) -> ParsedAddress:
    """Parse an address. Expects cleaned text."""
    parsed = ParsedAddress(_drop_filler_segments(split_segments(text)))
    for _ in range(_MAX_PASSES):
        previous = parsed
        for extract in (_extract_country, _extract_unit, _extract_postal_code, _extract_region):
            parsed = extract(parsed)
        if parsed == previous:
            break
    for extract in (_extract_inner_region, _extract_misspelt_region, _extract_county):
        parsed = extract(parsed)
    return parsed


def split_segments(text: str) -> tuple[str, ...]:
    """The parts between commas, without units ("Suite 200"); a lone house number is joined to the next part."""
    segments = [segment for part in re.split(r"[,;]", text) if (segment := _strip_segment(part))]
    if len(segments) > 1 and _HOUSE_NUMBER.fullmatch(segments[0]):
        segments[:2] = [f"{segments[0]} {segments[1]}"]
    return tuple(segment for number, segment in enumerate(segments) if number == 0 or not _UNIT.fullmatch(segment))


def _drop_filler_segments(segments: tuple[str, ...]) -> tuple[str, ...]:
    """ "Norwalk, CT, downtown": without the segments that name no place; the first "in" or "de" may be a state."""
    kept: list[str] = []
    for segment in segments:
        is_region = bool(read_region(segment)) and not any(map(read_region, kept[1:]))
        if not kept or is_region or without_fillers(segment):
            kept.append(segment)
    return tuple(kept)


def _strip_segment(segment: str) -> str:
    """Strip spaces and leading stops; the stop of "Calif." stays, since "Man" is a town and "Man." a province."""
    return segment.strip().lstrip(".").strip()


def _replace_last(parsed: ParsedAddress, last: str) -> tuple[str, ...]:
    return (*parsed.segments[:-1], last) if last else parsed.segments[:-1]


def _extract_country(parsed: ParsedAddress) -> ParsedAddress:
    """Extract a country at the end; "CA" is one only after a Canadian province. A lone country stays."""
    if parsed.country or not parsed.segments:
        return parsed
    last, is_only_segment = parsed.segments[-1], len(parsed.segments) == 1
    if is_only_segment and (read_region(last) or (read_country(last) and not parsed.postal_code)):
        return parsed
    words = last.split()
    for count in range(min(_MAX_COUNTRY_WORDS, len(words)), 0, -1):
        name, segments = " ".join(words[-count:]), _replace_last(parsed, " ".join(words[:-count]))
        country = read_country(name)
        if plain(words[-1]) == "ca" and count == 1:
            country = Country("CA", "Canada") if segments and _is_canadian_code(segments[-1].split()[-1]) else None
        has_rest = bool(segments or parsed.postal_code)
        if country and has_rest and _is_country_name(country, name, parsed, count == len(words)):
            return replace(parsed, segments=segments, country=country)
    return parsed


def _is_country_name(country: Country, name: str, parsed: ParsedAddress, is_segment: bool) -> bool:
    """Whether this text at the end means the country: "Georgia" is a state, "North America" no country."""
    if country.covered:
        return is_segment or plain(name) != "america"
    return is_segment and not parsed.region and not read_region(name)


def _is_canadian_code(word: str) -> bool:
    code = read_region(word)
    return bool(code) and REGIONS[code].country == "CA" and len(plain(word)) <= 4


def _extract_postal_code(parsed: ParsedAddress) -> ParsedAddress:
    """Extract the last ZIP or Canadian code; a number before words is a house number."""
    if parsed.postal_code:
        return parsed
    for position in range(len(parsed.segments) - 1, -1, -1):
        segment = parsed.segments[position]
        for pattern in (_ZIP, _POSTAL):
            matches = list(pattern.finditer(segment))
            if not matches:
                continue
            before, after = segment[: matches[-1].start()].strip(), segment[matches[-1].end() :].strip(_PUNCTUATION)
            after = after if re.search(r"\w", after) else ""
            if pattern is _ZIP and ((after and not read_region(after)) or _NUMBERED.fullmatch(plain(before))):
                continue  # the number of a house, a road or a box
            segments = [*parsed.segments]
            segments[position : position + 1] = filter(None, [f"{before} {after}".strip(_PUNCTUATION)])
            return replace(parsed, segments=tuple(segments), postal_code=matches[-1][1].upper())
    return _extract_short_zip(parsed)


def _extract_short_zip(parsed: ParsedAddress) -> ParsedAddress:
    """Extract a ZIP without its leading zero, after a state whose codes have one ("Darien, CT 6820")."""
    match = _SHORT_ZIP.fullmatch(", ".join(parsed.segments))
    if match is None or read_region(re.split(r"[ ,]+", match[1])[-1]) not in _STATES_WITH_LEADING_ZERO:
        return parsed
    segments = tuple(segment for part in match[1].split(",") if (segment := _strip_segment(part)))
    notes = (*parsed.notes, Note("zip_zero_restored", match[2]))
    return replace(parsed, segments=segments, postal_code=match[2].zfill(5), notes=notes)


def _extract_unit(parsed: ParsedAddress) -> ParsedAddress:
    """Extract a unit after region or code ("Norwalk, CT 06851 Apt 2"); one in a street address stays."""
    match = _TRAILING_UNIT.fullmatch(parsed.segments[-1]) if parsed.segments else None
    if match is None:
        return parsed
    last = match[1].split()[-1]
    if read_region(last) or _ZIP.fullmatch(last) or _POSTAL.fullmatch(last):
        return replace(parsed, segments=_replace_last(parsed, match[1]))
    return parsed


def _extract_region(parsed: ParsedAddress) -> ParsedAddress:
    """Extract a region at the end of the last segment; the whole segment counts only if there are other parts."""
    if parsed.region or not parsed.segments:
        return parsed
    last = parsed.segments[-1]
    words = last.split()
    has_other_parts = len(parsed.segments) > 1 or bool(parsed.postal_code)
    for count in range(min(_MAX_REGION_WORDS, len(words)), 0, -1):
        if count == len(words) and not has_other_parts:
            continue
        name = " ".join(words[-count:])
        if region := read_region(name):
            remaining = " ".join(words[:-count])
            segments, unsplit = _replace_last(parsed, remaining), last if remaining else ""
            return replace(parsed, segments=segments, region=region, region_text=name, unsplit_last=unsplit)
    return parsed


def _extract_inner_region(parsed: ParsedAddress) -> ParsedAddress:
    """ "Norwalk, CT (near the mall)": extract a region before other words, which become `trailing_text`."""
    if parsed.region or len(parsed.segments) < 2:
        return parsed
    for position in range(len(parsed.segments) - 1, 0, -1):
        words = parsed.segments[position].split()
        for count in range(min(_MAX_REGION_WORDS, len(words)), 0, -1):
            name = " ".join(words[:count])
            region = read_region(name)
            if region and (name.isupper() or "." in name or is_full_name(name)):
                text = ", ".join(filter(None, (" ".join(words[count:]), *parsed.segments[position + 1 :])))
                text = text.strip(" -–—/") if without_fillers(text.strip(" -–—()/")) else ""
                segments = parsed.segments[:position]
                return replace(parsed, segments=segments, region=region, region_text=name, trailing_text=text)
    return parsed


def _extract_misspelt_region(parsed: ParsedAddress) -> ParsedAddress:
    """ "New Canaan, Conneticut": extract a last segment that is one letter off one region's name, with a note."""
    if parsed.region or len(parsed.segments) < 2:
        return parsed
    last = parsed.segments[-1]
    region = read_misspelt_region(last)
    if not region:
        return parsed
    return replace(parsed, segments=parsed.segments[:-1], region=region, notes=(*parsed.notes, Note("spelling", last)))


def _extract_county(parsed: ParsedAddress) -> ParsedAddress:
    """Extract a county beside a town; a county that is the only segment besides a street address stays."""
    for position, segment in enumerate(parsed.segments):
        others = [other for other in parsed.segments if other is not segment and not starts_with_number(other)]
        if others and not starts_with_number(segment) and _COUNTY.fullmatch(segment):
            segments = parsed.segments[:position] + parsed.segments[position + 1 :]
            return replace(parsed, segments=segments, county=segment)
    if _COUNTY.fullmatch(parsed.trailing_text) and not parsed.county:
        return replace(parsed, county=parsed.trailing_text, trailing_text="")
    return parsed

"""Reading an address from its end: country, postal code, state, and what is left."""

import re
import unicodedata
from dataclasses import dataclass

from directory.geo import Coordinates
from directory.geocoding.answers import BadAddress
from directory.regions import REGIONS
from directory.text import plain

MAX_LENGTH = 200

_ZIP = re.compile(r"(?<![\w-])(\d{5})(?:-\d{4})?(?![\w-])")
_FSA = re.compile(r"(?<!\w)([ABCEGHJ-NPRSTVXY]\d[A-Z])(?: ?\d[A-Z]\d)?(?!\w)", re.IGNORECASE)
_COORDINATES = re.compile(
    r"\s*\(?\s*([+-]?\d{1,3}(?:\.\d+)?)\s*°?\s*([NS]?)\s*[,;\s]\s*([+-]?\d{1,3}(?:\.\d+)?)\s*°?\s*([EW]?)\s*\)?\s*",
    re.IGNORECASE,
)
_COUNTRY = re.compile(r"[\s,]+(u\.?s\.?(?:a\.?)?|united states(?: of america)?|canada)[\s.]*$", re.IGNORECASE)
_OLD_ABBREVIATIONS = {
    "ala": "AL", "ariz": "AZ", "ark": "AR", "calif": "CA", "colo": "CO", "conn": "CT", "del": "DE", "fla": "FL",
    "ill": "IL", "ind": "IN", "kans": "KS", "mass": "MA", "mich": "MI", "minn": "MN", "miss": "MS", "mont": "MT",
    "neb": "NE", "nebr": "NE", "nev": "NV", "okla": "OK", "ont": "ON", "ore": "OR", "penn": "PA", "penna": "PA",
    "que": "QC", "pq": "QC", "sask": "SK", "tenn": "TN", "tex": "TX", "wash": "WA", "wis": "WI", "wisc": "WI",
    "wyo": "WY", "newfoundland": "NL", "pei": "PE", "virgin islands": "VI",
}  # fmt: skip
_STATES = (
    {code.lower(): code for code in REGIONS}
    | {plain(region.name): code for code, region in REGIONS.items()}
    | _OLD_ABBREVIATIONS
)


@dataclass(frozen=True, slots=True)
class Reading:
    """An address taken apart; `segments` are the words before the state, split at commas."""

    segments: tuple[str, ...]
    state: str = ""
    postal_code: str = ""

    @property
    def has_house_number(self) -> bool:
        """Whether it begins like a street address ("174 South Avenue")."""
        return bool(self.segments) and re.match(r"\d+[A-Za-z]?(-\d+)?\s+\S", self.segments[0]) is not None


def clean(text: str) -> str:
    """The address as typed, with control characters and runs of white space taken out.

    Raises BadAddress when nothing is left or it is longer than 200 characters.
    """
    printable = "".join(" " if unicodedata.category(char)[0] in "CZ" else char for char in text)
    cleaned = " ".join(printable.split())
    if not cleaned:
        raise BadAddress("Type an address, a ZIP code, or a town and state.")
    if len(cleaned) > MAX_LENGTH:
        raise BadAddress(f"That is {len(cleaned)} characters; an address has at most {MAX_LENGTH}.")
    return cleaned


def state_named(text: str) -> str:
    """The code of the state or province that `text` names in full or in short, or an empty string."""
    words = plain(text)
    return _STATES.get(words) or _STATES.get(words.replace(" ", "")) or ""


def read_coordinates(text: str) -> Coordinates | None:
    """Coordinates typed as such ("41.1412, -73.4907"), or None.

    Raises BadAddress when they look like coordinates and are out of range.
    """
    match = _COORDINATES.fullmatch(text)
    if not match or ("." not in text and "," not in text):
        return None
    latitude = -float(match[1]) if match[2].upper() == "S" else float(match[1])
    longitude = -float(match[3]) if match[4].upper() == "W" else float(match[3])
    try:
        return Coordinates(latitude, longitude)
    except ValueError as error:
        raise BadAddress(f"These look like coordinates, but the {error}.") from error


def read_address(text: str) -> Reading:
    """Take an address apart. Expects cleaned text."""
    rest, postal_code = _take_postal_code(_COUNTRY.sub("", text))
    segments = [segment for part in rest.split(",") if (segment := part.strip(" .;"))]
    state = ""
    if segments:
        segments[-1], state = _take_state(segments[-1], whole=len(segments) > 1 or bool(postal_code))
    return Reading(tuple(segment for segment in segments if segment), state, postal_code)


def _take_postal_code(text: str) -> tuple[str, str]:
    """Split the last ZIP or FSA off; a leading number with words behind it is a house number."""
    for pattern in (_ZIP, _FSA):
        matches = list(pattern.finditer(text))
        if matches:
            last = matches[-1]
            before, after = text[: last.start()], text[last.end() :]
            leads = not before.strip(" ,")
            if not leads or not re.search(r"[a-z]", after, re.IGNORECASE) or "," in after[:2]:
                return f"{before} {after}".strip(" ,"), last[1].upper()
    return text, ""


def _take_state(segment: str, whole: bool) -> tuple[str, str]:
    """Split a state off the end of `segment`; the whole segment counts only if something stands before it."""
    words = segment.split()
    for count in range(min(4, len(words)), 0, -1):
        if count == len(words) and not whole:
            continue
        if state := state_named(" ".join(words[-count:])):
            return " ".join(words[:-count]), state
    return segment, ""

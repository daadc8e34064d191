"""What in a zone's texts could lead a reader elsewhere: numbers to call, pages, mail addresses, other places."""

import re
import unicodedata
from collections.abc import Iterable, Iterator

from directory.zones.duplicates.streets import street_words
from directory.zones.fields import Kind
from directory.zones.schemas import FIELDS, ZoneRecord

_WORDED = (Kind.TEXT, Kind.TEXTS, Kind.HOURS, Kind.CLOSURES)
FREE_TEXTS = tuple(
    name for name, field in FIELDS.items()
    if field.form and field.kind in _WORDED and name not in ("town", "opening_hours")
)  # fmt: skip
"""Fields that people write in their own words."""
SHORTEST_NUMBER = 6
"""So many digits in a row, whatever stands between them, may be a telephone number."""

_TIME = re.compile(r"\b\d{4}-\d{2}-\d{2}\b|\b\d{1,2}:\d{2}\b|\b\d{1,2} ?[ap]\.?m\b|\b24/7\b")
_BETWEEN_DIGITS = re.compile(r"(?<=\d)[^0-9a-z\n]+(?=\d)")
_PAGE = re.compile(r"[\w-]+(?:(?:\.|\s?[(\[]dot[)\]]\s?)[a-z][\w-]+)+\S*|\w+://\S+")
_MAIL = re.compile(r"\S*(?:@|\s?[(\[]at[)\]]\s?)\S*")
_PLACE = re.compile(r"\b(\d{1,5}[a-z]?) +([a-z][a-z'-]+)")
_COUNTED = frozenset({
    "a", "am", "and", "are", "at", "bay", "bays", "by", "camera", "cameras", "car", "cars", "day", "days",
    "door", "ea", "feet", "for", "foot", "ft", "hour", "hours", "hr", "hrs", "in", "is", "item", "items", "lot",
    "lots", "meter", "meters", "mile", "miles", "min", "mins", "minute", "minutes", "month", "months", "of",
    "on", "or", "parking", "people", "person", "pm", "sign", "signed", "signs", "space", "spaces", "spot",
    "spots", "stall", "stalls", "step", "steps", "th", "through", "till", "to", "until", "vehicle", "vehicles",
    "visit", "visits", "week", "weeks", "with", "yard", "yards", "year", "years",
})  # fmt: skip
"""Words that follow a number which is no house number."""


def phone_key(phone: str) -> str:
    """A telephone number in the form in which it is compared: its digits, or the text where it has none."""
    return re.sub(r"\D", "", phone) or phone.strip().lower()


def contacts(record: ZoneRecord) -> set[str]:
    """Numbers that may be telephones (as digits), pages and mail addresses in the texts."""
    contacts_in_text = set()
    for text in _texts(record, FREE_TEXTS):
        digits = _BETWEEN_DIGITS.sub("", _TIME.sub("; x ", text))
        contacts_in_text |= set(re.findall(rf"\d{{{SHORTEST_NUMBER},}}", digits))
        contacts_in_text |= set(_PAGE.findall(text)) | set(_MAIL.findall(text))
    return contacts_in_text


def places_named(record: ZoneRecord) -> set[tuple[str, str]]:
    """Numbers with the word behind them, such as ("99", "dark"), in the texts other than the address itself."""
    texts = _texts(record, [name for name in FREE_TEXTS if name != "street_address"])
    own = set(_PLACE.findall(next(_texts(record, ["street_address"]))))
    pairs = {pair for text in texts for pair in _PLACE.findall(_TIME.sub(" ", text))}
    return {(number, word) for number, word in pairs if word not in _COUNTED} - own


def _texts(record: ZoneRecord, names: Iterable[str]) -> Iterator[str]:
    for name in names:
        value = getattr(record, name)
        if isinstance(value, list):
            value = "\n".join(one.get("note", "") if isinstance(one, dict) else one for one in value)
        yield unicodedata.normalize("NFKC", value).lower()


_PARTS = frozenset({
    "rear", "front", "back", "lobby", "lot", "suite", "ste", "unit", "floor", "fl", "room", "rm", "building",
    "bldg", "basement", "level", "entrance",
})  # fmt: skip


def is_another_address(before: str, after: str) -> bool:
    """Whether number or street differ; another spelling, or a part of the building behind it, is the same address."""
    old, new = street_words(before), street_words(after)
    if not old or not new:
        return old != new
    shorter, longer = sorted((old, new), key=len)
    return longer[: len(shorter)] != shorter or not _is_part(longer[len(shorter) :])


def _is_part(words: list[str]) -> bool:
    """Whether these words name a part of a building: "suite 2", "rear", "2nd floor"."""
    other_words = [word for word in words if word not in _PARTS]
    return (not words or len(other_words) < len(words)) and all(
        re.fullmatch(r"\d{1,4}[a-z]{0,2}|[a-z]", word) for word in other_words
    )

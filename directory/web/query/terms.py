"""The directory's words in addresses: the same in page searches, API, embeds, downloads and map data.

A word is read in any case, with spaces, hyphens or underscores; several are separated by commas.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence

from directory.errors import BadInputError
from directory.formats.json_schema import PROPERTIES
from directory.regions import REGIONS
from directory.search.zone_features import QUERYABLES
from directory.text import plain
from directory.zones.schemas import FACTS, Setting

Words = tuple[str, ...]
Reader = Callable[[str], Words]

OFFERED_BY = {
    "lobby": frozenset({Setting.LOBBY, Setting.LOBBY_AND_LOT}),
    "parking_lot": frozenset({Setting.PARKING_LOT, Setting.LOBBY_AND_LOT}),
    "lobby_and_lot": frozenset({Setting.LOBBY_AND_LOT}),
    "other": frozenset({Setting.OTHER}),
}
"""What a search for a setting means: the settings of zones that offer it."""
YES = ("true", "1", "yes")
NO = ("false", "0", "no")
_SYNONYMS: dict[str, dict[str, str]] = {
    "setting": {"lot": "parking_lot"},
    "state": {region.name: code for code, region in REGIONS.items()},
    "country": {"usa": "US", "united states": "US", "canada": "CA"},
    **{fact: {"true": "yes", "1": "yes", "false": "no", "0": "no"} for fact in FACTS},
}
"""Other words for a property's values, beside the values themselves."""


class UnknownWordError(BadInputError, ValueError):
    """A word that is none of those allowed, which `allowed` lists."""

    def __init__(self, allowed: Sequence[str]) -> None:
        super().__init__(f"must be one of: {', '.join(map(repr, allowed))}; several with commas between them")
        self.allowed = allowed


def values_of(name: str) -> Words:
    """The values that may be asked of a property; empty where any text may be."""
    return tuple(value for value in PROPERTIES[name].get("enum", ()) if value != "withdrawn")


def offered_words(name: str) -> Words:
    """The same, with the short words for settings."""
    return (*values_of(name), *(_SYNONYMS[name] if name == "setting" else ()))


def reader_of(name: str) -> Reader:
    """A reader of the values of a property of zones. It raises ValueError."""
    values = values_of(name)
    if not values:
        return _names
    meanings = {_key(value): value for value in values}
    meanings |= {_key(word): value for word, value in _SYNONYMS.get(name, {}).items()}
    return lambda text: _read(text, meanings, offered_words(name))


def settings_offered(offers: Iterable[str]) -> frozenset[Setting]:
    """The settings of zones that offer any of these."""
    return frozenset[Setting]().union(*(OFFERED_BY[word] for word in offers))


def read_flag(text: str) -> bool:
    """Yes or no. Raises ValueError."""
    word = text.strip().lower()
    if word in YES:
        return True
    if word in NO:
        return False
    raise ValueError("must be true or false")


def _read(text: str, meanings: Mapping[str, str], allowed: Sequence[str]) -> Words:
    values = [meanings.get(_key(part), "") for part in text.split(",") if part.strip()]
    if not values or "" in values:
        raise UnknownWordError(allowed)
    return tuple(dict.fromkeys(values))


def _names(text: str) -> Words:
    """Names with commas between them; a state's code behind a name belongs to it: "Darien, CT, Wilton" are two."""
    if not text:
        raise ValueError("must not be empty")
    parts: list[str] = []
    for part in (part.strip() for part in text.split(",")):
        if parts and part.upper() in REGIONS:
            parts[-1] = f"{parts[-1]} {part.upper()}"
        elif part:
            parts.append(part)
    return tuple(dict.fromkeys([*parts, text.strip()]))  # a name may have a comma itself


def _key(word: str) -> str:
    return plain(word.replace("_", " "))


READERS: Mapping[str, Reader] = {name: reader_of(name) for name in QUERYABLES}
"""Every property that an exact value may be asked of, and how its values are read."""

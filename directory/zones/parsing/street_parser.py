"""The reader of a street address: not of several, nor of a town, a post box or a page."""

import re

from directory.regions import read_region
from directory.text import translatable
from directory.zones.duplicates.streets import read_street, street_key
from directory.zones.findings import AmbiguousFieldError, FieldError
from directory.zones.parsed import NOTHING, Parsed, Reader, text
from directory.zones.parsing.enumeration_parser import setting
from directory.zones.parsing.region_parser import POSTAL_CODE_BEHIND
from directory.zones.schemas import FIELDS

_NO_STREET = re.compile(
    r"(?:p\.? ?o\.? ?box|case postale|c\. ?p\.) ?\d*|https?:\S*|www\.\S*|various|multiple|several|"
    r"(?:see|voir|ver) (?:the |la |le |el )?(?:maps?|web ?(?:site|page)|page|link|notes?|list|below|carte|site|mapa)|"
    r"(?:various|multiple|all|several|any)(?: police)? (?:locations?|sites|stations?|districts|precincts|detachments)",
    re.I,
)
"""What is no place to go to, whatever a column is called: a box at the post office, a page, "see map"."""
_BETWEEN_STREETS = re.compile(r"\s*(?:[;\n|]|/|&|\b(?:and|or|et|ou|y)\b|(?<![\w.])\(?\d{1,2}\)(?= ))\s*", re.I)
_SIGNS_BETWEEN = (";", "/", "&", ")", "|", "\n", " and ", " AND ", " or ", " et ", " ou ", " y ")
_TWO_ROUTES = re.compile(r"(\b(?:US|Route|Routes|Rte|Rt|Hwy|Highway|I)\b[ -]?\d+)\s*(?:&|/|and)\s*\d+", re.I)
"""Two numbers of one road: "US 1 and 95"."""
_HOUSE = re.compile(r"\d+[A-Za-z]?(?:-\d+)?,? +(?:\d|\D*[^\W\d_]{2})")


def street(limit: int) -> Reader:
    """A reader of a street address: not a number alone, nor a town with its state, a post box or "see map"."""
    read_text = text(limit)

    def read(value: str) -> Parsed:
        town, _, region = value.rpartition(",")
        only_town = town and not re.search(r"[\d,]", town) and read_region(POSTAL_CODE_BEHIND.sub("", region).strip())
        if only_town or not re.search(r"[^\W\d_]", value) or _NO_STREET.fullmatch(value):
            raise FieldError(
                translatable("names no street"), translatable("Give number and street, or leave it empty.")
            )
        if len(streets := _several_streets(value)) > 1:
            raise _which_street(streets)
        return _only_spot(value) or read_text(value)

    return read


def _several_streets(value: str) -> tuple[str, ...]:
    """The different houses that a text names, as far as it separates them: "25 Hecker Ave; 2 Renshaw Rd"."""
    if len(value) > FIELDS["street_address"].limit or not any(
        sign in value for sign in _SIGNS_BETWEEN
    ):  # as in nearly every address
        return ()
    parts = [part.strip(" ,.") for part in _BETWEEN_STREETS.split(_TWO_ROUTES.sub(r"\1", value))]
    if len(parts) == 1:  # nearly always, and taking a street apart is a fifth of judging a row
        return ()
    houses = [part for part in parts if _HOUSE.match(part) and read_street(part).type]
    return tuple({street_key(house): house for house in houses}.values())


def _which_street(streets: tuple[str, ...]) -> AmbiguousFieldError:
    fix = translatable(
        "Until then no street is shown. Give each spot a row of its own, or write the one that is meant: %(choices)s.",
        choices=" / ".join(streets),
    )
    return AmbiguousFieldError(translatable("names several addresses; each spot is a zone of its own"), fix, streets)


def _only_spot(value: str) -> Parsed | None:
    """What words say of the spot that stand in the place of a street: "Front parking lot"; None for any other."""
    if re.search(r"\d", value):
        return None
    try:
        kind = setting(value).value
    except FieldError:
        return None
    return Parsed("", NOTHING, {"setting": kind, "spot_note": value})

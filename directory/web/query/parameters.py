"""Query parameters: read, checked, and named in the error when they cannot be used."""

import math
from collections.abc import Mapping
from dataclasses import dataclass, field

from pydantic import ValidationError
from werkzeug.datastructures import MultiDict

from directory.errors import BadInputError
from directory.geo import METERS_PER_MILE, Coordinates
from directory.meetings.times import TypedTime
from directory.routing.router import Mode
from directory.search.filters import Filters
from directory.search.service import MAX_LIMIT
from directory.web.i18n.translate import _
from directory.web.query.filter_parameters import MODES, SearchChoices, read_in_their_language
from directory.web.query.terms import NO, YES, offered_words

PARAMETERS = ("q", "lat", "lon", "limit", "within", "units", *SearchChoices.model_fields)
CHOSEN = tuple(name for name in PARAMETERS if name not in ("q", "lat", "lon", "limit"))
"""What a new search keeps of the one before: filters, radius and units, not the place."""


@dataclass(frozen=True, slots=True)
class BadParameter:
    """A parameter that cannot be used: its name, what was given, and what is allowed."""

    name: str
    value: str
    allowed: str


class BadParametersError(BadInputError):
    """All the parameters of a request that cannot be used."""

    def __init__(self, problems: list[BadParameter]) -> None:
        super().__init__("; ".join(f"{problem.name}={problem.value}: {problem.allowed}" for problem in problems))
        self.problems = problems


@dataclass(frozen=True, slots=True)
class SearchParameters:
    """A search as asked: words or a position, filters (`settings` in the directory's words), how many, how far.

    `switches` are the parameters that are on; "stations": police stations near there too, which are no safe zones.
    `at` is the time of the visit, as it was typed.
    """

    words: str = ""
    position: Coordinates | None = None
    filters: Filters = field(default_factory=Filters)
    limit: int = 10
    within_m: float = float("inf")
    units: str = ""
    settings: tuple[str, ...] = ()
    switches: frozenset[str] = frozenset()
    at: TypedTime | None = None
    mode: Mode | None = None

    def on(self, name: str) -> bool:
        """Whether a switch was turned on, in whatever words."""
        return name in self.switches

    @property
    def within_miles(self) -> float | None:
        """The radius as it was asked for; None where any distance will do."""
        return None if math.isinf(self.within_m) else round(self.within_m / METERS_PER_MILE, 3)


def read_search(params: "MultiDict[str, str]") -> SearchParameters:
    """Read the parameters of a search.

    Raises BadParametersError with every problem at once, and UnreadableTimeError where `at` is the only one.
    """
    problems: list[BadParameter] = []
    args = params.to_dict()  # which answers for what is left out without making an error of it first
    latitude = _number(args, "lat", -90, 90, problems)
    longitude = _number(args, "lon", -180, 180, problems)
    limit = _number(args, "limit", 1, MAX_LIMIT, problems, whole=True)
    miles = _number(args, "within", 0.1, 15_000, problems)
    choices = _choices(args, problems)
    units = _choice(args, "units", ("", "mi", "km"), problems)
    if (latitude is None) != (longitude is None) and not problems:
        missing = "lat" if latitude is None else "lon"
        problems.append(BadParameter(missing, "", _("lat and lon belong together")))
    if problems:
        raise BadParametersError(problems)
    return SearchParameters(
        words=args.get("q", "").strip(),
        position=None if latitude is None or longitude is None else Coordinates(latitude, longitude),
        filters=choices.filters,
        limit=10 if limit is None else int(limit),
        within_m=float("inf") if miles is None else miles * METERS_PER_MILE,
        units=units,
        settings=choices.setting or (),
        switches=choices.switches,
        at=choices.at,
        mode=choices.mode,
    )


def _number(
    args: Mapping[str, str],
    name: str,
    least: float,
    most: float,
    problems: list[BadParameter],
    *,
    whole: bool = False,
) -> float | None:
    text = args.get(name, "").strip()
    if not text:
        return None
    try:
        number = int(text) if whole else float(text)
    except ValueError:
        number = float("nan")
    if not least <= number <= most:
        kind = _("a whole number") if whole else _("a number")
        allowed = _("%(kind)s from %(least)s to %(most)s", kind=kind, least=f"{least:g}", most=f"{most:g}")
        problems.append(BadParameter(name, text[:100], allowed))
        return None
    return number


def read_choice(args: Mapping[str, str], name: str, allowed: tuple[str, ...]) -> str:
    """The one of some words that a parameter gives; "" where it is left out. Raises BadParametersError."""
    problems: list[BadParameter] = []
    word = _choice(args, name, allowed, problems)
    if problems:
        raise BadParametersError(problems)
    return word


def _choice(args: Mapping[str, str], name: str, allowed: tuple[str, ...], problems: list[BadParameter]) -> str:
    text = args.get(name, "").strip()
    if text not in allowed:
        message = _("one of: %(words)s", words=", ".join(word for word in allowed if word))
        problems.append(BadParameter(name, text[:100], message))
        return ""
    return text


def _choices(args: Mapping[str, str], problems: list[BadParameter]) -> SearchChoices:
    """The filters, as the API reads them; an empty one is none."""
    texts = {name: text for name in SearchChoices.model_fields if (text := args.get(name, "").strip())}
    try:
        return SearchChoices.model_validate(texts)
    except ValidationError as error:
        names = [str(item["loc"][0]) for item in error.errors()]
    if names == ["at"] and not problems:
        read_in_their_language(texts["at"])  # asks what is meant
    problems += [BadParameter(name, texts[name][:100], _allowed(name)) for name in names]
    return SearchChoices()


def _allowed(name: str) -> str:
    """What a filter takes, in the reader's language."""
    if name == "open_at":
        return _("“now”, or a date and time such as 2026-12-24T18:30")
    if name == "at":
        return _("a time such as “Sat 10 am”, “12/5 6:30 pm” or 2026-12-24T18:30")
    if name == "mode":
        return _("one of: %(words)s", words=", ".join(MODES))
    offered = offered_words("setting") if name == "setting" else (*YES, *NO)
    return _("one of: %(words)s", words=", ".join(offered))

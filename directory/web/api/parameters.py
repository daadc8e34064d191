"""The query parameters of the API: one model for each operation, which reads, checks and describes them."""

import re
from collections.abc import Sequence
from typing import Annotated, Any, Literal, TypeVar

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError, WithJsonSchema
from werkzeug.datastructures import MultiDict

from directory.languages import TRANSLATIONS, languages_in
from directory.search.service import MAX_LIMIT
from directory.text import instead
from directory.web.query.filter_parameters import FilterParameters, Flag, SearchChoices, TravelMode, words_of
from directory.web.query.parameters import BadParameter, BadParametersError
from directory.web.query.terms import READERS, offered_words

DEFAULT_LIMIT, HIGHEST_LIMIT = 100, 1_000
DEFAULT_NEAREST = 10
LONGEST = 200


class Query(BaseModel):
    """The parameters of an operation; one that is not named here is refused."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    @classmethod
    def names(cls) -> list[str]:
        """Of the parameters, as they stand in addresses."""
        return [field.alias or name for name, field in cls.model_fields.items()]

    @classmethod
    def offered(cls) -> list[str]:
        """The same without what is only read for those who use it already."""
        fields = cls.model_fields.items()
        return [field.alias or name for name, field in fields if field.json_schema_extra != {FORMER: True}]


_WHOLE = re.compile(r"-?[0-9]+")


def _whole(text: object) -> object:
    if isinstance(text, str) and not _WHOLE.fullmatch(text):
        raise ValueError("must be a whole number")
    return text


Whole = Annotated[int, BeforeValidator(_whole)]
Words = Annotated[str, Field(min_length=1, max_length=LONGEST)]
Address = Annotated[Words, WithJsonSchema({"type": "string", "format": "place", "minLength": 1, "maxLength": LONGEST})]
Language = Annotated[str, Field(pattern="^[a-z]{2}$")]
Degrees = Annotated[float, Field(allow_inf_nan=False)]


def limited(limit: int, highest: int = HIGHEST_LIMIT) -> int:
    """The limit in force: asking for more than there is at most is no error (OGC 17-069r4)."""
    return min(limit, highest)


class Limited(Query):
    """As many as are asked for."""

    limit: Whole = Field(
        DEFAULT_LIMIT, ge=1, description=f"how many at most; over {HIGHEST_LIMIT} means {HIGHEST_LIMIT}"
    )


class Paged(Limited):
    """A page of many."""

    offset: Whole = Field(0, ge=0, description="how many to pass over; follow the next link instead of counting")


def _either(alternatives: Sequence[str]) -> str:
    """ "en, es or fr"."""
    return f"{', '.join(alternatives[:-1])} or {alternatives[-1]}"


FORMER = "former"
"""Marks a parameter that is read for those who use it, and offered to nobody new."""
_LANGUAGES = _either(languages_in(TRANSLATIONS))
_LANGUAGE = f"the language of the page for people: {_LANGUAGES}; programs are answered in English"
FORMAT = "the format, instead of an Accept header"


class Paper(Query):
    """What every resource takes that is also a page for people."""

    lang: Language | None = Field(None, description=_LANGUAGE)


class FeaturesQuery(Paper):
    """The format of features."""

    f: Literal["json", "geojson", "html"] | None = Field(None, description=FORMAT)


class ResourceQuery(Paper):
    """The format only."""

    f: Literal["json", "html"] | None = Field(None, description=FORMAT)


class ListQuery(Query):
    """Whether a zone list is only tried."""

    dry_run: Flag = Field(False, description="only say what would become of the list; nothing is changed")


class AddressQuery(FeaturesQuery):
    """An address to locate."""

    address: Address = Field(description="an address, a ZIP or postal code, a town and state, or coordinates",
                           examples=["174 South Avenue, New Canaan, CT"])  # fmt: skip


class TownsQuery(Paged, ResourceQuery):
    """Towns, all or of a state."""

    state: words_of(READERS["state"], offered_words("state")) = Field(  # type: ignore[valid-type]
        None, description="only towns of these states or provinces, several with commas between them"
    )


class NearestQuery(SearchChoices, FeaturesQuery):
    """A place, and what a zone must offer."""

    lat: Degrees | None = Field(None, ge=-90, le=90, description="latitude in degrees; goes with lon")
    lon: Degrees | None = Field(None, ge=-180, le=180, description="longitude in degrees; goes with lat")
    address: Address | None = Field(
        None, description="instead of lat and lon: an address, a ZIP or postal code, a town and state"
    )
    limit: Whole = Field(DEFAULT_NEAREST, ge=1, description=f"how many at most; over {MAX_LIMIT} means {MAX_LIMIT}")
    within_m: Degrees | None = Field(
        None, ge=1, description="only zones no farther than so many metres in a straight line"
    )


def _place(whose: str, *, needed: bool = False) -> Any:
    description = f"where {whose} is: an address, a ZIP or postal code, a town and state, or coordinates"
    return Field(description=description) if needed else Field(None, description=description)


class MeetQuery(FilterParameters, FeaturesQuery):
    """Two to five places, and what a zone must offer. A list of police stations belongs to one place."""

    a: Address = _place("the first person", needed=True)
    b: Address = _place("the second person", needed=True)
    c: Address | None = _place("a third person")
    d: Address | None = _place("a fourth person")
    e: Address | None = _place("a fifth person")
    mode: TravelMode = Field(
        None,
        description="order by the travel time of the longest trip of this mode, where the server has a router",
    )
    limit: Whole = Field(DEFAULT_NEAREST, ge=1, description=f"how many at most; over {MAX_LIMIT} means {MAX_LIMIT}")
    within_m: Degrees | None = Field(None, ge=1, description="only zones to which no trip is longer, in metres")

    @property
    def places(self) -> dict[str, str]:
        """The words for each place, by the name of the parameter."""
        queries = {"a": self.a, "b": self.b, "c": self.c, "d": self.d, "e": self.e}
        return {name: text for name, text in queries.items() if text is not None}


Model = TypeVar("Model", bound=Query)


def read(model: type[Model], params: "MultiDict[str, str]") -> Model:
    """Read the parameters of a request. Raises BadParametersError with every problem at once."""
    texts, problems = {}, []
    for name, values in params.lists():
        texts[name] = values[0]
        if len(values) > 1 and name in model.names():
            problems.append(BadParameter(name, ", ".join(values)[:100], "once only"))
    try:
        parameters = model.model_validate(texts)
    except ValidationError as error:
        problems += [_problem(model, item, params) for item in error.errors()]
    if problems:
        raise BadParametersError(problems)
    return parameters


def _problem(model: type[Query], error: Any, params: "MultiDict[str, str]") -> BadParameter:
    name = str(error["loc"][0]) if error["loc"] else ""
    if error["type"] == "extra_forbidden":
        allowed = f"unknown{instead(name[:100], 'known', model.offered())}"
        return BadParameter(name[:100], str(error["input"])[:100], allowed)
    return BadParameter(name, params.get(name, "")[:100], _allowed(error))


def _allowed(error: Any) -> str:
    """pydantic's complaint in our words."""
    limits = error.get("ctx", {})
    return {
        "missing": "is needed",
        "string_pattern_mismatch": f"must match {limits.get('pattern')}",
        "float_parsing": "must be a number",
        "finite_number": "must be a number",
        "string_too_short": "must not be empty",
        "string_too_long": f"must have at most {limits.get('max_length')} characters",
        "greater_than_equal": f"must be at least {limits.get('ge')}",
        "less_than_equal": f"must be at most {limits.get('le')}",
        "literal_error": f"must be one of: {limits.get('expected')}",
    }.get(error["type"], str(error["msg"]).removeprefix("Value error, "))

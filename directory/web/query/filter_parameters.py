"""The filters of a search as parameters: one model, which the search page and the API read."""

import re
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, WithJsonSchema

from directory.clock import now
from directory.languages import SOURCE_LANGUAGE
from directory.meetings.time_reader import read_time
from directory.meetings.times import TypedTime, UnreadableTimeError
from directory.routing.router import Mode
from directory.search.filters import NONE, Filters
from directory.web.i18n.translate import current_locale
from directory.web.query.terms import READERS, offered_words, read_flag, settings_offered

MODES = tuple(mode.value for mode in Mode)


def read_open_at(text: str) -> datetime | None:
    """ "now", or a time; without an offset it is meant in each zone's own time. Nothing is none. Raises ValueError."""
    if not text:
        return None
    if text == "now":
        return now()
    try:
        # In an address a plus sign means a space, and comes back as one.
        when = datetime.fromisoformat(re.sub(r" (\d\d:\d\d)$", r"+\1", text))
    except ValueError:
        raise ValueError("must be now, or a date and time such as 2026-12-24T18:30") from None
    if not 2000 <= when.year <= 2200:
        raise ValueError("must lie between the years 2000 and 2200")
    return when


def read_in_their_language(text: str) -> TypedTime:
    """The time that a reader of the page at hand means. Raises UnreadableTimeError."""
    locale = current_locale()
    return read_time(text, locale.language if locale else SOURCE_LANGUAGE)


def read_visit(text: str) -> TypedTime | None:
    """The time of a visit in a person's words; "now" and nothing are none. Raises ValueError."""
    try:
        return None if text.strip().lower() in ("", "now", "ahora", "maintenant") else read_in_their_language(text)
    except UnreadableTimeError as error:
        raise ValueError(f"{error} Or a date and time such as 2026-12-24T18:30, or now") from None


def read_mode(text: str) -> Mode:
    """How to travel. Raises ValueError."""
    word = text.strip().lower()
    if word not in MODES:
        raise ValueError(f"must be one of: {', '.join(MODES)}")
    return Mode(word)


def reader(read: Callable[[str], Any], schema: dict[str, Any]) -> tuple[BeforeValidator, WithJsonSchema]:
    """The annotations of a parameter that `read` reads from text. It raises ValueError."""
    return BeforeValidator(lambda value: read(value) if isinstance(value, str) else value), WithJsonSchema(schema)


def words_of(read: Callable[[str], tuple[str, ...]], offered: Sequence[str]) -> Any:
    """A parameter that takes words: any of those offered, several with commas between them."""
    schema = {"type": "array", "minItems": 1, "items": {"type": "string", "enum": list(offered)}}
    return Annotated[tuple[str, ...] | None, *reader(read, schema)]


Flag = Annotated[bool, *reader(read_flag, {"type": "boolean"})]
At = Annotated[TypedTime | None, *reader(read_visit, {"type": "string", "format": "visit-time"})]
TravelMode = Annotated[Mode | None, *reader(read_mode, {"type": "string", "enum": list(MODES)})]
OpenAt = Annotated[datetime | None, *reader(read_open_at, {"type": "string", "format": "now-or-time"})]


class FilterParameters(BaseModel):
    """What a zone must offer. Only a stated yes passes a filter.

    `at` is no filter: it is the time for which zones are judged.
    """

    model_config = ConfigDict(frozen=True)

    setting: words_of(READERS["setting"], offered_words("setting")) = Field(  # type: ignore[valid-type]
        None,
        description="only zones that offer one of these, several with commas between them: who asks for a lobby or a "
        "parking_lot (lot) gets what has both, too; lobby_and_lot has both, other is elsewhere at the station",
    )
    at: At = Field(
        None,
        description="the time of the visit, for which every zone is judged instead of now; it leaves no zone out. A "
        "date and time such as 2026-12-24T18:30, or words such as Sat 10am, tonight 7 pm, 12/5 6:30pm; without an "
        "offset it is meant in each zone's own time. Words that may mean two times are refused with both",
    )
    open_at: OpenAt = Field(None, description="only zones open then: now, or a date and time such as 2026-12-24T18:30")
    recorded: Flag = Field(False, description="only zones whose cameras are recorded")
    lit: Flag = Field(False, description="only zones lit at night")
    custody: Flag = Field(False, description="only zones that welcome custody exchanges")
    step_free: Flag = Field(False, description="only zones reached without steps")
    all_hours: Flag = Field(False, description="only zones open at all hours, by the hours that are stated")
    confirmed: Flag = Field(False, description="only zones that their department confirmed")
    planned: Flag = Field(False, description="also zones that were announced and may not be open yet")
    faded: Flag = Field(False, description="also zones that nobody has confirmed for over a year")
    usable: Flag = Field(False, description="only zones that one can go to now: neither moved, closed nor planned")
    across_border: Flag = Field(
        False, description="whether `closest` may lie in another country than the place; the features do in any case"
    )

    @property
    def filters(self) -> Filters:
        """The same as the search takes it."""
        if self.model_fields_set.isdisjoint(FilterParameters.model_fields):
            return NONE
        return Filters(
            open_at=self.open_at, settings=settings_offered(self.setting or ()), recorded=self.recorded, lit=self.lit,
            custody_exchange=self.custody, step_free=self.step_free, all_hours=self.all_hours,
            confirmed=self.confirmed, planned=self.planned, faded=self.faded, usable=self.usable,
            across_border=self.across_border,
        )  # fmt: skip


class TravelParameters(BaseModel):
    """By what zones are ordered."""

    model_config = ConfigDict(frozen=True)

    mode: TravelMode = Field(
        None,
        description="order by travel time: drive or walk, without traffic. Without it zones are in order of "
        "straight-line distance, but by driving time where the closest lies across water or a border. Where the server "
        "has no router, or it does not answer, the member travel says so",
    )


class SearchChoices(FilterParameters, TravelParameters):
    """What a search around one place lets choose. `stations` adds police stations."""

    stations: Flag = Field(
        False,
        description="also the nearest police stations of the operator's list, if there is one, as the member stations: "
        "at most limit, within within_m, else 50 miles. They are no safe zones: people have to ask first",
    )

    @property
    def switches(self) -> frozenset[str]:
        """The flags that are on."""
        return frozenset(name for name in FLAGS if getattr(self, name))


FLAGS = tuple(name for name, field in SearchChoices.model_fields.items() if field.annotation is bool)

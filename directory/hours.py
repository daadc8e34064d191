"""Opening hours: from the words people use to OSM syntax, and what is open when."""

import re
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from functools import lru_cache
from itertools import pairwise
from zoneinfo import ZoneInfo

from opening_hours import OpeningHours, ParserError, State  # type: ignore[attr-defined]  # its stub forgets one

from directory.text import said

MAX_LENGTH = 300

_DAY_NAMES = {
    "m": "Mo", "mo": "Mo", "mon": "Mo", "monday": "Mo", "mondays": "Mo",
    "t": "Tu", "tu": "Tu", "tue": "Tu", "tues": "Tu", "tuesday": "Tu", "tuesdays": "Tu",
    "w": "We", "we": "We", "wed": "We", "weds": "We", "wednesday": "We", "wednesdays": "We",
    "r": "Th", "th": "Th", "thu": "Th", "thur": "Th", "thurs": "Th", "thursday": "Th", "thursdays": "Th",
    "f": "Fr", "fr": "Fr", "fri": "Fr", "friday": "Fr", "fridays": "Fr",
    "sa": "Sa", "sat": "Sa", "saturday": "Sa", "saturdays": "Sa",
    "su": "Su", "sun": "Su", "sunday": "Su", "sundays": "Su",
    "daily": "Mo-Su", "everyday": "Mo-Su", "weekdays": "Mo-Fr", "weekends": "Sa-Su", "weekend": "Sa-Su",
    "ph": "PH", "holidays": "PH",
}  # fmt: skip
_ALWAYS = re.compile(
    r"(open )?(24 ?/ ?7( ?/ ?365)?|24 ?(h|hr|hrs|hours)( (a|per) day)?"
    r"(,? ?(7|seven) days( (a|per) week)?)?|all day(,? every day)?|always( open)?|around the clock)"
)
_TIME = re.compile(r"(\d{1,2})(?::?(\d{2}))? ?(am|pm|a|p)?")
_RANGE = re.compile(
    r"(?P<from>\d{1,2}(?::?\d{2})? ?(?:am|pm|a|p)?) ?- ?(?P<to>\d{1,2}(?::?\d{2})? ?(?:am|pm|a|p)?)(?![\w:])"
)


class BadHours(ValueError):
    """A text that cannot be read as opening hours."""


@dataclass(frozen=True, slots=True)
class ReadHours:
    """Hours in OSM syntax; `converted` when the words were not OSM syntax already."""

    osm: str
    converted: bool


def read_hours(text: str) -> ReadHours:
    """Read OSM syntax or the habits of US and Canadian notices ("M-F 8-5", "24 hrs", "Mon-Fri 9am-5pm").

    Raises BadHours.
    """
    given = " ".join(text.split())
    if len(given) > MAX_LENGTH:
        raise BadHours(said("longer than %(MAX_LENGTH)s characters", MAX_LENGTH=MAX_LENGTH))
    if valid := _valid(given):
        return ReadHours(valid, converted=False)
    words = _tidy(given)
    if _ALWAYS.fullmatch(words) or _ALWAYS.fullmatch(given.lower()):
        return ReadHours("24/7", converted=True)
    osm = "; ".join(_rule(part) for part in _parts(words))
    if not _valid(osm):
        raise BadHours(said("not understood as opening hours"))
    return ReadHours(osm, converted=True)


@lru_cache(maxsize=4096)
def _valid(osm: str) -> str:
    """The expression when the OSM grammar accepts it without a warning, else an empty string."""
    if re.search(r"\d{5}|[a-z]{12}", osm) or not re.search(r"\d:\d\d|24/7|sun|dawn|dusk|off", osm):
        return ""  # OSM syntax also takes "unknown" or a bare year: those state no hours
    try:
        parsed = OpeningHours(osm, auto_country=False, auto_timezone=False)
    except (ParserError, ValueError):
        return ""
    return osm if osm and not parsed.warnings else ""


def _tidy(text: str) -> str:
    words = text.lower().replace("–", "-").replace("—", "-").replace("−", "-")
    words = re.sub(r"([ap])\. ?m\b\.?", r"\1m", words)
    words = re.sub(r"\bnoon\b", "12 pm", words)
    words = re.sub(r"\bmidnight\b", "24:00", words)
    words = re.sub(r"\b(through|thru|until|till|til|to)\b", "-", words)
    words = re.sub(r"\b(from|open|hours?:|every day of the week)\b", " ", words)
    words = re.sub(r"\bevery ?day\b|\b7 days a week\b|\bseven days a week\b", "daily", words)
    words = re.sub(
        r"\bexcept (for )?(federal |public |state |legal )?holidays\b|\bclosed (on )?holidays\b",
        "; ph off",
        words,
    )
    words = re.sub(r"(?<=[a-z])\.", "", words)
    return re.sub(r" ?- ?", "-", " ".join(words.split())).strip(" ;,.")


def _parts(words: str) -> list[str]:
    """One part for each group of days with its times."""
    pieces = re.split(r"[;|\n]", words)
    parts: list[str] = []
    for piece in pieces:
        for bit in re.split(r",(?= ?[a-z])|\band\b(?= [a-z])|&(?= ?[a-z])", piece):
            # "Sat, Sun 8-4" and "Sat & Sun 8-4": days without times belong to what follows.
            if parts and not re.search(r"\d|off|closed", parts[-1]):
                parts[-1] += f",{bit.strip()}"
            elif bit.strip():
                parts.append(bit.strip())
    return parts


def _rule(part: str) -> str:
    """ "mon-fri 9am-5pm" → "Mo-Fr 09:00-17:00"."""
    part = part.strip(" :,")
    if match := re.fullmatch(r"(.+?),? ?:? ?(?:off|closed)", part) or re.fullmatch(r"closed (.+)", part):
        return f"{_days(match[1])} off"
    times = list(_RANGE.finditer(part))
    if not times:
        always = re.fullmatch(r"(?P<days>[a-z,& -]+?) ?(24 ?(h|hr|hrs|hours)|all day)", part)
        if always:
            return f"{_days(always['days'])} 00:00-24:00"
        raise BadHours(said("no times found"))
    days = part[: times[0].start()].strip(" :,") or part[times[-1].end() :].strip(" :,")
    rest = part[times[-1].end() :].strip(" :,") if part[: times[0].start()].strip(" :,") else ""
    if rest:
        raise BadHours(said("“%(rest)s” is not understood", rest=rest))
    for one, next_one in pairwise(times):
        if between := part[one.end() : next_one.start()].strip(" ,"):
            raise BadHours(said("“%(between)s” between two times is not understood", between=between))
    if not days:
        raise BadHours(said("the days are not named"))
    return f"{_days(days)} " + ",".join(_span(match["from"], match["to"]) for match in times)


def _days(words: str) -> str:
    """ "mon-fri, sun" → "Mo-Fr,Su"."""
    result = []
    for group in re.split(r"[,&/]| and ", words):
        ends = [_DAY_NAMES.get(end.strip(" .")) for end in group.split("-")]
        if None in ends or len(ends) > 2:
            raise BadHours(said("“%(value)s” is not a day of the week", value=group.strip()))
        result.append("-".join(str(end) for end in ends))
    return ",".join(result)


def _span(start: str, end: str) -> str:
    """ "8", "5" → "08:00-17:00": where no half of the day is named, closing comes after opening."""
    opens, opens_half = _clock(start)
    closes, closes_half = _clock(end)
    if not opens_half:
        # "1-5pm" and "1-5" are afternoons, "9-5pm" is not: the half of the day is shared where the order allows it.
        afternoon = closes_half == "p" and opens < closes < time(12)
        small_hours = not closes_half and time(1) <= opens < time(6) and opens < closes < time(12)
        opens_half = (
            "p" if afternoon or (small_hours and ":" not in start) else closes_half if closes_half == "a" else ""
        )
        if small_hours and ":" not in start:
            closes_half = "p"
    opens = _half(opens, opens_half)
    if end.strip().startswith("24"):
        return f"{opens:%H:%M}-24:00"
    closes_text = f"{_half(closes, closes_half):%H:%M}"
    if not closes_half and closes <= opens and closes < time(12):
        closes_text = f"{_half(closes, 'p'):%H:%M}"
    if closes_text == "00:00":
        closes_text = "24:00"
    return f"{opens:%H:%M}-{closes_text}"


def _clock(text: str) -> tuple[time, str]:
    match = _TIME.fullmatch(text.strip())
    if not match:
        raise BadHours(said("“%(text)s” is not a time", text=text))
    hour, minute = int(match[1]), int(match[2] or 0)
    if hour == 24 and minute == 0:
        hour = 0
    if hour > 23 or minute > 59:
        raise BadHours(said("“%(value)s” is not a time of day", value=text.strip()))
    return time(hour, minute), (match[3] or "")[:1]


def _half(value: time, half: str) -> time:
    """Apply "a" or "p" to a time on the twelve-hour clock."""
    if half == "p" and value.hour < 12:
        return value.replace(hour=value.hour + 12)
    if half == "a" and value.hour == 12:
        return value.replace(hour=0)
    return value


class Openness(StrEnum):
    """Whether a zone is open; unknown is not closed."""

    OPEN = "open"
    CLOSED = "closed"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class OpenState:
    """Whether a zone is open at a time, and when that changes next (in the zone's own time).

    `holiday`: it is a public holiday, and the hours do not say what that means.
    """

    openness: Openness
    changes_at: datetime | None = None
    holiday: bool = False


@dataclass(frozen=True, slots=True)
class Day:
    """One day of the week table: its date and the spans it is open, empty when closed."""

    date: date
    spans: tuple[tuple[time, time], ...]
    holiday: bool = False

    @property
    def all_day(self) -> bool:
        """Open from midnight to midnight."""
        return self.spans == ((time(0), time(0)),)


_OPENNESS = {State.OPEN: Openness.OPEN, State.CLOSED: Openness.CLOSED, State.UNKNOWN: Openness.UNKNOWN}


@lru_cache(maxsize=4096)
def _parsed(osm: str, zone: str, country: str, latitude: float | None, longitude: float | None) -> OpeningHours:
    # A year's horizon: "open until" three years from now helps nobody, and it bounds the work of a wild expression.
    coords = (latitude, longitude) if latitude is not None and longitude is not None else None
    return OpeningHours(
        osm, timezone=ZoneInfo(zone), country=country or None, coords=coords,
        auto_country=False, auto_timezone=coords is not None, max_interval_days=400,
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Schedule:
    """A zone's hours, judged in its own time zone and with its country's public holidays.

    `osm` empty means that nobody stated the hours. The position only matters for sunrise and sunset.
    """

    osm: str
    time_zone: str
    country: str
    latitude: float | None = None
    longitude: float | None = None

    def _hours(self) -> OpeningHours:
        return _parsed(self.osm, self.time_zone, self.country, *self._position())

    def _position(self) -> tuple[float | None, float | None]:
        """Where the sun rises and sets, when that matters."""
        sun = "sun" in self.osm or "dawn" in self.osm or "dusk" in self.osm
        return (self.latitude, self.longitude) if sun else (None, None)

    def state_at(self, when: datetime) -> OpenState:
        """Open, closed or unknown at `when`; a naive time is meant in the zone's own time."""
        if not self.osm:
            return _UNSTATED
        # Hours know no seconds: zones with the same hours share one answer for a minute.
        minute = when.replace(second=0, microsecond=0)
        return _state(Schedule(self.osm, self.time_zone, self.country, *self._position()), minute)

    def _unstated_holiday(self, day: date) -> bool:
        """Whether `day` is a public holiday about which the hours say nothing: "Mo-Fr 8-5" was never asked."""
        if not self.country or self.osm == "24/7" or "PH" in self.osm or "sun" in self.osm:
            return False
        holidays = _parsed("PH 00:00-24:00", self.time_zone, self.country, None, None)
        return holidays.is_open(datetime.combine(day, time(12), ZoneInfo(self.time_zone)))

    def _judge(self, when: datetime) -> OpenState:
        """What `state_at` remembers: the same, worked out."""
        zone = ZoneInfo(self.time_zone)
        local = when.replace(tzinfo=zone) if when.tzinfo is None else when.astimezone(zone)
        if self._unstated_holiday(local.date()):
            return OpenState(Openness.UNKNOWN, holiday=True)
        hours = self._hours()
        state = hours.state(local)
        openness = _OPENNESS[state[0] if isinstance(state, tuple) else state]
        change = None if self.osm == "24/7" else hours.next_change(local)
        if change is not None and change - local > timedelta(days=366):
            change = None
        return OpenState(openness, change)

    def days(self, first: date, count: int = 7) -> tuple[Day, ...]:
        """The spans of `count` days from `first`; a span past midnight is cut there in two."""
        return tuple(self._day(first + timedelta(days=number)) for number in range(count))

    def _day(self, day: date) -> Day:
        zone = ZoneInfo(self.time_zone)
        start = datetime.combine(day, time(0), zone)
        end = datetime.combine(day + timedelta(days=1), time(0), zone)
        spans = []
        for begins, ends, state, *_ in self._hours().intervals(start, end):
            if _OPENNESS[state] is Openness.OPEN:
                begins, ends = max(begins, start), min(ends, end) if ends else end
                spans.append((begins.time(), ends.time()))
        return Day(day, tuple(spans), holiday=bool(spans) and self._unstated_holiday(day))


_UNSTATED = OpenState(Openness.UNKNOWN)


@lru_cache(maxsize=4096)
def _state(schedule: Schedule, minute: datetime) -> OpenState:
    return schedule._judge(minute)


def regular_week(osm: str) -> tuple[Day, ...]:
    """The seven days of a week without public holidays, Monday first."""
    return Schedule(osm, "UTC", "").days(date(2024, 1, 8))

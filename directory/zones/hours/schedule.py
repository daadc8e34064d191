"""What is open when: a zone's hours judged in its own time zone and with the holidays of its state or province."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from itertools import pairwise
from zoneinfo import ZoneInfo

from opening_hours import ParserError  # type: ignore[attr-defined]  # its stub forgets one

from directory.zones.hours import holidays
from directory.zones.hours.am_pm import DAY, Span
from directory.zones.hours.expression import NotOsmError, Openness, Position, Rule, rules_of

MOST_DAYS_AHEAD = 366


@dataclass(frozen=True, slots=True)
class OpenState:
    """Whether a zone is open at a time, and until when or from when it is open (in the zone's own time).

    `holiday`: it is a public holiday, and the hours do not say what that means. `note`: what an unknown state depends
    on, in the words of the hours ("by appointment").
    """

    openness: Openness
    changes_at: datetime | None = None
    holiday: bool = False
    note: str = ""


@dataclass(frozen=True, slots=True)
class Day:
    """One day: its date and the spans that begin on it, empty when closed. A span past midnight ends on the next day.

    `holiday`: a public holiday about which the hours say nothing, so that nobody knows whether the spans hold.
    `note`: what the rest of the day, or all of it, depends on ("by appointment").
    """

    date: date
    spans: tuple[tuple[time, time], ...]
    holiday: bool = False
    note: str = ""

    @property
    def all_day(self) -> bool:
        """Open from midnight to midnight."""
        return self.spans == ((time(0), time(0)),)


@dataclass(frozen=True, slots=True)
class _DayRules:
    """What the rules make of one day: spans that begin on it, with their state and note, and what holds beside them.

    `beside` is None where the day is closed at other times.
    """

    spans: tuple[tuple[int, int, Openness, str], ...]
    beside: str | None = None
    holiday: bool = False


_Stretch = tuple[int, OpenState]
"""When it ends, in minutes of the day, and the state."""
_UNSTATED = OpenState(Openness.UNKNOWN)


@dataclass(frozen=True, slots=True)
class Schedule:
    """A zone's hours. `region` is the code of its state or province ("CT", "ON"), whose holidays count.

    `osm` empty means that nobody stated the hours. The position only matters for sunrise and sunset.
    """

    osm: str
    time_zone: str
    region: str
    latitude: float | None = None
    longitude: float | None = None

    def state_at(self, when: datetime, *, closed_before: bool = False) -> OpenState:
        """Open, closed or unknown at `when`; a naive time is meant in the zone's own time.

        `closed_before`: the zone was closed on the day before, so that nothing runs over from its evening.
        """
        if not self.osm:
            return _UNSTATED
        local = when if when.tzinfo is None else when.astimezone(ZoneInfo(self.time_zone))
        minute = local.hour * 60 + local.minute
        place = self.time_zone, self.region, self._position()
        for ends, state in _day_states(self.osm, *place, local.date(), closed_before):
            if minute < ends:
                return state
        return _UNSTATED

    def _position(self) -> Position:
        """Where the sun rises and sets, when that matters."""
        if self.latitude is None or self.longitude is None or not sun_decides(self.osm):
            return None
        return self.latitude, self.longitude

    def days(self, first: date, count: int = 7) -> tuple[Day, ...]:
        """`count` days from `first`, each with the spans that begin on it."""
        return tuple(self._day(first + timedelta(days=number)) for number in range(count))

    def _day(self, day: date) -> Day:
        today = _rules_on(self.osm, self.time_zone, self.region, self._position(), day)
        possible = [note for *_, note in today.spans if note]  # what is surely open has none
        holds = Openness.UNKNOWN if today.holiday else Openness.OPEN
        spans = tuple((_clock(start), _clock(end)) for start, end, state, _ in today.spans if state is holds)
        note = possible[0] if possible else "" if spans else today.beside or ""
        return Day(day, spans, today.holiday and bool(spans), note)


def _clock(minutes: int) -> time:
    return time(minutes // 60 % 24, minutes % 60)


@lru_cache(maxsize=4096)
def sun_decides(osm: str) -> bool:
    """Whether sunrise or sunset appear among the times."""
    try:
        return any(rule.sunny for rule in rules_of(osm))
    except NotOsmError:
        return False


@lru_cache(maxsize=16384)
def _rules_on(osm: str, zone: str, region: str, position: Position, day: date) -> _DayRules:
    """What begins on a day. Hours that cannot be read are unknown at all times."""
    try:
        rules = rules_of(osm)
        return _combined(rules, zone, region, position, day)
    except (NotOsmError, ParserError, ValueError):
        return _DayRules((), beside="")


def _combined(rules: tuple[Rule, ...], zone: str, region: str, position: Position, day: date) -> _DayRules:
    spans: list[tuple[int, int, Openness, str]] = []
    beside, settled = None, False
    observed = holidays.is_holiday(day, region)
    unsaid = observed and _say_nothing_of_holidays(rules)
    for rule in rules:
        holiday = holidays.speaks_of(day, region, rule.comment) if observed and rule.holidays else False
        if holiday is None:
            unsaid = True
        if not rule.applies(day, bool(holiday)):
            continue
        unsaid = unsaid and not rule.one_date
        if rule.joined == "||":
            if not settled and beside is None:
                if rule.state is Openness.UNKNOWN and not rule.times:
                    beside = rule.comment
                elif rule.state is not Openness.CLOSED and not spans:
                    spans = _rule_spans(rule, day, zone, position)
            continue
        if rule.state is Openness.CLOSED:
            settled = not rule.times
            spans = _without(spans, rule.spans(day, zone, position)) if rule.times else []
        elif rule.joined == ",":
            spans = spans + _rule_spans(rule, day, zone, position)
        else:
            spans, settled = _rule_spans(rule, day, zone, position), False
    if unsaid:
        spans = [(start, end, Openness.UNKNOWN, note) for start, end, _, note in spans]
    return _DayRules(tuple(sorted(spans)), None if settled else beside, unsaid)


def _rule_spans(rule: Rule, day: date, zone: str, position: Position) -> list[tuple[int, int, Openness, str]]:
    state = Openness.OPEN if rule.state is Openness.OPEN else Openness.UNKNOWN
    note = "" if state is Openness.OPEN else rule.comment
    return [(start, end, state, note) for start, end in rule.spans(day, zone, position)]


def _without(
    spans: list[tuple[int, int, Openness, str]], closed: tuple[Span, ...]
) -> list[tuple[int, int, Openness, str]]:
    for begins, ends in closed:
        spans = [
            (start, end, state, note)
            for first, last, state, note in spans
            for start, end in ((first, min(last, begins)), (max(first, ends), last))
            if start < end
        ]
    return spans


def _say_nothing_of_holidays(rules: tuple[Rule, ...]) -> bool:
    """Whether hours name days of the week and no holidays: "Mo-Fr 8-5" was never asked about Thanksgiving."""
    return any(rule.selector for rule in rules) and not any(rule.holidays for rule in rules)


@lru_cache(maxsize=32768)
def _day_states(
    osm: str, zone: str, region: str, position: Position, day: date, closed_before: bool
) -> tuple[_Stretch, ...]:
    """The states of a whole day in order, midnight to midnight."""
    stretches = _stretches(osm, zone, region, position, day, closed_before)
    return tuple((ends, _dated(osm, zone, region, position, day, stretches, ends, state)) for ends, state in stretches)


@lru_cache(maxsize=16384)
def _stretches(
    osm: str, zone: str, region: str, position: Position, day: date, closed_before: bool = False
) -> tuple[_Stretch, ...]:
    """The day's states without when they change next; neighbours may have one state."""
    today = _rules_on(osm, zone, region, position, day)
    yesterday = _rules_on(osm, zone, region, position, day - timedelta(days=1))
    spans = [(start, min(end, DAY), state, note, today.holiday) for start, end, state, note in today.spans]
    spans += [
        (max(start - DAY, 0), min(end - DAY, DAY), state, note, yesterday.holiday)
        for start, end, state, note in yesterday.spans
        if end > DAY and not closed_before
    ]
    edges = sorted({0, DAY, *(edge for start, end, *_ in spans for edge in (start, end) if 0 <= edge <= DAY)})
    return tuple(
        (ends, _state_of([span for span in spans if span[0] <= begins and ends <= span[1]], today.beside))
        for begins, ends in pairwise(edges)
    )


def _state_of(covering: list[tuple[int, int, Openness, str, bool]], beside: str | None) -> OpenState:
    if any(state is Openness.OPEN for _, _, state, _, _ in covering):
        return OpenState(Openness.OPEN)
    if covering:
        _, _, _, note, holiday = covering[0]
        return OpenState(Openness.UNKNOWN, holiday=holiday, note=note)
    return OpenState(Openness.CLOSED) if beside is None else OpenState(Openness.UNKNOWN, note=beside)


def _dated(
    osm: str, zone: str, region: str, position: Position, day: date, today: tuple[_Stretch, ...], ends: int,
    state: OpenState,
) -> OpenState:  # fmt: skip
    """The state with when it changes: until when it is open, or from when it is surely open again."""
    if state.openness is Openness.UNKNOWN or osm == "24/7":
        return state
    closed = state.openness is Openness.CLOSED
    for ahead in range(MOST_DAYS_AHEAD):
        at = 0
        stretches = _stretches(osm, zone, region, position, day + timedelta(days=ahead)) if ahead else today
        for until, later in stretches:
            if (ahead or at >= ends) and (later.openness is Openness.OPEN) is closed:
                change = datetime.combine(day + timedelta(days=ahead), time(0)) + timedelta(minutes=at)
                return OpenState(state.openness, change.replace(tzinfo=ZoneInfo(zone)))
            at = until
    return state


def regular_week(osm: str) -> tuple[Day, ...]:
    """The seven days of a week without public holidays, Monday first."""
    return Schedule(osm, "UTC", "").days(date(2024, 1, 8))

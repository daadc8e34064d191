"""From tokens to rules: which times belong to which days, in whatever order they are written."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from enum import Enum, auto

from directory.text import translatable
from directory.zones.hours.am_pm import (
    DAY,
    MIDNIGHT,
    Span,
    hhmm,
    read_clock,
    readings,
    written,
)
from directory.zones.hours.errors import AmbiguousHoursError, BadHoursError
from directory.zones.hours.lexicon import (
    WEEKDAYS,
    Token,
    TokenKind,
    days_of,
    holiday_comment,
    is_sunrise,
    joined_comments,
    weekday_numbers,
)


@dataclass(slots=True)
class Days:
    """Days of the week as OSM selectors in the order they were written, and holidays (None: not among them).

    `groups`: where in `selectors` a new group begins, as "Sat" does in "M-F, Sat & Sun"; 0 behind a comma.
    """

    selectors: list[str] = field(default_factory=list)
    holidays: str | None = None
    groups: list[int] = field(default_factory=list)

    def numbers(self) -> frozenset[int]:
        """Monday 0."""
        return weekday_numbers(self.selectors)

    def split(self) -> tuple["Days", "Days"]:
        """Days of two rules taken apart.

        Raises AmbiguousHoursError where nobody can tell where the second rule's begin.
        """
        places = [at for at in self.groups if at] or list(range(1, len(self.selectors)))
        if len(places) > 1:
            ranges = ["-" in selector for selector in self.selectors]
            places = [at for at in places if ranges[at] != ranges[at - 1]]
        if len(places) != 1:
            raise AmbiguousHoursError(translatable("can be read in two ways"))
        (at,) = places
        return Days(self.selectors[:at]), Days(self.selectors[at:], self.holidays)


@dataclass(slots=True)
class DayTimes:
    """Times of a day: spans in minutes, or texts where the sun decides. `always`: of every day, as the words say."""

    spans: list[Span] = field(default_factory=list)
    sunny: list[str] = field(default_factory=list)
    always: bool = False

    def written(self) -> str:
        """In OSM syntax."""
        return ",".join([*map(written, self.spans), *self.sunny])


class Mark(Enum):
    """Words between days and times that change what they mean."""

    CLOSED = auto()
    EXCEPT = auto()
    INCLUDING = auto()
    APPOINTMENT = auto()
    ELSE_APPOINTMENT = auto()


@dataclass(slots=True)
class Clause:
    """Days with their times; `times` None where they are closed; `note` where they depend on something."""

    days: Days
    times: DayTimes | None
    note: str = ""


@dataclass(slots=True)
class Understood:
    """What a text says: its rules, and a note about all times that no rule names."""

    clauses: list[Clause]
    beside: str = ""


_MARKS = {
    TokenKind.CLOSED: Mark.CLOSED, TokenKind.EXCEPT: Mark.EXCEPT, TokenKind.INCLUDING: Mark.INCLUDING,
    TokenKind.APPOINTMENT: Mark.APPOINTMENT,
}  # fmt: skip
_MEANINGFUL = {TokenKind.TIME, TokenKind.ALL_DAY, TokenKind.ALWAYS, TokenKind.DAYLIGHT, TokenKind.SUN, *_MARKS}
APPOINTMENT = "by appointment"
Block = Days | DayTimes | Mark
Choose = Callable[[tuple[Span, ...]], Span]
"""Picks one of a span's readings."""


def understand(tokens: list[Token], choose: Choose) -> Understood:
    """Put tokens together. Raises BadHoursError."""
    result = Understood([])
    segment: list[Token] = []
    for token in [*tokens, Token(TokenKind.BREAK, ";")]:
        if token.kind is not TokenKind.BREAK:
            segment.append(token)
        elif segment:
            if not any(token.kind in _MEANINGFUL for token in segment):
                segment.append(Token(TokenKind.COMMA, ","))  # days whose times come after the break
                continue
            _pair(_blocks(segment, choose), result)
            segment = []
    if not result.clauses or any(token.kind is not TokenKind.COMMA for token in segment):
        raise BadHoursError(translatable("no times found"))
    return result


def _blocks(tokens: list[Token], choose: Choose) -> list[Block]:
    """Neighbouring days, and neighbouring times, become one block each."""
    blocks: list[Block] = []
    at = 0
    while at < len(tokens):
        token, following = tokens[at], tokens[at + 1 :]
        dashed = len(following) > 1 and following[0].kind is TokenKind.DASH
        count = 1
        if token.kind in (TokenKind.DASH, TokenKind.COMMA):
            pass
        elif token.kind is TokenKind.WORD:
            raise BadHoursError(translatable("“%(rest)s” is not understood", rest=token.text))
        elif token.kind is TokenKind.DAYS:
            selectors = list(days_of(token.text))
            if dashed and following[1].kind is TokenKind.DAYS:
                selectors, count = [_range(selectors, days_of(following[1].text))], 3
            _add_days(blocks, Days(selectors), tokens[at - 1] if at else None)
        elif token.kind is TokenKind.HOLIDAYS:
            _add_days(blocks, Days([], holiday_comment(token.text)), None)
        elif token.kind in (TokenKind.ALL_DAY, TokenKind.ALWAYS):
            blocks.append(DayTimes([(0, DAY)], always=token.kind is TokenKind.ALWAYS))
        elif token.kind is TokenKind.DAYLIGHT:
            blocks.append(DayTimes(sunny=["sunrise-sunset"]))
        elif token.kind in (TokenKind.TIME, TokenKind.SUN):
            if not dashed or following[1].kind not in (TokenKind.TIME, TokenKind.SUN, TokenKind.ALL_DAY):
                raise BadHoursError(translatable("“%(rest)s” says no end", rest=token.text))
            _add_span(blocks, token, following[1], choose)
            count = 3
        else:
            if token.kind is TokenKind.APPOINTMENT and re.search(r"only|seulement", token.text):
                raise AmbiguousHoursError(translatable("by appointment only"))
            other_times = token.kind is TokenKind.APPOINTMENT and re.match(r"or\b|all|other|after", token.text)
            blocks.append(Mark.ELSE_APPOINTMENT if other_times else _MARKS[token.kind])
        at += count
    return blocks


def _range(first: list[str], last: tuple[str, ...]) -> str:
    ends = [*first, *last]
    if len(ends) > 2 or any("-" in end for end in ends):
        raise BadHoursError(
            translatable("“%(value)s” is not a range of days", value=f"{','.join(first)}-{','.join(last)}")
        )
    begins, closes = map(WEEKDAYS.index, ends)
    return "Mo-Su" if (closes + 1) % 7 == begins else "-".join(ends)


def _add_days(blocks: list[Block], days: Days, behind: Token | None) -> None:
    """`behind`: the token before the days: "and" joins them to those before it, a comma need not."""
    comma = behind is not None and behind.kind is TokenKind.COMMA
    joined = behind is not None and comma and behind.text != ","
    if blocks and isinstance(before := blocks[-1], Days):
        if days.selectors and before.selectors and not joined:
            before.groups.append(len(before.selectors))
        before.selectors += days.selectors
        before.holidays = joined_comments(before.holidays, days.holidays)
    else:
        days.groups += [0] if comma and not joined else []
        blocks.append(days)


def _add_span(blocks: list[Block], opens: Token, closes: Token, choose: Choose) -> None:
    before = blocks[-1] if blocks and isinstance(blocks[-1], DayTimes) else None
    times = before or DayTimes()
    if before is None:
        blocks.append(times)
    if TokenKind.SUN in (opens.kind, closes.kind):
        times.sunny.append(f"{_end(opens)}-{_end(closes)}")
        return
    earlier = times.spans[-1] if times.spans and not times.always else None
    closing = MIDNIGHT if closes.kind is TokenKind.ALL_DAY else read_clock(closes.text)
    times.spans.append(choose(readings(read_clock(opens.text), closing, earlier)))


def _end(token: Token) -> str:
    if token.kind is TokenKind.SUN:
        return "sunrise" if is_sunrise(token.text) else "sunset"
    clock = read_clock(token.text)
    if not clock.fixed:
        raise BadHoursError(translatable("“%(rest)s”: morning or evening?", rest=token.text))
    return hhmm(clock.minutes)


def _pair(blocks: list[Block], result: Understood) -> None:
    """Give each times block its days: those before it, or where the text begins with times, those after it."""
    marked = Understood([])
    pending = _split_where_orders_meet(_marks_taken_out(blocks, marked, result.clauses))
    if len(pending) == 1:
        only = pending.pop()
        if isinstance(only, Days):
            raise BadHoursError(translatable("no times found"))
        result.clauses.append(Clause(Days(), only))
    for first, second in zip(pending[::2], pending[1::2], strict=True):
        days, times = (first, second) if isinstance(first, Days) else (second, first)
        if not isinstance(days, Days) or not isinstance(times, DayTimes):
            raise BadHoursError(translatable("the days are not named"))
        result.clauses.append(Clause(days, times))
    result.clauses += marked.clauses
    result.beside = marked.beside or result.beside


def _split_where_orders_meet(blocks: list[Days | DayTimes]) -> list[Days | DayTimes]:
    """ "8-5 M-F, Sat 9-12": days between two times belong partly to the one, partly to the other."""
    if len(blocks) % 2 == 0 or len(blocks) == 1:
        return blocks
    for at in range(1, len(blocks), 2):
        middle = blocks[at]
        pieces: tuple[Days | DayTimes, Days | DayTimes] | None = None
        if isinstance(middle, Days) and len(middle.selectors) > 1 and middle.holidays is None:
            pieces = middle.split()
        elif isinstance(middle, DayTimes) and len(middle.spans) > 1:
            pieces = DayTimes(middle.spans[:-1]), DayTimes(middle.spans[-1:])
        if pieces:
            return [*blocks[:at], *pieces, *blocks[at + 1 :]]
    raise BadHoursError(translatable("the days are not named"))


def _marks_taken_out(blocks: list[Block], result: Understood, before: list[Clause]) -> list[Days | DayTimes]:
    """The blocks of days and times that are left once the marks have had theirs. `before`: rules that came before."""
    pending: list[Days | DayTimes] = []
    at = 0
    while at < len(blocks):
        block = blocks[at]
        follower = blocks[at + 1] if at + 1 < len(blocks) else None
        after = blocks[at + 2] if at + 2 < len(blocks) else None
        at += 1
        if isinstance(block, Days | DayTimes):
            pending.append(block)
        elif block is Mark.INCLUDING:
            if not isinstance(follower, Days) or not pending:
                raise BadHoursError(translatable("“including” is followed by no days"))
            _include(pending, follower)
            at += 1
        elif block in (Mark.APPOINTMENT, Mark.ELSE_APPOINTMENT):
            _depend(pending, block, follower, result, bool(before))
        elif block is Mark.EXCEPT and isinstance(follower, Days) and after is Mark.APPOINTMENT:
            at += 2
            result.clauses.append(_by_appointment(follower))
        elif (
            isinstance(follower, DayTimes) and len(pending) % 2 == 0 and not _may_be_days_of_the_pause(blocks[at + 1 :])
        ):
            at += 1
            _interrupt(
                [each for each in pending if isinstance(each, DayTimes)] or [each.times for each in before], follower
            )
        elif isinstance(follower, Days) and (block is Mark.EXCEPT or not _closes_what_stands_before(pending, follower)):
            at += 1
            result.clauses.append(Clause(_without_the_next_rules(follower, after, pending), None))
        elif _closes_what_stands_before(pending, follower):
            result.clauses.append(Clause(_marked(pending), None))
        else:
            raise BadHoursError(translatable("it is not said what is closed"))
    return pending


def _may_be_days_of_the_pause(after: list[Block]) -> bool:
    """ "closed 12-1 Fridays": days without times of their own."""
    return bool(after) and isinstance(after[0], Days) and not (len(after) > 1 and isinstance(after[1], DayTimes))


def _interrupt(opened: Sequence[DayTimes | None], pauses: DayTimes) -> None:
    """ "M-F 9-5, closed 12-1": each of the times that goes on after a pause is open before and after it."""
    for pause in pauses.spans:
        around = [times for times in opened if times and any(_lies_within(pause, span) for span in times.spans)]
        if not around or any(times.always or times.spans[-1][1] > DAY for times in around):
            raise BadHoursError(translatable("it is not said what is closed"))
        for times in around:
            times.spans = [piece for span in times.spans for piece in _pieces(span, pause)]


def _lies_within(pause: Span, span: Span) -> bool:
    return span[0] < pause[0] and pause[1] < span[1]


def _pieces(span: Span, pause: Span) -> list[Span]:
    return [(span[0], pause[0]), (pause[1], span[1])] if _lies_within(pause, span) else [span]


def _closes_what_stands_before(pending: list[Days | DayTimes], follower: Block | None) -> bool:
    """ "Sunday closed": days that still wait for their times; "8-5 M-F closed Sunday" begins with times and goes on."""
    return _days_wait(pending) and (isinstance(pending[0], Days) or not isinstance(follower, Days))


def _days_wait(pending: list[Days | DayTimes]) -> bool:
    """Whether the last days have no times yet."""
    return bool(pending) and isinstance(pending[-1], Days) and (len(pending) == 1 or isinstance(pending[-2], DayTimes))


def _without_the_next_rules(closed: Days, after: Block | None, pending: list[Days | DayTimes]) -> Days:
    """ "closed Sundays, Mon-Sat 8-5": the last of the days belong to the times that follow."""
    several = len(closed.selectors) + (closed.holidays is not None) > 1
    waiting = pending and isinstance(pending[-1], Days)
    if not isinstance(after, DayTimes) or not several or not closed.selectors or waiting:
        return closed
    if len(closed.selectors) == 1:
        pending.append(Days(closed.selectors))
        return Days([], closed.holidays)
    first, second = closed.split()
    pending.append(Days(second.selectors))
    return Days(first.selectors, closed.holidays)


def _pop_days(pending: list[Days | DayTimes]) -> Days:
    days = pending.pop()
    if not isinstance(days, Days):
        raise BadHoursError(translatable("it is not said what is closed"))
    return days


def _include(pending: list[Days | DayTimes], more: Days) -> None:
    days = next((block for block in reversed(pending) if isinstance(block, Days)), None)
    if days is None:
        days = Days(["Mo-Su"])
        pending.insert(0, days)
    days.selectors += more.selectors
    days.holidays = more.holidays if more.holidays is not None else days.holidays


def _depend(
    pending: list[Days | DayTimes], mark: Block, follower: Block | None, result: Understood, goes_on: bool
) -> None:
    """ "weekends by appointment" is about these days, "or by appointment" about all other times."""
    waiting = _days_wait(pending)
    of_times = waiting and isinstance(pending[0], DayTimes)
    if waiting and follower is None and not (of_times and mark is Mark.ELSE_APPOINTMENT):
        result.clauses.append(_by_appointment(_marked(pending)))
    elif any(isinstance(block, DayTimes) for block in pending) or goes_on:
        result.beside = APPOINTMENT
    else:
        raise AmbiguousHoursError(translatable("no times are stated"))


def _marked(pending: list[Days | DayTimes]) -> Days:
    """The days that a mark behind them is about."""
    return _last_days(pending) if isinstance(pending[0], DayTimes) else _pop_days(pending)


def _by_appointment(days: Days) -> Clause:
    return Clause(days, DayTimes([(0, DAY)]), APPOINTMENT)


def _last_days(pending: list[Days | DayTimes]) -> Days:
    """Takes the days at the end that follow a comma; those before it belong to the times: "8-5 weekdays, weekends"."""
    days = _pop_days(pending)
    if not days.groups:
        raise AmbiguousHoursError(translatable("can be read in two ways"))
    if any(days.groups):
        first, days = days.split()
        pending.append(first)
    return days

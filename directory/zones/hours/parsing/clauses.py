"""From blocks to rules: which times belong to which days, in whatever order they are written."""

from collections.abc import Sequence
from dataclasses import dataclass

from directory.text import translatable
from directory.zones.hours.am_pm import DAY, Span
from directory.zones.hours.errors import AmbiguousHoursError, BadHoursError
from directory.zones.hours.lexicon import Token, TokenKind
from directory.zones.hours.parsing.blocks import MARKS, Block, Choose, Days, DayTimes, Mark, blocks_of


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


_MEANINGFUL = {TokenKind.TIME, TokenKind.ALL_DAY, TokenKind.ALWAYS, TokenKind.DAYLIGHT, TokenKind.SUN, *MARKS}
APPOINTMENT = "by appointment"


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
            _pair(blocks_of(segment, choose), result)
            segment = []
    if not result.clauses or any(token.kind is not TokenKind.COMMA for token in segment):
        raise BadHoursError(translatable("no times found"))
    return result


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
        if times is first and times.spans == [(0, DAY)] and days.holidays is not None and not result.clauses:
            days = _with_all_other_days(days, times)
        result.clauses.append(Clause(days, times))
    result.clauses += marked.clauses
    result.beside = marked.beside or result.beside


def _with_all_other_days(holidays: Days, times: DayTimes) -> Days:
    """ "24/7, open holidays": holidays too.

    Raises AmbiguousHoursError where it may be holidays only, or holidays and some other days only.
    """
    if holidays.selectors or not times.always:
        raise AmbiguousHoursError(translatable("can be read in two ways"))
    return Days(["Mo-Su"], holidays.holidays)


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
        elif block in (Mark.EXCEPT, Mark.INCLUDING) and _has_times_of_its_own(pending, follower, after):
            pass  # "daily 8-5 except Sunday 12-5" is two rules
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


def _has_times_of_its_own(pending: list[Days | DayTimes], follower: Block | None, after: Block | None) -> bool:
    """Whether a mark behind days with their times names one group of days, and times for these."""
    has_one_group = isinstance(follower, Days) and not follower.groups and follower.holidays is None
    return bool(pending) and len(pending) % 2 == 0 and has_one_group and isinstance(after, DayTimes)


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
    """Whether the last days have no times yet; days behind the second of two times have them: "M-F 8-5, 9-12 Sat"."""
    have_times = len(pending) > 2 and all(isinstance(block, DayTimes) for block in pending[-3:-1])
    behind_times = len(pending) == 1 or (len(pending) > 1 and isinstance(pending[-2], DayTimes))
    return bool(pending) and isinstance(pending[-1], Days) and behind_times and not have_times


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

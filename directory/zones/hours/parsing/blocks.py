"""From tokens to blocks: days that belong together, times that belong together, and the words between them."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from enum import Enum, auto

from directory.text import translatable
from directory.zones.hours.am_pm import DAY, MIDNIGHT, Span, hhmm, read_clock, readings, written
from directory.zones.hours.errors import AmbiguousHoursError, BadHoursError
from directory.zones.hours.lexicon import (
    Token,
    TokenKind,
    holiday_comment,
    is_sunrise,
    joined_comments,
    weekday_numbers,
)
from directory.zones.hours.parsing.day_lists import days_from, is_dashed, with_initials_joined


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


MARKS = {
    TokenKind.CLOSED: Mark.CLOSED, TokenKind.EXCEPT: Mark.EXCEPT, TokenKind.INCLUDING: Mark.INCLUDING,
    TokenKind.APPOINTMENT: Mark.APPOINTMENT,
}  # fmt: skip
Block = Days | DayTimes | Mark
Choose = Callable[[tuple[Span, ...]], Span]
"""Picks one of a span's readings."""

_BETWEEN_DAYS = (TokenKind.DAYS, TokenKind.HOLIDAYS, TokenKind.DASH, TokenKind.COMMA)
_TIMES = (TokenKind.TIME, TokenKind.ALL_DAY, TokenKind.ALWAYS, TokenKind.SUN, TokenKind.DAYLIGHT)


def blocks_of(tokens: list[Token], choose: Choose) -> list[Block]:
    """Neighbouring days, and neighbouring times, become one block each. Raises BadHoursError."""
    tokens = with_initials_joined(tokens)
    blocks: list[Block] = []
    at = 0
    while at < len(tokens):
        token, rest = tokens[at], tokens[at + 1 :]
        dashed = is_dashed(tokens, at)
        length = 1
        if token.kind in (TokenKind.DASH, TokenKind.COMMA):
            pass
        elif token.kind is TokenKind.WORD:
            raise BadHoursError(translatable("“%(rest)s” is not understood", rest=token.text))
        elif token.kind is TokenKind.DAYS:
            selectors, length = days_from(tokens, at)
            _add_days(blocks, Days(selectors), tokens[at - 1] if at else None)
        elif token.kind is TokenKind.HOLIDAYS:
            _refuse_holidays_of_a_day(tokens, at)
            _add_days(blocks, Days([], holiday_comment(token.text)), None)
        elif token.kind in (TokenKind.ALL_DAY, TokenKind.ALWAYS):
            _add_all_day(blocks, always=token.kind is TokenKind.ALWAYS)
        elif token.kind is TokenKind.DAYLIGHT:
            blocks.append(DayTimes(sunny=["sunrise-sunset"]))
        elif token.kind in (TokenKind.TIME, TokenKind.SUN):
            if not dashed or rest[1].kind not in (TokenKind.TIME, TokenKind.SUN, TokenKind.ALL_DAY):
                raise BadHoursError(translatable("“%(rest)s” says no end", rest=token.text))
            if _are_of_later_days(blocks, tokens[at + 3 :]):
                blocks.append(DayTimes())
            _add_span(blocks, token, rest[1], choose)
            length = 3
        else:
            of_days = bool(blocks) and isinstance(blocks[-1], Days)
            if token.kind is TokenKind.APPOINTMENT and re.search(r"only|seulement", token.text) and not of_days:
                raise AmbiguousHoursError(translatable("by appointment only"))
            other_times = token.kind is TokenKind.APPOINTMENT and re.match(r"or\b|all|other|after", token.text)
            blocks.append(Mark.ELSE_APPOINTMENT if other_times else MARKS[token.kind])
        at += length
    return blocks


def _refuse_holidays_of_a_day(tokens: list[Token], at: int) -> None:
    """ "closed Thanksgiving weekend", "Memorial Day through Labor Day": neither the days nor the holidays alone.

    Raises BadHoursError.
    """
    if is_dashed(tokens, at) and tokens[at + 2].kind is TokenKind.HOLIDAYS:
        raise BadHoursError(translatable("“%(rest)s” is not understood", rest=tokens[at].text))
    of_mark = [token.kind in (TokenKind.CLOSED, TokenKind.EXCEPT) for token in tokens[max(at - 2, 0) : at]]
    behind_a_day = any(of_mark) and tokens[at - 1].kind is TokenKind.DAYS
    before_a_day = any(of_mark[-1:]) and _ends_with_days(tokens[at + 1 :])
    if behind_a_day or before_a_day:
        raise BadHoursError(translatable("“%(rest)s” is not understood", rest=tokens[at].text))


def _ends_with_days(tokens: list[Token]) -> bool:
    """Whether days come first that no times follow."""
    if not tokens or tokens[0].kind is not TokenKind.DAYS:
        return False
    behind = next((token.kind for token in tokens if token.kind not in _BETWEEN_DAYS), None)
    return behind not in _TIMES


def _are_of_later_days(blocks: list[Block], tokens: list[Token]) -> bool:
    """ "M-F 8-5, 9-12 Sat": after days with their times, times whose own days stand behind them."""
    days_come_first = bool(blocks) and isinstance(blocks[0], Days)
    if not days_come_first or not isinstance(blocks[-1], DayTimes) or not isinstance(blocks[-2], Days):
        return False
    if not tokens or tokens[0].kind not in (TokenKind.DAYS, TokenKind.HOLIDAYS):
        return False
    behind = next((at for at, token in enumerate(tokens) if token.kind not in _BETWEEN_DAYS), len(tokens))
    return behind == len(tokens) or tokens[behind].kind not in _TIMES or tokens[behind - 1].kind is TokenKind.COMMA


def _add_days(blocks: list[Block], days: Days, behind: Token | None) -> None:
    """`behind`: the token before the days: "and" joins them to those before it, a comma need not."""
    comma = behind is not None and behind.kind is TokenKind.COMMA
    joined = behind is not None and comma and behind.text != ","
    if blocks and isinstance(before := blocks[-1], Days):
        if set(days.selectors) & set(before.selectors):
            raise AmbiguousHoursError(translatable("can be read in two ways"))
        if days.selectors and before.selectors and not joined:
            before.groups.append(len(before.selectors))
        before.selectors += days.selectors
        before.holidays = joined_comments(before.holidays, days.holidays)
    else:
        days.groups += [0] if comma and not joined else []
        blocks.append(days)


def _add_all_day(blocks: list[Block], *, always: bool) -> None:
    """ "any time, day or night" says it twice."""
    if blocks and isinstance(before := blocks[-1], DayTimes) and before.spans == [(0, DAY)]:
        before.always |= always
    else:
        blocks.append(DayTimes([(0, DAY)], always=always))


def _add_span(blocks: list[Block], opens: Token, closes: Token, choose: Choose) -> None:
    before = blocks[-1] if blocks and isinstance(blocks[-1], DayTimes) else None
    times = before or DayTimes()
    if before is None:
        blocks.append(times)
    if TokenKind.SUN in (opens.kind, closes.kind):
        times.sunny.append(f"{_end(opens)}-{_end(closes)}")
        return
    closing = MIDNIGHT if closes.kind is TokenKind.ALL_DAY else read_clock(closes.text)
    if times.spans and re.fullmatch(r"\d{3}", opens.text) and re.fullmatch(r"\d{4}", closes.text):
        raise BadHoursError(translatable("“%(rest)s” is not understood", rest=f"{opens.text}-{closes.text}"))
    if times.spans == [(0, DAY)]:
        # "Any time between 8 and 5": the words or the times are meant, not both.
        times.spans, times.always = [choose((*readings(read_clock(opens.text), closing), (0, DAY)))], False
        return
    earlier = times.spans[-1] if times.spans else None
    times.spans.append(choose(readings(read_clock(opens.text), closing, earlier)))


def _end(token: Token) -> str:
    if token.kind is TokenKind.SUN:
        return "sunrise" if is_sunrise(token.text) else "sunset"
    clock = read_clock(token.text)
    if not clock.fixed:
        raise BadHoursError(translatable("“%(rest)s”: morning or evening?", rest=token.text))
    return hhmm(clock.minutes)

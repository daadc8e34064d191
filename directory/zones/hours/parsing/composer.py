"""From understood rules to OSM syntax: one text that opening-hours libraries judge as people mean it."""

from collections.abc import Mapping
from dataclasses import replace

from directory.text import translatable
from directory.zones.hours.am_pm import DAY, Span, written
from directory.zones.hours.errors import AmbiguousHoursError, BadHoursError
from directory.zones.hours.lexicon import WEEKDAYS
from directory.zones.hours.parsing.blocks import Days, DayTimes
from directory.zones.hours.parsing.clauses import Clause, Understood

ALL = frozenset(range(7))
WORKDAYS = frozenset(range(5))


def compose(understood: Understood) -> str:
    """The rules as OSM opening hours. Raises BadHoursError where they contradict each other."""
    opened = [clause for clause in understood.clauses if clause.times is not None]
    closed = [clause for clause in understood.clauses if clause.times is None]
    if not _opens(opened, closed):
        raise BadHoursError(translatable("it is only said what is closed"))
    if all(clause.note for clause in opened):
        raise AmbiguousHoursError(translatable("no times are stated"))
    _refuse_two_meanings(opened, closed)
    opened = _general_first(_merged(_other_days_named(opened, closed, understood.beside)))
    _ask_whether_added(opened, closed, understood.beside)
    return _expression(opened, closed, understood.beside)


def _expression(opened: list[Clause], closed: list[Clause], beside: str) -> str:
    base = _around_the_clock(opened, closed) or _by_night(opened, closed) or _plain(opened, closed)
    off = next((clause.days.holidays for clause in closed if clause.days.holidays is not None), None)
    if off is not None:
        base += f'; PH off "{off}"' if off else "; PH off"
    return f'{base} || "{beside}"' if beside else base


def _opens(opened: list[Clause], closed: list[Clause]) -> bool:
    """Whether any day is left, holidays among them."""
    on_holidays = _speak_of_holidays(opened) and not _speak_of_holidays(closed)
    return on_holidays or bool(_all_days(opened) - _all_days(closed))


def _speak_of_holidays(clauses: list[Clause]) -> bool:
    return any(clause.days.holidays is not None for clause in clauses)


def _refuse_two_meanings(opened: list[Clause], closed: list[Clause]) -> None:
    always = [clause for clause in opened if clause.times and clause.times.always and not clause.days.selectors]
    others = [clause for clause in opened if clause not in always]
    if always and not all(clause.note for clause in others):
        other_hours = compose(Understood([*others, *closed])) if all(clause.days.selectors for clause in others) else ""
        raise AmbiguousHoursError(
            translatable("says “at all hours” and other hours"), ("24/7", *([other_hours] if other_hours else []))
        )


def _other_days_named(opened: list[Clause], closed: list[Clause], beside: str) -> list[Clause]:
    """ "24 hours; weekends by appointment": times without days are of the days that no other rule opens.

    "24 hours; Sat 9-5" may mean Sundays as well or not. Raises AmbiguousHoursError then.
    """
    with_days = [clause for clause in opened if clause.days.selectors]
    if not with_days or not any(map(_names_no_days, opened)):
        return opened
    others = ALL.difference(*map(_days, with_days))
    if not others:
        raise AmbiguousHoursError(translatable("says two different hours for the same days"))

    def on(days: frozenset[int]) -> list[Clause]:
        general = Days(_listed(days).split(","))
        return [replace(clause, days=general) if _names_no_days(clause) else clause for clause in opened]

    if all(clause.note for clause in with_days):
        return on(others)
    alternatives = [on(days) for days in (others & WORKDAYS, others) if days]
    readings = dict.fromkeys(compose(Understood([*clauses, *closed], beside)) for clauses in alternatives)
    raise AmbiguousHoursError(translatable("does not name the days"), tuple(readings))


def _names_no_days(clause: Clause) -> bool:
    return not clause.days.selectors and clause.days.holidays is None


def _selector(days: Days) -> str:
    return ",".join([*days.selectors, *(["PH"] if days.holidays is not None else [])])


def _rule(clause: Clause) -> str:
    times = clause.times.written() if clause.times else "off"
    if clause.note:
        return f'{_selector(clause.days)} unknown "{clause.note}"'
    return f"{_selector(clause.days)} {times}".strip()


def _merged(opened: list[Clause]) -> list[Clause]:
    """Two rules for the same days are one with the times of both: "M-F 8-12; M-F 1-5"."""
    result: list[Clause] = []
    for clause in opened:
        same = next((other for other in result if _selector(other.days) == _selector(clause.days)), None)
        if same is None or same.times is None or clause.times is None or clause.note != same.note:
            result.append(clause)
        elif same.times.written() != clause.times.written():
            if _overlap(same.times, clause.times):
                readings = tuple(_expression([each], [], "") for each in (same, clause))
                raise AmbiguousHoursError(translatable("says two different hours for the same days"), readings)
            spans, sunny = sorted(same.times.spans + clause.times.spans), same.times.sunny + clause.times.sunny
            result[result.index(same)] = replace(same, times=DayTimes(spans, sunny, same.times.always))
    return result


def _overlap(one: DayTimes, other: DayTimes) -> bool:
    if one.sunny or other.sunny:
        return True
    return any(a < d and c < b for a, b in one.spans for c, d in other.spans)


def _ask_whether_added(opened: list[Clause], closed: list[Clause], beside: str) -> None:
    """ "M-F 8-5, W 5-8pm": do Wednesdays end at 8, or are they open in the evening only?"""
    for at, general in enumerate(opened):
        for special in opened[at + 1 :]:
            fewer = frozenset() < _days(special) < _days(general)
            if not general.times or not special.times or special.note or not fewer:
                continue
            if not _overlap(general.times, special.times):
                longer = replace(special, times=DayTimes(_joined(general.times.spans + special.times.spans)))
                with_both = [longer if clause is special else clause for clause in opened]
                raise AmbiguousHoursError(
                    translatable("says more hours for a day that has hours already"),
                    (_expression(with_both, closed, beside), _expression(opened, closed, beside)),
                )


def _joined(spans: list[Span]) -> list[Span]:
    """In order, with what touches or overlaps made one."""
    result: list[Span] = []
    for start, end in sorted(spans):
        if result and start <= result[-1][1]:
            result[-1] = (result[-1][0], max(end, result[-1][1]))
        else:
            result.append((start, end))
    return result


def _general_first(opened: list[Clause]) -> list[Clause]:
    """What speaks of fewer days comes later, since the later rule wins: "Sat 9-12, daily 8-5" begins with it."""
    if not any(_days(one) < _days(other) for at, one in enumerate(opened) for other in opened[at + 1 :]):
        return opened
    return sorted(opened, key=lambda clause: -len(_days(clause)))


def _days(clause: Clause) -> frozenset[int]:
    return ALL if _names_no_days(clause) else clause.days.numbers()


def _all_days(clauses: list[Clause]) -> frozenset[int]:
    return frozenset().union(*map(_days, clauses))


def _around_the_clock(opened: list[Clause], closed: list[Clause]) -> str:
    """ "24/7", or the days left of it, where all rules together are open all day on all days; else empty."""
    whole_days = all(clause.times and clause.times.spans == [(0, DAY)] and not clause.note for clause in opened)
    if not (whole_days or _turns_round(opened)):
        return ""
    if _all_days(opened) != ALL:
        return ""
    open_days = ALL - _all_days(closed)
    if open_days == ALL:
        return "24/7"
    if not whole_days or _speak_of_holidays(opened):
        return ""
    return f"{_listed(open_days)} 00:00-24:00"


def _turns_round(opened: list[Clause]) -> bool:
    """ "6am-6am daily" never closes."""
    return len(opened) == 1 and all(
        clause.times and [end - start for start, end in clause.times.spans] == [DAY] and not clause.note
        for clause in opened
    )


def _by_night(opened: list[Clause], closed: list[Clause]) -> str:
    """Where a span runs past midnight: every day with its own spans and nothing overruled; else empty.

    `;` and `off` would cut the night of the day before in most libraries, so days are joined by commas.
    """
    if not any(end > DAY for clause in opened if clause.times for _, end in clause.times.spans):
        return ""
    if len(opened) == 1 and not any(clause.days.selectors for clause in closed):
        return _plain(opened, [])
    if any(
        clause.note or not clause.times or clause.times.sunny or clause.days.holidays is not None for clause in opened
    ):
        return ""
    table: dict[int, list[Span]] = {}
    for clause in opened:
        table |= dict.fromkeys(_days(clause), clause.times.spans if clause.times else [])
    for clause in closed:
        for day in clause.days.numbers():
            table.pop(day, None)
    return ", ".join(f"{_run(run)} {','.join(map(written, table[run[0]]))}" for run in _runs(table))


def _runs(table: Mapping[int, object]) -> list[list[int]]:
    """The days in order, together those that follow each other and have the same in the table."""
    runs: list[list[int]] = []
    for day in sorted(table):
        if runs and runs[-1][-1] == day - 1 and table[day] == table[day - 1]:
            runs[-1].append(day)
        else:
            runs.append([day])
    return runs


def _listed(days: frozenset[int]) -> str:
    return ",".join(map(_run, _runs(dict.fromkeys(days))))


def _run(days: list[int]) -> str:
    first, last = WEEKDAYS[days[0]], WEEKDAYS[days[-1]]
    return first if first == last else f"{first}-{last}" if len(days) > 2 else f"{first},{last}"


def _plain(opened: list[Clause], closed: list[Clause]) -> str:
    off = [f"{','.join(clause.days.selectors)} off" for clause in closed if clause.days.selectors]
    return "; ".join([*map(_rule, opened), *off])

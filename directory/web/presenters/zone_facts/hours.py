"""Opening hours as a reader says them."""

from calendar import monthrange
from datetime import date, time

from directory.web.i18n.translate import (
    _,
    current_locale,
    date_words,
    in_quotes,
    list_words,
    skeleton_words,
    time_words,
    weekday_name,
)
from directory.web.presenters.zone_facts.holiday_names import named_holidays
from directory.zones.hours import Day
from directory.zones.hours.lexicon import BOTH, FEDERAL, MAJOR
from directory.zones.hours.seasons import Dates, Season, seasons_of
from directory.zones.hours.weekly_hours import RegularDay, RegularWeek

_SOME_YEAR = 2024
"""A leap year, for dates that name none."""


def clock_time(at: time) -> str:
    """A wall-clock time in the reader's habit; whole hours lose their zeros in English."""
    text = time_words(at).replace("\u202f", " ")
    return text.replace(":00", "") if str(current_locale()).startswith("en") else text


def day_words(day: Day) -> str:
    """The hours of one date: "8 AM – 5 PM", "Closed", "by appointment"."""
    if day.holiday:
        return _("Public holiday: hours not stated")
    if day.all_day:
        return _("Open all day")
    spans = [_span(clock_time(start), clock_time(end)) for start, end in day.spans]
    if day.note:
        spans.append(note_words(day.note))
    return ", ".join(spans) or _("Closed")


def note_words(note: str) -> str:
    """What hours depend on. Our own words are translated, others stand as they were given."""
    if note.lower() == "by appointment":
        return _("by appointment")
    return _("not certain") if note == "unknown" else in_quotes(note)


def hours_in_words(osm: str) -> str:
    """ "Mo-Fr 09:00-17:00; PH off" as "Monday – Friday 9 AM – 5 PM; closed on holidays"; closed weekdays are left out.

    Seasons follow with their dates: "June through August: Monday – Friday 9 AM – 8 PM". What is more than that (weeks
    of a year, the third Tuesday) stays as it is.
    """
    seasons = seasons_of(osm)
    if seasons is None:
        return osm
    parts = []
    for season in seasons:
        if season.dates:
            parts.append(_season(season))
            continue
        if all(day.all_day for day in season.week.days):
            parts.append(_("Open at all hours"))
        else:
            parts += [f"{days} {hours}" for days, hours in _groups(season.week, frozenset(range(7))) if hours]
        parts += _exceptions(season.week)
    return "; ".join(parts)


def exceptions_in_words(osm: str) -> list[str]:
    """What holds on holidays, in seasons and at other times, where the hours say so: "closed on holidays"."""
    texts: list[str] = []
    for season in seasons_of(osm) or ():
        texts += [_season(season)] if season.dates else _exceptions(season.week)
    return texts


def _exceptions(week: RegularWeek) -> list[str]:
    texts = [_holidays(week)] if week.holidays is not None else []
    if week.beside:
        texts.append(_("at other times %(note)s", note=note_words(week.beside)))
    return texts


def _season(season: Season) -> str:
    """ "June through August: Monday – Friday 9 AM – 8 PM, Saturday closed"."""
    groups = _groups(season.week, season.days)
    if len(season.days) == 7 and len(groups) == 1:
        groups = [("", groups[0][1])]
    hours = ", ".join(" ".join(filter(None, (days, hours or _("closed")))) for days, hours in groups)
    return _("%(label)s: ", label=list_words([_dates(dates) for dates in season.dates])) + hours


def _dates(dates: Dates) -> str:
    """ "in June", "June through August", "on December 25", "from June 15 to September 1"."""
    year = dates.year or _SOME_YEAR
    first, last = _date(year, dates.first), _date(year + (dates.first > dates.last), dates.last)
    if not dates.months and first == last:
        return _("on %(date)s", date=_day(first, dates.year))
    if not dates.months:
        return _("from %(first)s to %(last)s", first=_day(first, dates.year), last=_day(last, dates.year))
    months = date_words(first, "LLLL"), skeleton_words(last, "yMMMM") if dates.year else date_words(last, "LLLL")
    if first.month == last.month:
        return _("in %(month)s", month=months[1])
    return _("%(first)s through %(last)s", first=months[0], last=months[1])


def _day(day: date, of_year: int) -> str:
    return date_words(day, "long") if of_year else skeleton_words(day, "MMMMd")


def _date(year: int, day: tuple[int, int]) -> date:
    """A day of a year; the last one of its month where the month is shorter."""
    return date(year, day[0], min(day[1], monthrange(year, day[0])[1]))


def _groups(week: RegularWeek, spoken_of: frozenset[int]) -> list[tuple[str, str]]:
    """Days with equal hours that follow each other: (days, hours), without hours where they are closed."""
    groups: list[tuple[str, str, str]] = []
    before = -1
    for number in sorted(spoken_of):
        name, hours = weekday_name(number), _regular(week.days[number])
        if groups and before == number - 1 and groups[-1][2] == hours:
            groups[-1] = (groups[-1][0], name, hours)
        else:
            groups.append((name, name, hours))
        before = number
    return [(first if first == last else _days(first, last), hours) for first, last, hours in groups]


def _days(first: str, last: str) -> str:
    return _("%(first)s – %(last)s", first=first, last=last)


def _span(opens: str, closes: str) -> str:
    return _("%(opens)s – %(closes)s", opens=opens, closes=closes)


def _regular(day: RegularDay) -> str:
    if day.all_day:
        return _("Open all day")
    if day.note:
        return note_words(day.note)
    return ", ".join(_span(_end(start), _end(end)) for start, end in day.spans)


def _end(end: str) -> str:
    sun = {"sunrise": _("sunrise"), "sunset": _("sunset"), "dawn": _("dawn"), "dusk": _("dusk")}
    if end in sun:
        return sun[end]
    hour, minute = map(int, end.split(":"))
    return clock_time(time(hour % 24, minute))


def _holidays(week: RegularWeek) -> str:
    day = week.holidays or RegularDay()
    if day.spans or day.note:
        return _("on holidays %(hours)s", hours=_regular(day))
    closed = {
        "": _("closed on holidays"),
        FEDERAL: _("closed on federal holidays"),
        BOTH: _("closed on state and federal holidays"),
        MAJOR: _("closed on major holidays"),
    }
    return closed.get(week.which_holidays) or _(
        "closed on holidays (%(which)s)", which=named_holidays(week.which_holidays)
    )

"""Opening hours as a reader says them."""

from datetime import time

from directory.web.i18n.translate import _, current_locale, in_quotes, time_words, weekday_name
from directory.web.presenters.holiday_names import named_holidays
from directory.zones.hours import Day
from directory.zones.hours.lexicon import BOTH, FEDERAL, MAJOR
from directory.zones.hours.weekly_hours import RegularDay, RegularWeek, plain_week


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

    Hours of which a week says too little (months, dates) stay as they are.
    """
    week = plain_week(osm)
    if week is None:
        return osm
    if all(day.all_day for day in week.days):
        parts = [_("Open at all hours")]
    else:
        parts = [f"{days} {hours}" for days, hours in _groups(week)]
    return "; ".join([*parts, *exceptions_in_words(osm)])


def exceptions_in_words(osm: str) -> list[str]:
    """What holds on holidays and at other times, where the hours say so: "closed on holidays"."""
    week = plain_week(osm)
    if week is None:
        return []
    words = [_holidays(week)] if week.holidays is not None else []
    if week.beside:
        words.append(_("at other times %(note)s", note=note_words(week.beside)))
    return words


def _groups(week: RegularWeek) -> list[tuple[str, str]]:
    """Days with equal hours that follow each other: (days, hours)."""
    groups: list[tuple[str, str, str]] = []
    for number, day in enumerate(week.days):
        name, hours = weekday_name(number), _regular(day)
        if groups and groups[-1][2] == hours:
            groups[-1] = (groups[-1][0], name, hours)
        else:
            groups.append((name, name, hours))
    return [(first if first == last else _days(first, last), hours) for first, last, hours in groups if hours]


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

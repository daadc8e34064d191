"""Dates and spans of time as a reader says them."""

from datetime import date, datetime, timedelta

from directory.clock import now
from directory.web.i18n.translate import _, date_words, ngettext, skeleton_words, time_words


def partial_date(value: str | date) -> str:
    """A year, month or day: "2016", "June 2016", "June 5, 2016"."""
    day = _whole(value)
    return date_words(day, "long") if day else month_words(str(value))


def weekday_date(value: str | date, today: date) -> str:
    """ "Fri, Dec 4", with the year where it is not this one; a year or month as in `partial_date`."""
    day = _whole(value)
    return skeleton_words(day, "MMMEd" if day.year == today.year else "yMMMEd") if day else month_words(str(value))


def month_words(value: str) -> str:
    """Year and month of a partial date, as far as it says them."""
    return value if len(value) < 7 else skeleton_words(date.fromisoformat(f"{value[:7]}-01"), "yMMMM")


def _whole(value: str | date) -> date | None:
    if isinstance(value, date):
        return value
    return date.fromisoformat(value) if len(value) == 10 else None


def day(at: datetime) -> str:
    """ "Jun 5, 2026"."""
    return date_words(at.date(), "medium")


def until(at: datetime) -> str:
    """A time of today or tomorrow in UTC, rounded up to the minute."""
    return f"{time_words((at + timedelta(seconds=59)).time())} UTC"


def ago(at: datetime) -> str:
    """How long ago something was: in days, after two months in months."""
    days = (now() - at).days
    if days < 1:
        return _("today")
    if days < 60:
        return ngettext("%(num)d day ago", "%(num)d days ago", days)
    return ngettext("%(num)d month ago", "%(num)d months ago", days // 30)


def waited(age: timedelta) -> str:
    """How long something waits."""
    if age < timedelta(hours=1):
        return _("less than an hour")
    if age < timedelta(days=1):
        return ngettext("%(num)d hour", "%(num)d hours", int(age / timedelta(hours=1)))
    return ngettext("%(num)d day", "%(num)d days", age.days)

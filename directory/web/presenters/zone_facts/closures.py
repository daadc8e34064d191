"""Closures and moves in words: "Closed on Fri, Dec 4: paving", announced from the day on which they are entered."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from directory.clock import now
from directory.geo import time_zone_at
from directory.search.zone_status import local_day, status_on, today_of
from directory.store.repository import StoredZone
from directory.web.i18n.translate import _, date_words, list_words, ngettext, skeleton_words, weekday_name
from directory.web.presenters.dates import weekday_date
from directory.web.presenters.place_titles import full_title
from directory.zones.closures import (
    Closure,
    Repeat,
    all_closures,
    closed_on,
    covers,
    is_over,
    parse_repeat,
    read_closures,
    runs_of,
)
from directory.zones.findings import FieldError
from directory.zones.parsing.parsers import iso_date
from directory.zones.schemas import Status, ZoneRecord

MOST_ON_A_CARD = 3
A_YEAR_DAYS = 370


@dataclass(frozen=True, slots=True)
class ClosureLine:
    """What is said of a closure in the reader's language, and the note of it in the language of its source."""

    text: str
    note: str = ""

    def __str__(self) -> str:
        """Both in one sentence, where nothing can mark the language."""
        return _("%(closure)s: %(note)s", closure=self.text, note=self.note) if self.note else self.text


def lines(zone: StoredZone, most: int = 0, leaving_out: Sequence[Mapping[str, str]] = ()) -> list[ClosureLine]:
    """What is announced of a zone, what is soonest first; with `most` so many sentences and how many more there are."""
    today = today_of(zone)
    pending = [one for one in all_closures(zone) if not is_over(one, today) and one not in leaving_out]
    pending.sort(key=lambda one: (not covers(one, today), _next_day(one, today)))
    all_lines = [*_move(zone, today), *(sentence(one, today) for one in pending)]
    if not most or len(all_lines) <= most:
        return all_lines
    more = len(all_lines) - most
    text = ngettext("%(num)d more closure: see its page", "%(num)d more closures: see its page", more)
    return [*all_lines[:most], ClosureLine(text)]


def on_card(zone: StoredZone) -> list[ClosureLine]:
    """The few that a card has room for."""
    return lines(zone, MOST_ON_A_CARD) if zone.closures or zone.status in ANNOUNCING else []


ANNOUNCING = (Status.TEMPORARILY_CLOSED, Status.MOVED)


def _move(zone: StoredZone, today: date) -> list[ClosureLine]:
    if zone.status is not Status.MOVED or status_on(zone, today) is Status.MOVED:
        return []
    return [ClosureLine(_("Moves on %(date)s", date=weekday_date(zone.status_from, today)), zone.status_note)]


def _next_day(one: Mapping[str, str], today: date) -> str:
    if "repeat" not in one:
        return one.get("from", "")
    runs = runs_of(one, today, A_YEAR_DAYS)
    return runs[0][0].isoformat() if runs else "9"


def sentence(one: Mapping[str, str], today: date) -> ClosureLine:
    """One closure, said on `today`."""
    return ClosureLine(_repeated(one, today) if "repeat" in one else _once(one, today), one.get("note", ""))


def _once(one: Mapping[str, str], today: date) -> str:
    begins, ends = one.get("from", ""), one.get("until", "")
    if begins and begins == ends:
        if len(begins) == 10:
            return _("Closed on %(date)s", date=weekday_date(begins, today))
        return _("Closed in %(month)s", month=weekday_date(begins, today))
    if not begins or covers({"from": begins}, today):
        if not ends:
            return _("Closed until further notice")
        return _("Closed until %(date)s", date=weekday_date(ends, today))
    if not ends:
        return _("Closed from %(date)s until further notice", date=weekday_date(begins, today))
    return _("Closed from %(first)s to %(last)s", first=weekday_date(begins, today), last=weekday_date(ends, today))


def _repeated(one: Mapping[str, str], today: date) -> str:
    repeat = parse_repeat(one["repeat"])
    text = _("Closed %(days)s", days=repeat_words(repeat))
    if bounds := _bounds(one, today):
        return f"{text} ({bounds})"
    runs = runs_of(one, today, A_YEAR_DAYS)
    if repeat.nth and runs:
        return _("%(closure)s, next on %(date)s", closure=text, date=weekday_date(runs[0][0], today))
    return text


def _bounds(one: Mapping[str, str], today: date) -> str:
    begins, ends = one.get("from", ""), one.get("until", "")
    if begins and not covers({"from": begins}, today):
        first = weekday_date(begins, today)
        return _("from %(first)s to %(last)s", first=first, last=weekday_date(ends, today)) if ends else (
            _("from %(date)s on", date=first))  # fmt: skip
    return _("until %(date)s", date=weekday_date(ends, today)) if ends else ""


def repeat_words(repeat: Repeat) -> str:
    """ "every Thursday", "on the first Monday of every month", "every year on December 25"."""
    names = list_words([weekday_name(day) for day in sorted(repeat.weekdays)])
    if repeat.nth:
        which = {1: _("first"), 2: _("second"), 3: _("third"), 4: _("fourth"), 5: _("fifth"), -1: _("last")}[repeat.nth]
        if repeat.month:
            month = date_words(date(2024, repeat.month, 1), "LLLL")
            return _("every year on the %(which)s %(day)s of %(month)s", which=which, day=names, month=month)
        return _("on the %(which)s %(day)s of every month", which=which, day=names)
    if repeat.weekdays:
        return _("every %(days)s", days=names)
    first, last = (skeleton_words(date(2024, *at), "MMMMd") for at in (repeat.first, repeat.last))
    if first == last:
        return _("every year on %(date)s", date=first)
    return _("every year from %(first)s to %(last)s", first=first, last=last)


def closed_words(closures: Sequence[Mapping[str, str]], day: date) -> ClosureLine | None:
    """ "Closed: paving" on a closed day."""
    one = closed_on(closures, day)
    return None if one is None else ClosureLine(_("Closed"), one.get("note", ""))


def calendar_title(zone: StoredZone, moves: bool) -> str:
    """ "Closed: Darien police · parking lot, Darien, CT": what a calendar shows of a closure, or of a move."""
    if moves:
        return _("Moves: %(zone)s", zone=full_title(zone))
    return _("Closed: %(zone)s", zone=full_title(zone))


def of_record(record: ZoneRecord) -> list[ClosureLine]:
    """Every closure of a record that may not be in the store yet."""
    today = local_day(time_zone_at(record.coordinates), now())
    return [sentence(one, today) for one in all_closures(record)]


def read(text: str) -> list[Closure]:
    """The inverse of `closures_text`; a text that cannot be read has none."""
    try:
        return read_closures(text, iso_date)
    except FieldError:
        return []

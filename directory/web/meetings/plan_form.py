"""The form "Plan a meeting": a day, a time, and perhaps how often. It is sent in the address; nothing is stored."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from directory.clock import now
from directory.meetings.meeting import Meeting, count_until
from directory.meetings.recurrence import Recurrence
from directory.meetings.time_wordings import without_repetition
from directory.meetings.times import UnreadableTimeError, exists_at
from directory.store.repository import StoredZone
from directory.web.i18n.translate import _, ngettext, translate, weekday_name
from directory.web.query.filter_parameters import read_in_their_language
from directory.web.query.integers import number_in

FURTHEST = timedelta(days=2 * 366)
USUAL_MEETINGS = 10
"""How often a series meets where nothing says when it ends."""
LONGEST = 60
"""Characters of an answer; a time of more is none."""


@dataclass(slots=True)
class PlanForm:
    """The answers as typed, what is wrong with them by field, and the texts that may have been meant for `date`."""

    date: str = ""
    time: str = ""
    every: str = ""
    until: str = ""
    times: str = ""
    errors: dict[str, str] = field(default_factory=dict)
    readings: tuple[str, ...] = ()

    def fits(self, name: str) -> bool:
        """Whether a browser's own control for days or times can show the answer: it drops what it does not know."""
        text = getattr(self, name)
        pattern = r"\d\d:\d\d" if name == "time" else r"\d{4}-\d\d-\d\d"
        return not text or bool(re.fullmatch(pattern, text))

    def meeting(self, zone: StoredZone) -> Meeting | None:
        """The meeting that the answers ask for; None where `errors` says why there is none."""
        starts_at = self._start(zone)
        if starts_at is None:
            return None
        if not self.every:
            return Meeting(zone.zone_id, starts_at)
        if self.every not in list(Recurrence):
            self.errors["every"] = _("Choose one of the list.")
            return None
        recurrence = Recurrence(self.every)
        if not recurrence.can_begin(starts_at):
            self.errors["date"] = _cannot_begin(recurrence, starts_at)
            return None
        count = self._count(zone, starts_at, recurrence)
        return None if count is None else Meeting(zone.zone_id, starts_at, recurrence, count)

    def _start(self, zone: StoredZone) -> datetime | None:
        if not self.date:
            self.errors["date"] = _("Choose a day.")
        elif "T" in self.date or ":" in self.date:  # else the other field would be read as an offset
            self.errors["date"] = _("Choose a day only; the time has a field of its own.")
        if not self.time:
            self.errors["time"] = _("Choose a time of day.")
        at = None if self.errors else self.read("date", f"{self.date} {self.time}", zone)
        if at is None:
            return None
        now_there = _now_at(zone)
        if at <= now_there:
            self.errors["date"] = _("That time is over. Choose a later one.")
        elif at > now_there + FURTHEST:
            self.errors["date"] = _("Choose a day within two years.")
        elif not exists_at(at, zone.time_zone):
            self.errors["time"] = _("The clocks go forward then and leave this hour out. Choose another time.")
        return None if self.errors else at

    def _count(self, zone: StoredZone, starts_at: datetime, recurrence: Recurrence) -> int | None:
        if self.until and self.times:
            self.errors["until"] = _("You gave both a day and a number of times. Empty one of the two.")
            return None
        count: int | None
        if "T" in self.until or ":" in self.until:
            self.errors["until"] = _("Choose a day only; the time has a field of its own.")
            return None
        if self.until:
            last = self.read("until", f"{self.until} 23:59", zone)
            if last is not None and last < starts_at:
                self.errors["until"] = _("That is before the first meeting. Choose a later day.")
                return None
            count = None if last is None else count_until(starts_at, recurrence, last)
            name = "until"
        else:
            count, name = number_in(self.times or str(USUAL_MEETINGS)), "times"
            if count is None:
                self.errors["times"] = _(
                    "“%(text)s” is no whole number. Write how many times in digits, from 2 to %(most)s.",
                    text=self.times, most=recurrence.most_meetings,
                )  # fmt: skip
                return None
        if count is not None and not 2 <= count <= recurrence.most_meetings:
            self.errors[name] = ngettext(
                "That is %(num)d meeting. A series has 2 to %(most)s.",
                "That is %(num)d meetings. A series has 2 to %(most)s.", count, most=recurrence.most_meetings,
            )  # fmt: skip
            return None
        return count

    def read(self, name: str, text: str, zone: StoredZone) -> datetime | None:
        """A time by the clock of the zone; None where `errors` says that the answer to `name` is none."""
        try:
            at = read_in_their_language(text[: 2 * LONGEST]).on(_now_at(zone))
        except UnreadableTimeError as error:
            self.errors[name] = translate(error.reason)
            self.readings = error.readings
            return None
        return at if at.tzinfo is None else at.astimezone(ZoneInfo(zone.time_zone)).replace(tzinfo=None)


def _cannot_begin(recurrence: Recurrence, at: datetime) -> str:
    weekday = weekday_name(at.weekday())
    if recurrence is Recurrence.MONTHLY:
        return _("Not every month has a fifth %(weekday)s. Choose the last one of every month, or another day.",
                 weekday=weekday)  # fmt: skip
    if recurrence is Recurrence.LAST_OF_MONTH:
        return _(
            "That is not the last %(weekday)s of its month. Choose the last one as the first day.", weekday=weekday
        )
    return _("That is not the first, third or fifth %(weekday)s of its month. Choose one of these as the first day.",
             weekday=weekday)  # fmt: skip


def read_form(args: Mapping[str, str], zone: StoredZone) -> PlanForm:
    """The answers in an address. `at`, which other pages link with, fills in day and time, and how often it says."""
    date, time, every, until, times = (
        args.get(name, "").strip()[:LONGEST] for name in ("date", "time", "every", "until", "times")
    )
    at_text = args.get("at", "").strip()
    recurrence, date = without_repetition(date)
    if at_text and not date and not time:
        recurrence, at_text = without_repetition(at_text)
    form = PlanForm(date, time, every or recurrence or "", until, times)
    if at_text and not form.date and not form.time:
        at = form.read("date", at_text, zone)
        if at is None:
            form.date = at_text[:LONGEST]
        else:
            form.date, form.time = at.date().isoformat(), at.strftime("%H:%M")
    return form


def _now_at(zone: StoredZone) -> datetime:
    """The time that it is where the zone is, by the clock there."""
    return now().astimezone(ZoneInfo(zone.time_zone)).replace(tzinfo=None)

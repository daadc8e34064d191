"""A meeting card in the reader's words: place, time, message, calendar entry and links."""

import json
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from directory.clock import now
from directory.maps.map_marks import PinKind, kind_of_pin
from directory.meetings.calendar_files import MeetingEntry, rule_text
from directory.meetings.daylight import daylight_at
from directory.meetings.meeting import LASTS, Meeting
from directory.meetings.obstacles import JudgedTime, Obstacle
from directory.meetings.recurrence import Recurrence, number_in_month
from directory.meetings.text_message import MessageLength, length_of, shortest_that_fits
from directory.search.results import ZoneHit
from directory.store.repository import StoredZone
from directory.text import translatable
from directory.web.http.languages import language_code
from directory.web.i18n.translate import _, colon, date_words, datetime_words, ngettext, translate, weekday_name
from directory.web.presenters.place_titles import place_title
from directory.web.presenters.results.visit_times import visit_words
from directory.web.presenters.zone_facts.hours import clock_time
from directory.web.presenters.zone_facts.zones import (
    Label,
    address_lines,
    availability,
    open_label,
    phone_of,
    provenance,
    where_exactly,
)
from directory.zones.closures import all_closures, closed_on
from directory.zones.schemas import TriState

RECURRENCES = {
    Recurrence.WEEKLY: translatable("every week"),
    Recurrence.EVERY_OTHER_WEEK: translatable("every other week"),
    Recurrence.MONTHLY: translatable("monthly, like the first Saturday"),
    Recurrence.LAST_OF_MONTH: translatable("monthly, like the last Sunday"),
    Recurrence.ODD_OF_MONTH: translatable("monthly, like 1st, 3rd, 5th Friday"),
}
"""As a form offers them, which does not know yet on which day a series begins."""
_OF_EVERY_MONTH = (
    translatable("the first %(weekday)s of every month"), translatable("the second %(weekday)s of every month"),
    translatable("the third %(weekday)s of every month"), translatable("the fourth %(weekday)s of every month"),
)  # fmt: skip


def date_line(at: datetime, zone: StoredZone) -> str:
    """ "Saturday, November 28, 2026, Eastern Time"."""
    clock = datetime_words(at.replace(tzinfo=ZoneInfo(zone.time_zone)), "vvvv")
    return _("%(date)s, %(clock)s", date=date_words(at.date(), "full"), clock=clock)


def clock_line(at: datetime) -> str:
    """ "7 PM"."""
    return clock_time(at.time())


def series_words(meeting: Meeting) -> str:
    """ "every other week, 10 times"; empty for one meeting."""
    if meeting.recurrence is None:
        return ""
    often = _often(meeting.recurrence, meeting.starts_at)
    return ngettext("%(often)s, %(num)d time", "%(often)s, %(num)d times", meeting.count, often=often)


def _often(recurrence: Recurrence, first: datetime) -> str:
    """ "every other week", "the first Saturday of every month"."""
    weekday = weekday_name(first.weekday())
    if recurrence is Recurrence.MONTHLY:
        return _(_OF_EVERY_MONTH[number_in_month(first) - 1], weekday=weekday)
    if recurrence is Recurrence.LAST_OF_MONTH:
        return _("the last %(weekday)s of every month", weekday=weekday)
    if recurrence is Recurrence.ODD_OF_MONTH:
        return _("the first, third and fifth %(weekday)s of every month", weekday=weekday)
    return translate(RECURRENCES[recurrence])


def obstacle_notice(judged: JudgedTime) -> tuple[str, str, str]:
    """What stands on top of a card that cannot be used: title, sentence, and the note in its source's language."""
    zone, obstacle = judged.zone_status.zone, judged.obstacle
    if obstacle is Obstacle.MOVED:
        sentence = _("The police moved, or nobody knows whether this spot is still in use. Call before you go.")
        return _("This place moved. Do not go there yet."), sentence, zone.status_note
    if obstacle is Obstacle.PLANNED:
        sentence = _("It was planned or proposed; nobody has said that it opened.")
        return _("This place is not open yet."), sentence, zone.status_note
    if obstacle is Obstacle.WITHDRAWN:
        sentence = _("The directory no longer lists it. Agree on another place.")
        return _("This is no longer a safe zone. Do not go there."), sentence, zone.status_note
    if obstacle is Obstacle.NO_SUCH_TIME:
        sentence = _("The clocks go forward then and leave this hour out. Agree on another time.")
        return _("That time does not exist."), sentence, ""
    closure = closed_on(all_closures(zone), judged.at.date()) if obstacle is Obstacle.CLOSED else None
    sentence = f"{open_label(ZoneHit(judged.zone_status), judged.at).text}. {_('Agree on another time or place.')}"
    return _("Closed at that time."), sentence, closure.get("note", "") if closure else ""


def date_verdict(judged: JudgedTime) -> Label:
    """What the table of a series says of one date."""
    if judged.obstacle is Obstacle.NO_SUCH_TIME:
        return Label("closed", _("The clock leaves this hour out"))
    return availability(ZoneHit(judged.zone_status), judged.at)


def ready_message(meeting: Meeting, zone: StoredZone, page: str) -> tuple[str, MessageLength]:
    """A message to send, which fits in one text message where it can, and its length. It always names the place."""
    first = visit_words(meeting.starts_at)
    when = ", ".join(filter(None, (first, series_words(meeting))))
    street = f"{zone.street_address}, {zone.town}" if zone.street_address else zone.department
    name, address, spot = (
        str(place_title(zone)).replace(" · ", ", "),
        ", ".join(address_lines(zone)),
        where_exactly(zone),
    )
    texts = [
        f"{when}{colon()}{name}, {address}. {spot}. {page}",
        f"{when}{colon()}{name}, {address}. {page}",
        f"{when}{colon()}{name}, {zone.street_address or zone.town}. {page}",
        f"{when}{colon()}{name}. {page}",
        f"{when}{colon()}{street}. {page}",
    ]
    if meeting.repeats:
        others = ngettext("%(first)s, and %(num)d more date", "%(first)s, and %(num)d more dates", meeting.count - 1,
                          first=first)  # fmt: skip
        texts += [f"{others}{colon()}{name}. {page}", f"{others}{colon()}{street}. {page}"]
    message = shortest_that_fits(texts)
    if length_of(message).messages > 1:
        message = shortest_that_fits(texts[:2])
    return message, length_of(message)


def length_words(length: MessageLength) -> str:
    """ "139 characters: fits in one text message"."""
    characters = ngettext("%(num)d character", "%(num)d characters", length.characters)
    if length.messages == 1:
        return _("%(characters)s: fits in one text message", characters=characters)
    return ngettext("%(characters)s: %(num)d text message", "%(characters)s: %(num)d text messages", length.messages,
                    characters=characters)  # fmt: skip


def calendar_entry(zone: StoredZone, message: str, page: str) -> MeetingEntry:
    """What a calendar is given."""
    address = ", ".join(address_lines(zone))
    description = "\n".join(filter(None, (where_exactly(zone), *zone.rules, message, provenance(zone))))
    return MeetingEntry(
        _("Meeting: %(place)s", place=place_title(zone)), f"{place_title(zone)}, {address}", description, page,
        zone.coordinates, zone.time_zone, zone.changed_at,
    )  # fmt: skip


def calendar_links(meeting: Meeting, entry: MeetingEntry) -> list[tuple[str, str]]:
    """Links that fill in the form of an online calendar: (its name, address). Outlook's takes no series."""
    at, ends_at = meeting.starts_at, meeting.starts_at + LASTS
    details = f"{entry.description}\n{entry.page}"
    google = {"action": "TEMPLATE", "text": entry.title, "dates": f"{at:%Y%m%dT%H%M%S}/{ends_at:%Y%m%dT%H%M%S}",
              "ctz": entry.time_zone, "location": entry.place, "details": details}  # fmt: skip
    if meeting.recurrence:
        google["recur"] = f"RRULE:{rule_text(meeting, meeting.recurrence)}"
        return [(_("Google"), f"https://calendar.google.com/calendar/render?{urlencode(google)}")]
    zone = ZoneInfo(entry.time_zone)
    outlook = {"path": "/calendar/action/compose", "rru": "addevent", "subject": entry.title,
               "startdt": at.replace(tzinfo=zone).isoformat(), "enddt": ends_at.replace(tzinfo=zone).isoformat(),
               "location": entry.place, "body": details}  # fmt: skip
    return [
        (_("Google"), f"https://calendar.google.com/calendar/render?{urlencode(google)}"),
        (_("Outlook"), f"https://outlook.live.com/calendar/0/deeplink/compose?{urlencode(outlook)}"),
    ]


def time_by_day(zone: StoredZone, at: datetime) -> datetime | None:
    """A time on the same day an hour before sunset, on the half hour; None where it is light, lit, or already over."""
    if zone.lighting is TriState.YES:
        return None
    sky = daylight_at(zone.coordinates, at, zone.time_zone)
    if not sky.dark or sky.since is None or sky.since.date() != at.date():
        return None
    hour_before = (sky.since - timedelta(hours=1)).replace(second=0, microsecond=0)
    by_day = hour_before.replace(minute=hour_before.minute // 30 * 30)
    return by_day.replace(tzinfo=None) if by_day > now() else None


def unusable_dates(dates: Sequence[JudgedTime]) -> list[str]:
    """The dates of a series that the zone cannot be used on, in words."""
    return [visit_words(judged.at) for judged in dates if judged.obstacle]


def things_to_bring(meeting: Meeting) -> list[str]:
    """What to bring, in words that fit a trade, or a handover that two people agreed on."""
    phone = _("Your phone, charged, with this card or a print of it")
    if meeting.repeats:
        return [phone, _("What the two of you agreed to hand over, and the papers that your agreement names")]
    return [phone, _("Somebody who comes along"), _("The exact amount in cash, or the item with what belongs to it")]


def kept_card(token: str, meeting: Meeting, judged: JudgedTime) -> str:
    """A card as a reader's browser keeps it: JSON of texts by name, for static/kept.js.

    `ends` is when the last of its meetings is over, in UTC and ISO form: a day later the browser forgets the card.
    """
    zone = judged.zone_status.zone
    ends = (meeting.times[-1] + LASTS).replace(tzinfo=ZoneInfo(zone.time_zone))
    often = series_words(meeting)
    return json.dumps(
        {
            "id": token,
            "name": str(place_title(zone)),
            "when": ", ".join(filter(None, (date_line(judged.at, zone), clock_line(judged.at), often))),
            "ends": ends.astimezone(UTC).isoformat(),
            "spot": where_exactly(zone),
            "address": ", ".join(address_lines(zone)),
            "phone": phone_of(zone),
            "notice": obstacle_notice(judged)[0] if judged.obstacle else "",
            "pin": str(int(PinKind.GONE if judged.obstacle else kind_of_pin(zone, judged.at.date()))),
            "lang": language_code(),
        },
        ensure_ascii=False,
    )

"""From facts to words: status, provenance, spots and facts as a reader says them."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from flask import url_for

from directory.clock import now
from directory.formats.export_formats import export_formats
from directory.geocoding.results import Geocode, Precision
from directory.search.results import SearchHit, ZoneHit
from directory.search.zone_status import local_day, schedule, today_of
from directory.store.repository import StoredZone
from directory.text import plain, translatable
from directory.web.http.container import snapshot, trouble_since
from directory.web.i18n.translate import (
    _,
    colon,
    current_locale,
    date_words,
    datetime_words,
    ngettext,
    number,
    skeleton_words,
    translate,
    translated,
)
from directory.web.presenters.dates import partial_date
from directory.web.presenters.regions import state_name
from directory.web.presenters.zone_facts.attribution import says
from directory.web.presenters.zone_facts.closures import ClosureLine, closed_words
from directory.web.presenters.zone_facts.hours import clock_time, day_words, note_words
from directory.web.presenters.zone_facts.sources import name_or_host
from directory.zones.closures import all_closures
from directory.zones.fields import Field, FormGroup, Kind
from directory.zones.hours import Openness
from directory.zones.keys import name_in_slug, slug_parts
from directory.zones.schemas import AREAS, FIELDS, SETTING_NAMES, SPOT_NAMES, LocationSource, Setting, Status, TriState

tri_state = translated({
    TriState.YES: translatable("Yes"), TriState.NO: translatable("No"), TriState.UNKNOWN: translatable("Not stated"),
})  # fmt: skip
"""The answer to a question of facts."""


@dataclass(frozen=True, slots=True)
class Label:
    """A short statement and its kind, which picks colour and shape: the classes `is-…` of static/site.css."""

    kind: str
    text: str


def open_label(hit: ZoneHit, asked_at: datetime | None = None) -> Label:
    """What `availability` says, and who says so: "Open at all hours, says a 2016 article"."""
    label = availability(hit, asked_at)
    if hit.status is not Status.ACTIVE or hit.open_state.openness is Openness.UNKNOWN:
        return label
    text = _("%(availability)s, %(says)s", availability=label.text, says=says(hit.zone))
    return Label(label.kind, text)


def availability(hit: ZoneHit, asked_at: datetime | None = None) -> Label:
    """ "Open now · until 5 PM", "Closed · opens Mon 8 AM", "Hours not stated"."""
    if hit.status is Status.MOVED:
        return Label("caution", _("Moved or unsure"))
    if hit.status is Status.TEMPORARILY_CLOSED:
        opens, closed = hit.open_state.changes_at, _("Closed then") if asked_at else _("Closed for now")
        if opens:
            closed = _("%(closed)s · opens %(time)s", closed=closed, time=moment(opens, hit.zone, asked_at))
        return Label("closed", closed)
    if hit.status is Status.PLANNED:
        return Label("caution", _("Planned, not open yet"))
    if hit.status is Status.WITHDRAWN:
        return Label("closed", _("No longer a safe zone"))
    state = hit.open_state
    if state.openness is Openness.UNKNOWN:
        if state.note:
            return Label("unknown", _("Not certain: %(note)s", note=note_words(state.note)))
        return Label("unknown", _("Public holiday: hours not stated") if state.holiday else _("Hours not stated"))
    return Label("open" if state.openness is Openness.OPEN else "closed", _hours_then(hit, asked_at))


def status_words(hit: ZoneHit) -> str:
    """What a line about a zone begins with that nobody can count on now: "Planned, not open yet. "; else empty."""
    return "" if hit.usable else f"{open_label(hit).text}. "


def _hours_then(hit: ZoneHit, asked_at: datetime | None) -> str:
    """ "Open now · until 5 PM": what the hours say, whoever stated them."""
    state = hit.open_state
    change = moment(state.changes_at, hit.zone, asked_at) if state.changes_at else ""
    if state.openness is Openness.OPEN:
        now_open = _("Open then") if asked_at else _("Open now")
        if hit.zone.opening_hours == "24/7" and not change:
            return _("Open at all hours")
        return _("%(open)s · until %(time)s", open=now_open, time=change) if change else now_open
    closed = _("Closed then") if asked_at else _("Closed")
    return _("%(closed)s · opens %(time)s", closed=closed, time=change) if change else closed


def moment(when: datetime, zone: StoredZone, seen_from: datetime | None = None) -> str:
    """A time of day, with the weekday when it is not today, and the date when it is over six days off."""
    today = local_day(zone.time_zone, seen_from or now())
    clock = clock_time(when.time())
    if when.date() == today:
        return clock
    if when.date() - today < timedelta(days=7):
        return f"{date_words(when.date(), 'EEE')} {clock}"
    return f"{skeleton_words(when.date(), 'MMMd')}, {clock}"


def source_name(zone: StoredZone) -> str:
    """The source's name, or the host it was read from."""
    return name_or_host(zone.source_name, zone.source_url)


def provenance(zone: StoredZone) -> str:
    """Where the entry comes from and how fresh it is, in one or two sentences."""
    if zone.confirmed_on:
        return _("Confirmed on %(date)s by %(who)s.", date=partial_date(zone.confirmed_on),
                 who=zone.confirmed_by or zone.department)  # fmt: skip
    if zone.source_date:
        listed = _("Listed by %(source)s, %(date)s.", source=source_name(zone), date=partial_date(zone.source_date))
    else:
        listed = _("Listed by %(source)s, undated.", source=source_name(zone) or _("an unnamed source"))
    never = _("Never confirmed by the department.")
    return f"{listed} {never}"


def as_sentence(text: str) -> str:
    """Words with a capital letter and a full stop."""
    return f"{text[:1].upper()}{text[1:].removesuffix('.')}."


def setting_name(setting: Setting) -> str:
    """What kind of spot it is."""
    return translate(SETTING_NAMES[setting]) if setting in SETTING_NAMES else _("Spot not stated")


def settings_name(names: Iterable[str]) -> str:
    """Several kinds of spots, any of which will do."""
    return ", ".join(setting_name(Setting(word)) for word in names)


def spot_words(zone: StoredZone) -> tuple[str, str]:
    """The spot as its kind, in the reader's language, and its note, in that of the source; one of them may be empty."""
    kind, note = setting_name(zone.setting), zone.spot_note
    if note and (zone.setting not in SPOT_NAMES or plain(kind) in plain(note)):
        return "", note[:1].upper() + note[1:]
    return kind, note


def where_exactly(zone: StoredZone) -> str:
    """The spot in one line, where nothing can mark the language."""
    return colon().join(filter(None, spot_words(zone)))


def phone_of(zone: StoredZone) -> str:
    """The number to call about a zone: its own, or its department's."""
    department = snapshot().departments.get(zone.department_slug)
    return zone.phone or (department.phone if department else "")


def spot_is_known(zone: StoredZone) -> bool:
    """Whether the kind of spot or a note of it was stated."""
    return zone.setting is not Setting.UNKNOWN or bool(zone.spot_note)


def address_lines(zone: StoredZone) -> list[str]:
    """The postal address as its readers write it, without what nobody stated: in French "Granby (Québec) J2G 2Y8"."""
    town, locale = zone.mailing_town or zone.town, current_locale()
    if zone.country == "CA" and locale and locale.language == "fr":
        town = f"{town} ({state_name(zone.state)}) {zone.postal_code}".strip()
        return [line for line in (zone.street_address, town) if line]
    return postal_address(zone)


def postal_address(zone: StoredZone) -> list[str]:
    """The same as programs read it."""
    town = f"{zone.mailing_town or zone.town}, {zone.state} {zone.postal_code}".strip()
    return [line for line in (zone.street_address, town) if line]


def approximate_words(zone: StoredZone) -> str:
    """What kind of approximation the point is; empty for a good one."""
    if not zone.approximate:
        return ""
    if zone.location_source is LocationSource.POSTAL_CODE:
        return _("The map shows the middle of ZIP or postal area %(code)s, not the spot.", code=zone.postal_code)
    if zone.location_source is LocationSource.TOWN:
        return _("The map only shows roughly where %(town)s is, not the spot.", town=zone.town)
    if zone.location_source is LocationSource.AGENCY:
        return _("Shown at the department’s building: the source names no address.")
    return _("The point on the map may not be the spot.")


def is_near_the_spot(zone: StoredZone) -> bool:
    """Whether the point may not be the spot, but is no mere middle of an area: mostly the department's building."""
    return zone.approximate and zone.location_source not in AREAS


def middle_of(zone: StoredZone) -> str:
    """Where the pin stands of a zone of which only the area is known, in a row.

    A town may be a township or a county of which no middle is known: its point may be that of the post town.
    """
    is_postal = zone.location_source is LocationSource.POSTAL_CODE
    return _("The pin only shows roughly where %(place)s is.", place=zone.postal_code if is_postal else zone.town)


_ROUGH_MATCHES = {
    Precision.STREET: translatable("Matched to the middle of the street: distances may be off a little."),
    Precision.POSTAL_CODE: translatable(
        "Matched to the middle of the ZIP or postal area only: the distances are rough."
    ),
    Precision.PLACE: translatable(
        "Matched to the middle of the town only: the distances are rough, the more so the larger the town is."
    ),
    Precision.COUNTY: translatable("Matched to the middle of a whole county or area: the distances are very rough."),
}


def matched_words(place: Geocode) -> str:
    """What an approximate match means for the distances; empty for a good one."""
    return translate(_ROUGH_MATCHES.get(place.precision, ""))


def card_facts(zone: StoredZone) -> list[str]:
    """At most three facts worth knowing before choosing."""
    facts = [camera_words(zone)]
    if zone.lighting is TriState.YES:
        facts.append(_("lit"))
    if zone.spaces:
        facts.append(ngettext("%(num)d space", "%(num)d spaces", zone.spaces))
    elif zone.marked is TriState.YES:
        facts.append(_("marked"))
    if zone.custody_exchange is TriState.YES:
        facts.append(_("custody exchanges"))
    return [fact for fact in facts if fact][:3]


def camera_words(zone: StoredZone) -> str:
    """Cameras in a few words; empty when nobody said."""
    around = zone.cameras_around_the_clock is TriState.YES
    if zone.cameras_watched is TriState.YES:
        return _("cameras, watched live")
    if zone.cameras_recorded is TriState.YES:
        return _("recorded; cameras around the clock") if around else _("recorded")
    if zone.cameras is TriState.YES:
        return _("cameras around the clock") if around else _("cameras")
    return _("no cameras") if zone.cameras is TriState.NO else ""


_MORE_OF_CAMERAS = ("cameras_around_the_clock", "cameras_recorded", "cameras_watched")
"""Facts that say of cameras more than that there are some."""


def fact_list(zone: StoredZone) -> list[tuple[str, str, str]]:
    """Every fact with its question: (question, kind, answer), kind being yes, no or unknown."""
    entries = [field for field in FIELDS.values() if field.form is FormGroup.WHAT]
    tri_states = [field for field in entries if field.kind is Kind.TRI_STATE]
    if zone.cameras is TriState.YES and TriState.YES in [getattr(zone, name) for name in _MORE_OF_CAMERAS]:
        tri_states = [field for field in tri_states if field.name != "cameras"]
    facts = [(translate(field.label), getattr(zone, field.name)) for field in tri_states]
    others = [(field, getattr(zone, field.name)) for field in entries if field.kind is not Kind.TRI_STATE]
    return [
        *((question, fact.value, tri_state(fact)) for question, fact in facts),
        *(_fact_row(field, value) for field, value in others if value not in (None, "")),
    ]


def unknown_words(questions: Iterable[str]) -> str:
    """What nobody stated, as one sentence after "Not known:"."""
    return f"{', '.join(question[:1].lower() + question[1:] for question in questions)}."


def _fact_row(field: Field, value: int | str) -> tuple[str, str, str]:
    if field.name == "footage_days":
        return _("Recordings are kept"), "yes", ngettext("%(num)d day", "%(num)d days", int(value))
    return translate(field.label), "yes", number(value) if isinstance(value, int) else value


def week(zone: StoredZone) -> list[tuple[str, ClosureLine, bool]]:
    """The coming seven days: (weekday, hours in words, is today). Empty when the hours are unknown."""
    hours, first, closures = schedule(zone), today_of(zone), all_closures(zone)
    return [
        (
            date_words(day.date, "EEEE"),
            closed_words(closures, day.date) or ClosureLine(day_words(day)),
            day.date == first,
        )
        for day in (hours.days(first) if hours.osm else ())
    ]


def time_zone_name(zone: StoredZone) -> str:
    """The zone's clock, named as locals say ("Eastern Time")."""
    return datetime_words(now().astimezone(ZoneInfo(zone.time_zone)), "vvvv")


def department_name(slug: str) -> str:
    """A department's name by its slug; one that is not in the directory yet is named after it."""
    record = snapshot().departments.get(slug)
    return record.name if record else name_in_slug(slug).title()


def format_name(form: str) -> str:
    """A file format as people call it."""
    return export_formats()[form].label


def photo_address(zone: StoredZone, preview: str) -> str:
    """Where the zone's photo is; a draft shows its own."""
    return f"{preview}/photos/{zone.photo}.jpg" if preview else url_for("photos.public", digest=zone.photo)


def town_url(slug: str) -> str:
    """The address of a town's page."""
    state, town = slug_parts(slug)
    return url_for("places.town", state=state, town=town)


def without_database() -> str:
    """Since when pages do without the database ("11/25/26, 5:04 AM UTC"), for their notice; empty when all is well."""
    since = trouble_since()
    return datetime_words(since, "short") + " UTC" if since else ""


def sorted_for_page(hits: Iterable[SearchHit]) -> list[SearchHit]:
    """Zones one can go to first, then by name."""
    return sorted(hits, key=lambda hit: (hit.status is not Status.ACTIVE, hit.zone.name, hit.zone.zone_id))

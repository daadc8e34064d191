"""The summary of a place: whether it is open then, whether it is dark then, how old its entry is and who made it.

A badge states one of these in a row of a list; a cell writes it out for the place that somebody is about to choose.
"""

from dataclasses import dataclass
from datetime import date, datetime

from directory.search.results import ZoneHit
from directory.search.zone_status import age_of
from directory.store.repository import StoredZone
from directory.text import translatable
from directory.web.i18n.translate import _, skeleton_words, translate
from directory.web.presenters.results.visit_times import daylight_label
from directory.web.presenters.zone_facts.attribution import is_article, says
from directory.web.presenters.zone_facts.zones import Label, availability, phone_of
from directory.zones.freshness import Age
from directory.zones.hours import Openness
from directory.zones.schemas import AREAS, SourceKind, Status

_REPORTS = {
    SourceKind.NEWS: translatable("%(year)s news report"), SourceKind.OFFICIAL: translatable("%(year)s official page"),
    SourceKind.LIST: translatable("%(year)s public list"),
    SourceKind.SOCIAL: translatable("%(year)s social media post"),
    SourceKind.VISITOR: translatable("%(year)s word of a visitor"),
}  # fmt: skip
_UNDATED = {
    SourceKind.NEWS: translatable("Undated report"), SourceKind.OFFICIAL: translatable("Undated official page"),
    SourceKind.LIST: translatable("Undated public list"), SourceKind.SOCIAL: translatable("Undated social media post"),
    SourceKind.VISITOR: translatable("Undated word of a visitor"),
}  # fmt: skip
_CONFIRMED = {
    Age.FRESH: translatable("by %(who)s"), Age.OLD: translatable("by %(who)s, over half a year ago"),
    Age.FADED: translatable("by %(who)s, over a year ago: call before you go"),
}  # fmt: skip
_NOT_USED = {
    Status.MOVED: translatable("the police moved, or nobody knows whether this spot is still in use"),
    Status.PLANNED: translatable("nobody has said that it opened"),
}


@dataclass(frozen=True, slots=True)
class SummaryCell:
    """One cell of a summary: its kind, which picks colour and shape, a title, and who says so."""

    kind: str
    title: str
    text: str = ""


def age_badge(zone: StoredZone) -> Label:
    """ "Confirmed Jun 2026", "2016 news report", "Undated report"."""
    if zone.confirmed_on:
        month = skeleton_words(date.fromisoformat(zone.confirmed_on), "yMMM")
        kind = "fresh" if age_of(zone) is Age.FRESH else "old"
        return Label(kind, _("Confirmed %(month)s", month=month))
    source = zone.source_kind
    if source is SourceKind.UNKNOWN and zone.source_url and is_article(zone.source_url):
        source = SourceKind.NEWS
    if year := zone.source_date[:4]:
        return Label("news", translate(_REPORTS.get(source, translatable("%(year)s report"))) % {"year": year})
    return Label("news", translate(_UNDATED.get(source, translatable("Undated report"))))


def daylight_badge(zone: StoredZone, at: datetime) -> Label:
    """ "Dark then": what a row has room for."""
    cell = _daylight(zone, at)
    return Label(cell.kind, cell.title)


def place_summary(hit: ZoneHit, asked_at: datetime | None = None) -> list[SummaryCell]:
    """Open then, daylight then where a time was asked for, and who says so since when."""
    zone, open_then = hit.zone, availability(hit, asked_at)
    sky = [_daylight(zone, asked_at)] if asked_at else []
    return [SummaryCell(open_then.kind, open_then.text, _who_says(hit)), *sky, _age(zone)]


def call_first(hit: ZoneHit) -> str:
    """The number to call before anything else: of a place that is unsure; empty where it is sure, or none is known."""
    zone = hit.zone
    is_unsure = hit.status is Status.MOVED or zone.location_source in AREAS or age_of(zone) is Age.FADED
    return phone_of(zone) if is_unsure else ""


def _who_says(hit: ZoneHit) -> str:
    if hit.status is not Status.ACTIVE:
        return translate(_NOT_USED[hit.status]) if hit.status in _NOT_USED else ""
    if hit.open_state.openness is Openness.UNKNOWN and not hit.zone.opening_hours:
        return _("nobody said when it is open")
    return says(hit.zone)


def _age(zone: StoredZone) -> SummaryCell:
    badge = age_badge(zone)
    if not zone.confirmed_on:
        return SummaryCell(badge.kind, badge.text, _("never confirmed by the police"))
    who = zone.confirmed_by or zone.department
    return SummaryCell(badge.kind, badge.text, translate(_CONFIRMED[age_of(zone)]) % {"who": who})


def _daylight(zone: StoredZone, at: datetime) -> SummaryCell:
    label = daylight_label(zone, at)
    title, _colon, text = label.text.partition(":")
    return SummaryCell(label.kind, title.strip(), text.strip())

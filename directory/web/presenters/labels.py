"""Words for the fields of zones and departments, and for the values that they may have."""

from directory.clock import today
from directory.search.zone_status import age_of
from directory.store.repository import StoredZone
from directory.submissions.items.item import answers_of
from directory.text import translatable
from directory.web.i18n.translate import _, translate, translated, weekday_name
from directory.web.presenters.dates import partial_date
from directory.web.presenters.source_language import is_plain_name
from directory.web.presenters.zone_facts import closures as closure_words
from directory.web.presenters.zone_facts.hours import hours_in_words
from directory.web.presenters.zone_facts.zones import setting_name, tri_state
from directory.zones.departments.schemas import DEPARTMENT_FIELDS
from directory.zones.fields import Kind
from directory.zones.freshness import Age
from directory.zones.hours import BadHoursError, parse_hours
from directory.zones.hours.lexicon import WEEKDAYS
from directory.zones.report_kinds import REPORT_KIND_NAMES
from directory.zones.schemas import FIELDS, SETTING_NAMES, Setting, TriState, ZoneRecord

_FORM_FIELDS = {
    "region": translatable("State or province"), "web_page": translatable("Web page"),
    "email": translatable("Your e-mail"), "items": translatable("Zones"), "file": translatable("File"),
    "row": translatable("Row"), "coordinates": translatable("Coordinates"),
    "point_quality": translatable("Accuracy of the point"),
    "county": translatable("County"),
    "street_number": translatable("Street number"),
}  # fmt: skip
"""What forms and files have that is no field of a zone."""
_STATUSES = {
    "active": translatable("In use"), "temporarily_closed": translatable("Closed for now"),
    "moved": translatable("Moved or unsure"), "planned": translatable("Planned"),
    "withdrawn": translatable("No longer a safe zone"),
}  # fmt: skip
_AGES = {
    Age.NEVER_CONFIRMED: translatable("Never confirmed"), Age.FRESH: translatable("Confirmed"),
    Age.OLD: translatable("Confirmed over half a year ago"),
    Age.FADED: translatable("Confirmed over a year ago: no longer among the nearest"),
}  # fmt: skip

role = translated({
    "editor": translatable("Editor"), "manager": translatable("Manager"), "moderator": translatable("Moderator"),
    "administrator": translatable("Administrator"), "": translatable("None"), "removed": translatable("removed"),
})  # fmt: skip
agency_kind = translated({
    "municipal": translatable("a town’s or city’s own"), "county": translatable("a county’s"),
    "state": translatable("a state’s or province’s"), "campus": translatable("a university’s or school’s"),
    "tribal": translatable("a tribe’s"), "transit": translatable("a transit authority’s"),
    "other": translatable("another, or several in one"),
})  # fmt: skip
report_kind = translated(REPORT_KIND_NAMES)


def field_name(name: str) -> str:
    """What a field of a zone, a form or a department is called."""
    field = FIELDS.get(name) or (None if name in _FORM_FIELDS else DEPARTMENT_FIELDS.get(name))
    return translate(field.label if field else _FORM_FIELDS.get(name, name))


_WORDS_OF_SOURCES = frozenset({"name", "spot_note", "hours_note", "custody_rules", "rules", "status_note", "photo_alt"})


def is_in_own_words(field: str) -> bool:
    """Whether a field's answer stands in the language of whoever gave it."""
    return field in _WORDS_OF_SOURCES


def value(name: str, text: str) -> str:
    """An answer as a reader sees it, as plain text."""
    if not text:
        return _("removed") if name == "photo" else _("Not stated")
    kind = FIELDS[name].kind if name in FIELDS else None
    if kind is Kind.TRI_STATE and text in list(TriState):
        return tri_state(TriState(text))
    if name == "name" and is_plain_name(text):
        return _("Safe exchange zone")
    if name == "setting":
        return setting(text)
    if name == "status":
        return translate(_STATUSES.get(text, text))
    if kind is Kind.HOURS:
        return hours(text)
    if kind is Kind.CLOSURES:
        return "; ".join(str(closure_words.sentence(one, today())) for one in closure_words.read(text)) or text
    if kind in (Kind.PARTIAL_DATE, Kind.PAST_DATE) and text[:4].isdigit():
        return partial_date(text)
    return text


def hours(text: str) -> str:
    """Hours in OSM syntax in words; anything else as it stands."""
    if text == "24/7":
        return _("Open at all hours")
    try:
        return hours_in_words(parse_hours(text).osm) or text
    except BadHoursError:
        return text


def setting(text: str) -> str:
    """A kind of spot."""
    return setting_name(Setting(text)) if text in SETTING_NAMES else _("Not stated")


def facts(record: ZoneRecord) -> list[tuple[str, str]]:
    """What a zone states, field by field as the form has them; its photo and town are shown apart."""
    return [(name, text) for name, text in answers_of(record).items() if text and name not in ("photo", "town")]


def age_words(zone: StoredZone) -> str:
    """How old the confirmation is."""
    return translate(_AGES[age_of(zone)])


def weekday_names() -> list[tuple[str, str]]:
    """The days of the week, Monday first: OSM's short name and the reader's."""
    return [(short, weekday_name(number)) for number, short in enumerate(WEEKDAYS)]


def short_tips() -> tuple[str, ...]:
    """The tips for meeting safely, as the home page and posters have them."""
    return (
        _("Ask many questions before you go. Somebody who cannot answer them may not have the item."),
        _("Bring a friend, and tell somebody where you are going."),
        _("Stay at the place you agreed on. Never move on to a second one."),
        _("Pay in cash, and never wire money."),
        _("If the other side refuses to meet at a police station, take that as a warning."),
    )

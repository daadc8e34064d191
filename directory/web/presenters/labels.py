"""Words of the forms and the desks: fields, states, signs, levels."""

from datetime import datetime, timedelta
from urllib.parse import urlencode

from directory.clock import now, today
from directory.db.tables.log import LogEntry
from directory.geo import distance_m
from directory.moderation.decisions import NotShownError, ReasonMissingError
from directory.search.zone_status import age_of
from directory.store.repository import StoredZone
from directory.submissions.items import ProposedChange, answers_of
from directory.submissions.publishing import PublishingRefusedError
from directory.submissions.risk.checks import Check, Observation
from directory.submissions.risk.wait_reasons import SENTENCES, WaitReason
from directory.verification.domain_list import BY_HAND
from directory.verification.domain_lookalikes import Difference, Lookalike
from directory.verification.mail_domains import REGISTRY
from directory.web.i18n.translate import _, date_words, ngettext, percent, time_words, translate, weekday_name
from directory.web.i18n.translate import lazy_gettext as _l
from directory.web.presenters import closures as closure_words
from directory.web.presenters.distances import distance, units_for
from directory.web.presenters.hours import hours_in_words
from directory.web.presenters.source_language import is_plain_name
from directory.web.presenters.zones import partial_date, setting_name, tri_state
from directory.zones.fields import Kind
from directory.zones.freshness import Age
from directory.zones.hours import BadHoursError, parse_hours
from directory.zones.hours.lexicon import WEEKDAYS
from directory.zones.report_kinds import REPORT_KIND_NAMES, ReportKind
from directory.zones.schemas import DEPARTMENT_FIELDS, FIELDS, SETTING_NAMES, Setting, TriState, ZoneRecord
from directory.zones.text_forms import lines_of


def field_name(name: str) -> str:
    """What a field of a zone, a form or a department is called."""
    field = FIELDS.get(name) or (None if name in _FORM_FIELDS else DEPARTMENT_FIELDS.get(name))
    return translate(field.label) if field else str(_FORM_FIELDS.get(name, name))


# Lazy: translated when a page asks for it.
_FORM_FIELDS = {
    "region": _l("State or province"), "web_page": _l("Web page"), "email": _l("Your e-mail"), "items": _l("Zones"),
    "file": _l("File"), "row": _l("Row"), "coordinates": _l("Coordinates"), "street_number": _l("Street number"),
}  # fmt: skip
"""What forms and files have that is no field of a zone."""


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
        return {"active": _("In use"), "temporarily_closed": _("Closed for now"), "moved": _("Moved or unsure"),
                "planned": _("Planned"), "withdrawn": _("No longer a safe zone")}.get(text, text)  # fmt: skip
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


def action(name: str) -> str:
    """What a submission proposes for a zone."""
    return {"add": _("New zone"), "correct": _("Correction"), "close": _("Closed for a while"),
            "reopen": _("Open again"), "withdraw": _("Taken out of the directory"),
            "confirm": _("Confirmed without change")}[name]  # fmt: skip


def wait_reason(code: str) -> str:
    """Why a submission is not published at once."""
    return translate(SENTENCES[WaitReason(code)])


def domain_source(name: str) -> str:
    """How we know that a domain is the department's."""
    return {"official": _("official, by its registry"), "confirmed": _("confirmed by a moderator"),
            "web_page": _("of the department’s web page"), "member": _("of an accepted member")}[name]  # fmt: skip


def holder_kind(kind: str) -> str:
    """The registry's type of whoever holds an official domain."""
    return {
        "city": _("a city or town"), "county": _("a county"), "state": _("a state"),
        "state or territory": _("a state or territory"), "tribal": _("a tribe"), "interstate": _("several states"),
        "independent intrastate": _("several places of one state"), "special district": _("a special district"),
        "school district": _("a school district"), "election": _("an election office"),
        "umbrella": _("an association that sends for many departments"),
    }.get(kind, kind)  # fmt: skip


def list_source(source: str) -> str:
    """From where an official domain came to the list: the registry, somebody's hand, a file, or a page."""
    if source == REGISTRY:
        return _("from the .gov registry’s list")
    if source.startswith(BY_HAND):
        return _("by hand: %(reason)s", reason=source.removeprefix(BY_HAND))
    return _("from the file %(name)s", name=source) if source.endswith(".csv") else source


def likeness(seen: Lookalike) -> str:
    """How alike two domains are, and what differs."""
    if seen.same:
        return _("the same domain")
    words = [{
        Difference.ENDING: _("another ending"), Difference.HYPHEN: _("a hyphen"),
        Difference.CONFUSABLE: _("letters that look alike"), Difference.CONTAINED: _("contains the known name"),
        Difference.LETTERS: _("other letters"),
    }[difference] for difference in seen.differences]  # fmt: skip
    changed = ", ".join(f"“{before}” → “{after}”" for before, after in seen.changed)
    parts = [_("%(percent)s alike", percent=percent(seen.percent / 100)), *words]
    return ", ".join(parts) + (f" ({changed})" if seen.deceptive else "")


def moved(entry: ProposedChange) -> str:
    """How far the pin moves, in the units of its country; empty for a new zone or a pin that stays."""
    before, after = entry.current, entry.outcome.record
    if before is None or after is None or before.coordinates == after.coordinates:
        return ""
    meters = distance_m(before.coordinates, after.coordinates)
    return _("The pin moves %(distance)s.", distance=distance(meters, units_for("", after.country)))


def map_link(record: ZoneRecord) -> str:
    """A map of the zone's point on another site."""
    point = f"{record.latitude:.6f}", f"{record.longitude:.6f}"
    return "https://www.openstreetmap.org/?" + urlencode({"mlat": point[0], "mlon": point[1], "zoom": 18})


def state(name: str) -> str:
    """Where a submission stands."""
    return {
        "draft": _("Draft, not sent yet"), "waiting_for_email": _("Waiting for you to press the button in our mail"),
        "waiting_for_review": _("Waiting for a decision"), "changes_requested": _("A moderator asks for a change"),
        "approved": _("Approved and live"), "declined": _("Declined"), "withdrawn": _("Taken back"),
    }[name]  # fmt: skip


def sign(seen: Observation, country: str = "US") -> str:
    """What a moderator, or the sender, should look at."""
    detail = ". ".join(map(translate, seen.reasons))
    far = distance(seen.meters, "km" if country == "CA" else "mi") if seen.meters else ""
    return {
        Check.REFUSED: _("The rules refuse it: %(detail)s", detail=detail),
        Check.DUPLICATE: _("Perhaps a duplicate of “%(detail)s”, %(far)s away.", detail=seen.detail, far=far or "0"),
        Check.SAID_TO_DIFFER: _("Looks like “%(detail)s”, %(far)s away; the sender says that it is another zone.",
                                detail=seen.detail, far=far or "0"),
        Check.PIN_OFF: _("The pin is %(far)s from where the address is found (%(detail)s).", far=far,
                        detail=seen.detail),
        Check.ADDRESS_UNCHECKED: _("The address could not be checked: no geocoder finds its house number."),
        Check.OUTSIDE_TOWN: _("The pin is %(far)s from the middle of %(detail)s: is it still in the town?", far=far,
                             detail=seen.detail),
        Check.CHANGED_TOWN: _("The town changes: %(detail)s.", detail=seen.detail),
        Check.CHANGED_MEANWHILE: _("Changed in the directory since it was proposed: %(detail)s.",
                                  detail=", ".join(field_name(name) for name in seen.detail.split(", "))),
        Check.APPROXIMATE: _("No exact point: the middle of the postal area or town is shown."),
        Check.RULE: detail,
        Check.WITHDRAWS: _("Takes the zone out of the search."),
        Check.FOREIGN: _("The zone belongs to another department: %(detail)s.", detail=seen.detail),
    }[seen.sign]  # fmt: skip


def sign_kind(seen: Observation) -> str:
    """How loud a sign is: closed (grave), caution, or information."""
    if seen.sign in (Check.REFUSED, Check.FOREIGN):
        return "closed"
    return "information" if seen.sign in (Check.ADDRESS_UNCHECKED, Check.APPROXIMATE) else "caution"


def verification_level(level: int) -> str:
    """The name of a verification level."""
    return {
        1: _("An address at the official domain of the town or agency"),
        2: _("An address at the domain that the town’s own page names"),
        3: _("A call back to the published number"),
    }[level]


def method(name: str) -> str:
    """How a level was reached."""
    return {
        "official_domain": _("by the e-mail address"), "moderator": _("confirmed by a moderator"),
        "dns": _("by a code in the domain’s DNS"), "well_known": _("by a code on the domain’s web server"),
        "call_back": _("a moderator called"), "colleague": _("vouched for by a colleague"),
    }[name]  # fmt: skip


def role(name: str) -> str:
    """What somebody may do."""
    return {"editor": _("Editor"), "manager": _("Manager"), "moderator": _("Moderator"),
            "administrator": _("Administrator"), "": _("None")}[name]  # fmt: skip


def day(at: datetime) -> str:
    """A day in the reader's words."""
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


def agency_kind(kind: str) -> str:
    """The kind of an agency."""
    return {
        "municipal": _("a town’s or city’s own"), "county": _("a county’s"), "state": _("a state’s or province’s"),
        "campus": _("a university’s or school’s"), "tribal": _("a tribe’s"), "transit": _("a transit authority’s"),
        "other": _("another, or several in one"),
    }[kind]  # fmt: skip


def waited(age: timedelta) -> str:
    """How long something waits."""
    if age < timedelta(hours=1):
        return _("less than an hour")
    if age < timedelta(days=1):
        return ngettext("%(num)d hour", "%(num)d hours", int(age / timedelta(hours=1)))
    return ngettext("%(num)d day", "%(num)d days", age.days)


def age(zone: StoredZone) -> str:
    """How old the confirmation is: never_confirmed, fresh, old or faded."""
    return age_of(zone).value


def age_words(zone: StoredZone) -> str:
    """The same in words."""
    return {
        Age.NEVER_CONFIRMED: _("Never confirmed"), Age.FRESH: _("Confirmed"),
        Age.OLD: _("Confirmed over half a year ago"),
        Age.FADED: _("Confirmed over a year ago: no longer among the nearest"),
    }[age_of(zone)]  # fmt: skip


def report_kind(kind: ReportKind) -> str:
    """What a visitor found wrong."""
    return translate(REPORT_KIND_NAMES[kind])


def changed_fields(entry: LogEntry) -> list[tuple[str, str, str]]:
    """What an entry of the log changed: (field, before, after) as texts."""
    before, after = entry.before or {}, entry.after or {}
    names = [name for name in {**after, **before} if before.get(name) != after.get(name)] if before else []
    return [(name, _text(before.get(name)), _text(after.get(name))) for name in names if name != "area"]


def _text(stored: object) -> str:
    if stored is None or stored == "unknown":
        return ""
    return "; ".join(lines_of(stored)) if isinstance(stored, list | dict) else str(stored)


def obstacle(problem: Exception) -> str:
    """Why a submission was not approved."""
    if isinstance(problem, ReasonMissingError):
        return _("A reason is missing")
    if isinstance(problem, NotShownError):
        return _("It needs a look of its own")
    if isinstance(problem, PublishingRefusedError):
        detail = "; ".join(translate(finding.reason) for finding in problem.findings)
        return _("The rules refuse it: %(detail)s", detail=detail)
    return _("Another moderator decided this first")


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

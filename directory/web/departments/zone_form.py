"""The form of one zone: from what was typed to answers, and from findings to words beside the fields."""

import json
import time
from collections.abc import Iterable, Mapping
from itertools import islice
from typing import Any

from werkzeug.datastructures import FileStorage

from directory.geo import Coordinates
from directory.geocoding.results import Geocode, GeocodingError, Precision
from directory.submissions import drafts
from directory.submissions.items import ASKED, Action, Item, ProposedChange, answers_of
from directory.submissions.photos import BadPhotoError, reencode
from directory.submissions.unpacking import BusyError
from directory.web.departments import closure_form
from directory.web.http.container import container
from directory.web.http.forms import FormError
from directory.web.http.uploads import photo_words
from directory.web.i18n.translate import _, translate
from directory.web.presenters import closures
from directory.zones.closures import closures_text
from directory.zones.findings import FieldError, Finding, Severity
from directory.zones.hours import BadHoursError, parse_hours, weekly_editor
from directory.zones.hours.lexicon import WEEKDAYS
from directory.zones.schemas import FACTS

LONGEST = 2_000
PLAIN = tuple(name for name in ASKED if name not in ("opening_hours", "hours_note", "photo"))


def answers(form: Mapping[str, str], before: Mapping[str, str]) -> dict[str, str]:
    """Every answer of the form; fields the form at hand does not show keep what they said."""
    given = {name: form[name].replace("\r\n", "\n").strip()[:LONGEST] for name in PLAIN if name in form}
    for fact in FACTS:
        if given.get(fact) == "unknown":
            given[fact] = ""
    if "hours_mode" in form:
        given["opening_hours"] = weekly_editor.from_form(form)
        if weekly_editor.chosen_reading(form):
            given["hours_note"] = form["hours_words"].strip()
        elif given["opening_hours"] != before.get("opening_hours"):
            given["hours_note"] = ""
    return {**before, **given}


def take_photo(
    number: int, file: FileStorage | None, form: Mapping[str, str], given: dict[str, str]
) -> list[FormError]:
    """Re-encode a photo that was sent to a draft and note it among the answers, or take it out of them."""
    if form.get("photo_remove") == "1":
        given["photo"] = given["photo_alt"] = ""
    elif file is not None and file.filename:
        try:
            picture = reencode(file.stream)
        except (BadPhotoError, BusyError) as problem:
            return [FormError("photo_file", *photo_words(problem))]
        drafts.put_photo(container().context, number, picture)
        given["photo"] = picture.digest
    return []


def take_closures(form: Mapping[str, str], given: dict[str, str]) -> list[FormError]:
    """Note the closures among the answers: those that the form showed, without the removed ones, and an added one."""
    if "closures" not in form:
        return []
    try:
        given["closures"] = closures_text(closure_form.merged(form, closures.read(form["closures"])))
    except FieldError as problem:
        return [FormError("closure_kind", translate(problem.reason), translate(problem.fix))]
    return []


def locate(given: Mapping[str, str], owner_state: str, town: str) -> Geocode | None:
    """Where the address of the form is; None when nobody knows it to the house."""
    if not given.get("street_address"):
        return None
    place_name = given.get("mailing_town") or given.get("town") or town
    words = f"{given['street_address']}, {place_name}, {owner_state} {given.get('postal_code', '')}"
    try:
        place = container().context.chain.locate(words.strip()).place
    except GeocodingError:
        return None
    return place if place is not None and place.precision is Precision.ADDRESS else None


def check_addresses(items: Iterable[Item], state: str, town: str) -> None:
    """Look up where the first twenty pins of a spreadsheet ought to be, for five seconds at most."""
    deadline = time.monotonic() + 5
    pinned = (item for item in items if item.values.get("latitude") and item.values.get("street_address"))
    for item in islice(pinned, 20):
        if time.monotonic() > deadline:
            return
        place = locate(item.values, state, town)
        if place is not None:
            item.found_at = [place.coordinates.latitude, place.coordinates.longitude]


def fill_in_point(given: dict[str, str], place: Geocode | None) -> None:
    """Put the pin where the address is, when the sender put it nowhere."""
    if place is not None and not given.get("latitude") and not given.get("longitude"):
        point: Coordinates = place.coordinates
        given |= {"latitude": f"{point.latitude:.6f}", "longitude": f"{point.longitude:.6f}",
                  "location_source": "geocoded"}  # fmt: skip


def item_from(
    key: str, given: dict[str, str], entry: ProposedChange | None, seen: Mapping[str, str], found: Geocode | None
) -> Item:
    """The answers as a proposed change: whole for a new zone; for a known one what the sender changed.

    `seen` is what the form showed: what somebody else changed since is not the sender's doing.
    """
    at = [found.coordinates.latitude, found.coordinates.longitude] if found else None
    if entry is None or entry.current is None:
        values = {name: text for name, text in given.items() if text}
        return Item(key, Action.ADD, "", given.get("name", ""), values, found_at=at)
    before, current = entry.item, answers_of(entry.current)
    changed = {name: given[name] for name in ASKED if given.get(name, "") != seen.get(name, "")}
    values = {**before.values, **changed}
    base = {**{name: seen.get(name, "") for name in changed}, **before.base}
    for name in [name for name, text in changed.items() if text == current[name] and not entry.current.approximate]:
        del values[name]
        base.pop(name, None)
    if "latitude" in changed or "longitude" in changed:
        values |= {name: given[name] for name in ("latitude", "longitude", "location_source") if name in given}
    return Item(key, before.action, before.zone_id, before.name, values, base, at)


def seen_by_sender(form: Mapping[str, str], fallback: Mapping[str, str]) -> Mapping[str, str]:
    """What the form showed when it was opened, as it says itself."""
    try:
        told_back = json.loads(form.get("seen", ""))
    except ValueError:
        return fallback
    if not isinstance(told_back, dict):
        return fallback
    return {name: text for name, text in told_back.items() if name in ASKED and isinstance(text, str)}


def shown(entry: ProposedChange | None, town: str) -> dict[str, str]:
    """The answers as the form shows them: the zone as it stands, with what was typed over it."""
    now = answers_of(entry.current) if entry and entry.current else {"town": town}
    if entry and entry.current and entry.current.approximate:
        now |= {"latitude": "", "longitude": ""}
    return {**dict.fromkeys(ASKED, ""), **now, **(entry.item.values if entry else {})}


def errors_in(findings: Iterable[Finding]) -> list[FormError]:
    """The errors among findings, each at its field."""
    return [
        FormError(
            f.field, translate(f.reason), _("Choose what is meant.") if _offered(f) else translate(f.fix), f.choices
        )
        for f in findings
        if f.severity is Severity.ERROR
    ]


def _offered(finding: Finding) -> bool:
    """Whether the form shows the readings as choices, beside the words that are asked about."""
    return finding.field == "opening_hours" and bool(finding.choices)


def hours_fields(given: Mapping[str, str], form: Mapping[str, str] | None = None) -> dict[str, Any]:
    """What the hours editor shows: the mode, seven rows, and the words."""
    if form and "hours_mode" in form:
        rows = [(form.get(f"from_{day}", "")[:5], form.get(f"to_{day}", "")[:5]) for day in WEEKDAYS]
        return {"mode": form["hours_mode"], "rows": rows, "words": form.get("hours_words", "")[:300]}
    osm = given.get("opening_hours", "")
    rows_now = weekly_editor.rows_of(osm) if _readable(osm) else None
    mode = "" if not osm else "always" if osm == "24/7" else "week" if rows_now else "words"
    return {"mode": mode, "rows": rows_now or [("", "")] * 7, "words": osm if mode == "words" else ""}


def _readable(osm: str) -> bool:
    try:
        return bool(osm) and not parse_hours(osm).converted
    except BadHoursError:
        return False

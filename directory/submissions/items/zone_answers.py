"""The answers of a zone's form: what it shows at first, where its address is, and the proposed change they make."""

import json
import time
from collections.abc import Iterable, Mapping
from itertools import islice

from directory.geocoding.results import Geocode, GeocodingError, Precision
from directory.submissions.items.item import ASKED, Action, Item, ProposedChange, answers_of
from directory.use_case_context import UseCaseContext


def form_answers(entry: ProposedChange | None, town: str) -> dict[str, str]:
    """The answers as the form shows them: the zone as it stands, with what was typed over it."""
    now = answers_of(entry.current) if entry and entry.current else {"town": town}
    if entry and entry.current and entry.current.approximate:
        now |= {"latitude": "", "longitude": ""}
    return {**dict.fromkeys(ASKED, ""), **now, **(entry.item.values if entry else {})}


def locate(context: UseCaseContext, answers: Mapping[str, str], owner_state: str, town: str) -> Geocode | None:
    """Where the address of the form is; None when nobody knows its house number."""
    if not answers.get("street_address"):
        return None
    place_name = answers.get("mailing_town") or answers.get("town") or town
    address = f"{answers['street_address']}, {place_name}, {owner_state} {answers.get('postal_code', '')}"
    try:
        place = context.chain.locate(address.strip()).place
    except GeocodingError:
        return None
    return place if place is not None and place.precision is Precision.ADDRESS else None


def check_addresses(context: UseCaseContext, items: Iterable[Item], state: str, town: str) -> None:
    """Look up where the first twenty addresses of a spreadsheet are, for five seconds at most.

    A new zone without a pin gets its address's; a pin is held against it.
    """
    deadline = time.monotonic() + 5
    addressed = (item for item in items if item.values.get("street_address"))
    looked_up = (item for item in addressed if item.values.get("latitude") or item.action is Action.ADD)
    for item in islice(looked_up, 20):
        if time.monotonic() > deadline:
            return
        place = locate(context, item.values, state, town)
        if place is None:
            continue
        if not item.values.get("latitude"):
            item.values |= _point_of(place)
        item.found_at = [place.coordinates.latitude, place.coordinates.longitude]


def note_point(answers: dict[str, str], before: Mapping[str, str], place: Geocode | None) -> None:
    """Note who put the pin where it is; where the sender put it nowhere, put it where the address is."""
    if any(answers[name] != before[name] for name in ("latitude", "longitude")):
        answers["location_source"] = "surveyed"
    if place is not None and not answers["latitude"] and not answers["longitude"]:
        answers |= _point_of(place)


def _point_of(place: Geocode) -> dict[str, str]:
    """The answers that put the pin where an address is."""
    point = place.coordinates
    return {"latitude": f"{point.latitude:.6f}", "longitude": f"{point.longitude:.6f}", "location_source": "address"}


def item_from(
    key: str, answers: dict[str, str], entry: ProposedChange | None, base: Mapping[str, str], place: Geocode | None
) -> Item:
    """The answers as a proposed change: whole for a new zone; for a known one what the sender changed.

    `base` is what the form showed: what somebody else changed since is not the sender's doing.
    """
    at = [place.coordinates.latitude, place.coordinates.longitude] if place else None
    if entry is None or entry.current is None:
        values = {name: text for name, text in answers.items() if text}
        distinct_from = entry.item.distinct_from if entry else []
        return Item(key, Action.ADD, "", answers.get("name", ""), values, found_at=at, distinct_from=distinct_from)
    before, current = entry.item, answers_of(entry.current)
    changed = {name: answers[name] for name in ASKED if answers.get(name, "") != base.get(name, "")}
    values = {**before.values, **changed}
    item_base = {**{name: base.get(name, "") for name in changed}, **before.base}
    for name in [name for name, text in changed.items() if text == current[name] and not entry.current.approximate]:
        del values[name]
        item_base.pop(name, None)
    if "latitude" in changed or "longitude" in changed:
        values |= {name: answers[name] for name in ("latitude", "longitude", "location_source") if name in answers}
    action = Action.CORRECT if before.action is Action.CONFIRM and values else before.action
    return Item(key, action, before.zone_id, before.name, values, item_base, at)


def seen_by_sender(text: str, fallback: Mapping[str, str]) -> Mapping[str, str]:
    """What the form showed when it was opened, as it says itself."""
    try:
        answers = json.loads(text)
    except (ValueError, RecursionError):
        return fallback
    if not isinstance(answers, dict):
        return fallback
    return {name: text for name, text in answers.items() if name in ASKED and isinstance(text, str)}

"""What an embed is asked to show, in the words that the API takes: codes, names in any case, or ids."""

from collections.abc import Mapping
from dataclasses import dataclass

from flask import url_for

from directory.geo import distance_m
from directory.geocoding.results import Geocode
from directory.search.snapshots.snapshot import Snapshot
from directory.store.repository import StoredTown, StoredZone
from directory.text import slug
from directory.web.embed.snippets import Subject
from directory.web.http.container import container
from directory.web.http.urls import public_address
from directory.web.i18n.translate import _, list_words
from directory.web.presenters.place_titles import full_title
from directory.web.presenters.regions import state_name
from directory.web.presenters.zone_facts.zones import open_label, town_url
from directory.web.query.terms import READERS
from directory.zones.keys import name_in_slug

NAMES = ("near", "zone", "towns", "town", "county", "department", "state")
"""The parameters by which an address names what to show."""
MOST_TOWNS = 20
"""How many towns one embed shows together."""
NAMED_IN_TITLE = 3
"""Up to how many towns a title names each."""


@dataclass(frozen=True, slots=True)
class Selection:
    """Zones that an embed shows: their name in words, and what they are in codes and addresses."""

    name: str
    subject: Subject
    zones: tuple[StoredZone, ...]


def selection_of(now: Snapshot, query: Mapping[str, str]) -> Selection | None:
    """The zones that an address names: one zone, several towns, one town, a county, or a department.

    None where it names none of them, or one that has no zone.
    """
    if zone := now.by_id.get(query.get("zone", "")):
        return zone_selection(zone) if zone in now.by_town.get(zone.town_slug, ()) else None
    if names := query.get("towns"):
        return towns_selection(now, towns_named(now, names)[:MOST_TOWNS])
    if names := query.get("town"):
        slugs = towns_named(now, names)
        return town_selection(now, slugs[0]) if len(slugs) == 1 else None
    if names := query.get("county"):
        return county_selection(now, names)
    if names := query.get("department"):
        return department_selection(now, department_named(now, names))
    return None


def zone_selection(zone: StoredZone) -> Selection:
    """One zone."""
    hit = container().search_service.describe(zone)
    title = full_title(zone)
    if not hit.usable:
        title = _("%(zone)s (%(status)s)", zone=title, status=open_label(hit).text)
    subject = Subject("zone", zone.zone_id, title, public_address() + url_for("places.zone", zone_id=zone.zone_id))
    return Selection(title, subject, (zone,))


def town_selection(now: Snapshot, key: str) -> Selection | None:
    """The zones of a town."""
    zones = now.by_town.get(key)
    if not zones:
        return None
    place = label_of(now.towns[key])
    subject = Subject("town", key, _("Safe zones in %(place)s", place=place), public_address() + town_url(key))
    return Selection(place, subject, tuple(zones))


def towns_selection(now: Snapshot, keys: list[str]) -> Selection | None:
    """The zones of several towns."""
    listed_keys = [key for key in keys if key in now.by_town]
    if len(listed_keys) < 2:
        return town_selection(now, listed_keys[0]) if listed_keys else None
    place = list_words([label_of(now.towns[key]) for key in listed_keys])
    title = _("Safe zones in %(number)s towns", number=len(listed_keys))
    if len(listed_keys) <= NAMED_IN_TITLE:
        title = _("Safe zones in %(place)s", place=place)
    subject = Subject("towns", ",".join(listed_keys), title, public_address() + town_url(listed_keys[0]))
    return Selection(place, subject, tuple(zone for key in listed_keys for zone in now.by_town[key]))


def county_selection(now: Snapshot, name: str) -> Selection | None:
    """The zones of the towns of a county: "ct/fairfield-county" or "Fairfield County, CT"."""
    key = name.lower() if "/" in name else "/".join(slug(part) for part in reversed(name.rsplit(",", 1)))
    state = key[:2].upper()
    county, keys = _counties(now, state).get(key, ("", [])) if state in now.by_state else ("", [])
    if not keys:
        return None
    place = f"{county}, {state}"
    subject = Subject("county", key, _("Safe zones in %(place)s", place=place), _state_page(key[:2]))
    return Selection(place, subject, tuple(zone for town in keys for zone in now.by_town[town]))


def county_words(text: str) -> str:
    """A county as somebody asked for it, in words: of a key or of a name."""
    return name_in_slug(text) if "/" in text else text


def county_of(now: Snapshot, town: str) -> str:
    """The key of the county in which a town lies, as in addresses; empty where the gazetteer names none."""
    counties = _counties(now, now.towns[town].state)
    return next((key for key, (_name, keys) in counties.items() if town in keys), "")


def _counties(now: Snapshot, state: str) -> dict[str, tuple[str, list[str]]]:
    """Each county of a state that has a zone: its key, its name, and its towns with zones."""
    return now.once(("counties", state), lambda: _with_zones(now, state))


def _with_zones(now: Snapshot, state: str) -> dict[str, tuple[str, list[str]]]:
    counties: dict[str, tuple[str, list[str]]] = {}
    zones = {zone.town_slug: zone for zone in reversed(now.by_state.get(state, ()))}
    for key, zone in sorted(zones.items()):
        near = _place_of(zone)
        if near is not None and near.county:
            counties.setdefault(f"{state.lower()}/{slug(near.county)}", (near.county, []))[1].append(key)
    return counties


def _place_of(zone: StoredZone) -> Geocode | None:
    """The place of the town's name in which the zone is: a name may stand for several of a state."""
    places = container().gazetteer.places(zone.town, zone.state)
    return min(places, key=lambda place: distance_m(place.coordinates, zone.coordinates), default=None)


def department_selection(now: Snapshot, key: str) -> Selection | None:
    """The zones of a department."""
    zones = now.by_department.get(key)
    if not zones:
        return None
    home = zones[0]
    title = _("Safe zones of %(department)s", department=f"{home.department}, {home.state}")
    subject = Subject("department", key, title, public_address() + town_url(home.town_slug))
    return Selection(home.department, subject, tuple(zones))


def state_subject(code: str) -> Subject:
    """A state's towns."""
    title = _("Safe zones in %(place)s", place=state_name(code))
    return Subject("state", code.lower(), title, _state_page(code.lower()))


def _state_page(code: str) -> str:
    return public_address() + url_for("places.state", state=code)


def label_of(town: StoredTown) -> str:
    """A town as it is named in titles: "Darien, CT"."""
    return f"{town.name}, {town.state}"


def state_named(text: str) -> str:
    """A state's code, by its code or name; what is neither comes back as it is."""
    try:
        codes = READERS["state"](text)
    except ValueError:
        return text.upper()
    return codes[0] if len(codes) == 1 else text.upper()


def towns_named(now: Snapshot, text: str) -> list[str]:
    """The ids of the towns with zones that are meant: several where one name stands in several states."""
    return _ids(now, "town", "town_slug", text)


def department_named(now: Snapshot, text: str) -> str:
    """A department's id, by its id or name; what names none or several comes back as it is."""
    slugs = _ids(now, "department", "department_slug", text)
    return slugs[0] if len(slugs) == 1 else text.lower()


def _ids(now: Snapshot, name: str, column: str, text: str) -> list[str]:
    numbers = now.collection.select(properties={name: READERS[name](text)}).tolist() if text.strip(" ,") else []
    return sorted({getattr(now.listed[number], column) for number in numbers})

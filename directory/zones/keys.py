"""The keys of zones, towns and departments, and the id a new zone gets."""

import re
from collections.abc import Set
from functools import lru_cache

from directory.text import fold, slug
from directory.zones.schemas import FIELDS, Setting, ZoneRecord

_GUID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
IN_OUR_FILES = frozenset(name for name, field in FIELDS.items() if field.always)
"""The fields that each zone has in a file that a directory like this one wrote."""


def spot_key(zone: ZoneRecord) -> str:
    """What makes two rows the same spot: department, address and spot, whatever the zone is called.

    Where neither address nor spot is known, only the name can tell them apart.
    """
    where = (zone.street_address, zone.spot_note, zone.name)
    return _spot_key(zone.state, zone.department, zone.town, zone.setting, *where)


@lru_cache(maxsize=2048)
def _spot_key(state: str, department: str, town: str, setting: str, address: str, note: str, name: str) -> str:
    where = [fold(address), fold(note)]
    if not any(where):
        where.append(fold(name))
    return "|".join([state, fold(department), fold(town), setting, *where])


def zone_id_stem(zone: ZoneRecord) -> str:
    """The start of a new zone's id: state, town, and what tells the spot apart."""
    _, dash, suffix = zone.name.partition(" - ")
    part = suffix if dash else "zone" if zone.setting in (Setting.UNKNOWN, Setting.OTHER) else zone.setting
    return slug(f"{zone.state} {zone.town} {part}")[:100].strip("-")


def has_our_form(zone_id: str, fields: Set[str]) -> bool:
    """Whether an id may be a directory's own: neither a number nor a GUID, by which programs count what they keep.

    A row that states all `fields` of our files is of one, whatever its id.
    """
    return not (zone_id.isdigit() or _GUID.fullmatch(zone_id)) or fields >= IN_OUR_FILES


@lru_cache(maxsize=4096)
def town_slug(name: str, state: str) -> str:
    """The key of a town: state/name, as in a URL."""
    return f"{state.lower()}/{slug(name) or 'town'}"


@lru_cache(maxsize=4096)
def department_slug(name: str, state: str) -> str:
    """The key of a department: state/name, as in a URL."""
    return f"{state.lower()}/{slug(name) or 'department'}"


def slug_from_url(state: str, name: str) -> str:
    """The key of the town or department with these parts of a URL, in whatever case they were typed."""
    return f"{state}/{name}".lower()


def slug_parts(key: str) -> tuple[str, str]:
    """State and name as a URL takes them, of a town's or department's key."""
    state, _, name = key.partition("/")
    return state, name


def name_in_slug(key: str) -> str:
    """The name as far as a key, or its second part alone, tells it: lower-case words."""
    return key.rpartition("/")[2].replace("-", " ")

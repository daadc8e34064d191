"""The keys of zones, towns and departments, and the id a new zone gets."""

from collections.abc import Set
from functools import lru_cache

from directory.regions import REGIONS
from directory.text import fold, slug
from directory.zones.schemas import FIELDS, Setting, ZoneRecord

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


def has_our_form(zone_id: str, region: str, fields: Set[str]) -> bool:
    """Whether an id is a directory's own, and not one by which the sender's program counts: it begins with the region.

    `region` is the code of the row's state or province, empty where it is not known. A row that states all `fields` of
    our files is of one: a zone may have been moved to another state, or have got its id in another way.
    """
    begins_with, dash, rest = zone_id.partition("-")
    of_region = begins_with.upper() == region if region else begins_with.upper() in REGIONS
    return (of_region and begins_with.islower() and bool(dash and rest)) or fields >= IN_OUR_FILES


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

"""What a place is called: the police short, and the spot: "Darien police · parking lot".

The names that departments give their programs are alike in half the country, so that they tell nobody where to go.
"""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from directory.store.repository import StoredZone
from directory.text import plain, translatable
from directory.web.http.container import snapshot
from directory.web.i18n.translate import _, translate
from directory.zones.schemas import SPOT_NAMES, Setting, Status

_AGENCIES = (
    (re.compile(r"(?P<place>.+?) Regional Police(?: Service)?", re.I), translatable("%(place)s regional police")),
    (re.compile(r"(?P<place>.+?) County (?:Division of Police|Police(?: Department)?)", re.I),
     translatable("%(place)s County police")),
    (re.compile(r"(?P<place>.+?) (?:Division of Police|Police(?: Department| Division| Services?)?)", re.I),
     translatable("%(place)s police")),
    (re.compile(r"Service de police de (?:la ville de )?(?P<place>[^/]+)", re.I), translatable("%(place)s police")),
    (re.compile(r"(?P<place>(?:(?!Police).)+?) County Sheriff[’']?s? (?:Office|Department)", re.I),
     translatable("%(place)s County sheriff")),
    (re.compile(r"(?P<place>(?:(?!Police).)+?) Sheriff[’']?s? (?:Office|Department)", re.I),
     translatable("%(place)s sheriff")),
    (re.compile(r"(?P<place>.+?) Department of Public Safety", re.I), translatable("%(place)s public safety")),
    (re.compile(r"(?P<place>.+?) RCMP", re.I), translatable("%(place)s RCMP")),
    (re.compile(r"OPP (?P<place>.+?)(?: Detachment)?", re.I), translatable("OPP %(place)s")),
)  # fmt: skip
"""How agencies are named, and what they are called for short; any other keeps its name.

The first that fits counts. Two agencies in one name ("Grand Island Police Department and Hall County Sheriff’s Office")
are none of these.
"""
_PART = re.compile(r"(?P<agency>.+?)(?P<part> \([^()]+\))")
"""A name with its county or station: "Hamilton Township Police Department (Atlantic County)"."""
_NO_PLACES = ("metropolitan", "state", "city", "county", "town", "township", "village", "capitol")
"""What an agency may be called before its kind that says of no place whose it is."""


@dataclass(frozen=True, slots=True)
class PlaceTitle:
    """Whose place it is, and which of theirs: the kind of spot, or what tells it apart.

    `quoted` where that is in the words of a source; `says_kind` where it is the kind; `says_town` where it is the town.
    """

    who: str
    which: str = ""
    quoted: bool = False
    says_town: bool = False

    @property
    def says_kind(self) -> bool:
        """Whether the kind of spot needs not be said again beside it."""
        return bool(self.which) and not self.quoted

    def __str__(self) -> str:
        """Both in one line, where nothing can mark the language."""
        return " · ".join(filter(None, (self.who, self.which)))


Trait = tuple[str, ...]
"""What may tell a zone of a department from the others: what it is, its value, and the town where that counts."""
Siblings = frozenset[Trait]
"""The traits that several zones of a department have in common. Each worker holds them for thousands of departments."""


def in_common(zones: Sequence[StoredZone]) -> Siblings:
    """Those of zones of one department."""
    counts = Counter(trait for zone in zones for trait in _traits(zone))
    return frozenset([trait for trait, count in counts.items() if count > 1])


def _traits(zone: StoredZone) -> list[Trait]:
    town, spot, part = zone.town_slug, _spot(zone), _own_part(zone)
    return [
        ("spot", spot), ("spot", spot, town), ("street", zone.street_address, town), ("name", zone.name, town),
        ("part", part) if part else ("no part", spot, town),
    ]  # fmt: skip


def place_title(zone: StoredZone) -> PlaceTitle:
    """The title of a zone, which no other zone of its department in its town has."""
    return title_among(zone, siblings_of(zone))


def siblings_of(zone: StoredZone) -> Siblings:
    """What a zone's title depends on besides itself: the zones of its department, and it among them."""
    now = snapshot()
    zones = now.by_department.get(zone.department_slug, [])
    if now.by_id.get(zone.zone_id) is not zone or zone.status is Status.WITHDRAWN:  # a draft, or not among them
        return in_common([*(other for other in zones if other.zone_id != zone.zone_id), zone])
    if len(zones) == 1:  # as most departments have
        return frozenset()
    return now.once(("siblings", zone.department_slug), lambda: in_common(zones))


def town_beside_title(zone: StoredZone) -> str:
    """What is still to be said of where a place is, behind its title: "Darien, CT", or "QC"."""
    return zone.state if place_title(zone).says_town else f"{zone.town}, {zone.state}"


def full_title(zone: StoredZone) -> str:
    """The title of a zone where nothing else names its town: "Darien police · parking lot, Darien, CT"."""
    return f"{place_title(zone)}, {town_beside_title(zone)}"


def title_among(zone: StoredZone, among: Siblings) -> PlaceTitle:
    """The title of a zone beside the others of its department; itself is among them."""
    who, kind, spot = short_name(zone.department), _kind(zone), _spot(zone)
    if ("spot", spot) not in among:
        return PlaceTitle(who, kind)
    town, part = zone.town_slug, _own_part(zone)
    if part and ("part", part) not in among:
        return PlaceTitle(who, part, quoted=True)
    if ("spot", spot, town) not in among:
        which = _("%(spot)s in %(town)s", spot=kind, town=zone.town) if kind else zone.town
        return PlaceTitle(who, which, says_town=True)
    if not kind and not part and ("no part", spot, town) not in among:
        return PlaceTitle(who)
    for trait, name in (("street", zone.street_address), ("name", zone.name)):
        if name and (trait, name, town) not in among:
            return PlaceTitle(who, name, quoted=True)
    return PlaceTitle(who, kind or part, quoted=not kind)


def short_name(department: str) -> str:
    """ "Darien police", "Rockland County sheriff"; the name as it stands where nothing shorter says whose it is."""
    template, place, part = _agency(department)
    return _(template, place=place) + part if place else department


@lru_cache(maxsize=4096)
def _agency(department: str) -> tuple[str, str, str]:
    """How an agency is called for short, whose it is, and its part; empty where nothing shorter says whose it is."""
    split = _PART.fullmatch(department)
    agency, part = (split["agency"], split["part"]) if split else (department, "")
    for pattern, template in _AGENCIES:
        match = pattern.fullmatch(agency)
        if match and plain(match["place"]) not in _NO_PLACES:
            return template, match["place"], part
    return "", "", ""


def _spot(zone: StoredZone) -> Setting:
    """The kind of spot, as far as it tells anybody where to stand."""
    return zone.setting if zone.setting in SPOT_NAMES else Setting.UNKNOWN


def _kind(zone: StoredZone) -> str:
    return translate(SPOT_NAMES[zone.setting]) if zone.setting in SPOT_NAMES else ""


def _own_part(zone: StoredZone) -> str:
    """What a name says of one of several sites: "Safe Trade Zone - District 1"."""
    return zone.name.rpartition(" - ")[2].strip() if " - " in zone.name else ""

"""Addresses of other sites: route planners, maps and searches."""

from urllib.parse import urlencode

from directory.geo import Coordinates
from directory.store.repository import StoredZone
from directory.web.i18n.translate import _
from directory.web.presenters.zone_facts.zones import postal_address
from directory.zones.schemas import ZoneRecord

STATIONS = "police station"
"""In English whatever the reader's language: the map apps know it everywhere in the US and Canada."""


def directions(zone: StoredZone) -> list[tuple[str, str]]:
    """Links to three route planners: (name, address). To the written address where there is one.

    An approximate point without an address would lead people to the middle of nowhere: the department's name is
    looked up there instead, and the planner that cannot do that is left out.
    """
    point = f"{zone.latitude:.6f},{zone.longitude:.6f}"
    target = point
    if zone.approximate:
        address = postal_address(zone)
        target = ", ".join(address if zone.street_address else [zone.department, *address])
    links = [
        (_("Apple Maps"), f"https://maps.apple.com/?{urlencode({'daddr': target})}"),
        (_("Google Maps"), f"https://www.google.com/maps/dir/?{urlencode({'api': '1', 'destination': target})}"),
    ]
    if not zone.approximate:
        osm = urlencode({"to": point})
        links.append((_("OpenStreetMap"), f"https://www.openstreetmap.org/directions?{osm}"))
    return links


def stations_around(point: Coordinates) -> list[tuple[str, str]]:
    """Searches for police stations around a place: (map app, address), for phones and desktops alike.

    The place is rounded to about a kilometer, which tells the app no more than it needs.
    """
    place = f"{point.latitude:.2f},{point.longitude:.2f}"
    apple = urlencode({"q": STATIONS, "sll": place}, safe=",")
    google = urlencode({"api": "1", "query": f"{STATIONS} near {place}"}, safe=",")
    return [
        (_("Apple Maps"), f"https://maps.apple.com/?{apple}"),
        (_("Google Maps"), f"https://www.google.com/maps/search/?{google}"),
    ]


def map_of(record: ZoneRecord) -> str:
    """A map of the zone's point."""
    point = f"{record.latitude:.6f}", f"{record.longitude:.6f}"
    return "https://www.openstreetmap.org/?" + urlencode({"mlat": point[0], "mlon": point[1], "zoom": 18})


def number_search(zone: StoredZone | ZoneRecord) -> str:
    """A web search for the department's number."""
    query = f"{zone.department} {zone.town} {zone.state} non-emergency phone number"
    return f"https://duckduckgo.com/?{urlencode({'q': query})}"

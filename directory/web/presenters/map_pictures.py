"""Pictures of maps on a page: for phones until the map is opened, for paper, and for readers without scripts."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from flask import url_for
from markupsafe import Markup

from directory import clock
from directory.geo import Coordinates
from directory.maps.map_colors import palette_of_page
from directory.maps.map_marks import Pin, kind_of_pin
from directory.maps.static_map import MOST_PINS, NEAREST, framed, is_on_the_continent, picture, places_in_picture
from directory.search.snapshots.snapshot import Snapshot
from directory.search.zone_status import local_day, today_of
from directory.store.repository import StoredZone
from directory.web.http.container import container, snapshot
from directory.web.presenters.regions import state_name

Numbered = Sequence[Sequence[StoredZone]]
"""The zones of a page by the numbers of their pins."""


@dataclass(frozen=True, slots=True)
class OriginMark:
    """Where somebody is, in pixels of the picture; `shape` is that of the legend. No picture's address says it."""

    shape: str
    x: str
    y: str


@dataclass(frozen=True, slots=True)
class OutlyingRegion:
    """Zones of a region that the picture of everything has no room for."""

    code: str
    name: str
    zones: int


@dataclass(frozen=True, slots=True)
class MapPicture:
    """The addresses of a picture in light and dark, the shapes of the legend that it uses, and its day.

    `drawn` is the picture itself, where it shows what no address may say. `nearest` is how many numbers it has room
    for, 0 for all.
    """

    light: str
    dark: str
    shapes: tuple[str, ...]
    day: date
    marks: tuple[OriginMark, ...] = ()
    outlying: tuple[OutlyingRegion, ...] = ()
    drawn: str = ""
    nearest: int = 0


def pin_of(zone: StoredZone, number: int = 0) -> Pin:
    """The pin of a zone, as the zone stands today."""
    return Pin(zone.coordinates, number, kind_of_pin(zone, today_of(zone)))


def picture_of_zones(
    numbered: Numbered,
    origins: Sequence[Coordinates] = (),
    unnumbered: Sequence[StoredZone] = (),
    *,
    nearest: bool = False,
) -> MapPicture:
    """The picture of a page's zones; `origins` are where people are, the reader first: the page marks them, no address.

    It shows the first `MOST_PINS` zones, or has room for the `nearest` only. The page has the picture in it where
    somebody is beyond them (made wider), and where a zone is not in the directory as it is here: a preview.
    """
    groups = numbered[:MOST_PINS]
    placed = [
        *((at, zone) for at, group in enumerate(groups, 1) for zone in group),
        *((0, zone) for zone in unnumbered),
    ]
    zones = [zone for _number, zone in placed[:MOST_PINS]]
    pins = [pin_of(zone, number if len(groups) > 1 else 0) for number, zone in placed[:MOST_PINS]]
    points, drawn = framed(pins, nearest=nearest), ""
    places = places_in_picture(points, origins)
    beyond = () if all(places) else origins
    published = snapshot().by_id
    if beyond or not all(_shows(published.get(zone.zone_id), zone) for zone in zones):
        metric = zones[0].country == "CA"
        svg = picture(pins, container().town_names, palette_of_page, metric=metric, others=beyond, nearest=nearest)
        drawn = Markup(svg)  # noqa: S704 - written by xml_writer, which escapes
        places = places_in_picture([*points, *beyond], origins)
    marks = tuple([
        OriginMark("other" if at else "origin", f"{place[0]:.0f}", f"{place[1]:.0f}")
        for at, place in enumerate(places)
        if place
    ])  # fmt: skip
    shapes = {str(int(pin.kind)) for pin in pins} | {mark.shape for mark in marks}
    light, dark = ("", "") if drawn else _addresses(groups, unnumbered, nearest=nearest)
    room = NEAREST if nearest else 0
    return MapPicture(light, dark, tuple(sorted(shapes)), today_of(zones[0]), marks, drawn=drawn, nearest=room)


def _addresses(groups: Numbered, unnumbered: Sequence[StoredZone], *, nearest: bool) -> tuple[str, str]:
    """Where the picture is, light and dark."""
    names = ",".join("~".join(zone.zone_id for zone in group) for group in groups)
    others = "~".join(zone.zone_id for zone in unnumbered) or None
    light = url_for("map_pictures.draw", zones=names, others=others, nearest=1 if nearest else None)
    return light, f"{light}&dark=1"


def _shows(published: StoredZone | None, zone: StoredZone) -> bool:
    """Whether the picture's address, which names zones, would show this one where it is."""
    return published is zone or (published is not None and pin_of(published) == pin_of(zone))


def picture_of_all(digest: str, zones: Sequence[StoredZone], state: str = "", show: str = "") -> MapPicture:
    """The picture of all zones, or of those of a state that a choice shows; `digest` is that of the map's data."""
    now = snapshot()
    light, dark = (
        url_for("map_pictures.draw_all", digest=digest, state=state or None, show=show or None, dark=dark)
        for dark in (None, 1)
    )
    day = today_of(zones[0]) if state else clock.now().date()
    if state and len(zones) <= MOST_PINS:
        shapes = tuple(sorted({str(int(pin_of(zone).kind)) for zone in zones}))
        return MapPicture(light, dark, shapes, day)
    return MapPicture(light, dark, ("cluster",), day, outlying=() if state else _outlying(now))


def _outlying(now: Snapshot) -> tuple[OutlyingRegion, ...]:
    counts = now.once(
        "outlying regions",
        lambda: Counter(zone.state for zone in now.listed if not is_on_the_continent(zone.coordinates)),
    )
    return tuple(OutlyingRegion(code, state_name(code), zones) for code, zones in sorted(counts.items()))


def days_of(now: Snapshot, state: str = "") -> dict[str, date]:
    """Time zone → the day that it is there, for all zones or for those of a state that has some."""
    at = clock.now()
    zones = now.by_state[state] if state else now.listed
    time_zones = now.once(("time zones", state), lambda: sorted({zone.time_zone for zone in zones}))
    return {time_zone: local_day(time_zone, at) for time_zone in time_zones}

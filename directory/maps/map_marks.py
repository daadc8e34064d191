"""The marks of zones on maps: a pin each, in the shapes of the legend, or a cluster where several are close."""

import math
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import IntEnum
from functools import lru_cache

from directory.geo import Coordinates
from directory.maps.map_colors import Palette
from directory.search.zone_status import status_on
from directory.xml_writer import Xml, element
from directory.zones.schemas import Status, ZoneRecord

DROP = "M0 0C-4-7-13-11-13-20A13 13 0 0 1 13-20C13-11 4-7 0 0Z"
"""A pin, its point at 0, 0. All shapes are the same on pages (templates/_fragments.html)."""
SQUARE = {"x": -11, "y": -11, "width": 22, "height": 22, "rx": 4}
DIAMOND = "M0-14 14 0 0 14-14 0Z"
PIN_WIDTH = 28.0
"""Pixels from one pin to the next where several stand side by side at one spot."""
CELL = 14.0
REACH = 32.0
"""Pixels: pins of one cell are one cluster, and clusters that are nearer than the reach."""
Place = tuple[float, float]
"""Pixels from the left and from the top of a picture."""
Area = tuple[float, float, float, float]
"""Left, top, right, bottom in pixels."""


class PinKind(IntEnum):
    """What a pin says by its shape; the numbers are those of static/map.js and of the legend."""

    USABLE, UNSURE, GONE, ANNOUNCED = range(4)

    @property
    def is_drop(self) -> bool:
        """Whether the pin is a drop, which points at its place; the others lie around it."""
        return self in (PinKind.USABLE, PinKind.UNSURE)

    @property
    def number_height(self) -> float:
        """Pixels from the place down to the foot of the pin's number."""
        return -15.4 if self.is_drop else 4.7


def kind_of_pin(zone: ZoneRecord, day: date) -> PinKind:
    """What a pin says of a zone on a day of the zone's own time zone."""
    status = status_on(zone, day)
    if status is Status.PLANNED:
        return PinKind.ANNOUNCED
    if status is not Status.ACTIVE:
        return PinKind.GONE
    return PinKind.UNSURE if zone.approximate else PinKind.USABLE


def shape_of(kind: PinKind, style: Mapping[str, object]) -> Xml:
    """The shape of a pin around or above 0, 0, with these attributes."""
    if kind is PinKind.GONE:
        return element("rect", {**SQUARE, **style})
    return element("path", {"d": DROP if kind.is_drop else DIAMOND, **style})


@dataclass(frozen=True, slots=True)
class Pin:
    """A zone in the picture, with its number in the list (0 for none)."""

    coordinates: Coordinates
    number: int = 0
    kind: PinKind = PinKind.USABLE


@dataclass(frozen=True, slots=True)
class Cluster:
    """Zones of a picture that has no room for a pin each; it may be a single one."""

    place: Place
    count: int


def clusters_of(places: Sequence[Place]) -> list[Cluster]:
    """The places as clusters: those that stand close are one, in their middle; the largest clusters first."""
    cells: dict[tuple[int, int], list[Place]] = defaultdict(list)
    for place in places:
        cells[int(place[0] // CELL), int(place[1] // CELL)].append(place)
    groups: list[list[Place]] = []
    middles: list[Place] = []
    for members in sorted(cells.values(), key=len, reverse=True):
        middle = _middle(members)
        near = [at for at, other in enumerate(middles) if math.dist(middle, other) < REACH]
        if near:
            groups[min(near, key=lambda at: math.dist(middle, middles[at]))] += members
        else:
            groups.append(list(members))
            middles.append(middle)
    return [Cluster(_middle(group), len(group)) for group in groups]


def _middle(places: Sequence[Place]) -> Place:
    return sum(x for x, _ in places) / len(places), sum(y for _, y in places) / len(places)


def mark(place: Place, pin: Pin | Cluster, palette: Palette) -> tuple[Xml, Area]:
    """A pin or a cluster at its place, and the pixels that it takes."""
    if isinstance(pin, Cluster):
        return _cluster(pin, palette)
    x, y = place
    area = (x - 13, y - 34, x + 13, y + 2) if pin.kind.is_drop else (x - 14, y - 14, x + 14, y + 14)
    return element("g", {"transform": f"translate({x:.1f} {y:.1f})"}, _pin(pin.kind, pin.number, palette)), area


@lru_cache(maxsize=512)
def _pin(kind: PinKind, number: int, palette: Palette) -> Xml:
    """A pin around or above 0, 0, with its number where it has one."""
    style, ink = _style(kind, palette)
    shape = shape_of(kind, style)
    return Xml(shape + _number(number, kind.number_height, palette(ink))) if number else shape


def _style(kind: PinKind, palette: Palette) -> tuple[Mapping[str, object], str]:
    """The attributes of a pin's shape, and the color of its number."""
    return {
        PinKind.USABLE: ({"fill": palette("pin"), "stroke": palette("pin-ring"), "stroke-width": 2}, "on-civic"),
        PinKind.UNSURE: ({"fill": palette("surface"), "stroke": palette("pin"), "stroke-width": 2.4,
                          "stroke-dasharray": "3.4 2.4"}, "pin"),
        PinKind.GONE: ({"fill": palette("amber-tint"), "stroke": palette("amber-line"), "stroke-width": 2.4}, "amber"),
        PinKind.ANNOUNCED: ({"fill": palette("surface"), "stroke": palette("muted"), "stroke-width": 2.4}, "ink"),
    }[kind]  # fmt: skip


def _cluster(cluster: Cluster, palette: Palette) -> tuple[Xml, Area]:
    x, y = cluster.place
    radius = 10 if cluster.count < 10 else 13 if cluster.count < 100 else 16
    circle = {"r": radius, "fill": palette("pin"), "stroke": palette("pin-ring"), "stroke-width": 2}
    content = element("circle", circle), _number(cluster.count, 4.6, palette("on-civic"))
    drawn = element("g", {"transform": f"translate({x:.1f} {y:.1f})"}, *content)
    return drawn, (x - radius, y - radius, x + radius, y + radius)


def _number(number: int, y: float, color: str) -> Xml:
    attributes = {"y": y, "font-size": 13, "font-weight": 700, "text-anchor": "middle", "fill": color}
    return element("text", attributes, str(number))

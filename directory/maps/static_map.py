"""A picture of where zones are, as SVG, for paper and for readers without scripts: outlines, names, pins, scale."""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import shapely
from numpy.typing import NDArray

from directory.geo import (
    MERCATOR_RADIUS_M,
    METERS_PER_MILE,
    Coordinates,
    mercator_height,
    mercator_latitude,
    to_web_mercator,
)
from directory.maps import outlines
from directory.maps.map_colors import Palette
from directory.maps.map_marks import PIN_WIDTH, Area, Cluster, Pin, Place, clusters_of, mark
from directory.maps.town_names import TownNames
from directory.xml_writer import Xml, element

WIDTH, HEIGHT = 380.0, 260.0
"""Pixels: about the width of a phone, so that its words can be read there."""
MARGIN = 40.0
WIDEST_ALONE = 0.2
"""Degrees from south to north around one pin: about 22 km."""
WIDEST_TOGETHER = 0.05
"""The same around pins apart: about 5 km."""
NEAREST = 4
"""How many numbers a picture of the nearest makes room for: in a picture of all they would hide each other."""
LETTER = 6.4
"""The width of a letter, on average: generous, so that names keep clear of each other."""
LINE = 13.0
MOST_NAMES = 12
MOST_PINS = 50
EDGE = 4.0
SCALE_AREA = (0.0, HEIGHT - 30, 150.0, HEIGHT)
HALF = 0.52
"""Of its width and height what lies to each side of its middle, with a little more for lines along its edge."""
FAR_DEGREES = 10.0
"""A picture that is wider than this shows the coarse outlines, and no counties."""
FINEST = 0.6
"""Pixels: a bend of an outline that is smaller is left out."""
CONTINENT = ((24.5, -125.0), (54.0, -61.0))
"""The corners of the first view of everything, south-west and north-east; the same as in static/map.js."""


@dataclass(frozen=True, slots=True)
class _Frame:
    """What the picture shows: its middle in radians of the web maps' projection, and pixels for each radian."""

    x: float
    y: float
    scale: float

    def place(self, point: Coordinates) -> Place:
        """Pixels from the left and from the top; longitudes go on below -180."""
        return (
            WIDTH / 2 + (math.radians(point.longitude) - self.x) * self.scale,
            HEIGHT / 2 - (mercator_height(point.latitude) - self.y) * self.scale,
        )

    def places(self, positions: NDArray[np.float64]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """The same of n positions in degrees, longitude first, shape (n, 2), as two arrays of shape (n,)."""
        x, y = (to_web_mercator(positions) / MERCATOR_RADIUS_M).T
        return WIDTH / 2 + (x - self.x) * self.scale, HEIGHT / 2 - (y - self.y) * self.scale

    def degrees(self) -> tuple[float, float, float, float]:
        """West, south, east, north, with a little more around."""
        half_x, half_y = WIDTH / self.scale * HALF, HEIGHT / self.scale * HALF
        south, north = (mercator_latitude(self.y + half) for half in (-half_y, half_y))
        west, east = (math.degrees(self.x + half) for half in (-half_x, half_x))
        return west, south, east, north


def picture(
    pins: Sequence[Pin],
    names: TownNames,
    palette: Palette,
    *,
    metric: bool,
    others: Sequence[Coordinates] = (),
    nearest: bool = False,
) -> str:
    """The picture of one to `MOST_PINS` pins as an SVG document of `WIDTH` by `HEIGHT` pixels; the first on top.

    It has room for the pins that are `framed`, and for `others`, which it does not draw; what lies beyond is cut off.
    """
    return _drawn(_frame([*framed(pins, nearest=nearest), *others]), pins, names, palette, metric)


def framed(pins: Sequence[Pin], *, nearest: bool) -> list[Coordinates]:
    """Where the pins are that a picture has room for: all, or of the `nearest` those without or with a low number."""
    low = [pin.coordinates for pin in pins if nearest and pin.number <= NEAREST]
    return low or [pin.coordinates for pin in pins]


def picture_of_many(pins: Sequence[Pin], names: TownNames, palette: Palette, *, metric: bool, everywhere: bool) -> str:
    """The picture of any number of pins; where they are more than `MOST_PINS`, as clusters.

    `everywhere`: of the continent, without what lies beyond it, as clusters and without names of towns.
    """
    frame = _CONTINENT if everywhere else _frame([pin.coordinates for pin in pins])
    marks: Sequence[Pin | Cluster] = pins
    if everywhere or len(pins) > MOST_PINS:
        places = [frame.place(pin.coordinates) for pin in pins]
        marks = clusters_of([place for place in places if _is_inside(place)])
    return _drawn(frame, marks, None if everywhere else names, palette, metric)


def places_in_picture(points: Sequence[Coordinates], others: Sequence[Coordinates]) -> list[Place | None]:
    """Where each of `others` is in the picture of pins at `points`, in pixels; None outside of it."""
    frame = _frame(points)
    places = [frame.place(other) for other in others]
    return [place if _is_inside(place, EDGE) else None for place in places]


def is_on_the_continent(point: Coordinates) -> bool:
    """Whether the picture of everything has room for it."""
    return _is_inside(_CONTINENT.place(point))


def _drawn(
    frame: _Frame, pins: Sequence[Pin | Cluster], names: TownNames | None, palette: Palette, metric: bool
) -> str:
    marks = [mark(place, pin, palette) for place, pin in zip(_places(frame, pins), pins, strict=True)]
    occupied: list[Area] = [SCALE_AREA, *(area for _, area in marks)]
    whole = {"width": "100%", "height": "100%"}
    size = {"width": f"{WIDTH:.0f}", "height": f"{HEIGHT:.0f}", "viewBox": f"0 0 {WIDTH:.0f} {HEIGHT:.0f}"}
    return element(
        "svg", {"xmlns": "http://www.w3.org/2000/svg", **size, "font-family": "system-ui, sans-serif"},
        element("rect", {**whole, "fill": palette("map-water")}),
        *_ground(frame, palette),
        *([_labels(frame, names, palette, occupied)] if names else []),
        *(drawn for drawn, _ in reversed(marks)),
        *_scale(frame, palette, metric),
    )  # fmt: skip


def _is_inside(place: Place, margin: float = 0.0) -> bool:
    return margin <= place[0] <= WIDTH - margin and margin <= place[1] <= HEIGHT - margin


def _places(frame: _Frame, pins: Sequence[Pin | Cluster]) -> Iterator[Place]:
    """Where each is drawn: pins with other numbers at one spot side by side."""
    beside: dict[Coordinates, list[int]] = {}
    for pin in pins:
        if isinstance(pin, Cluster):
            yield pin.place
            continue
        numbers = beside.setdefault(pin.coordinates, [])
        if pin.number not in numbers:
            numbers.append(pin.number)
        x, y = frame.place(pin.coordinates)
        yield x + PIN_WIDTH * numbers.index(pin.number), y


def _frame(points: Sequence[Coordinates], margin: float = MARGIN) -> _Frame:
    longitudes = [math.radians(point.longitude) for point in points]
    heights = [mercator_height(point.latitude) for point in points]
    x, y = (min(longitudes) + max(longitudes)) / 2, (min(heights) + max(heights)) / 2
    apart = WIDEST_ALONE if len(set(points)) == 1 else WIDEST_TOGETHER
    least = math.radians(apart) / math.cos(math.radians(mercator_latitude(y)))
    high = max(max(heights) - min(heights), least)
    wide = max(max(longitudes) - min(longitudes), 1e-9)
    return _Frame(x, y, min((HEIGHT - 2 * margin) / high, (WIDTH - 2 * margin) / wide))


_CONTINENT = _frame([Coordinates(*corner) for corner in CONTINENT], margin=0.0)


def _ground(frame: _Frame, palette: Palette) -> Iterator[Xml]:
    """Land and borders inside the frame."""
    edges = frame.degrees()
    is_far = math.degrees(WIDTH / frame.scale) > FAR_DEGREES
    line = {"fill": "none", "stroke": palette("map-border")}
    for name, style in (
        (outlines.FAR_LAND if is_far else outlines.LAND, {"fill": palette("map-land"), "fill-rule": "evenodd"}),
        (outlines.COUNTIES, {**line, "stroke-width": 0.5, "stroke-dasharray": "2 2"}),
        (outlines.BORDERS, {**line, "stroke-width": 0.6 if is_far else 1.2}),
    ):
        if is_far and name == outlines.COUNTIES:
            continue
        if path := _path(frame, outlines.lines(name, edges, math.degrees(FINEST / frame.scale))):
            yield element("path", {"d": path, **style})


def _path(frame: _Frame, lines: NDArray[np.object_]) -> str:
    positions, numbers = shapely.get_coordinates(lines, return_index=True)
    across, down = frame.places(positions)
    places = [f"{x:.1f} {y:.1f}" for x, y in zip(across.tolist(), down.tolist(), strict=True)]
    begins = np.searchsorted(numbers, np.arange(len(lines) + 1)).tolist()
    # A line without a point would end what browsers draw of the whole.
    return "".join(["M" + "L".join(places[begin:end]) for begin, end in pairwise(begins) if begin < end])


def _labels(frame: _Frame, names: TownNames, palette: Palette, occupied: list[Area]) -> Xml:
    """The largest towns in view; a name that would lie on another or on a pin is left out."""
    west, south, east, north = frame.degrees()
    towns, positions = names.positions_within(south, west, north, east)
    across, down = frame.places(positions)
    in_height = (down - LINE > EDGE) & (down + 4 < HEIGHT - EDGE)
    written: list[Xml] = []
    for number in np.flatnonzero(in_height & (across > EDGE) & (across < WIDTH - EDGE)).tolist():
        name, x, y = names.name(towns.item(number)), across.item(number), down.item(number)
        half = len(name) * LETTER / 2
        area = (x - half, y - LINE, x + half, y + 4)
        if area[0] > EDGE and area[2] < WIDTH - EDGE and not _meets_one(area, occupied):
            occupied.append(area)
            written.append(element("text", {"x": f"{x:.1f}", "y": f"{y:.1f}"}, name))
            if len(written) == MOST_NAMES:
                break
    style = {"font-size": 12, "text-anchor": "middle", "fill": palette("map-name"), "stroke": palette("map-land"),
             "stroke-width": 3, "stroke-linejoin": "round", "paint-order": "stroke"}  # fmt: skip
    return element("g", style, *written)


def _meets_one(area: Area, others: Sequence[Area]) -> bool:
    left, top, right, bottom = area
    for other_left, other_top, other_right, other_bottom in others:
        if left < other_right and other_left < right and top < other_bottom and other_top < bottom:
            return True
    return False


def _scale(frame: _Frame, palette: Palette, metric: bool) -> Iterator[Xml]:
    """A bar of a round number of miles or kilometers, at most 110 pixels long."""
    meters_per_pixel = 6_371_000 * math.cos(math.radians(mercator_latitude(frame.y))) / frame.scale
    unit, word = (1000.0, "km") if metric else (METERS_PER_MILE, "mi")
    most = 110 * meters_per_pixel / unit
    power = 10 ** math.floor(math.log10(most))
    length = next(step * power for step in (5, 2, 1) if step * power <= most)
    end = 12 + length * unit / meters_per_pixel
    bar = f"M12 {HEIGHT - 16:.0f}v6H{end:.1f}v-6"
    yield element("path", {"d": bar, "fill": "none", "stroke": palette("map-name"), "stroke-width": 1.5})
    style = {"x": f"{end + 6:.1f}", "y": f"{HEIGHT - 9:.0f}", "font-size": 12, "fill": palette("map-name")}
    yield element("text", style, f"{length:g} {word}")

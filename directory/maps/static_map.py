"""A picture of where zones are, as SVG, for paper and for readers without scripts: outlines, names, pins, scale."""

import math
from collections.abc import Iterator, Sequence
from dataclasses import astuple, dataclass
from typing import Any

import shapely

from directory.geo import METERS_PER_MILE, Coordinates
from directory.maps import outlines
from directory.maps.town_names import TownNames
from directory.xml_writer import Xml, element

WIDTH, HEIGHT = 560.0, 320.0
MARGIN = 40.0
WIDEST_ALONE = 0.2
"""Degrees from south to north around one pin: about 22 km."""
LETTER = 6.4
"""The width of a letter, on average: generous, so that names keep clear of each other."""
LINE = 13.0
MOST_NAMES = 16
MOST_PINS = 50
PIN_WIDTH = 28.0
EDGE = 4.0
SCALE_AREA = (0.0, HEIGHT - 30, 150.0, HEIGHT)
LAND, WATER, BORDER, NAME, INK, PAPER = "#f4f4f0", "#d5e3e8", "#8d8a80", "#333333", "#000000", "#ffffff"
"""Colors of paper: no page's style reaches into a picture."""
DROP = "M0 0C-4-7-13-11-13-20A13 13 0 0 1 13-20C13-11 4-7 0 0Z"
"""A pin, its point at 0, 0; the same as on pages (templates/_fragments.html)."""
Place = tuple[float, float]
Area = tuple[float, float, float, float]
"""Left, top, right, bottom in pixels."""


@dataclass(frozen=True, slots=True)
class Pin:
    """A zone in the picture, with its number in the list (0 for none)."""

    coordinates: Coordinates
    number: int = 0


@dataclass(frozen=True, slots=True)
class _Frame:
    """What the picture shows: its middle in radians of the web maps' projection, and pixels for each radian."""

    x: float
    y: float
    scale: float

    def place(self, latitude: float, longitude: float) -> Place:
        """Pixels from the left and from the top; longitudes go on below -180."""
        return (
            WIDTH / 2 + (math.radians(longitude) - self.x) * self.scale,
            HEIGHT / 2 - (_mercator(latitude) - self.y) * self.scale,
        )

    def degrees(self) -> tuple[float, float, float, float]:
        """West, south, east, north, with a little more around."""
        half_x, half_y = WIDTH / self.scale * 0.6, HEIGHT / self.scale * 0.6
        south, north = (math.degrees(math.atan(math.sinh(self.y + half))) for half in (-half_y, half_y))
        west, east = (math.degrees(self.x + half) for half in (-half_x, half_x))
        return west, south, east, north


def picture(pins: Sequence[Pin], names: TownNames, metric: bool) -> str:
    """The picture as an SVG document of 560 by 320 pixels. `pins` are one to `MOST_PINS`; the first lies on top."""
    frame = _frame([pin.coordinates for pin in pins])
    taken: list[Area] = [SCALE_AREA]
    marks = [_mark(place, pin.number, taken) for place, pin in zip(_places(frame, pins), pins, strict=True)]
    whole = {"width": "100%", "height": "100%"}
    size = {"width": f"{WIDTH:.0f}", "height": f"{HEIGHT:.0f}", "viewBox": f"0 0 {WIDTH:.0f} {HEIGHT:.0f}"}
    return element(
        "svg", {"xmlns": "http://www.w3.org/2000/svg", **size, "font-family": "system-ui, sans-serif"},
        element("rect", {**whole, "fill": WATER}),
        *_ground(frame),
        *_labels(frame, names, taken),
        *reversed(marks),
        *_scale(frame, metric),
        element("rect", {**whole, "fill": "none", "stroke": BORDER}),
    )  # fmt: skip


def _places(frame: _Frame, pins: Sequence[Pin]) -> Iterator[Place]:
    """Where each pin is drawn: those with other numbers at one spot side by side."""
    beside: dict[Coordinates, list[int]] = {}
    for pin in pins:
        numbers = beside.setdefault(pin.coordinates, [])
        if pin.number not in numbers:
            numbers.append(pin.number)
        x, y = frame.place(*astuple(pin.coordinates))
        yield x + PIN_WIDTH * numbers.index(pin.number), y


def _mercator(latitude: float) -> float:
    return math.asinh(math.tan(math.radians(latitude)))


def _frame(points: Sequence[Coordinates]) -> _Frame:
    longitudes = [math.radians(point.longitude) for point in points]
    heights = [_mercator(point.latitude) for point in points]
    x, y = (min(longitudes) + max(longitudes)) / 2, (min(heights) + max(heights)) / 2
    least = math.radians(WIDEST_ALONE) / math.cos(math.atan(math.sinh(y)))
    high = max(max(heights) - min(heights), least)
    wide = max(max(longitudes) - min(longitudes), 1e-9)
    return _Frame(x, y, min((HEIGHT - 2 * MARGIN) / high, (WIDTH - 2 * MARGIN) / wide))


def _ground(frame: _Frame) -> Iterator[Xml]:
    """Land and borders inside the frame."""
    edges = frame.degrees()
    line = {"fill": "none", "stroke": BORDER}
    for name, look in (
        (outlines.LAND, {"fill": LAND, "fill-rule": "evenodd"}),
        (outlines.COUNTIES, {**line, "stroke-width": 0.5, "stroke-dasharray": "2 2"}),
        (outlines.BORDERS, {**line, "stroke-width": 1.2}),
    ):
        shapes = outlines.outlines(name, edges)
        path = "".join(_path(frame, shapely.get_coordinates(line)) for line in _lines(shapes))
        if path:
            yield element("path", {"d": path, **look})


def _lines(shapes: Any) -> Iterator[Any]:
    for part in shapely.get_parts(shapes):
        if part.geom_type == "Polygon":
            yield from (part.exterior, *part.interiors)
        elif part.geom_type == "LineString":
            yield part
        elif part.geom_type in ("MultiPolygon", "MultiLineString", "GeometryCollection"):
            yield from _lines(list(part.geoms))


def _path(frame: _Frame, points: Any) -> str:
    places = [frame.place(latitude, longitude) for longitude, latitude in points]
    return "M" + "L".join(f"{x:.1f} {y:.1f}" for x, y in places)


def _mark(place: Place, number: int, taken: list[Area]) -> Xml:
    x, y = place
    taken.append((x - 13, y - 34, x + 13, y + 2))
    drop = element("path", {"d": DROP, "fill": INK, "stroke": PAPER, "stroke-width": 2})
    look = {"y": -15.4, "font-size": 13, "font-weight": 700, "text-anchor": "middle", "fill": PAPER}
    text = [element("text", look, str(number))] if number else []
    return element("g", {"transform": f"translate({x:.1f} {y:.1f})"}, drop, *text)


def _labels(frame: _Frame, names: TownNames, taken: list[Area]) -> Iterator[Xml]:
    """The largest towns in view; a name that would lie on another or on a pin is left out."""
    west, south, east, north = frame.degrees()
    look = {"font-size": 12, "text-anchor": "middle", "fill": NAME, "stroke": LAND, "stroke-width": 3,
            "stroke-linejoin": "round", "paint-order": "stroke"}  # fmt: skip
    written = 0
    for town in names.within(south, west, north, east):
        x, y = frame.place(*astuple(town.coordinates))
        half = len(town.name) * LETTER / 2
        area = (x - half, y - LINE, x + half, y + 4)
        inside = area[0] > EDGE and area[2] < WIDTH - EDGE and area[1] > EDGE and area[3] < HEIGHT - EDGE
        if inside and not any(_meet(area, other) for other in taken):
            taken.append(area)
            written += 1
            yield element("text", {"x": f"{x:.1f}", "y": f"{y:.1f}", **look}, town.name)
        if written == MOST_NAMES:
            return


def _meet(one: Area, other: Area) -> bool:
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]


def _scale(frame: _Frame, metric: bool) -> Iterator[Xml]:
    """A bar of a round number of miles or kilometers, at most 110 pixels long."""
    meters_per_pixel = 6_371_000 * math.cos(math.atan(math.sinh(frame.y))) / frame.scale
    unit, word = (1000.0, "km") if metric else (METERS_PER_MILE, "mi")
    most = 110 * meters_per_pixel / unit
    power = 10 ** math.floor(math.log10(most))
    length = next(step * power for step in (5, 2, 1) if step * power <= most)
    end = 12 + length * unit / meters_per_pixel
    bar = f"M12 {HEIGHT - 16:.0f}v6H{end:.1f}v-6"
    yield element("path", {"d": bar, "fill": "none", "stroke": INK, "stroke-width": 1.5})
    look = {"x": f"{end + 6:.1f}", "y": f"{HEIGHT - 9:.0f}", "font-size": 12, "fill": INK}
    yield element("text", look, f"{length:g} {word}")

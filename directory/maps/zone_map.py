"""A map of zones in one page for mails, reports and notebooks: it holds all it needs and asks the network for nothing.

    from directory.maps.zone_map import zone_map

    zone_map(json.load(open("zones.geojson")), "Safe zones of Fairfield County")

folium writes the map script. It gets no text of a zone, which it would run as a template
(docs/decisions/0001-folium-gets-no-data.md): these stand escaped in a list beside the map, and our own layer,
static/zone-map.js, reads where they are as JSON.
"""

import atexit
import json
import shutil
import tempfile
from base64 import b64encode
from collections.abc import Sequence
from datetime import date
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import folium
import numpy as np
import shapely
from branca.element import Figure
from numpy.typing import NDArray

from directory.clock import today
from directory.formats.edition import ATTRIBUTION, LICENCE, LICENCE_NAME
from directory.geocoding.gazetteer import Gazetteer
from directory.maps import outlines
from directory.maps.map_colors import palette_of
from directory.maps.map_marks import PIN_WIDTH, Pin, PinKind, shape_of
from directory.maps.map_script import Tiles, empty_map
from directory.maps.mapped_zones import MappedZone, read_zones
from directory.maps.static_map import CONTINENT, MOST_PINS, is_on_the_continent, picture_of_many
from directory.maps.town_names import TownNames
from directory.settings import PACKAGE
from directory.xml_writer import Xml, element

AROUND = 0.6
"""Degrees of latitude that are drawn around the zones: about 65 km; farther out there is nothing to see."""
SCATTERED_DEGREES = 100
"""Of longitude: zones that lie wider apart are first seen on the continent, where nearly all are."""
STATIC = PACKAGE / "static"
STYLES = {PinKind.USABLE: "use", PinKind.UNSURE: "near", PinKind.GONE: "not", PinKind.ANNOUNCED: "plan"}
"""The style of each pin in static/zone-map.css, called as in static/site.css."""
_GROUND = "Outlines: U.S. Census Bureau, Natural Earth. Names of towns: GeoNames (CC BY 4.0), U.S. Census Bureau."


def zone_map(
    zones: Any, title: str = "Safe zones", *, tiles: Tiles | None = None, names: TownNames | None = None
) -> folium.Map:
    """A folium.Map of zones, with a list of them; `save("map.html")` and notebooks give one self-contained page.

    `zones` is a GeoJSON FeatureCollection of points with our properties (a file of `/downloads`, an answer of the API;
    an object or its text), or a table that has `__geo_interface__`, such as a GeoDataFrame. The order of the zones is
    that of their numbers. More than `MOST_PINS` are clusters where they would lie on each other. `title` is plain text.
    Without `tiles` there are outlines and names of towns in place of streets. `names` are those of the packaged
    gazetteer unless others are given.

    A page to which layers were added takes folium's own libraries, and those of the layers, from the network.

    Raises NotZonesError.
    """
    day = today()
    mapped = read_zones(zones, day)
    page_map = empty_map(tiles, scroll_wheel_zoom=False, max_bounds_viscosity=1.0)
    page = _Page(page_map, mapped, day, title, tiles, names or _packaged_names())
    page.add_child(page_map, name=page_map.get_name())
    return page_map


@cache
def _packaged_names() -> TownNames:
    folder = tempfile.mkdtemp(prefix="safezones-names-")
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return TownNames(Gazetteer.open_packaged(Path(folder)))


class _Page(Figure):
    """The page around a map: what folium calls its figure, with everything in it."""

    def __init__(
        self, page_map: folium.Map, zones: Sequence[MappedZone], day: date, title: str, tiles: Tiles | None,
        names: TownNames,
    ) -> None:  # fmt: skip
        super().__init__(ratio="75%")
        self._map, self._title, self._tiles = page_map, title, tiles
        self._own_layers = set(page_map._children)  # noqa: SLF001  (folium offers no public way)
        west, _, east, _ = _edges(zones)
        scattered = east - west > SCATTERED_DEGREES
        self._list = _list(zones, day, scattered=scattered)
        metric = zones[0].zone.country == "CA"
        pins = [Pin(zone.coordinates, number, zone.kind) for number, zone in enumerate(zones, 1)]
        self._picture = picture_of_many(pins, names, palette_of(dark=False), metric=metric, everywhere=scattered)
        self._clusters = len(zones) > MOST_PINS
        members = _data(zones, names, metric, bare=tiles is None) | ({"first": CONTINENT} if scattered else {})
        data = json.dumps(members, separators=(",", ":"))
        self._data = data.replace("<", r"\u003c")  # a name must not end the element

    def render(self, **kwargs: Any) -> str:
        """The page. The same zones give the same bytes on the same day."""
        for child in list(self._children.values()):
            child.render(**kwargs)  # folium collects header, html and script
        scripts, style = [_static("zone-map.js"), self.script.render()], _static("tokens.css", "zone-map.css")
        if self._clusters:
            scripts = [_clustering(), *scripts]
        added = set(self._map._children) != self._own_layers  # noqa: SLF001
        if added:
            head = "".join(
                child.render() for name, child in self.header._children.items()  # noqa: SLF001
                if name not in ("meta_http", self._map.get_name())
            )  # fmt: skip
        else:
            scripts, style = [_static("vendor/leaflet.js"), *scripts], _static("vendor/leaflet.css") + style
            head = _policy(scripts, style, self._tiles)
        return "".join([
            '<!DOCTYPE html>\n<html lang="en"><head><meta charset="utf-8">', head,
            '<meta name="viewport" content="width=device-width, initial-scale=1">'
            '<meta name="referrer" content="no-referrer">',
            element("title", {}, self._title), f"<style>{style}</style></head>\n<body><main>",
            element("h1", {}, self._title),
            f'<div class="map" role="region" aria-label="Map">{self.html.render()}</div>\n',
            f'<div class="picture">{self._picture}</div>\n', self._list, "</main>\n",
            f'<script type="application/json" id="data">{self._data}</script>\n',
            *(f"<script>{script}</script>\n" for script in scripts), "</body></html>\n",
        ])  # fmt: skip


def _static(*names: str) -> str:
    return "".join((STATIC / name).read_text(encoding="utf-8") for name in names)


def _clustering() -> str:
    """The library that makes one of pins that would lie on each other, with its licence."""
    return f"/*\n{_static('vendor/supercluster-LICENSE.txt')}*/\n{_static('vendor/supercluster.js')}"


def _policy(scripts: Sequence[str], style: str, tiles: Tiles | None) -> Xml:
    """What the page may do, as a browser holds it: run these scripts, ask for tiles if there are any, nothing else."""

    def digest(text: str) -> str:
        return f"'sha256-{b64encode(sha256(text.encode()).digest()).decode()}'"

    parts = urlsplit(tiles.url.replace("{s}.", "*.")) if tiles else None
    pictures = f" {parts.scheme}://{parts.netloc}" if parts else ""
    content = (
        f"default-src 'none'; script-src {' '.join(map(digest, scripts))}; style-src {digest(style)}; "
        f"img-src data:{pictures}; base-uri 'none'; form-action 'none'"
    )
    return element("meta", {"http-equiv": "Content-Security-Policy", "content": content})


def _list(zones: Sequence[MappedZone], day: date, *, scattered: bool) -> str:
    """The zones as text, numbered as on the map; before them the day, behind them the licence and whom to name."""
    count = f"{len(zones)} place{'' if len(zones) == 1 else 's'}"
    lead = f"{count} of the Safe Zone Directory. Page made on {day.isoformat()}; places change: call before you go."
    far = sum(not is_on_the_continent(zone.coordinates) for zone in zones) if scattered else 0
    lead += f" {far} of them {'lies' if far == 1 else 'lie'} outside of the map’s first view." if far else ""
    items = [_item(number, zone) for number, zone in enumerate(zones, 1)]
    licence = element("a", {"href": LICENCE, "rel": "license"}, LICENCE_NAME)
    return "".join([
        element("p", {"class": "lead"}, lead), element("ol", {}, *items),
        element("footer", {}, element("p", {}, f"Data: {ATTRIBUTION}. Licence: ", licence, "."),
                element("p", {}, _GROUND)),
    ])  # fmt: skip


def _item(number: int, zone: MappedZone) -> Xml:
    name: str = zone.name
    heading = element("a", {"href": zone.page}, name) if zone.page else name
    called, address = zone.source
    source = element("a", {"href": address}, called) if address else called
    date = f", {zone.zone.source_date}" if zone.zone.source_date else ""
    lines = [*(element("p", {}, line) for line in zone.lines), element("p", {}, f"{zone.age} Source: ", source, date)]
    return element(
        "li",
        {"id": f"place-{number}"},
        _symbol(number, zone.kind),
        element("div", {}, element("h2", {}, heading), *lines),
    )


def _symbol(number: int, kind: PinKind) -> Xml:
    """The pin, which the map copies: a drop ends at the foot of the picture, other shapes stand in its middle."""
    style = STYLES[kind]
    top = -36 if kind.is_drop else -19
    long = " p-n-long" if number > 99 else ""
    digits = element("text", {"class": f"p-n p-n-{style}{long}", "y": kind.number_height}, str(number))
    size = {"viewBox": f"-16 {top} 32 38", "width": 32, "height": 38}
    return element("svg", {**size, "aria-hidden": "true"}, shape_of(kind, {"class": f"p-{style}"}), digits)


def _data(zones: Sequence[MappedZone], names: TownNames, metric: bool, bare: bool) -> dict[str, Any]:
    """What the map's own layer reads: places in the order of the list; outlines and towns where there are no tiles."""
    places = [[zone.coordinates.latitude, zone.coordinates.longitude] for zone in zones]
    data: dict[str, Any] = {"places": places, "metric": metric, "beside": PIN_WIDTH}
    if bare:
        west, south, east, north = edges = _edges(zones)
        wide = east - west > outlines.FAR_DEGREES
        outline_names = (
            outlines.FAR_LAND if wide else outlines.LAND,
            outlines.BORDERS,
            *([] if wide else [outlines.COUNTIES]),
        )
        towns = names.within(south, west, north, east)
        data |= {
            "edges": [[south, west], [north, east]],
            "outlines": [_shape(outlines.outlines(name, edges)) for name in outline_names],
            "towns": [[town.name, town.coordinates.latitude, town.coordinates.longitude] for town in towns],
        }
    return data


def _edges(zones: Sequence[MappedZone]) -> outlines.Edges:
    latitudes = [zone.coordinates.latitude for zone in zones]
    longitudes = [zone.coordinates.longitude for zone in zones]
    # A degree of longitude is short in the north, and views are broad.
    return (
        max(min(longitudes) - 3 * AROUND, -180.0), max(min(latitudes) - AROUND, -85.0),
        min(max(longitudes) + 3 * AROUND, 180.0), min(max(latitudes) + AROUND, 85.0),
    )  # fmt: skip


def _shape(pieces: NDArray[np.object_]) -> Any:
    return json.loads(shapely.to_geojson(shapely.geometrycollections(pieces)))

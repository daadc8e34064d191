"""The map script, written by folium: map, tiles, and our own layer.

folium gets checked settings and no zone data (docs/decisions/0001-folium-gets-no-data.md).
"""

import hashlib
import re
from dataclasses import dataclass
from html import escape
from typing import Any, cast

import folium
from branca.element import Figure, MacroElement
from folium.template import Template

from directory.errors import BadInputError
from directory.settings import Settings

NORTH_AMERICA = (39.5, -96.0)
_TILE_ADDRESS = re.compile(r"https?://[A-Za-z0-9.{}\[\]-]+(:\d+)?/\S+")


class _ZoneLayer(MacroElement):
    """Passes the map to static/map.js, which loads the zones."""

    _template = Template(
        "{% macro script(this, kwargs) %}SafeZones.start({{ this._parent.get_name() }});{% endmacro %}"
    )


@dataclass(frozen=True, slots=True)
class MapScript:
    """A script that creates the map in the element `element_id`; `name` changes with its text."""

    element_id: str
    script: bytes

    @property
    def name(self) -> str:
        """The script's file name, for a URL without cache expiry."""
        return f"frame-{hashlib.sha256(self.script).hexdigest()[:12]}.js"


class UnsafeMapSettingError(BadInputError, ValueError):
    """A map setting that folium would run as a template."""


@dataclass(frozen=True, slots=True)
class Tiles:
    """Pictures of streets: the address of each, whom to name for them (plain text), and their deepest zoom.

    Raises UnsafeMapSettingError.
    """

    url: str
    credit: str
    credit_url: str = ""
    max_zoom: int = 19

    def __post_init__(self) -> None:
        for value in (self.url, self.credit, self.credit_url):
            if any(sign in value for sign in ("{{", "{%", "{#", "<")):
                raise UnsafeMapSettingError(f"a map setting must not contain template or HTML signs: {value}")
        if not _TILE_ADDRESS.fullmatch(self.url):
            raise UnsafeMapSettingError(f"no address of tiles, which a security policy could name: {self.url}")

    def layer(self) -> folium.TileLayer:
        """As folium writes it."""
        text = escape(self.credit)
        credit = f'<a href="{escape(self.credit_url)}">{text}</a>' if self.credit_url else text
        return folium.TileLayer(self.url, attr=credit, max_zoom=self.max_zoom, control=False)


def empty_map(tiles: Tiles | None, **options: Any) -> folium.Map:
    """A folium.Map with our own layer and no data: the same options give the same script."""
    page_map = folium.Map(location=NORTH_AMERICA, zoom_start=4, tiles=None, zoom_control="topright", **options)
    layers: list[MacroElement] = [tiles.layer()] if tiles else []
    page_map._id = "zones"  # noqa: SLF001  (folium offers no public way)
    for number, element in enumerate([*layers, _ZoneLayer()], 1):  # type: ignore[no-untyped-call]
        element._id = f"zones{number}"  # noqa: SLF001
        element.add_to(page_map)
    return page_map


def build_map_script(settings: Settings) -> MapScript:
    """Build the script of every page's map. The same settings give the same bytes.

    Raises UnsafeMapSettingError.
    """
    tiles = None
    if settings.tile_url and not settings.basemap:  # whoever has streets of their own wants no others' instead
        tiles = Tiles(
            settings.tile_url, settings.tile_attribution, settings.tile_attribution_url, settings.tile_max_zoom
        )
    page_map = empty_map(tiles, world_copy_jump=True, max_zoom=settings.tile_max_zoom)
    figure = cast(Figure, page_map.get_root())
    figure.render()
    return MapScript(page_map.get_name(), f"{figure.script.render()}\n".encode())

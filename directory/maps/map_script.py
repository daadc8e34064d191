"""The map script, written by folium: map, tiles, and our own layer.

folium gets checked settings and no zone data (docs/decisions/0001-folium-gets-no-data.md).
"""

import hashlib
from dataclasses import dataclass
from html import escape
from typing import cast

import folium
from branca.element import Figure, MacroElement
from folium.template import Template

from directory.errors import BadInputError
from directory.settings import Settings

NORTH_AMERICA = (39.5, -96.0)


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


def build_map_script(settings: Settings) -> MapScript:
    """Build the script of every page's map. The same settings give the same bytes.

    Raises UnsafeMapSettingError.
    """
    for value in (settings.tile_url, settings.tile_attribution, settings.tile_attribution_url):
        if any(sign in value for sign in ("{{", "{%", "{#", "<")):
            raise UnsafeMapSettingError(f"a map setting must not contain template or HTML signs: {value}")
    credit = f'<a href="{escape(settings.tile_attribution_url)}">{escape(settings.tile_attribution)}</a>'
    frame = folium.Map(
        location=NORTH_AMERICA, zoom_start=4, tiles=None, zoom_control="topright", world_copy_jump=True,
        max_zoom=settings.tile_max_zoom,
    )  # fmt: skip
    elements: list[MacroElement] = [_ZoneLayer()]  # type: ignore[no-untyped-call]
    if settings.tile_url and not settings.basemap:  # whoever has streets of their own wants no others' instead
        tiles = folium.TileLayer(settings.tile_url, attr=credit, max_zoom=settings.tile_max_zoom, control=False)
        elements.insert(0, tiles)
    frame._id = "zones"  # noqa: SLF001  (folium offers no public way)
    for number, element in enumerate(elements, 1):
        element._id = f"zones{number}"  # noqa: SLF001
        element.add_to(frame)
    figure = cast(Figure, frame.get_root())
    figure.render()
    return MapScript(frame.get_name(), f"{figure.script.render()}\n".encode())

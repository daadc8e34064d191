"""The names of towns for maps without streets: one small file for each tile of the usual web maps."""

import json
from dataclasses import astuple

from flask import Blueprint, Response, abort, url_for

from directory.web.http.container import container
from directory.web.public.maps.map_data import FOR_EVER

blueprint = Blueprint("town_names", __name__)

UNITS = 10_000
"""Positions are whole numbers of ten-thousandths of a degree."""


@blueprint.get("/map/names-<version>/<int:zoom>/<int:column>/<int:row>.json")
def tile(version: str, zoom: int, column: int, row: int) -> Response:
    """The towns of a tile, largest first, as [name, latitude, longitude, population]; 404 for a tile that is none."""
    try:
        towns = container().town_names.in_tile(zoom, column, row)
    except ValueError:
        abort(404)
    rows = [
        [town.name, *(round(degrees * UNITS) for degrees in astuple(town.coordinates)), town.population]
        for town in towns
    ]
    content = json.dumps(rows, ensure_ascii=False, separators=(",", ":"))
    kept = FOR_EVER if version == container().gazetteer.version else "no-cache"
    return Response(content, mimetype="application/json", headers={"Cache-Control": kept})


def names_url() -> str:
    """Where maps find the names: an address with {z}, {x} and {y}."""
    address = url_for("town_names.tile", version=container().gazetteer.version, zoom=0, column=0, row=0)
    return address.removesuffix("0/0/0.json") + "{z}/{x}/{y}.json"

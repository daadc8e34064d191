"""A small hand-made OSM extract: two shores with a ferry between them, a bay with a bridge, and a one-way road."""

from collections.abc import Sequence
from pathlib import Path

import osmium
from osmium.osm import mutable

from directory.geo import Coordinates

ORIENT, RIVERHEAD = Coordinates(41.140, -72.300), Coordinates(40.930, -72.650)
WATERFORD = Coordinates(41.340, -72.130)
OAKLAND, SAN_FRANCISCO, HAYWARD = (
    Coordinates(37.800, -122.270),
    Coordinates(37.780, -122.410),
    Coordinates(37.670, -122.080),
)
ISLAND = Coordinates(41.180, -71.580)
"""Its streets lead nowhere else."""
MANORVILLE = Coordinates(40.880, -72.800)
"""From Riverhead a straight one-way road leads there; the way back is a detour."""
WILDERNESS = Coordinates(41.020, -72.560)
"""No road is near: 3 km from the one between Orient and Riverhead."""
FERRY_MINUTES = 80
BLOCKS, BLOCK_DEGREES = 8, 0.002
"""Each town is a square of so many streets, about 200 m apart."""


class _Extract:
    """Nodes and ways with running ids."""

    def __init__(self) -> None:
        self.nodes: list[mutable.Node] = []
        self.ways: list[mutable.Way] = []

    def node(self, latitude: float, longitude: float) -> int:
        """The id of a new node."""
        self.nodes.append(mutable.Node(id=len(self.nodes) + 1, version=1, location=(longitude, latitude), tags={}))
        return len(self.nodes)

    def way(self, nodes: Sequence[int], **tags: str) -> None:
        """A way through these nodes."""
        self.ways.append(mutable.Way(id=len(self.ways) + 1, version=1, nodes=list(nodes), tags=tags))

    def town(self, middle: Coordinates) -> int:
        """A square of streets; gives the node in its middle."""
        half = BLOCKS // 2
        grid = [
            [
                self.node(middle.latitude + row * BLOCK_DEGREES, middle.longitude + column * BLOCK_DEGREES)
                for column in range(-half, half + 1)
            ]
            for row in range(-half, half + 1)
        ]
        for line in (*grid, *zip(*grid, strict=True)):
            self.way(line, highway="residential", name="Main Street")
        return grid[half][half]

    def road(self, start: int, end: int, bend: Coordinates | None = None, **tags: str) -> None:
        """A road between two nodes, straight or over a third place."""
        between = [self.node(bend.latitude, bend.longitude)] if bend else []
        self.way([start, *between, end], **{"highway": "primary", "maxspeed": "80", **tags})


def write_extract(path: Path) -> None:
    """Write the extract as PBF."""
    extract = _Extract()
    orient, riverhead, waterford = (extract.town(place) for place in (ORIENT, RIVERHEAD, WATERFORD))
    oakland, san_francisco, hayward = (extract.town(place) for place in (OAKLAND, SAN_FRANCISCO, HAYWARD))
    extract.town(ISLAND)
    manorville = extract.town(MANORVILLE)
    extract.road(riverhead, manorville, oneway="yes")
    extract.road(manorville, riverhead, Coordinates(40.80, -72.65), oneway="yes")
    extract.road(orient, riverhead, Coordinates(41.06, -72.43))
    landing, harbor = extract.node(41.154, -72.240), extract.node(41.354, -72.094)
    extract.road(orient, landing)
    extract.road(waterford, harbor)
    extract.way([landing, harbor], route="ferry", duration=f"01:{FERRY_MINUTES - 60}", motor_vehicle="yes", foot="yes")
    extract.road(oakland, san_francisco, bridge="yes", highway="motorway_link", maxspeed="80", foot="no")
    extract.road(oakland, hayward)
    with osmium.SimpleWriter(str(path), overwrite=True) as writer:
        for node in extract.nodes:
            writer.add_node(node)
        for way in extract.ways:
            writer.add_way(way)

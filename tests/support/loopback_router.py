"""A routing server on loopback: it plays OSRM and Valhalla, with ways of the test's own and with every fault."""

import json
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from directory.geo import Coordinates, distance_m
from directory.routing.router import Trip
from tests.support.loopback import LoopbackServer, Reply

Way = Callable[[Coordinates, Coordinates], Trip | None]
"""The trip from one place to another."""
SLOW_SECONDS = 30.0


def along_the_line(origin: Coordinates, target: Coordinates) -> Trip:
    """A road as the crow flies, at 60 km/h."""
    meters = distance_m(origin, target)
    return Trip(meters / (60 / 3.6), meters)


class LoopbackRouter(LoopbackServer):
    """Answers `GET /table/v1/…` and `POST /sources_to_targets` by `way`, or with `fault`: (status, body, seconds)."""

    def __init__(self, way: Way = along_the_line) -> None:
        self.way = way
        self.fault: Reply | None = None
        self.snaps_m: dict[Coordinates, float] = {}
        """How far the nearest road is from a place, where it is not there."""
        self.unconnected: set[Coordinates] = set()
        """Places for which Valhalla refuses a whole matrix."""
        self.off_road: set[Coordinates] = set()
        """Likewise, because no road is near."""
        super().__init__()

    def reply(self, path: str, sent: str) -> Reply:
        if self.fault:
            return self.fault
        status, answer = self.valhalla(json.loads(sent)) if sent else self.osrm(path)
        return status, json.dumps(answer).encode(), 0

    def osrm(self, path: str) -> tuple[int, Any]:
        """An answer of OSRM's table service."""
        address, _, query = path.partition("?")
        values = dict(part.split("=") for part in query.split("&"))
        places = [
            Coordinates(float(y), float(x)) for x, y in (pair.split(",") for pair in address.split("/")[-1].split(";"))
        ]
        origins, targets = (
            [places[int(number)] for number in values[name].split(";")] for name in ("sources", "destinations")
        )
        trips = [[self.way(origin, target) for target in targets] for origin in origins]
        return 200, {
            "code": "Ok",
            "durations": [[trip and trip.seconds for trip in row] for row in trips],
            "distances": [[trip and trip.meters for trip in row] for row in trips],
            "sources": self._waypoints(origins),
            "destinations": self._waypoints(targets),
        }

    def _waypoints(self, places: Sequence[Coordinates]) -> list[dict[str, Any]]:
        return [{"location": point.position, "distance": self.snaps_m.get(point, 0.0), "name": ""} for point in places]

    def valhalla(self, question: dict[str, Any]) -> tuple[int, Any]:
        """An answer of Valhalla's matrix service."""
        origins, targets = (
            [Coordinates(place["lat"], place["lon"]) for place in question[name]] for name in ("sources", "targets")
        )
        if self.unconnected.intersection((*origins, *targets)):
            return 400, {"error_code": 170, "error": "Locations are in unconnected regions", "status_code": 400}
        if self.off_road.intersection((*origins, *targets)):
            return 400, {"error_code": 171, "error": "No suitable edges near location", "status_code": 400}
        trips = [[self.way(origin, target) for target in targets] for origin in origins]
        return 200, {
            "sources_to_targets": [
                [
                    {"time": trip and trip.seconds, "distance": trip and _kilometers(trip.meters), "to_index": column}
                    for column, trip in enumerate(row)
                ]
                for row in trips
            ],
            "units": "kilometers",
        }


def _kilometers(meters: Any) -> Any:
    return meters / 1_000 if isinstance(meters, int | float) else meters


@contextmanager
def running_router(way: Way = along_the_line) -> Iterator[LoopbackRouter]:
    """A router that runs in a thread."""
    server = LoopbackRouter(way)
    threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
    try:
        yield server
    finally:
        server.over.set()
        server.shutdown()
        server.server_close()

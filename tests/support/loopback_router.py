"""A routing server on loopback: it plays OSRM and Valhalla, with ways of the test's own and with every fault."""

import json
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from directory.geo import Coordinates, distance_m
from directory.routing.router import Trip

Way = Callable[[Coordinates, Coordinates], Trip | None]
"""The trip from one place to another."""
SLOW_SECONDS = 30.0


def along_the_line(origin: Coordinates, target: Coordinates) -> Trip:
    """A road as the crow flies, at 60 km/h."""
    meters = distance_m(origin, target)
    return Trip(meters / (60 / 3.6), meters)


class LoopbackRouter(ThreadingHTTPServer):
    """Answers `GET /table/v1/…` and `POST /sources_to_targets` by `way`, or with `fault`: (status, body, seconds)."""

    daemon_threads = True

    def __init__(self, way: Way = along_the_line) -> None:
        self.way = way
        self.fault: tuple[int, bytes, float] | None = None
        self.asked: list[str] = []
        """The addresses of the questions, with their bodies."""
        self.snaps_m: dict[Coordinates, float] = {}
        """How far the nearest road is from a place, where it is not there."""
        self.unconnected: set[Coordinates] = set()
        """Places for which Valhalla refuses a whole matrix."""
        self.off_road: set[Coordinates] = set()
        """Likewise, because no road is near."""
        self.over = threading.Event()
        server = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                self.answer("")

            def do_POST(self) -> None:
                self.answer(self.rfile.read(int(self.headers["Content-Length"])).decode())

            def answer(self, body: str) -> None:
                server.asked.append(f"{self.path} {body}")
                if server.fault:
                    status, content, seconds = server.fault
                    server.over.wait(seconds)
                else:
                    status, answer = server.valhalla(json.loads(body)) if body else server.osrm(self.path)
                    content = json.dumps(answer).encode()
                self.send_response(status)
                self.send_header("Content-Length", str(len(content)))
                self.end_headers()
                self.wfile.write(content)

            def log_message(self, *_args: object) -> None:
                pass

        super().__init__(("127.0.0.1", 0), Handler)

    def handle_error(self, *_args: object) -> None:
        """A client that gave up is what some tests are about."""

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}"

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

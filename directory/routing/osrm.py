"""OSRM: GET /table/v1/driving/…, answered for the profile that the server's data were prepared with."""

from collections.abc import Sequence
from typing import Any

from directory.geo import Coordinates
from directory.routing.http_client import HttpClient
from directory.routing.router import SNAP_M, Matrix, Mode, RouterError, read_trip, require_shape


class Osrm:
    """An OSRM server of the operator, prepared for cars: it ignores the profile in an address, so it has no walks."""

    name = "osrm"
    modes = frozenset({Mode.DRIVE})

    def __init__(self, client: HttpClient) -> None:
        self._client = client

    def matrix(
        self, origins: Sequence[Coordinates], targets: Sequence[Coordinates], mode: Mode, until: float
    ) -> Matrix:
        """The trips from each origin to each target. Raises RouterError."""
        if mode not in self.modes:
            raise RouterError(f"OSRM has no times for {mode}")
        if not targets:
            return [[] for _ in origins]
        places = ";".join(f"{point.longitude:.5f},{point.latitude:.5f}" for point in (*origins, *targets))
        count = len(origins)
        sources = ";".join(str(number) for number in range(count))
        destinations = ";".join(str(number) for number in range(count, count + len(targets)))
        query = f"sources={sources}&destinations={destinations}&annotations=duration,distance&generate_hints=false"
        status, answer = self._client.get(f"/table/v1/driving/{places}?{query}", until)
        if status != 200 or not isinstance(answer, dict) or answer.get("code") != "Ok":
            raise RouterError(f"OSRM refuses with status {status}")
        durations, distances = (
            require_shape(answer.get(name), count, len(targets)) for name in ("durations", "distances")
        )
        begins = _on_road(answer.get("sources"), count)
        ends = _on_road(answer.get("destinations"), len(targets))
        return [
            [
                read_trip(durations[row][column], distances[row][column]) if begins[row] and ends[column] else None
                for column in range(len(targets))
            ]
            for row in range(count)
        ]


def _on_road(waypoints: Any, count: int) -> list[bool]:
    """Whether a road is near each place: OSRM begins at the nearest one, however far. Raises RouterError."""
    if not isinstance(waypoints, list) or len(waypoints) != count:
        raise RouterError("OSRM does not say where its roads begin")
    distances = [waypoint.get("distance") if isinstance(waypoint, dict) else None for waypoint in waypoints]
    trips = [read_trip(0, distance) for distance in distances]
    if None in trips:
        raise RouterError("OSRM does not say where its roads begin")
    return [trip is not None and trip.meters <= SNAP_M for trip in trips]

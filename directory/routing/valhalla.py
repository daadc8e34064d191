"""Valhalla: POST /sources_to_targets, so that no place stands in its log of addresses."""

from collections.abc import Sequence
from typing import Any

from directory.geo import Coordinates
from directory.routing.bounds import FASTEST_KMH
from directory.routing.http_client import HttpClient
from directory.routing.router import SNAP_M, Matrix, Mode, RouterError, read_trip, require_shape

COSTINGS: dict[Mode, tuple[str, dict[str, Any]]] = {
    Mode.DRIVE: ("auto", {"auto": {"top_speed": int(FASTEST_KMH[Mode.DRIVE])}}),
    Mode.WALK: ("pedestrian", {}),
}
NO_WAY_CODES = (154, 170, 171)
"""A pair is too far apart; two are in unconnected regions; a place has no road near. One such pair refuses them all."""


class _NoWayError(RouterError):
    """At least one pair of those that were asked for has no way."""


class Valhalla:
    """A Valhalla server of the operator."""

    name = "valhalla"
    modes = frozenset(Mode)

    def __init__(self, client: HttpClient) -> None:
        self._client = client

    def matrix(
        self, origins: Sequence[Coordinates], targets: Sequence[Coordinates], mode: Mode, until: float
    ) -> Matrix:
        """The trips from each origin to each target. Raises RouterError."""
        if not targets:
            return [[] for _ in origins]
        try:
            return self._ask(origins, targets, mode, until)
        except _NoWayError:
            pass
        if len(origins) > 1:
            return [row for origin in origins for row in self.matrix([origin], targets, mode, until)]
        if len(targets) == 1 or self._is_off_road(origins[0], mode, until):
            return [[None] * len(targets)]
        return [self._in_halves(origins[0], targets, mode, until)]

    def _in_halves(self, origin: Coordinates, targets: Sequence[Coordinates], mode: Mode, until: float) -> list[Any]:
        """The trips to targets of which some have none: Valhalla does not say which, so it is asked for halves."""
        half = len(targets) // 2
        return [trip for side in (targets[:half], targets[half:]) for trip in self._trips_to(origin, side, mode, until)]

    def _trips_to(self, origin: Coordinates, targets: Sequence[Coordinates], mode: Mode, until: float) -> list[Any]:
        try:
            return self._ask([origin], targets, mode, until)[0]
        except _NoWayError:
            return [None] if len(targets) == 1 else self._in_halves(origin, targets, mode, until)

    def _is_off_road(self, origin: Coordinates, mode: Mode, until: float) -> bool:
        try:
            self._ask([origin], [origin], mode, until)
        except _NoWayError:
            return True
        return False

    def _ask(self, origins: Sequence[Coordinates], targets: Sequence[Coordinates], mode: Mode, until: float) -> Matrix:
        """One request. Raises RouterError or _NoWayError."""
        costing, options = COSTINGS[mode]
        question = {
            "sources": [_place(point) for point in origins], "targets": [_place(point) for point in targets],
            "costing": costing, "costing_options": options, "units": "kilometers",
        }  # fmt: skip
        status, answer = self._client.post("/sources_to_targets", question, until)
        if not isinstance(answer, dict):
            raise RouterError("Valhalla answers something else than was asked for")
        if status == 400 and answer.get("error_code") in NO_WAY_CODES:
            raise _NoWayError
        if status != 200 or answer.get("units") != "kilometers":
            raise RouterError(f"Valhalla refuses with status {status}")
        rows = require_shape(answer.get("sources_to_targets"), len(origins), len(targets))
        return [[_trip(cell) for cell in row] for row in rows]


def _place(point: Coordinates) -> dict[str, float]:
    return {"lat": point.latitude, "lon": point.longitude, "search_cutoff": SNAP_M}


def _trip(cell: Any) -> Any:
    """A trip as Valhalla has it. Raises RouterError."""
    if not isinstance(cell, dict):
        raise RouterError("Valhalla answers something that is no trip")
    kilometers = cell.get("distance")
    meters = kilometers * 1_000 if isinstance(kilometers, int | float) else kilometers
    return read_trip(cell.get("time"), meters)

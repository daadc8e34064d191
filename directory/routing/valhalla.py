"""Valhalla: POST /sources_to_targets, so that no place stands in its log of addresses."""

from collections.abc import Sequence
from typing import Any

from directory.geo import Coordinates
from directory.routing.bounds import FASTEST_KMH
from directory.routing.http_client import HttpClient
from directory.routing.road_components import RoadComponents
from directory.routing.router import SNAP_M, Matrix, Mode, RouterError, Trip, read_trip, require_shape

COSTINGS: dict[Mode, tuple[str, dict[str, Any]]] = {
    Mode.DRIVE: ("auto", {"auto": {"top_speed": int(FASTEST_KMH[Mode.DRIVE])}}),
    Mode.WALK: ("pedestrian", {}),
}
TOO_FAR, UNCONNECTED, NO_ROAD_NEAR = 154, 170, 171
NO_WAY_CODES = (TOO_FAR, UNCONNECTED, NO_ROAD_NEAR)
"""A pair is too far apart; two are in unconnected regions; a place has no road near. One such pair refuses them all."""
Row = list[Trip | None]


class _NoWayError(RouterError):
    """At least one pair of those that were asked for has no way."""

    def __init__(self, code: int) -> None:
        super().__init__(f"Valhalla knows no way: error {code}")
        self.code = code


class Valhalla:
    """A Valhalla server of the operator."""

    name = "valhalla"
    modes = frozenset(Mode)

    def __init__(self, client: HttpClient) -> None:
        self._client = client
        self._connections = RoadComponents()

    def matrix(
        self, origins: Sequence[Coordinates], targets: Sequence[Coordinates], mode: Mode, until: float
    ) -> Matrix:
        """The trips from each origin to each target. Raises RouterError."""
        self._connections.forget_old()
        doubtful = {target for target in targets if self._connections.may_be_refused(target, mode)}
        first = [target for target in targets if target not in doubtful]
        rows = self._rows(origins, first, mode, until)
        if doubtful:
            parts = [self._part_of(place, row, mode, until) for place, row in zip(origins, rows, strict=True)]
            others = [target for target in doubtful if not self._connections.is_refused(target, mode, parts)]
            for row, more in zip(rows, self._rows(origins, others, mode, until), strict=True):
                row.update(more)
        return [[row.get(target) for target in targets] for row in rows]

    def _rows(
        self, origins: Sequence[Coordinates], targets: Sequence[Coordinates], mode: Mode, until: float
    ) -> list[dict[Coordinates, Trip | None]]:
        """For each origin its trips by their target. Raises RouterError."""
        if not targets:
            return [{} for _ in origins]
        try:
            rows = self._ask(origins, targets, mode, until)
        except _NoWayError:
            if len(origins) > 1:
                return [row for origin in origins for row in self._rows([origin], targets, mode, until)]
            rows = [self._row(origins[0], targets, mode, until)]
        by_target = [dict(zip(targets, row, strict=True)) for row in rows]
        for row in by_target:
            self._connections.part_of(row.items(), mode)
        return by_target

    def _row(self, origin: Coordinates, targets: Sequence[Coordinates], mode: Mode, until: float) -> Row:
        """The trips to targets of which some have none. Raises RouterError."""
        if len(targets) == 1 or self._is_off_road(origin, mode, until):
            return [None] * len(targets)
        apart: list[Coordinates] = []
        row = self._in_halves(origin, targets, mode, until, apart)
        if apart:
            part = self._part_of(origin, dict(zip(targets, row, strict=True)), mode, until)
            self._connections.note_apart(apart, mode, part)
        return row

    def _part_of(
        self, origin: Coordinates, row: dict[Coordinates, Trip | None], mode: Mode, until: float
    ) -> int | None:
        """In which connected part of the network somebody is. Raises RouterError."""
        part = self._connections.part_of(row.items(), mode)
        if part is not None:
            return part
        for example, target in self._connections.examples(mode):
            try:
                ((trip,),) = self._ask([origin], [target], mode, until)
            except _NoWayError:
                continue
            if trip:
                return example
        return None

    def _in_halves(
        self, origin: Coordinates, targets: Sequence[Coordinates], mode: Mode, until: float, apart: list[Coordinates]
    ) -> Row:
        """Valhalla does not say which targets have no way, so it is asked for halves; `apart` takes the unconnected."""
        half = len(targets) // 2
        return [
            trip
            for side in (targets[:half], targets[half:])
            for trip in self._trips_to(origin, side, mode, until, apart)
        ]

    def _trips_to(
        self, origin: Coordinates, targets: Sequence[Coordinates], mode: Mode, until: float, apart: list[Coordinates]
    ) -> Row:
        try:
            return self._ask([origin], targets, mode, until)[0]
        except _NoWayError as error:
            if len(targets) > 1:
                return self._in_halves(origin, targets, mode, until, apart)
            if error.code == UNCONNECTED:
                apart.append(targets[0])
            elif error.code == NO_ROAD_NEAR:  # the origin has one, as was asked before
                self._connections.note_off_road(targets[0], mode)
            return [None]

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
            raise _NoWayError(answer["error_code"])
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

"""Travel times from a routing server on loopback: what is asked for, what is believed, and how long anybody waits."""

import socket
import time
from collections.abc import Callable
from contextlib import ExitStack

import pytest
from structlog.testing import capture_logs

from directory.circuit_breaker import FAILURE_THRESHOLD
from directory.geo import Coordinates, distance_m
from directory.routing.factory import ROUTERS, build_travel_times
from directory.routing.http_client import HttpClient
from directory.routing.router import Mode, RouterError, Trip
from directory.routing.travel_times import DEADLINE_SECONDS, TravelTimes
from directory.routing.valhalla import Valhalla
from directory.settings import ROUTERS as SETTING_ROUTERS
from directory.settings import Settings
from tests.support.loopback_router import SLOW_SECONDS, LoopbackRouter, along_the_line

HERE = Coordinates(41.123456, -73.654321)
NEAR = [Coordinates(41.15 + number / 100, -73.6) for number in range(5)]
KINDS = ("valhalla", "osrm")
Calls = list[tuple[str, str]]

FAULTS: dict[str, tuple[int, bytes, float]] = {
    "error": (500, b"{}", 0),
    "gone": (404, b"not here", 0),
    "redirect": (302, b"", 0),
    "garbage": (200, b"\x00\xff<html>", 0),
    "empty": (200, b"", 0),
    "a list": (200, b"[]", 0),
    "null": (200, b"null", 0),
    "another shape": (200, b'{"code": "Ok", "units": "kilometers", "sources_to_targets": 3, "durations": [[1]]}', 0),
    "deep": (200, b"[" * 200_000, 0),
    "huge": (200, b'{"code": "' + b"x" * 2_000_000 + b'"}', 0),
}
NO_TRIPS: dict[str, tuple[object, object]] = {
    "not a number": (float("nan"), 1_000), "infinite": (1_000, float("inf")), "negative": (-1, 1_000),
    "years": (1e12, 1_000), "around the world twice": (3_600, 9e7), "text": ("soon", 1_000), "true": (True, 1_000),
    "a list": ([], 1_000), "an object": ({}, 1_000), "nonsense": (1_000, "far"),
}  # fmt: skip


def times(router: LoopbackRouter, kind: str = "valhalla", calls: Calls | None = None) -> TravelTimes:
    def record(service: str, outcome: str) -> None:
        if calls is not None:
            calls.append((service, outcome))

    built = build_travel_times(Settings(router=f"{kind}:{router.url}"), record)
    assert built is not None
    return built


@pytest.mark.parametrize("kind", KINDS)
def test_there_is_a_row_for_each_place_and_in_it_a_trip_to_each_target(
    loopback_router: LoopbackRouter, kind: str
) -> None:
    origins = [HERE, Coordinates(41.3, -73.9)]
    matrix = times(loopback_router, kind).matrix(origins, NEAR, Mode.DRIVE)
    assert [len(row) for row in matrix] == [5, 5]
    for origin, row in zip(origins, matrix, strict=True):
        for target, trip in zip(NEAR, row, strict=True):
            assert trip is not None and trip.meters == pytest.approx(distance_m(origin, target), abs=100)


@pytest.mark.parametrize("kind", KINDS)
def test_the_way_there_may_be_another_than_the_way_back(loopback_router: LoopbackRouter, kind: str) -> None:
    loopback_router.way = lambda origin, target: Trip(1_000 if origin.latitude < target.latitude else 5_000, 20_000)
    south, north = Coordinates(41.1, -73.6), Coordinates(41.2, -73.6)
    assert times(loopback_router, kind).matrix([south, north], [south, north], Mode.DRIVE) == [
        [Trip(5_000, 20_000), Trip(1_000, 20_000)], [Trip(5_000, 20_000), Trip(5_000, 20_000)],
    ]  # fmt: skip


@pytest.mark.parametrize("kind", KINDS)
def test_a_target_without_a_way_has_no_trip_and_the_others_have_theirs(
    loopback_router: LoopbackRouter, kind: str
) -> None:
    loopback_router.way = lambda origin, target: None if target == NEAR[2] else along_the_line(origin, target)
    (row,) = times(loopback_router, kind).matrix([HERE], NEAR, Mode.DRIVE)
    assert [trip is None for trip in row] == [False, False, True, False, False]


def test_targets_for_which_valhalla_refuses_all_do_not_take_the_others_with_them(
    loopback_router: LoopbackRouter,
) -> None:
    loopback_router.unconnected = {NEAR[0], NEAR[3]}
    origins = [HERE, Coordinates(41.3, -73.9)]
    for row in times(loopback_router).matrix(origins, NEAR, Mode.DRIVE):
        assert [trip is None for trip in row] == [True, False, False, True, False]


def test_what_valhalla_refuses_is_found_out_by_the_first_who_comes_near(loopback_router: LoopbackRouter) -> None:
    loopback_router.off_road, loopback_router.unconnected = {NEAR[1]}, {NEAR[2]}
    travel_times = times(loopback_router)
    for row in travel_times.matrix([HERE, Coordinates(41.3, -73.9)], NEAR, Mode.DRIVE):
        assert [trip is None for trip in row] == [False, True, True, False, False]
    loopback_router.asked.clear()
    (somebody_else,) = travel_times.matrix([Coordinates(41.2, -73.8)], NEAR, Mode.DRIVE)
    assert [trip is None for trip in somebody_else] == [False, True, True, False, False]
    assert len(loopback_router.asked) == 1
    assert travel_times.matrix([Coordinates(41.22, -73.8)], NEAR[1:3], Mode.DRIVE) == [[None, None]]
    assert len(loopback_router.asked) == 2
    loopback_router.unconnected = {*NEAR} - {NEAR[2]}
    (on_an_island,) = travel_times.matrix([Coordinates(41.18, -73.7)], NEAR, Mode.DRIVE)
    assert [trip is None for trip in on_an_island] == [True, True, False, True, True]


def test_a_place_off_the_road_of_valhalla_is_asked_about_once(loopback_router: LoopbackRouter) -> None:
    loopback_router.unconnected = {Coordinates(41.123, -73.654)}
    assert times(loopback_router).matrix([HERE], NEAR, Mode.DRIVE) == [[None] * 5]
    assert len(loopback_router.asked) == 2


def test_where_osrm_begins_at_a_road_far_away_there_is_no_trip(loopback_router: LoopbackRouter) -> None:
    loopback_router.snaps_m = {NEAR[1]: 2_001.0, NEAR[2]: 1_999.0}
    (row,) = times(loopback_router, "osrm").matrix([HERE], NEAR, Mode.DRIVE)
    assert [trip is None for trip in row] == [False, True, False, False, False]


def test_osrm_has_no_walks_for_it_answers_for_the_profile_of_its_data(loopback_router: LoopbackRouter) -> None:
    travel_times = times(loopback_router, "osrm")
    assert travel_times.modes == {Mode.DRIVE}
    with pytest.raises(RouterError):
        travel_times.matrix([HERE], NEAR, Mode.WALK)
    assert loopback_router.asked == []


def test_valhalla_is_asked_to_go_no_faster_than_the_bound_says_and_to_begin_near(
    loopback_router: LoopbackRouter,
) -> None:
    times(loopback_router).matrix([HERE], NEAR, Mode.DRIVE)
    assert '"top_speed": 130' in loopback_router.asked[0] and '"search_cutoff": 2000.0' in loopback_router.asked[0]
    assert '"costing": "auto"' in loopback_router.asked[0]


@pytest.mark.parametrize("kind", KINDS)
def test_nobodys_place_is_told_closer_than_to_a_hundred_meters(loopback_router: LoopbackRouter, kind: str) -> None:
    times(loopback_router, kind).matrix([HERE], NEAR, Mode.DRIVE)
    assert "41.123" in loopback_router.asked[0] and "-73.654" in loopback_router.asked[0]
    assert "41.1234" not in loopback_router.asked[0] and "73.6543" not in loopback_router.asked[0]


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("fault", FAULTS)
def test_every_fault_is_one_kind_of_error(loopback_router: LoopbackRouter, kind: str, fault: str) -> None:
    loopback_router.fault = FAULTS[fault]
    calls: Calls = []
    with pytest.raises(RouterError):
        times(loopback_router, kind, calls).matrix([HERE], NEAR, Mode.DRIVE)
    assert calls == [(kind, "silent")]


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("values", NO_TRIPS.values(), ids=list(NO_TRIPS))
def test_what_is_no_time_or_distance_is_not_shown(
    loopback_router: LoopbackRouter, kind: str, values: tuple[object, object]
) -> None:
    class Odd:
        seconds, meters = values

        def __bool__(self) -> bool:
            return True

    loopback_router.way = lambda _origin, _target: Odd()  # type: ignore[assignment, return-value]
    with pytest.raises(RouterError):
        times(loopback_router, kind).matrix([HERE], NEAR, Mode.DRIVE)


def seconds_of(work: Callable[[], object]) -> float:
    started_at = time.monotonic()
    with pytest.raises(RouterError):
        work()
    return time.monotonic() - started_at


def test_nobody_waits_longer_than_the_deadline_and_after_three_failures_not_at_all(
    loopback_router: LoopbackRouter,
) -> None:
    loopback_router.fault = (200, b"{}", SLOW_SECONDS)
    travel_times = times(loopback_router)
    with capture_logs() as logs:
        waited = [
            seconds_of(lambda: travel_times.matrix([HERE], NEAR, Mode.DRIVE)) for _ in range(FAILURE_THRESHOLD + 3)
        ]
    assert all(DEADLINE_SECONDS - 0.2 < seconds < DEADLINE_SECONDS + 1 for seconds in waited[:FAILURE_THRESHOLD])
    assert all(seconds < 0.05 for seconds in waited[FAILURE_THRESHOLD:])
    assert travel_times.is_silent and len(loopback_router.asked) == FAILURE_THRESHOLD
    assert [(line["event"], line["router"]) for line in logs] == [("router does not answer", "valhalla")]
    assert "41." not in str(logs)


def test_a_dead_router_is_not_waited_for(loopback_router: LoopbackRouter) -> None:
    travel_times = times(loopback_router)
    loopback_router.shutdown()
    loopback_router.server_close()
    assert seconds_of(lambda: travel_times.matrix([HERE], NEAR, Mode.DRIVE)) < 0.3


def test_a_router_that_accepts_no_connection_is_given_up_long_before_the_deadline() -> None:
    with ExitStack() as stack:
        deaf = stack.enter_context(socket.socket())
        deaf.bind(("127.0.0.1", 0))
        deaf.listen(0)
        for _ in range(4):  # the queue is full, and further connections wait for ever
            waiting = stack.enter_context(socket.socket())
            waiting.setblocking(False)
            waiting.connect_ex(deaf.getsockname())
        travel_times = TravelTimes(Valhalla(HttpClient(f"http://127.0.0.1:{deaf.getsockname()[1]}", "tests")))
        assert seconds_of(lambda: travel_times.matrix([HERE], NEAR, Mode.DRIVE)) < 0.6


def test_a_name_server_that_hangs_is_waited_for_no_longer_than_a_connection(monkeypatch: pytest.MonkeyPatch) -> None:
    def hang(*_question: object, **_options: object) -> list[object]:
        time.sleep(1)
        raise OSError

    monkeypatch.setattr(socket, "getaddrinfo", hang)
    travel_times = TravelTimes(Valhalla(HttpClient("http://router.internal:8002", "tests")))
    assert seconds_of(lambda: travel_times.matrix([HERE], NEAR, Mode.DRIVE)) < 0.6


def test_a_router_that_sends_a_byte_at_a_time_is_given_up(loopback_router: LoopbackRouter) -> None:
    travel_times = TravelTimes(_Dripping(), seconds=0.2)
    assert seconds_of(lambda: travel_times.matrix([HERE], NEAR, Mode.DRIVE)) < 1


class _Dripping:
    """A client that never ends."""

    name = "dripping"
    modes = frozenset(Mode)

    def matrix(self, *_args: object) -> list[list[Trip | None]]:
        time.sleep(2)
        return []


def test_every_router_of_the_setting_is_built() -> None:
    assert tuple(ROUTERS) == SETTING_ROUTERS


def test_without_the_setting_there_are_no_travel_times() -> None:
    assert build_travel_times(Settings(), lambda _router, _outcome: None) is None

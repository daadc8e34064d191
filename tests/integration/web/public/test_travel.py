"""Travel times on the page of results, in the API and in the embed, with a routing server on loopback."""

import re
import statistics
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Engine

from directory.geo import Coordinates
from directory.routing.router import Trip
from directory.settings import Settings
from directory.store.importing.import_report import ImportReport
from directory.web.http.container import KEY
from tests.conftest import Built, only_sqlite
from tests.integration.search.geography.test_crossings import ORIENT, RIVERHEAD, WATERFORD, zones
from tests.support.loopback_router import SLOW_SECONDS, LoopbackRouter, along_the_line
from tests.support.site import words

pytestmark = only_sqlite  # what it shows comes from memory
Import = Callable[..., ImportReport]
Start = Callable[..., Flask]
HERE = {"lat": str(ORIENT.latitude), "lon": str(ORIENT.longitude)}
AUSTIN = Coordinates(30.27, -97.74)
WATERFORD_ZONE, RIVERHEAD_ZONE = "zone-0", "zone-1"


def over_land(origin: Coordinates, target: Coordinates) -> Trip:
    """Half an hour to Riverhead; to Waterford by ferry."""
    return Trip(7_000, 96_561) if target.longitude > -72.2 else Trip(1_800, 42_000)


@pytest.fixture
def start(engine: Engine, load: Import, build_app: Built, tmp_path: Path, loopback_router: LoopbackRouter) -> Start:
    """A site with a zone on each side of the sound, and with this setting of a router."""
    load("z.json", zones(("Waterford CT", WATERFORD), ("Riverhead NY", RIVERHEAD)))
    url = engine.url.render_as_string(hide_password=False)
    loopback_router.way = over_land

    def build(router: str | None = None) -> Flask:
        setting = f"valhalla:{loopback_router.url}" if router is None else router
        return build_app(Settings(data_dir=tmp_path, geocoders=(), database_url=url, router=setting))

    return build


def page(client: FlaskClient, **params: str) -> str:
    response = client.get("/search", query_string={**HERE, **params})
    assert response.status_code == 200
    return response.get_data(as_text=True)


def cards(html: str) -> list[str]:
    return re.findall(r'data-zone="([^"]+)"', html)


def by_distance(client: FlaskClient) -> list[str]:
    return [zone["id"] for zone in nearest(client)["features"]]


def nearest(client: FlaskClient, **params: str) -> dict[str, Any]:
    answer = client.get("/api/v1/nearest", query_string={**HERE, **params}).get_json()
    assert isinstance(answer, dict)
    return answer


def test_across_the_sound_the_page_puts_the_zone_over_land_first_and_says_why(start: Start) -> None:
    html = page(start().test_client())
    told = words(html)
    assert cards(html) == [RIVERHEAD_ZONE, WATERFORD_ZONE]
    assert "30 min drive · 26 mi" in told and "about 1 h 55 min drive · 60 mi" in told, (
        "the latter is its town’s middle"
    )
    assert "A straight line from there crosses water or a border. In order of driving time, without traffic." in told
    assert "in a straight line" in told and "Distances are in a straight line" not in told


def test_who_asks_for_distance_in_kilometers_gets_the_road_in_kilometers(start: Start) -> None:
    assert "30 min drive · 42 km" in words(page(start().test_client(), units="km"))


def test_without_a_router_everything_is_as_it_was(start: Start) -> None:
    html = page(start("").test_client())
    assert by_distance(start("").test_client()) == [WATERFORD_ZONE, RIVERHEAD_ZONE]
    assert cards(html) == [RIVERHEAD_ZONE, WATERFORD_ZONE] and "A nearer one lies across the water." in words(html)
    assert "Distances are in a straight line." in words(html)
    assert not re.search("min drive|driving", words(html)) and 'name="mode"' not in html


def test_the_order_can_be_asked_for_and_left(start: Start, loopback_router: LoopbackRouter) -> None:
    client = start().test_client()
    inland = {"lat": "40.93", "lon": "-72.75"}  # on the land side: nothing calls for a router
    plain = client.get("/search", query_string=inland).get_data(as_text=True)
    assert loopback_router.asked == [] and "Order by driving time" in words(plain)
    assert "Order by walking time" in words(plain) and '<option value="drive">' in plain
    driving = client.get("/search", query_string={**inland, "mode": "drive"}).get_data(as_text=True)
    assert "30 min drive" in words(driving) and "Order by distance" in words(driving)
    assert '<option value="drive" selected>' in driving


def test_an_unknown_mode_is_named_with_those_that_there_are(start: Start) -> None:
    client = start().test_client()
    response = client.get("/search", query_string={**HERE, "mode": "fly"})
    assert response.status_code == 400 and "drive, walk" in words(response.get_data(as_text=True))
    refused = client.get("/api/v1/nearest", query_string={**HERE, "mode": "fly"})
    assert refused.status_code == 400 and refused.get_json()["errors"][0]["name"] == "mode"


def test_a_mode_that_the_site_has_not_is_no_error(start: Start, loopback_router: LoopbackRouter) -> None:
    none = page(start("").test_client(), mode="drive")
    assert "This site has no travel times of this kind" in words(none)
    osrm = start(f"osrm:{loopback_router.url}").test_client()
    assert "This site has no travel times of this kind" in words(page(osrm, mode="walk"))
    assert '<option value="walk">' not in page(osrm)


def test_the_api_says_times_road_and_order(start: Start) -> None:
    answer = nearest(start().test_client())
    assert [feature["id"] for feature in answer["features"]] == [RIVERHEAD_ZONE, WATERFORD_ZONE]
    first = answer["features"][0]["properties"]
    assert (first["duration_s"], first["road_distance_m"]) == (1_800, 42_000) and 37_000 < first["distance_m"] < 38_000
    assert answer["closest"] == RIVERHEAD_ZONE
    assert answer["travel"] == {"mode": "drive", "order": "travel_time", "problem": None}


def test_the_api_without_a_router_says_so_where_it_was_asked(start: Start) -> None:
    client = start("").test_client()
    assert nearest(client)["travel"] == {"mode": None, "order": "straight_line", "problem": None}
    answer = nearest(client, mode="walk")
    assert answer["travel"] == {"mode": "walk", "order": "straight_line", "problem": "no_router"}
    assert answer["features"][0]["properties"]["duration_s"] is None


def test_a_zone_without_a_way_says_so_and_comes_last(start: Start, loopback_router: LoopbackRouter) -> None:
    loopback_router.way = lambda origin, target: along_the_line(origin, target) if target.longitude < -72.2 else None
    html = page(start().test_client())
    assert cards(html) == [RIVERHEAD_ZONE, WATERFORD_ZONE] and "We know no way there by car." in words(html)
    loopback_router.way = lambda _origin, _target: None
    answer = nearest(start().test_client())
    assert answer["travel"]["problem"] == "no_road" and answer["features"][0]["id"] == WATERFORD_ZONE


def test_a_silent_router_gives_the_straight_line_and_a_word_and_no_page_of_it_is_kept(
    start: Start, loopback_router: LoopbackRouter
) -> None:
    client = start().test_client()
    loopback_router.fault = (500, b"", 0)
    html = page(client)
    assert by_distance(client) == [WATERFORD_ZONE, RIVERHEAD_ZONE]
    assert "Travel times cannot be had just now: zones are in order of distance." in words(html)
    assert nearest(client)["travel"]["problem"] == "router_silent"
    loopback_router.fault = None
    assert cards(page(client)) == [RIVERHEAD_ZONE, WATERFORD_ZONE], "the same page, as soon as it answers again"
    asked = len(loopback_router.asked)
    assert cards(page(client)) == [RIVERHEAD_ZONE, WATERFORD_ZONE] and len(loopback_router.asked) == asked


def test_the_check_and_the_metrics_say_that_the_router_is_silent_and_nobodys_place(
    start: Start, loopback_router: LoopbackRouter
) -> None:
    client = start().test_client()
    assert client.get("/readyz").get_json()["checks"]["router"] == {"status": "ok", "name": "valhalla"}
    loopback_router.fault = (500, b"", 0)
    for _ in range(3):
        page(client)
    check = client.get("/readyz").get_json()["checks"]["router"]
    assert check["status"] == "degraded" and "SAFEZONES_ROUTER" in check["problem"]
    metrics = client.get("/metrics").get_data(as_text=True)
    assert 'safezones_router_calls_total{outcome="silent",service="valhalla"} 3.0' in metrics
    assert "41.14" not in metrics and "72.3" not in metrics
    assert "router" not in start("").test_client().get("/readyz").get_json()["checks"]


def seconds(client: FlaskClient) -> float:
    """How long a search takes that was not asked before."""
    tries = []
    for number in range(5):
        begun = time.monotonic()
        client.get("/search", query_string={"lat": f"{ORIENT.latitude + number / 1000:.3f}", "lon": HERE["lon"]})
        tries.append(time.monotonic() - begun)
    return statistics.median(tries)


def test_with_a_dead_router_answers_come_within_a_third_of_a_second_of_the_usual(
    start: Start, loopback_router: LoopbackRouter
) -> None:
    usual, with_dead = start("").test_client(), start().test_client()
    loopback_router.shutdown()
    loopback_router.server_close()
    page(usual), page(with_dead)
    assert seconds(with_dead) < seconds(usual) + 0.3


def test_with_a_slow_router_nobody_waits_longer_than_the_deadline(
    start: Start, loopback_router: LoopbackRouter
) -> None:
    client = start().test_client()
    loopback_router.fault = (200, b"{}", SLOW_SECONDS)
    begun = time.monotonic()
    page(client)
    assert time.monotonic() - begun < 4
    for _ in range(2):
        page(client)
    assert seconds(client) < 0.5


def test_nobodys_place_reaches_log_or_database(
    start: Start, loopback_router: LoopbackRouter, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    client = start().test_client()
    faults = (None, (500, b"", 0.0), (200, b"garbage", 0.0), (200, b"{}", 3.0))
    for number, fault in enumerate(faults):
        loopback_router.fault = fault
        place = {"lat": f"41.1{number}1857", "lon": f"-72.3{number}1943"}
        for query in (place, {**place, "mode": "walk"}):
            client.get("/search", query_string=query)
            client.get("/api/v1/nearest", query_string=query)
    client.application.extensions[KEY].statistics_buffer.write()
    captured = capfd.readouterr()
    log = captured.out + captured.err
    files = [path for path in tmp_path.rglob("*") if path.is_file() and not path.name.startswith("gazetteer")]
    assert loopback_router.asked and "router does not answer" in log and files
    for text in (log, *[path.read_bytes().decode("latin-1") for path in files]):
        assert not re.search(r"41\.1[0-3][12]|72\.3[0-3][12]", text)
    assert not re.search(r"41\.1[0-3]18|72\.3[0-3]19", " ".join(loopback_router.asked))


def test_the_embed_has_the_same_order_and_words(start: Start) -> None:
    html = start().test_client().get("/embed", query_string={"near": "41.14, -72.30"}).get_data(as_text=True)
    assert cards(html) == [RIVERHEAD_ZONE, WATERFORD_ZONE] and "30 min drive" in words(html)


def test_from_the_middle_of_a_town_times_are_rough(start: Start) -> None:
    html = start().test_client().get("/search", query_string={"q": "Orient, NY"}).get_data(as_text=True)
    assert "about 30 min drive · 26 mi" in words(html)


def test_in_spanish_times_are_in_spanish(start: Start) -> None:
    assert "30 min en auto · 26 mi" in words(page(start().test_client(), lang="es"))


def test_among_trips_a_distance_in_a_straight_line_is_named_so(start: Start, loopback_router: LoopbackRouter) -> None:
    loopback_router.way = lambda origin, target: over_land(origin, target) if target.longitude < -72.2 else None
    told = words(page(start().test_client()))
    assert "16 mi NE in a straight line" in told and "We know no way there by car." in told


def test_of_what_is_too_far_to_ask_about_nobody_says_that_there_is_no_way(start: Start, load: Import) -> None:
    load("far.json", zones(("Waterford CT", WATERFORD), ("Riverhead NY", RIVERHEAD), ("Austin TX", AUSTIN)))
    told = words(page(start().test_client()))
    assert re.search(r"1,\d{3} mi (W|SW) in a straight line", told) and "no way" not in told

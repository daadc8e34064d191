"""Everybody's way on the road to the places between them, where the site has a router."""

import re
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from directory.geo import Coordinates
from directory.routing import travel_times
from directory.routing.router import Trip
from directory.settings import Settings
from tests.conftest import Built, copied
from tests.support.loopback_router import LoopbackRouter, along_the_line
from tests.support.site import listed_zones, words_of

PLACES = {"a": "06820", "b": "06877"}


@pytest.fixture
def visitor(real_settings: Settings, build_app: Built, loopback_router: LoopbackRouter, tmp_path: Path) -> FlaskClient:
    """A visitor of a site with a router, on which roads are straight and one drives 60 km/h."""
    with copied(real_settings, tmp_path) as settings:
        app = build_app(settings.model_copy(update={"router": f"valhalla:{loopback_router.url}"}))
        app.config["WTF_CSRF_ENABLED"] = False
        return app.test_client()


def test_cards_say_how_long_everybody_drives(visitor: FlaskClient) -> None:
    page = words_of(visitor.get("/meet", query_string=PLACES))
    assert "Times are driving times without traffic" in page
    assert re.search(r"You about 14 min · 8 mi 8 mi in a straight line Other person about 15 min · 10 mi", page), page[
        :1500
    ]


def test_the_api_gives_everybodys_trips(visitor: FlaskClient) -> None:
    answer = visitor.get("/api/v1/meet", query_string=PLACES).json
    assert answer["travel"] == {"mode": "drive", "order": "straight_line", "problem": None}
    facts = answer["features"][0]["properties"]
    assert facts["road_distances_m"] == pytest.approx(facts["trips_m"], rel=0.02)
    assert facts["durations_s"] == pytest.approx([meters / (60 / 3.6) for meters in facts["trips_m"]], rel=0.02)


def test_with_a_mode_places_are_in_order_of_travel_time(
    visitor: FlaskClient, loopback_router: LoopbackRouter, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(travel_times, "KEPT_SECONDS", -1.0)

    def over_the_ridge(origin: Coordinates, target: Coordinates) -> Trip:
        """Every way is straight, but the way to what was the fairest takes three hours more."""
        way = along_the_line(origin, target)
        return Trip(way.seconds + 10_800, way.meters) if target.latitude == slow else way

    straight = visitor.get("/api/v1/meet", query_string=PLACES).json
    first = straight["features"][0]["id"]
    slow = straight["features"][0]["geometry"]["coordinates"][1]
    loopback_router.way = over_the_ridge
    answer = visitor.get("/api/v1/meet", query_string={**PLACES, "mode": "drive"}).json
    assert answer["travel"] == {"mode": "drive", "order": "travel_time", "problem": None}
    assert straight["fairest"] == first != answer["fairest"]
    assert first not in [feature["id"] for feature in answer["features"][:3]]
    longest = [max(feature["properties"]["durations_s"]) for feature in answer["features"]]
    assert longest == sorted(longest)
    page = words_of(visitor.get("/meet", query_string={**PLACES, "mode": "drive"}))
    assert "In order of the longest driving time of anybody, without traffic. Distances are by road." in page
    assert "Order by walking time · Order by distance" in page
    durations = {feature["id"]: feature["properties"]["durations_s"] for feature in answer["features"]}
    assert f"Fairest: nobody travels longer than {round(max(durations[answer['fairest']]) / 60)} min" in page


def test_where_somebodys_line_crosses_a_border_the_order_is_by_time_without_asking(visitor: FlaskClient) -> None:
    page = words_of(visitor.get("/meet", query_string={"a": "Windsor, ON", "b": "Detroit, MI"}))
    assert "Somebody's straight line crosses water or a border. In order of the longest driving time" in page


def test_where_the_router_knows_no_road_nobody_who_did_not_ask_is_told_of_driving_times(
    visitor: FlaskClient, loopback_router: LoopbackRouter
) -> None:
    loopback_router.way = lambda _origin, _target: None
    page = words_of(visitor.get("/meet", query_string={"a": "06840", "b": "06880"}))
    assert "Distances are in a straight line" in page and "driving times without traffic" not in page
    asked = words_of(visitor.get("/meet", query_string={"a": "06840", "b": "06880", "mode": "drive"}))
    assert "We know no way from there to any zone nearby" in asked


def test_a_router_that_fails_leaves_straight_lines_with_a_word(
    visitor: FlaskClient, loopback_router: LoopbackRouter
) -> None:
    loopback_router.fault = (500, b"broken", 0.0)
    page = visitor.get("/meet", query_string=PLACES)
    assert (
        page.status_code == 200
        and "Travel times cannot be had just now: zones are in order of distance." in words_of(page)
    )
    assert "You 8 mi" in words_of(page)


def shared(visitor: FlaskClient, first: str, second: str) -> str:
    """The address of the list that two people see."""
    link = re.findall(r"/meet/with/[^\"]+", visitor.post("/meet/invite", data={"place": first}).text)[0]
    return visitor.post(link, data={"place": second}).headers["Location"]


def test_behind_a_link_no_router_is_asked_where_straight_lines_do(
    visitor: FlaskClient, loopback_router: LoopbackRouter
) -> None:
    page = visitor.get(shared(visitor, "06877", "06820"), query_string={"mode": "drive"})
    assert "min ·" not in words_of(page) and "driving time" not in words_of(page)
    assert loopback_router.asked == []


def test_behind_a_link_the_order_is_by_time_across_a_border_and_no_time_is_said(
    visitor: FlaskClient, loopback_router: LoopbackRouter, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(travel_times, "KEPT_SECONDS", -1.0)
    both = shared(visitor, "Windsor, ON", "Detroit, MI")
    straight = listed_zones(visitor.get(both).text)

    def over_the_bridge(origin: Coordinates, target: Coordinates) -> Trip:
        """Whoever goes to Ontario waits three hours at the bridge."""
        way = along_the_line(origin, target)
        return Trip(way.seconds + 10_800 * (target.latitude < 42.34), way.meters)

    loopback_router.way = over_the_bridge
    page = visitor.get(both)
    assert straight[0] not in listed_zones(page.text)[:3]
    assert "In order of the longest driving time of anybody" in words_of(page)
    assert not re.search(r"\d (?:min|h)\b", words_of(page).split("Filter", 1)[1].split("What the labels", 1)[0])
    loopback_router.fault = (500, b"broken", 0.0)
    silent = visitor.get(both)
    assert listed_zones(silent.text) == straight and "Travel times cannot be had just now" in words_of(silent)

"""Borders and water between a buyer and a zone: what is marked, and what is the closest place to meet."""

import csv
import json
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Engine

from directory.geo import Coordinates
from directory.geocoding.factory import build_chain
from directory.regions import REGIONS
from directory.search.filters import Filters
from directory.search.geography.crossings import Crossing
from directory.search.results import SearchResult
from directory.search.service import SearchService
from directory.search.snapshots.snapshot_cache import SnapshotCache
from directory.settings import Settings
from directory.signing_keys import SigningKeys
from directory.store.geocoder_answers import StoredAnswers, StoredRateLimits
from directory.store.importing.import_report import ImportReport
from directory.web.http.container import KEY
from quality.crossings import postal_codes, tried
from tests.conftest import ROOT

Import = Callable[..., ImportReport]
NEAREST = "/api/v1/nearest"
DETROIT, WINDSOR = Coordinates(42.331, -83.046), Coordinates(42.314, -83.036)
ORIENT, WATERFORD, RIVERHEAD = Coordinates(41.14, -72.30), Coordinates(41.34, -72.13), Coordinates(40.93, -72.65)
PAIRS = list(csv.DictReader((ROOT / "tests" / "cases" / "crossings.csv").read_text(encoding="utf-8").splitlines()))
Place = tuple[str, Coordinates]


def ends(row: dict[str, str]) -> tuple[Place, Place]:
    """Both places of a pair: name with state, and position."""
    there, back = (
        (row[end], Coordinates(float(row[f"{end}_lat"]), float(row[f"{end}_lon"]))) for end in ("from", "to")
    )
    return there, back


def zones(*places: Place, **facts: str) -> str:
    """A zone at each place, with the place's number as its id."""
    features = []
    for number, (name, point) in enumerate(places):
        town, _, state = name.rpartition(" ")
        features.append(
            {
                "type": "Feature",
                "id": f"zone-{number}",
                "geometry": {"type": "Point", "coordinates": point.position},
                "properties": {
                    "department": f"{town} Police Department",
                    "town": town,
                    "state": state,
                    "country": REGIONS[state].country,
                    "street_address": f"{number + 1} Main Street",
                    **facts,
                },
            }
        )
    return json.dumps({"type": "FeatureCollection", "features": features})


@pytest.fixture
def search_service(engine: Engine, tmp_path: Path) -> SearchService:
    chain = build_chain(
        Settings(data_dir=tmp_path, geocoders=()),
        StoredAnswers(engine, SigningKeys.of("secret")),
        StoredRateLimits(engine),
    )
    return SearchService(chain, SnapshotCache(engine), clock=lambda: datetime(2026, 11, 24, 17, 0, tzinfo=UTC))


def closest(result: SearchResult) -> str:
    """The id of the closest place to meet."""
    return result.closest_usable.zone.zone_id if result.closest_usable else ""


def test_every_pair_of_places_crosses_what_the_list_says_in_both_directions(
    search_service: SearchService, load: Import
) -> None:
    places = [place for row in PAIRS for place in ends(row)]
    load("z.json", zones(*places))
    misses = []
    for number, row in enumerate(PAIRS):
        for origin, target in ((0, 1), (1, 0)):
            result = search_service.around(places[2 * number + origin][1], limit=len(places))
            crossing = {hit.zone.zone_id: hit.crosses for hit in result.hits}[f"zone-{2 * number + target}"]
            if (crossing or "") != row["crosses"]:
                misses.append((places[2 * number + origin][0], places[2 * number + target][0], crossing))
    assert misses == []


def test_the_closest_place_to_meet_is_in_the_buyers_own_country(search_service: SearchService, load: Import) -> None:
    load("z.json", zones(("Windsor ON", WINDSOR), ("Troy MI", Coordinates(42.60, -83.15))))
    result = search_service.around(DETROIT)
    assert [hit.zone.zone_id for hit in result.hits] == ["zone-0", "zone-1"]
    assert closest(result) == "zone-1"
    assert closest(search_service.around(DETROIT, Filters(across_border=True))) == "zone-0"
    assert closest(search_service.around(WINDSOR)) == "zone-0"


def test_without_a_zone_in_the_own_country_there_is_no_closest_place(
    search_service: SearchService, load: Import
) -> None:
    load("z.json", zones(("Windsor ON", WINDSOR)))
    result = search_service.around(DETROIT)
    assert [hit.crosses for hit in result.hits] == ["border"] and result.closest_usable is None


def test_who_is_in_neither_country_is_offered_the_nearest_across_the_border(
    search_service: SearchService, load: Import
) -> None:
    load("z.json", zones(("San Diego CA", Coordinates(32.72, -117.16))))
    result = search_service.around(Coordinates(32.50, -116.98))  # Tijuana
    assert closest(result) == "zone-0" and result.hits[0].crosses == "border"


@pytest.mark.parametrize(
    ("far", "expected"), [(RIVERHEAD, "zone-1"), (Coordinates(40.80, -72.87), "zone-0")], ids=["within twice", "beyond"]
)
def test_across_the_water_is_not_closest_while_another_lies_within_twice_as_far(
    search_service: SearchService, load: Import, far: Coordinates, expected: str
) -> None:
    load("z.json", zones(("Waterford CT", WATERFORD), ("Riverhead NY", far)))
    result = search_service.around(ORIENT)
    assert [hit.crosses for hit in result.hits] == ["water", None]
    assert closest(result) == expected


def test_a_place_that_cannot_be_used_does_not_keep_one_across_the_water_from_being_closest(
    search_service: SearchService, load: Import
) -> None:
    load("z.json", zones(("Waterford CT", WATERFORD)))
    load("moved.json", zones(("Waterford CT", WATERFORD), ("Riverhead NY", RIVERHEAD)).replace(
        '"street_address": "2 Main Street"', '"street_address": "2 Main Street", "status": "moved"'
    ))  # fmt: skip
    assert closest(search_service.around(ORIENT)) == "zone-0"


def test_from_a_boat_the_nearest_is_closest_since_none_can_be_reached_over_land(
    search_service: SearchService, load: Import
) -> None:
    load("z.json", zones(("Orient NY", ORIENT), ("Waterford CT", WATERFORD), ("Riverhead NY", RIVERHEAD)))
    on_the_sound = Coordinates(41.20, -72.55)
    for limit in (1, 3):
        result = search_service.around(on_the_sound, limit=limit)
        assert {hit.crosses for hit in result.hits} == {Crossing.WATER}
        assert closest(result) == result.hits[0].zone.zone_id == "zone-0"


def test_the_one_on_the_same_side_is_found_beyond_those_that_are_listed(
    search_service: SearchService, load: Import
) -> None:
    across = [("Waterford CT", Coordinates(41.34, -72.13 + number / 1000)) for number in range(20)]
    load("z.json", zones(*across, ("Riverhead NY", RIVERHEAD)))
    result = search_service.around(ORIENT, limit=3)
    assert {hit.crosses for hit in result.hits} == {"water"} and closest(result) == "zone-20"


@pytest.mark.parametrize(
    ("name", "point", "country"),
    [
        ("the falls, American side", (43.0865, -79.0625), "US"),
        ("the falls, Canadian side", (43.0870, -79.0790), "CA"),
        ("Detroit's river front", (42.3290, -83.0400), "US"),
        ("Windsor's river front", (42.3180, -83.0350), "CA"),
        ("Blaine", (48.9930, -122.7470), "US"),
        ("White Rock", (49.0210, -122.8000), "CA"),
        ("Point Roberts", (48.9860, -123.0700), "US"),
        ("Sault Ste. Marie, Ontario", (46.5170, -84.3330), "CA"),
        ("Sault Ste. Marie, Michigan", (46.4950, -84.3460), "US"),
        ("Tijuana", (32.5000, -116.9800), "MX"),
        ("Guam", (13.4700, 144.7500), "US"),
        ("St. John's", (47.5600, -52.7100), "CA"),
    ],
)
def test_the_country_of_a_position_is_that_of_the_ground_it_is_on(
    search_service: SearchService, load: Import, name: str, point: tuple[float, float], country: str
) -> None:
    assert search_service.country_at(Coordinates(*point)) == country


def nearest(client: FlaskClient, **params: Any) -> dict[str, Any]:
    """An answer of the API over the real zones."""
    answer = client.get(NEAREST, query_string=params).get_json()
    assert isinstance(answer, dict)
    return answer


@pytest.mark.parametrize(
    "place", [{"lat": 42.33, "lon": -83.05}, {"address": "Detroit, MI"}], ids=["position", "address"]
)
def test_the_api_says_what_lies_between_and_which_is_closest(client: FlaskClient, place: dict[str, Any]) -> None:
    answer = nearest(client, **place)
    by_id = {item["id"]: item["properties"] for item in answer["features"]}
    assert by_id["on-tecumseh-parking-lot"]["crosses"] == "border"
    assert by_id["mi-ferndale-lobby-and-lot"]["crosses"] is None
    assert answer["closest"].startswith("mi-")
    assert nearest(client, **place, across_border="true")["closest"] == "on-tecumseh-parking-lot"


def test_the_api_marks_what_lies_across_the_water(client: FlaskClient) -> None:
    answer = nearest(client, lat=47.63, lon=-122.52)  # Bainbridge Island
    assert answer["features"][0]["id"] == "wa-seattle-zone"
    assert answer["features"][0]["properties"]["crosses"] == "water"
    assert nearest(client, lat=47.61, lon=-122.20)["features"][0]["properties"]["crosses"] is None


def page(client: FlaskClient, **params: str) -> str:
    """A page of results."""
    return client.get("/search", query_string=params).get_data(as_text=True)


def test_the_page_marks_the_border_and_lets_the_reader_ask_for_the_other_side(client: FlaskClient) -> None:
    text = page(client, q="Detroit, MI")
    assert "In Canada: border crossing" in text and "A nearer one lies across the border." in text
    assert text.index("Tecumseh") > text.index("Grosse Pointe")  # the answer comes before the list
    other = page(client, q="Detroit, MI", across_border="1")
    assert "Show the closest one in my own country" in other
    assert other.index("Tecumseh") < other.index("Grosse Pointe")


def test_from_canada_the_other_side_is_the_united_states(client: FlaskClient) -> None:
    assert "In the United States: border crossing" in page(client, q="Niagara Falls, ON")


def test_the_page_says_what_lies_across_the_water(client: FlaskClient) -> None:
    text = page(client, q="Rehoboth Beach, DE")
    assert "Across the water: check the route" in text and "A nearer one lies across the water." in text
    assert text.index("de-milford") < text.index("nj-rio-grande")
    assert "A nearer one" not in page(client, q="Wilton, CT")


def test_the_same_is_said_in_spanish(client: FlaskClient) -> None:
    text = page(client, q="Detroit, MI", lang="es")
    assert "En Canadá: hay que cruzar la frontera" in text and "línea recta" in text
    assert "Al otro lado del agua" in page(client, q="Lewes, DE", lang="es")


def test_an_entry_of_a_town_or_a_zone_marks_its_neighbours_too(client: FlaskClient) -> None:
    assert "In the United States: border crossing" in client.get("/zones/on-tecumseh-parking-lot").get_data(
        as_text=True
    )


@pytest.mark.parametrize(
    "path",
    ["/search?q=06840", "/search?lat=41.14&lon=-73.49", "/zones/ct-darien-parking-lot", "/towns/ct/darien",
     "/towns/ct/bethel", "/embed?near=06840", "/embed/ct/bethel"],
)  # fmt: skip
def test_straight_line_is_said_once_on_every_page_with_distances(client: FlaskClient, path: str) -> None:
    assert client.get(path).get_data(as_text=True).count("in a straight line") == 1


def distances(text: str) -> list[str]:
    """The distances of the places, from the top down."""
    return [part.partition("<")[0] for part in text.split('<span class="far number">')[1:]]


def test_from_the_middle_of_a_town_a_distance_is_whole_and_has_a_direction_where_it_is_long(
    client: FlaskClient,
) -> None:
    texts = distances(page(client, q="New Canaan, CT"))
    assert texts[:3] == ["5 mi NE", "nearby", "5 mi S"], "the closest place, then the rows"
    assert all("." not in text for text in distances(page(client, q="New Canaan, CT", units="km")))


def test_from_a_position_a_distance_is_exact_and_has_a_direction(client: FlaskClient) -> None:
    assert distances(page(client, lat="41.07", lon="-73.44"))[0] == "2.1 mi W"


def test_what_is_said_of_a_zone_does_not_depend_on_the_others_in_the_answer(client: FlaskClient) -> None:
    for place in ({"lat": 41.49, "lon": -71.31}, {"lat": 47.25, "lon": -122.44}, {"lat": 43.65, "lon": -79.38}):
        many = {item["id"]: item["properties"]["crosses"] for item in nearest(client, **place, limit=50)["features"]}
        few = {item["id"]: item["properties"]["crosses"] for item in nearest(client, **place, limit=7)["features"]}
        assert few == {zone_id: many[zone_id] for zone_id in few}


def test_from_no_postal_code_the_closest_place_is_abroad_or_needlessly_across_the_water(app: Flask) -> None:
    services = app.extensions[KEY]
    searches, abroad, wet = tried(services, postal_codes(services)[::43])
    assert searches > 900 and (abroad, wet) == (0, 0)

"""Where no zone is near, nobody is sent to one: pages, embeds and the API say so, and how to ask."""

import re
from datetime import timedelta
from html import unescape
from urllib.parse import parse_qs, urlsplit

import pytest
from flask.testing import FlaskClient
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import text
from werkzeug.test import TestResponse

from directory import clock
from directory.geo import METERS_PER_MILE
from tests.support.site import Site, words_of

FAR_M = 50 * METERS_PER_MILE
CLOSEST, NEAREST = "Closest place to meet", "The nearest one that we know of"
ASK = "Phone your police on their non-emergency number and ask"


def map_links(response: TestResponse) -> dict[str, str]:
    """The links to searches in map apps, by host."""
    found = re.findall(r'href="(https://(?:maps\.apple\.com/\?q|www\.google\.com/maps/search/)[^"]*)"', response.text)
    return {str(urlsplit(unescape(link)).hostname): unescape(link) for link in found}


@pytest.mark.parametrize("typed", ["59301", "Nome, AK 99762", "64.501127, -165.406387", "Pago Pago, AS 96799"])
def test_a_zone_far_away_is_not_the_closest_place_to_meet(client: FlaskClient, typed: str) -> None:
    response = client.get("/search", query_string={"q": typed})
    page = words_of(response)
    assert response.status_code == 200
    order = ["No safe zone within 50 miles that we know of", ASK, "in your map app:", NEAREST]
    places = [page.index(sentence) for sentence in order]
    assert places == sorted(places) and CLOSEST not in page
    distance = re.search(rf"{NEAREST} .*? ([\d,]+) mi", page)
    assert distance is not None and int(distance[1].replace(",", "")) > 50


@settings(max_examples=12, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(latitude=st.floats(25, 60), longitude=st.floats(-165, -60), recorded=st.booleans())
def test_pages_and_api_call_a_zone_near_only_within_fifty_miles(
    client: FlaskClient, latitude: float, longitude: float, recorded: bool
) -> None:
    place = {"lat": f"{latitude:.4f}", "lon": f"{longitude:.4f}", **({"recorded": "1"} if recorded else {})}
    everything = client.get("/api/v1/nearest", query_string={**place, "limit": "50"}).json
    facts = [zone["properties"] for zone in everything["features"]]
    usable = [zone["distance_m"] for zone in facts if zone["usable"] and zone["crosses"] != "border"]
    near = bool(usable) and usable[0] <= FAR_M
    assert everything["nothing_near"] is not near
    page = words_of(client.get("/search", query_string={**place, "units": "mi"}))
    assert (CLOSEST in page) is (near and not recorded)  # with the filter: “Closest place said to be recorded”
    assert ("within 50 miles" in page and "in your map app" in page) is not near


def test_map_apps_are_asked_for_police_stations_and_told_the_place_to_a_kilometer_only(client: FlaskClient) -> None:
    for path in ("/search?q=46.408312,-105.840677", "/embed?near=46.408312,-105.840677"):
        links = map_links(client.get(path))
        apple, google = (parse_qs(urlsplit(links[host]).query) for host in ("maps.apple.com", "www.google.com"))
        assert apple == {"q": ["police station"], "sll": ["46.41,-105.84"]}
        assert google == {"api": ["1"], "query": ["police station near 46.41,-105.84"]}


def test_the_sentence_says_the_radius_that_was_asked_for(client: FlaskClient) -> None:
    assert "No safe zone within 1 mi that we know of" in words_of(client.get("/search?q=06840&within=1"))
    page = words_of(client.get("/search?q=Weston,+CT&within=2&recorded=1"))
    assert "None that fits within 2 miles that we know of" in page and "50 miles" not in page
    answer = client.get("/api/v1/nearest?lat=41.1604&lon=-73.5001&within_m=1000").json
    assert answer["nothing_near"] is True and answer["features"] == []
    assert "within 80 kilometers" in words_of(client.get("/search?q=59301&units=km"))


def test_a_filter_that_none_near_fits_is_named_as_the_reason(client: FlaskClient) -> None:
    for query in ("q=80202&recorded=1", "q=59301&lit=1"):
        page = words_of(client.get(f"/search?{query}"))
        assert "None that fits within 50 miles that we know of" in page and CLOSEST not in page
    assert "Closest place said to be lit 133 mi W" in page


def test_a_closed_or_faded_zone_nearby_is_not_said_to_be_unknown(site: Site) -> None:
    client = site.visitor()

    def change(assignment: str) -> str:
        with site.engine.begin() as connection:
            connection.execute(text(f"UPDATE zone SET {assignment} WHERE zone_id = 'mt-billings-parking-lot'"))
        site.services.snapshot_cache.invalidate()
        return words_of(client.get("/search?q=Billings,+MT"))

    assert CLOSEST in change("status = 'active'")
    assert "None within 50 miles that can be relied on now" in change("status = 'moved'")
    faded = (clock.today() - timedelta(days=400)).isoformat()
    page = change(f"status = 'active', confirmed_on = '{faded}'")
    assert "None within 50 miles that can be relied on now" in page
    assert "nobody has confirmed it for over a year. Show it too" in page
    assert CLOSEST in words_of(client.get("/search?q=Billings,+MT&faded=1"))


def test_town_pages_and_frames_without_a_zone_say_how_far_the_nearest_is(client: FlaskClient) -> None:
    for path in ("/towns/mt/miles-city", "/embed/mt/miles-city"):
        response = client.get(path)
        assert "No safe zone within 50 miles that we know of" in words_of(response), path
        assert set(map_links(response)) == {"maps.apple.com", "www.google.com"}, path
    near = words_of(client.get("/towns/ct/weston"))
    assert "within 50 miles" not in near and "in your map app" in near


def test_a_reader_of_spanish_is_told_the_same(client: FlaskClient) -> None:
    page = words_of(client.get("/search?q=59301", headers={"Accept-Language": "es"}))
    assert "a menos de 50 millas" in page and "Apple Maps" in page
    assert not any(sentence in page for sentence in (CLOSEST, NEAREST, ASK, "that we know of"))


def test_nothing_near_speaks_of_the_places_own_country_and_says_so(client: FlaskClient) -> None:
    derby_line = {"lat": "45.005", "lon": "-72.099"}
    answer = client.get("/api/v1/nearest", query_string=derby_line).json
    first = answer["features"][0]["properties"]
    assert first["usable"] and first["crosses"] == "border" and first["distance_m"] < FAR_M
    assert answer["nothing_near"] is True
    either = client.get("/api/v1/nearest", query_string={**derby_line, "across_border": "true"}).json
    assert either["nothing_near"] is False
    schema = client.get("/openapi.json").text
    described = re.search(r'"nothing_near": ?\{[^}]*\}', schema)
    assert described and "in the place's own country unless across_border" in described[0]
    row = words_of(client.get("/docs")).partition("nothing_near")[2].partition("stations")[0]
    assert "in the place’s own country, or in any with across_border=true" in row

"""The API: what programs can rely on, through the application's own door."""

import json
from datetime import UTC, datetime
from html import unescape

import pytest
from flask import Flask
from flask.testing import FlaskClient

from directory.formats.json_schema import PROPERTIES
from directory.geo import Coordinates, distance_m
from directory.settings import Settings
from directory.web.api.contract import document
from directory.web.http.container import snapshot
from directory.zones.schemas import Status
from tests.conftest import Built
from tests.support.api import ITEMS, change_darien, zones_of
from tests.support.site import Site

BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,*/*;q=0.8"


def test_nearest_is_in_order_of_geodesic_distance_and_the_same_as_brute_force(client: FlaskClient) -> None:
    everything = zones_of(client, "limit=1000")["features"]
    for latitude, longitude in ((41.14, -73.49), (21.3, -157.8), (13.4, 144.8), (64.8, -147.7), (0.0, 179.9)):
        origin = Coordinates(latitude, longitude)
        answer = client.get(f"/api/v1/nearest?lat={latitude}&lon={longitude}&limit=20").json
        matches = [(item["properties"]["distance_m"], item["id"]) for item in answer["features"]]
        brute = sorted(
            (round(distance_m(origin, Coordinates(*reversed(item["geometry"]["coordinates"]))), 1), item["id"])
            for item in everything
            if item["properties"]["status"] != "planned"
        )
        assert [meters for meters, _ in matches] == [meters for meters, _ in brute[:20]]


def test_nearest_to_an_address_says_how_it_was_located(client: FlaskClient) -> None:
    answer = client.get("/api/v1/nearest?address=06840&limit=1").json
    assert answer["geocode"]["precision"] == "postal_code" and answer["geocode"]["approximate"] is True
    assert answer["geocode"]["provider"] == "gazetteer" and answer["geocode"]["partial"] is False
    assert answer["features"][0]["id"] == "ct-new-canaan-lobby"


def test_filters_of_nearest_pass_a_stated_yes_only(client: FlaskClient) -> None:
    answer = client.get("/api/v1/nearest?address=06840&recorded=true&limit=50").json
    assert answer["features"] and all(item["properties"]["cameras_recorded"] == "yes" for item in answer["features"])


def test_nearest_shows_what_a_filter_may_hide_wrongly(client: FlaskClient) -> None:
    address = "/api/v1/nearest?address=06840&recorded=true&limit=3"
    answer, everything = client.get(address).json, client.get("/api/v1/nearest?address=06840&limit=50").json["features"]
    meters = {zone["id"]: zone["properties"]["distance_m"] for zone in everything}
    reach = meters[answer["closest"]]
    hidden = [zone for zone in everything if zone["properties"]["cameras_recorded"] is None]
    usable = [zone for zone in hidden if zone["properties"]["usable"] and not zone["properties"]["crosses"]]
    assert answer["nearer_unstated"] == [zone for zone in usable if meters[zone["id"]] < reach] != []
    last = answer["features"][-1]["properties"]["distance_m"]
    assert answer["unstated"] == len([zone for zone in hidden if zone["properties"]["distance_m"] <= last])
    without = client.get("/api/v1/nearest?address=06840").json
    assert (without["unstated"], without["nearer_unstated"]) == (0, [])
    assert client.get("/api/v1/meet?a=06840&b=06820&recorded=true").json["unstated"] > 0


@pytest.mark.parametrize("path", ["nearest?address=06840", "meet?a=06840&b=06820", "geocode?address=06840", "towns",
                                  "collections/zones/changes"])  # fmt: skip
def test_every_resource_for_programs_takes_the_name_of_a_format(client: FlaskClient, path: str) -> None:
    address = f"/api/v1/{path}{'&' if '?' in path else '?'}f="
    assert client.get(f"{address}json").mimetype == "application/json"
    refused = client.get(f"{address}geojson")
    assert (refused.status_code, refused.mimetype) == (
        (400, "application/problem+json") if path == "towns" else (200, "application/geo+json")
    )
    assert "must be" in client.get(f"{address}xml").json["errors"][0]["allowed"]


@pytest.mark.parametrize(
    ("path", "status", "kind"),
    [
        ("/api/v1/nearest?address=Springfield", 409, "several-places"),
        ("/api/v1/nearest?address=zzzz", 404, "no-match"),
        ("/api/v1/nearest?address=99.1,200.2", 400, "bad-parameters"),
        ("/api/v1/nearest", 400, "bad-parameters"),
        ("/api/v1/nearest?lat=41", 400, "bad-parameters"),
        ("/api/v1/nearest?lat=41&lon=-73&address=06840", 400, "bad-parameters"),
        ("/api/v1/nearest?lat=91&lon=0", 400, "bad-parameters"),
        ("/api/v1/nearest?lat=nan&lon=0", 400, "bad-parameters"),
        ("/api/v1/geocode", 400, "bad-parameters"),
        ("/api/v1/towns?state=ZZ", 400, "bad-parameters"),
        (f"{ITEMS}/nothing", 404, "not-found"),
        (f"{ITEMS}?bbox=1,2,3,4,5", 400, "bad-parameters"),
        (f"{ITEMS}?after=x", 400, "bad-parameters"),
        (f"{ITEMS}?changed_since=2026-01-01T00:00:00Z&state=CT", 400, "bad-parameters"),
        ("/api/v1/collections/bridges", 404, "not-found"),
        ("/api/v2/", 404, "not-found"),
    ],
)
def test_a_refusal_is_a_problem_document_of_a_stable_type(
    client: FlaskClient, path: str, status: int, kind: str
) -> None:
    response = client.get(path)
    assert (response.status_code, response.mimetype) == (status, "application/problem+json")
    told = response.json
    assert told["type"].endswith(f"/docs#problem-{kind}") and told["status"] == status and told["detail"]
    assert not [error for error in told.get("errors", ()) if error["allowed"] in told["detail"]], "said once"
    assert f'id="problem-{kind}"' in client.get("/docs").text
    # A browser that asks nothing yet is shown the form (test_standards.py).
    asked = f"{path}?f=html" if path in ("/api/v1/nearest", "/api/v1/geocode") else path
    page = client.get(asked, headers={"Accept": BROWSER, "Accept-Language": "fr"})
    assert (page.status_code, page.mimetype) == (status, "text/html") and 'lang="fr"' in page.text
    assert "Set-Cookie" not in page.headers and f"/docs#problem-{kind}" in page.text and told["title"] not in page.text
    for said in told.get("errors") or told.get("candidates") or [{"detail": told["detail"]}]:
        assert (said.get("allowed") or said.get("label") or said["detail"]) in unescape(page.text)


def test_a_parameter_of_the_format_decides_over_the_browser_for_errors_too(client: FlaskClient) -> None:
    wrong = f"{ITEMS}?limit=0&f="
    assert client.get(f"{wrong}html").mimetype == "text/html"
    assert client.get(f"{wrong}json", headers={"Accept": BROWSER}).mimetype == "application/problem+json"
    assert client.get(f"{wrong}odt", headers={"Accept": BROWSER}).mimetype == "text/html"


def test_every_bad_parameter_is_named_with_its_value_and_what_is_allowed(client: FlaskClient) -> None:
    errors = client.get(f"{ITEMS}?limit=0&state=XX&shoe_size=9&bbox=1,2,3,4,5&offset=1&offset=2").json["errors"]
    errors_by_name = {error["name"]: error for error in errors}
    assert set(errors_by_name) == {"limit", "state", "shoe_size", "bbox", "offset"}
    assert errors_by_name["limit"]["value"] == "0" and "at least 1" in errors_by_name["limit"]["allowed"]
    assert "'CT'" in errors_by_name["state"]["allowed"]
    assert "known are limit, offset" in errors_by_name["shoe_size"]["allowed"]
    assert "5 numbers" in errors_by_name["bbox"]["allowed"] and "once" in errors_by_name["offset"]["allowed"]


@pytest.mark.parametrize(
    ("typed", "expected"),
    [("Cincinatti", "Cincinnati, OH"), ("Cleavland", "Cleveland, OH"), ("Poukeepsie NY", "Poughkeepsie, NY"),
     ("Glouster MA", "Gloucester, MA"), ("Sherbook QC", "Sherbrooke, QC"), ("Norwalk Walmart", "Norwalk, CA")],
)  # fmt: skip
def test_a_town_of_which_several_letters_are_wrong_is_offered_and_never_taken(
    client: FlaskClient, typed: str, expected: str
) -> None:
    response = client.get("/api/v1/nearest", query_string={"address": typed})
    assert response.status_code == 404
    assert response.json["candidates"][0]["label"] == expected


def test_candidates_of_an_ambiguous_address_lead_to_an_answer(client: FlaskClient) -> None:
    for place in client.get("/api/v1/nearest?address=Springfield").json["candidates"]:
        answer = client.get(f"/api/v1/nearest?lat={place['latitude']}&lon={place['longitude']}&limit=1")
        assert answer.status_code == 200 and len(answer.json["features"]) == 1


def test_names_from_before_release_1_0_have_ended_as_was_promised(client: FlaskClient) -> None:
    page = zones_of(client, "changed_since=2017-01-01T00:00:00Z&limit=1")
    assert page["next_changed_since"] and "ask_next_from" not in page
    problem = client.get("/oembed?url=http://localhost/review").json
    assert problem["type"].endswith("/docs#problem-forbidden") and "former_type" not in problem
    explained = client.get("/docs").text
    assert 'id="problem-forbidden"' in explained and "ask_next_from" not in explained


@pytest.mark.parametrize("path", ["/api/v1/", ITEMS, "/api/v1/nearest?lat=1&lon=1", "/openapi.json",
                                  "/downloads/zones.csv", "/api/v1/nothing"])  # fmt: skip
def test_programs_of_other_sites_may_ask_and_no_cookie_is_read_or_set(client: FlaskClient, path: str) -> None:
    client.set_cookie("lang", "es")
    client.set_cookie("session", "anything")
    response = client.get(path)
    assert response.headers["Access-Control-Allow-Origin"] == "*"
    assert "Set-Cookie" not in response.headers and "Cookie" not in response.headers.get("Vary", "")
    preflight = client.options(path, headers={"Origin": "https://town.example", "Access-Control-Request-Method": "GET"})
    assert preflight.headers["Access-Control-Allow-Origin"] == "*"


def test_where_somebody_is_stays_out_of_every_cache(client: FlaskClient) -> None:
    for path in ("/api/v1/nearest?lat=41.1&lon=-73.4", "/api/v1/geocode?address=06840"):
        assert client.get(path).headers["Cache-Control"] == "private, no-store"


def test_the_media_type_follows_accept_and_f_and_nothing_else_is_offered(client: FlaskClient) -> None:
    for accept, kind in (("*/*", "application/geo+json"), ("application/json", "application/json"),
                         ("text/html, application/json;q=0.9", "text/html")):  # fmt: skip
        assert client.get(ITEMS, headers={"Accept": accept}).mimetype == kind
    assert client.get(f"{ITEMS}?f=json").mimetype == "application/json"
    refused = client.get(ITEMS, headers={"Accept": "image/png"})
    offered = ["application/geo+json", "application/json", "text/html", "text/csv"]
    assert refused.status_code == 406 and refused.json["offered"] == offered
    page = client.get("/api/v1/", headers={"Accept": "text/html,*/*;q=0.8"})
    assert (page.status_code, page.mimetype) == (200, "text/html")


def test_only_a_refusal_for_now_says_when_to_come_back(client: FlaskClient) -> None:
    tag = client.get(ITEMS).headers["ETag"]
    for path, headers in ((ITEMS, {}), (ITEMS, {"If-None-Match": tag}), ("/api/v1/", {"Accept": "text/html"}),
                          (f"{ITEMS}?limit=0", {}), (f"{ITEMS}/nothing", {})):  # fmt: skip
        assert "Retry-After" not in client.get(path, headers=headers).headers, path


def test_an_item_and_its_tag_are_of_one_directory(site: Site) -> None:
    """A change between two looks at the directory must not give an old body the new tag."""
    with site.app.test_request_context(f"{ITEMS}/ct-darien-parking-lot"):
        first = snapshot()
        change_darien(site)
        assert snapshot() is first and site.services.snapshot_cache.current() is not first


def test_head_says_what_get_says_without_a_body(client: FlaskClient) -> None:
    for path in (ITEMS, "/api/v1/nearest?lat=1&lon=1", "/downloads/zones.gpx"):
        got, head = client.get(path), client.head(path)
        assert head.data == b"" and head.status_code == 200
        assert head.headers["Content-Type"] == got.headers["Content-Type"]
        assert head.headers.get("ETag") == got.headers.get("ETag")


def test_only_questions_are_answered(client: FlaskClient) -> None:
    response = client.post("/api/v1/nearest")
    assert (response.status_code, response.mimetype) == (405, "application/problem+json")
    assert "GET" in response.headers["Allow"]


def test_who_asks_too_often_is_told_when_to_come_back(build_app: Built, own_settings: Settings) -> None:
    client = build_app(own_settings.model_copy(update={"api_per_minute": 3})).test_client()
    responses = [client.get("/api/v1/conformance", environ_base={"REMOTE_ADDR": "192.0.2.77"}) for _ in range(5)]
    assert [answer.status_code for answer in responses] == [200, 200, 200, 429, 429]
    assert [answer.headers["RateLimit-Remaining"] for answer in responses[:3]] == ["2", "1", "0"]
    assert responses[0].headers["RateLimit-Limit"] == "3" and "Retry-After" not in responses[0].headers
    assert 0 < int(responses[3].headers["Retry-After"]) <= 61
    other = client.get("/api/v1/towns", environ_base={"REMOTE_ADDR": "192.0.2.77"})
    assert other.status_code == 429, "one limit for the whole API"
    assert 0 < int(responses[3].headers["RateLimit-Reset"]) <= 61
    assert responses[3].json["type"].endswith("#problem-too-many-requests")


def test_the_contract_names_every_route_of_the_api_and_no_other(app: Flask) -> None:
    routed = {
        rule.rule.replace("<", "{").replace(">", "}").removeprefix("/api/v1")
        for rule in app.url_map.iter_rules()
        if rule.rule.startswith("/api/v1")
    }
    assert set(document("http://x")["paths"]) == routed


def test_towns_are_those_that_have_a_zone_with_their_counts(client: FlaskClient) -> None:
    towns, address = [], "/api/v1/towns?limit=200"
    while address:
        page = client.get(address).json
        towns += page["towns"]
        address = next((link["href"] for link in page["links"] if link["rel"] == "next"), "")
    assert len(towns) == page["numberMatched"] == len({town["id"] for town in towns})
    assert sum(town["zones"] for town in towns) == zones_of(client)["numberMatched"]
    assert client.get(towns[0]["page"]).status_code == 200


def test_a_feature_is_the_files_with_time_zone_and_time_of_change(client: FlaskClient) -> None:
    item = client.get(f"{ITEMS}/ct-darien-parking-lot").json
    file = json.loads(client.get("/downloads/ct/darien/zones.geojson").text)["features"]
    own = next(feature for feature in file if feature["id"] == "ct-darien-parking-lot")
    more = {"time_zone": "America/New_York", "changed_at": item["properties"]["changed_at"],
            "position_confidence": "exact", "existence_confidence": "uncertain"}  # fmt: skip
    assert own["properties"].pop("url") == "http://localhost/zones/ct-darien-parking-lot"
    properties = {name: value for name, value in item["properties"].items() if value is not None}
    assert properties == own["properties"] | more | {"approximate": own["properties"].get("approximate", False)}
    assert set(item["properties"]) == {*PROPERTIES, *more}
    assert datetime.fromisoformat(more["changed_at"]) <= datetime.now(UTC)
    assert own["properties"]["status"] == Status.ACTIVE

"""The abstract tests of OGC 17-069r4, Annex A (Core, GeoJSON, OpenAPI 3.0), one function each, by their names.

Every test is run on our server. Those that pygeoapi claims too are run on it with the same zones: a test that the
reference fails would be a wrong test. Where pygeoapi is known to differ the test says so.
"""

import re
from datetime import UTC, datetime
from typing import Any

import pytest

from tests.integration.clients.conftest import ask
from tests.integration.clients.ogc_server import GEOJSON, Server

pytestmark = pytest.mark.clients

CORE = "http://www.opengis.net/spec/ogcapi-features-1/1.0/conf/core"
CRS84 = "http://www.opengis.net/def/crs/OGC/1.3/CRS84"
RFC3339 = r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)"


@pytest.fixture(params=["ours", "pygeoapi"])
def server(request: pytest.FixtureRequest) -> Server:
    if request.param == "ours":
        return Server(request.getfixturevalue("site") + "/api/v1/")
    return Server(request.getfixturevalue("pygeoapi") + "/")


@pytest.fixture
def ours(site: str) -> Server:
    return Server(site + "/api/v1/")


# A.2.1 General, A.2.2 Landing page


def test_conf_core_http(server: Server) -> None:
    assert server.get(server.root).status == 200
    assert server.get("collections/nothing/items").status == 404


def test_conf_core_root_op_and_root_success(server: Server) -> None:
    answer = server.get(server.root)
    assert answer.status == 200 and answer.media_type == "application/json"
    relations = {link["rel"] for link in answer.json()["links"]}
    assert relations & {"service-desc", "service-doc"}
    assert {"conformance", "data"} <= relations


def test_conf_core_api_definition_op_and_success(server: Server) -> None:
    for link in server.landing["links"]:
        if link["rel"] in ("service-desc", "service-doc"):
            assert server.get(link["href"], "*/*").status == 200
    assert server.definition["openapi"].startswith("3.0")


# A.2.3 Conformance


def test_conf_core_conformance_op_and_success(server: Server) -> None:
    answer = server.get(server.linked(server.landing, "conformance"))
    assert answer.status == 200
    assert CORE in answer.json()["conformsTo"]


# A.2.4 and A.2.5 Collections


def test_conf_core_fc_md_op_and_success(server: Server) -> None:
    answer = server.get(server.linked(server.landing, "data"))
    assert answer.status == 200
    assert [item["id"] for item in answer.json()["collections"]] == ["zones"]


def test_conf_core_fc_md_links(server: Server) -> None:
    found = server.get(server.linked(server.landing, "data")).json()
    assert server.linked(found, "self")
    assert all("rel" in link and "type" in link for link in found["links"])


def test_conf_core_fc_md_items_links(server: Server) -> None:
    for collection in server.get(server.linked(server.landing, "data")).json()["collections"]:
        items = [link for link in collection["links"] if link["rel"] == "items"]
        assert items and all(link["type"] for link in items)


def test_conf_core_fc_md_extent(server: Server) -> None:
    west, south, east, north = server.collection["extent"]["spatial"]["bbox"][0]
    for feature in server.page("limit=1000")["features"]:
        longitude, latitude = feature["geometry"]["coordinates"]
        assert west <= longitude <= east and south <= latitude <= north


def test_conf_core_crs84(server: Server) -> None:
    assert server.collection["extent"]["spatial"].get("crs", CRS84) == CRS84
    assert CRS84 in server.collection.get("crs", [CRS84])
    for feature in server.page("limit=100")["features"]:
        assert -180 <= feature["geometry"]["coordinates"][0] <= -50 or feature["properties"]["state"] in ("GU", "MP")


def test_conf_core_sfc_md_op_and_success(server: Server) -> None:
    listed = server.get(server.linked(server.landing, "data")).json()["collections"][0]
    single = server.collection
    for member in ("id", "title", "description", "extent", "itemType"):
        assert listed.get(member) == single.get(member)


# A.2.6 Features


def test_conf_core_fc_op(server: Server) -> None:
    assert server.get(server.items, GEOJSON).status == 200


def test_conf_core_fc_bbox_definition(server: Server) -> None:
    found = server.parameter("bbox")
    assert (found["in"], found["required"]) == ("query", False)
    assert (found["style"], found["explode"]) == ("form", False)
    schema = found["schema"]
    assert (schema["type"], schema["items"]["type"]) == ("array", "number")
    assert (schema["minItems"], schema["maxItems"]) == (4, 6)


BOXES = ["-75,40,-70,42", "-125,30,-65,50", "-130,-10,130,10", "-73.5,41.1,-73.4,41.2", "-180,-90,180,90"]


@pytest.mark.parametrize("box", BOXES)
def test_conf_core_fc_bbox_response(server: Server, stored: dict[str, Any], box: str) -> None:
    west, south, east, north = map(float, box.split(","))
    inside = {
        zone_id
        for zone_id, zone in stored.items()
        if west <= zone["geometry"]["coordinates"][0] <= east and south <= zone["geometry"]["coordinates"][1] <= north
    }
    assert {feature["id"] for feature in server.page(f"bbox={box}&limit=1000")["features"]} == inside


def test_conf_core_fc_bbox_response_across_the_date_line_and_with_heights(ours: Server, stored: dict[str, Any]) -> None:
    pacific = {i for i, z in stored.items() if z["geometry"]["coordinates"][0] >= 140
               or z["geometry"]["coordinates"][0] <= -140}  # fmt: skip
    assert len(pacific) > 2
    for box in ("140,-90,-140,90", "140,-90,0,-140,90,9000", "140,-90,220,90"):
        assert {feature["id"] for feature in ours.page(f"bbox={box}&limit=1000")["features"]} == pacific


def test_conf_core_fc_limit_definition(server: Server) -> None:
    found = server.parameter("limit")
    assert (found["in"], found["required"]) == ("query", False)
    assert (found["style"], found["explode"]) == ("form", False)
    assert found["schema"]["type"] == "integer" and found["schema"]["minimum"] == 1
    assert found["schema"]["default"] >= 1


@pytest.mark.parametrize("limit", [1, 7, 100])
def test_conf_core_fc_limit_response(server: Server, limit: int) -> None:
    assert len(server.page(f"limit={limit}")["features"]) == limit


def test_conf_core_fc_limit_response_over_the_highest_is_the_highest_and_no_error(server: Server) -> None:
    assert len(server.page("limit=1000000")["features"]) == min(1000, server.page("limit=1")["numberMatched"])


def test_conf_core_fc_time_definition(ours: Server) -> None:
    """pygeoapi defines the parameter in a document on the web, out of a test's reach."""
    found = ours.parameter("datetime")
    assert (found["in"], found["required"], found["schema"]["type"]) == ("query", False, "string")
    assert (found["style"], found["explode"]) == ("form", False)


def test_conf_core_fc_time_response(ours: Server) -> None:
    """pygeoapi's GeoJSON provider leaves time to its caller, so this one is run on our server only."""
    everything = ours.page("limit=1000")["features"]
    times = sorted(feature["properties"]["changed_at"] for feature in everything)
    middle = times[len(times) // 2]
    for query, wanted in {
        f"{middle}/..": [t for t in times if t >= middle],
        f"../{middle}": [t for t in times if t <= middle],
        f"/{middle}": [t for t in times if t <= middle],
        middle: [t for t in times if t == middle],
        f"{times[0]}/{middle}": [t for t in times if t <= middle],
        "1999-01-01T00:00:00Z/2000-01-01T00:00:00Z": [],
    }.items():
        found = ours.page(f"datetime={query}&limit=1000")["features"]
        assert sorted(feature["properties"]["changed_at"] for feature in found) == wanted, query


def test_conf_core_fc_response(server: Server) -> None:
    page = server.page("limit=5")
    assert page["type"] == "FeatureCollection" and len(page["features"]) == 5


def test_conf_core_fc_links_name_the_answer_itself_and_the_same_in_other_forms(server: Server) -> None:
    links = server.page("limit=5")["links"]
    own = next(link for link in links if link["rel"] == "self")
    again = server.get(own["href"], "*/*").json()
    assert [feature["id"] for feature in again["features"]] == [f["id"] for f in server.page("limit=5")["features"]]
    others = [link for link in links if link["rel"] == "alternate"]
    assert others and all(server.get(link["href"], link["type"]).status == 200 for link in others)


@pytest.mark.parametrize("kind", ["application/geo+json", "application/json"])
def test_conf_core_links_are_of_the_type_that_was_asked_for(ours: Server, kind: str) -> None:
    for address in (f"{ours.items}?limit=5", f"{ours.items}/ct-darien-parking-lot"):
        links = ours.get(address, kind).json()["links"]
        for link in links:
            if link["rel"] in ("self", "next"):
                assert link["type"] == kind
            if link["rel"] in ("self", "next", "alternate"):
                assert ours.get(link["href"], link["type"]).media_type == link["type"]


def test_conf_core_fc_links_lead_through_every_feature_once(server: Server) -> None:
    page, seen = server.page("limit=250"), []
    for _ in range(20):
        seen += [feature["id"] for feature in page["features"]]
        forward = [link for link in page["links"] if link["rel"] == "next"]
        if not forward:
            break
        page = server.get(forward[0]["href"], GEOJSON).json()
        assert any(link["rel"] == "prev" for link in page["links"])
    assert len(seen) == len(set(seen)) == page["numberMatched"]
    assert all(link.get("type") and link["rel"] for link in page["links"])


def test_conf_core_fc_time_stamp(server: Server) -> None:
    """We give none, as the standard allows: an answer stays the same until the directory changes."""
    stamp = server.page("limit=1").get("timeStamp")
    if stamp is not None:
        given = datetime.fromisoformat(stamp)
        assert abs((datetime.now(UTC) - given.replace(tzinfo=given.tzinfo or UTC)).total_seconds()) < 60


def test_conf_core_fc_number_matched_and_returned(server: Server, stored: dict[str, Any]) -> None:
    page = server.page("limit=3")
    assert page["numberReturned"] == len(page["features"]) == 3
    assert page["numberMatched"] == len(stored)


def test_conf_core_query_param_unknown(ours: Server) -> None:
    """pygeoapi takes any unknown name as a property filter."""
    answer = ours.get(f"{ours.items}?unknown=1", GEOJSON)
    assert answer.status == 400 and answer.media_type == "application/problem+json"


@pytest.mark.parametrize("query", ["limit=-1", "limit=x", "bbox=1,2,3", "bbox=1,2,3,4,5", "bbox=a,b,c,d"])
def test_conf_core_query_param_invalid(server: Server, query: str) -> None:
    assert server.get(f"{server.items}{'&' if '?' in server.items else '?'}{query}", GEOJSON).status == 400


@pytest.mark.parametrize("query", ["limit=0", "datetime=yesterday", "datetime=../..",
                                   "datetime=2026-01-02T00:00:00Z/2026-01-01",
                                   "bbox=1,5,3,4", "state=XX", "limit=1&limit=2", "offset=-1"])  # fmt: skip
def test_conf_core_query_param_invalid_of_ours(ours: Server, query: str) -> None:
    assert ours.get(f"{ours.items}?{query}", GEOJSON).status == 400


# A.2.7 A feature


def test_conf_core_f_op_and_f_success(server: Server) -> None:
    for feature in server.page("limit=5")["features"]:
        address = server.linked(server.collection, "items", "geo+json").partition("?")[0] + f"/{feature['id']}"
        answer = server.get(address, GEOJSON)
        assert answer.status == 200
        found = answer.json()
        assert (found["id"], found["geometry"]) == (feature["id"], feature["geometry"])


def test_conf_core_f_links(server: Server) -> None:
    zone_id = server.page("limit=1")["features"][0]["id"]
    found = server.get(f"{server.items.partition('?')[0]}/{zone_id}", GEOJSON).json()
    assert {"self", "collection", "alternate"} <= {link["rel"] for link in found["links"]}
    assert server.get(server.linked(found, "collection")).status == 200


# A.3 GeoJSON


def test_conf_geojson_definition(ours: Server) -> None:
    """pygeoapi announces application/geo+json in its links and answers as application/json."""
    assert ours.get(ours.items, GEOJSON).media_type == GEOJSON
    assert ours.get(f"{ours.items}/ct-new-canaan-lobby", GEOJSON).media_type == GEOJSON


def test_conf_geojson_content(server: Server) -> None:
    for feature in server.get(server.items, GEOJSON).json()["features"]:
        assert feature["type"] == "Feature" and feature["geometry"]["type"] == "Point"
        assert isinstance(feature["properties"], dict)


# A.5 OpenAPI 3.0


def test_conf_oas30_completeness_and_exceptions_codes(ours: Server) -> None:
    definition = ours.definition
    base = definition["servers"][0]["url"]
    reading = {path: item for path, item in definition["paths"].items() if "get" in item}
    assert definition["paths"].keys() - reading.keys() == {"/departments/{state}/{name}/zones"}, "it is only sent to"
    for path, operations in reading.items():
        for status in operations["get"]["responses"]:
            assert re.fullmatch(r"[2-5]\d\d", status)
        if path in ("/nearest", "/geocode"):
            continue  # they need a place to ask about
        answer = ours.get(base + path.replace("{zone_id}", "ct-darien-parking-lot"))
        assert str(answer.status) in operations["get"]["responses"], path


def test_conf_oas30_security_no_operation_asks_for_a_key(server: Server) -> None:
    definition = server.definition
    assert not definition.get("security")
    assert not [path for path, item in definition["paths"].items() if item.get("get", {}).get("security")]


# Recommendations that we keep


def test_rec_core_etag_gives_304_and_head_gives_no_body(ours: Server) -> None:
    first = ours.get(ours.items, GEOJSON)
    assert ask(ours.items, GEOJSON, **{"If-None-Match": first.headers["etag"]}).status == 304
    head = ask(ours.items, GEOJSON, "HEAD")
    assert (head.status, head.body, head.headers["content-type"]) == (200, b"", first.headers["content-type"])


def test_rec_core_cross_origin(ours: Server) -> None:
    assert ours.get(ours.items, GEOJSON).headers["access-control-allow-origin"] == "*"


def test_rec_core_fc_filters(ours: Server, stored: dict[str, Any]) -> None:
    for name, value in (("state", "CT"), ("setting", "lobby"), ("cameras_recorded", "yes"), ("town", "New Canaan")):
        wanted = {zone_id for zone_id, zone in stored.items() if zone["properties"].get(name) == value}
        found = ours.page(f"{name}={value.replace(' ', '%20')}&limit=1000")
        assert {feature["id"] for feature in found["features"]} == wanted and wanted

"""What OGC API Features asks beyond Core: pages for people, filters, schemas, coordinates; one test a class or two.

The tests of the standards' annexes are named: Part 2 (OGC 18-058r1), Part 3 (19-079r2), CQL2 (21-065r2). The
predicates of CQL2 with their numbers stand in tests/unit/search/cql/test_cql2.py.
"""

import csv
import io
import json
import re
from html import unescape
from itertools import product
from typing import Any

import numpy as np
import pyproj
import pytest
from flask.testing import FlaskClient
from sqlalchemy import text

from directory.web.api.features.conformance_classes import CONFORMANCE
from tests.support.site import Site

API, COLLECTION = "/api/v1", "/api/v1/collections/zones"
ITEMS = f"{COLLECTION}/items"
CRS84, MERCATOR = ("http://www.opengis.net/def/crs/OGC/1.3/CRS84", "http://www.opengis.net/def/crs/EPSG/0/3857")
BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,*/*;q=0.8"
SCHEMAS = [f"{COLLECTION}/schema", f"{COLLECTION}/queryables", f"{COLLECTION}/feature-schema"]
RESOURCES = [f"{API}/", f"{API}/conformance", f"{API}/collections", COLLECTION, ITEMS, *SCHEMAS,
             f"{ITEMS}/ct-darien-parking-lot", f"{API}/towns?state=CT", f"{COLLECTION}/changes?limit=5"]  # fmt: skip
VALUES = {"string": "'foo'", "boolean": "true", "integer": "1", "date-time": "TIMESTAMP('2022-04-14T14:48:46Z')",
          "date": "DATE('2022-04-14')"}  # fmt: skip
"""A value of each type (Annex A, /conf/basic-cql2/comparison)."""


@pytest.fixture(scope="module")
def everything(app: Any) -> dict[str, Any]:
    features = app.test_client().get(f"{ITEMS}?limit=1000").json["features"]
    return {feature["id"]: feature for feature in features}


def ids(client: FlaskClient, **query: Any) -> set[str]:
    answer = client.get(ITEMS, query_string={"limit": 1000, **query})
    assert answer.status_code == 200, answer.text
    return {feature["id"] for feature in answer.json["features"]}


def filtered(client: FlaskClient, text: str) -> set[str]:
    return ids(client, filter=text)


def matched(client: FlaskClient, text: str) -> int:
    answer = client.get(ITEMS, query_string={"limit": 1, "filter": text})
    assert answer.status_code == 200, answer.text
    return int(answer.json["numberMatched"])


def links_of(header: str) -> dict[tuple[str, str], str]:
    found = re.findall(r'<([^>]+)>; rel="([^"]+)"; type="([^"]+)"', header)
    return {(relation, kind): address for address, relation, kind in found}


@pytest.mark.parametrize("path", RESOURCES)
def test_every_resource_is_a_page_for_a_browser_and_each_form_leads_to_the_other(
    client: FlaskClient, path: str
) -> None:
    page = client.get(path, headers={"Accept": BROWSER, "Accept-Language": "es"})
    assert (page.status_code, page.mimetype) == (200, "text/html")
    assert 'lang="es"' in page.text and {"Accept", "Accept-Language"} <= set(page.vary)
    assert "Set-Cookie" not in page.headers and "script-src 'self'" in page.headers["Content-Security-Policy"]
    assert client.get(path, headers={"Accept": BROWSER, "If-None-Match": page.headers["ETag"],
                                     "Accept-Language": "es"}).status_code == 304  # fmt: skip
    (there, kind) = re.findall(r'<link rel="alternate" type="([^"]+)" href="([^"]+)"', page.text)[0][::-1]
    machine = client.get(unescape(there))
    assert (machine.status_code, machine.mimetype) == (200, kind)
    for answer in (machine, client.get(path, headers={"Accept": "*/*"})):
        back = links_of(answer.headers["Link"])["alternate", "text/html"]
        assert client.get(back).mimetype == "text/html"
    in_body = machine.json.get("links", [])
    for link in in_body:
        if link["rel"] in ("self", "next", "alternate"):
            assert links_of(machine.headers["Link"])[link["rel"], link["type"]] == link["href"]


def test_a_text_that_a_property_can_never_be_finds_nothing_and_the_answer_says_so(client: FlaskClient) -> None:
    """CQL2 has it evaluated (/conf/basic-cql2/comparison compares with 'foo'), so that it is no error."""
    asked = {"filter": "lighting='yess' OR state IN ('ct','NY') OR status LIKE 'op%'", "limit": 1000}
    answer = client.get(ITEMS, query_string=asked).json
    assert {zone["properties"]["state"] for zone in answer["features"]} == {"NY"}
    assert [(note["property"], note["value"]) for note in answer["filter_notes"]] == [
        ("lighting", "yess"), ("state", "ct"), ("status", "op%"),
    ]  # fmt: skip
    details = [note["detail"] for note in answer["filter_notes"]]
    assert details[0] == "yess is no value of lighting. Did you mean yes? Its values are yes, no."
    assert "Did you mean CT?" in details[1]
    page = client.get(ITEMS, query_string={**asked, "f": "html"}).text
    assert all(f'<p class="caution" lang="en">{detail}</p>' in page for detail in details)
    tree = {"op": "in", "args": [{"op": "casei", "args": [{"property": "state"}]}, ["ct", "CT", "unknown"]]}
    in_json = client.get(ITEMS, query_string={"filter": json.dumps(tree), "filter-lang": "cql2-json"}).json
    assert [note["value"] for note in in_json["filter_notes"]] == ["CT", "unknown"]
    assert "found by state IS NULL" in in_json["filter_notes"][1]["detail"]
    for fits in ("CASEI(state)=CASEI('CT')", "status LIKE 'act%'", "'yes'=lighting", "status<'foo'", "name='foo'"):
        assert "filter_notes" not in client.get(ITEMS, query_string={"filter": fits}).json, fits


def test_pages_of_items_lead_on_and_back_and_keep_the_question(client: FlaskClient) -> None:
    page = client.get(f"{ITEMS}?f=html&limit=5&filter=state='CT'&sortby=-name")
    forward = re.findall(r'<a href="([^"]+)" rel="next"', page.text)[0]
    second = client.get(unescape(forward))
    assert "6 to 10 of 14" in second.text and 'rel="prev"' in second.text
    assert second.text.count("<li data-zone=") == 5
    assert "No zone fits" in client.get(f"{ITEMS}?f=html&filter=false").text


def test_every_claimed_class_is_known_and_one_resource_tells_them(client: FlaskClient) -> None:
    assert client.get(f"{API}/conformance").json["conformsTo"] == list(CONFORMANCE)
    assert len(set(CONFORMANCE)) == len(CONFORMANCE) == 17


def test_queryables_and_schema_say_what_there_is_with_its_types(client: FlaskClient, everything: Any) -> None:
    """Part 3, queryables; Part 5, returnables: integers are integers, so that no client guesses."""
    linked = {link["rel"]: link["href"] for link in client.get(COLLECTION).json["links"]}
    documents = {}
    for name in ("queryables", "schema"):
        answer = client.get(linked[f"http://www.opengis.net/def/rel/ogc/1.0/{name}"])
        assert answer.mimetype == "application/schema+json"
        documents[name] = document = answer.json
        assert document["$schema"] == "https://json-schema.org/draft/2020-12/schema"
        assert document["$id"] == f"http://localhost{COLLECTION}/{name}" and document["type"] == "object"
        for member in document["properties"].values():
            assert member.get("type") or member["format"].startswith("geometry-")
        assert document["additionalProperties"] is False
    said = documents["schema"]["properties"]
    assert said["footage_days"]["type"] == said["spaces"]["type"] == "integer"
    assert said["geometry"]["x-ogc-role"] == "primary-geometry" and said["id"]["x-ogc-role"] == "id"
    assert set(said) - {"id", "geometry"} == set(next(iter(everything.values()))["properties"])
    assert set(documents["queryables"]["properties"]) < set(said)


@pytest.mark.parametrize("path", SCHEMAS)
def test_who_accepts_json_gets_a_schema_which_is_json(client: FlaskClient, path: str) -> None:
    answer = client.get(path, headers={"Accept": "application/json"})
    assert (answer.status_code, answer.mimetype) == (200, "application/schema+json")
    assert client.get(path, headers={"Accept": "application/xml"}).status_code == 406


def test_every_queryable_takes_every_comparison(client: FlaskClient) -> None:
    """/conf/basic-cql2/comparison and is-null, for each queryable."""
    for name, said in client.get(f"{COLLECTION}/queryables").json["properties"].items():
        missing, known = matched(client, f'"{name}" IS NULL'), matched(client, f"{name} is not null")
        assert missing + known == 987, name
        kind = said["format"] if said.get("format") in VALUES else said.get("type")
        if kind is None:
            continue
        for one, other in (("=", "<>"), (">", "<="), ("<", ">=")):
            first, second = (f"{name} {sign} {VALUES[kind]}" for sign in (one, other))
            assert matched(client, f"{first} AND {second}") == 0, (name, one)
            assert matched(client, f"{first} OR {second}") == known, (name, one)
    assert filtered(client, "false") == set() and len(filtered(client, "true")) == 987


def test_filters_find_what_the_properties_say(client: FlaskClient, everything: Any) -> None:
    def having(check: Any) -> set[str]:
        return {name for name, feature in everything.items() if check(feature["properties"])}

    def inside(west: float, south: float, east: float, north: float) -> set[str]:
        spots = {name: feature["geometry"]["coordinates"] for name, feature in everything.items()}
        return {name for name, (x, y) in spots.items() if west <= x <= east and south <= y <= north}

    square = "POLYGON((-74 41,-73 41,-73 42,-74 42,-74 41))"
    middle = sorted(feature["properties"]["changed_at"] for feature in everything.values())[len(everything) // 2]
    cases = {
        "state IN ('CT','NY') AND setting = 'lobby'":
            having(lambda p: p["state"] in ("CT", "NY") and p["setting"] == "lobby"),
        "footage_days BETWEEN 20 AND 60": having(lambda p: p["footage_days"] and 20 <= p["footage_days"] <= 60),
        "NOT cameras = 'yes'": having(lambda p: p["cameras"] not in (None, "yes")),
        "CASEI(town) LIKE CASEI('NEW%')": having(lambda p: p["town"].lower().startswith("new")),
        "ACCENTI(town) LIKE 'Quebec%'": having(lambda p: p["town"].replace("é", "e").startswith("Quebec")),
        "approximate": having(lambda p: p["approximate"]),
        "S_INTERSECTS(geometry, BBOX(-74,41,-73,42))": inside(-74, 41, -73, 42),
        f"S_WITHIN(geometry, {square})": inside(-74, 41, -73, 42),
        f"S_DISJOINT({square}, geometry)": set(everything) - inside(-74, 41, -73, 42),
        "S_INTERSECTS(geometry, BBOX(140,-90,-140,90))": inside(140, -90, 180, 90) | inside(-180, -90, -140, 90),
        f"T_AFTER(changed_at, TIMESTAMP('{middle}'))": having(lambda p: p["changed_at"] > middle),
        f"T_DURING(changed_at, INTERVAL('..', '{middle}'))": having(lambda p: p["changed_at"] < middle),
        "town = department": set(), "'CT' = state": having(lambda p: p["state"] == "CT"),
    }  # fmt: skip
    for words, wanted in cases.items():
        assert filtered(client, words) == wanted, words
    tree = {"op": "in", "args": [{"property": "state"}, ["CT", "NY"]]}
    in_json = {"filter": json.dumps(tree), "filter-lang": "cql2-json"}
    assert ids(client, **in_json) == filtered(client, "state IN ('CT','NY')") == ids(client, state="CT,NY")
    both = ids(client, filter="setting='lobby'", state="CT", bbox="-74,41,-73,42")
    assert both == filtered(client, "setting='lobby' AND state='CT'") & inside(-74, 41, -73, 42)


def test_combinations_of_predicates_are_evaluated(client: FlaskClient) -> None:
    """/conf/basic-cql2/logical against the sets of each predicate."""
    predicates = ("state='CT'", "cameras='yes'", "footage_days IS NULL")
    yes = {text: filtered(client, text) for text in predicates}
    no = {text: filtered(client, f"NOT {text}") for text in predicates}
    for one, two, three in product(predicates, repeat=3):
        found = filtered(client, f"(NOT {one} AND {two}) OR NOT ({two} OR {three})")
        assert found == (no[one] & yes[two]) | (no[two] & no[three])


@pytest.mark.parametrize(
    ("query", "name", "message"),
    [
        ({"filter": "state = 'CT' AND ("}, "filter", "at character 19: expected an expression"),
        (
            {"filter": "shoe_size > 9"},
            "filter",
            "at character 1: shoe_size is no queryable (a text is written 'shoe_size'); queryables are id, geometry",
        ),
        ({"filter": "town = Darien"}, "filter", "at character 8: Darien is no queryable (a text is written 'Darien')"),
        ({"filter": "changed_at > '2026-01-01'"}, "filter", "a time is written DATE('2026-11-24') or TIMESTAMP("),
        ({"filter": "cameras = true"}, "filter", "a text is written 'in single quotes'"),
        ({"filter": "stat = 'CT'"}, "filter", "stat is no queryable. Did you mean state? Queryables are id, "),
        ({"filter": "x", "filter-lang": "ecql"}, "filter-lang", "must be one of: 'cql2-text' or 'cql2-json'"),
        ({"filter": "true", "filter-crs": "EPSG:3857"}, "filter-crs", "must be one of"),
        ({"crs": "EPSG:4326"}, "crs", "must be one of"),
        ({"bbox": "1,2,3,4", "bbox-crs": "EPSG:4326"}, "bbox-crs", "must be one of"),
        ({"bbox": "1,5,3,4"}, "bbox", "is north of its north"),
        ({"sortby": "shoe_size"}, "sortby", "is no property to sort by; these are id, name"),
        ({"properties": "name,shoe_size"}, "properties", "shoe_size is no property; these are name"),
        ({"sortby": "-Twon"}, "sortby", "Twon is no property to sort by. Did you mean town? These are id, name"),
        ({"properties": "footage_day"}, "properties", "Did you mean footage_days? These are name"),
        ({"filter_lang": "cql2-text"}, "filter_lang", "unknown. Did you mean filter-lang? Known are limit"),
        ({"shoe_size": "9"}, "shoe_size", "unknown; known are limit, offset"),
    ],
)
def test_a_bad_question_is_told_where_and_what_is_allowed(
    client: FlaskClient, query: dict[str, str], name: str, message: str
) -> None:
    answer = client.get(ITEMS, query_string=query)
    assert (answer.status_code, answer.mimetype) == (400, "application/problem+json")
    (error,) = answer.json["errors"]
    assert error["name"] == name and message in error["allowed"]
    page = client.get(ITEMS, query_string={**query, "f": "html"}).text
    assert (f'href="{COLLECTION}/queryables"' in page) == (name == "filter")


def test_coordinates_by_reference(client: FlaskClient, everything: Any) -> None:
    """Part 2: crs, bbox-crs and filter-crs agree with PROJ, the default is CRS84, and the header says which."""
    described = client.get(COLLECTION).json
    assert described["crs"] == [CRS84, MERCATOR] and described["storageCrs"] == CRS84
    assert client.get(ITEMS).headers["Content-Crs"] == f"<{CRS84}>"
    answer = client.get(ITEMS, query_string={"crs": MERCATOR, "limit": 1000})
    assert answer.headers["Content-Crs"] == f"<{MERCATOR}>"
    project = pyproj.Transformer.from_crs("EPSG:4326", "EPSG:3857", always_xy=True)
    for feature in answer.json["features"]:
        wanted = project.transform(*everything[feature["id"]]["geometry"]["coordinates"])
        assert np.allclose(feature["geometry"]["coordinates"], wanted, atol=0.01)
    one = client.get(f"{ITEMS}/ct-darien-parking-lot", query_string={"crs": MERCATOR})
    assert one.headers["Content-Crs"] == f"<{MERCATOR}>"
    assert one.json["geometry"]["coordinates"][0] == pytest.approx(-8_179_698, abs=2_000)
    west, south, east, north = (*project.transform(-74, 41), *project.transform(-73, 42))
    degrees = ids(client, bbox="-74,41,-73,42")
    assert degrees and ids(client, bbox=f"{west},{south},{east},{north}", **{"bbox-crs": MERCATOR}) == degrees
    text = f"S_INTERSECTS(geometry, BBOX({west},{south},{east},{north}))"
    assert ids(client, filter=text, **{"filter-crs": MERCATOR}) == degrees
    edge = 20037508.342789248  # where its world ends, as programs round it
    world = f"s_intersects(geometry, BBOX({-edge},{-edge},{edge},{edge}))"
    assert ids(client, filter=world, **{"filter-crs": MERCATOR}) == ids(client)


def test_sorted_chosen_and_as_a_table(client: FlaskClient, everything: Any) -> None:
    answer = client.get(f"{ITEMS}?f=csv&sortby=-footage_days,%2Btown&properties=town,footage_days&limit=1000")
    assert answer.mimetype == "text/csv" and answer.headers["Link"]
    rows = list(csv.DictReader(io.StringIO(answer.text)))
    assert list(rows[0]) == ["id", "longitude", "latitude", "town", "footage_days"]
    days = [int(row["footage_days"] or -1) for row in rows]
    assert days == sorted(days, reverse=True) and {row["id"] for row in rows} == set(everything)
    for row in rows:
        said = everything[row["id"]]["properties"]
        assert (row["town"], row["footage_days"]) == (said["town"], str(said["footage_days"] or ""))
    some = client.get(f"{ITEMS}?properties=name&limit=2").json["features"]
    assert [set(feature["properties"]) for feature in some] == [{"name"}, {"name"}]


def test_a_link_header_stays_short(client: FlaskClient) -> None:
    long = client.get(ITEMS, query_string={"filter": "name IN (" + ",".join(["'ä'"] * 600) + ")"})
    assert long.status_code == 200 and len(long.headers.get("Link", "")) < 8_000


def test_changes_are_the_mirrors_resource(client: FlaskClient, everything: Any) -> None:
    path, seen = f"{COLLECTION}/changes?limit=400", set()
    while path:
        page = client.get(path).json
        seen |= {feature["id"] for feature in page["features"]}
        path = next((link["href"] for link in page["links"] if link["rel"] == "next"), "")
    assert seen >= set(everything)
    again = client.get(f"{COLLECTION}/changes?after={page['next_cursor']}").json
    assert again["features"] == [] and again["next_cursor"] == page["next_cursor"]
    assert client.get(f"{COLLECTION}/changes?after=yesterday").status_code == 400


def test_a_table_of_the_api_runs_as_no_formula(site: Site) -> None:
    with site.engine.begin() as connection:
        statement = "UPDATE zone SET name = :name WHERE zone_id = 'ct-darien-parking-lot'"
        connection.execute(text(statement), {"name": '=HYPERLINK("http://evil.example")'})
    site.services.snapshot_cache.invalidate()
    table = site.visitor().get(f"{ITEMS}?f=csv&town=ct/darien&properties=name").text
    assert "'=HYPERLINK" in table and ",=HYPERLINK" not in table and ',"=HYPERLINK' not in table

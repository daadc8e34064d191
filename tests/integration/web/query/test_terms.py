"""The directory's words are the same everywhere: page, API, embeds, files and map data."""

import csv
import io
import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from directory import clock
from directory.db.log import Author
from directory.db.transaction import transaction
from directory.formats.json_schema import PROPERTIES
from directory.store.writer import DirectoryWriter
from directory.web.api.contract import document
from directory.zones.schemas import Status
from tests.support.days import day_in_connecticut
from tests.support.site import Site, html_of

ITEMS, NEAREST = "/api/v1/collections/zones/items", "/api/v1/nearest"
OFFERS = {
    "lobby": {"lobby", "lobby_and_lot"},
    "parking_lot": {"parking_lot", "lobby_and_lot"},
    "lobby_and_lot": {"lobby_and_lot"},
    "other": {"other"},
}


def items(client: FlaskClient, **query: str) -> list[str]:
    page = client.get(ITEMS, query_string={"limit": "1000", **query})
    assert page.status_code == 200, page.text
    return [item["id"] for item in page.json["features"]]


def nearest(client: FlaskClient, **query: str) -> list[Any]:
    page = client.get(NEAREST, query_string={"lat": "41.1", "lon": "-73.5", "limit": "50", **query})
    assert page.status_code == 200, page.text
    return list(page.json["features"])


def settings_near(client: FlaskClient, text: str) -> set[str]:
    return {zone["properties"]["setting"] for zone in nearest(client, setting=text)}


@pytest.mark.parametrize("word", ["lot", "parking_lot", "Parking-Lot", "PARKING LOT", " lot "])
def test_a_setting_has_one_meaning_in_whatever_words(client: FlaskClient, word: str) -> None:
    assert nearest(client, setting=word) == nearest(client, setting="lot")
    assert settings_near(client, word) == OFFERS["parking_lot"]
    assert items(client, setting=word) == items(client, setting="parking_lot") != []
    page = client.get("/search", query_string={"q": "06840", "setting": word})
    assert page.status_code == 200 and '<option value="lot" selected>' in html_of(page)


def test_several_settings_mean_any_of_them(client: FlaskClient) -> None:
    for words in ("lobby,lot", "other, lobby_and_lot", "lobby", "lobby_and_lot"):
        wanted = {word if word != "lot" else "parking_lot" for word in words.replace(" ", "").split(",")}
        assert settings_near(client, words) <= set().union(*(OFFERS[word] for word in wanted))
        assert set(items(client, setting=words)) == set().union(*(items(client, setting=word) for word in wanted))
    page = client.get("/search?q=06840&setting=other,lobby_and_lot").text
    assert '<option value="other,lobby_and_lot" selected>Another kind of spot, Lobby and parking lot</option>' in page


@pytest.mark.parametrize(
    "text",
    ["new canaan", "New Canaan", "NEW-CANAAN", "ct/new-canaan", "CT/New-Canaan", "new canaan, ct", "New Canaan,"],
)
def test_a_town_is_asked_for_by_its_name_in_any_case_or_its_id(client: FlaskClient, text: str) -> None:
    ours = ["ct-new-canaan-lobby", "ct-new-canaan-parking-lot"]
    assert items(client, town=text) == ours
    query = {"town": text, "bom": "0"}
    rows = csv.DictReader(io.StringIO(client.get("/downloads/zones.csv", query_string=query).text))
    assert [row["zone_id"] for row in rows] == ours
    frame = client.get("/embed", query_string={"town": text})
    assert frame.status_code == 200 and "Safe zones in New Canaan, CT" in frame.text


def test_several_towns_and_states_are_separated_by_commas(client: FlaskClient) -> None:
    both = sorted(["ct-darien-parking-lot", "ct-new-canaan-lobby", "ct-new-canaan-parking-lot"])
    for words in ("darien,new canaan", "Darien, CT, ct/new-canaan", "ct/darien,ct/new-canaan"):
        assert items(client, town=words) == both, words
    states = items(client, state="CT"), items(client, state="NY")
    for words in ("ct,ny", "NY, Connecticut", "new york,CT"):
        assert items(client, state=words) == sorted(states[0] + states[1]), words
    towns = client.get("/api/v1/towns?state=ct,ny&limit=1000").json
    assert {town["state"] for town in towns["towns"]} == {"CT", "NY"}


def test_files_and_map_data_take_the_same_words(client: FlaskClient) -> None:
    wanted = items(client, state="ct,ny", setting="lot", usable="true")
    query = {"state": "Connecticut,ny", "setting": "parking lot", "usable": "1"}
    file = json.loads(client.get("/downloads/zones.geojson", query_string=query).text)
    assert [item["id"] for item in file["features"]] == wanted != []
    assert client.get("/map/zones-x.json", query_string=query).json["id"] == wanted
    for others in ({}, {"cameras": "yes"}, {"cameras": "yes", "state": "ct,ny"}):
        shown = client.get("/map/zones-x.json", query_string={"show": "lobby", **others}).json["id"]
        assert shown == items(client, setting="lobby,lobby_and_lot", **others) != [], (
            "a choice of a state's page is one filter more"
        )
    assert client.get("/map/zones-x.json?state=ct").json == client.get("/map/zones-x.json?state=CT").json
    digest = client.get("/downloads/zones.csv.sha256", query_string=query).text
    whole = client.get("/downloads/zones.csv.sha256").text
    assert digest != whole and len(digest.split()[0]) == 64


@pytest.mark.parametrize(
    ("path", "name", "allowed"),
    [
        (f"{ITEMS}?setting=roof", "setting", "'lot'"),
        (f"{ITEMS}?state=ct,zz", "state", "'CT'"),
        (f"{ITEMS}?cameras=maybe", "cameras", "'yes'"),
        (f"{ITEMS}?status=withdrawn", "status", "'moved'"),
        (f"{ITEMS}?usable=perhaps", "usable", "true or false"),
        (f"{ITEMS}?setting=,", "setting", "'lobby'"),
        (f"{ITEMS}?town=", "town", "empty"),
        (f"{NEAREST}?lat=1&lon=1&setting=lobby,roof", "setting", "'lobby_and_lot'"),
        (f"{NEAREST}?lat=1&lon=1&usable=2", "usable", "true or false"),
        (f"{NEAREST}?lat=1&lon=1&stations=2", "stations", "true or false"),
        ("/api/v1/towns?state=zz", "state", "'CT'"),
    ],
)
def test_a_word_that_nobody_knows_is_refused_with_those_that_are_known(
    client: FlaskClient, path: str, name: str, allowed: str
) -> None:
    answer = client.get(path)
    assert answer.status_code == 400
    errors = {error["name"]: error["allowed"] for error in answer.json["errors"]}
    assert allowed in errors[name]


def test_pages_and_files_name_the_known_words_as_well(client: FlaskClient) -> None:
    for path in ("/search?q=06840&setting=roof", "/downloads/zones.csv?setting=roof", "/map/zones-x.json?setting=roof"):
        page = client.get(path)
        assert page.status_code == 400 and "lobby_and_lot" in page.text and "roof" in page.text, path


def test_yes_and_no_are_the_same_words_in_page_and_api(client: FlaskClient) -> None:
    for word in ("true", "1", "yes", "TRUE"):
        assert nearest(client, recorded=word) == nearest(client, recorded="true") != nearest(client)
        assert 'name="recorded" value="1" checked' in html_of(client.get(f"/search?q=06840&recorded={word}"))
        assert items(client, cameras_recorded=word.lower()) == items(client, cameras_recorded="yes")
    assert nearest(client, recorded="0") == nearest(client, recorded="false") == nearest(client)


def test_usable_leaves_out_what_one_cannot_go_to_now(site: Site) -> None:
    client = site.visitor()
    everything, usable = items(client), items(client, usable="true")
    by_status = {status: set(items(client, status=status)) for status in ("active", "moved", "planned")}
    assert set(usable) == set(everything) - by_status["moved"] - by_status["planned"]
    assert by_status["moved"] and by_status["planned"]
    near = nearest(client, usable="true")
    assert near and all(zone["properties"]["usable"] for zone in near)
    assert [zone["id"] for zone in nearest(client) if zone["properties"]["usable"]] == [zone["id"] for zone in near][
        : sum(zone["properties"]["usable"] for zone in nearest(client))
    ]


def test_usable_follows_a_dated_closure_although_nothing_was_written(site: Site) -> None:
    client = site.visitor()
    until = day_in_connecticut().isoformat()
    with transaction(site.engine) as session:
        writer = DirectoryWriter(session, site.services.gazetteer, Author("test", ""))
        known = writer.stored("ct-darien-parking-lot")
        assert known is not None
        closed = {"status": Status.TEMPORARILY_CLOSED, "status_until": until}
        writer.change(known[0], known[1].model_copy(update=closed))
        writer.flush()
    site.services.snapshot_cache.invalidate()
    first = client.get(f"{ITEMS}?usable=true&town=darien")
    assert first.json["numberMatched"] == 0
    clock.run_ahead(timedelta(days=2))
    later = client.get(f"{ITEMS}?usable=true&town=darien", headers={"If-None-Match": first.headers["ETag"]})
    assert later.status_code == 200 and later.json["numberMatched"] == 1


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_any_values_of_a_property_in_any_case_give_the_zones_that_have_one(
    client: FlaskClient, data: st.DataObject
) -> None:
    everything = client.get(f"{ITEMS}?limit=1000").json["features"]
    name = data.draw(st.sampled_from(["state", "setting", "town", "department", "status", "cameras", "postal_code"]))
    known = sorted({zone["properties"][name] for zone in everything if zone["properties"][name]})
    values = data.draw(st.lists(st.sampled_from(known), min_size=1, max_size=3, unique=True))
    cases: list[Callable[[str], str]] = [str.lower, str.upper, str.title, str]
    case = data.draw(st.sampled_from(cases))
    expected = [zone["id"] for zone in everything if zone["properties"][name] in values]
    assert items(client, **{name: ",".join(case(value) for value in values)}) == expected


def test_the_contract_offers_every_word(client: FlaskClient) -> None:
    paths = document("http://x")["paths"]
    for path in ("/nearest", "/collections/zones/items"):
        parameters = {item["name"]: item for item in paths[path]["get"]["parameters"]}
        setting = parameters["setting"]["schema"]
        assert setting["type"] == "array" and {"lot", *PROPERTIES["setting"]["enum"]} == set(setting["items"]["enum"])
        assert parameters["usable"]["schema"]["type"] == "boolean"
        assert parameters["setting"]["explode"] is False
    page = client.get("/docs").text
    assert "lobby_and_lot, other, lot" in page


@pytest.mark.parametrize(
    ("filters", "status"),
    [
        ("open_at=2026-12-24T18:30:00+05:00", 200), ("open_at=now", 200), ("open_at=1999-12-24T18:30", 400),
        ("open_at=tomorrow", 400), ("recorded=YES&lit=0", 200), ("step_free=maybe", 400), ("setting=Parking+Lot", 200),
        ("setting=basement", 400), ("stations=1&across_border=no", 200),
        ("mode=Walk", 200), ("mode=train", 400),
    ],
)  # fmt: skip
def test_the_search_page_and_the_api_take_and_refuse_the_same_filters(
    client: FlaskClient, filters: str, status: int
) -> None:
    assert client.get(f"/search?q=06840&{filters}").status_code == status
    assert client.get(f"/api/v1/nearest?address=06840&{filters}").status_code == status

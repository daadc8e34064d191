"""State and town pages, and the pages that somebody meant by an address that leads nowhere."""

import json
import re
from html import unescape
from typing import Any

import pytest
from flask.testing import FlaskClient

from tests.support.database_templates import ZONES
from tests.support.site import words_of

STATES = ("ca", "ct", "ny", "oh", "pa", "tx", "on")
CLOSED = ("moved", "planned", "withdrawn", "temporarily_closed")


def zones_of(state: str) -> list[dict[str, Any]]:
    """The zones of the packaged file, with what a program says of all its sites: what the pages must say."""
    file = json.loads(ZONES.read_text())
    programs = {program["program_id"]: program for program in file["programs"]}
    properties = [feature["properties"] for feature in file["features"]]
    zones = [{**programs.get(zone.get("program"), {}), **zone} for zone in properties]
    return [zone for zone in zones if zone["state"].lower() == state and zone.get("status") != "withdrawn"]


def listed(client: FlaskClient, address: str) -> list[str]:
    response = client.get(address)
    assert response.status_code == 200
    return re.findall(r'class="town-row-name" href="[^"]+">([^<]+)<', response.text.replace("&#39;", "'"))


def at_all_hours(zone: dict[str, Any]) -> bool:
    open_ended = zone.get("opening_hours") == "24/7" and not zone.get("closures")
    return open_ended and zone.get("status") not in CLOSED


def in_a_lobby(zone: dict[str, Any]) -> bool:
    return zone.get("setting") in ("lobby", "lobby_and_lot")


@pytest.mark.parametrize("state", STATES)
def test_a_state_lists_each_town_once_with_what_the_file_says_of_its_zones(client: FlaskClient, state: str) -> None:
    zones, page = zones_of(state), f"/towns/{state}"
    for address, wanted in ((page, lambda _zone: True), (f"{page}?show=all_hours", at_all_hours),
                            (f"{page}?show=lobby", in_a_lobby)):  # fmt: skip
        chosen = [zone for zone in zones if wanted(zone)]
        towns = listed(client, address)
        assert sorted(towns) == sorted({zone["town"] for zone in chosen}), address
        count = len(chosen)
        assert f"{count} place{'s' * (count != 1)} in {len(towns)} town" in words_of(client.get(address)), address
        data, picture = (
            client.get(unescape(re.findall(pattern, client.get(address).text)[0]))
            for pattern in (r'data-source="([^"]+)"', r'<img src="([^"]+)"')
        )
        assert len(data.get_json()["id"]) == count, "the map shows what the list shows"
        drawn = (
            picture.text.count("<g transform")
            if count <= 50
            else sum(map(int, re.findall(r">(\d+)</text></g>", picture.text)))
        )
        assert drawn == count, "and so does its picture"
    for row in re.findall(r'<li class="town-row".*?</li>', client.get(page).text, flags=re.DOTALL):
        town = re.findall(r'class="town-row-name"[^>]*>([^<]+)<', row)[0].replace("&#39;", "'")
        promised = any(at_all_hours(zone) for zone in zones if zone["town"] == town)
        assert ("Open at all hours" in row) == promised, f"{town}: the badge is that of its best place"


def test_letters_to_jump_to_stand_only_above_many_towns(client: FlaskClient) -> None:
    for state in STATES:
        page = client.get(f"/towns/{state}").text
        letters = re.findall(r'href="#letter-(\w)"', page)
        assert bool(letters) == (len(listed(client, f"/towns/{state}")) > 30)
        assert all(f'id="letter-{letter}"' in page for letter in letters)


def test_what_a_state_cannot_be_narrowed_to_is_named(client: FlaskClient) -> None:
    response = client.get("/towns/ct?show=safe")
    assert response.status_code == 400 and "all_hours, lobby, usable" in words_of(response)


def test_a_town_names_the_nearest_place_of_each_neighbour(client: FlaskClient) -> None:
    page = client.get("/towns/ct/darien").text
    own, _, others = page.partition("Nearest in other towns")
    assert 'data-zone="ct-darien-parking-lot"' in own
    rows = [set(re.findall(r'data-town="([^"]+)"', row)) for row in others.split('<li class="row')[1:]]
    assert rows[:3] == [{"New Canaan, CT"}, {"Wilton, CT"}, {"Ridgefield, CT"}]
    assert len(rows) == len({town for row in rows for town in row}) == 4


@pytest.mark.parametrize(
    ("typed", "meant"),
    [("/towns/connecticut", "/towns/ct"), ("/towns/Quebec", "/towns/qc"),
     ("/towns/connecticut/New-Canaan", "/towns/ct/new-canaan"), ("/towns/new-york/yorktown", "/towns/ny/yorktown")],
)  # fmt: skip
def test_a_state_that_is_spelled_out_leads_to_its_page(client: FlaskClient, typed: str, meant: str) -> None:
    response = client.get(typed)
    assert (response.status_code, response.location) == (301, meant)


@pytest.mark.parametrize(
    ("typed", "meant"),
    [("/towns/ct/new-cannan", "/towns/ct/new-canaan"), ("/towns/conneticut", "/towns/ct"),
     ("/towns/conneticut/darien", "/towns/ct/darien"), ("/zones/ct-new-canaan-loby", "/zones/ct-new-canaan-lobby"),
     ("/zones/ct-dairen-lot", "/towns/ct/darien"), ("/q/ct-darien", "/zones/ct-darien-parking-lot"),
     ("/town/darien", "/search?q=Darien,+CT"), ("/towns/ct/springfeild", "/search?q=Springfield,+MA")],
)  # fmt: skip
def test_an_address_with_a_slip_leads_to_what_was_meant(client: FlaskClient, typed: str, meant: str) -> None:
    response = client.get(typed)
    links = re.findall(r'<li><a href="([^"]+)">', response.text)
    assert response.status_code == 404 and meant in links
    assert all(
        client.get(link).status_code == 200 for link in links if link.startswith(("/towns", "/zones", "/search"))
    )
    assert "A ZIP code with all five digits" in words_of(response), "and how to search"

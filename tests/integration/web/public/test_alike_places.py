"""Pages of many places of one department: what all of them say is said once."""

import re
from collections import Counter

import pytest
from flask import Flask
from flask.testing import FlaskClient

from directory.web.http.container import snapshot
from tests.support.site import listed_zones, words

NEW_YORK = "/towns/ny/new-york"
PROGRAM = "/programs/ny-new-york-city-police-department"


def test_what_many_places_of_a_town_say_alike_is_said_once_above_their_names(client: FlaskClient) -> None:
    page = client.get(NEW_YORK).text
    own = page.partition("Nearest in other towns")[0]
    assert "20 places of which the same is said: Outside the … station, sign · approximate spot" in words(own)
    assert own.count("Open at all hours") == 3, "of the first, of those alike, and of the one whose report has no date"
    listed = listed_zones(own)
    assert len(listed) == len(set(listed)) == 22
    numbers = [int(number) for number in re.findall(r'id="result-(\d+)"', page)]
    assert numbers == list(range(1, len(numbers) + 1)), "pins are numbered from the top down"
    names = re.findall(r">(\d+)(?:st|nd|rd|th) Precinct<", own)
    assert names[1:] == sorted(names[1:], key=int), "the 2nd comes before the 10th"


def test_a_program_names_the_town_of_each_site_where_they_are_in_several(client: FlaskClient) -> None:
    page = words(client.get(PROGRAM).text)
    assert re.search(r"114th Precinct\s+Astoria", page) and page.count("Open at all hours") == 2


def test_places_whose_pin_is_the_middle_of_an_area_say_so_and_give_their_streets(client: FlaskClient) -> None:
    page = words(client.get("/towns/nc/charlotte").text)
    assert page.count("The pins only show roughly where the towns or postal areas are.") == 1
    assert "11230 N. Tryon St." in page and "The pin only shows" not in page


def test_a_place_whose_spot_is_another_one_than_that_of_most_gives_its_own(client: FlaskClient) -> None:
    page = words(client.get("/towns/pa/philadelphia").text)
    shared = "19 places of which the same is said: Marked area in the lobby of the … headquarters · approximate spot"
    assert shared in page and "in the lobby of the headquarters of the 2nd and 15th Districts" in page
    assert "in the lobby of the 3rd District" not in page


def test_an_embed_says_it_once_too_and_every_link_opens_a_tab_of_its_own(client: FlaskClient) -> None:
    page = client.get("/embed/ny/new-york").text
    assert page.count("Open at all hours") == 2 and len(set(listed_zones(page))) == 22
    assert page.count("(opens in a new tab)") == len(re.findall(r"<a\s", page))


def test_three_places_are_read_one_by_one(client: FlaskClient) -> None:
    page = client.get("/towns/ct/new-canaan").text
    assert "of which the same is said" not in page


@pytest.mark.slow
def test_no_place_is_lost_on_the_pages_of_towns_and_programs(app: Flask, client: FlaskClient) -> None:
    with app.test_request_context("/"):
        now = snapshot()
        pages = {f"/towns/{town}": zones for town, zones in now.by_town.items() if len(zones) > 3}
        pages |= {f"/programs/{program}": zones for program, zones in now.by_program.items()}
    assert len(pages) > 20
    for path, zones in pages.items():
        found = Counter(listed_zones(client.get(path).text))
        assert {zone.zone_id: found[zone.zone_id] for zone in zones} == {zone.zone_id: 1 for zone in zones}, path

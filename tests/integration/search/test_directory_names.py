"""The directory's own words are findable as people type them."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from directory.geo import distance_m
from directory.geocoding.address_parser import starts_with_number
from directory.geocoding.results import GeocodeResult
from directory.web.http.container import container, snapshot

Locate = Callable[[str], GeocodeResult]


@pytest.fixture
def found(app: Flask) -> Iterator[Locate]:
    """Locate words as the search does, without the API's limit for one address."""
    with app.test_request_context():
        yield container().search_service.locate


def ask(client: FlaskClient, text: str) -> Any:
    return client.get("/api/v1/geocode", query_string={"address": text}).json


def labels(client: FlaskClient, text: str) -> list[tuple[str, str]]:
    features = ask(client, text).get("features", [])
    return [(item["properties"]["label"], item["properties"]["precision"]) for item in features]


def test_every_town_of_the_directory_comes_first_or_is_in_the_choice_and_is_never_guessed(found: Locate) -> None:
    now, missed = snapshot(), []
    for slug, zones in now.by_town.items():
        town = now.towns[slug]
        answer = found(f"{town.name}, {town.state}")
        places = [place.coordinates for place in answer.candidates if place.state == town.state]
        near = any(distance_m(place, zone.coordinates) < 60_000 for place in places for zone in zones)
        if not near or any(note.code == "spelling" for note in answer.interpretation.notes):
            missed.append(slug)
    assert len(now.by_town) > 400 and missed == []


def test_every_department_is_found_by_its_name_and_state(found: Locate) -> None:
    missed = []
    for zones in snapshot().by_department.values():
        department, state = zones[0].department, zones[0].state
        answer = found(f"{department}, {state}")
        if not any(place.label.startswith(f"{department}, ") for place in answer.candidates):
            missed.append((department, state))
    assert missed == []


def test_every_street_address_is_found_with_its_town(found: Locate) -> None:
    zones = [zone for zone in snapshot().listed if starts_with_number(zone.street_address)]
    missed = []
    for zone in zones:
        address = f"{zone.street_address}, {zone.town}, {zone.state}"
        if address not in [place.label for place in found(address).candidates]:
            missed.append(address)
    assert len(zones) > 100 and missed == []


def test_every_zone_is_found_by_its_name_and_town(found: Locate) -> None:
    missed = []
    for zone in snapshot().listed:
        text = f"{zone.name}, {zone.town}, {zone.state}"
        if text not in [place.label for place in found(text).candidates]:
            missed.append(text)
    assert missed == []


@pytest.mark.parametrize(
    "text", ["25 Hecker Ave Darien", "25 hecker avenue, darien", "25 Hecker Ave., Darien, CT 06820"]
)
def test_a_street_address_is_read_as_people_write_it(client: FlaskClient, text: str) -> None:
    assert labels(client, text) == [("25 Hecker Ave, Darien, CT", "address")]


def test_a_street_without_a_town_is_a_question(client: FlaskClient) -> None:
    answer = ask(client, "25 Hecker Ave")
    assert [note["code"] for note in answer["interpretation"]["notes"]] == ["town_missing"]
    assert client.get("/api/v1/nearest?address=25+Hecker+Ave").status_code == 409


@pytest.mark.parametrize("text", ["Wilton police", "wilton pd", "Police Department Wilton", "Wilton Police Department"])
def test_a_department_is_found_in_other_words_and_its_namesakes_are_offered(client: FlaskClient, text: str) -> None:
    matches = [label for label, _ in labels(client, text)]
    assert {"Wilton Police Department, Wilton, CT", "Wilton Police Department, Wilton, NH"} <= set(matches)


def test_no_exact_point_is_claimed_for_an_approximate_zone(found: Locate) -> None:
    rough = [zone for zone in snapshot().listed if zone.approximate]
    for zone in rough[:50]:
        texts = (f"{zone.department}, {zone.town}, {zone.state}", f"{zone.name}, {zone.town}, {zone.state}")
        places = [place for text in texts for place in found(text).candidates if place.coordinates == zone.coordinates]
        assert all(place.precision.is_area for place in places), zone.zone_id
    assert rough


def test_an_approximate_department_is_found_with_its_namesakes(client: FlaskClient) -> None:
    found_labels = labels(client, "Hartford Police Department")
    assert found_labels[0] == ("Hartford Police Department, Hartford, CT", "place")
    assert ("Hartford, VT", "place") in found_labels


@pytest.mark.parametrize("text", ["OPP Espanola", "police Guam", "Sûreté du Québec"])
def test_the_police_of_a_state_have_no_namesakes(client: FlaskClient, text: str) -> None:
    assert len(labels(client, text)) == 1


def test_type_ahead_knows_departments_and_townships_of_the_directory(client: FlaskClient) -> None:
    assert "Darien Police Department, Darien, CT" in client.get("/suggest?q=darien+pol").json
    assert any(label.startswith("Washington Township, NJ") for label in client.get("/suggest?q=washington+tow").json)


def test_the_zone_at_the_address_searched_for_lies_in_no_direction(client: FlaskClient) -> None:
    page = client.get("/search?q=25+Hecker+Ave+Darien").text
    assert "at this place" in page and "0 ft" not in page

"""A search at a time: every card answers for then, nothing is left out, and what is unclear is asked."""

import re
from datetime import timedelta
from html import unescape

import pytest
from flask.testing import FlaskClient

from directory import clock
from tests.support.site import Site, listed_zones, words

DARIEN = "/search?q=06820"


def test_every_card_answers_for_then_and_none_is_left_out(client: FlaskClient) -> None:
    then = client.get(f"{DARIEN}&at=2026-12-05T19:00").text
    assert listed_zones(then) == listed_zones(client.get(DARIEN).text)
    assert "Sat, Dec 5, 7 PM" in words(then)
    assert re.search(r"Dark then the sun sets at 4:2\d PM; lighting not stated", words(then)), "of the closest place"
    dark = re.findall(r'<li class="row.*?</li>', then, re.DOTALL)
    assert dark and all("Dark then" in row and re.search("[Ll]ighting not stated|lit", row) for row in dark)
    assert "Open at all hours" in words(then)


def test_by_day_the_cards_say_until_when_it_is_light(client: FlaskClient) -> None:
    assert re.search(r"Daylight then the sun sets at 4:2\d PM", words(client.get(f"{DARIEN}&at=2026-12-05T13:00").text))


@pytest.mark.parametrize("typed", ["12/5/2026 7pm", "Dec 5 2026, 19:00", "5 de diciembre de 2026 a las 7 de la tarde"])
def test_what_people_type_becomes_the_time_itself_in_every_link(client: FlaskClient, typed: str) -> None:
    page = client.get("/search", query_string={"q": "06820", "at": typed, "lit": ""}).text
    assert "Sat, Dec 5, 7 PM" in words(page)
    assert 'name="at" value="2026-12-05T19:00"' in page  # the box and the filters keep it
    assert re.search(r'data-share="[^"]*at=2026-12-05T19', page)  # and who is sent the link
    assert "at=2026-12-05T18:30" in unescape(page).replace("%3A", ":")
    assert "at=2026-12-05T19:30" in unescape(page).replace("%3A", ":")


@pytest.mark.parametrize("page", [DARIEN, "/meet?a=06840&b=06877"])
def test_an_hour_that_the_clock_leaves_out_is_said(client: FlaskClient, page: str) -> None:
    left_out = "The clocks go forward then and leave this hour out."
    assert left_out in words(client.get(f"{page}&at=2027-03-14T02:30").text)
    assert left_out not in words(client.get(f"{page}&at=2027-03-14T03:00").text)
    assert left_out not in words(client.get(f"{page}&at=2027-03-14T02:30-05:00").text)


def test_words_are_of_the_day_where_the_place_is(site: Site) -> None:
    page = site.visitor().get("/search", query_string={"q": "06820", "at": "tomorrow noon"}).text
    there = (clock.now() - timedelta(hours=5)).date() + timedelta(days=1)
    assert f'value="{there.isoformat()}T12:00"' in page


def test_a_time_with_two_meanings_is_asked_about_and_what_was_typed_is_kept(client: FlaskClient) -> None:
    response = client.get("/search", query_string={"q": "06820", "at": "sat 7", "within": "10"})
    assert response.status_code == 400
    page = response.text
    assert "In the morning or in the evening?" in words(page)
    links = [unescape(link) for link in re.findall(r'href="(/search\?[^"]*at=sat\+7\+[^"]*)"', page)]
    assert len(links) == 2
    assert all(client.get(link).status_code == 200 for link in links)
    assert 'name="at" type="text" value="sat 7"' in page
    assert 'name="within" value="10"' in page


@pytest.mark.parametrize("typed", ["lunch", "next Fri 5pm", "Sun Nov 28 2026 7pm", "<b>7</b>", "25:00"])
def test_a_time_that_cannot_be_read_is_an_error_beside_the_field(client: FlaskClient, typed: str) -> None:
    response = client.get("/search", query_string={"q": "06820", "at": typed})
    assert response.status_code == 400
    assert 'id="at-error"' in response.text
    assert "<b>7</b>" not in response.text


def test_a_time_with_an_offset_is_said_by_the_clock_there(client: FlaskClient) -> None:
    page = client.get("/search", query_string={"q": "06820", "at": "2036-12-06T00:00+00:00"}).text
    assert "Fri, Dec 5, 2036, 7 PM" in words(page)


def test_a_time_that_is_over_is_said(client: FlaskClient) -> None:
    assert "That time is over." in client.get(f"{DARIEN}&at=2020-01-04T10:00").text
    assert "That time is over." not in client.get(f"{DARIEN}&at=2030-01-04T10:00").text
    assert "That time is over." in client.get(f"{DARIEN}&open_at=2020-01-04T10:00").text
    for ahead in ("now", "2030-01-04T10:00"):
        assert "That time is over." not in client.get(f"{DARIEN}&open_at={ahead}").text


def test_a_public_holiday_is_named(client: FlaskClient) -> None:
    assert "Public holiday then: Thanksgiving" in client.get(f"{DARIEN}&at=2027-11-25T12:00").text
    assert "Día de Acción de Gracias" in client.get(f"{DARIEN}&at=2027-11-25T12:00&lang=es").text


def test_the_api_answers_for_then_with_the_same_words(client: FlaskClient) -> None:
    def states(**query: str) -> dict[str, str]:
        features = client.get("/api/v1/nearest", query_string={"address": "06820", **query}).get_json()["features"]
        return {one["id"]: one["properties"]["open"] for one in features}

    assert list(states(at="Sat 10am")) == list(states())
    assert states(at="2026-12-05T19:00") == states(at="12/5/2026 7pm")

    def dark(**query: str) -> set[bool | None]:
        features = client.get("/api/v1/nearest", query_string={"address": "06820", **query}).get_json()["features"]
        return {one["properties"]["dark"] for one in features}

    assert (dark(), dark(at="2026-12-05T19:00"), dark(at="2026-12-05T12:00")) == ({None}, {True}, {False})
    refused = client.get("/api/v1/nearest", query_string={"address": "06820", "at": "sat 7"})
    assert refused.status_code == 400
    assert refused.get_json()["errors"][0]["name"] == "at"
    assert "sat 7 am" in refused.get_json()["errors"][0]["allowed"]
    contradicts = client.get("/api/v1/nearest", query_string={"address": "06820", "at": "Sun Nov 28 2026 7pm"})
    assert contradicts.status_code == 400


def test_a_closure_then_closes_the_zone_then_and_not_now(site: Site) -> None:
    clerk = site.accepted_clerk()
    day = (clock.now() + timedelta(days=40)).date()
    form = {"do": "add", "zone": ["ct-darien-parking-lot"], "closure_kind": "days", "closure_first": str(day)}
    clerk.post("/desk/ct/darien-police-department/closures", data=form)

    def card(at: str) -> str:
        page = site.visitor().get(f"{DARIEN}&at={at}").text
        return words(page[page.index('data-zone="ct-darien-parking-lot"') :].partition("</li>")[0])

    assert "Closed then · opens" in card(f"{day}T12:00")
    assert "Closed then" not in card(f"{day + timedelta(days=1)}T12:00")
    assert "Closed then" not in card("")

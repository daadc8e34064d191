"""Where several people can meet, on the page and in the API: places, ranking, and what goes wrong with one of them."""

import re
from html import unescape

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from directory.settings import Settings
from tests.conftest import Built
from tests.support.site import listed_zones, words_of

DARIEN, RIDGEFIELD = "06820", "06877"


def meet(client: FlaskClient, **params: str) -> TestResponse:
    return client.get("/meet", query_string=params)


def cards(response: TestResponse) -> list[str]:
    """The ids of the zones on the page, in its order."""
    return listed_zones(response.text)


def api(client: FlaskClient, **params: str) -> TestResponse:
    return client.get("/api/v1/meet", query_string=params)


def test_the_page_ranks_as_the_api_does_below_the_labelled_answers(client: FlaskClient) -> None:
    page, answer = meet(client, a=DARIEN, b=RIDGEFIELD), api(client, a=DARIEN, b=RIDGEFIELD).json
    on_top = list(dict.fromkeys([answer["fairest"], answer["least_together"], answer["best_known"]]))
    ranked = [zone["id"] for zone in answer["features"]]
    assert cards(page) == [*on_top, *[zone for zone in ranked if zone not in on_top]]
    longest = [zone["properties"]["distance_m"] for zone in answer["features"]]
    assert longest == sorted(longest) and len(longest) == 10
    for zone in answer["features"]:
        facts = zone["properties"]
        assert facts["distance_m"] == max(facts["trips_m"]) and len(facts["trips_m"]) == 2
        assert facts["total_m"] == pytest.approx(sum(facts["trips_m"]), abs=0.2)


def test_each_card_says_how_far_everybody_goes_and_the_first_why_it_is_on_top(client: FlaskClient) -> None:
    page = words_of(meet(client, a=DARIEN, b=RIDGEFIELD))
    assert "Between Darien, CT 06820 and Ridgefield, CT 06877" in page
    assert re.search(r"Fairest: nobody goes farther than 10 mi .*? You 8 mi Other person 10 mi", page)
    assert "from the middle of Darien, CT 06820 and Ridgefield, CT 06877, so they are rough" in page


def test_a_place_that_nobody_can_use_has_no_rank_and_the_picture_tells_no_place_of_theirs(client: FlaskClient) -> None:
    page = meet(client, a=DARIEN, b=RIDGEFIELD).text
    ranks = re.findall(r'<li class="row([^"]*)"[^>]*?data-zone="[^"]+"[^>]*?( id="result-\d+")?( data-top)?>', page)
    gone = [bool(rank) for kind, rank, _top in ranks if "not-now" in kind]
    assert gone and not any(gone) and all(rank for kind, rank, _top in ranks if "not-now" not in kind)
    picture = unescape(re.findall(r'<img src="(/map/picture[^"]+)"', page)[0])
    assert picture.startswith("/map/picture.svg?zones=") and not re.search(r"\d\.\d|068", picture)
    assert client.get(picture).status_code == 200 and 'class="p-other"' in page


def test_the_picture_has_room_for_somebody_beyond_the_zones_and_no_address_tells_of_them(client: FlaskClient) -> None:
    for places in ({"a": "06840", "b": "10001"}, {"a": "06897", "b": "02108", "c": "12207"}):
        page = meet(client, **places, lit="1" if len(places) == 2 else "").text
        assert len(re.findall(r'<circle\s+class="p-(?:origin|other)" cx="\d+" cy="\d+"', page)) == len(places)
        assert re.search(r'role="img" aria-label="Map of the results"><svg xmlns', page) and "/map/picture" not in page
        assert (
            re.search(r'<li data-shape="origin">(?:(?!</li>).)*</svg>You</li>', page, re.S)
            and "var(--map-land)" in page
        )


def test_five_people_have_a_line_each_and_six_are_not_asked_for(client: FlaskClient) -> None:
    places = {"a": DARIEN, "b": RIDGEFIELD, "c": "06840", "d": "06880", "e": "06897"}
    page = words_of(meet(client, **places, f="10001"))
    assert "Between 5 places" in page and "Person 5" in page and "Person 6" not in page
    assert len(api(client, **places).json["features"][0]["properties"]["trips_m"]) == 5
    assert api(client, **places, f="10001").status_code == 400


@pytest.mark.parametrize(
    ("typed", "status", "message"),
    [
        ({"a": DARIEN, "b": "Springfield"}, 200, "Several places fit “Springfield”"),
        ({"a": "zzzz qqqq", "b": DARIEN}, 404, "We do not know “zzzz qqqq”. This site has no address service"),
        ({"a": DARIEN, "b": "x" * 300}, 400, "Type an address of at most 200 characters"),
        ({"a": DARIEN, "b": "Connecticut"}, 200, "That is a whole state or province"),
        ({"a": DARIEN, "b": ""}, 400, "Where is the other person? One place is missing"),
        ({"a": DARIEN}, 400, "Where is the other person? One place is missing"),
        ({"b": DARIEN}, 400, "Where are you? One place is missing"),
        ({}, 200, "Find a place between you"),
    ],
)
def test_a_place_that_is_not_found_is_said_at_its_field_and_the_other_is_kept(
    client: FlaskClient, typed: dict[str, str], status: int, message: str
) -> None:
    response = meet(client, **typed, lit="1")
    assert response.status_code == status and message in words_of(response)
    for name, value in typed.items():
        assert f'name="{name}" type="text" value="{value}"' in response.text
    assert '<input type="hidden" name="lit" value="1">' in response.text


def test_a_place_that_is_not_found_while_the_services_are_silent_may_still_be_one(
    build_app: Built, own_settings: Settings
) -> None:
    silent = {"geocoders": ("nominatim",), "nominatim_url": "http://127.0.0.1:9"}
    page = words_of(meet(build_app(own_settings.model_copy(update=silent)).test_client(), a="zzzz", b=DARIEN))
    assert "streets and buildings do not answer just now" in page and "Nobody we asked" not in page


def test_a_choice_among_several_places_leads_to_the_list(client: FlaskClient) -> None:
    response = meet(client, a="01101", b="Springfield", units="km")
    links = [unescape(link) for link in re.findall(r'<li><a href="(/meet\?[^"]+)">', response.text)]
    assert len(links) == 5
    chosen = client.get(next(link for link in links if "MA" in link))
    assert chosen.status_code == 200 and "Fairest" in chosen.text and "km" in words_of(chosen)


def test_the_api_names_the_place_that_is_not_found(client: FlaskClient) -> None:
    several, unknown, bad = (api(client, a=DARIEN, b=words) for words in ("Springfield", "zzzz qqqq", "x" * 200))
    assert (several.status_code, several.json["parameter"], len(several.json["candidates"])) == (409, "b", 5)
    assert (unknown.status_code, unknown.json["parameter"]) == (404, "b")
    assert bad.status_code in (400, 404) and bad.json["parameter"] == "b"
    assert [error["name"] for error in api(client, a=DARIEN).json["errors"]] == ["b"]


def test_the_same_place_twice_places_far_apart_and_nothing_between_are_said(client: FlaskClient) -> None:
    assert "The places are one and the same" in words_of(meet(client, a=DARIEN, b=DARIEN))
    far = words_of(meet(client, a="New York, NY", b="Los Angeles, CA"))
    assert "apart. Is one of them another than you meant?" in far and "The zones nearest to each of you" in far
    nothing = words_of(meet(client, a="99762", b="99752"))
    assert "No zone lies between you." in nothing


def test_filters_radius_units_and_time_count_as_in_a_search(client: FlaskClient) -> None:
    lit = api(client, a=DARIEN, b=RIDGEFIELD, lit="true").json
    assert lit["features"] and all(zone["properties"]["lighting"] == "yes" for zone in lit["features"])
    page = meet(client, a=DARIEN, b=RIDGEFIELD, lit="1", within="25", units="km")
    assert 'name="lit" value="1" checked' in re.sub(r"\s+", " ", page.text)
    assert "left out because nobody stated" in words_of(page) and not re.search(
        r"\d mi\b", words_of(page).split("Fairest", 1)[1]
    )
    near = api(client, a=DARIEN, b=RIDGEFIELD, within_m="20000").json["features"]
    assert near and all(zone["properties"]["distance_m"] <= 20_000 for zone in near)
    assert meet(client, a=DARIEN, b=RIDGEFIELD, within="nine").status_code == 400


def test_a_filter_that_no_zone_passes_shows_an_empty_list_with_a_way_back(client: FlaskClient) -> None:
    response = meet(client, a=DARIEN, b=RIDGEFIELD, confirmed="1")
    assert "No zone fits all of that." in words_of(response)
    assert 'href="/meet?a=06820&amp;b=06877"' in response.text


def test_the_page_is_kept_by_no_cache_and_by_no_search_engine(client: FlaskClient) -> None:
    response = meet(client, a=DARIEN, b=RIDGEFIELD)
    assert response.headers["Cache-Control"] == "private, no-store"
    assert '<meta name="robots" content="noindex">' in response.text
    canonical = re.findall(r'rel="canonical" href="([^"]+)"', response.text)
    assert canonical == ["http://localhost/meet"]


def test_home_and_results_ask_for_the_other_person(client: FlaskClient) -> None:
    for path in ("/", "/search?q=06820&lit=1"):
        assert "Where is the other person?" in words_of(client.get(path)), path
    results = client.get("/search?q=06820&lit=1").text
    form = results.split("Two people</summary>")[1].split("</details>")[0]
    assert '<input type="hidden" name="a" value="06820">' in form
    assert '<input type="hidden" name="lit" value="1">' in form


def test_every_place_answers_for_the_time_of_the_visit_on_the_page_and_in_the_api(client: FlaskClient) -> None:
    page = meet(client, a=DARIEN, b=RIDGEFIELD, at="2036-01-12T19:00", lit="1")
    assert "Dark then the sun sets at" in words_of(page) and "Sat, Jan 12, 2036, 7" in words_of(page)
    assert page.text.count("at=2036-01-12T18:30") == page.text.count("at=2036-01-12T19:30") == 1
    assert 'name="at" value="2036-01-12T19:00"' in page.text
    plans = re.findall(r'href="(/zones/[^"]+/meet\?at=2036-01-12T19:00)"', page.text)
    assert plans and client.get(plans[0]).status_code == 200
    found = api(client, a=DARIEN, b=RIDGEFIELD, at="1/12/2036 7 pm").json
    assert found["features"] and all(zone["properties"]["dark"] is True for zone in found["features"])
    assert found["at"] == "2036-01-12T19:00" and api(client, a=DARIEN, b=RIDGEFIELD).json["at"] is None
    near = client.get("/api/v1/nearest?lat=41.08&lon=-73.47&at=2036-01-12T19:00").json
    assert near["at"] == "2036-01-12T19:00"


def test_a_time_with_two_meanings_is_asked_about_and_keeps_the_places(client: FlaskClient) -> None:
    question = meet(client, a=DARIEN, b=RIDGEFIELD, at="sat 7")
    assert question.status_code == 400 and "Which time is meant?" in words_of(question)
    choice = unescape(re.findall(r'<li><a\s+href="(/meet\?[^"]+)"', question.text)[0])
    assert "a=06820" in choice and client.get(choice).status_code == 200
    assert api(client, a=DARIEN, b=RIDGEFIELD, at="sat 7").status_code == 400

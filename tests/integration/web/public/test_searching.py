"""A search for a place, and the list of zones that it shows."""

import re
from html import unescape

import pytest
from flask.testing import FlaskClient

from tests.support.site import listed_zones, words


@pytest.mark.parametrize("typed", ["06840", "New Canaan, CT", "174 South Avenue, New Canaan, CT", "new cannan ct"])
def test_new_canaan_finds_its_two_zones_first_and_sends_people_to_the_nearest_usable_one(
    client: FlaskClient, typed: str
) -> None:
    response = client.get("/search", query_string={"q": typed})
    assert response.status_code == 200
    page = response.text
    assert listed_zones(page)[:3] == ["ct-wilton-parking-lot", "ct-new-canaan-lobby", "ct-new-canaan-parking-lot"]
    assert re.search(r"Closest place to meet .{0,40}Wilton police · parking lot", words(page))
    assert "Call before you go" in words(page)


def test_an_approximate_match_says_what_it_means_for_distances(client: FlaskClient) -> None:
    assert "from the middle of the ZIP or postal area, so they are rough." in words(client.get("/search?q=06840").text)
    assert "We do not know the street address “1 Main St”, only the place in it." in words(
        client.get("/search?q=1+Main+St,+Darien,+CT").text
    )


def test_a_postal_code_of_another_town_is_named_with_what_was_taken_and_the_other_as_a_link(
    client: FlaskClient,
) -> None:
    page = client.get("/search?q=Darien,+CT+06840")
    assert "The postal code 06840 does not belong to Darien, CT: we went by the code." in words(page.text)
    assert 'href="/search?q=Darien,+CT"' in page.text


def test_words_that_are_left_out_in_two_places_are_told_once(client: FlaskClient) -> None:
    page = words(client.get("/search?q=police+near+me+06840.").text)
    assert page.count("We read “police near me 06840.” as New Canaan, CT 06840.") == 1


def test_parameters_that_are_none_of_ours_are_ignored(client: FlaskClient) -> None:
    for name in ("endpoint", "_method", "_anchor", "_scheme", "_external", "self", "{{7*7}}"):
        assert client.get("/search", query_string={"q": "06840", name: "FOO"}).status_code == 200, name


def test_a_state_that_shares_its_name_with_a_large_city_is_a_choice_of_both(client: FlaskClient) -> None:
    text = words(client.get("/search?q=New+York").text)
    assert "Which one do you mean?" in text and "“New York” is a state or province and a city." in text
    assert 'href="/towns/ny"' in client.get("/search?q=New+York").text


def test_a_state_comes_before_the_towns_of_its_name(client: FlaskClient) -> None:
    text = words(client.get("/search?q=Ohio").text)
    assert "Safe zones in Ohio" in text and "Towns called “Ohio”" in text and "Ohio, IL" in text
    assert "Safe zones in Texas" in words(client.get("/search?q=TX").text)


def test_a_position_in_canada_is_measured_in_kilometers(client: FlaskClient) -> None:
    assert " km " in words(client.get("/search?lat=45.4215&lon=-75.6972").text)


def test_the_closest_place_to_meet_is_named_even_when_the_list_ends_before_it(client: FlaskClient) -> None:
    page = words(client.get("/search?q=06840&limit=2").text)
    assert re.search(r"Closest place to meet .{0,40}Wilton police · parking lot", page)


def test_filters_that_nothing_fits_do_not_claim_that_there_is_no_zone(client: FlaskClient) -> None:
    text = words(client.get("/search?q=06840&confirmed=1").text)
    assert "No zone fits all of that" in text and "No safe zone within" not in text


def test_the_distance_to_an_unknown_spot_is_never_exact(client: FlaskClient) -> None:
    text = words(client.get("/search?q=Dallas,+TX").text)
    assert "somewhere in Dallas" in text and "0 ft" not in text


def test_several_places_of_one_name_are_a_choice(client: FlaskClient) -> None:
    page = client.get("/search?q=Springfield").text
    assert "Which one do you mean?" in page
    links = [link for link in re.findall(r'<li><a href="(/search[^"]+)"', page) if "lang=" not in link]
    assert len(links) == 5
    chosen = client.get(unescape(links[0]))
    assert chosen.status_code == 200 and "Springfield" in words(chosen.text)


@pytest.mark.parametrize(
    ("typed", "meant"),
    [("walmart norwalk", "Norwalk, CT"), ("Stamfrod mall", "Stamford, CT"), ("Danbury Costco", "Danbury, CT")],
)
def test_a_shop_beside_a_town_leads_to_the_town(client: FlaskClient, typed: str, meant: str) -> None:
    page = client.get("/search", query_string={"q": typed})
    assert page.status_code == 404 and "Did you mean" in page.text
    assert f"{meant}<span" in page.text.partition('class="choices"')[2].partition("</ul>")[0]
    assert page.text.index("<h1>") < page.text.index('name="q"'), "the answer stands above the box"


def test_the_spot_of_a_row_is_said_once_and_what_is_moved_has_one_line(client: FlaskClient) -> None:
    page = words(client.get("/search?q=06820").text)
    rows = page.partition("Other places")[2].partition("Show 10 more places")[0]
    assert "Wilton, CT · approximate spot" in rows and "The pin is the department" not in rows
    assert rows.count("Call before you go. 203-594-3500") == 1 and "The police moved" not in rows


def test_no_match_is_404_with_what_this_site_can_look_up(client: FlaskClient) -> None:
    for query in ("Mapel+Grov,+ZZ", "00000", "Foobarville,+CT"):
        response = client.get(f"/search?q={query}")
        assert response.status_code == 404
        assert "What finds a place" in words(response.text) and "A ZIP code with all five digits" in words(
            response.text
        )
    assert "it finds postal codes, towns, counties and positions, but no streets" in words(response.text)


def test_a_nearer_place_of_which_nobody_says_what_was_asked_for_is_shown_above_the_one_that_is_said_to_have_it(
    client: FlaskClient,
) -> None:
    plain, lit = (client.get(f"/search?q=06820{more}").text for more in ("", "&lit=1"))
    nearest, said = listed_zones(plain)[0], listed_zones(lit)
    assert said[0] == nearest == "ct-darien-parking-lot" and "Closest place to meet" in words(plain)
    above, _, card = lit.partition('class="top-card"')
    assert "Closer, but nobody says whether it is lit" in words(above) and "Closest place said to be lit" in words(card)
    assert "Closest place to meet" not in words(lit)
    picture = re.findall(r'<img src="(/map/picture[^"]+)"', lit)[0]
    assert "others=ct-darien-parking-lot" in unescape(picture) and client.get(unescape(picture)).status_code == 200


def test_a_longer_list_is_offered_with_the_number_of_places_that_it_has_more(client: FlaskClient) -> None:
    page = client.get("/search?q=06820").text
    longer = re.findall(r'href="(/search[^"]+limit=[^"]+)">Show (\d+) more places', page)
    assert longer
    before, after = (set(listed_zones(text)) for text in (page, client.get(unescape(longer[0][0])).text))
    assert before < after and len(after - before) == int(longer[0][1])


def test_what_people_type_for_their_state_leads_to_it(client: FlaskClient) -> None:
    for typed, page in (("/states", "/towns"), ("/states/CT", "/towns/ct"), ("/states/new-york", "/towns/ny")):
        response = client.get(typed)
        assert (response.status_code, response.headers["Location"]) == (301, page)
    assert client.get("/states/zz").status_code == 404


def test_a_state_leads_to_its_page(client: FlaskClient) -> None:
    assert "/towns/ct" in client.get("/search?q=Connecticut").text


def test_a_position_is_a_search_too_and_the_answer_is_not_cached(client: FlaskClient) -> None:
    response = client.get("/search?lat=41.141&lon=-73.491")
    assert "ct-new-canaan-lobby" in listed_zones(response.text)[:3]
    assert response.headers["Cache-Control"] == "private, no-store"


def test_miles_in_the_united_states_kilometres_in_canada_and_as_one_likes(client: FlaskClient) -> None:
    assert " mi " in words(client.get("/search?q=06840").text)
    assert " km " in words(client.get("/search?q=Ottawa,+ON").text)
    assert " km " in words(client.get("/search?q=06840&units=km").text)


@pytest.mark.parametrize(
    ("query", "name"),
    [
        ("lat=95&lon=1", "lat"),
        ("lat=1&lon=abc", "lon"),
        ("lat=1", "lon"),
        ("q=06840&limit=-1", "limit"),
        ("q=06840&limit=1000000000", "limit"),
        ("q=06840&open_at=yesterday", "open_at"),
        ("q=06840&within=nan", "within"),
        ("q=06840&setting=roof", "setting"),
        ("q=06840&recorded=maybe", "recorded"),
        ("q=06840&units=leagues", "units"),
    ],
)
def test_a_bad_parameter_is_400_and_named_with_value_and_range(client: FlaskClient, query: str, name: str) -> None:
    response = client.get(f"/search?{query}")
    assert response.status_code == 400
    assert f"<code>{name}</code>" in response.text
    assert "Allowed:" in response.text


def test_an_empty_search_explains_itself(client: FlaskClient) -> None:
    assert "For example" in client.get("/search").text
    assert client.get("/search?q=+++").status_code == 200


HOSTILE = [
    "{{7*7}}", "{%", "${window.P=1}", "</script><script>window.P=1</script>", "<img src=x onerror=window.P=1>",
    "' OR 1=1 --", "a" * 10_000, "\x00\x1b[31m", "😀🚓", "\u202egnp.exe", "%s%n%x", "../../etc/passwd",
]  # fmt: skip


@pytest.mark.parametrize("text", HOSTILE)
@pytest.mark.parametrize(
    "name", ["q", "lat", "lon", "limit", "open_at", "setting", "recorded", "units", "lang", "within"]
)
def test_hostile_text_in_any_parameter_is_shown_literally_and_is_never_our_fault(
    client: FlaskClient, name: str, text: str
) -> None:
    response = client.get("/search", query_string={name: text})
    assert response.status_code < 500
    assert "<script>window.P" not in response.text
    assert "<img src=x" not in response.text
    assert "49" not in words(response.text) or text != "{{7*7}}"


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_text_in_a_path_is_a_404(client: FlaskClient, text: str) -> None:
    for path in (f"/zones/{text}", f"/towns/ct/{text}", f"/towns/{text}", f"/{text}"):
        response = client.get(path)
        assert response.status_code in (301, 302, 308, 404)
        assert "<script>window.P" not in response.text


def test_a_filter_shows_only_a_stated_yes_and_counts_what_is_left_out(client: FlaskClient) -> None:
    page = client.get("/search?q=06840&recorded=1").text
    assert re.search(r"\d+ more zones? nearby (is|are) left out", words(page))
    # What stands above it is nearer, and nobody says whether it is recorded.
    page = page[page.index('class="top-card"') :]
    assert {"ct-new-canaan-lobby", "ct-new-canaan-parking-lot"} <= set(listed_zones(page)[:3])


def test_open_at_is_judged_at_that_time(client: FlaskClient) -> None:
    page = client.get("/search?q=Denver,+CO&open_at=2026-12-24T18:30").text
    assert "Closest place said to be open then" in page
    page = page[page.index('class="top-card"') :]
    assert listed_zones(page)
    assert "Hours not stated" not in words(page.partition("What the labels mean")[0])


def test_planned_zones_are_shown_only_when_asked_for(client: FlaskClient) -> None:
    assert "easton" not in "".join(listed_zones(client.get("/search?q=Easton,+CT").text))
    page = client.get("/search?q=Easton,+CT&planned=1").text
    assert "easton" in listed_zones(page)[1], "the first row, below the place that one can go to"


def test_a_page_says_once_how_many_zones_a_filter_leaves_out_and_has_one_link_to_them(client: FlaskClient) -> None:
    for query in ("q=06840&lit=1", "q=06840&confirmed=1", "q=06840&lit=1&setting=lobby&recorded=1&step_free=1"):
        page = client.get(f"/search?{query}").text
        said = re.findall(r"\d+ (?:more )?(?:zones? nearby|(?:is|are) closer)", words(page))
        assert len(said) <= 1 and words(page).count("Show all") == 1, query
        assert "Show all places, without filters" in words(page)

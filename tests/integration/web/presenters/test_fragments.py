"""Cached parts of pages never reach a reader whom they are not for."""

import re

import pytest
from flask.testing import FlaskClient

from tests.conftest import ROOT

SEARCH = "/search?lat=41.1467&lon=-73.4949"


def test_each_language_has_its_own_parts_whoever_asked_first(client: FlaskClient) -> None:
    english, spanish = client.get(f"{SEARCH}&lang=en").text, client.get(f"{SEARCH}&lang=es").text
    assert "All towns" in english and "All towns" not in spanish
    assert "Only show" in english and "Only show" not in spanish
    assert "All towns" in client.get(f"{SEARCH}&lang=en").text


def test_links_carry_the_prefix_and_host_under_which_the_site_is_asked(client: FlaskClient) -> None:
    plain = client.get(SEARCH).text
    prefixed = client.get(SEARCH, environ_overrides={"SCRIPT_NAME": "/zones"}, headers={"Host": "other.example"}).text
    assert 'href="/towns"' in plain and 'href="/zones/towns"' in prefixed
    assert 'href="/towns"' not in prefixed
    image = re.search(r'og:image" content="([^"]+)"', prefixed)
    assert image and image[1].startswith("http://other.example/zones/static/")


def test_two_searches_of_one_minute_keep_their_own_filters_units_and_places(client: FlaskClient) -> None:
    miles, kilometers = client.get(f"{SEARCH}&within=25").text, client.get(f"{SEARCH}&units=km&lit=1").text
    assert '<option value="25" selected>' in miles and 'value="km" selected' not in miles
    assert '<option value="25" selected>' not in kilometers and 'value="km" selected' in kilometers
    elsewhere = client.get("/search?lat=40.0000&lon=-83.0000").text
    assert 'data-origins="40.0,-83.0 "' in elsewhere and 'value="41.1467"' not in elsewhere


def test_hostile_values_of_a_filter_stay_text_each_time_they_are_shown(client: FlaskClient) -> None:
    for _again in range(2):
        page = client.get("/search", query_string={"q": '"><script>alert(1)</script>', "lang": "en"}).text
        assert "<script>alert" not in page


@pytest.mark.parametrize("name", ["request", "person", "path_to_read", "without_database", "session", "csrf_token"])
def test_no_cached_part_reads_anything_of_a_request(name: str) -> None:
    template = (ROOT / "templates" / "_fragments.html").read_text(encoding="utf-8")
    expressions = re.findall(r"\{[{%].*?[%}]\}", template, re.S)
    assert len(expressions) > 100
    assert not [text for text in expressions if re.search(rf"\b{name}\b", text)]

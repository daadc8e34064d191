"""Cached parts of pages never reach a reader whom they are not for."""

import re
from types import FunctionType
from urllib.parse import quote

import pytest
from flask import Flask
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


def behind(template: str) -> dict[str, str]:
    """A template and all that it extends, imports or includes, by their names."""
    text = (ROOT / "templates" / template).read_text(encoding="utf-8")
    others = re.findall(r"{% (?:extends|import|from|include) '([^']+)'", text)
    return {template: text} | {name: one for other in others for name, one in behind(other).items()}


IN_THE_KEY = re.compile(r"request\.(?:endpoint|blueprint|view_args)|without_database\(\)")
"""What the key of a frame has, or the endpoint tells: the search has no arguments in its path."""
OF_A_REQUEST = re.compile(
    r"\b(?:request|path_to_read|without_database|session|csrf_token)\b|\b(?:person\(|g\.|token\(|button\()"
)
OF_BLOCKS_THAT_THE_FRAME_REPLACES = re.compile(r"\{% block (?:canonical|translated) %\}.*?\{% endblock %\}", re.S)


@pytest.mark.parametrize("template", ["_fragments.html", "_card.html", "public/results.html"])
def test_no_cached_part_reads_anything_of_a_request(template: str) -> None:
    everything = behind(template)
    everything.pop("macros/forms.html", None)  # of its macros only those with a token read anything
    for name, text in everything.items():
        text = OF_BLOCKS_THAT_THE_FRAME_REPLACES.sub("", text) if name == "base.html" else text
        expressions = [IN_THE_KEY.sub("", one) for one in re.findall(r"\{[{%].*?[%}]\}", text, re.S)]
        read = re.compile(
            r"\b(?:request|path_to_read|without_database|session|csrf_token)\b|\b(?:person\(|g\.|(?:token|button)\()"
        )
        assert not [(name, one) for one in expressions if read.search(one)]


def test_the_frame_that_all_results_share_names_the_place_and_the_address_of_each(client: FlaskClient) -> None:
    for _again in range(2):
        for words in ("06840", "Yuma, AZ"):
            page = client.get("/search", query_string={"q": words, "units": "km", "lang": "en"}).text
            assert re.findall(r"<title>[^<]*", page)[0].count(words.partition(",")[0]) == 1
            here = f"/search?q={quote(words)}&amp;units=km&amp;lang="
            assert re.findall(r'href="([^"]+)" lang="(\w+)"', page) == [(f"{here}es", "es"), (f"{here}fr", "fr")]


def test_a_gap_is_filled_and_nobody_can_type_one(client: FlaskClient) -> None:
    for address in (SEARCH, "/", "/meet?a=41.1467,-73.4949&b=41.2,-73.5", "/zones/ct-ridgefield-lobby"):
        assert "<gap" not in client.get(address).text
    for _again in range(2):
        page = client.get("/search", query_string={"q": "<gap words>"}).text
        assert "<gap" not in page and 'value="&lt;gap words&gt;"' in page


def test_macros_get_all_that_they_read_so_that_one_reading_of_them_serves_every_page(app: Flask) -> None:
    templates = {path: path.read_text(encoding="utf-8") for path in (ROOT / "templates").rglob("*.html")}
    assert [path for path, text in templates.items() if re.search(r"\{% (import|from) [^%]*with context", text)] == []
    asking = [name for name, value in app.jinja_env.globals.items()
              if isinstance(value, FunctionType) and hasattr(value, "jinja_pass_arg")]  # fmt: skip
    assert asking == ["pgettext", "npgettext"]  # of Jinja's own; web/http/templates.py hands no context on
    assert not [path for path, text in templates.items() if "pgettext" in text or "{% trans" in text]

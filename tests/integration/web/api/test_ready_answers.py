"""Answers made of parts that were ready say what new ones would, and carry what every answer of their kind carries."""

from datetime import timedelta

import pytest
from flask import before_render_template
from flask.testing import FlaskClient

from directory import clock
from tests.support.site import Site

NEAREST, ITEMS = "/api/v1/nearest?lat=41.1&lon=-73.5", "/api/v1/collections/zones/items?limit=2"


def test_a_page_kept_from_the_minute_before_says_what_a_new_one_would(site: Site) -> None:
    client = site.app.test_client()
    pages = set()
    try:
        for hours in range(0, 24 * 5, 2):
            for minutes in (0, 1, 17):
                clock.run_ahead(timedelta(hours=hours, minutes=minutes))
                kept = client.get("/search?q=Boulder,+CO").text
                host = f"http://at-{hours}-{minutes}.example"  # nobody asked there before: all of it is written now
                fresh = client.get("/search?q=Boulder,+CO", base_url=host).text
                assert fresh.replace(host, "http://localhost") == kept
                pages.add(kept)
    finally:
        clock.run_ahead(timedelta(0))
    assert len(pages) > 4, "its hours change what the page says"


def test_a_page_during_which_time_passed_is_not_taken_for_a_later_one(site: Site) -> None:
    client = site.app.test_client()

    def half_a_day_passes(*_sender: object, **_signal: object) -> None:
        clock.run_ahead(timedelta(hours=hours + 12))

    try:
        for hours in range(0, 7 * 24, 6):
            clock.run_ahead(timedelta(hours=hours))
            host, fresh_host = f"http://at-{hours}.example", f"http://fresh-{hours}.example"
            with before_render_template.connected_to(half_a_day_passes, site.app):
                client.get("/search?q=Boulder,+CO", base_url=host)
            page = client.get("/search?q=Boulder,+CO", base_url=host).text
            fresh = client.get("/search?q=Boulder,+CO", base_url=fresh_host).text
            assert page.replace(host, "") == fresh.replace(fresh_host, "")
    finally:
        clock.run_ahead(timedelta(0))


@pytest.mark.parametrize("address", [NEAREST, ITEMS])
def test_an_answer_to_programs_is_open_to_every_site_and_sets_no_cookie(client: FlaskClient, address: str) -> None:
    headers = client.get(address, headers={"X-Forwarded-Proto": "https", "Cookie": "lang=es"}).headers
    assert headers["Access-Control-Allow-Origin"] == "*"
    assert headers["Cross-Origin-Resource-Policy"] == "cross-origin"
    assert headers["X-Frame-Options"] == "DENY"
    assert "Set-Cookie" not in headers and "Cookie" not in headers["Vary"]
    assert len(headers) == len({name.lower() for name in headers.keys()}), "no header is sent twice"  # noqa: SIM118


def test_a_page_of_ours_is_open_to_no_other_site(client: FlaskClient) -> None:
    headers = client.get("/search?q=06840").headers
    assert "Access-Control-Allow-Origin" not in headers
    assert {"Accept-Language", "Cookie"} <= {part.strip() for part in headers["Vary"].split(",")}


def test_the_box_asked_for_stands_in_the_links_as_it_was_written(client: FlaskClient) -> None:
    answer = client.get("/api/v1/collections/zones/items?bbox=-74.5,40.25,-73,42.125&limit=1").json
    assert answer and answer["links"][0]["href"].endswith("?bbox=-74.5,40.25,-73,42.125&limit=1")

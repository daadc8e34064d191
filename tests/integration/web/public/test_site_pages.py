"""The first page, towns, About, and what every page keeps to."""

import re
import time
from datetime import UTC, datetime
from pathlib import Path

import pytest
from flask import Flask, template_rendered
from flask.testing import FlaskClient
from sqlalchemy import text

from directory import __version__
from directory.settings import Settings
from tests.support.site import Site, html_of, listed_zones, site_on, words


@pytest.mark.parametrize(
    ("contact", "shown"),
    [("help@example.org", '<a href="mailto:help@example.org">help@example.org</a>'),
     ("https://example.org/help", '<a href="https://example.org/help">https://example.org/help</a>'),
     ("Town of <Example>", "Who runs this site: Town of &lt;Example&gt;")],
)  # fmt: skip
def test_about_says_whom_to_write_to(own_settings: Settings, contact: str, shown: str) -> None:
    with site_on(own_settings.model_copy(update={"contact": contact})) as site:
        assert shown in html_of(site.visitor().get("/about"))


def test_about_shows_the_version(client: FlaskClient) -> None:
    assert f"Version {__version__}" in client.get("/about").text


def test_about_names_nobody_where_nobody_is_named(client: FlaskClient) -> None:
    assert "Who runs this site" not in client.get("/about").text


def test_a_page_that_was_kept_is_shown_again_only_while_nothing_on_it_has_changed(site: Site) -> None:
    darien = "slug = 'ct/darien-police-department'"
    steps = (
        ("UPDATE zone SET name = 'Elsewhere' WHERE zone_id LIKE 'tx-%'", "Near Darien, CT"),
        ("UPDATE zone SET status = 'moved' WHERE zone_id = 'ct-darien-parking-lot'", "Call before you go."),
        (f"UPDATE department SET phone = '203-555-0199' WHERE {darien}", "203-555-0199"),
        (f"UPDATE department SET name = 'Police of Darien' WHERE {darien}", "Police of Darien"),
        ("UPDATE zone SET latitude = 41.0787, longitude = -73.4693, spot_note = 'The nearest' "
         "WHERE zone_id = 'ct-wilton-parking-lot'", "The nearest"),
        ("DELETE FROM zone WHERE zone_id = 'ct-wilton-parking-lot'", "New Canaan"),
    )  # fmt: skip
    pages, written = [site.visitor().get("/search?q=Darien,+CT").text], []
    template_rendered.connect(lambda *_sender, **_more: written.append(len(pages)), site.app, weak=False)
    for statement, expected in steps:
        with site.engine.begin() as connection:
            connection.execute(text(statement))
        site.services.snapshot_cache.invalidate()
        pages.append(site.visitor().get("/search?q=Darien,+CT").text)
        assert expected in words(pages[-1]), statement
    assert written == [2, 3, 4, 5, 6] and "The nearest" not in pages[-1]


def test_the_zones_and_the_news_of_the_first_page_count_the_same(client: FlaskClient) -> None:
    page = words(client.get("/").text)
    zones = re.findall(r"([\d,]+) zones ", page)[0]
    assert f"{zones} zones added" in page and "8 former zones noted: they are no longer in use" in page


def test_a_town_without_zones_is_a_page_that_helps(client: FlaskClient) -> None:
    response = client.get("/towns/ct/weston")
    assert response.status_code == 200
    assert "No safe zone known in Weston, CT" in words(response.text)
    assert listed_zones(response.text)


def test_an_unknown_page_suggests_what_may_have_been_meant(client: FlaskClient) -> None:
    response = client.get("/towns/ct/new-cannan")
    assert response.status_code in (200, 404)
    missing = client.get("/nothing/new-canaan")
    assert missing.status_code == 404 and "New Canaan, CT" in missing.text


def test_a_problem_report_is_kept_for_the_moderators(app: Flask, client: FlaskClient) -> None:
    address = "/zones/ct-wilton-parking-lot/report"
    refused = client.post(address, data={"text": "hello"})
    assert refused.status_code == 400 and "Choose what is wrong" in refused.text and "hello" in refused.text
    unreachable = client.post(address, data={"kind": "hours", "contact": "a@example..org"})
    assert unreachable.status_code == 400 and "Write it like name@example.org" in unreachable.text
    accepted = client.post(address, data={"kind": "hours", "text": "</script>{{7*7}}", "contact": "a@example.org"})
    assert accepted.status_code == 200 and "Thank you" in accepted.text
    trapped = client.post(address, data={"kind": "hours", "website": "http://spam.example"})
    assert trapped.status_code == 400


def test_a_report_without_the_forms_token_is_refused(app: Flask) -> None:
    app.config["WTF_CSRF_ENABLED"] = True
    try:
        response = app.test_client().post("/zones/ct-wilton-parking-lot/report", data={"kind": "hours"})
        assert response.status_code == 400
    finally:
        app.config["WTF_CSRF_ENABLED"] = False


def test_pages_forbid_what_we_did_not_write(client: FlaskClient) -> None:
    for address in ("/", "/search?q=06840", "/zones/ct-wilton-parking-lot", "/nope"):
        headers = client.get(address).headers
        policy = headers["Content-Security-Policy"]
        assert "unsafe" not in policy and "frame-ancestors 'none'" in policy
        assert headers["Referrer-Policy"] == "strict-origin-when-cross-origin"
        assert headers["X-Content-Type-Options"] == "nosniff"


def test_pages_hold_no_inline_script_or_style(client: FlaskClient) -> None:
    for address in ("/", "/search?q=06840", "/zones/ct-wilton-parking-lot", "/towns/ct", "/about"):
        page = client.get(address).text
        assert not re.search(r"<script(?![^>]*(src=|ld\+json))", page)
        assert not re.search(r"<style|\sstyle=|\son[a-z]+=", page)


def test_no_cookie_is_set_but_the_language_one_asked_for(client: FlaskClient) -> None:
    for address in ("/", "/search?q=06840", "/zones/ct-wilton-parking-lot"):
        assert "Set-Cookie" not in client.get(address).headers
    assert client.get("/?lang=es").headers["Set-Cookie"].startswith("lang=es")


def test_the_day_of_the_last_change_is_shown(client: FlaskClient) -> None:
    assert f"{datetime.now(UTC):%B}" in words(client.get("/").text)


def test_pages_go_on_from_the_last_directory_when_the_database_goes(site: Site, tmp_path: Path) -> None:
    client = site.visitor()
    assert client.get("/search?q=06840").status_code == 200
    site.engine.dispose()
    for file in tmp_path.glob("directory.sqlite*"):
        file.write_bytes(b"garbage" * 2_000)
    time.sleep(0.3)
    for address in ("/", "/search?q=06840", "/zones/ct-darien-parking-lot", "/towns", "/towns/ct/new-canaan"):
        assert client.get(address).status_code == 200, address
    refused = client.post("/zones/ct-darien-parking-lot/report", data={"kind": "gone"})
    assert refused.status_code == 503


def test_a_page_of_another_release_finds_its_files(client: FlaskClient) -> None:
    now = re.findall(r'href="(/static/[^"]+/site\.css)"', client.get("/").text)[0]
    lead = client.get("/static/000000000000/site.css")
    assert (lead.status_code, lead.headers["Location"], lead.headers["Cache-Control"]) == (302, now, "no-cache")
    with client.get(now) as found:
        assert found.status_code == 200
    for path in ("/static/000000000000/none.css", "/static/000000000000/../app.py", f"{now}.none"):
        assert client.get(path).status_code == 404, path

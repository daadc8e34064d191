"""Questions about places as pages for people: the answer, the form, and what goes wrong in it."""

import re
from html import unescape

import pytest
from flask.testing import FlaskClient

from tests.integration.web.api.test_standards import API, BROWSER

ABOUT_PLACES = {
    f"{API}/nearest?address=06840&recorded=true": "/search?recorded=true&q=06840",
    f"{API}/meet?a=06840&b=06820&within_m=32186.88": "/meet?a=06840&b=06820&within=20.000",
    f"{API}/geocode?address=Springfield": "/search?q=Springfield,+MO",
}
"""Questions that say where somebody is, and the page of the site that answers the same."""


@pytest.mark.parametrize("path", ABOUT_PLACES)
def test_answers_about_places_are_pages_too_which_no_cache_keeps(client: FlaskClient, path: str) -> None:
    page = client.get(path, headers={"Accept": BROWSER, "Accept-Language": "fr"})
    assert (page.status_code, page.mimetype, page.headers["Cache-Control"]) == (200, "text/html", "private, no-store")
    assert 'lang="fr"' in page.text and '<meta name="robots" content="noindex">' in page.text
    machine = client.get(path).json
    alternates = re.findall(r'<link rel="alternate" type="[^"]+json" href="([^"]+)"', page.text)
    assert [client.get(unescape(address)).json["features"] for address in alternates] == [machine["features"]] * 2
    back = next(link["href"] for link in machine["links"] if (link["rel"], link["type"]) == ("alternate", "text/html"))
    assert client.get(back).mimetype == "text/html"
    zone_ids = re.findall(r'<li data-zone="([^"]+)"', page.text)
    hidden = [zone["id"] for zone in machine.get("nearer_unstated", ())]
    assert zone_ids == [*hidden, *[zone["id"] for zone in machine["features"] if "id" in zone]]
    assert ABOUT_PLACES[path] in unescape(page.text) and client.get(ABOUT_PLACES[path]).status_code == 200


def test_a_browser_that_asks_nothing_gets_the_form_and_a_mistake_loses_nothing_in_it(client: FlaskClient) -> None:
    browser = {"Accept": BROWSER}
    for path in ("nearest", "meet", "geocode"):
        for query in ("", "?lang=es"):
            page = client.get(f"{API}/{path}{query}", headers=browser)
            assert page.status_code == 200 and f'<form class="form api-question" action="/docs/{path}"' in page.text
        assert client.get(f"{API}/{path}?f=html").status_code == client.get(f"{API}/{path}").status_code == 400
    sent = client.get("/docs/nearest?address=06840&lat=&lon=+&setting=lobby&recorded=true")
    assert sent.headers["Location"] == f"{API}/nearest?address=06840&setting=lobby&recorded=true&f=html"
    assert sent.headers["Cache-Control"] == "private, no-store" and client.get("/docs/bridges").status_code == 404
    wrong = client.get(f"{API}/nearest?address=06840&limit=many&setting=lobby,other&recorded=true", headers=browser)
    assert wrong.status_code == 400 and "<code>limit=many</code>" in wrong.text
    assert (
        'name="limit" type="text" value="many"' in wrong.text and "<option selected>lobby,other</option>" in wrong.text
    )
    assert '<input type="hidden" name="recorded" value="true">' in wrong.text
    several = client.get(f"{API}/meet?a=06840&b=Springfield", headers=browser)
    choice = unescape(re.findall(r'<li><a href="([^"]+)">Springfield, MA', several.text)[0])
    assert client.get(choice, headers=browser).status_code == 200

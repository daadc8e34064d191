"""The page of one zone."""

import json
import re

from flask import Flask
from flask.testing import FlaskClient

from tests.support.database_templates import ZONES
from tests.support.site import words


def test_cameras_are_said_once(client: FlaskClient) -> None:
    facts = client.get("/zones/ct-darien-parking-lot").text.partition("What is there")[2].partition("</ul>")[0]
    assert words(facts).count("Cameras") == 1 and "Cameras around the clock" in words(facts)


def test_how_we_know_is_dated_newest_first_and_ends_with_the_police(client: FlaskClient) -> None:
    page = client.get("/zones/ct-darien-parking-lot").text
    lines = re.findall(r"<li><strong>(.+?)</strong>", page.partition('class="timeline"')[2].partition("</ol>")[0])
    assert lines[1:] == ["2019", "October 13, 2016", "Confirmed by Darien Police Department"]


def test_the_zone_page_says_plainly_that_new_canaan_moved_and_gives_no_directions(client: FlaskClient) -> None:
    page = client.get("/zones/ct-new-canaan-lobby").text
    text = words(page)
    assert "39 Locust Avenue from 4 December 2023" in text
    assert "Nobody has confirmed" in text
    assert "203-594-3500" in text and "203-594-3512" in text
    assert "MYPD app" in text and "@newcanaanpolice" in text
    assert "March 3, 2017 Announced" in text
    assert "Confirmed by New Canaan Police Department Never." in text
    assert "google.com/maps" not in page.partition("Nearest zones of other departments")[0]


def test_a_usable_zone_gives_directions_in_three_apps(client: FlaskClient) -> None:
    page = client.get("/zones/ct-darien-parking-lot").text
    for host in ("maps.apple.com", "www.google.com/maps", "www.openstreetmap.org/directions"):
        assert host in page
    assert "Open all day" in page
    assert "Every day Open all day" in words(page), "seven equal days are one row"


def test_a_card_that_says_call_first_gives_the_number(client: FlaskClient) -> None:
    rows = client.get("/search?q=06840").text.split('<li class="row')
    [moved] = [row for row in rows if 'data-zone="ct-new-canaan-lobby"' in row]
    assert 'href="tel:203-594-3500"' in moved


def test_what_nobody_stated_is_not_stated_rather_than_no(client: FlaskClient) -> None:
    page = client.get("/zones/ct-wilton-parking-lot").text
    assert "Nobody has stated the hours" in words(page)
    unknown = re.search(r"Not known: ([^.]*)\.", words(page))
    assert unknown and "step-free access" in unknown[1] and "cameras" not in unknown[1].split(", ")


def test_advised_hours_are_shown_in_words(client: FlaskClient) -> None:
    text = words(client.get("/zones/wa-lakewood-lobby").text)
    assert "The department advises these hours: Monday – Friday 9 AM – 5 PM." in text


def test_every_zone_and_state_and_many_towns_have_a_page(app: Flask) -> None:
    client = app.test_client()
    features = json.loads(ZONES.read_text(encoding="utf-8"))["features"]
    for item in features:
        response = client.get(f"/zones/{item['id']}")
        replaced = item["properties"]["status"] == "withdrawn" and "replaced_by" in item["properties"]
        assert response.status_code == (301 if replaced else 200), item["id"]
    addresses = re.findall(r"<loc>http://localhost(/towns/[^<]*)</loc>", client.get("/sitemap.xml").text)
    assert len(addresses) > 500
    for address in [address for address in addresses if address.count("/") == 2] + addresses[::5]:
        assert client.get(address).status_code == 200, address


def test_every_approximate_zone_says_so_on_its_page_and_card(app: Flask) -> None:
    client = app.test_client()
    features = json.loads(ZONES.read_text(encoding="utf-8"))["features"]
    approximate = [
        item["id"]
        for item in features
        if item["properties"].get("approximate") and not item["properties"].get("replaced_by")
    ]
    assert len(approximate) > 100
    for zone_id in approximate:
        page = client.get(f"/zones/{zone_id}", follow_redirects=True).text
        said = re.search(r"not (?:be )?the spot\.|Shown at the department’s building", page)
        assert said, zone_id


def test_upper_case_addresses_lead_to_lower_case_ones(client: FlaskClient) -> None:
    assert client.get("/towns/CT/New-Canaan").headers["Location"].endswith("/towns/ct/new-canaan")


def test_structured_data_describe_hours_and_leave_out_what_is_unknown(client: FlaskClient) -> None:
    page = client.get("/zones/ct-darien-parking-lot").text
    match = re.search(r'<script type="application/ld\+json">(.*?)</script>', page, re.DOTALL)
    assert match
    place = json.loads(match[1])
    assert place["containedInPlace"]["@type"] == "PoliceStation"
    assert len(place["openingHoursSpecification"]) == 7
    assert "telephone" not in place["containedInPlace"]

"""What programs read of the public pages: feeds, the sitemap, the map's data."""

import json
import re
from html import unescape
from xml.etree import ElementTree

import pytest
from flask.testing import FlaskClient

from tests.support.database_templates import ZONES


def test_feeds_are_atom_with_absolute_links(client: FlaskClient) -> None:
    for address in ("/towns/ct/feed.atom", "/towns/ct/new-canaan/feed.atom"):
        response = client.get(address)
        assert response.mimetype == "application/atom+xml"
        feed = ElementTree.fromstring(response.text)
        entries = feed.findall("{http://www.w3.org/2005/Atom}entry")
        assert entries
        link = entries[0].find("{http://www.w3.org/2005/Atom}link")
        assert link is not None and link.attrib["href"].startswith("http://")


@pytest.mark.parametrize(
    "address", ["/towns/ct/feed.atom", "/towns/ct/darien/feed.atom", "/towns/ct/darien/closures.ics", "/sitemap.xml"]
)
def test_what_programs_read_again_is_sent_once_and_open_to_other_sites(client: FlaskClient, address: str) -> None:
    first = client.get(address)
    assert first.headers["Access-Control-Allow-Origin"] == "*" and "Set-Cookie" not in first.headers
    for header, value in (
        ("If-None-Match", first.headers["ETag"]),
        ("If-Modified-Since", first.headers["Last-Modified"]),
    ):
        again = client.get(address, headers={header: value})
        assert (again.status_code, again.data) == (304, b""), header
    assert client.get(address, headers={"If-None-Match": 'W/"other"'}).status_code == 200


def test_the_sitemap_says_when_each_page_changed(client: FlaskClient) -> None:
    urls = re.findall(
        r"<url><loc>http://localhost([^<]+)</loc>(?:<lastmod>([^<]+)</lastmod>)?", client.get("/sitemap.xml").text
    )
    changed = dict(urls)
    assert changed["/tips"] == "" and len(changed) == len(urls)
    zone = client.get("/api/v1/collections/zones/items/ct-darien-parking-lot").json["properties"]["changed_at"]
    assert changed["/zones/ct-darien-parking-lot"] == zone[:19] + "+00:00"
    assert changed["/towns/ct/darien"] >= changed["/zones/ct-darien-parking-lot"]


def test_the_sitemap_is_xml_and_robots_keep_out_of_searches(client: FlaskClient) -> None:
    assert ElementTree.fromstring(client.get("/sitemap.xml").text).tag.endswith("urlset")
    robots = client.get("/robots.txt").text
    assert "Disallow: /search" in robots and "Sitemap: http" in robots


def test_map_data_name_every_listed_zone_once_and_can_be_kept_for_ever(client: FlaskClient) -> None:
    home = client.get("/").text
    match = re.search(r'data-source="([^"]+)"', home)
    assert match
    response = client.get(unescape(match[1]))
    columns = response.json
    assert columns is not None and {len(column) for column in columns.values()} == {len(set(columns["id"]))}
    listed = {feature["id"]: feature for feature in json.loads(ZONES.read_text(encoding="utf-8"))["features"]}
    assert columns["id"] == sorted(
        name for name, zone in listed.items() if zone["properties"].get("status") != "withdrawn"
    )
    for zone_id, longitude, latitude in zip(columns["id"], columns["lon"], columns["lat"], strict=True):
        position = [longitude / 100_000, latitude / 100_000]
        assert position == pytest.approx(listed[zone_id]["geometry"]["coordinates"], abs=0.000_006)
    assert "immutable" in response.headers["Cache-Control"]

"""The pages: what a buyer sees, and what happens to bad input."""

import json
import re
import time
from datetime import UTC, datetime
from html import unescape
from pathlib import Path
from xml.etree import ElementTree

import pytest
from flask import Flask, template_rendered
from flask.testing import FlaskClient
from sqlalchemy import text

from directory import __version__
from directory.settings import Settings
from tests.support.database_templates import ZONES
from tests.support.site import Site, html_of, listed_zones, site_on, words


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


def test_the_zones_and_the_news_of_the_first_page_count_the_same(client: FlaskClient) -> None:
    page = words(client.get("/").text)
    zones = re.findall(r"([\d,]+) zones ", page)[0]
    assert f"{zones} zones added" in page and "8 former zones noted: they are no longer in use" in page


def test_cameras_are_said_once(client: FlaskClient) -> None:
    facts = client.get("/zones/ct-darien-parking-lot").text.partition("What is there")[2].partition("</ul>")[0]
    assert words(facts).count("Cameras") == 1 and "Cameras around the clock" in words(facts)


def test_how_we_know_is_dated_newest_first_and_ends_with_the_police(client: FlaskClient) -> None:
    page = client.get("/zones/ct-darien-parking-lot").text
    lines = re.findall(r"<li><strong>(.+?)</strong>", page.partition('class="timeline"')[2].partition("</ol>")[0])
    assert lines[1:] == ["2019", "October 13, 2016", "Confirmed by Darien Police Department"]


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
        assert "The map shows" in page or "Shown at the department’s building" in page, zone_id


def test_a_town_without_zones_is_a_page_that_helps(client: FlaskClient) -> None:
    response = client.get("/towns/ct/weston")
    assert response.status_code == 200
    assert "No safe zone known in Weston, CT" in words(response.text)
    assert listed_zones(response.text)


def test_upper_case_addresses_lead_to_lower_case_ones(client: FlaskClient) -> None:
    assert client.get("/towns/CT/New-Canaan").headers["Location"].endswith("/towns/ct/new-canaan")


def test_an_unknown_page_suggests_what_may_have_been_meant(client: FlaskClient) -> None:
    response = client.get("/towns/ct/new-cannan")
    assert response.status_code in (200, 404)
    missing = client.get("/nothing/new-canaan")
    assert missing.status_code == 404 and "New Canaan, CT" in missing.text


def test_structured_data_describe_hours_and_leave_out_what_is_unknown(client: FlaskClient) -> None:
    page = client.get("/zones/ct-darien-parking-lot").text
    match = re.search(r'<script type="application/ld\+json">(.*?)</script>', page, re.DOTALL)
    assert match
    place = json.loads(match[1])
    assert place["containedInPlace"]["@type"] == "PoliceStation"
    assert len(place["openingHoursSpecification"]) == 7
    assert "telephone" not in place["containedInPlace"]


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


def test_a_page_says_once_how_many_zones_a_filter_leaves_out_and_has_one_link_to_them(client: FlaskClient) -> None:
    for query in ("q=06840&lit=1", "q=06840&confirmed=1", "q=06840&lit=1&setting=lobby&recorded=1&step_free=1"):
        page = client.get(f"/search?{query}").text
        said = re.findall(r"\d+ (?:more )?(?:zones? nearby|(?:is|are) closer)", words(page))
        assert len(said) <= 1 and words(page).count("Show all") == 1, query
        assert "Show all places, without filters" in words(page)

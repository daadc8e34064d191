"""What pages, posters, embeds, machines' descriptions and files print: only what somebody stated, and who."""

import json
import re
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import text

from directory.search import service
from directory.store.directory_reader import read_directory
from directory.web.presenters.zone_facts.attribution import is_article
from tests.support.days import day_in_connecticut
from tests.support.site import Site, words_of

LOT = "ct-darien-parking-lot"
MOVED = "ct-new-canaan-lobby"


def set_zone(site: Site, zone_id: str = LOT, **values: Any) -> None:
    with site.engine.begin() as connection:
        columns = ", ".join(f"{name} = :{name}" for name in values)
        statement = text(f"UPDATE zone SET {columns} WHERE zone_id = :zone")
        connection.execute(statement, {**values, "zone": zone_id})
    site.services.snapshot_cache.invalidate()


def label(page: str) -> str:
    """What stands first about a place: whether it is open, and who says so."""
    found = re.search(r'<ul class="place-summary"><li class="[^"]+"><strong>([^<]+)</strong>\s*<span>([^<]+)', page)
    return f"{found[1]}, {found[2]}" if found else ""


def test_where_somebody_is_sent_it_says_who_states_it_and_when(client: FlaskClient) -> None:
    for path in (f"/zones/{LOT}", "/search?q=25+Hecker+Ave,+Darien,+CT"):
        assert label(client.get(path).text) == "Open at all hours, says a 2016 article", path
        assert "2016 news report never confirmed by the police" in words_of(client.get(path)), path
    for path in ("/towns/ct/darien", "/embed/ct/darien"):
        assert "Open at all hours says a 2016 article 2016 news report" in words_of(client.get(path)), path
    assert "según un artículo de 2016" in words_of(client.get(f"/zones/{LOT}?lang=es"))


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"confirmed_on": "2026-06-10", "confirmed_by": "Darien Police Department"}, "says the department, June 2026"),
        ({"confirmed_on": "2026-06-10", "confirmed_by": "Town clerk"}, "says Town clerk, June 2026"),
        ({"source_date": ""}, "says an undated article"),
        ({"source_url": "https://darienct.gov/exchange"}, "says a 2016 web page"),
        ({"source_url": "", "source_name": "Darien Times"}, "says Darien Times, 2016"),
        ({"source_url": "", "source_name": "submission"}, "says somebody who wrote to us in 2016"),
        ({"source_url": "", "source_date": ""}, "says an unnamed source"),
    ],
)
def test_the_badge_names_what_is_known_of_the_source_and_no_more(
    site: Site, values: dict[str, str], words: str
) -> None:
    set_zone(site, **values)
    assert label(site.visitor().get(f"/zones/{LOT}").text) == f"Open at all hours, {words}"


def test_hours_that_nobody_stated_are_said_by_nobody(client: FlaskClient) -> None:
    zones = client.get("/api/v1/collections/zones/items?limit=1000").get_json()["features"]
    silent = next(
        z["id"] for z in zones if not z["properties"]["opening_hours"] and z["properties"]["status"] == "active"
    )
    assert label(client.get(f"/zones/{silent}").text) == "Hours not stated, nobody said when it is open"


@pytest.mark.parametrize(
    ("address", "article"),
    [
        ("https://www.darientimes.com/news/article/Darien-Police-designate-parking-lot-as-safe-9983626.php", True),
        ("http://wrbl.com/2017/10/19/smiths-station-adds-a-safe-exchange-zone-outside-city-hall/", True),
        ("https://www.columbus.gov/Services/Public-Safety/Police/Internet-Purchase-Exchange-Zones", False),
        ("https://www.fairfaxcounty.gov/news2/exchange-zone-for-online-purchases-established-in-chantilly/", False),
        ("https://www.avonlake.org/police/transaction-safe-zone", False),
    ],
)
def test_a_page_of_a_town_is_not_called_an_article(address: str, article: bool) -> None:
    assert is_article(address) is article


def poster(client: FlaskClient, zone_id: str, query: str = "") -> str:
    response = client.get(f"/zones/{zone_id}/poster.svg{query}")
    assert response.status_code == 200, response.headers.get("Location")
    return response.text


def test_a_poster_says_nobody_watches_only_where_that_was_stated_and_of_officers_nothing_of_its_own(site: Site) -> None:
    visitor = site.visitor()
    silent = poster(visitor, LOT)
    assert "watches" not in silent and "do not check the goods" not in silent
    set_zone(site, cameras_watched="no", rules='["officers do not check the goods"]')
    stated = poster(visitor, LOT)
    assert "Nobody watches it all the time" in stated and "Officers do not check the goods." in stated


def test_a_posters_hours_say_who_states_them(client: FlaskClient) -> None:
    assert "says a 2016 article" in poster(client, LOT)
    assert "según un artículo de 2016" in poster(client, LOT, "?languages=es")


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"status": "moved"}, "Moved or unsure"),
        ({"status": "planned"}, "Planned, not open yet"),
        ({"status": "temporarily_closed"}, "Closed for now"),
        ({"closures": '[{"from": "2020-01-01", "note": "rebuilt"}]'}, "Closed for now"),
    ],
)
@pytest.mark.parametrize("form", ["pdf", "svg"])
def test_no_poster_is_made_of_a_moved_closed_or_planned_zone_and_the_page_says_why(
    site: Site, values: dict[str, str], words: str, form: str
) -> None:
    set_zone(site, **values)
    response = site.visitor().get(f"/zones/{LOT}/poster.{form}", follow_redirects=True)
    page = words_of(response)
    assert response.mimetype == "text/html"
    assert "There is no poster of this zone" in page and words in page and "Open as PDF" not in page


def test_a_poster_announces_a_closure_that_ends(site: Site) -> None:
    day = day_in_connecticut() + timedelta(days=5)
    set_zone(site, closures=json.dumps([{"from": day.isoformat(), "until": day.isoformat(), "note": "paving"}]))
    assert "paving" in poster(site.visitor(), LOT)


def test_a_poster_of_an_unstated_spot_asks_for_it_first(site: Site) -> None:
    set_zone(site, setting="unknown", spot_note="")
    visitor = site.visitor()
    response = visitor.get(f"/zones/{LOT}/poster.pdf")
    assert response.status_code == 302
    page = visitor.get(response.headers["Location"])
    assert "Where exactly people stand is missing" in words_of(page)
    assert f"/zones/{LOT}/ours" in page.text and "Open as PDF" not in page.text
    set_zone(site, spot_note="two bays by the door")
    assert visitor.get(f"/zones/{LOT}/poster.pdf").mimetype == "application/pdf"


@pytest.mark.parametrize("status", ["moved", "planned", "withdrawn"])
def test_machines_are_not_told_of_a_place_to_go_to_where_there_is_none(site: Site, status: str) -> None:
    set_zone(site, status=status, status_from="")
    visitor = site.visitor()
    assert "ld+json" not in visitor.get(f"/zones/{LOT}").text
    assert "ld+json" not in visitor.get("/towns/ct/darien").text
    near = visitor.get("/api/v1/nearest?lat=41.0696&lon=-73.4795&planned=true&limit=1").get_json()["features"][0]
    if near["id"] == LOT:
        assert (near["properties"]["open"], near["properties"]["usable"]) == ("unknown", False)


@pytest.mark.parametrize(("status", "words"), [("moved", "Moved or unsure"), ("planned", "Planned, not open yet")])
def test_descriptions_titles_feeds_and_files_of_an_unusable_zone_say_so(site: Site, status: str, words: str) -> None:
    set_zone(site, status=status, status_from="")
    visitor = site.visitor()
    description = re.search(r'<meta name="description" content="([^"]+)"', visitor.get(f"/zones/{LOT}").text)
    assert description and description[1].startswith(words)
    title = visitor.get(f"/oembed?url=http://localhost/zones/{LOT}").get_json()["title"]
    assert words in title
    assert words in words_of(visitor.get("/towns/ct/darien/feed.atom"))
    assert words in words_of(visitor.get("/embed/ct/darien"))
    for form in ("kml", "gpx"):
        assert words.lower() in visitor.get(f"/downloads/ct/darien/zones.{form}").text.lower(), form
    description = re.search(r'<meta name="description" content="([^"]+)"', visitor.get("/towns/ct/darien").text)
    assert description and "set aside" not in description[1]


def test_the_home_page_says_what_is_true_of_the_facts_and_no_day_of_an_import(site: Site) -> None:
    page = words_of(site.visitor().get("/"))
    assert "none confirmed by its department yet" in page
    assert "Sources from 2013 to 2025, 291 undated" in page
    assert "38 only planned, 6 moved or unsure" in page
    assert "last change" not in page.lower()
    set_zone(site, confirmed_on="2026-06-10", confirmed_by="Darien Police Department")
    assert "1 confirmed by its department" in words_of(site.visitor().get("/"))


@pytest.mark.parametrize(
    ("path", "confirmed"),
    [
        ("/towns/ct/darien", "Confirmed by the department within half a year: 0"),
        ("/embed/ct/darien", "never confirmed by the police"),
        ("/downloads", "none confirmed by its department yet"),
    ],
)
def test_no_page_passes_an_import_off_as_a_change_of_the_facts(client: FlaskClient, path: str, confirmed: str) -> None:
    page = words_of(client.get(path))
    assert "Last change here" not in page and "as of" not in page
    assert confirmed in page
    assert re.search(r"[Ss]ources (of|from) \d{4}|\d{4} news report", page)


def test_general_advice_claims_nothing_of_any_station(client: FlaskClient) -> None:
    tips = words_of(client.get("/tips"))
    assert "Officers take no part" not in tips and "unless the zone’s page says so" in tips


def test_announcing_a_closure_confirms_nothing_else(site: Site) -> None:
    clerk = site.accepted_clerk()
    form = {"action": "close", "note": "Paving.", "status_from": day_in_connecticut().isoformat()}
    draft = clerk.post(f"/zones/{LOT}/ours", data=form).headers["Location"]
    assert clerk.post(f"{draft}/send").status_code in (200, 302)
    rows = site.rows("SELECT closures, confirmed_on FROM zone WHERE zone_id = :z", z=LOT)
    assert "Paving." in rows[0][0] and rows[0][1] == ""


def offered(site: Site, fact: str) -> int:
    """How many zones the filter form of one search says to state a fact."""
    page = site.visitor().get("/search?q=Denver,+CO").text
    found = re.search(rf'name="{fact}"[^>]*>[^<]*<span>[^(]*\((\d+)\)', page.replace("\n", "")) or re.search(
        rf'of (\d+)\)</span> <input\s+type="datetime-local" name="{fact}"', page
    )
    assert found, fact
    return int(found[1])


def test_the_number_of_zones_with_stated_hours_is_the_same_on_a_holiday(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    usable = [zone for zone in read_directory(site.engine).zones if zone.status not in ("planned", "withdrawn")]
    monkeypatch.setattr(service, "now", lambda: datetime(2026, 12, 25, 12, tzinfo=UTC))
    assert offered(site, "open_at") == sum(bool(zone.opening_hours) for zone in usable)


def test_a_page_that_was_kept_counts_what_was_stated_meanwhile_of_zones_far_away(site: Site) -> None:
    set_zone(site, step_free="yes")
    before = offered(site, "step_free")
    set_zone(site, MOVED, step_free="yes")
    assert offered(site, "step_free") == before + 1

"""What pages, forms, the API and search engines are told of hours."""

import html
import io
import json
import re
import subprocess
import sys
from datetime import datetime, timedelta
from importlib.metadata import version
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from directory import clock
from directory.db.transaction import transaction
from directory.store.runs.mail_status import beat
from directory.web.presenters.zone_facts.hours import hours_in_words
from directory.zones.hours.rule_tables import released, rule_tables
from tests.conftest import ROOT
from tests.support.site import WESTON, ZONE, Site, html_of

SAMPLES: list[tuple[str, str, str]] = [  # osm, in English, in Spanish
    ("Mo-Fr 08:00-17:00; PH off", "Monday – Friday 8 AM – 5 PM; closed on holidays", "cerrado en días festivos"),
    ('Mo-Fr 08:00-17:00; PH off "federal holidays"', "closed on federal holidays", "días festivos federales"),
    ("24/7; PH off", "Open at all hours; closed on holidays", "cerrado en días festivos"),
    ("Mo-Th 17:00-01:00, Fr-Su 17:00-03:00", "Monday – Thursday 5 PM – 1 AM; Friday – Sunday 5 PM – 3 AM", ""),
    ("sunrise-sunset", "Monday – Sunday sunrise – sunset", "amanecer"),
    ('Mo-Fr 09:00-17:00 || "by appointment"', "Monday – Friday 9 AM – 5 PM; at other times by appointment", "con cita"),
    ("Mo-Fr 09:00-17:00; PH 10:00-14:00", "on holidays 10 AM – 2 PM", ""),
    ('Mo-Fr 09:00-17:00; PH off "Christmas"', "closed on holidays (Christmas)", "lunes a viernes 9:00 a.m."),
    ('Mo-Fr 09:00-17:00; PH off "Thanksgiving, Christmas"', "", "(Día de Acción de Gracias, Navidad)"),
    (
        "Apr-Oct Mo-Fr 08:00-20:00",
        "April through October: Monday – Friday 8 AM – 8 PM",
        "de abril a octubre: lunes a viernes",
    ),
    (
        "Mo-Fr 09:00-17:00; Jun-Aug Mo-Fr 09:00-20:00; PH off",
        "Monday – Friday 9 AM – 5 PM; June through August: Monday – Friday 9 AM – 8 PM; closed on holidays",
        "p.m.; de junio a agosto: lunes a viernes 9:00 a.m.",
    ),
    (
        "24/7; Dec 25,Jan 01 off",
        "Open at all hours; on December 25 and on January 1: closed",
        "el 25 de diciembre y el 1 de enero: cerrado",
    ),
    ("Jun 15-Sep 01 10:00-18:00", "from June 15 to September 1: 10 AM – 6 PM", "del 15 de junio al 1 de septiembre: "),
    ("Mo-Fr 08:00-16:00; 2026 Dec 24 off", "on December 24, 2026: closed", "el 24 de diciembre de 2026: cerrado"),
    ("Mo[3] 08:00-12:00", "Mo[3] 08:00-12:00", "Mo[3]"),
]


@pytest.mark.parametrize(("osm", "english", "spanish"), SAMPLES)
def test_hours_read_as_people_say_them(site: Site, osm: str, english: str, spanish: str) -> None:
    with site.app.test_request_context("/"):
        assert english in hours_in_words(osm)
    with site.app.test_request_context("/", headers={"Accept-Language": "es"}):
        assert spanish in hours_in_words(osm)


def test_french_says_seasons_with_its_own_little_words(site: Site) -> None:
    with site.app.test_request_context("/", headers={"Accept-Language": "fr"}):
        assert (
            hours_in_words("Apr-Oct Mo-Fr 08:00-20:00") == "d’avril à octobre\xa0: lundi au vendredi 8\xa0h – 20\xa0h"
        )
        assert hours_in_words("24/7; Jan 01 off") == "Ouvert en tout temps; le 1er janvier\xa0: fermé"


def test_a_page_says_the_season_beside_the_week_that_is_to_come(site: Site) -> None:
    page = zone_with(site, "Mo-Fr 09:00-17:00; Jun-Aug Mo-Fr 09:00-20:00").get("/zones/ct-darien-parking-lot")
    assert "June through August: Monday – Friday 9 AM – 8 PM." in html.unescape(page.text)


def zone_with(site: Site, hours: str) -> FlaskClient:
    """A visitor of a site where Darien's parking lot has these hours."""
    with transaction(site.engine) as session:
        session.connection().exec_driver_sql(
            "UPDATE zone SET opening_hours = ? WHERE zone_id = 'ct-darien-parking-lot'", (hours,)
        )
    site.services.snapshot_cache.invalidate()
    return site.visitor()


def described(page: TestResponse) -> list[dict[str, str]] | None:
    """The openingHoursSpecification in a page's JSON-LD; None without one."""
    for text in re.findall(r'<script type="application/ld\+json"[^>]*>(.*?)</script>', page.text, re.DOTALL):
        place = json.loads(html.unescape(text))
        if "openingHoursSpecification" in place:
            return list(place["openingHoursSpecification"])
    return None


def test_search_engines_are_told_what_is_certain_and_no_more(site: Site) -> None:
    page = "/zones/ct-darien-parking-lot"
    assert described(zone_with(site, "sunrise-sunset").get(page)) is None, "never 07:00-19:00"
    assert described(zone_with(site, "Apr-Oct Mo-Fr 08:00-20:00").get(page)) is None
    by_appointment = described(zone_with(site, 'Mo-Fr 09:00-17:00 || "by appointment"').get(page)) or []
    assert {day["dayOfWeek"].rpartition("/")[2] for day in by_appointment} == {
        "Monday", "Tuesday", "Wednesday", "Thursday", "Friday",
    }  # fmt: skip
    night = described(zone_with(site, "Mo-Th 17:00-01:00, Fr-Su 17:00-03:00").get(page)) or []
    assert [(day["opens"], day["closes"]) for day in night] == [("17:00", "01:00")] * 4 + [("17:00", "03:00")] * 3


def test_by_appointment_is_unknown_in_badge_api_and_filter_alike(site: Site) -> None:
    client = zone_with(site, 'Mo-Fr 09:00-17:00 || "by appointment"')
    now = datetime.now(ZoneInfo("America/New_York"))
    saturday = (now + timedelta(days=12 - now.weekday())).replace(hour=12, minute=0)
    clock.run_ahead(saturday - now)
    near = "lat=41.0787&lon=-73.4693"
    card = client.get(f"/search?{near}").text.partition('data-zone="ct-darien-parking-lot"')[2].partition("</li>")[0]
    assert ">Not certain: by appointment<" in card
    found = client.get(f"/api/v1/nearest?{near}&limit=1").json["features"][0]
    assert (found["id"], found["properties"]["open"]) == ("ct-darien-parking-lot", "unknown")
    others = client.get(f"/api/v1/nearest?{near}&limit=50&open_at={saturday:%Y-%m-%dT%H:%M}").json["features"]
    assert others and "ct-darien-parking-lot" not in [item["id"] for item in others]
    zone = html.unescape(client.get("/zones/ct-darien-parking-lot").text)
    assert "At other times by appointment." in zone and ">by appointment<" in zone


def test_closed_on_holidays_stands_on_the_zones_page(site: Site) -> None:
    page = zone_with(site, "Mo-Fr 08:00-17:00; PH off").get("/zones/ct-darien-parking-lot").text
    assert "Closed on holidays." in page and "PH" not in re.sub(r"<[^>]+>", " ", page)


def form_of(site: Site) -> tuple[FlaskClient, str]:
    clerk = site.visitor()
    return clerk, clerk.post("/submit", data=WESTON).headers["Location"]


def test_a_form_asks_which_hours_are_meant_and_takes_the_answer(site: Site) -> None:
    clerk, form = form_of(site)
    asked = clerk.post(form, data={**ZONE, "hours_words": "8:00-5:00"})
    assert asked.status_code == 400
    page = html.unescape(html_of(asked))
    assert "Which hours are meant?" in page and "Does not name the days" in page
    readings = re.findall(r'name="hours_choice" value="([^"]+)"', page)
    assert readings == ["Mo-Fr 08:00-17:00", "Mo-Su 08:00-17:00", "not-stated"]
    assert "Monday – Friday 8 AM – 5 PM" in page
    kept = re.findall(r'action="(/submit/[^"]+/zones/\w+)"', page)[0]
    answer = {**ZONE, "hours_words": "8:00-5:00", "hours_asked": "8:00-5:00", "hours_choice": "Mo-Fr 08:00-17:00"}
    assert clerk.post(kept, data=answer).status_code == 302
    assert "Monday – Friday 8 AM – 5 PM" in html.unescape(clerk.get(form.removesuffix("/zones/new")).text)


def test_a_form_keeps_the_words_where_no_reading_is_right(site: Site) -> None:
    clerk, form = form_of(site)
    answer = {**ZONE, "hours_words": "Business hours", "hours_asked": "Business hours", "hours_choice": "not-stated"}
    draft = clerk.post(form, data=answer)
    assert draft.status_code == 302
    page = html.unescape(clerk.get(draft.headers["Location"]).text)
    assert "Hours not stated" in page and "Business hours" in page


def test_words_that_were_changed_after_the_question_are_read_anew(site: Site) -> None:
    clerk, form = form_of(site)
    answer = {**ZONE, "hours_words": "Sat 9-12", "hours_asked": "8:00-5:00", "hours_choice": "Mo-Fr 08:00-17:00"}
    draft = clerk.post(form, data=answer).headers["Location"]
    assert "Saturday 9 AM – 12 PM" in html.unescape(clerk.get(draft).text)


def test_a_spreadsheets_row_with_ambiguous_hours_leads_to_the_question_in_the_zones_form(site: Site) -> None:
    clerk, form = form_of(site)
    draft = form.removesuffix("/zones/new")
    table = "town,street_address,postal_code,setting,hours\nWeston,56 Norfield Road,06883,lobby,8:00-5:00\n"
    sent = {"file": (io.BytesIO(table.encode()), "zones.csv")}
    clerk.post(f"{draft}/sheet", data=sent, content_type="multipart/form-data")
    read = html.unescape(clerk.get(f"{draft}/sheet/read").text)
    assert "does not name the days" in read and "Mo-Fr 08:00-17:00" in read
    zone = re.findall(rf'href="({draft}/zones/[^"/]+)"', html.unescape(clerk.get(draft).text))[0]
    page = html.unescape(html_of(clerk.get(zone)))
    assert 'name="hours_choice" value="Mo-Su 08:00-17:00"' in page
    assert clerk.post(f"{draft}/send").status_code == 400, "not before it is answered"
    answer = {**ZONE, "hours_words": "8:00-5:00", "hours_asked": "8:00-5:00", "hours_choice": "Mo-Su 08:00-17:00"}
    assert clerk.post(zone, data=answer).status_code == 302
    assert "Monday – Sunday 8 AM – 5 PM" in html.unescape(clerk.get(draft).text)


@pytest.mark.parametrize("words", ["N/A", "TBD", "?", "none"])
def test_a_placeholder_in_a_form_means_that_nobody_knows(site: Site, words: str) -> None:
    clerk, form = form_of(site)
    draft = clerk.post(form, data={**ZONE, "hours_words": words})
    assert draft.status_code == 302
    assert "Hours not stated" in html.unescape(clerk.get(draft.headers["Location"]).text)


def test_hours_are_read_back_while_one_types(site: Site) -> None:
    def told(words: str) -> Any:
        return site.visitor().get("/submit/hours", query_string={"words": words}).json

    assert told("M-F 8-5, closed holidays") == {"words": "Monday – Friday 8 AM – 5 PM; closed on holidays"}
    asked = told("Lobby: M-F 8-4; Lot: 24/7")
    assert "each spot is a zone of its own" in asked["question"]
    assert [reading["words"] for reading in asked["readings"]] == ["Monday – Friday 8 AM – 4 PM", "Open at all hours"]
    assert told("N/A") == {"words": "Hours not stated"}
    assert "problem" in told("25:99-26")


def test_readiness_tells_the_versions_of_time_zones_and_holidays(site: Site) -> None:
    check = site.visitor().get("/readyz").json["checks"]["rule_tables"]
    assert check == {"status": "ok", "tzdata": version("tzdata"), "holidays": version("holidays")}


def test_rule_tables_older_than_a_year_are_a_warning_and_no_failure(site: Site) -> None:
    oldest = min(table.released for table in rule_tables() if table.released)
    clock.run_ahead(timedelta(days=(oldest - clock.today()).days + 366))
    with transaction(site.engine) as session:
        beat(session)
    ready = site.visitor().get("/readyz")
    assert ready.status_code == 200 and ready.json["status"] == "degraded"
    assert "older than a year" in ready.json["checks"]["rule_tables"]["problem"]


def test_the_release_dates_are_those_of_the_pinned_releases() -> None:
    pinned = dict(
        line.split("==") for line in (ROOT / "requirements.lock").read_text(encoding="utf-8").split() if "==" in line
    )
    for table in rule_tables():
        assert released(table.name, pinned[table.name]) is not None
        assert table.version == pinned[table.name], "another release: note its date in zones/hours/rule_tables.py"


def test_time_zones_come_with_the_project_and_not_from_the_host(tmp_path: Path) -> None:
    wrong = tmp_path / "America" / "New_York"
    wrong.parent.mkdir()
    zones = Path(__import__("tzdata").__file__).parent / "zoneinfo"
    wrong.write_bytes((zones / "Asia" / "Tokyo").read_bytes())
    program = (
        "import directory, datetime, zoneinfo;"
        "print(datetime.datetime(2026, 6, 1, tzinfo=zoneinfo.ZoneInfo('America/New_York')).utcoffset())"
    )
    run = subprocess.run(
        [sys.executable, "-c", program], env={"PYTHONTZPATH": str(tmp_path)}, capture_output=True, text=True, cwd=ROOT
    )
    assert run.stdout.strip() == "-1 day, 20:00:00", run.stderr

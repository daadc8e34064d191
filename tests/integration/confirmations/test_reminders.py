"""Freshness: asked twice a year, amber after 180 days, out of the nearest after 365, back with one button."""

import re
from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from directory import clock
from directory.confirmations.invitations import invitations
from directory.confirmations.reminders import AskedZones, remind
from directory.store.directory_reader import read_directory
from directory.zones.freshness import Age, age_on
from tests.support.days import set_ahead
from tests.support.site import SITE, Site, body, words_of

ZONE = "ct-darien-parking-lot"
NAME = "Internet Purchase Exchange Location"
TITLE = "Darien police · parking lot"


@pytest.fixture
def confirmed(site: Site) -> Site:
    """Darien's zone, confirmed today by its sergeant."""
    clerk = site.accepted_clerk()
    draft = clerk.post(f"/zones/{ZONE}/ours", data={"action": "confirm"}).headers["Location"]
    clerk.post(f"{draft}/send")
    return site


def asked(site: Site, days: int) -> AskedZones:
    set_ahead(days)
    return remind(site.context, read_directory(site.engine).zones, lambda _done: None)


def test_the_question_comes_at_150_and_170_days_once_each(confirmed: Site) -> None:
    sent = len(confirmed.mails("sergeant@darienct.gov"))
    for days, zones in ((149, 0), (150, 1), (150, 0), (160, 0), (170, 1), (171, 0), (400, 0)):
        assert asked(confirmed, days).zones == zones, days
    questions = confirmed.mails("sergeant@darienct.gov")[sent:]
    assert len(questions) == 2
    assert NAME in body(questions[0]) and "Yes, still correct" in body(questions[0])
    assert f"{SITE}/desk/ct/darien-police-department" in body(questions[0])


def test_a_late_start_asks_once_and_not_twice(confirmed: Site) -> None:
    assert asked(confirmed, 175).zones == 1
    assert asked(confirmed, 176).zones == 0


def test_the_button_confirms_and_opening_the_page_does_not(confirmed: Site) -> None:
    asked(confirmed, 150)
    link = confirmed.link("sergeant@darienct.gov", "/still-right/")
    page = confirmed.visitor().get(link).text
    assert NAME in page
    shown = {"shown": re.findall(r'name="shown" value="(\w+)"', page)[0]}
    day = "SELECT confirmed_on FROM zone WHERE zone_id = 'ct-darien-parking-lot'"
    before = confirmed.rows(day)[0][0]
    assert "confirmed as of today" in words_of(confirmed.visitor().post(link, data=shown))
    assert confirmed.rows(day)[0][0] == (date.fromisoformat(before) + timedelta(days=150)).isoformat()
    assert "not good any more" in words_of(confirmed.visitor().post(link, data=shown))
    assert asked(confirmed, 299).zones == 0
    assert asked(confirmed, 300).zones == 1


def test_silence_makes_an_entry_amber_then_leaves_it_out_of_the_nearest_and_a_word_brings_it_back(
    confirmed: Site,
) -> None:
    visitor = confirmed.visitor()
    for days, listed, caution in (
        (179, True, ""), (180, True, "over half a year ago"), (364, True, "over half a year ago"),
        (365, False, ""),
    ):  # fmt: skip
        set_ahead(days)
        page = words_of(visitor.get("/search?q=Darien,+CT&limit=3"))
        assert (TITLE in page) is listed, days
        assert caution in page
    page = words_of(visitor.get(f"/zones/{ZONE}"))
    assert "no longer among the nearest zones unless you ask for it" in page
    assert TITLE in words_of(visitor.get("/search?q=Darien,+CT&faded=1"))
    assert TITLE in words_of(visitor.get("/towns/ct/darien"))
    clerk = confirmed.signed_in("sergeant@darienct.gov")
    clerk.post("/desk/ct/darien-police-department/confirm", data={"zone": ZONE})
    assert TITLE in words_of(visitor.get("/search?q=Darien,+CT"))


def test_a_confirmation_bears_the_day_of_the_zones_own_clock(site: Site) -> None:
    evening = clock.now().replace(hour=1, minute=0) + timedelta(days=1)  # in Connecticut it is still the day before
    clock.run_ahead(evening - clock.now())
    clerk = site.accepted_clerk()
    clerk.post("/desk/ct/darien-police-department/confirm", data={"zone": ZONE})
    (row,) = site.rows(f"SELECT confirmed_on FROM zone WHERE zone_id = '{ZONE}'")
    assert row[0] == (evening - timedelta(days=1)).date().isoformat()


def test_entries_nobody_was_ever_asked_about_stay_and_say_so(site: Site) -> None:
    set_ahead(2000)
    page = words_of(site.visitor().get("/search?q=Darien,+CT"))
    assert TITLE in page and "never confirmed by the police" in page
    assert TITLE not in words_of(site.visitor().get("/search?q=Darien,+CT&confirmed=1"))


def test_a_department_cannot_confirm_what_is_not_its_own(confirmed: Site) -> None:
    clerk = confirmed.signed_in("sergeant@darienct.gov")
    clerk.post("/desk/ct/darien-police-department/confirm", data={"zone": [ZONE, "ct-wilton-parking-lot"]})
    assert confirmed.rows("SELECT confirmed_on FROM zone WHERE zone_id = 'ct-wilton-parking-lot'")[0][0] == ""


def test_the_freshness_page_counts_by_state(confirmed: Site) -> None:
    page = words_of(confirmed.visitor().get("/freshness"))
    assert re.search(r"\b1 of \d{3} zones", page) and "Connecticut" in page
    set_ahead(200)
    assert re.search(r"\b0 of \d{3} zones", words_of(confirmed.visitor().get("/freshness")))


def test_invitations_go_to_departments_that_nobody_looks_after(confirmed: Site) -> None:
    zones = [zone for zone in read_directory(confirmed.engine).zones if zone.state == "CT"]
    messages = {one.department: one.message for one in invitations(confirmed.context, zones, "en")}
    assert "ct/darien-police-department" not in messages
    assert f"{SITE}/zones/ct-wilton-parking-lot" in messages["ct/wilton-police-department"].text()


def test_mails_are_written_to_a_folder(site: Site, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from click.testing import CliRunner

    from directory.cli import main

    environment = {**site.environment, "SAFEZONES_BASE_URL": "https://zones.example"}
    output = tmp_path / "letters"
    done = CliRunner().invoke(main, ["invite", "--state", "ct", "--output", str(output)], env=environment)
    assert done.exit_code == 0, done.output
    text = (output / "ct-darien-police-department.txt").read_text()
    assert "https://zones.example/zones/ct-darien-parking-lot" in text
    assert (output / "ct-darien-police-department.eml").exists()
    refused = CliRunner().invoke(main, ["invite", "--state", "ct"], env=environment)
    assert refused.exit_code == 2 and "--output" in refused.output


@given(st.dates(date(2000, 1, 1), date(2100, 1, 1)), st.integers(0, 1000))
def test_ages_follow_each_other_in_order(confirmed_on: date, days: int) -> None:
    age = age_on(confirmed_on.isoformat(), confirmed_on + timedelta(days=days))
    assert age is (Age.FRESH if days < 180 else Age.OLD if days < 365 else Age.FADED)

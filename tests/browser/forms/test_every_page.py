"""Every page is opened, and every control on it has a test of its own: a form that nobody tried cannot slip in."""

import importlib
import inspect
import io
import re
from datetime import timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from directory import clock
from directory.db.tables.accounts import Staff
from directory.db.tables.contributions.data_cases import DataCaseKind
from directory.settings import Settings
from directory.store.data_cases import NewCase, note_cases
from quality.pages import PAGES
from tests.browser.forms.conftest import REGISTER, RunningSite, enter, registered, somebody
from tests.conftest import ROOT, Built
from tests.support.site import DARIEN, WESTON

MESSY = ROOT / "tests/cases/messy-upload.csv"
NO_PAGES = {
    "api",
    "features",
    "lookups",
    "meeting",
    "department_zones",
    "feeds",
    "map_data",
    "health",
    "oembed",
    "autocomplete",
    "static",
    "web_app",
}
"""Blueprints that answer programs, and have no page but the API's documentation."""
NO_FORMS = {"downloads.of_town", "downloads.of_state", "downloads.whole", "downloads.schema", "embedding.loader",
            "embedding.look", "town_statistics.table", "meetings.calendar", "meetings.qr", "photos.public",
            "places.scanned",
            "places.zone_qr", "posters.poster", "zone_editing.photo", "review.photo", "colleague_review.photo",
            "colleague_review.objection_photo", "submissions.confirm_photo", "staff_data.photo", "searching.suggest",
            "spreadsheet_upload.faulty", "spreadsheet_upload.template", "map_pictures.draw", "map_pictures.draw_all",
            "town_names.tile", "streets.basemap", "other_releases.file_of_another", "places.states"}  # fmt: skip
"""Files and pictures, and answers to scripts."""
BOTH = {"person", "staff", "sergeant"}
"""The fixtures that run a test with and without scripts."""
BEACONS = {"places.count_directions"}
"""What a script sends without anybody pressing a button of a form."""


def test_each_registered_test_exists_and_runs_where_the_register_says() -> None:
    paths = Path(__file__).parent.glob("test_*.py")
    modules = [importlib.import_module(f"tests.browser.forms.{path.stem}") for path in paths]
    for control, (name, scripts) in registered().items():
        test = next((found for module in modules if (found := getattr(module, name, None))), None)
        assert test is not None, f"{control}: there is no {name}"
        both = BOTH & set(inspect.signature(test).parameters)
        assert both or scripts == "only", f"{control}: {name} runs with scripts only"


def paths(site: RunningSite) -> tuple[list[str], list[str]]:
    """A page of each kind, for everybody and for an administrator; behind each form there is something to decide."""
    with site.prepared():
        clerk = site.visitor()
        draft = site.submit(clerk)
        clerk.post(f"{draft}/step", data={"step": "edit"})
        zone = re.findall(rf"{draft}/zones/([^/\"]+)", clerk.get(draft).text)[0]
        sheet = {"file": (io.BytesIO(MESSY.read_bytes()), "zones.csv")}
        clerk.post(f"{draft}/sheet", data=sheet, content_type="multipart/form-data")
        correct = clerk.post("/zones/ct-wilton-parking-lot/ours", data={"action": "correct"}).headers["Location"]
        asked = site.visitor().post(
            "/submit", data={**WESTON, "department": "Darien Police Department", "town": "Darien"}
        )
        lot = {"setting": "parking_lot", "street_address": "25 Hecker Avenue", "town": "Darien"}
        question = site.visitor().post(asked.headers["Location"], data=lot).headers["Location"]
        site.submit(site.visitor(), email="second@example.org")
        pending = site.link("second@example.org", "/submit/confirm/")
        item = re.findall(r"/submit/confirm/[^/\"]+/[^\"]+", site.visitor().get(pending).text)[0]
        site.submit(waiting := site.visitor(), email="third@example.org")
        waiting.post(site.link("third@example.org", "/submit/confirm/"))
        number = site.number()
        link = site.visitor().post("/meet/invite", data={"place": "06840"})
        invited = re.findall(r"/meet/with/[^\"]+", link.text)[0]
        both = site.visitor().post(invited, data={"place": "06820"}).headers["Location"]
        details = {"values": {"opening_hours": "24/7"}, "source": {"url": "https://county.example/list"}}
        found = NewCase(DataCaseKind.DISAGREEMENT, "ct-wilton-parking-lot", "opening_hours", details)
        with site.context.writing() as session:
            note_cases(session, "list", [found.zone_id], found.kind, [found])
        person = site.rows("SELECT person_id FROM submission WHERE id = :n", n=number)[0][0]
        soon = (clock.now() + timedelta(days=30)).date()
        when = {"date": str(soon), "time": "19:00", "make": "1"}
        card = site.visitor().get("/zones/ct-darien-parking-lot/meet", query_string=when).headers["Location"]
        sergeant = site.known("sergeant@darienct.gov", site.accepted_clerk)
        site_of = {"site": "ct-darien-parking-lot", "name": "Trade Spots", "seen": ""}
        sergeant.post(f"/desk/{DARIEN}/programs/new", data=site_of)
        sergeant.post("/towns/ct/darien/manage", data={"phone": "203-662-5300"})
        site.visitor().post("/zones/ct-darien-parking-lot/report", data={"kind": "hours", "text": "Noon."})
        site.visitor().post("/sign-in", data={"email": "sergeant@darienct.gov"})
    desk = f"/desk/{DARIEN}"
    everybody = [
        *PAGES, draft, f"{draft}/department", f"{draft}/zones/new", f"{draft}/zones/{zone}", correct,
        f"{draft}/zones/{zone}/preview", f"{draft}/sheet", f"{draft}/sheet/read",
        f"{draft}/sheet/columns", question, pending, item, "/objection/spent",
        "/still-right/spent", site.link("sergeant@darienct.gov", "/sign-in/"), "/embed", "/embed/ct",
        "/embed/ct/darien", "/zones/ct-darien-parking-lot/poster", "/search", "/meet/invite", invited, both, card,
    ]  # fmt: skip
    staff = [
        "/desk", "/desk/departments", desk, f"{desk}/people", f"{desk}/closures", f"{desk}/lists",
        f"{desk}/programs", f"{desk}/programs/new", f"{desk}/programs/ct-darien-police-department", f"{desk}/proof",
        "/desk/keys",
        "/sign-in/code", "/towns/ct/darien/manage", f"/desk/ct/weston-police-department/submissions/{number}",
        "/zones/ct-darien-parking-lot/versions", "/review", f"/review/{number}", "/review/reports", "/review/data",
        "/review/people",
        "/review/barred", "/review/domains",
        f"/review/people/{person}", f"/review/people/{person}/impostor", f"/review/departments/{DARIEN}",
        "/review/town-pages/1",
    ]  # fmt: skip
    return everybody, staff


@pytest.mark.browser
def test_every_page_has_only_controls_that_a_test_uses(browser: Browser, site: RunningSite) -> None:
    everybody, staff = paths(site)
    opened, strange = set(), []
    with somebody(browser, site) as person:
        for path in [*everybody, *staff]:
            if path == staff[0]:
                enter(
                    person,
                    site.known("head@example.org", lambda email: site.staff(email, Staff.ADMINISTRATOR)),
                )
            person.seen.clear()
            person.visit(path)
            person.look_around()
            strange += [f"{path}: {control}" for control in sorted(person.seen - set(registered()))]
            opened.add(person.endpoint(person.page.url, "GET"))
    assert not strange, f"no test is named in {REGISTER.name} for " + "; ".join(strange)
    routes = [rule for rule in site.app.url_map.iter_rules() if "GET" in (rule.methods or ())]
    pages = {rule.endpoint for rule in routes if rule.endpoint.split(".")[0] not in NO_PAGES} - NO_FORMS
    assert pages - opened == set(), "these pages are not opened here"


def test_every_form_that_the_site_takes_is_used_by_a_test(build_app: Built, real_settings: Settings) -> None:
    routes = build_app(real_settings).url_map.iter_rules()
    posts = {rule.endpoint for rule in routes if "POST" in (rule.methods or ())} - BEACONS
    used = {control.split(" ")[1].rstrip(":") for control in registered() if control.startswith("POST ")}
    assert posts == used

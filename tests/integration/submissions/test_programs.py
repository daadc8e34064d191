"""A department's program of many sites: one edit, one confirmation, one page."""

import re

from flask.testing import FlaskClient

from directory.store.directory_reader import read_directory
from directory.store.repository import StoredZone
from directory.zones.evidence.zone_evidence import evidence_of
from tests.support.site import Site, errors, words_of

DESK = "/desk/ct/darien-police-department/programs"
PROGRAM = "ct-darien-police-department"
PAGE = f"/programs/{PROGRAM}"


def zones(site: Site) -> list[StoredZone]:
    return [one for one in read_directory(site.engine).zones if one.department_slug == "ct/darien-police-department"]


def seen(clerk: FlaskClient, address: str) -> str:
    found = re.search(r'name="seen"[^>]*value="([^"]*)"', clerk.get(address).text)
    assert found
    return found[1]


def begin(site: Site, clerk: FlaskClient, **answers: str) -> None:
    form = {"name": "Darien Trade Spots", "opening_hours": "Mon-Fri 8am-4pm", "lighting": "yes", "seen": "", **answers}
    response = clerk.post(f"{DESK}/new", data={**form, "site": [zone.zone_id for zone in zones(site)]})
    assert response.status_code == 302, errors(response)


def test_a_program_says_once_what_holds_for_all_sites_and_each_page_shows_it(site: Site) -> None:
    clerk = site.accepted_clerk()
    before = {zone.zone_id: zone for zone in zones(site)}
    begin(site, clerk, footage_days="30")
    for zone in zones(site):
        assert zone.program == PROGRAM and zone.footage_days == 30
        stood = before[zone.zone_id].lighting
        assert zone.lighting == (stood if stood != "unknown" else "yes")
        page = words_of(site.visitor().get(f"/zones/{zone.zone_id}"))
        assert "Recordings are kept: 30 days" in page and "Program Darien Trade Spots" in page
        assert "One of many sites" not in page, "it is the only one"
    page = words_of(site.visitor().get(PAGE))
    assert "Darien Trade Spots" in page and "Days that recordings are kept 30" in page and "the department" in page
    assert page.count("Darien Police Department") >= len(before)
    listed = site.visitor().get("/api/v1/collections/zones/items", query_string={"program": PROGRAM}).get_json()
    assert {feature["id"] for feature in listed["features"]} == before.keys()
    assert f"<loc>http://localhost{PAGE}</loc>" in site.visitor().get("/sitemap.xml").text


def test_one_edit_changes_all_sites_and_one_confirmation_confirms_them(site: Site) -> None:
    clerk = site.accepted_clerk()
    begin(site, clerk)
    address = f"{DESK}/{PROGRAM}"
    form = {"name": "Darien Trade Spots", "step_free": "yes", "seen": seen(clerk, address)}
    assert clerk.post(address, data={**form, "site": [zone.zone_id for zone in zones(site)]}).status_code == 302
    assert {zone.step_free for zone in zones(site)} == {"yes"}
    assert clerk.post(f"{address}/confirm").status_code == 302
    assert all(zone.confirmed_on and zone.confirmed_by == "Darien Police Department" for zone in zones(site))
    page = words_of(site.visitor().get(f"/zones/{zones(site)[0].zone_id}"))
    assert "Confirmed by Darien Police Department " in page and "Darien Police Department Never" not in page, page
    log = site.rows("SELECT action, actor FROM change WHERE subject = :p ORDER BY id", p=PROGRAM)
    assert log == [("added", "sergeant@darienct.gov"), ("changed", "sergeant@darienct.gov"),
                   ("changed", "sergeant@darienct.gov")]  # fmt: skip


def test_what_the_department_says_for_all_sites_replaces_what_worse_sources_said_of_one(site: Site) -> None:
    (before,) = zones(site)
    assert (before.opening_hours, before.source_kind) == ("24/7", "news")
    clerk = site.accepted_clerk()
    begin(site, clerk)
    (zone,) = zones(site)
    assert zone.opening_hours == "Mo-Fr 08:00-16:00"
    assert evidence_of(zone)["opening_hours"].kind == "department"
    assert (zone.marked, zone.rules) == (before.marked, before.rules), "of these the program says nothing"
    form = {
        "name": "Spots",
        "opening_hours": "Mon-Fri 8am-4pm",
        "cameras": "no",
        "seen": seen(clerk, f"{DESK}/{PROGRAM}"),
    }
    assert clerk.post(f"{DESK}/{PROGRAM}", data={**form, "site": [zone.zone_id]}).status_code == 302
    (zone,) = zones(site)
    assert (zone.cameras, zone.cameras_around_the_clock) == ("no", "yes"), "only what was changed is said"
    assert zone.name == before.name, "a program of another name leaves its sites theirs"
    log = site.rows("SELECT subject FROM change WHERE actor = 'sergeant@darienct.gov' AND subject = :z", z=zone.zone_id)
    assert len(log) == 2, "its history has both"


def test_the_desk_names_the_sites_that_say_otherwise(site: Site) -> None:
    clerk = site.accepted_clerk()
    begin(site, clerk, rules="No weapons")
    listing = f"{DESK}?done=saved"
    assert "Saved. All sites show it now." in words_of(clerk.get(listing))
    (zone,) = zones(site)
    form = clerk.post(f"/zones/{zone.zone_id}/ours", data={"action": "correct"}).headers["Location"]
    draft = clerk.post(form, data={"hours_mode": "words", "hours_words": "Mon-Fri 9am-3pm"}).headers["Location"]
    clerk.post(f"{draft}/send")
    page = words_of(clerk.get(listing))
    assert "1 site says otherwise" in page and "Parking lot" in page and "Hours" in page and "Rules" not in page
    assert "All sites show it now" not in page and "Saved. The others show it now." in page


def test_a_zone_leaves_the_program_and_shares_nothing_any_more(site: Site) -> None:
    clerk = site.accepted_clerk()
    begin(site, clerk, emergency_phone="yes")
    address, (first, *others) = f"{DESK}/{PROGRAM}", zones(site)
    form = {"name": "Darien Trade Spots", "emergency_phone": "yes", "seen": seen(clerk, address)}
    clerk.post(address, data={**form, "site": [zone.zone_id for zone in others]})
    assert zones(site)[0].program == "" and zones(site)[0].emergency_phone == first.emergency_phone.UNKNOWN


def test_bad_answers_are_named_and_nothing_typed_is_lost(site: Site) -> None:
    clerk = site.accepted_clerk()
    response = clerk.post(f"{DESK}/new", data={"name": "", "footage_days": "many", "rules": "no cash", "seen": ""})
    assert response.status_code == 400 and len(errors(response)) == 2
    assert 'value="many"' in response.text and "no cash" in response.text
    assert not site.rows("SELECT 1 FROM program WHERE program_id = :p", p=PROGRAM)


def test_who_saves_an_older_form_is_told_so(site: Site) -> None:
    clerk = site.accepted_clerk()
    begin(site, clerk)
    form = {"name": "Another name", "lighting": "no", "seen": "0" * 16}
    response = clerk.post(f"{DESK}/{PROGRAM}", data=form)
    assert response.status_code == 409 and "has changed meanwhile" in words_of(response)
    assert "Another name" in response.text, "what was typed stays"


def test_a_telephone_that_readers_are_to_call_waits_for_somebody_else(site: Site) -> None:
    clerk = site.accepted_clerk()
    form = {"name": "Spots", "phone": "203-555-0177", "seen": "", "site": [zone.zone_id for zone in zones(site)]}
    response = clerk.post(f"{DESK}/new", data=form)
    assert response.status_code == 403 and "changes a telephone number" in words_of(response)
    assert not site.rows("SELECT 1 FROM program WHERE program_id = :p", p=PROGRAM)
    assert site.staff().post(f"{DESK}/new", data=form).status_code == 302


def test_only_people_of_the_department_and_moderators_change_a_program(site: Site) -> None:
    begin(site, site.accepted_clerk())
    stranger = site.accepted_clerk("chief@wiltonct.gov", "Wilton Police Department", "Wilton")
    for client in (stranger, site.visitor()):
        assert client.post(f"{DESK}/{PROGRAM}", data={"name": "Mine"}).status_code in (401, 403)
        assert client.post(f"{DESK}/{PROGRAM}/confirm").status_code in (401, 403)
    wilton = "/desk/ct/wilton-police-department/programs"
    assert stranger.get(f"{wilton}/{PROGRAM}").status_code == 404
    assert stranger.post(f"{wilton}/{PROGRAM}", data={"name": "Mine", "seen": ""}).status_code == 404
    assert stranger.post(f"{wilton}/{PROGRAM}/confirm").status_code in (403, 404)
    assert not zones(site)[0].confirmed_on


def test_a_site_of_another_department_cannot_be_named(site: Site) -> None:
    clerk = site.accepted_clerk()
    foreign = next(
        one for one in read_directory(site.engine).zones if one.department_slug != zones(site)[0].department_slug
    )
    clerk.post(f"{DESK}/new", data={"name": "Spots", "lighting": "yes", "seen": "", "site": [foreign.zone_id]})
    after = next(one for one in read_directory(site.engine).zones if one.zone_id == foreign.zone_id)
    assert after == foreign and site.visitor().get(PAGE).status_code == 404, "a program without sites has no page"


def test_the_zone_that_stood_for_a_whole_city_leads_to_its_program(site: Site) -> None:
    for zone_id, program in {
        "pa-philadelphia-zone": "pa-philadelphia-police-department", "oh-dayton-zone": "oh-dayton-police-department",
        "ca-fresno-parking-lot": "ca-fresno-police-department",
        "va-virginia-beach-lobby": "va-virginia-beach-police-department",
    }.items():  # fmt: skip
        response = site.visitor().get(f"/zones/{zone_id}")
        assert (response.status_code, response.headers["Location"]) == (301, f"/programs/{program}")
        assert site.visitor().get(response.headers["Location"]).status_code == 200
    new_york = read_directory(site.engine).programs["ny-new-york-city-police-department"].program_id
    one = next(zone for zone in read_directory(site.engine).zones if zone.program == new_york)
    assert "71 sites. What this page does not say" in words_of(site.visitor().get(f"/zones/{one.zone_id}"))
    page = words_of(site.visitor().get(f"/programs/{new_york}"))
    assert "Safe exchange zones of the New York City Police Department" in page and "71 sites" in page
    assert site.visitor().get("/programs/nobodys").status_code == 404


def test_the_preview_of_a_changed_site_shows_what_its_program_says(site: Site) -> None:
    clerk = site.accepted_clerk()
    begin(site, clerk, emergency_phone="yes")
    zone = zones(site)[0].zone_id
    form = clerk.post(f"/zones/{zone}/ours", data={"action": "correct"}).headers["Location"]
    clerk.post(form, data={"spot_note": "by the flag pole"})
    page = words_of(clerk.get(f"{form}/preview"))
    assert (
        "By the flag pole" in page and "Emergency phone" in page.partition("Not known:")[0] and "Trade Spots" in page
    ), page

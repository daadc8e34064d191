"""Closures at the department's desk: announced, changed, taken back, and shown everywhere."""

import json
import re
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import text

from tests.support.days import day_in_connecticut, set_ahead
from tests.support.site import DARIEN, Site, html_of, words_of

LOT = "ct-darien-parking-lot"


def days_ahead(days: int) -> str:
    return (day_in_connecticut() + timedelta(days=days)).isoformat()


def announced(day: str) -> str:
    at = date.fromisoformat(day)
    words = f"Closed on {at:%a, %b} {at.day}"
    return words if at.year == day_in_connecticut().year else f"{words}, {at.year}"


def announce(site: Site, client: Any, **form: Any) -> Any:
    return client.post(f"/desk/{DARIEN}/closures", data={"do": "add", "zone": [LOT], **form}, follow_redirects=True)


def test_a_closure_is_announced_everywhere_from_the_day_it_is_entered(site: Site) -> None:
    clerk, visitor, day = site.accepted_clerk(), site.visitor(), days_ahead(20)
    page = announce(site, clerk, closure_kind="days", closure_first=day, closure_note="paving")
    words = f"{announced(day)}: paving"
    assert words in words_of(page)
    for path in (
        f"/zones/{LOT}", "/towns/ct/darien", "/towns/ct/darien/feed.atom", "/towns/ct/feed.atom", "/embed/ct/darien",
        "/search?q=Darien,+CT", f"/zones/{LOT}/ours",
    ):  # fmt: skip
        assert words in words_of(visitor.get(path)), path
    assert words in words_of(clerk.get(f"/desk/{DARIEN}"))
    feature = visitor.get(f"/api/v1/collections/zones/items/{LOT}").get_json()
    assert feature["properties"]["closures"] == [{"from": day, "until": day, "note": "paving"}]
    for form in ("kml", "gpx", "csv"):
        assert f"{day}: paving" in visitor.get(f"/downloads/ct/darien/zones.{form}").text, form
    assert "Cerrado" in words_of(visitor.get(f"/zones/{LOT}?lang=es"))
    entry = site.rows("SELECT actor, reason FROM change WHERE subject = :z ORDER BY id DESC LIMIT 1", z=LOT)[0]
    assert entry == ("sergeant@darienct.gov", "closures")


def test_on_the_day_pages_search_api_map_and_machines_say_closed_and_afterwards_open(site: Site) -> None:
    announce(site, site.accepted_clerk(), closure_kind="days", closure_first=days_ahead(3), closure_note="paving")
    visitor = site.visitor()
    point = visitor.get(f"/api/v1/collections/zones/items/{LOT}").get_json()["geometry"]["coordinates"]
    for days, closed in ((0, False), (3, True), (5, False)):
        set_ahead(days)
        assert ("Closed for now" in visitor.get(f"/zones/{LOT}").text) is closed
        near = visitor.get(f"/api/v1/nearest?lat={point[1]}&lon={point[0]}&limit=1").get_json()["features"][0]
        assert near["id"] == LOT
        assert (near["properties"]["usable"], near["properties"]["open"]) == (not closed, "no" if closed else "yes")
        map_address = re.search(r'data-source="([^"]+)"', visitor.get("/towns/ct").text)
        assert map_address
        columns = visitor.get(map_address[1].replace("&amp;", "&")).get_json()
        assert (columns["kind"][columns["id"].index(LOT)] == 2) is closed


def test_search_engines_are_told_of_closed_days_and_of_no_hours_on_them(site: Site) -> None:
    announce(site, site.accepted_clerk(), closure_kind="days", closure_first=days_ahead(3), closure_last=days_ahead(4))
    found = re.search(r'ld\+json">(.+?)</script>', site.visitor().get(f"/zones/{LOT}").text)
    assert found
    special = json.loads(found[1])["specialOpeningHoursSpecification"]
    expected = {"@type": "OpeningHoursSpecification", "opens": "00:00", "closes": "00:00",
                "validFrom": days_ahead(3), "validThrough": days_ahead(4)}  # fmt: skip
    assert special == [expected]


@pytest.mark.parametrize(
    ("form", "words"),
    [
        ({"closure_kind": "weekly", "closure_Th": "1", "closure_note": "training"}, "Closed every Thursday: training"),
        ({"closure_kind": "weekly", "closure_Sa": "1", "closure_Su": "1"}, "Closed every Saturday and Sunday"),
        (
            {"closure_kind": "monthly", "closure_Mo": "1", "closure_which": "1"},
            "Closed on the first Monday of every month",
        ),
        ({"closure_kind": "yearly", "closure_first": "2026-12-25"}, "Closed every year on December 25"),
        (
            {"closure_kind": "yearly", "closure_first": "2026-12-24", "closure_last": "2027-01-02"},
            "Closed every year from December 24 to January 2",
        ),
        ({"closure_kind": "open", "closure_first": "2026-01-01"}, "Closed until further notice"),
        (
            {"closure_kind": "words", "closure_words": "Nov Th[4]: Thanksgiving"},
            "Closed every year on the fourth Thursday of November",
        ),
    ],
)
def test_the_form_takes_closures_that_repeat_and_shows_them_again_as_they_were_filled_in(
    site: Site, form: dict[str, str], words: str
) -> None:
    clerk = site.accepted_clerk()
    page = announce(site, clerk, **form)
    assert words in words_of(page)
    kind = form["closure_kind"]
    assert re.search(rf'checked id="c0_kind-\d" name="c0_kind" type="radio" value="{kind}"', page.text)


def test_a_closure_is_changed_and_removed_and_others_stay(site: Site) -> None:
    clerk, path = site.accepted_clerk(), f"/desk/{DARIEN}/closures"
    announce(site, clerk, closure_kind="weekly", closure_Th="1", closure_note="training")
    announce(site, clerk, closure_kind="yearly", closure_first="2026-12-25")
    change = {
        "do": "change",
        "key": "Th: training",
        "prefix": "c0_",
        "c0_kind": "weekly",
        "c0_We": "1",
        "c0_note": "drill",
    }
    page = words_of(clerk.post(path, data=change, follow_redirects=True))
    assert "Closed every Wednesday: drill" in page and "training" not in page and "December 25" in page
    page = words_of(clerk.post(path, data={"do": "remove", "key": "We: drill"}, follow_redirects=True))
    assert "drill" not in page and "December 25" in page
    assert clerk.post(path, data={"do": "remove", "key": "We: drill"}).status_code == 404


def test_a_holiday_is_announced_for_all_zones_of_a_department_at_once_and_confirms_nothing(site: Site) -> None:
    slug = "ct/new-canaan-police-department"
    clerk = site.accepted_clerk("sergeant@newcanaanct.gov", "New Canaan Police Department", "New Canaan")
    page = html_of(clerk.get(f"/desk/{slug}/closures"))
    chosen = re.findall(r'name="zone" value="([^"]+)" checked', page)
    assert len(chosen) > 1
    form = {"do": "add", "zone": chosen, "closure_kind": "yearly", "closure_first": "2026-12-25"}
    assert "All zones" in words_of(clerk.post(f"/desk/{slug}/closures", data=form, follow_redirects=True))
    for zone in chosen:
        assert "Closed every year on December 25" in words_of(site.visitor().get(f"/zones/{zone}"))
    assert site.rows("SELECT count(*) FROM zone WHERE confirmed_on <> ''") == [(0,)]


def test_only_the_departments_own_people_and_moderators_announce_closures(site: Site) -> None:
    form = {"do": "add", "zone": [LOT], "closure_kind": "open", "closure_first": days_ahead(1)}
    path = f"/desk/{DARIEN}/closures"
    assert site.visitor().post(path, data=form).status_code == 401
    assert site.signed_in_as_clerk().post(path, data=form).status_code == 403
    assert site.staff().post(path, data=form).status_code == 302
    assert "until further notice" in words_of(site.visitor().get(f"/zones/{LOT}"))


def test_a_note_that_leads_elsewhere_waits_for_somebody_else(site: Site) -> None:
    clerk = site.accepted_clerk()
    response = announce(site, clerk, closure_kind="weekly", closure_Th="1", closure_note="go to 99 Dark Alley")
    assert response.status_code == 403 and "another street address" in words_of(response)
    assert "Dark Alley" not in site.visitor().get(f"/zones/{LOT}").text


@pytest.mark.parametrize(
    "form",
    [{}, {"closure_kind": "days"}, {"closure_kind": "weekly"}, {"closure_kind": "words", "closure_words": "soon"},
     {"closure_kind": "days", "closure_first": "2026-12-07", "closure_last": "2026-12-04"},
     {"closure_kind": "days", "closure_first": "2026-12-07", "zone": []}],
)  # fmt: skip
def test_a_closure_that_is_not_filled_in_is_asked_about_and_nothing_typed_is_lost(
    site: Site, form: dict[str, Any]
) -> None:
    response = announce(site, site.accepted_clerk(), **{"closure_note": "my reason", **form})
    assert response.status_code == 400
    assert 'value="my reason"' in response.text and 'class="field-error"' in response.text


def test_the_form_of_a_zone_adds_and_removes_closures(site: Site) -> None:
    clerk = site.accepted_clerk()
    announce(site, clerk, closure_kind="weekly", closure_Th="1", closure_note="training")
    draft = clerk.post(f"/zones/{LOT}/ours", data={"action": "correct"}).headers["Location"]
    page = clerk.get(draft).text
    assert "Remove: Closed every Thursday: training" in page
    hidden = re.search(r'name="closures" type="hidden" value="([^"]*)"', page)
    assert hidden
    form = {"closures": hidden[1], "remove_closure_0": "1", "closure_kind": "yearly", "closure_first": "2026-12-25"}
    saved = clerk.post(draft.partition("#")[0], data=form)
    assert saved.status_code == 302
    clerk.post(f"{saved.headers['Location']}/send")
    page = words_of(site.visitor().get(f"/zones/{LOT}"))
    assert "Closed every year on December 25" in page and "training" not in page


def test_a_planned_zone_stays_planned_when_it_is_closed_and_when_its_closures_are_taken_back(site: Site) -> None:
    moderator = site.staff()
    with site.engine.begin() as connection:
        connection.execute(text("UPDATE zone SET status = 'planned' WHERE zone_id = :z"), {"z": LOT})
    announce(site, moderator, closure_kind="days", closure_first=days_ahead(2))
    moderator.post(f"/desk/{DARIEN}/closures", data={"do": "remove", "key": days_ahead(2)})
    assert site.rows("SELECT status, closures FROM zone WHERE zone_id = :z", z=LOT) == [("planned", "[]")]
    assert "Planned, not open yet" in site.visitor().get(f"/zones/{LOT}").text


def test_a_closure_of_a_file_of_an_earlier_release_can_be_taken_back_at_the_desk(site: Site) -> None:
    with site.engine.begin() as connection:
        change = "UPDATE zone SET status = 'temporarily_closed', status_until = '2099-01-31' WHERE zone_id = :z"
        connection.execute(text(change), {"z": LOT})
    moderator = site.staff()
    assert "Closed until Sat, Jan 31, 2099" in words_of(moderator.get(f"/desk/{DARIEN}/closures"))
    announce(site, moderator, closure_kind="weekly", closure_Th="1")
    assert site.rows("SELECT status FROM zone WHERE zone_id = :z", z=LOT) == [("temporarily_closed",)]
    moderator.post(f"/desk/{DARIEN}/closures", data={"do": "remove", "key": "/2099-01-31"})
    assert site.rows("SELECT status, status_until FROM zone WHERE zone_id = :z", z=LOT) == [("active", "")]


def test_opening_again_takes_back_what_closes_it_today_and_leaves_what_is_to_come(site: Site) -> None:
    today = datetime.now(ZoneInfo("America/New_York")).date()
    soon, yesterday, other_day = ((today + timedelta(days=days)) for days in (5, -1, 2))
    weekday = ("Mo", "Tu", "We", "Th", "Fr", "Sa", "Su")[other_day.weekday()]
    coming = [
        {"from": soon.isoformat(), "until": soon.isoformat(), "note": "paving"},
        {"repeat": weekday, "note": "training"},
        {"repeat": f"{other_day:%b %d}", "note": "holiday"},
        {"from": soon.isoformat(), "note": "rebuilt"},
    ]
    ending = [
        {"from": yesterday.isoformat(), "note": "flood"},
        {"from": yesterday.isoformat(), "until": soon.isoformat(), "note": "strike"},
    ]
    over = [{"from": "2020-01-01", "until": "2020-01-02", "note": "long ago"}]
    with site.engine.begin() as connection:
        values = {"c": json.dumps([*over, *coming, *ending]), "z": LOT}
        connection.execute(text("UPDATE zone SET closures = :c WHERE zone_id = :z"), values)
    site.services.snapshot_cache.invalidate()
    clerk = site.accepted_clerk()
    page = words_of(clerk.get(f"/zones/{LOT}/ours"))
    taken, stays = page.index("Taken back by “Open it again”"), page.index("These stay announced")
    assert all(taken < page.index(note) < stays for note in ("flood", "strike"))
    assert all(page.index(note) > stays for note in ("paving", "training", "holiday", "rebuilt"))
    draft = clerk.post(f"/zones/{LOT}/ours", data={"action": "reopen"}).headers["Location"]
    clerk.post(f"{draft}/send")
    assert json.loads(site.rows("SELECT closures FROM zone WHERE zone_id = :z", z=LOT)[0][0]) == [*over, *coming]
    page = words_of(clerk.get(f"/zones/{LOT}/ours"))
    assert "Open it again" not in page and "training" in page
    refused = clerk.post(f"/zones/{LOT}/ours", data={"action": "reopen"})
    assert refused.status_code == 400 and "Nothing closes it today" in words_of(refused)


def test_a_status_that_closes_a_zone_only_later_is_not_ended_by_opening_it_today(site: Site) -> None:
    change = "UPDATE zone SET status = 'temporarily_closed', status_from = :d, closures = '[]' WHERE zone_id = :z"
    clerk = site.accepted_clerk()
    for day, refused in ((days_ahead(3), True), (days_ahead(-3), False)):
        with site.engine.begin() as connection:
            connection.execute(text(change), {"d": day, "z": LOT})
        site.services.snapshot_cache.invalidate()
        answer = clerk.post(f"/zones/{LOT}/ours", data={"action": "reopen"})
        assert (answer.status_code == 400) is refused, day
    clerk.post(f"{answer.headers['Location']}/send")
    assert site.rows("SELECT status, status_from FROM zone WHERE zone_id = :z", z=LOT) == [("active", "")]

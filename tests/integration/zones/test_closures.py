"""Closures and moves, judged in the zone's own day: once, repeated, several at once, for whole departments."""

import json
import re
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine, text

from directory.db.engine import open_database
from directory.db.schema import migrate
from directory.formats.export import pieces
from directory.geo import Coordinates
from directory.geocoding.factory import build_chain
from directory.search.filters import Filters
from directory.search.results import SearchHit
from directory.search.service import SearchService
from directory.search.snapshots.snapshot_cache import SnapshotCache
from directory.settings import Settings
from directory.signing_keys import SigningKeys
from directory.store.importing.import_report import ImportReport
from directory.store.loader import read_directory
from directory.store.repository import StoredAnswers, StoredRateLimits
from directory.zones.closures import closure, covers, to_text
from directory.zones.findings import FieldError
from directory.zones.hours import Openness
from directory.zones.parsing.parsers import PARSERS
from directory.zones.schemas import Status
from tests.integration.db.test_migrations import RELEASES, filled
from tests.support.days import day_in_connecticut, set_ahead
from tests.support.site import DARIEN, Site, html_of, words_of

Import = Callable[..., ImportReport]
CENTRAL = ZoneInfo("America/Chicago")
HERE = Coordinates(30.2672, -97.7431)
LOT = "ct-darien-parking-lot"
FRIDAY = {"from": "2026-12-04", "until": "2026-12-04", "note": "paving"}


def austin(**facts: Any) -> str:
    """A zone in Austin, Texas, where the day ends six hours after it ends in UTC."""
    properties = {"department": "Austin PD", "town": "Austin", "state": "TX", "spot_note": "bay", **facts}
    geometry = {"type": "Point", "coordinates": [HERE.longitude, HERE.latitude]}
    feature = {"type": "Feature", "id": "austin", "geometry": geometry, "properties": properties}
    return json.dumps({"type": "FeatureCollection", "features": [feature]})


@pytest.fixture
def seen(engine: Engine, tmp_path: Path, load: Import) -> Callable[..., SearchHit]:
    """The zone in Austin with these facts, as it stands at a time there."""

    def look(when: datetime, filters: Filters | None = None, **facts: Any) -> SearchHit:
        report = load("z.json", austin(**facts))
        assert report.refused == 0, report
        chain = build_chain(
            Settings(data_dir=tmp_path, geocoders=()),
            StoredAnswers(engine, SigningKeys.of("secret")),
            StoredRateLimits(engine),
        )
        search_service = SearchService(chain, SnapshotCache(engine), clock=lambda: when)
        return search_service.around(HERE, filters or Filters(planned=True, faded=True)).hits[0]

    return look


@pytest.mark.parametrize(
    ("when", "closed"),
    [
        (datetime(2026, 12, 3, 23, 30, tzinfo=CENTRAL), False),  # Thursday night, when it is Friday in UTC
        (datetime(2026, 12, 4, 0, 30, tzinfo=CENTRAL), True),
        (datetime(2026, 12, 4, 23, 30, tzinfo=CENTRAL), True),  # Friday evening, when it is Saturday in UTC
        (datetime(2026, 12, 5, 0, 30, tzinfo=CENTRAL), False),
    ],
)
@pytest.mark.parametrize(
    "facts",
    [
        {"closures": [FRIDAY]},
        {"status": "temporarily_closed", "status_from": "2026-12-04", "status_until": "2026-12-04"},
    ],
    ids=["listed", "as in files of earlier releases"],
)
def test_a_friday_closure_holds_on_the_friday_of_the_zone(
    seen: Callable[..., SearchHit], facts: dict[str, Any], when: datetime, closed: bool
) -> None:
    found = seen(when.astimezone(UTC), opening_hours="24/7", **facts)
    assert (found.status, found.usable) == ((Status.TEMPORARILY_CLOSED, False) if closed else (Status.ACTIVE, True))
    assert found.open_state.openness is (Openness.CLOSED if closed else Openness.OPEN)


def test_open_at_asks_for_the_day_of_the_zone_and_of_a_naive_time(seen: Callable[..., SearchHit]) -> None:
    now = datetime(2026, 11, 30, 17, 0, tzinfo=UTC)
    for at in (datetime(2026, 12, 4, 12, 0), datetime(2026, 12, 5, 5, 0, tzinfo=UTC)):
        with pytest.raises(IndexError):
            seen(now, Filters(open_at=at), opening_hours="24/7", closures=[FRIDAY])
    assert seen(now, Filters(open_at=datetime(2026, 12, 5, 12, 0)), opening_hours="24/7", closures=[FRIDAY]).usable


def test_what_is_open_says_when_the_closure_begins_and_what_is_closed_when_the_hours_begin_again(
    seen: Callable[..., SearchHit],
) -> None:
    thursday = datetime(2026, 12, 3, 12, 0, tzinfo=CENTRAL)
    until = seen(thursday, opening_hours="24/7", closures=[FRIDAY]).open_state.changes_at
    assert until == datetime(2026, 12, 4, 0, 0, tzinfo=CENTRAL)
    evening = datetime(2026, 12, 3, 20, 0, tzinfo=CENTRAL)
    opens = seen(evening, opening_hours="Mo-Fr 08:00-17:00", closures=[FRIDAY]).open_state
    assert opens.openness is Openness.CLOSED
    assert opens.changes_at == datetime(2026, 12, 7, 8, 0, tzinfo=CENTRAL), "not on the closed Friday"
    for_good = seen(evening, opening_hours="24/7", closures=[{"from": "2026-12-01"}]).open_state
    assert (for_good.openness, for_good.changes_at) == (Openness.CLOSED, None)


@pytest.mark.parametrize(
    ("when", "openness", "changes_at"),
    [
        ((3, 23, 0), Openness.OPEN, (4, 0)),  # Thursday evening, until the closed Friday begins
        ((4, 0, 30), Openness.CLOSED, (5, 18)),
        ((4, 20, 0), Openness.CLOSED, (5, 18)),
        ((5, 0, 30), Openness.CLOSED, (5, 18)),  # Friday evening never opened
        ((5, 12, 0), Openness.CLOSED, (5, 18)),
        ((6, 0, 30), Openness.OPEN, (6, 2)),
    ],
)
def test_the_night_of_a_closed_day_is_closed_as_well(
    seen: Callable[..., SearchHit], when: tuple[int, int, int], openness: Openness, changes_at: tuple[int, int]
) -> None:
    day, hour, minute = when
    asked = datetime(2026, 12, day, hour, minute, tzinfo=CENTRAL)
    state = seen(asked, opening_hours="Mo-Su 18:00-02:00", closures=[FRIDAY]).open_state
    day, hour = changes_at
    assert (state.openness, state.changes_at) == (openness, datetime(2026, 12, day, hour, tzinfo=CENTRAL))


def test_what_depends_on_something_at_other_times_still_does_in_the_night_of_a_closed_day(
    seen: Callable[..., SearchHit],
) -> None:
    hours = 'Mo-Su 18:00-02:00 || "by appointment"'
    night = seen(datetime(2026, 12, 5, 0, 30, tzinfo=CENTRAL), opening_hours=hours, closures=[FRIDAY]).open_state
    assert (night.openness, night.note) == (Openness.UNKNOWN, "by appointment")


@pytest.mark.parametrize("status", ["planned", "moved"])
def test_a_planned_or_moved_zone_becomes_nothing_else_by_a_closure(seen: Callable[..., SearchHit], status: str) -> None:
    for day in (3, 4, 5):
        found = seen(
            datetime(2026, 12, day, 12, tzinfo=CENTRAL), status=status, opening_hours="24/7", closures=[FRIDAY]
        )
        assert found.status == status and not found.usable
        assert found.open_state.openness is Openness.UNKNOWN, "its hours were stated for a place in use"


def test_a_move_begins_on_its_day_of_the_zone(seen: Callable[..., SearchHit]) -> None:
    facts = {"status": "moved", "status_from": "2026-12-04"}
    assert seen(datetime(2026, 12, 3, 23, 30, tzinfo=CENTRAL), **facts).usable
    assert seen(datetime(2026, 12, 4, 0, 30, tzinfo=CENTRAL), **facts).status is Status.MOVED


@pytest.mark.parametrize(
    ("one", "closed", "open_days"),
    [
        ("Th", ["2026-12-03", "2027-01-07"], ["2026-12-04"]),
        ("Th 2026-12-10/2026-12-24", ["2026-12-10", "2026-12-24"], ["2026-12-03", "2026-12-31"]),
        ("Fr-Mo", ["2026-12-04", "2026-12-06", "2026-12-07"], ["2026-12-08"]),
        ("Mo[1]", ["2026-12-07"], ["2026-12-14"]),
        ("Mo[-1]", ["2026-12-28", "2026-11-30"], ["2026-12-21"]),
        ("Nov Th[4]", ["2026-11-26", "2027-11-25"], ["2026-12-24"]),
        ("Dec 25", ["2026-12-25", "2040-12-25"], ["2026-12-24"]),
        ("Dec 24-Jan 02", ["2026-12-24", "2026-12-31", "2027-01-02"], ["2027-01-03", "2026-12-23"]),
        ("2026-12", ["2026-12-01", "2026-12-31"], ["2026-11-30", "2027-01-01"]),
        ("/2026-12-04", ["2020-01-01", "2026-12-04"], ["2026-12-05"]),
        ("2026-12-04/", ["2026-12-04", "2099-01-01"], ["2026-12-03"]),
        ("every Thursday", ["2026-12-03"], ["2026-12-04"]),
        ("December 25", ["2027-12-25"], ["2027-12-26"]),
        ("12/4/2026", ["2026-12-04"], ["2026-12-05"]),
        ("December 4, 2026 to December 7, 2026", ["2026-12-07"], ["2026-12-08"]),
    ],
)
def test_a_closure_is_read_as_people_write_it(one: str, closed: list[str], open_days: list[str]) -> None:
    (read,) = PARSERS["closures"](f"{one}: a note").value
    assert read["note"] == "a note"
    assert all(covers(read, date.fromisoformat(day)) for day in closed)
    assert not any(covers(read, date.fromisoformat(day)) for day in open_days)


@pytest.mark.parametrize("words", ["sometimes", "2026-12-07/2026-12-04", "Jun 31", "Th[6]", "2026-02-30", ": a note"])
def test_a_closure_that_cannot_be_read_is_asked_about(words: str) -> None:
    with pytest.raises(FieldError):
        PARSERS["closures"](words)


DAYS = st.dates(date(2026, 1, 1), date(2028, 12, 31)).map(date.isoformat)
REPEATS = st.sampled_from(["Th", "Sa,Su", "Mo-Fr", "Mo[1]", "Fr[-1]", "Nov Th[4]", "Dec 25", "Dec 24-Jan 02"])
NOTES = st.text(st.characters(exclude_categories=("Cc", "Cs", "Cf", "Zl", "Zp")), max_size=40)


@st.composite
def closures(draw: st.DrawFn) -> dict[str, str]:
    first, last = draw(st.one_of(st.just(""), DAYS)), draw(st.one_of(st.just(""), DAYS))
    if first and last and last < first:
        first, last = last, first
    repeat = draw(REPEATS) if not (first or last) else draw(st.one_of(st.just(""), REPEATS))
    return closure(first, last, repeat, draw(NOTES))


@settings(max_examples=200, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(closures(), max_size=5, unique_by=to_text))
def test_closures_come_back_from_their_text_as_they_were(listed: list[dict[str, str]]) -> None:
    for separator in ("; ", "\n"):
        assert PARSERS["closures"](separator.join(map(to_text, listed))).value == listed


@pytest.mark.parametrize("form", ["geojson", "csv"])
def test_files_keep_closures_to_the_letter(engine: Engine, load: Import, form: Any) -> None:
    listed = [FRIDAY, {"repeat": "Dec 25", "note": "Christmas: closed, too"}, {"from": "2027-01", "repeat": "Th"}]
    load("z.json", austin(closures=listed))

    def exported() -> str:
        found = read_directory(engine)
        written = pieces(form, found.zones, [*found.departments.values()], [*found.towns.values()])
        return b"".join(written).decode()

    before = exported()
    assert list(read_directory(engine).zones[0].closures) == listed
    report = load(f"again.{form}", before)
    assert (report.refused, report.changed, report.unchanged) == (0, 0, 1)
    assert exported() == before


def test_a_dated_closure_of_an_earlier_release_becomes_a_closure_and_an_undated_one_stays(database_url: str) -> None:
    engine = open_database(database_url)
    filled(engine, RELEASES[4])
    with engine.begin() as connection:
        ids = connection.execute(text("SELECT zone_id FROM zone ORDER BY zone_id LIMIT 2")).scalars().all()
        change = (
            "UPDATE zone SET status = 'temporarily_closed', status_from = :f, status_note = 'paving' WHERE zone_id = :z"
        )
        connection.execute(text(change), {"f": "2026-12-04", "z": ids[0]})
        connection.execute(text(change), {"f": "", "z": ids[1]})
    migrate(engine)
    zones = {zone.zone_id: zone for zone in read_directory(engine).zones}
    assert list(zones[ids[0]].closures) == [{"from": "2026-12-04", "note": "paving"}]
    assert (zones[ids[0]].status, zones[ids[0]].status_from) == (Status.ACTIVE, "")
    assert (zones[ids[1]].status, list(zones[ids[1]].closures)) == (Status.TEMPORARILY_CLOSED, [])
    engine.dispose()


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
        assert "Closed every year on December 25" in words_of(site.visitor().get(f"/zones/{zone}")) or (
            "moved" in site.rows("SELECT status FROM zone WHERE zone_id = :z", z=zone)[0]
        )
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

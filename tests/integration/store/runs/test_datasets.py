"""Releases of a dataset beside what people here say: evidence decides, and nothing is decided twice."""

import json
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from directory.geocoding.gazetteer import Gazetteer
from directory.store.directory_reader import read_directory
from directory.store.importing.import_options import ImportOptions
from directory.store.importing.import_report import ImportReport
from directory.store.importing.importer import import_file
from directory.store.importing.missing_zones import TooManyRetiredError
from directory.store.repository import StoredZone
from directory.store.runs.datasets import newer_release, release_of
from tests.support.site import Site, words_of

DARIEN_LOT = "ct-darien-parking-lot"
DATASET = "county-list"
NINE_TO_THREE = {"hours_mode": "words", "hours_words": "Mon-Fri 9am-3pm"}


def feature(town: str, **properties: Any) -> dict[str, Any]:
    """A zone of the county's list."""
    stated = {"name": "Lobby", "department": f"{town} Police Department", "town": town, "state": "CT", "country": "US",
              "setting": "lobby", "location_source": "address", "source_url": f"https://county.example/{town}",
              "source_kind": "official", "source_date": "2026-01-05"}  # fmt: skip
    identity = f"ct-{town.lower()}-county"
    point = {"type": "Point", "coordinates": [-73.4, 41.1]}
    return {"type": "Feature", "id": identity, "geometry": point, "properties": {**stated, **properties}}


TOWNS = ("Darien", "Wilton", "Weston", "Easton", "Ridgefield")


class County:
    """The county's dataset, released again and again."""

    def __init__(self, site: Site, gazetteer: Gazetteer, folder: Path) -> None:
        self.site, self._gazetteer, self._path = site, gazetteer, folder / "county.geojson"
        self.features = {name: feature(name) for name in TOWNS}
        self.departments: list[dict[str, Any]] = []

    def release(self, date: str = "2026-02-01", *, dataset: str = DATASET, **options: Any) -> ImportReport:
        content = {"type": "FeatureCollection", "dataset": dataset, "released": date,
                   "departments": self.departments, "features": list(self.features.values())}  # fmt: skip
        self._path.write_text(json.dumps({name: value for name, value in content.items() if value}))
        given = ImportOptions(**{"prune": True, "actor": "update of data", **options})
        report = import_file(self.site.engine, self._path, self._gazetteer, given)
        self.site.services.snapshot_cache.invalidate()
        return report

    def zone(self, name: str) -> StoredZone:
        zones = {zone.zone_id: zone for zone in read_directory(self.site.engine).zones}
        return zones[f"ct-{name.lower()}-county"]


@pytest.fixture
def county(site: Site, gazetteer: Gazetteer, tmp_path: Path) -> County:
    made = County(site, gazetteer, tmp_path)
    made.release("2026-01-01")
    return made


def cases(site: Site, kind: str = "disagreement") -> list[tuple[str, str, str]]:
    rows = site.rows("SELECT zone_id, subject, state FROM data_case WHERE kind = :k ORDER BY zone_id, subject", k=kind)
    return [(zone_id, subject, state) for zone_id, subject, state in rows]


def edit(site: Site, zone_id: str, **answers: str) -> None:
    """The department changes its zone on the form, at once."""
    clerk = site.accepted_clerk()
    form = clerk.post(f"/zones/{zone_id}/ours", data={"action": "correct"}).headers["Location"]
    draft = clerk.post(form, data=answers).headers["Location"]
    clerk.post(f"{draft}/send")
    if site.state() != "approved":
        assert site.decide(site.staff(), "approve").status_code == 302


def withdraw(site: Site, zone_id: str) -> None:
    """The department withdraws its zone, and a moderator approves."""
    clerk = site.accepted_clerk()
    note = {"action": "withdraw", "note": "The lot is a building site."}
    draft = clerk.post(f"/zones/{zone_id}/ours", data=note).headers["Location"]
    clerk.post(f"{draft}/send")
    if site.state() != "approved":
        assert site.decide(site.staff(), "approve").status_code == 302


def test_a_release_again_changes_nothing(county: County) -> None:
    report = county.release("2026-03-01")
    assert (report.added, report.changed, report.unchanged, report.retired, report.cases) == (0, 0, 5, 0, 0)
    assert release_of(county.site.engine, DATASET) == "2026-03-01"


def test_pruning_withdraws_zones_of_the_same_dataset_alone(county: County) -> None:
    del county.features["Easton"]
    report = county.release()
    assert report.retired == 1 and county.zone("Easton").status == "withdrawn"
    others = [zone for zone in read_directory(county.site.engine).zones if not zone.zone_id.endswith("-county")]
    assert len(others) > 10 and all(zone.status != "withdrawn" for zone in others if zone.zone_id == DARIEN_LOT)


def test_many_missing_zones_of_the_dataset_are_asked_about(county: County) -> None:
    for name in TOWNS[1:]:
        del county.features[name]
    with pytest.raises(TooManyRetiredError, match="4 of 5"):
        county.release()


def test_a_dry_run_names_every_zone_and_field_that_would_change(county: County) -> None:
    county.features["Wilton"]["properties"] |= {"lighting": "yes", "opening_hours": "24/7"}
    report = county.release(dry_run=True)
    changes = {(zone, name): (old, new) for zone, name, old, new in report.changes}
    assert changes == {
        ("ct-wilton-county", "lighting"): ("unknown", "yes"),
        ("ct-wilton-county", "opening_hours"): ("", "24/7"),
    }
    assert county.zone("Wilton").opening_hours == "" and release_of(county.site.engine, DATASET) == "2026-01-01"
    assert report.to_json()["changes"][0].keys() == {"zone_id", "field", "old", "new"}


def test_a_dry_run_names_zones_that_would_come_and_go(county: County) -> None:
    county.features["Redding"] = feature("Redding")
    del county.features["Easton"]
    report = county.release(dry_run=True)
    assert report.changes == [
        ("ct-redding-county", "status", None, "active"), ("ct-easton-county", "status", "active", "withdrawn"),
    ]  # fmt: skip
    assert county.zone("Easton").status == "active"


def test_the_file_that_is_newer_than_what_was_taken_in_is_told(county: County, tmp_path: Path) -> None:
    path = tmp_path / "county.geojson"
    assert newer_release(county.site.engine, path) == ""
    county.release("2026-05-01", dry_run=True)
    assert newer_release(county.site.engine, path) == "2026-05-01"


def test_what_the_department_says_survives_ten_releases_and_each_disagreement_is_on_the_desk_once(
    county: County,
) -> None:
    site = county.site
    edit(site, "ct-darien-county", **NINE_TO_THREE)
    withdraw(site, DARIEN_LOT)
    own = site.rows("SELECT count(*) FROM zone")[0][0]
    with site.engine.begin() as connection:  # the lot is the county's too
        connection.execute(text("UPDATE zone SET dataset = :d WHERE zone_id = :z"), {"d": DATASET, "z": DARIEN_LOT})
    lot = feature("Darien", name="Lot", setting="parking_lot")
    county.features["lot"] = {**lot, "id": DARIEN_LOT}
    for month in range(1, 11):
        hours = "24/7" if month < 5 else "Mo-Su 06:00-22:00"
        county.features["Darien"]["properties"] |= {"opening_hours": hours, "lighting": "yes" if month % 2 else "no"}
        county.features["Wilton"]["properties"]["spaces"] = month
        county.release(f"2027-{month:02}-01")
        assert county.zone("Darien").opening_hours == "Mo-Fr 09:00-15:00"
        assert county.zone("Wilton").spaces == month
    status = site.rows(f"SELECT status FROM zone WHERE zone_id = '{DARIEN_LOT}'")
    assert status == [("withdrawn",)]
    assert site.rows("SELECT count(*) FROM zone")[0][0] == own
    open_now = [(zone, fact) for zone, fact, state in cases(site) if state == "open"]
    assert open_now.count(("ct-darien-county", "opening_hours")) == 1
    assert open_now.count((DARIEN_LOT, "status")) == 1
    assert len(open_now) == len(set(open_now))


def test_a_moderator_takes_one_side_and_the_case_stays_closed(county: County) -> None:
    site = county.site
    edit(site, "ct-darien-county", **NINE_TO_THREE)
    county.features["Darien"]["properties"]["opening_hours"] = "24/7"
    county.release("2027-01-01")
    moderator = site.staff()
    page = words_of(moderator.get("/review/data"))
    assert "Two sources disagree: Hours" in page and "county.example" in page and "the department" in page
    number = site.rows("SELECT id FROM data_case WHERE state = 'open' AND kind = 'disagreement'")[0][0]
    assert moderator.post(f"/review/data/{number}", data={"decision": "keep"}).status_code == 302
    county.release("2027-02-01")
    assert cases(site) == [("ct-darien-county", "opening_hours", "kept")]
    county.features["Darien"]["properties"]["opening_hours"] = "Mo-Sa 06:00-22:00"
    county.release("2027-03-01")
    assert cases(site) == [("ct-darien-county", "opening_hours", "open")], "it is news"
    assert moderator.post(f"/review/data/{number}", data={"decision": "take"}).status_code == 302
    assert county.zone("Darien").opening_hours == "Mo-Sa 06:00-22:00"
    assert moderator.post(f"/review/data/{number}", data={"decision": "take"}).status_code == 409
    county.release("2027-04-01")
    assert cases(site) == [("ct-darien-county", "opening_hours", "taken")]


def test_a_source_that_was_read_again_asks_nobody_again_and_what_was_taken_and_given_up_does(county: County) -> None:
    site, darien = county.site, county.features["Darien"]["properties"]
    edit(site, "ct-darien-county", **NINE_TO_THREE)
    darien |= {"opening_hours": "24/7", "source_seen": "2026-01-10"}
    county.release()
    number = site.rows("SELECT id FROM data_case WHERE state = 'open' AND kind = 'disagreement'")[0][0]
    moderator = site.staff()
    moderator.post(f"/review/data/{number}", data={"decision": "keep"})
    darien["source_seen"] = "2026-01-20"
    assert county.release().cases == 0
    assert cases(site) == [("ct-darien-county", "opening_hours", "kept")]
    darien["source_date"] = "2026-01-25"
    assert county.release().cases == 1, "the same, said anew"
    moderator.post(f"/review/data/{number}", data={"decision": "take"})
    edit(site, "ct-darien-county", **NINE_TO_THREE)
    county.release()
    assert cases(site) == [("ct-darien-county", "opening_hours", "open")], "what was taken stands no more"


def test_what_was_kept_can_be_asked_again_at_once(county: County) -> None:
    site = county.site
    edit(site, "ct-darien-county", **NINE_TO_THREE)
    county.features["Darien"]["properties"]["opening_hours"] = "24/7"
    county.release()
    number = site.rows("SELECT id FROM data_case WHERE state = 'open' AND kind = 'disagreement'")[0][0]
    moderator, case = site.staff(), f"/review/data/{number}"
    assert 'href="https://county.example/Darien"' in moderator.get("/review/data").text, (
        "what is to be compared is a tap away"
    )
    assert moderator.post(case, data={"decision": "reopen"}).status_code == 409, "nobody decided it"
    after = moderator.post(case, data={"decision": "keep"}).headers["Location"]
    assert "Undo" in words_of(moderator.get(after))
    assert moderator.post(case, data={"decision": "reopen"}).status_code == 302
    assert cases(site) == [("ct-darien-county", "opening_hours", "open")]
    after = moderator.post(case, data={"decision": "take"}).headers["Location"]
    page = words_of(moderator.get(after))
    assert "Undo" not in page and "Earlier versions" in page, "it is published: an earlier version brings it back"
    assert moderator.post(case, data={"decision": "reopen"}).status_code == 409
    for number in ("9" * 30, "x", "-1"):
        assert moderator.get(f"/review/data?after={number}&decided={number}").status_code == 200


def test_a_disagreement_that_is_over_is_settled(county: County) -> None:
    edit(county.site, "ct-darien-county", **NINE_TO_THREE)
    for hours, state in (("24/7", "open"), ("Mo-Fr 09:00-15:00", "settled"), ("24/7", "open")):
        county.features["Darien"]["properties"]["opening_hours"] = hours
        county.release("2027-01-01")
        assert cases(county.site) == [("ct-darien-county", "opening_hours", state)]


def test_nobody_but_moderators_decides(county: County) -> None:
    assert county.site.accepted_clerk().get("/review/data").status_code == 403
    assert county.site.visitor().post("/review/data/1", data={"decision": "take"}).status_code == 401
    assert county.site.staff().post("/review/data/1", data={"decision": "perhaps"}).status_code == 400


def test_a_new_zone_that_is_probably_a_known_one_goes_in_and_a_moderator_is_asked(county: County) -> None:
    county.features["again"] = {
        **feature("Ridgefield", department="Town of Ridgefield Police Dept.", street_address="76 E Ridge Rd."),
        "id": "ct-ridgefield-again",
    }
    county.features["Ridgefield"]["properties"]["street_address"] = "76 East Ridge Road"
    county.release("2027-01-01")
    within = [case[:2] for case in cases(county.site, "duplicate")]
    assert ("ct-ridgefield-again", "ct-ridgefield-county") not in within, "a dataset tells its own zones apart"
    county.features = {"again": {**county.features["again"], "id": "ct-ridgefield-state"}}
    county.release("2027-01-01", dataset="state-list")
    assert ("ct-ridgefield-state", "ct-ridgefield-county", "open") in cases(county.site, "duplicate")
    page = words_of(county.site.staff().get("/review/data?kind=duplicate"))
    assert "Probably the same spot twice" in page and "It is probably this one: Ridgefield Police Department" in page
    asked = cases(county.site, "duplicate")
    county.release("2027-02-01", dataset="state-list")
    assert cases(county.site, "duplicate") == asked, "nothing is asked again"


def test_a_list_without_a_source_is_not_called_by_its_file_name(county: County) -> None:
    wilton = county.features["Wilton"]["properties"]
    for name in ("source_url", "source_kind", "source_date"):
        del wilton[name]
    county.features = {"Wilton": county.features["Wilton"]}
    wilton["lighting"] = "yes"
    county.release(dataset="", prune=False)
    page = words_of(county.site.visitor().get("/zones/ct-wilton-county"))
    assert "a list that was taken in: Lit at night" in page and "county.geojson" not in page


DARIEN = {"name": "Darien Police Department", "state": "CT", "country": "US"}
FEDERAL = {"name": "Federal list", "kind": "list", "date": "2019"}


def of_department(phone: str, source: dict[str, str] = FEDERAL, **facts: str) -> dict[str, Any]:
    """What a release says of Darien's department."""
    return {**DARIEN, "phone": phone, **facts, "sources": [source], "evidence": dict.fromkeys(["phone", *facts], 1)}


def department_cases(site: Site) -> list[tuple[str, str, str]]:
    query = "SELECT department, subject, state FROM data_case WHERE zone_id IS NULL ORDER BY subject"
    return [(department, subject, state) for department, subject, state in site.rows(query)]


def phone_of_darien(site: Site) -> str:
    return read_directory(site.engine).departments["ct/darien-police-department"].phone


def test_a_worse_sources_telephone_of_a_department_is_on_the_desk_once(county: County) -> None:
    official = {"name": "darienct.gov", "kind": "official", "date": "2026-01"}
    county.departments = [of_department("203-662-5300", official, web_page="https://darienct.gov/police")]
    county.release()
    county.departments = [of_department("203-555-0100", web_page="http://darienct.gov/police/")]
    reports = [county.release(dataset="federal-list", prune=False) for _ in range(3)]
    assert [report.cases for report in reports] == [1, 0, 0]
    assert department_cases(county.site) == [("ct/darien-police-department", "phone", "open")]
    assert phone_of_darien(county.site) == "203-662-5300"
    words = words_of(county.site.staff().get("/review/data"))
    assert "Two sources disagree: Telephone" in words and "Darien Police Department, CT" in words
    assert "203-662-5300 203-555-0100" in words and "darienct.gov, January 2026 Federal list, 2019" in words


def test_what_a_moderator_takes_or_keeps_of_a_department_is_not_asked_again(county: County) -> None:
    official = {"name": "darienct.gov", "kind": "official", "date": "2026-01"}
    county.departments = [of_department("203-662-5300", official)]
    county.release()
    moderator = county.site.staff()
    for phone, decision, expected in (
        ("203-555-0100", "keep", "203-662-5300"),
        ("203-555-0199", "take", "203-555-0199"),
    ):
        county.departments = [of_department(phone)]
        county.release(dataset="federal-list", prune=False)
        number = county.site.rows("SELECT id FROM data_case WHERE state = 'open' AND zone_id IS NULL")[0][0]
        assert moderator.post(f"/review/data/{number}", data={"decision": decision}).status_code == 302
        assert phone_of_darien(county.site) == expected
        assert county.release(dataset="federal-list", prune=False).cases == 0
    county.departments = [of_department("203-662-5300", official)]
    assert county.release().cases == 1, "the moderator's word outranks the page now"
    assert phone_of_darien(county.site) == "203-555-0199"

"""A department's own system sends its whole zone list: what shows at once, what waits, what is refused."""

import copy
import json
from datetime import timedelta

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from directory import clock
from tests.support.site import DARIEN, Site, body
from tests.support.zone_lists import CHIEF, LIST, LOBBY, LOT, counts, lot, outcomes, push


def reasons(response: TestResponse) -> list[str]:
    return [reason["code"] for zone in response.json["zones"] for reason in zone["reasons"]]


def test_the_directorys_own_list_changes_nothing(site: Site, token: str) -> None:
    before = counts(site)
    response = push(site, token, lot(site))
    assert response.status_code == 200, response.text
    assert outcomes(response) == [(LOT, "unchanged")]
    assert (response.json["published"], response.json["waiting"]) == (None, None)
    assert counts(site) == before


def test_a_safe_change_is_live_at_once_and_the_same_list_changes_nothing_again(site: Site, token: str) -> None:
    features = lot(site, lighting="yes"), LOBBY
    response = push(site, token, *features)
    assert response.status_code == 200, response.text
    assert outcomes(response) == [(LOT, "live"), ("ct-darien-lobby", "live")]
    assert response.json["zones"][0]["fields"] == ["lighting"]
    assert site.visitor().get(f"/api/v1/collections/zones/items/{LOT}").json["properties"]["lighting"] == "yes"
    assert site.visitor().get("/zones/ct-darien-lobby").status_code == 200
    before = counts(site)
    again = push(site, token, *features)
    assert outcomes(again) == [(LOT, "unchanged"), ("ct-darien-lobby", "unchanged")]
    assert counts(site) == before


def test_a_list_with_ids_of_the_senders_own_is_the_same_list_the_next_time(site: Site, token: str) -> None:
    feature = {**copy.deepcopy(LOBBY), "id": "gis-17"}
    assert push(site, token, lot(site), feature).json["counts"]["live"] == 1
    assert push(site, token, lot(site), feature).json["counts"]["unchanged"] == 2


def test_a_new_zone_that_is_probably_one_the_list_leaves_out_waits_and_names_it(site: Site, token: str) -> None:
    feature = {**copy.deepcopy(LOBBY), "id": "gis-17", "geometry": lot(site)["geometry"]}
    feature["properties"] |= {"name": "Trade spot", "setting": "parking_lot", "street_address": "25 Hecker Ave."}
    response = push(site, token, feature)
    assert outcomes(response) == [("", "waiting"), (LOT, "waiting")]
    assert response.json["published"] is None
    assert "probably_known" in reasons(response)
    (finding,) = [one for one in response.json["zones"][0]["findings"] if one["field"] == "zone_id"]
    assert LOT in finding["reason"] and "id" in finding["fix"]
    elsewhere = copy.deepcopy(feature)
    elsewhere["properties"]["department"] = "Stamford Police"
    alone = push(site, token, feature, elsewhere)
    assert (outcomes(alone), reasons(alone)) == ([("", "waiting"), ("gis-17", "refused")], ["probably_known"])
    assert site.state(alone.json["waiting"]) == "waiting_for_review"
    both = push(site, token, lot(site), feature)
    assert outcomes(both) == [(LOT, "unchanged"), ("ct-darien-parking-lot-2", "live")], "whoever lists both knows"


def test_safe_changes_go_live_while_a_risky_one_waits_with_its_reasons(site: Site, token: str) -> None:
    response = push(site, token, lot(site, phone="203-555-0199"), LOBBY)
    assert response.status_code == 202, response.text
    assert outcomes(response) == [(LOT, "waiting"), ("ct-darien-lobby", "live")]
    assert reasons(response) == ["contact_changed"]
    assert site.state(response.json["waiting"]) == "waiting_for_review"
    assert site.state(response.json["published"]) == "approved"
    assert "phone" not in lot(site)["properties"]
    assert "does not show yet" in body(site.mails(CHIEF)[-1])


def test_what_waits_is_not_proposed_again_and_gives_way_to_another_list(site: Site, token: str) -> None:
    risky = lot(site, phone="203-555-0199")
    first = push(site, token, risky).json["waiting"]
    before, mails = counts(site), len(site.mails())
    assert push(site, token, risky).json["waiting"] == first
    assert (counts(site), len(site.mails())) == (before, mails)
    other = push(site, token, lot(site, phone="203-555-0142")).json["waiting"]
    assert other != first
    assert (site.state(first), site.state(other)) == ("withdrawn", "waiting_for_review")
    assert push(site, token, lot(site)).json["waiting"] is None
    assert site.state(other) == "withdrawn"


def test_what_a_moderator_declined_is_told_and_not_proposed_every_night(site: Site, token: str) -> None:
    risky = lot(site, phone="203-555-0199")
    number = push(site, token, risky).json["waiting"]
    site.decide(site.staff(), "decline", "That is a private number.", number)
    response = push(site, token, risky)
    assert response.status_code == 200
    assert outcomes(response) == [(LOT, "declined")]
    assert response.json["zones"][0]["decision"] == "That is a private number."


def test_what_a_moderator_approved_is_unchanged_the_next_time(site: Site, token: str) -> None:
    risky = lot(site, phone="203-555-0199")
    number = push(site, token, risky).json["waiting"]
    site.decide(site.staff(), "approve", "Thank you.", number)
    assert outcomes(push(site, token, risky)) == [(LOT, "unchanged")]


def test_a_zone_that_the_list_leaves_out_is_proposed_for_withdrawal_and_stays_until_somebody_agrees(
    site: Site, token: str
) -> None:
    response = push(site, token, LOBBY)
    assert response.status_code == 202
    assert outcomes(response) == [("ct-darien-lobby", "live"), (LOT, "waiting")]
    left_out = response.json["zones"][1]
    assert (left_out["feature"], left_out["action"]) == (None, "withdraw")
    assert reasons(response) == ["removal"]
    assert lot(site)["properties"]["status"] == "active"
    clock.run_ahead(timedelta(days=1))
    assert push(site, token, LOBBY).json["waiting"] == response.json["waiting"], "another day is no other proposal"
    site.decide(site.staff(), "approve", "Thank you.", response.json["waiting"])
    assert lot(site)["properties"]["status"] == "withdrawn"
    assert outcomes(push(site, token, LOBBY)) == [("ct-darien-lobby", "unchanged")]


def test_a_withdrawn_zone_in_a_list_comes_back_only_where_the_list_says_so(site: Site, token: str) -> None:
    features = lot(site), LOBBY
    number = push(site, token, LOBBY).json["waiting"]
    site.decide(site.staff(), "approve", "Thank you.", number)
    silent = copy.deepcopy(features[0])
    del silent["properties"]["status"]
    zone = push(site, token, silent, LOBBY).json["zones"][0]
    assert (zone["outcome"], [finding["field"] for finding in zone["findings"]]) == ("unchanged", ["status"])
    assert lot(site)["properties"]["status"] == "withdrawn"
    assert outcomes(push(site, token, *features))[0] == (LOT, "live")
    assert lot(site)["properties"]["status"] == "active"
    assert "list does not have it" not in site.visitor().get(f"/zones/{LOT}").text


def test_no_zone_is_proposed_for_withdrawal_while_a_row_is_refused(site: Site, token: str) -> None:
    bad = copy.deepcopy(LOBBY)
    bad["geometry"]["coordinates"] = [-73.4795, 95]
    response = push(site, token, bad, {**LOBBY, "properties": LOBBY["properties"] | {"spot_note": "second desk"}})
    assert [zone["outcome"] for zone in response.json["zones"]] == ["refused", "live"]
    assert response.json["complete"] is False
    finding = response.json["zones"][0]["findings"][0]
    assert (finding["field"], finding["value"], finding["severity"]) == ("latitude", "95.0, -73.4795", "error")
    assert finding["reason"] and finding["fix"]


def test_a_dry_run_says_the_same_and_changes_nothing(site: Site, token: str) -> None:
    features = lot(site, phone="203-555-0199"), LOBBY
    before, mails = counts(site), len(site.mails())
    dry = push(site, token, *features, query="?dry_run=true")
    assert dry.status_code == 200
    assert (counts(site), len(site.mails())) == (before, mails)
    wet = push(site, token, *features)
    outcomes_of_runs = [
        [(zone["outcome"], zone["fields"], zone["reasons"]) for zone in run.json["zones"]] for run in (dry, wet)
    ]
    assert outcomes_of_runs[0] == outcomes_of_runs[1]


def test_another_departments_zone_is_refused_by_its_name(site: Site, token: str) -> None:
    foreign = lot(site) | {"id": "ct-wilton-parking-lot"}
    response = push(site, token, lot(site), foreign)
    assert outcomes(response)[1][1] == "refused"
    assert "Wilton Police Department" in response.json["zones"][1]["findings"][0]["value"]
    wrong_department = copy.deepcopy(LOBBY)
    wrong_department["properties"]["department"] = "Wilton Police Department"
    assert outcomes(push(site, token, lot(site), wrong_department))[1][1] == "refused"


def test_a_list_whose_every_zone_is_refused_is_a_problem(site: Site, token: str) -> None:
    response = push(site, token, {**LOBBY, "properties": {"department": "Wilton Police Department"}})
    assert (response.status_code, response.mimetype) == (422, "application/problem+json")
    assert response.json["zones"][0]["findings"]


def test_an_ambiguous_value_is_left_out_with_a_warning(site: Site, token: str) -> None:
    feature = copy.deepcopy(LOBBY)
    feature["properties"]["Hours of operation"] = "8-4"
    response = push(site, token, lot(site), feature)
    assert outcomes(response)[1][1] == "live"
    assert [finding["field"] for finding in response.json["zones"][1]["findings"]] == ["opening_hours"]


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "no GeoJSON"), (b"department,town\nDarien,Darien\n", "no GeoJSON"), (b"[]", "no GeoJSON"),
        (b"{", "cut off"), (b'{"a": NaN}', "not valid JSON"), (b'{"error": {"code": 400}}', "FeatureCollection"),
        (json.dumps(LOBBY).encode(), "single Feature"), (b'{"type":"FeatureCollection","features":[]}', "no zones"),
        (b'{"type":"FeatureCollection","features":[' + b"[" * 5_000, "nested"),
        (b'{"type":"FeatureCollection","exceededTransferLimit":true,"features":[]}', "only a part"),
        (b'{"type":"FeatureCollection","features":"none"}', "has no list of features"),
        (b'{"type":"FeatureCollection","features":[{"id":"Caf\xe9"}]}', "g: lexical error: invalid bytes"),
        (b'{"type":"FeatureCollection","features":[{"id":' + b"9" * 5_000 + b"}]}", "integer overflow"),
    ],
    ids=[
        "empty", "csv", "array", "cut", "nan", "error", "feature", "no zones", "deep", "part",
        "text", "bytes", "digits",
    ],
)  # fmt: skip
def test_what_is_no_whole_list_is_refused_with_the_reason(site: Site, token: str, content: bytes, message: str) -> None:
    before = counts(site)
    response = site.visitor().put(
        LIST, data=content, headers={"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
    )
    assert (response.status_code, response.mimetype) == (422, "application/problem+json")
    assert message in response.json["detail"]
    assert counts(site) == before


def test_a_body_of_another_type_or_over_two_megabytes_is_refused(site: Site, token: str) -> None:
    assert push(site, token, LOBBY, **{"Content-Type": "text/csv"}).status_code == 415
    large = {**LOBBY, "properties": {"name": "x" * 2_000_000}}
    response = push(site, token, large)
    assert (response.status_code, response.mimetype) == (413, "application/problem+json")
    response = push(site, token, *[LOBBY] * 1_001)
    assert response.status_code == 422 and "several parts" not in response.json["detail"]


def test_one_address_sends_so_many_lists_an_hour(site: Site, token: str) -> None:
    from directory.web.http.limits.rate_limits import limiter

    feature = lot(site)
    limiter.enabled = True
    try:
        codes = [push(site, token, feature, query="?dry_run=true").status_code
                 for _ in range(site.settings.submissions_per_hour + 1)]  # fmt: skip
    finally:
        limiter.enabled = False
        limiter.reset()
    assert set(codes[:-1]) == {200} and codes[-1] == 429


def test_everything_waits_while_a_manager_objects(site: Site, chief: FlaskClient, token: str) -> None:
    chief.post(f"/desk/{DARIEN}/people", data={"email": "deputy@darienct.gov", "role": "manager"})
    first = push(site, token, lot(site, phone="203-555-0199")).json["waiting"]
    site.visitor().post(site.link("deputy@darienct.gov", "/objection/"))
    again = push(site, token, lot(site, phone="203-555-0199"), LOBBY)
    assert [zone["outcome"] for zone in again.json["zones"]] == ["waiting", "waiting"]
    assert "objection" in reasons(again)
    assert site.state(first) == "waiting_for_review", "what was objected to is a moderator's to decide"

"""A department's own system sends its whole zone list: what shows at once, what waits, what is refused."""

import copy
import json
import logging
import re
from datetime import timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import MetaData, select
from werkzeug.test import TestResponse

from directory import clock
from directory.db.tables.accounts import Staff
from tests.support.site import DARIEN, Site, body, words_of

LIST = f"/api/v1/departments/{DARIEN}/zones"
PAGE = f"/desk/{DARIEN}/lists"
LOT = "ct-darien-parking-lot"
CHIEF = "chief@darienct.gov"
LOBBY: dict[str, Any] = {
    "type": "Feature",
    "geometry": {"type": "Point", "coordinates": [-73.47951234567, 41.06963]},
    "properties": {"name": "Safe exchange zone - lobby", "setting": "lobby", "street_address": "25 Hecker Avenue",
                   "ZIP": "06820", "Hours of operation": "Mon-Fri 8am-4pm", "cameras": "yes"},
}  # fmt: skip


@pytest.fixture
def chief(site: Site) -> FlaskClient:
    """A verified and accepted manager of the Darien police, signed in."""
    return site.accepted_clerk(CHIEF)


def new_token(manager: FlaskClient, department: str = DARIEN, name: str = "GIS, nightly") -> str:
    response = manager.post(f"/desk/{department}/lists/tokens", data={"name": name})
    assert response.status_code == 200, response.text
    found = re.search(r"szd_[\w-]{43}", response.text)
    assert found
    return found[0]


@pytest.fixture
def token(chief: FlaskClient) -> str:
    return new_token(chief)


def lot(site: Site, **properties: Any) -> dict[str, Any]:
    """The lot as the API has it, with some properties changed."""
    item = site.visitor().get(f"/api/v1/collections/zones/items/{LOT}").json
    stated = {name: value for name, value in item["properties"].items() if value not in (None, "unknown", [])}
    return {"type": "Feature", "id": LOT, "geometry": item["geometry"], "properties": stated | properties}


def push(site: Site, token: str, *features: Any, query: str = "", path: str = LIST, **headers: str) -> TestResponse:
    collection = {"type": "FeatureCollection", "features": list(features)}
    return site.visitor().put(
        f"{path}{query}", data=json.dumps(collection),
        headers={"Authorization": f"Bearer {token}", "Content-Type": "application/geo+json", **headers},
    )  # fmt: skip


def outcomes(response: TestResponse) -> list[tuple[str, str]]:
    """Of each zone its id, empty where it has none yet, and what became of it."""
    return [(zone["zone_id"] or "", zone["outcome"]) for zone in response.json["zones"]]


def reasons(response: TestResponse) -> list[str]:
    return [reason["code"] for zone in response.json["zones"] for reason in zone["reasons"]]


def counts(site: Site) -> tuple[int, int]:
    """How many submissions there are, and how many changes of zones the log has."""
    return (
        site.rows("SELECT count(*) FROM submission")[0][0],
        site.rows("SELECT count(*) FROM change WHERE kind = 'zone'")[0][0],
    )


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
    told = [[(zone["outcome"], zone["fields"], zone["reasons"]) for zone in run.json["zones"]] for run in (dry, wet)]
    assert told[0] == told[1]


def test_another_departments_zone_is_refused_by_its_name(site: Site, token: str) -> None:
    foreign = lot(site) | {"id": "ct-wilton-parking-lot"}
    response = push(site, token, lot(site), foreign)
    assert outcomes(response)[1][1] == "refused"
    assert "Wilton Police Department" in response.json["zones"][1]["findings"][0]["value"]
    named = copy.deepcopy(LOBBY)
    named["properties"]["department"] = "Wilton Police Department"
    assert outcomes(push(site, token, lot(site), named))[1][1] == "refused"


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
    ("content", "words"),
    [
        (b"", "no GeoJSON"), (b"department,town\nDarien,Darien\n", "no GeoJSON"), (b"[]", "no GeoJSON"),
        (b"{", "cut off"), (b'{"a": NaN}', "not valid JSON"), (b'{"error": {"code": 400}}', "FeatureCollection"),
        (json.dumps(LOBBY).encode(), "single Feature"), (b'{"type":"FeatureCollection","features":[]}', "no zones"),
        (b'{"type":"FeatureCollection","features":[' + b"[" * 5_000, "nested"),
        (b'{"type":"FeatureCollection","exceededTransferLimit":true,"features":[]}', "only a part"),
    ],
    ids=["empty", "csv", "array", "cut", "nan", "error", "feature", "no zones", "deep", "part"],
)  # fmt: skip
def test_what_is_no_whole_list_is_refused_with_the_reason(site: Site, token: str, content: bytes, words: str) -> None:
    before = counts(site)
    response = site.visitor().put(
        LIST, data=content, headers={"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
    )
    assert (response.status_code, response.mimetype) == (422, "application/problem+json")
    assert words in response.json["detail"]
    assert counts(site) == before


def test_a_body_of_another_type_or_over_two_megabytes_is_refused(site: Site, token: str) -> None:
    assert push(site, token, LOBBY, **{"Content-Type": "text/csv"}).status_code == 415
    large = {**LOBBY, "properties": {"name": "x" * 2_000_000}}
    response = push(site, token, large)
    assert (response.status_code, response.mimetype) == (413, "application/problem+json")
    response = push(site, token, *[LOBBY] * 1_001)
    assert response.status_code == 422 and "several parts" not in response.json["detail"]


def test_nobody_gets_in_without_a_good_token_of_this_department(site: Site, token: str) -> None:
    before = counts(site)
    for given in ("", "szd_unknown", token + "x", token.upper()):
        response = push(site, given, LOBBY)
        assert (response.status_code, response.headers["WWW-Authenticate"]) == (401, "Bearer"), given
    assert push(site, token, LOBBY, Authorization=f"Basic {token}").status_code == 401
    assert site.visitor().put(f"{LIST}?token={token}", json={}).status_code == 400, "no token stands in an address"
    assert push(site, token, LOBBY, path="/api/v1/departments/ct/wilton-police-department/zones").status_code == 403
    assert push(site, token, LOBBY, path="/api/v1/departments/ct/nobody/zones").status_code == 404
    assert counts(site) == before


def test_a_session_is_no_token(site: Site, chief: FlaskClient) -> None:
    collection = {"type": "FeatureCollection", "features": [LOBBY]}
    assert chief.put(LIST, json=collection).status_code == 401


def test_a_token_works_where_forms_ask_for_theirs(site: Site, token: str) -> None:
    feature = lot(site)
    site.app.config["WTF_CSRF_ENABLED"] = True
    assert push(site, token, feature).status_code == 200


def test_a_revoked_token_opens_nothing(site: Site, chief: FlaskClient, token: str) -> None:
    number = site.rows("SELECT id FROM department_token")[0][0]
    assert chief.post(f"{PAGE}/tokens/{number}/revoke").status_code == 302
    assert push(site, token, LOBBY).status_code == 401
    assert chief.post(f"{PAGE}/tokens/{number}/revoke").status_code == 404
    logged = site.rows("SELECT action, actor FROM change WHERE kind = 'department' AND subject = :d", d=DARIEN)
    assert logged[-2:] == [("token made", CHIEF), ("token revoked", CHIEF)]


def test_a_token_ends_with_the_rights_of_whoever_made_it(site: Site, chief: FlaskClient, token: str) -> None:
    chief.post(f"/desk/{DARIEN}/people", data={"email": "deputy@darienct.gov", "role": "manager"})
    deputy = site.signed_in("deputy@darienct.gov")
    number = site.rows("SELECT id FROM person WHERE email = :e", e=CHIEF)[0][0]
    assert deputy.post(f"/desk/{DARIEN}/people/{number}/remove").status_code == 302
    assert push(site, token, LOBBY).status_code == 403
    assert "opens nothing" in words_of(deputy.get(PAGE))


def test_a_barred_managers_token_opens_nothing(site: Site, token: str) -> None:
    site.staff().post("/review/barred", data={"value": CHIEF, "reason": "an impostor", "shown": CHIEF})
    assert push(site, token, LOBBY).status_code == 403


def test_only_managers_make_tokens_and_see_them_listed(site: Site, chief: FlaskClient, token: str) -> None:
    chief.post(f"/desk/{DARIEN}/people", data={"email": "editor@darienct.gov", "role": "editor"})
    wilton = site.accepted_clerk("chief@wiltonct.gov", "Wilton Police Department", "Wilton")
    for client in (site.signed_in("editor@darienct.gov"), wilton, site.staff()):
        assert client.get(PAGE).status_code == 403
        assert client.post(f"{PAGE}/tokens", data={"name": "mine"}).status_code == 403
    administrator = site.staff("admin@example.org", Staff.ADMINISTRATOR)
    assert "GIS, nightly" in words_of(administrator.get(PAGE))
    assert administrator.post(f"{PAGE}/tokens", data={"name": "mine"}).status_code == 403
    assert site.rows("SELECT count(*) FROM department_token")[0][0] == 1


def test_a_token_is_shown_once_and_kept_nowhere(
    site: Site, chief: FlaskClient, token: str, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.DEBUG):
        push(site, token, LOBBY)
    assert token not in caplog.text
    page = chief.get(PAGE)
    assert token not in page.text and "used last" in words_of(page)
    assert "no-store" in page.headers["Cache-Control"]
    tables = MetaData()
    tables.reflect(site.engine)
    with site.engine.connect() as connection:
        for table in tables.sorted_tables:
            assert token not in str(connection.execute(select(table)).all()), table.name


def test_a_token_needs_a_name_and_a_department_has_ten_at_most(site: Site, chief: FlaskClient) -> None:
    response = chief.post(f"{PAGE}/tokens", data={"name": " "})
    assert response.status_code == 400 and "is missing" in response.text
    for _ in range(10):
        new_token(chief)
    assert chief.post(f"{PAGE}/tokens", data={"name": "one more"}).status_code == 400


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

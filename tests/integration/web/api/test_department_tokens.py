"""Tokens of a department's own system: who makes them, what they open, and when they end."""

import logging

import pytest
from flask.testing import FlaskClient
from sqlalchemy import MetaData, select

from directory.db.tables.accounts import Staff
from tests.support.site import DARIEN, Site, words_of
from tests.support.zone_lists import CHIEF, LIST, LOBBY, PAGE, counts, lot, new_token, push


def test_nobody_gets_in_without_a_good_token_of_this_department(site: Site, token: str) -> None:
    before = counts(site)
    for wrong_token in ("", "szd_unknown", token + "x", token.upper()):
        response = push(site, wrong_token, LOBBY)
        assert (response.status_code, response.headers["WWW-Authenticate"]) == (401, "Bearer"), wrong_token
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

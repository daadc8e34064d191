"""Refusals are seen by whoever watches the server, tell nothing about people, and a burst of them fills no log."""

import json

import pytest
import structlog
from structlog.testing import capture_logs

from directory import clock
from directory.accounts.staff import appoint
from directory.db.tables.accounts import BarredKind, BarredSender, Staff
from directory.db.transaction import transaction
from directory.settings import Settings
from directory.web.http.security.security_events import BurstFilter
from tests.conftest import Built
from tests.integration.web.operations.test_operations import logging_site
from tests.support.site import Site

SECRETS = ("203.0.113.5", "clerk@example.org", "South", "/review", "?")
KINDS = {"not_signed_in", "forbidden", "csrf", "too_many_requests", "oversize_body", "wrong_code", "barred_address",
         "other_address", "impostor"}  # fmt: skip


def counted(site: Site) -> dict[str, float]:
    lines = site.visitor().get("/metrics").text.splitlines()
    start = "safezones_security_events_total{kind="
    return {line.split('"')[1]: float(line.split()[-1]) for line in lines if line.startswith(start)}


def events(text: str) -> list[dict[str, object]]:
    lines = [json.loads(line) for line in text.splitlines() if line.startswith("{")]
    return [line for line in lines if line["event"] == "security event"]


def test_every_kind_is_counted_from_the_start(site: Site) -> None:
    assert counted(site) == dict.fromkeys(KINDS, 0.0)


def test_refusals_of_every_kind_are_counted_and_logged_without_a_word_about_people(
    own_settings: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    sender = {"environ_base": {"REMOTE_ADDR": "203.0.113.5"}, "query_string": {"q": "174 South Avenue"}}
    with logging_site(own_settings) as site:
        visitor, moderator = site.visitor(), site.staff("clerk@example.org")
        assert visitor.post("/review/1/decide", **sender).status_code == 401
        assert moderator.get("/review/people", **sender).status_code == 403
        assert visitor.get("/metrics", **sender).status_code == 403
        assert visitor.post("/submit", data={"department": "x" * 100_000}, **sender).status_code == 413
        site.app.config["WTF_CSRF_ENABLED"] = True
        assert visitor.post("/submit", data={"department": "x"}, **sender).status_code == 400
        found = counted(site)
    assert found == dict.fromkeys(KINDS, 0.0) | {"not_signed_in": 1, "forbidden": 2, "oversize_body": 1, "csrf": 1}
    logged = events(capsys.readouterr().err)
    assert [(event["kind"], event["route"]) for event in logged] == [
        ("not_signed_in", "review.decide"), ("forbidden", "staff.listing"), ("forbidden", "health.metrics"),
        ("oversize_body", "submissions.begin"), ("csrf", "submissions.begin"),
    ]  # fmt: skip
    assert not [secret for secret in SECRETS if secret in json.dumps(logged)]


@pytest.mark.parametrize("path", ["/api/v1/nearest?lat=41&lon=-73", "/api/v1/towns"])
def test_a_burst_is_counted_whole_and_logged_in_few_lines(
    build_app: Built, own_settings: Settings, capsys: pytest.CaptureFixture[str], path: str
) -> None:
    app = build_app(own_settings.model_copy(update={"api_per_minute": 1}))
    client = app.test_client()
    for _ in range(300):
        client.get(path)
    told = client.get("/metrics").text
    assert 'safezones_security_events_total{kind="too_many_requests"} 299.0' in told
    logged = events(capsys.readouterr().err)
    assert len(logged) <= 20 and logged[-1]["this_minute"] == 256
    structlog.reset_defaults()


def test_a_new_minute_and_another_kind_begin_anew() -> None:
    at = [0.0]
    burst = BurstFilter(lambda: at[0])
    assert [burst.count("csrf") for _ in range(3)] == [(1, True), (2, True), (3, True)]
    for _ in range(100):
        burst.count("csrf")
    assert burst.count("csrf") == (104, False) and burst.count("impostor") == (1, True)
    at[0] = 60.0
    assert burst.count("csrf") == (1, True)


def test_a_page_that_is_not_for_everybody_by_oembed_is_no_security_event(site: Site) -> None:
    assert site.visitor().get("/oembed?url=http://localhost/review").status_code == 401
    assert counted(site)["not_signed_in"] == 0


def test_a_wrong_code_and_a_barred_address_are_security_events(site: Site) -> None:
    site.visitor().post("/sign-in", data={"email": "nobody@example.org"})
    with transaction(site.engine) as session:
        session.add(
            BarredSender(value="worse@example.org", kind=BarredKind.MAILBOX, at=clock.now(), by="m", reason="x")
        )
    with capture_logs() as log:
        site.visitor().post("/sign-in", data={"email": "worse+zones@example.org"})
        appoint(site.context, "second@example.org", Staff.MODERATOR, "operator")
        second = site.signed_in("second@example.org")
        second.get("/sign-in/code")
        second.post("/sign-in/code", data={"code": "000000"})
    kinds = [line["kind"] for line in log if line["event"] == "security event"]
    assert kinds == ["barred_address", "wrong_code"]
    assert "example.org" not in str(log)

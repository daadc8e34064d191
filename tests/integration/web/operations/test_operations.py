"""What an operator relies on: health, readiness, counts, and a log that says nothing about people."""

import io
import json
import math
import os
import re
import threading
import time
import weakref
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import pytest
import structlog
from flask import g
from prometheus_client.parser import text_string_to_metric_families
from pydantic import SecretStr
from sqlalchemy import text
from werkzeug.test import EnvironBuilder

from directory import clock
from directory.db.queries.outbox import put
from directory.db.tables.accounts import Person
from directory.db.tables.contributions.zone_lists import ZoneListAddress
from directory.db.tables.outbox import MailKind
from directory.db.transaction import transaction
from directory.settings import Settings
from directory.store.runs.daily_runs import DailyCommand, note_run
from directory.store.runs.mail_status import beat
from directory.web.accounts.permissions import ACCESS
from directory.web.http.container import snapshot
from directory.web.http.limits.upload_gate import WITH_BODY
from tests.support.site import Site, site_on
from tests.support.waiting import PATIENCE_SECONDS


def samples(site: Site, **headers: str) -> dict[tuple[str, frozenset[tuple[str, str]]], float]:
    response = site.visitor().get("/metrics", headers=headers)
    assert response.status_code == 200
    return {
        (sample.name, frozenset(sample.labels.items())): sample.value
        for family in text_string_to_metric_families(response.text)
        for sample in family.samples
    }


def test_health_asks_nothing_and_readiness_asks_everything(site: Site) -> None:
    client = site.visitor()
    with transaction(site.engine) as session:
        beat(session)
    assert client.get("/healthz").text == "ok\n"
    ready = client.get("/readyz")
    assert ready.status_code == 200 and ready.json["status"] == "ok"
    assert ready.json["checks"]["directory"]["zones"] == len(site.services.snapshot_cache.current().listed)
    assert set(ready.json["checks"]) == {"directory", "database", "outbox", "mail", "disk", "rule_tables"}
    for path in ("/healthz", "/readyz", "/metrics"):
        answer = client.get(path)
        assert answer.headers["Cache-Control"] == "no-store" and "Set-Cookie" not in answer.headers


def test_the_operators_pages_have_no_second_address_that_a_proxy_would_let_through(site: Site) -> None:
    for path in ("/readyz/", "/metrics/"):
        assert site.visitor().get(path).status_code == 404


def test_a_request_without_a_host_is_answered(site: Site) -> None:
    environ = EnvironBuilder(path="/api/v1/nearest", query_string="lat=41&lon=-73").get_environ()
    del environ["HTTP_HOST"]
    statuses: list[str] = []
    b"".join(site.app.wsgi_app(environ, lambda status, _headers, _info=None: statuses.append(status)))
    assert statuses == ["200 OK"]


class SlowBody(io.RawIOBase):
    """A request's body that comes when it is let go."""

    def __init__(self) -> None:
        self.asked, self.let_go = threading.Event(), threading.Event()

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: object) -> int:
        self.asked.set()
        self.let_go.wait(PATIENCE_SECONDS)
        return 0


def test_what_is_left_of_a_request_does_not_keep_an_old_directory_in_memory(site: Site) -> None:
    with site.app.test_request_context("/"):
        old, left = weakref.ref(snapshot()), g._get_current_object()  # noqa: SLF001  (documented by Werkzeug)
        assert old() is site.services.snapshot_cache.current()
    with site.engine.begin() as connection:
        connection.execute(text("UPDATE zone SET name = 'Another' WHERE zone_id = 'ct-new-canaan-lobby'"))
    site.services.snapshot_cache.invalidate()
    assert site.services.snapshot_cache.current().by_id["ct-new-canaan-lobby"].name == "Another"
    assert left is not None and old() is None


def test_a_form_too_many_is_turned_away_counted_and_as_well_dressed_as_every_answer(site: Site) -> None:
    bodies = [SlowBody() for _ in range(WITH_BODY)]
    form: dict[str, Any] = {"content_type": "application/x-www-form-urlencoded", "base_url": "https://localhost"}

    def send(body: SlowBody) -> None:
        environ = EnvironBuilder("/submit", method="POST", **form).get_environ()
        environ |= {"wsgi.input": body, "CONTENT_LENGTH": "5000"}
        b"".join(site.app.wsgi_app(environ, lambda *_answer: lambda _data: None))

    senders = [threading.Thread(target=send, args=(body,)) for body in bodies]
    for sender, body in zip(senders, bodies, strict=True):
        sender.start()
        assert body.asked.wait(PATIENCE_SECONDS)
    answer = site.visitor().post("/submit", data="department=x", **form)
    page = site.visitor().get("/search?q=06840")
    for sender, body in zip(senders, bodies, strict=True):
        body.let_go.set()
        sender.join()
    assert (answer.status_code, page.status_code) == (503, 200)
    assert "Nothing was saved" in answer.text and answer.headers["Retry-After"] == "60"
    for name in ("Strict-Transport-Security", "Content-Security-Policy", "X-Frame-Options", "X-Request-ID"):
        assert name in answer.headers
    counted = frozenset({"route": "upload_gate", "status": "5xx"}.items())
    assert samples(site)["safezones_request_seconds_count", counted] == 1
    assert samples(site)["safezones_request_seconds_sum", counted] == 0
    assert samples(site)["safezones_answers_without_database_total", frozenset()] == 0


def test_a_mail_that_waits_too_long_degrades_readiness_without_ending_it(site: Site) -> None:
    with site.engine.begin() as connection:
        connection.execute(
            text(
                "INSERT INTO outbox_mail "
                "(recipient, mailbox, kind, subject, message, created_at, next_at, attempts, error) VALUES "
                " ('a@example.org', 'a@example.org', 'notice', 's', 'm', '2026-01-01', '2026-01-02', 3, 'refused')"
            )
        )
    ready = site.visitor().get("/readyz")
    assert (ready.status_code, ready.json["status"]) == (200, "degraded")
    assert ready.json["checks"]["outbox"]["waiting"] == 1
    found = samples(site)
    assert found["safezones_mails_waiting", frozenset()] == 1
    assert found["safezones_mail_oldest_seconds", frozenset()] > 86_400


def test_readiness_tells_how_long_ago_the_mail_worker_said_that_it_runs(site: Site) -> None:
    def mail() -> dict[str, object]:
        check: dict[str, object] = site.visitor().get("/readyz").json["checks"]["mail"]
        return check

    assert mail()["status"] == "degraded" and "No mail worker has run" in str(mail()["problem"])
    assert samples(site)["safezones_mail_worker_age_seconds", frozenset()] == math.inf
    with transaction(site.engine) as session:
        beat(session)
    for seconds, status in ((0, "ok"), (55, "ok"), (65, "degraded"), (-65, "degraded")):
        clock.run_ahead(timedelta(seconds=seconds))
        assert mail()["status"] == status, seconds
    clock.run_ahead(timedelta(seconds=55))
    assert 54 < samples(site)["safezones_mail_worker_age_seconds", frozenset()] < 65


def test_a_budget_that_is_used_up_degrades_readiness(own_settings: Settings) -> None:
    with site_on(own_settings.model_copy(update={"mails_per_day": 2})) as site:
        with transaction(site.engine) as session:
            beat(session)
            for number in range(2):
                put(session, f"{number}@example.org", "s", "m", MailKind.NOTICE)
        assert samples(site)["safezones_mail_budget_exhausted", frozenset()] == 0
        with site.engine.begin() as connection:
            connection.execute(text("UPDATE outbox_mail SET next_at = NULL, sent_at = :at"), {"at": clock.now()})
        ready = site.visitor().get("/readyz").json
        assert ready["status"] == ready["checks"]["mail"]["status"] == "degraded"
        assert "2 mails went out within 24 hours (SAFEZONES_MAILS_PER_DAY)" in ready["checks"]["mail"]["problem"]
        assert samples(site)["safezones_mail_budget_exhausted", frozenset()] == 1


def test_the_counts_tell_how_long_ago_the_daily_commands_were_done(site: Site) -> None:
    def age(command: str) -> float:
        return samples(site)["safezones_daily_run_age_seconds", frozenset({("command", command)})]

    assert age("backup") == age("remind") == age("tidy") == math.inf
    note_run(site.engine, DailyCommand.TIDY)
    clock.run_ahead(timedelta(hours=37))
    assert age("tidy") == pytest.approx(37 * 3600, abs=60) and age("remind") == math.inf


def test_the_counts_tell_of_a_daily_command_only_while_it_is_due(own_settings: Settings) -> None:
    def commands(site: Site) -> set[str]:
        return {dict(labels)["command"] for name, labels in samples(site) if name == "safezones_daily_run_age_seconds"}

    always = {"backup", "remind", "tidy"}
    with site_on(own_settings) as site:
        for command in (DailyCommand.PULL_ZONES, DailyCommand.WATCH_SOURCES):
            note_run(site.engine, command)
        assert commands(site) == always, "both ran, and are not wanted any more"
        with transaction(site.engine) as session:
            chief = Person(email="chief@example.gov", mailbox="chief@example.gov", created_at=clock.now())
            session.add(chief)
            session.flush()
            session.add(
                ZoneListAddress(
                    department="ct-weston-police", url="https://example.gov/zones.csv", person_id=chief.id,
                    set_at=clock.now(), next_at=clock.now(),
                )
            )  # fmt: skip
        assert commands(site) == always | {"pull-zones"}
    with site_on(own_settings.model_copy(update={"watch_sources": True})) as site:
        assert commands(site) >= {"watch-sources"}


def test_the_counts_tell_how_old_the_newest_backup_is_and_that_there_is_none(own_settings: Settings) -> None:
    with site_on(own_settings) as site:
        assert samples(site)["safezones_backup_age_seconds", frozenset()] == math.inf
        own_settings.backups_dir.mkdir()
        for name, age in (
            ("20261101T043000Z", 7_200),
            ("20261101T053000Z", 3_600),
            ("20261102T043000Z-before-restore", 0),
        ):
            file = own_settings.backups_dir / f"{name}.safezones"
            file.touch()
            os.utime(file, (time.time() - age,) * 2)
        assert samples(site)["safezones_backup_age_seconds", frozenset()] == pytest.approx(3_600, abs=60)
        assert samples(site)["safezones_offsite_backup_age_seconds", frozenset()] == math.inf
        sent = own_settings.backups_dir / ".offsite"  # with the time of the backup that is elsewhere, too
        sent.touch()
        os.utime(sent, (time.time() - 7_200,) * 2)
        assert samples(site)["safezones_offsite_backup_age_seconds", frozenset()] == pytest.approx(7_200, abs=60)


def test_the_counts_tell_routes_and_kinds_of_answers_of_both_ways(site: Site) -> None:
    client = site.visitor()
    for path in ("/search?q=06840", "/nowhere", "/api/v1/nearest?lat=41&lon=-73", "/api/v1/nearest?lat=91&lon=-73"):
        client.get(path)
    found = samples(site)
    for route, status in (("searching.search", "2xx"), ("none", "4xx"), ("lookups.nearest", "2xx"),
                          ("lookups.nearest", "4xx")):  # fmt: skip
        assert found["safezones_request_seconds_count", frozenset({("route", route), ("status", status)})] == 1
    assert (
        found["safezones_zones", frozenset()] == len(site.services.snapshot_cache.current().listed)
        and found["safezones_database_up", frozenset()] == 1
    )


def test_strangers_learn_no_counts(site: Site) -> None:
    assert site.visitor().get("/metrics", environ_base={"REMOTE_ADDR": "203.0.113.5"}).status_code == 403


def test_a_token_opens_the_counts_to_whoever_has_it(own_settings: Settings) -> None:
    with site_on(own_settings.model_copy(update={"metrics_token": SecretStr("of-the-operator")})) as site:
        assert site.visitor().get("/metrics").status_code == 403
        assert site.visitor().get("/metrics", headers={"Authorization": "Bearer wrong"}).status_code == 403
        assert samples(site, Authorization="Bearer of-the-operator")


def test_a_request_keeps_its_number_through_answer_and_log(
    capsys: pytest.CaptureFixture[str], own_settings: Settings
) -> None:
    with logging_site(own_settings) as site:
        given = site.visitor().get("/tips", headers={"X-Request-ID": "from-the-proxy-7"})
        own = site.visitor().get("/api/v1/nearest?lat=41&lon=-73", headers={"X-Request-ID": "no\tgood"})
    assert given.headers["X-Request-ID"] == "from-the-proxy-7"
    assert re.fullmatch(r"[0-9a-f]{16}", own.headers["X-Request-ID"])
    lines = [json.loads(line) for line in capsys.readouterr().err.splitlines()]
    assert {line["request"] for line in lines if line["event"] == "request"} == {
        "from-the-proxy-7", own.headers["X-Request-ID"],
    }  # fmt: skip


def test_no_log_line_tells_what_was_asked_for_where_somebody_is_or_who_asked(
    capsys: pytest.CaptureFixture[str], own_settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Every route is asked with an address, a position and a name in its path, query, headers and form; some fail."""
    secrets = (
        "174 South Avenue",
        "174+South",
        "174%20South",
        "41.1467",
        "-73.4949",
        "clerk@example.org",
        "203.0.113.5",
    )
    with logging_site(own_settings) as site:
        client = site.visitor()
        extra = {"headers": {"Referer": "http://localhost/search?q=174 South Avenue"},
                 "environ_base": {"REMOTE_ADDR": "203.0.113.5"}}  # fmt: skip
        given = {"q": "174 South Avenue", "address": "174 South Avenue", "lat": "41.1467", "lon": "-73.4949",
                 "email": "clerk@example.org"}  # fmt: skip
        paths = [rule.rule for rule in site.app.url_map.iter_rules() if rule.endpoint in ACCESS]
        for path in [re.sub(r"<[^>]+>", "174 South Avenue", path) for path in paths]:
            client.get(path, query_string=given, **extra)
            client.post(path, query_string=given, data=given, **extra)
        monkeypatch.setattr(site.services.search_service, "locate", broken)
        client.get("/search", query_string={"q": "174 South Avenue"}, **extra)
        client.get("/api/v1/nearest", query_string={"address": "174 South Avenue"}, **extra)
    written = capsys.readouterr().err
    assert written.count('"event": "unexpected"') == 2 and written.count('"event": "request"') > 100
    assert not [secret for secret in secrets if secret in written]


def broken(words: str) -> None:
    raise RuntimeError(f"cannot locate {words}")


@contextmanager
def logging_site(settings: Settings) -> Iterator[Site]:
    """A site on the settings' own database that logs every request."""
    site = Site(settings.model_copy(update={"log_requests": True}))
    yield site
    site.close()
    structlog.reset_defaults()

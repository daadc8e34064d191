"""`safezones tidy`: what has served goes, at the age that is promised and not before; what is needed stays."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from click.testing import CliRunner
from sqlalchemy import text

from directory import clock
from directory.cli import main
from directory.db.log import Author, log
from directory.db.queries.photos import keep_photo
from directory.db.tables.log import LogKind
from directory.db.transaction import transaction
from directory.store.privacy import retention
from directory.store.privacy.retention import clean_up
from tests.conftest import ROOT
from tests.support.site import Site

ZONE_ID = "ct-darien-parking-lot"
PROMISED = {
    "REPORT_KEPT": 30, "DRAFT_KEPT": 90, "REFUSED_KEPT": 365, "PHOTO_KEPT": 30, "LINK_KEPT": 30, "MAIL_KEPT": 90,
    "UNDELIVERED_KEPT": 30, "VISIT_KEPT": 365,
}  # fmt: skip


@pytest.fixture(autouse=True)
def _today() -> Iterator[None]:
    yield
    clock.run_ahead(timedelta(0))


def tidied_after(site: Site, days: float) -> dict[str, int]:
    clock.run_ahead(timedelta(days=days))
    return clean_up(site.engine)


def count(site: Site, table: str, where: str = "1 = 1") -> int:
    return int(site.rows(f"SELECT count(*) FROM {table} WHERE {where}")[0][0])


def test_every_age_is_the_one_that_documents_promise() -> None:
    page = (ROOT / "docs" / "operating.md").read_text(encoding="utf-8")
    for name, days in PROMISED.items():
        assert getattr(retention, name) == timedelta(days=days), name
        assert f"| {days} days" in page, name


def test_contact_and_text_of_a_report_go_30_days_after_it_was_closed(site: Site) -> None:
    form = {"kind": "hours", "text": "They close at noon.", "contact": "buyer@example.com"}
    assert "30 days" in site.visitor().get(f"/zones/{ZONE_ID}/report").text, "the form says so"
    for _ in range(2):
        site.visitor().post(f"/zones/{ZONE_ID}/report", data=form)
    site.staff().post("/review/reports/1", data={"answer": "Thank you."})
    tidied_after(site, 29.9)
    assert count(site, "problemreport", "contact <> '' AND text <> ''") == 2
    tidied_after(site, 30.1)
    assert site.rows("SELECT id, kind, text, contact, state FROM problemreport ORDER BY id") == [
        (1, "hours", "", "", "closed"),
        (2, "hours", "They close at noon.", "buyer@example.com", "open"),
    ], "one that nobody answered stays"


def test_drafts_go_after_90_days_without_a_change_and_what_waits_or_was_published_stays(site: Site) -> None:
    clerk, stranger = site.visitor(), site.visitor()
    site.submit(clerk)  # 1 waits for the button in the mail
    site.submit(stranger, email="stranger@gmail.com")
    site.confirm(stranger, "stranger@gmail.com")  # 2 waits for a moderator
    site.visitor().post(f"/zones/{ZONE_ID}/ours", data={"action": "correct"})  # 3 is a draft
    tidied_after(site, 89.9)
    assert count(site, "submission") == 3
    tidied_after(site, 90.1)
    assert site.rows("SELECT id, state FROM submission") == [(2, "waiting_for_review")]
    site.engine.dispose()


def test_visits_go_after_a_year_and_stay_a_source_of_the_zone(site: Site) -> None:
    for answer in ("still_there", "gone"):
        site.visitor().post(f"/zones/{ZONE_ID}/visit", data={"answer": answer})
    tidied_after(site, 364)
    assert count(site, "visit") == 2
    tidied_after(site, 367)
    assert count(site, "visit") == 0
    assert count(site, "zone", "CAST(sources AS TEXT) LIKE '%visitor%'") == 1


def test_declined_and_withdrawn_submissions_go_after_a_year(site: Site) -> None:
    stranger = site.visitor()
    site.submit(stranger, email="stranger@gmail.com")
    site.confirm(stranger, "stranger@gmail.com")
    site.decide(site.staff(), "decline", "Not yours.")
    assert site.state(1) == "declined"
    tidied_after(site, 364.9)
    assert count(site, "submission") == 1
    tidied_after(site, 365.1)
    assert count(site, "submission") == 0
    assert count(site, "change", "kind = 'submission' AND subject = '1'") > 0, "the log stays"


def test_links_go_30_days_after_they_were_spent_or_expired(site: Site) -> None:
    site.staff()
    site.signed_in_by_mail("moderator@example.org")
    spent = count(site, "link", "spent_at IS NOT NULL")
    site.visitor().post("/sign-in", data={"email": "moderator@example.org"})  # good for half an hour
    assert (spent, count(site, "link")) == (1, 2)
    tidied_after(site, 30.01)
    assert count(site, "link", "spent_at IS NULL") == 1
    tidied_after(site, 30.1)
    assert count(site, "link") == 0


def test_mails_are_forgotten_after_90_days_and_texts_that_were_not_delivered_after_30(site: Site) -> None:
    columns = "INSERT INTO outbox_mail (recipient, mailbox, kind, subject, message, created_at, next_at, sent_at, "
    at = {"at": clock.now().isoformat(" ")}
    with site.engine.begin() as connection:
        for name, next_at, sent_at in (("waits", ":at", "NULL"), ("sent", "NULL", ":at"), ("given up", "NULL", "NULL")):
            values = f"VALUES ('a@b.gov', 'a@b.gov', 'notice', '{name}', 'text', :at, {next_at}, {sent_at}, 0, '')"
            connection.execute(text(f"{columns} attempts, error) {values}"), at)
    tidied_after(site, 29.9)
    assert count(site, "outbox_mail", "message = 'text'") == 3
    tidied_after(site, 30.1)
    assert site.rows("SELECT subject FROM outbox_mail WHERE message = ''") == [("given up",)]
    tidied_after(site, 89.9)
    assert count(site, "outbox_mail") == 3
    tidied_after(site, 90.1)
    assert site.rows("SELECT subject FROM outbox_mail") == [("waits",)]


def test_answers_and_sessions_go_when_they_expire(site: Site) -> None:
    site.staff()
    with site.engine.begin() as connection:
        for number, days in enumerate((1, 3)):
            expires = {"n": number, "at": (clock.now() + timedelta(days=days)).isoformat(" ")}
            connection.execute(text("INSERT INTO geocode_answer VALUES (:n, :at, 'x')".replace(
                "VALUES", "(key, expires_at, sealed) VALUES")), {**expires, "n": str(number)})  # fmt: skip
            connection.execute(
                text("INSERT INTO login_session (digest, person_id, created_at, expires_at) VALUES (:n, 1, :at, :at)"),
                {**expires, "n": str(number)},
            )
    done = tidied_after(site, 2)
    assert done["expired answers of geocoders"] == 1
    assert site.rows("SELECT key FROM geocode_answer") == site.rows("SELECT digest FROM login_session") == [("1",)]


def test_photos_that_nothing_shows_go_and_those_of_a_version_that_can_be_restored_stay(site: Site) -> None:
    digests = {name: f"{number:064x}" for number, name in enumerate(("zone", "kit", "draft", "log", "nowhere", "new"))}
    number = site.submit(site.visitor()) and site.number()
    with transaction(site.engine) as session:
        for digest in digests.values():
            keep_photo(session, digest, b"jpeg", 1, 1)
        log(session, Author("clerk", ""), LogKind.ZONE, ZONE_ID, "changed", {"photo": digests["log"]})
    with site.engine.begin() as connection:
        connection.execute(text("UPDATE zone SET photo = :d WHERE zone_id = :z"), {"d": digests["zone"], "z": ZONE_ID})
        connection.execute(
            text("INSERT INTO town_kit (town, web_page, email, phone, logo, logo_alt, embed_sites, changed_at, "
                 "changed_by) VALUES ('ct/darien', '', '', '', :d, '', '[]', '2026-01-01', '')"), {"d": digests["kit"]},
        )  # fmt: skip
        items = f'[{{"key": "a", "values": {{"photo": "{digests["draft"]}"}}}}]'
        connection.execute(text("UPDATE submission SET items = :i WHERE id = :n"), {"i": items, "n": number})
    tidied_after(site, 29.9)
    assert count(site, "photo") == len(digests)
    clock.run_ahead(timedelta(days=30.1))
    with transaction(site.engine) as session:
        keep_photo(session, digests["new"], b"jpeg", 1, 1)
    clean_up(site.engine)
    assert {row[0] for row in site.rows("SELECT digest FROM photo")} == set(digests.values()) - {digests["nowhere"]}
    tidied_after(site, 91)
    assert count(site, "photo", f"digest = '{digests['draft']}'") == 0, "its draft is gone"


def test_the_command_counts_first_works_in_batches_and_does_nothing_twice(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    for _ in range(5):
        site.visitor().post(f"/zones/{ZONE_ID}/ours", data={"action": "correct"})
    monkeypatch.setattr(retention, "BATCH", 2)
    run = CliRunner(env={**site.environment, "SAFEZONES_CLOCK_AHEAD_DAYS": "91"})
    for arguments, left, words in (
        (["--dry-run"], 5, "5 drafts unchanged for 90 days"), ([], 0, "5 drafts unchanged for 90 days"),
        ([], 0, "0 drafts unchanged for 90 days"),
    ):  # fmt: skip
        result = run.invoke(main, ["tidy", *arguments])
        assert result.exit_code == 0 and words in result.output, result.output
        assert ("Nothing was changed" in result.output) == bool(arguments)
        assert count(site, "submission") == left

"""`safezones tidy`: what has served goes, at the age that is promised and not before; what is needed stays."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from click.testing import CliRunner
from sqlalchemy import text

from directory import clock
from directory.cli.main import main
from directory.db.log import By, log
from directory.db.queries.photos import keep_photo
from directory.db.transaction import transaction
from directory.store import retention
from directory.store.retention import Tidied, tidy
from tests.conftest import ROOT
from tests.support.site import Hall

ZONE_ID = "ct-darien-parking-lot"
PROMISED = {
    "REPORT_KEPT": 30, "DRAFT_KEPT": 90, "REFUSED_KEPT": 365, "PHOTO_KEPT": 30, "LINK_KEPT": 30, "MAIL_KEPT": 90,
    "UNDELIVERED_KEPT": 30,
}  # fmt: skip


@pytest.fixture(autouse=True)
def _today() -> Iterator[None]:
    yield
    clock.run_ahead(timedelta(0))


def tidied_after(hall: Hall, days: float) -> Tidied:
    clock.run_ahead(timedelta(days=days))
    return tidy(hall.engine)


def count(hall: Hall, table: str, where: str = "1 = 1") -> int:
    return int(hall.rows(f"SELECT count(*) FROM {table} WHERE {where}")[0][0])


def test_every_age_is_the_one_that_documents_promise() -> None:
    page = (ROOT / "docs" / "operating.md").read_text(encoding="utf-8")
    for name, days in PROMISED.items():
        assert getattr(retention, name) == timedelta(days=days), name
        assert f"| {days} days" in page, name


def test_contact_and_text_of_a_report_go_30_days_after_it_was_closed(hall: Hall) -> None:
    form = {"kind": "hours", "text": "They close at noon.", "contact": "buyer@example.com"}
    assert "30 days" in hall.visitor().get(f"/zones/{ZONE_ID}/report").text, "the form says so"
    for _ in range(2):
        hall.visitor().post(f"/zones/{ZONE_ID}/report", data=form)
    hall.staff().post("/review/reports/1", data={"answer": "Thank you."})
    tidied_after(hall, 29.9)
    assert count(hall, "problemreport", "contact <> '' AND text <> ''") == 2
    tidied_after(hall, 30.1)
    assert hall.rows("SELECT id, kind, text, contact, state FROM problemreport ORDER BY id") == [
        (1, "hours", "", "", "closed"),
        (2, "hours", "They close at noon.", "buyer@example.com", "open"),
    ], "one that nobody answered stays"


def test_drafts_go_after_90_days_without_a_change_and_what_waits_or_was_published_stays(hall: Hall) -> None:
    clerk, stranger = hall.visitor(), hall.visitor()
    hall.submit(clerk)  # 1 waits for the button in the mail
    hall.submit(stranger, email="stranger@gmail.com")
    hall.confirm(stranger, "stranger@gmail.com")  # 2 waits for a moderator
    hall.visitor().post(f"/zones/{ZONE_ID}/ours", data={"action": "correct"})  # 3 is a draft
    tidied_after(hall, 89.9)
    assert count(hall, "submission") == 3
    tidied_after(hall, 90.1)
    assert hall.rows("SELECT id, state FROM submission") == [(2, "waiting_for_review")]
    hall.engine.dispose()


def test_declined_and_withdrawn_submissions_go_after_a_year(hall: Hall) -> None:
    stranger = hall.visitor()
    hall.submit(stranger, email="stranger@gmail.com")
    hall.confirm(stranger, "stranger@gmail.com")
    hall.decide(hall.staff(), "decline", "Not yours.")
    assert hall.state(1) == "declined"
    tidied_after(hall, 364.9)
    assert count(hall, "submission") == 1
    tidied_after(hall, 365.1)
    assert count(hall, "submission") == 0
    assert count(hall, "change", "kind = 'submission' AND subject = '1'") > 0, "the log stays"


def test_links_go_30_days_after_they_were_spent_or_expired(hall: Hall) -> None:
    hall.staff()
    spent = count(hall, "link", "spent_at IS NOT NULL")
    hall.visitor().post("/sign-in", data={"email": "moderator@example.org"})  # good for half an hour
    assert (spent, count(hall, "link")) == (1, 2)
    tidied_after(hall, 30.01)
    assert count(hall, "link", "spent_at IS NULL") == 1
    tidied_after(hall, 30.1)
    assert count(hall, "link") == 0


def test_mails_are_forgotten_after_90_days_and_texts_that_were_not_delivered_after_30(hall: Hall) -> None:
    columns = "INSERT INTO outbox_mail (recipient, mailbox, kind, subject, message, created_at, next_at, sent_at, "
    at = {"at": clock.now().isoformat(" ")}
    with hall.engine.begin() as connection:
        for name, next_at, sent_at in (("waits", ":at", "NULL"), ("sent", "NULL", ":at"), ("given up", "NULL", "NULL")):
            values = f"VALUES ('a@b.gov', 'a@b.gov', 'notice', '{name}', 'text', :at, {next_at}, {sent_at}, 0, '')"
            connection.execute(text(f"{columns} attempts, error) {values}"), at)
    tidied_after(hall, 29.9)
    assert count(hall, "outbox_mail", "message = 'text'") == 3
    tidied_after(hall, 30.1)
    assert hall.rows("SELECT subject FROM outbox_mail WHERE message = ''") == [("given up",)]
    tidied_after(hall, 89.9)
    assert count(hall, "outbox_mail") == 3
    tidied_after(hall, 90.1)
    assert hall.rows("SELECT subject FROM outbox_mail") == [("waits",)]


def test_answers_and_sessions_go_when_they_expire(hall: Hall) -> None:
    hall.staff()
    with hall.engine.begin() as connection:
        for number, days in enumerate((1, 3)):
            expires = {"n": number, "at": (clock.now() + timedelta(days=days)).isoformat(" ")}
            connection.execute(text("INSERT INTO geocode_answer VALUES (:n, :at, 'x')".replace(
                "VALUES", "(key, expires_at, sealed) VALUES")), {**expires, "n": str(number)})  # fmt: skip
            connection.execute(
                text("INSERT INTO login_session (digest, person_id, created_at, expires_at) VALUES (:n, 1, :at, :at)"),
                {**expires, "n": str(number)},
            )
    done = tidied_after(hall, 2)
    assert done.rows["expired answers of geocoders"] == 1
    assert hall.rows("SELECT key FROM geocode_answer") == hall.rows("SELECT digest FROM login_session") == [("1",)]


def test_photos_that_nothing_shows_go_and_those_of_a_version_that_can_be_restored_stay(hall: Hall) -> None:
    digests = {name: f"{number:064x}" for number, name in enumerate(("zone", "kit", "draft", "log", "nowhere", "new"))}
    number = hall.submit(hall.visitor()) and hall.number()
    with transaction(hall.engine) as session:
        for digest in digests.values():
            keep_photo(session, digest, b"jpeg", 1, 1)
        log(session, By("clerk", ""), "zone", ZONE_ID, "changed", {"photo": digests["log"]})
    with hall.engine.begin() as connection:
        connection.execute(text("UPDATE zone SET photo = :d WHERE zone_id = :z"), {"d": digests["zone"], "z": ZONE_ID})
        connection.execute(
            text("INSERT INTO town_kit (town, web_page, email, phone, logo, logo_alt, embed_sites, changed_at, "
                 "changed_by) VALUES ('ct/darien', '', '', '', :d, '', '[]', '2026-01-01', '')"), {"d": digests["kit"]},
        )  # fmt: skip
        items = f'[{{"key": "a", "values": {{"photo": "{digests["draft"]}"}}}}]'
        connection.execute(text("UPDATE submission SET items = :i WHERE id = :n"), {"i": items, "n": number})
    tidied_after(hall, 29.9)
    assert count(hall, "photo") == len(digests)
    clock.run_ahead(timedelta(days=30.1))
    with transaction(hall.engine) as session:
        keep_photo(session, digests["new"], b"jpeg", 1, 1)
    tidy(hall.engine)
    assert {row[0] for row in hall.rows("SELECT digest FROM photo")} == set(digests.values()) - {digests["nowhere"]}
    tidied_after(hall, 91)
    assert count(hall, "photo", f"digest = '{digests['draft']}'") == 0, "its draft is gone"


def test_the_command_counts_first_works_in_batches_and_does_nothing_twice(
    hall: Hall, monkeypatch: pytest.MonkeyPatch
) -> None:
    for _ in range(5):
        hall.visitor().post(f"/zones/{ZONE_ID}/ours", data={"action": "correct"})
    monkeypatch.setattr(retention, "BATCH", 2)
    run = CliRunner(env={**hall.environment, "SAFEZONES_CLOCK_AHEAD_DAYS": "91"})
    for arguments, left, words in (
        (["--dry-run"], 5, "5 drafts unchanged for 90 days"), ([], 0, "5 drafts unchanged for 90 days"),
        ([], 0, "0 drafts unchanged for 90 days"),
    ):  # fmt: skip
        result = run.invoke(main, ["tidy", *arguments])
        assert result.exit_code == 0 and words in result.output, result.output
        assert ("Nothing was changed" in result.output) == bool(arguments)
        assert count(hall, "submission") == left

"""People's data: shown, exported, forgotten in every table and free page; and the log for records requests."""

import csv
import json
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import MetaData, event, select, text
from sqlalchemy.exc import DBAPIError

from directory.cli import main
from directory.clock import now
from directory.db.log import Author, log
from directory.db.queries.accounts import person_by_email
from directory.db.tables.log import LogKind
from directory.db.transaction import transaction
from directory.store.privacy.personal_data import forget, held
from tests.support.site import Site

CLERK = "jo.clerk@westonct.gov"
TAGGED = "Jo.Clerk+Zones@WestonCT.gov"
TRACES = (b"jo.clerk", b"Jo.Clerk", b"JO.CLERK")
ZONE_ID = "ct-darien-parking-lot"


@pytest.fixture
def used(site: Site) -> Site:
    """A site on which the clerk did all that leaves a trace."""
    client = site.signed_in_as_clerk(CLERK)
    site.accept(CLERK)
    site.submit(client, {"street_address": "1 Elsewhere Road"}, email=CLERK)  # a second one, which waits or is live
    client.post("/desk/ct/weston-police-department/people", data={"email": "colleague@westonct.gov", "role": "editor"})
    site.visitor().post("/submit", data={"department": "Police", "region": "CT", "town": "Weston", "email": TAGGED})
    site.visitor().post(f"/zones/{ZONE_ID}/report", data={"kind": "hours", "text": "Closed.", "contact": TAGGED})
    site.visitor().post("/sign-in", data={"email": TAGGED})
    moderator = site.staff()
    for number, state in site.rows("SELECT id, state FROM submission"):
        if state == "waiting_for_review":
            site.decide(moderator, "approve", f"Rang {CLERK}.", number)
    at = {"at": now().isoformat(" ")}
    with site.engine.begin() as connection:
        person = connection.execute(text("SELECT id FROM person WHERE email = :e"), {"e": CLERK}).scalar()
        for statement in (
            "INSERT INTO login_session (digest, person_id, created_at, expires_at) VALUES ('d', :p, :at, :at)",
            "INSERT INTO passkey (credential_id, person_id, public_key, sign_count, name, added_at) "
            f"VALUES ('c', :p, :k, 0, '{TAGGED}', :at)",
            'INSERT INTO town_kit_change (town, "values", base, status, person_id, sent_at, decided_by, reason) '
            f"VALUES ('ct/weston', '{{\"email\": \"{CLERK}\"}}', '{{}}', 'waiting', :p, :at, '', '')",
            "INSERT INTO town_kit (town, web_page, email, phone, logo, logo_alt, embed_sites, changed_at, changed_by) "
            f"VALUES ('ct/weston', '', '{TAGGED}', '', '', '', '[]', :at, '{CLERK}')",
            "INSERT INTO department_token (department, name, digest, person_id, created_at) "
            f"VALUES ('ct/weston-police-department', '{TAGGED}', 'd', :p, :at)",
            "INSERT INTO zone_list_address (department, url, person_id, set_at, next_at, failures, problem, counts) "
            f"VALUES ('ct/weston-police-department', 'https://x.gov/{CLERK}', :p, :at, :at, 0, '{{}}', '{{}}')",
            "INSERT INTO barred_sender (value, kind, at, by, reason) VALUES (:m, 'mailbox', :at, 'm', 'a test')",
        ):
            connection.execute(text(statement), {**at, "p": person, "m": CLERK, "k": b"key"})
        connection.execute(
            text("UPDATE zone SET status_note = :n WHERE zone_id = :z"), {"n": f"Ask ({TAGGED}).", "z": ZONE_ID}
        )
    with transaction(site.engine) as session:
        log(session, Author(f"{TAGGED}, approved by m@example.org", ""), LogKind.PERSON, TAGGED, "left",
            {"department": "x", TAGGED: [CLERK]}, before={"note": f"not x{CLERK}, but '{CLERK}'"})  # fmt: skip
    return site


def run(site: Site, *arguments: str, **options: Any) -> Result:
    return CliRunner(env=site.environment).invoke(main, list(arguments), **options)


def dump(site: Site, folder: Path) -> bytes:
    """Everything the database holds: SQLite's files as they lie, with free pages; PostgreSQL's dump."""
    if not site.settings.database_url:
        return b"".join(path.read_bytes() for path in sorted(site.settings.data_dir.glob("directory.sqlite*")))
    program = sorted(Path("/usr/lib/postgresql").glob("*/bin/pg_dump"))[-1]
    url = site.settings.database_url.replace("postgresql+psycopg", "postgresql")
    return subprocess.run([program, url], check=True, capture_output=True).stdout


def entries(site: Site) -> list[tuple[int, str, str, str]]:
    return site.rows("SELECT id, kind, action, CAST(at AS VARCHAR) FROM change ORDER BY id")


def test_everything_that_is_held_of_a_person_is_shown_and_exported_without_secrets(used: Site, tmp_path: Path) -> None:
    file = tmp_path / "person.json"
    exported = run(used, "person", "export", "JO.CLERK+else@westonct.gov", "--output", str(file))
    assert exported.exit_code == 0, exported.output
    assert file.stat().st_mode & 0o077 == 0
    found = json.loads(file.read_text(encoding="utf-8"))
    assert set(found) == {
        "account", "membership", "proof", "login_session", "passkey", "town_kit_change", "submission", "link",
        "outbox_mail", "problemreport", "barred_sender", "department_token", "zone_list_address", "acted", "log",
    }  # fmt: skip
    for kind, rows in found.items():
        assert rows, kind
    assert len(found["submission"]) == 3 and found["problemreport"][0]["contact"] == TAGGED.lower()
    assert {entry["action"] for entry in found["log"]} >= {"e-mail proven", "left"}
    acted = {(row["table"], name) for row in found["acted"] for name in row if name.endswith("_by")}
    assert acted >= {("membership", "added_by"), ("town_kit", "changed_by")}
    words = file.read_text(encoding="utf-8")
    assert "/sign-in/" not in words and "totp_secret" not in words and '"digest"' not in words
    shown = run(used, "person", "show", CLERK)
    assert shown.exit_code == 0 and f"email={CLERK}" in shown.output and "problemreport: 1" in shown.output
    assert "account: nothing" in run(used, "person", "show", "nobody@example.org").output


def test_whoever_is_forgotten_is_in_the_database_nowhere_and_the_log_keeps_its_order(
    used: Site, tmp_path: Path
) -> None:
    before, zones = entries(used), used.rows("SELECT count(*) FROM zone")
    assert any(trace in dump(used, tmp_path) for trace in TRACES)
    used.engine.dispose()
    assert run(used, "person", "forget", TAGGED, "--yes").exit_code == 0
    content = dump(used, tmp_path).replace(b"xjo.clerk@", b"")
    assert [trace for trace in TRACES if trace in content] == []
    assert b"xjo.clerk@westonct.gov" in dump(used, tmp_path), "somebody else's address stays"
    after = entries(used)
    assert after[:-1] == before and after[-1][1:3] == ("person", "forgot a person")
    pseudonyms = {
        row[0] for row in used.rows("SELECT subject FROM change WHERE kind = 'person' AND subject LIKE 'person-%'")
    }
    assert len(pseudonyms) == 1 and len(pseudonyms.pop()) == len("person-12345678")
    assert used.rows("SELECT count(*) FROM zone") == zones
    assert set(used.rows("SELECT state, email, note FROM submission")) == {("approved", "", "")}
    with pytest.raises(DBAPIError, match="only grow"), used.engine.begin() as connection:
        connection.execute(text("DELETE FROM change"))
    with pytest.raises(DBAPIError, match="only grow"), used.engine.begin() as connection:
        connection.execute(text("UPDATE change SET actor = 'x'"))
    assert not any(held(used.engine, CLERK).values())
    with transaction(used.engine, writes=False) as session:
        assert person_by_email(session, "colleague@westonct.gov") is not None
    assert run(used, "person", "forget", CLERK, "--yes").exit_code == 2, "there is nothing left"
    assert used.visitor().get(f"/zones/{ZONE_ID}").status_code == 200


def test_all_forms_of_a_gmail_address_are_one_person(site: Site, tmp_path: Path) -> None:
    with transaction(site.engine) as session:
        for form in ("Jo.Clerk+a@gmail.com", "joclerk@googlemail.com", "j.o.clerk@Gmail.com"):
            log(session, Author(form, ""), LogKind.PERSON, form, "signed in")
        log(session, Author("joclerk@example.com", ""), LogKind.PERSON, "joclerk2@gmail.com", "signed in")
    pseudonym = forget(site.engine, "joclerk@gmail.com", "operator")
    rows = site.rows("SELECT actor, subject FROM change WHERE action = 'signed in' ORDER BY id")
    assert rows == [(pseudonym, pseudonym)] * 3 + [("joclerk@example.com", "joclerk2@gmail.com")]


def test_an_error_while_somebody_is_forgotten_changes_nothing_and_the_log_is_closed_again(
    used: Site,
) -> None:
    def fail(_connection: object, _cursor: object, statement: str, *_more: object) -> None:
        if statement.startswith("UPDATE change "):  # the log is open now, and some of it is written
            raise InterruptedError

    before = entries(used), used.rows("SELECT email FROM person ORDER BY id")
    event.listen(used.engine, "before_cursor_execute", fail)
    with pytest.raises(InterruptedError):
        forget(used.engine, CLERK, "operator")
    event.remove(used.engine, "before_cursor_execute", fail)
    assert (entries(used), used.rows("SELECT email FROM person ORDER BY id")) == before
    with pytest.raises(DBAPIError, match="only grow"), used.engine.begin() as connection:
        connection.execute(text("DELETE FROM change"))


def test_somebody_on_whom_others_rely_is_not_forgotten_by_a_word(site: Site) -> None:
    site.signed_in_as_clerk(CLERK)
    site.staff()
    for address, reason in (
        (CLERK, "last manager of ct/weston"),
        ("moderator@example.org", "the last one of the staff"),
    ):
        refused = run(site, "person", "forget", address, input="y\n")
        assert refused.exit_code == 2 and reason in refused.output, refused.output
    assert site.rows("SELECT count(*) FROM person") == [(2,)]
    stranger = site.visitor()
    site.submit(stranger, email="stranger@gmail.com")
    site.confirm(stranger, "stranger@gmail.com")
    asked = run(site, "person", "forget", "stranger@gmail.com", input="n\n")
    assert asked.exit_code == 1 and site.rows("SELECT count(*) FROM person") == [(3,)]
    assert run(site, "person", "forget", "stranger@gmail.com", input="y\n").exit_code == 0
    assert site.rows("SELECT count(*) FROM person") == [(2,)]
    assert site.rows("SELECT email FROM submission") == [(CLERK,)], "what waited goes with its sender"
    assert "no e-mail address" in run(site, "person", "show", "stranger").output


def test_who_was_removed_is_not_let_in_again_by_being_forgotten(site: Site) -> None:
    site.signed_in_as_clerk(CLERK)
    with site.engine.begin() as connection:
        connection.execute(text("UPDATE membership SET role = 'removed'"))
    refused = run(site, "person", "forget", CLERK, input="y\n")
    assert refused.exit_code == 2 and "removed from ct/weston-police-department" in refused.output
    assert site.rows("SELECT role FROM membership") == [("removed",)]
    done = run(site, "person", "forget", CLERK, "--yes")
    assert done.exit_code == 0 and "could join it again" in done.output
    assert "*.bak" in done.output and "mail/*.eml" in done.output


def lines(file: Path) -> Iterator[dict[str, str]]:
    with file.open(encoding="utf-8", newline="") as source:
        yield from csv.DictReader(source)


def test_the_log_is_exported_for_records_requests(used: Site, tmp_path: Path) -> None:
    with transaction(used.engine) as session:
        log(
            session,
            Author("=cmd|' /C calc'!A0", 'Grüße, "quoted"\nand more'),
            LogKind.ZONE,
            ZONE_ID,
            "changed",
            {"name": "Ü"},
        )
    today, file = f"{now():%Y-%m-%d}", tmp_path / "log.csv"
    done = run(used, "log", "export", "--since", today, "--csv", "--output", str(file))
    assert done.exit_code == 0, done.output
    rows = list(lines(file))
    assert list(rows[0]) == ["id", "at", "actor", "kind", "subject", "action", "before", "after", "reason"]
    with used.engine.connect() as connection:
        tables = MetaData()
        tables.reflect(connection, only=["change"])
        table = tables.tables["change"]
        assert set(rows[0]) == set(table.columns.keys()), "every column"
        ids = list(connection.execute(select(table.c.id).where(table.c.at >= now().replace(hour=0, minute=0, second=0))
                                      .order_by(table.c.id)).scalars())  # fmt: skip
    assert [int(row["id"]) for row in rows] == ids
    last = rows[-1]
    assert last["actor"].startswith("'="), "no spreadsheet runs it"
    assert json.loads(last["after"]) == {"name": "Ü"} and last["before"] == ""
    assert last["reason"] == 'Grüße, "quoted"\nand more'
    assert any(CLERK in row["actor"] for row in rows)
    assert list(tmp_path.glob(".*.part")) == [] and file.stat().st_mode & 0o077 == 0
    nothing = run(used, "log", "export", "--since", "2020-01-01", "--until", "2020-12-31", "--csv")
    assert nothing.exit_code == 0 and "0 entries" in nothing.output
    backwards = run(used, "log", "export", "--since", today, "--until", "2020-12-31", "--csv")
    assert backwards.exit_code == 2 and "comes before" in backwards.output


def test_a_redacted_log_names_nobody_and_still_tells_who_is_who(used: Site, tmp_path: Path) -> None:
    file, today = tmp_path / "log.csv", f"{now():%Y-%m-%d}"
    assert run(used, "log", "export", "--since", today, "--csv", "--redact", "--output", str(file)).exit_code == 0
    content = file.read_text(encoding="utf-8")
    assert not any(trace.decode() in content for trace in TRACES) and "@" not in content.replace("@new", "")
    actors = {row["subject"] for row in lines(file) if row["kind"] == "person"}
    assert len(actors) == 3 and all(actor.startswith("person-") for actor in actors), "clerk, colleague, moderator"

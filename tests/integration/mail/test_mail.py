"""Mail: really sent over SMTP, waiting when the server is down, never broken into."""

import socket
import ssl
import subprocess
import threading
from datetime import timedelta
from email import message_from_bytes
from email.policy import SMTP as WIRE
from pathlib import Path
from typing import Any

import pytest
import structlog
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult, LoginPassword
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Engine, text

from directory import clock
from directory.db.queries import outbox
from directory.db.queries.outbox import given_up, waiting
from directory.db.tables.accounts import LinkPurpose
from directory.db.transaction import transaction
from directory.mail.links import LIFETIMES
from directory.mail.message import Button, Message, Quote, one_line, to_email
from directory.mail.message_texts import MOST_OF_A_REPORT
from directory.mail.quoting import MOST_CHARACTERS, OwnText
from directory.mail.worker import HEARTBEAT_SECONDS, FolderTransport, MailWorker, SmtpTransport, transport_for
from directory.moderation.report_digests import MOST_LISTED
from directory.settings import Settings
from directory.statistics.queue_lengths import read_waiting
from directory.store.report_digests import BETWEEN_DIGESTS
from directory.store.runs.mail_status import HEARTBEAT_LATE_SECONDS
from quality.site import free_port
from tests.integration.mail.conftest import queue, settings
from tests.support.mailbox import Mailbox


def test_a_mail_goes_out_over_smtp_once_with_text_and_html(engine: Engine, smtp: tuple[Mailbox, int]) -> None:
    box, port = smtp
    queue(engine)
    worker = MailWorker(engine, SmtpTransport(settings(port)))
    assert worker.deliver_due() == 1
    assert worker.deliver_due() == 0
    recipients, mail = box.received[0]
    assert recipients == ["clerk@example.org"] and len(box.received) == 1
    assert mail["From"] == "Safe Zone Directory <zones@example.org>" and mail["Auto-Submitted"] == "auto-generated"
    assert mail["Message-ID"] and mail["Date"] and mail["Content-Language"] == "en"
    text, html = mail.get_body(("plain",)).get_content(), mail.get_body(("html",)).get_content()
    assert "Open:\r\nhttp://localhost/x?a=1&b=2" in text and "> two\r\n> lines" in text
    assert 'href="http://localhost/x?a=1&amp;b=2"' in html
    assert "<img" not in html and "<script" not in html  # nothing that reports back


def test_a_dead_server_loses_nothing_and_the_pauses_grow(engine: Engine, smtp: tuple[Mailbox, int]) -> None:
    box, port = smtp
    queue(engine)
    dead = MailWorker(engine, SmtpTransport(settings(free_port())))
    alive = MailWorker(engine, SmtpTransport(settings(port)))
    try:
        for minutes in (0, 1, 3, 7):  # after 1, 2 and 4 minutes
            clock.run_ahead(timedelta(minutes=minutes, seconds=5))
            assert dead.deliver_due() == 0
            assert alive.deliver_due() == 0  # not due yet
        clock.run_ahead(timedelta(minutes=16))
        assert alive.deliver_due() == 1
    finally:
        clock.run_ahead(timedelta(0))
    assert len(box.received) == 1


def test_a_mail_that_is_refused_for_good_is_given_up_and_shown(engine: Engine, smtp: tuple[Mailbox, int]) -> None:
    box, port = smtp
    box.answer = "550 <clerk@example.org>: no such user"
    queue(engine)
    with structlog.testing.capture_logs() as log:
        assert MailWorker(engine, SmtpTransport(settings(port))).deliver_due() == 0
    assert "550" in str(log) and "@" not in str(log), "the log names nobody"
    with transaction(engine, writes=False) as session:
        assert "550" in given_up(session)[0].error
        assert waiting(session) == 0


def test_a_mail_refused_for_now_waits(engine: Engine, smtp: tuple[Mailbox, int]) -> None:
    box, port = smtp
    box.answer = "451 try later"
    queue(engine)
    MailWorker(engine, SmtpTransport(settings(port))).deliver_due()
    with transaction(engine, writes=False) as session:
        assert given_up(session) == [] and waiting(session) == 1


def test_a_server_that_says_nothing_holds_nobody_up_for_long(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("directory.mail.worker.SECONDS", 0.3)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        queue(engine)
        assert MailWorker(engine, SmtpTransport(settings(silent.getsockname()[1]))).deliver_due() == 0
    with transaction(engine, writes=False) as session:
        assert waiting(session) == 1


def test_several_postmen_deliver_each_mail_once(engine: Engine, smtp: tuple[Mailbox, int]) -> None:
    box, port = smtp
    for number in range(20):
        queue(engine, Message(OwnText(f"Number {number}"), (OwnText("x"),)))
    threads = [threading.Thread(target=MailWorker(engine, SmtpTransport(settings(port))).deliver_due) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    MailWorker(engine, SmtpTransport(settings(port))).deliver_due()
    subjects = [str(mail["Subject"]) for _, mail in box.received]
    assert sorted(subjects) == sorted(f"Number {number}" for number in range(20))


def test_tls_and_a_password_are_used_when_they_are_set(
    engine: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    key, certificate = tmp_path / "key.pem", tmp_path / "cert.pem"
    command = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout", str(key),
               "-out", str(certificate), "-subj", "/CN=x", "-addext", "subjectAltName=IP:127.0.0.1"]  # fmt: skip
    subprocess.run(command, check=True, capture_output=True)
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    logins = []

    def check(server: Any, session: Any, envelope: Any, mechanism: str, data: LoginPassword) -> AuthResult:
        logins.append((data.login, data.password))
        return AuthResult(success=data.password == b"secret", handled=False)

    box, port = Mailbox(), free_port()
    controller = Controller(box, hostname="127.0.0.1", port=port, tls_context=context, require_starttls=True,
                            authenticator=check, auth_required=True)  # fmt: skip
    controller.start()
    try:
        queue(engine)
        base: dict[str, Any] = {
            "smtp_host": "127.0.0.1",
            "smtp_port": port,
            "smtp_security": "starttls",
            "smtp_user": "zones",
        }
        wrong = Settings(**base, smtp_password="wrong", mail_from="zones@example.org")
        assert MailWorker(engine, SmtpTransport(wrong)).deliver_due() == 0
        clock.run_ahead(timedelta(minutes=2))
        right = Settings(**base, smtp_password="secret", mail_from="zones@example.org")
        assert MailWorker(engine, SmtpTransport(right)).deliver_due() == 1
    finally:
        clock.run_ahead(timedelta(0))
        controller.stop()
    assert logins[-1] == (b"zones", b"secret") and len(box.received) == 1


def test_without_a_server_mails_are_files_that_a_mail_program_opens(engine: Engine, tmp_path: Path) -> None:
    queue(engine)
    way = transport_for(Settings(data_dir=tmp_path))
    assert isinstance(way, FolderTransport)
    MailWorker(engine, way).deliver_due()
    (file,) = (tmp_path / "mail").glob("*.eml")
    assert message_from_bytes(file.read_bytes(), policy=WIRE)["To"] == "clerk@example.org"


@given(st.text(max_size=300))
def test_no_text_breaks_into_the_headers(hostile: str) -> None:
    subject, prose = OwnText(f"About {hostile}"), OwnText(hostile)
    message = Message(subject, (prose, Quote(hostile), Button(prose, "http://localhost/")))
    mail = to_email(message, "zones@example.org", "clerk@example.org")
    wire = message_from_bytes(mail.as_bytes(), policy=WIRE)
    assert sorted(wire.keys()) == sorted(mail.keys())
    assert wire["To"] == "clerk@example.org"
    assert "\n" not in one_line(hostile) and "\r" not in one_line(hostile)


@pytest.mark.parametrize(
    "address", ["a@b.example\r\nBcc: all@example.org", "a@b.example, c@d.example", "<script>@x", "a b@example.org", ""]
)
def test_an_address_that_is_none_is_no_recipient(address: str) -> None:
    from directory.verification.mail_domains import clean_email

    assert clean_email(address) is None


def test_sent_mails_are_not_kept_with_their_links(engine: Engine, smtp: tuple[Mailbox, int]) -> None:
    queue(engine)
    MailWorker(engine, SmtpTransport(settings(smtp[1]))).deliver_due()
    with engine.connect() as connection:
        assert connection.execute(text("SELECT message FROM outbox_mail")).scalar() == ""


def test_a_mail_that_cannot_be_put_on_the_wire_holds_up_no_other(engine: Engine, smtp: tuple[Mailbox, int]) -> None:
    queue(engine)
    queue(engine)
    with engine.begin() as connection:
        broken = {"message": "Resent-Date: today\nResent-Date: tomorrow\n\nTwo of one.\n"}
        connection.execute(text("UPDATE outbox_mail SET message = :message WHERE id = 1"), broken)
    assert MailWorker(engine, SmtpTransport(settings(smtp[1]))).deliver_due() == 1
    with transaction(engine, writes=False) as session:
        assert len(given_up(session)) == 1


def test_four_workers_together_keep_to_the_budgets(engine: Engine, smtp: tuple[Mailbox, int]) -> None:
    box, port = smtp
    for number in range(30):
        queue(engine, recipient=f"clerk{number}@example.org")
    with structlog.testing.capture_logs() as log:
        for _ in range(2):
            postmen = [MailWorker(engine, SmtpTransport(settings(port)), mails_per_day=9) for _ in range(4)]
            threads = [threading.Thread(target=worker.deliver_due) for worker in postmen]
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join()
        worker = MailWorker(engine, SmtpTransport(settings(port)), mails_per_day=9)
        assert [worker.deliver_due() for _ in range(3)] == [0, 0, 0]
    assert len(box.received) == 9
    alarms = [line for line in log if line["event"] == "mail budget exhausted"]
    assert all(line["log_level"] == "error" for line in alarms) and 1 <= len(alarms) <= 5, "once a worker"


def test_a_mail_that_waits_for_its_mailbox_is_no_late_mail(engine: Engine, smtp: tuple[Mailbox, int]) -> None:
    for _ in range(42):
        queue(engine)
    worker = MailWorker(engine, SmtpTransport(settings(smtp[1])))
    assert worker.deliver_due() + worker.deliver_due() == 40
    clock.run_ahead(timedelta(hours=1))
    try:
        assert read_waiting(engine).oldest_mail_seconds == 0
        assert worker.deliver_due() == 0
        clock.run_ahead(timedelta(hours=24, minutes=1))
        assert worker.deliver_due() == 2
    finally:
        clock.run_ahead(timedelta(0))


def test_the_numbers_of_the_budgets() -> None:
    assert (outbox.REQUESTED_A_DAY, outbox.A_MAILBOX_A_DAY, Settings().mails_per_day) == (12, 40, 2_000)
    assert (timedelta(days=1), timedelta(minutes=30)) == (outbox.DAY, outbox.SIGN_IN_GOOD_FOR)
    assert LIFETIMES[LinkPurpose.SIGN_IN] == outbox.SIGN_IN_GOOD_FOR
    assert (10, 200, 80, timedelta(days=1)) == (MOST_LISTED, MOST_OF_A_REPORT, MOST_CHARACTERS, BETWEEN_DIGESTS)
    assert (HEARTBEAT_SECONDS, HEARTBEAT_LATE_SECONDS) == (15, 60)


def test_a_worker_beats_while_it_delivers_and_only_where_it_goes_on(
    engine: Engine, smtp: tuple[Mailbox, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    worker = MailWorker(engine, SmtpTransport(settings(smtp[1])))
    worker.deliver_due()
    with engine.connect() as connection:
        assert connection.execute(text("SELECT count(*) FROM heartbeat")).scalar() == 0, "one round is no watch"
    monkeypatch.setattr("directory.mail.worker.PAUSE_SECONDS", 0.05)
    monkeypatch.setattr("directory.mail.worker.os.getppid", iter([7, 7, 1]).__next__)
    worker.run_forever(beside=7)
    with engine.connect() as connection:
        assert connection.execute(text("SELECT name FROM heartbeat")).all() == [("mail",)]

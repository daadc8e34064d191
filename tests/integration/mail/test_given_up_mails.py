"""Mails that were given up: taken up again whole, or not at all."""

from datetime import timedelta

import pytest
from click.testing import CliRunner
from sqlalchemy import Engine, text

from directory import clock
from directory.cli import main
from directory.db.queries.outbox import given_up
from directory.db.transaction import transaction
from directory.mail.worker import MailWorker, SmtpTransport
from tests.integration.mail.conftest import queue, settings
from tests.support.mailbox import Mailbox


@pytest.fixture
def refused(engine: Engine, smtp: tuple[Mailbox, int]) -> Mailbox:
    """Two mails that the server refused for good."""
    box, port = smtp
    box.answer = "550 blocked"
    for recipient in ("clerk@example.org", "chief+zones@example.org"):
        queue(engine, recipient=recipient)
    assert MailWorker(engine, SmtpTransport(settings(port))).deliver_due() == 0
    box.answer = "250 OK"
    return box


def retried(engine: Engine, smtp: tuple[Mailbox, int], *arguments: str, days: int = 0) -> str:
    """What `safezones mail --retry` says."""
    environment = {
        "SAFEZONES_DATABASE_URL": engine.url.render_as_string(hide_password=False), "SAFEZONES_SMTP_HOST": "127.0.0.1",
        "SAFEZONES_SMTP_PORT": str(smtp[1]), "SAFEZONES_SMTP_SECURITY": "none", "SAFEZONES_BASE_URL": "http://localhost",
        "SAFEZONES_CLOCK_AHEAD_DAYS": str(days),
    }  # fmt: skip
    try:
        result = CliRunner().invoke(main, ["mail", "--retry", *arguments], env=environment)
    finally:
        clock.run_ahead(timedelta(0))
    assert result.exit_code == 0, result.output
    return result.stdout


def test_given_up_mails_are_taken_up_again_whole(engine: Engine, smtp: tuple[Mailbox, int], refused: Mailbox) -> None:
    refused.answer = "451 not yet"
    assert "0 mails sent, 2 wait" in retried(engine, smtp, days=6), "five days to deliver them begin anew"
    with engine.begin() as connection:
        connection.execute(text("UPDATE outbox_mail SET next_at = NULL"))
    refused.answer = "250 OK"
    output = retried(engine, smtp, days=7)
    assert (
        "clerk@example.org  Hello" in output
        and "2 given-up mails taken up again" in output
        and "2 mails sent" in output
    )
    assert "Open:\r\nhttp://localhost/x?a=1&b=2" in refused.received[0][1].get_body(("plain",)).get_content()
    assert "0 given-up mails taken up again" in retried(engine, smtp)
    assert len(refused.received) == 2


def test_the_given_up_mails_to_one_address_are_taken_up_alone(
    engine: Engine, smtp: tuple[Mailbox, int], refused: Mailbox
) -> None:
    output = retried(engine, smtp, "--to", "Chief@example.org")
    assert "1 given-up mails taken up again" in output and "1 stay given up" in output
    assert [recipients for recipients, _ in refused.received] == [["chief+zones@example.org"]]


def test_a_retried_mail_that_is_refused_again_is_given_up_again(
    engine: Engine, smtp: tuple[Mailbox, int], refused: Mailbox
) -> None:
    refused.answer = "550 still blocked"
    assert "0 mails sent, 0 wait" in retried(engine, smtp)
    with transaction(engine, writes=False) as session:
        assert ["still blocked" in mail.error for mail in given_up(session)] == [True, True]


def test_what_was_erased_and_links_to_sign_in_that_expired_are_not_sent_again(
    engine: Engine, smtp: tuple[Mailbox, int], refused: Mailbox
) -> None:
    with engine.begin() as connection:
        connection.execute(text("UPDATE outbox_mail SET kind = 'sign_in' WHERE id = 1"))
    with engine.begin() as connection:
        connection.execute(text("UPDATE outbox_mail SET message = ''"))  # as `safezones tidy` does later
        connection.execute(text("UPDATE outbox_mail SET message = 'Subject: x' WHERE id = 1"))
    output = retried(engine, smtp, days=1)
    assert "0 given-up mails taken up again" in output and "2 stay given up" in output and not refused.received


def test_an_address_without_retry_or_that_is_none_is_refused() -> None:
    for arguments in (["--to", "chief@example.org"], ["--retry", "--to", "chief"]):
        result = CliRunner().invoke(main, ["mail", *arguments])
        assert result.exit_code == 2 and "--to needs --retry, and an address" in result.output

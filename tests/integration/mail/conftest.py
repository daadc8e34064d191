"""An SMTP server with one mailbox, and mails for it."""

from collections.abc import Iterator
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from sqlalchemy import Engine

from directory.db.queries.outbox import put
from directory.db.tables.outbox import MailKind
from directory.db.transaction import transaction
from directory.mail.message import Button, Message, Quote, to_email
from directory.mail.quoting import OwnText
from directory.settings import Settings
from quality.site import free_port
from tests.support.mailbox import Mailbox

MESSAGE = Message(
    OwnText("Hello"),
    (OwnText("A paragraph."), Button(OwnText("Open"), "http://localhost/x?a=1&b=2"), Quote("two\nlines")),
)


@pytest.fixture
def smtp() -> Iterator[tuple[Mailbox, int]]:
    box, port = Mailbox(), free_port()
    controller = Controller(box, hostname="127.0.0.1", port=port)
    controller.start()
    yield box, port
    controller.stop()


def settings(port: int, **values: Any) -> Settings:
    return Settings(
        smtp_host="127.0.0.1", smtp_port=port, smtp_security="none", mail_from="zones@example.org", **values
    )


def queue(engine: Engine, message: Message = MESSAGE, recipient: str = "clerk@example.org") -> None:
    with transaction(engine) as session:
        mail = to_email(message, "zones@example.org", recipient)
        put(session, recipient, str(mail["Subject"]), mail.as_string(), MailKind.NOTICE)

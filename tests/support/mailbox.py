"""A mailbox behind an SMTP server of its own."""

from email import message_from_bytes
from email.policy import SMTP as WIRE
from typing import Any


class Mailbox:
    """What an SMTP server received, and what it answers."""

    def __init__(self) -> None:
        self.received: list[Any] = []
        self.answer = "250 OK"

    async def handle_RCPT(self, server: Any, session: Any, envelope: Any, address: str, options: Any) -> str:
        if not self.answer.startswith("250"):
            return self.answer
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        self.received.append((envelope.rcpt_tos, message_from_bytes(envelope.content, policy=WIRE)))
        return "250 OK"

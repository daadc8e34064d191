"""Mails that wait to be sent."""

from datetime import datetime

from sqlalchemy import Column
from sqlmodel import Field, SQLModel

from directory.db.tables.types import UtcDateTime


class OutboxMessage(SQLModel, table=True):
    """A mail ready to send: the whole message as it goes over the wire."""

    __tablename__ = "outbox_mail"

    id: int | None = Field(default=None, primary_key=True)
    recipient: str = Field(index=True)
    mailbox: str = Field(index=True, description="the recipient in the form in which addresses are compared")
    kind: str = Field(default="notice", description="see Kind")
    subject: str
    message: str
    created_at: datetime = Field(sa_column=Column(UtcDateTime, nullable=False))
    next_at: datetime | None = Field(sa_column=Column(UtcDateTime, index=True))
    attempts: int = 0
    sent_at: datetime | None = Field(default=None, sa_column=Column(UtcDateTime, index=True))
    error: str = ""

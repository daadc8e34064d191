"""Mails that wait to be sent."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import Column
from sqlmodel import Field, SQLModel

from directory.db.tables.types import UtcDateTime, row_number
from directory.zones.schemas import stored_enum


class MailKind(StrEnum):
    """What a mail is: a link to sign in, something that anybody may have asked for by typing the address, or news."""

    SIGN_IN = "sign_in"
    REQUESTED = "requested"
    NOTICE = "notice"


class OutboxMessage(SQLModel, table=True):
    """A mail ready to send: the whole message as it goes over the wire."""

    __tablename__ = "outbox_mail"

    id: int = row_number()
    recipient: str = Field(index=True)
    mailbox: str = Field(index=True, description="the recipient in the form in which addresses are compared")
    kind: MailKind = Field(default=MailKind.NOTICE, sa_type=stored_enum(MailKind))
    subject: str
    message: str
    created_at: datetime = Field(sa_column=Column(UtcDateTime, nullable=False))
    next_at: datetime | None = Field(sa_column=Column(UtcDateTime, index=True))
    attempts: int = 0
    sent_at: datetime | None = Field(default=None, sa_column=Column(UtcDateTime, index=True))
    error: str = ""

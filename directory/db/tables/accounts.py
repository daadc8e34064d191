"""People: who signs in, for which departments, and how that was proven."""

from datetime import datetime
from typing import Any

from sqlalchemy import Column, Index, UniqueConstraint
from sqlmodel import JSON, Field, SQLModel

from directory.db.tables.types import UtcDateTime


class Person(SQLModel, table=True):
    """Somebody whose e-mail address was proven. `staff` is empty, moderator or administrator."""

    id: int | None = Field(default=None, primary_key=True)
    email: str = Field(index=True, unique=True)
    mailbox: str = Field(index=True, unique=True, description="the address in the form in which it is compared")
    language: str = "en"
    staff: str = ""
    totp_secret: str = ""
    totp_step: int = Field(default=0, description="the last time step whose code was used: none is used twice")
    code_failures: int = Field(default=0, description="wrong codes in a row")
    code_wait_until: datetime | None = Field(default=None, sa_column=Column(UtcDateTime))
    created_at: datetime = Field(sa_column=Column(UtcDateTime, nullable=False))


class Membership(SQLModel, table=True):
    """A person acts for a department, as editor or manager; or was removed."""

    id: int | None = Field(default=None, primary_key=True)
    person_id: int = Field(foreign_key="person.id", index=True)
    department: str = Field(index=True, description="the department's slug; it may not be in the directory yet")
    role: str
    since: datetime = Field(sa_column=Column(UtcDateTime, nullable=False))
    added_by: str
    accepted_at: datetime | None = Field(default=None, sa_column=Column(UtcDateTime))
    accepted_by: str = Field(default="", description="the moderator or manager who first accepted what they do")

    __table_args__ = (UniqueConstraint("person_id", "department"),)


class Proof(SQLModel, table=True):
    """A verification level (`rung`) that a person reached for a department."""

    id: int | None = Field(default=None, primary_key=True)
    person_id: int = Field(foreign_key="person.id")
    department: str
    rung: int
    method: str
    detail: str
    domain: str = Field(default="", description="the domain on which it rests, if it rests on one")
    at: datetime = Field(sa_column=Column(UtcDateTime, nullable=False))
    noted_by: str

    __table_args__ = (Index("proof_of", "department", "person_id"),)


class LoginSession(SQLModel, table=True):
    """A signed-in browser; only a digest of its token is kept. Signing out deletes the row."""

    __tablename__ = "login_session"

    digest: str = Field(primary_key=True)
    person_id: int = Field(foreign_key="person.id", index=True)
    created_at: datetime = Field(sa_column=Column(UtcDateTime, nullable=False))
    expires_at: datetime = Field(sa_column=Column(UtcDateTime, nullable=False))
    second_factor_at: datetime | None = Field(default=None, sa_column=Column(UtcDateTime))


class Passkey(SQLModel, table=True):
    """A WebAuthn credential of a member of staff: a second factor."""

    credential_id: str = Field(primary_key=True, description="base64url")
    person_id: int = Field(foreign_key="person.id", index=True)
    public_key: bytes
    sign_count: int
    name: str
    added_at: datetime = Field(sa_column=Column(UtcDateTime, nullable=False))
    used_at: datetime | None = Field(default=None, sa_column=Column(UtcDateTime))


class BarredSender(SQLModel, table=True):
    """A mailbox or a domain that may not sign in, send or prove anything."""

    __tablename__ = "barred_sender"

    value: str = Field(primary_key=True, description="a mailbox (see directory.mailbox) or a domain")
    kind: str = Field(description="mailbox or domain")
    at: datetime = Field(sa_column=Column(UtcDateTime, nullable=False))
    by: str
    reason: str


class Link(SQLModel, table=True):
    """A link that was mailed: good once, until it expires. Only a digest of it is kept."""

    digest: str = Field(primary_key=True)
    purpose: str
    email: str = Field(index=True)
    subject: dict[str, Any] = Field(default_factory=dict, sa_type=JSON)
    created_at: datetime = Field(sa_column=Column(UtcDateTime, nullable=False))
    expires_at: datetime = Field(sa_column=Column(UtcDateTime, nullable=False))
    spent_at: datetime | None = Field(default=None, sa_column=Column(UtcDateTime))

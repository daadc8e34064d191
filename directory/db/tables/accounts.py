"""People: who signs in, for which departments, and how that was proven."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import Column, Index, UniqueConstraint
from sqlmodel import JSON, Field, SQLModel

from directory.db.tables.types import UtcDateTime, row_number
from directory.zones.schemas import stored_enum


class Staff(StrEnum):
    """Who looks after the directory itself."""

    NONE = ""
    MODERATOR = "moderator"
    ADMINISTRATOR = "administrator"


class Role(StrEnum):
    """What somebody may do for a department. Who was removed stays so: the address does not let them in again."""

    EDITOR = "editor"
    MANAGER = "manager"
    REMOVED = "removed"


class Method(StrEnum):
    """How a verification level was reached."""

    OFFICIAL_DOMAIN = "official_domain"
    MODERATOR = "moderator"
    DNS = "dns"
    WELL_KNOWN = "well_known"
    CALL_BACK = "call_back"
    COLLEAGUE = "colleague"


class BarredKind(StrEnum):
    """What is barred."""

    MAILBOX = "mailbox"
    DOMAIN = "domain"


class LinkPurpose(StrEnum):
    """What a mailed link is good for."""

    SIGN_IN = "sign_in"
    PROVE_EMAIL = "prove_email"
    STILL_RIGHT = "still_right"
    OBJECTION = "objection"


class Person(SQLModel, table=True):
    """Somebody whose e-mail address was proven."""

    id: int = row_number()
    email: str = Field(index=True, unique=True)
    mailbox: str = Field(index=True, unique=True, description="the address in the form in which it is compared")
    language: str = "en"
    staff: Staff = Field(default=Staff.NONE, sa_type=stored_enum(Staff))
    totp_secret: str = ""
    totp_step: int = Field(default=0, description="the last time step whose code was used: none is used twice")
    code_failures: int = Field(default=0, description="wrong codes in a row")
    code_wait_until: datetime | None = Field(default=None, sa_column=Column(UtcDateTime))
    created_at: datetime = Field(sa_column=Column(UtcDateTime, nullable=False))


class Membership(SQLModel, table=True):
    """A person's role in a department."""

    id: int = row_number()
    person_id: int = Field(foreign_key="person.id", index=True)
    department: str = Field(index=True, description="the department's slug; it may not be in the directory yet")
    role: Role = Field(sa_type=stored_enum(Role))
    since: datetime = Field(sa_column=Column(UtcDateTime, nullable=False))
    added_by: str
    accepted_at: datetime | None = Field(default=None, sa_column=Column(UtcDateTime))
    accepted_by: str = Field(default="", description="the moderator or manager who first accepted what they do")

    __table_args__ = (UniqueConstraint("person_id", "department"),)


class Proof(SQLModel, table=True):
    """A verification level (`rung`) that a person reached for a department."""

    id: int = row_number()
    person_id: int = Field(foreign_key="person.id")
    department: str
    rung: int
    method: Method = Field(sa_type=stored_enum(Method))
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

    value: str = Field(primary_key=True, description="a mailbox (see directory.mail_address) or a domain")
    kind: BarredKind = Field(sa_type=stored_enum(BarredKind))
    at: datetime = Field(sa_column=Column(UtcDateTime, nullable=False))
    by: str
    reason: str


class Link(SQLModel, table=True):
    """A link that was mailed: good once, until it expires. Only a digest of it is kept."""

    digest: str = Field(primary_key=True)
    purpose: LinkPurpose = Field(sa_type=stored_enum(LinkPurpose))
    email: str = Field(index=True)
    subject: dict[str, Any] = Field(default_factory=dict, sa_type=JSON)
    created_at: datetime = Field(sa_column=Column(UtcDateTime, nullable=False))
    expires_at: datetime = Field(sa_column=Column(UtcDateTime, nullable=False))
    spent_at: datetime | None = Field(default=None, sa_column=Column(UtcDateTime))

"""Submissions: drafts, waiting and decided ones."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import Column
from sqlmodel import JSON, Field, SQLModel

from directory.db.tables.types import UtcDateTime, row_number
from directory.zones.keys import department_slug
from directory.zones.schemas import stored_enum


class SubmissionStatus(StrEnum):
    """Where a submission stands."""

    DRAFT = "draft"
    WAITING_FOR_EMAIL = "waiting_for_email"
    WAITING_FOR_REVIEW = "waiting_for_review"
    CHANGES_REQUESTED = "changes_requested"
    APPROVED = "approved"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"


class Channel(StrEnum):
    """How a submission came: typed into a form, pushed with a department's token, read at its address, or sent for the
    department by a county or state."""

    FORM = "form"
    PUSH = "push"
    PULL = "pull"
    UMBRELLA = "umbrella"


class Submission(SQLModel, table=True):
    """What somebody proposes for one department's zones.

    `items` are proposed changes, one a zone (see submissions/items/item.py); `upload` is the spreadsheet that was read
    last (see submissions/uploads/uploaded_file.py), until the submission is published; `faulty` are its rows that wait
    for correction, with their findings. `version` grows with every change, so that nobody decides on what they did not
    see.
    """

    id: int = row_number()
    state: SubmissionStatus = Field(index=True, sa_type=stored_enum(SubmissionStatus))
    version: int = 1
    language: str = "en"
    email: str = Field(default="", index=True)
    email_proven_at: datetime | None = Field(default=None, sa_column=Column(UtcDateTime))
    person_id: int | None = Field(default=None, foreign_key="person.id")
    department: str = ""
    region: str = ""
    town: str = ""
    phone: str = ""
    web_page: str = ""
    note: str = ""
    items: list[dict[str, Any]] = Field(default_factory=list, sa_type=JSON)
    faulty: list[dict[str, Any]] = Field(default_factory=list, sa_type=JSON)
    upload: dict[str, Any] = Field(default_factory=dict, sa_type=JSON)
    file_name: str = ""
    created_at: datetime = Field(sa_column=Column(UtcDateTime, nullable=False))
    updated_at: datetime = Field(sa_column=Column(UtcDateTime, nullable=False))
    sent_at: datetime | None = Field(default=None, sa_column=Column(UtcDateTime))
    decided_at: datetime | None = Field(default=None, sa_column=Column(UtcDateTime))
    decided_by: str = ""
    reason: str = ""
    at_once: bool = Field(default=False, description="published without a moderator: a department's own zones")
    waits_for: list[str] = Field(
        default_factory=list, sa_type=JSON, description="why it was not published at once: codes"
    )
    objection: str = Field(default="", description="which manager objected, and when")
    size: int = Field(default=0, description="bytes that its items, uploaded rows and photos take")
    channel: Channel = Field(default=Channel.FORM, sa_type=stored_enum(Channel))
    looked_at: bool = Field(default=False, description="whether a moderator has seen what was published at once")

    @property
    def department_slug(self) -> str:
        """The key of the department."""
        return department_slug(self.department, self.region)

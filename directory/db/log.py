"""The append-only log: who changed what, and why."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import insert
from sqlmodel import Session, col, select

from directory.clock import now
from directory.db.bulk import insert_rows
from directory.db.tables.log import Json, LogEntry, LogKind


@dataclass(frozen=True, slots=True)
class Author:
    """Who writes, and why: the log's words."""

    actor: str
    reason: str


def log(
    session: Session, by: Author, kind: LogKind, subject: str, action: str, after: Json = None, *, before: Json = None
) -> None:
    """Add one row to the log."""
    row = {
        "at": now(), "actor": by.actor, "kind": kind, "subject": subject, "action": action,
        "before": before, "after": after, "reason": by.reason,
    }  # fmt: skip
    session.execute(insert(LogEntry), [row])


def log_many(session: Session, by: Author, at: datetime, entries: Sequence[dict[str, Any]]) -> None:
    """Add rows of one author, each with its kind, subject and action, and with what was before and after."""
    insert_rows(session, LogEntry, entries, {"at": at, "actor": by.actor, "reason": by.reason})


def logged_since(session: Session, kind: LogKind, subject: str, action: str, since: datetime) -> bool:
    """Whether the log has such a row from since then."""
    query = select(LogEntry.id).where(
        col(LogEntry.kind) == kind,
        col(LogEntry.subject) == subject,
        col(LogEntry.action) == action,
        col(LogEntry.at) > since,
    )
    return session.exec(query.limit(1)).first() is not None

"""The append-only log: who changed what, and why."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import insert
from sqlmodel import Session, col, select

from directory.clock import now
from directory.db.tables.log import Json, LogEntry, LogKind


@dataclass(frozen=True, slots=True)
class Author:
    """Who writes, and why: the log's words."""

    actor: str
    reason: str


def log_entry(by: Author, kind: LogKind, subject: str, action: str, before: Json, after: Json) -> dict[str, Any]:
    """One row of the log."""
    return {
        "at": now(), "actor": by.actor, "kind": kind, "subject": subject, "action": action,
        "before": before, "after": after, "reason": by.reason,
    }  # fmt: skip


def log(
    session: Session, by: Author, kind: LogKind, subject: str, action: str, after: Json = None, *, before: Json = None
) -> None:
    """Add one row to the log."""
    session.execute(insert(LogEntry), [log_entry(by, kind, subject, action, before, after)])


def logged_since(session: Session, kind: LogKind, subject: str, action: str, since: datetime) -> bool:
    """Whether the log has such a row from since then."""
    query = select(LogEntry.id).where(
        col(LogEntry.kind) == kind,
        col(LogEntry.subject) == subject,
        col(LogEntry.action) == action,
        col(LogEntry.at) > since,
    )
    return session.exec(query.limit(1)).first() is not None

"""Retention: which rows are deleted at which age, as documents and pages promise."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Engine, String, cast, delete, update
from sqlmodel import Session, SQLModel, and_, col, func, or_, select

from directory.clock import now
from directory.db.compaction import empty_write_log
from directory.db.tables.accounts import Link, LoginSession
from directory.db.tables.contributions.photos import Photo
from directory.db.tables.contributions.reports import ProblemReport, ReportStatus
from directory.db.tables.contributions.submissions import Submission, SubmissionStatus
from directory.db.tables.contributions.visits import Visit
from directory.db.tables.geocoding import GeocodeAnswer
from directory.db.tables.log import LogEntry
from directory.db.tables.outbox import OutboxMessage
from directory.db.tables.published.town_profiles import TownProfile, TownProfileChange
from directory.db.tables.published.zones import Zone
from directory.db.transaction import transaction
from directory.store.runs.daily_runs import DailyCommand, note_run

REPORT_KEPT = timedelta(days=30)
"""How long contact and text of a problem report are kept after it was closed. The report's form promises it."""
DRAFT_KEPT = timedelta(days=90)
"""How long something that nobody sent, or sent again, is kept after its last change."""
REFUSED_KEPT = timedelta(days=365)
"""How long a declined or withdrawn submission is kept after its last change."""
PHOTO_KEPT = timedelta(days=30)
"""How long a photo that nothing shows is kept after it was uploaded."""
LINK_KEPT = timedelta(days=30)
"""How long the note of a mailed link is kept after it was spent or expired."""
MAIL_KEPT = timedelta(days=90)
"""How long it is known that a mail was sent, or could not be."""
UNDELIVERED_KEPT = timedelta(days=30)
"""How long the text of a mail that could not be delivered is kept."""
VISIT_KEPT = timedelta(days=365)
"""How long the answer of somebody who was at a zone is kept. Its photo stays as long, and goes after that."""
BATCH = 500
"""How many rows go in one transaction: others who write wait no longer than for these."""
MOST_PHOTOS = 10_000
"""How many photos go at once: the others tomorrow."""

UNSENT = (SubmissionStatus.DRAFT, SubmissionStatus.WAITING_FOR_EMAIL, SubmissionStatus.CHANGES_REQUESTED)
REFUSED = (SubmissionStatus.DECLINED, SubmissionStatus.WITHDRAWN)
DIGEST = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True, slots=True)
class RetentionRule:
    """Rows that are due, by their key; they are deleted, or where `blank` names columns, only these are emptied."""

    what: str
    key: Any
    due: ColumnElement[bool]
    blank: tuple[str, ...] = ()


def clean_up(engine: Engine, *, dry_run: bool = False) -> dict[str, int]:
    """Delete what is due, in batches: how many rows of each kind, in words; safe to run as often as one likes.

    `dry_run` only counts. Raises DatabaseError.

    Photos come last, so that those of deleted drafts are found; a dry run still counts them as shown.
    """
    done = {}
    for rule in rules(now()):
        done[rule.what] = _count(engine, rule) if dry_run else sum(_batches(engine, rule))
    with transaction(engine, writes=False) as session:
        rule = _orphaned(session, now())
    done[rule.what] = _count(engine, rule) if dry_run else sum(_batches(engine, rule))
    if not dry_run:
        empty_write_log(engine)
    return done


def clean_up_and_note(engine: Engine) -> dict[str, int]:
    """Delete what is due as `safezones tidy` does, which notes that it was done today. Raises DatabaseError."""
    summary = clean_up(engine)
    note_run(engine, DailyCommand.TIDY)
    return summary


def rules(at: datetime) -> list[RetentionRule]:
    """What is due at that moment."""
    unsent, refused = col(Submission.state).in_(UNSENT), col(Submission.state).in_(REFUSED)
    closed = and_(
        col(ProblemReport.state) == ReportStatus.CLOSED, col(ProblemReport.closed_at) < at - REPORT_KEPT,
        or_(col(ProblemReport.text) != "", col(ProblemReport.contact) != ""),
    )  # fmt: skip
    over = and_(col(OutboxMessage.next_at).is_(None), col(OutboxMessage.created_at) < at - MAIL_KEPT)
    given_up = and_(
        col(OutboxMessage.next_at).is_(None), col(OutboxMessage.sent_at).is_(None), col(OutboxMessage.message) != "",
        col(OutboxMessage.created_at) < at - UNDELIVERED_KEPT,
    )  # fmt: skip
    used = or_(col(Link.spent_at) < at - LINK_KEPT, col(Link.expires_at) < at - LINK_KEPT)
    return [
        RetentionRule("expired answers of geocoders", col(GeocodeAnswer.key), col(GeocodeAnswer.expires_at) <= at),
        RetentionRule("expired sessions", col(LoginSession.digest), col(LoginSession.expires_at) <= at),
        RetentionRule(
            f"contacts and texts of reports closed {REPORT_KEPT.days} days ago",
            col(ProblemReport.id),
            closed,
            blank=("text", "contact"),
        ),
        RetentionRule(
            f"drafts unchanged for {DRAFT_KEPT.days} days",
            col(Submission.id),
            and_(unsent, col(Submission.updated_at) < at - DRAFT_KEPT),
        ),
        RetentionRule(
            f"submissions declined or withdrawn {REFUSED_KEPT.days} days ago",
            col(Submission.id),
            and_(refused, col(Submission.updated_at) < at - REFUSED_KEPT),
        ),
        RetentionRule(f"links spent or expired {LINK_KEPT.days} days ago", col(Link.digest), used),
        RetentionRule(
            f"texts of mails not delivered for {UNDELIVERED_KEPT.days} days",
            col(OutboxMessage.id),
            given_up,
            blank=("message",),
        ),
        RetentionRule(f"notes of mails of {MAIL_KEPT.days} days ago", col(OutboxMessage.id), over),
        RetentionRule(
            f"visits of {VISIT_KEPT.days} days ago",
            col(Visit.id),
            col(Visit.day) < (at - VISIT_KEPT).date().isoformat(),
        ),
    ]


def _orphaned(session: Session, at: datetime) -> RetentionRule:
    """Old photos that nothing shows: no zone, town's page, submission or visit, nor any version to be restored."""
    old = select(Photo.digest).where(col(Photo.added_at) < at - PHOTO_KEPT)
    orphaned = (
        set(session.exec(old)) - set(_photo_digests_in_use(session)) if session.exec(old.limit(1)).first() else set()
    )
    return RetentionRule(
        f"photos that nothing has shown for {PHOTO_KEPT.days} days", col(Photo.digest),
        and_(col(Photo.digest).in_(sorted(orphaned)[:MOST_PHOTOS]), col(Photo.added_at) < at - PHOTO_KEPT),
    )  # fmt: skip


def _photo_digests_in_use(session: Session) -> Iterator[str]:
    """The digest of every photo that is shown, if only to moderators, or would be if a version were restored."""
    yield from session.exec(select(Zone.photo).where(col(Zone.photo) != ""))
    yield from session.exec(select(Visit.photo).where(col(Visit.photo) != ""))
    yield from session.exec(select(TownProfile.logo).where(col(TownProfile.logo) != ""))
    for values in (Submission.items, TownProfileChange.values, TownProfileChange.base, LogEntry.before, LogEntry.after):
        text = cast(col(values), String)
        for content in session.exec(select(text).where(or_(text.like('%"photo"%'), text.like('%"logo"%')))):
            yield from DIGEST.findall(str(content))


def _count(engine: Engine, rule: RetentionRule) -> int:
    with transaction(engine, writes=False) as session:
        return session.exec(select(func.count()).select_from(_table(rule)).where(rule.due)).one()


def _batches(engine: Engine, rule: RetentionRule) -> Iterator[int]:
    """How many rows each transaction took."""
    table = _table(rule)
    some = select(rule.key).where(rule.due).limit(BATCH).scalar_subquery()
    change = update(table).values(dict.fromkeys(rule.blank, "")) if rule.blank else delete(table)
    while True:
        with transaction(engine) as session:
            # Once more, for what somebody has changed meanwhile.
            count = session.execute(change.where(rule.key.in_(some), rule.due)).rowcount  # type: ignore[attr-defined]
        if count == 0:
            return
        yield count


def _table(rule: RetentionRule) -> type[SQLModel]:
    return rule.key.class_  # type: ignore[no-any-return]

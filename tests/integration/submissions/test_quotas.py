"""How many bytes drafts take: each of them, and those of strangers together."""

from datetime import UTC, datetime
from typing import Any

import pytest
from sqlalchemy import Engine

from directory.db.tables.accounts import Person, Staff
from directory.db.tables.contributions.submissions import Submission, SubmissionStatus
from directory.db.transaction import transaction
from directory.submissions.quotas import DRAFT_BYTES, DraftFullError, DraftsFullError, grown, size_after
from tests.conftest import only_sqlite

NOW = datetime(2026, 6, 1, tzinfo=UTC)


def draft(size: int, **values: Any) -> Submission:
    return Submission(state=SubmissionStatus.DRAFT, created_at=NOW, updated_at=NOW, size=size, **values)


@only_sqlite
@pytest.mark.parametrize(
    ("size", "added", "after"),
    [
        (0, DRAFT_BYTES, DRAFT_BYTES),
        (DRAFT_BYTES, 0, DRAFT_BYTES),
        (DRAFT_BYTES + 7, -5, DRAFT_BYTES + 2),
        (3, -9, 0),
        (DRAFT_BYTES + 7, 0, DRAFT_BYTES + 7),
    ],
)
def test_a_draft_grows_to_its_limit_and_may_always_shrink(engine: Engine, size: int, added: int, after: int) -> None:
    with transaction(engine) as session:
        assert grown(session, draft(size), added, DRAFT_BYTES * 9) == after


@only_sqlite
@pytest.mark.parametrize(("size", "added"), [(0, DRAFT_BYTES + 1), (DRAFT_BYTES, 1)])
def test_a_byte_too_many_is_refused(engine: Engine, size: int, added: int) -> None:
    with transaction(engine) as session, pytest.raises(DraftFullError):
        grown(session, draft(size), added, DRAFT_BYTES * 9)


@only_sqlite
def test_strangers_share_what_all_drafts_may_take_and_staff_does_not_wait_for_them(engine: Engine) -> None:
    with transaction(engine) as session:
        session.add(draft(900))
        session.add(Submission(state=SubmissionStatus.APPROVED, created_at=NOW, updated_at=NOW, size=5_000))
        moderator = Person(email="m@example.org", mailbox="m@example.org", staff=Staff.MODERATOR, created_at=NOW)
        session.add(moderator)
        session.flush()
        stranger = draft(10)
        assert grown(session, stranger, 100, 1_000) == 110
        with pytest.raises(DraftsFullError):
            grown(session, stranger, 101, 1_000)
        assert grown(session, draft(10, person_id=moderator.id), 101, 1_000) == 111
        assert grown(session, stranger, 0, 100) == 10, "who only shrinks never waits"
        assert grown(session, stranger, -4, 100) == 6
        with pytest.raises(DraftsFullError):
            grown(session, stranger, 1, 900)


@only_sqlite
def test_items_and_waiting_rows_are_measured_as_they_are_stored(engine: Engine) -> None:
    items, rows = [{"key": "é"}], [{"row": 1}]
    with transaction(engine) as session:
        empty = draft(50)
        assert size_after(session, empty, {"items": items}, 10_000) == 50 + len('{"key": "é"}'.encode())
        assert size_after(session, empty, {"faulty": rows}, 10_000) == 50 + len('{"row": 1}')
        assert size_after(session, empty, {}, 10_000) == 50
        full = draft(50, items=items, faulty=rows)
        assert size_after(session, full, {"items": []}, 10_000) == 50 - len('{"key": "é"}'.encode())
        assert size_after(session, full, {"items": items, "faulty": []}, 10_000) == 50 - len('{"row": 1}')

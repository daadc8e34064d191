"""How many bytes drafts may take: each of them, and all together, so that no stranger fills the disk."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

from directory.db.queries.accounts import is_known
from directory.db.queries.submissions import undecided_bytes
from directory.db.tables.submissions import Submission
from directory.db.transaction import Session
from directory.errors import NotAllowedError, UnavailableError

DRAFT_BYTES = 10_000_000
"""What one draft may take: its zones, the rows of a spreadsheet that wait, and every photo that was sent to it."""


class DraftFullError(NotAllowedError):
    """The draft takes as many bytes as a draft may; nothing was kept of what was sent."""


class DraftsFullError(UnavailableError):
    """All drafts together take as many bytes as the operator allows; nothing was kept of what was sent."""


def size_after(session: Session, row: Submission, values: Mapping[str, Any], most_of_all: int) -> int:
    """The bytes of a draft once `values` replace what it holds.

    A draft that only shrinks always may. `most_of_all` binds drafts of people who are not known, so that somebody
    who fills the quota keeps no department out. Raises DraftFullError or DraftsFullError.
    """
    before = _bytes_of(row.items, row.faulty)
    after = _bytes_of(values.get("items", row.items), values.get("faulty", row.faulty))
    return grown(session, row, after - before, most_of_all)


def grown(session: Session, row: Submission, added: int, most_of_all: int) -> int:
    """The bytes of a draft that takes `added` more. Raises DraftFullError or DraftsFullError."""
    size = max(0, row.size + added)
    if added > 0 and size > DRAFT_BYTES:
        raise DraftFullError
    if added > 0 and not is_known(session, row.person_id) and undecided_bytes(session) + added > most_of_all:
        raise DraftsFullError
    return size


def _bytes_of(items: Sequence[Mapping[str, Any]], faulty: Sequence[Mapping[str, Any]]) -> int:
    return len(json.dumps([items, faulty], ensure_ascii=False).encode("utf-8", "replace"))

"""How many bytes drafts may take: each of them, and all together, so that no stranger fills the disk."""

import json
from collections.abc import Mapping
from typing import Any

from directory.db.queries.accounts import is_known
from directory.db.queries.submissions import undecided_bytes
from directory.db.tables.contributions.submissions import Submission
from directory.db.transaction import Session
from directory.errors import NotAllowedError, UnavailableError

DRAFT_BYTES = 10_000_000
"""What one draft may take: its zones, the rows of a spreadsheet, and every photo that was sent to it."""
HELD = ("items", "faulty", "upload")


class DraftFullError(NotAllowedError):
    """The draft takes as many bytes as a draft may; nothing was kept of what was sent."""


class DraftsFullError(UnavailableError):
    """All drafts together take as many bytes as the operator allows; nothing was kept of what was sent."""


def size_after(session: Session, row: Submission, values: Mapping[str, Any], most_of_all: int) -> int:
    """The bytes of a draft once `values` replace what it holds.

    A draft that only shrinks always may. `most_of_all` binds drafts of people who are not known, so that somebody
    who fills the quota keeps no department out. Raises DraftFullError or DraftsFullError.
    """
    before = {name: getattr(row, name) for name in HELD}
    added = _bytes_of({name: values.get(name, before[name]) for name in HELD}) - _bytes_of(before)
    return grown(session, row, added, most_of_all)


def grown(session: Session, row: Submission, added: int, most_of_all: int) -> int:
    """The bytes of a draft that takes `added` more. Raises DraftFullError or DraftsFullError."""
    size = max(0, row.size + added)
    if added > 0 and size > DRAFT_BYTES:
        raise DraftFullError
    if added > 0 and not is_known(session, row.person_id) and undecided_bytes(session) + added > most_of_all:
        raise DraftsFullError
    return size


def _bytes_of(held: Mapping[str, Any]) -> int:
    return len(json.dumps(held, ensure_ascii=False).encode("utf-8", "replace"))

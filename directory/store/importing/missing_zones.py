"""The zones of a dataset that a newer file of it no longer has."""

from typing import NamedTuple

from sqlmodel import Session, col, func, select

from directory.db.tables.published.zones import Zone
from directory.errors import BadInputError
from directory.store.importing.seen_rows import SeenRows
from directory.zones.schemas import SourceKind, Status

LARGE_RETIREMENT = 0.2
"""The part of a dataset that is not withdrawn unasked."""


class TooManyRetiredError(BadInputError):
    """Pruning would withdraw so much of the directory that somebody should look first."""

    def __init__(self, retired: int, total: int) -> None:
        super().__init__(
            f"This file would retire {retired} of {total} zones ({retired / total:.0%}). "
            "Nothing was changed. --dry-run --yes names them; if that is right, run it again with --yes."
        )


class MissingZone(NamedTuple):
    """A zone that the file does not have: who says that it is there, and its status."""

    zone_id: str
    source_kind: SourceKind
    status: Status


def missing_zones(session: Session, dataset: str, seen_rows: SeenRows, *, may_withdraw_many: bool) -> list[MissingZone]:
    """The dataset's zones that no row of the file named. Raises TooManyRetiredError where that is a large part."""
    of_dataset = (col(Zone.status) != Status.WITHDRAWN, col(Zone.dataset) == dataset)
    total = session.exec(select(func.count()).select_from(Zone).where(*of_dataset)).one()
    rows = session.exec(select(Zone.zone_id, Zone.source_kind, Zone.status).where(*of_dataset))
    missing = [
        MissingZone(zone_id, SourceKind(kind), Status(status))
        for zone_id, kind, status in rows
        if not seen_rows.has(f"id:{zone_id}")
    ]
    if total and len(missing) / total > LARGE_RETIREMENT and not may_withdraw_many:
        raise TooManyRetiredError(len(missing), total)
    return missing

"""Queries about what a town says of itself: whom to ask, its logo, and which sites may show its embed."""

from typing import Any

from sqlalchemy import update
from sqlmodel import Session, col, select

from directory.clock import now
from directory.db.log import By, log
from directory.db.tables.directory_version import DirectoryVersion
from directory.db.tables.town_profiles import TownKit, TownKitChange

ANSWERS = ("web_page", "email", "phone", "logo", "logo_alt", "embed_sites")


def kit_answers(session: Session, town: str, *, to_change: bool = False) -> dict[str, Any]:
    """Every answer of a town's kit as it stands; empty ones where nobody filled anything in.

    Whoever is `to_change` them waits on PostgreSQL, as on SQLite, until nobody else writes.
    """
    if to_change:
        session.exec(select(DirectoryVersion).with_for_update()).one()
    row = session.get(TownKit, town, populate_existing=True)
    return {name: getattr(row, name) for name in ANSWERS} if row else dict.fromkeys(ANSWERS, "") | {"embed_sites": []}


def keep_town_kit(session: Session, town: str, values: dict[str, Any], by: By) -> None:
    """Write a town's kit, and what it held before into the log."""
    old = session.get(TownKit, town)
    before = {name: getattr(old, name) for name in ANSWERS} if old else None
    session.merge(TownKit(town=town, **values, changed_at=now(), changed_by=by.actor))
    log(session, by, "town", town, "kit changed", values, before=before)


def waiting_kit_change(session: Session, town: str) -> TownKitChange | None:
    """The change of a town's kit that waits, if one does."""
    found = select(TownKitChange).where(col(TownKitChange.town) == town, col(TownKitChange.status) == "waiting")
    return session.exec(found.order_by(col(TownKitChange.id).desc())).first()


def waiting_kit_changes(session: Session, person_id: int | None = None) -> list[TownKitChange]:
    """Every change of a kit that waits, oldest first; of one sender or of all."""
    found = select(TownKitChange).where(col(TownKitChange.status) == "waiting").order_by(col(TownKitChange.id))
    if person_id is not None:
        found = found.where(col(TownKitChange.person_id) == person_id)
    return list(session.exec(found))


def settle_kit_change(session: Session, number: int, status: str, by: str, reason: str) -> bool:
    """Decide on a change that waits; False when somebody did before. One statement decides between two."""
    done = session.execute(
        update(TownKitChange)
        .where(col(TownKitChange.id) == number, col(TownKitChange.status) == "waiting")
        .values(status=status, decided_at=now(), decided_by=by, reason=reason)
        .execution_options(synchronize_session="fetch")
    )
    return bool(done.rowcount == 1)  # type: ignore[attr-defined]

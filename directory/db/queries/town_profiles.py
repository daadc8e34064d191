"""Queries about what a town says of itself: whom to ask, its logo, and which sites may show its embed."""

from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import update
from sqlmodel import Session, col, select

from directory.clock import now
from directory.db.log import Author, log
from directory.db.tables.accounts import Person
from directory.db.tables.log import LogKind
from directory.db.tables.published.directory_version import DirectoryVersion
from directory.db.tables.published.town_profiles import ProfileChangeStatus, TownProfile, TownProfileChange

ANSWERS = ("web_page", "email", "phone", "logo", "logo_alt", "embed_sites")


def profile_answers(session: Session, town: str, *, to_change: bool = False) -> dict[str, Any]:
    """Every answer of a town's profile as it stands; empty ones where nobody filled anything in.

    Whoever is `to_change` them waits on PostgreSQL, as on SQLite, until nobody else writes.
    """
    if to_change:
        session.exec(select(DirectoryVersion).with_for_update()).one()
    row = session.get(TownProfile, town, populate_existing=True)
    return {name: getattr(row, name) for name in ANSWERS} if row else dict.fromkeys(ANSWERS, "") | {"embed_sites": []}


def save_town_profile(session: Session, town: str, values: dict[str, Any], by: Author) -> None:
    """Write a town's profile, and what it held before into the log."""
    stored_profile = session.get(TownProfile, town)
    before = {name: getattr(stored_profile, name) for name in ANSWERS} if stored_profile else None
    session.merge(TownProfile(town=town, **values, changed_at=now(), changed_by=by.actor))
    log(session, by, LogKind.TOWN, town, "kit changed", values, before=before)


def waiting_profile_change(session: Session, town: str) -> TownProfileChange | None:
    """The change of a town's profile that waits, if one does."""
    query = select(TownProfileChange).where(
        col(TownProfileChange.town) == town, col(TownProfileChange.status) == ProfileChangeStatus.WAITING
    )
    return session.exec(query.order_by(col(TownProfileChange.id).desc())).first()


def waiting_profile_changes(session: Session, person_id: int | None = None) -> list[TownProfileChange]:
    """Every change of a profile that waits, oldest first; of one sender or of all."""
    query = (
        select(TownProfileChange)
        .where(col(TownProfileChange.status) == ProfileChangeStatus.WAITING)
        .order_by(col(TownProfileChange.id))
    )
    if person_id is not None:
        query = query.where(col(TownProfileChange.person_id) == person_id)
    return list(session.exec(query))


class ProfileInQueue(NamedTuple):
    """What a list shows of a change of a town's profile: the town's slug, the sender's address, and since when."""

    id: int
    town: str
    sender: str
    sent_at: datetime


def profile_changes_in_queue(session: Session) -> list[ProfileInQueue]:
    """Every change of a profile that waits, oldest first, without its answers."""
    query = (
        select(TownProfileChange.id, TownProfileChange.town, Person.email, TownProfileChange.sent_at)
        .join(Person, col(Person.id) == col(TownProfileChange.person_id))
        .where(col(TownProfileChange.status) == ProfileChangeStatus.WAITING)
        .order_by(col(TownProfileChange.id))
    )
    return [ProfileInQueue(*row) for row in session.exec(query)]


def settle_profile_change(session: Session, number: int, status: ProfileChangeStatus, by: str, reason: str) -> bool:
    """Decide on a change that waits; False when somebody did before. One statement decides between two."""
    result = session.execute(
        update(TownProfileChange)
        .where(col(TownProfileChange.id) == number, col(TownProfileChange.status) == ProfileChangeStatus.WAITING)
        .values(status=status, decided_at=now(), decided_by=by, reason=reason)
        .execution_options(synchronize_session="fetch")
    )
    return bool(result.rowcount == 1)  # type: ignore[attr-defined]

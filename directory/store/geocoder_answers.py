"""Stored answers of online geocoders, and the turns at which workers may ask one."""

import contextlib
import time
from datetime import timedelta
from typing import Any, cast

from sqlalchemy import Engine, delete
from sqlmodel import Session, col, func, select, text

from directory.clock import now
from directory.db.errors import DatabaseError
from directory.db.tables.geocoding import GeocodeAnswer
from directory.db.transaction import PATIENCE_OF_SEARCHES, transaction
from directory.signing_keys import SigningKeys
from directory.store.encryption import AnswerCipher, DecryptionError

MOST_ANSWERS = 100_000
"""How many answers of geocoders are kept."""
ROOM = 1_000
"""How many make room at once when there are so many."""


class StoredAnswers:
    """What online geocoders answered, shared by all workers. A database in trouble only costs the memory.

    No row tells which address was asked for, nor where it is: both are sealed (see encryption.py). A row expires at a
    midnight (UTC), so that it does not tell when somebody searched. The newest of the site's keys seals; what an
    older one sealed is found until it expires.
    """

    def __init__(self, engine: Engine, keys: SigningKeys) -> None:
        self._engine = engine
        self._keys = keys

    def get(self, text: str) -> list[dict[str, Any]] | None:
        """The stored candidates, or None when there are none that are still good."""
        with contextlib.suppress(DatabaseError, DecryptionError), transaction(self._engine, writes=False) as session:
            for cipher in map(AnswerCipher, self._keys.newest_first):
                row = session.get(GeocodeAnswer, cipher.key(text))
                if row is not None and row.expires_at > now():
                    return cast(list[dict[str, Any]], cipher.open(text, row.sealed))
        return None

    def put(self, text: str, candidates: list[dict[str, Any]], lifetime: timedelta) -> None:
        """Store candidates until the midnight before `lifetime` has passed; `safezones tidy` deletes them then."""
        midnight = now().replace(hour=0, minute=0, second=0, microsecond=0)
        cipher = AnswerCipher(self._keys.newest)
        row = GeocodeAnswer(key=cipher.key(text), sealed=cipher.seal(text, candidates), expires_at=midnight + lifetime)
        with (
            contextlib.suppress(DatabaseError),
            transaction(self._engine, patience_seconds=PATIENCE_OF_SEARCHES) as session,
        ):
            _make_room(session)
            session.merge(row)


def forget_answers(engine: Engine) -> None:
    """Delete what online geocoders answered, whatever key sealed it. Raises DatabaseError."""
    with transaction(engine) as session:
        session.execute(delete(GeocodeAnswer))


def _make_room(session: Session) -> None:
    """Where too many answers are kept, those that expire first go: misses before hits, and the oldest of each."""
    if session.exec(select(func.count()).select_from(GeocodeAnswer)).one() >= MOST_ANSWERS:
        first = select(GeocodeAnswer.key).order_by(col(GeocodeAnswer.expires_at)).limit(ROOM)
        session.execute(delete(GeocodeAnswer).where(col(GeocodeAnswer.key).in_(first)))


class StoredRateLimits:
    """Turns at a geocoder, taken across all workers and machines that share the database."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def take(self, service: str, interval_seconds: float, patience_seconds: float) -> float | None:
        """Reserve the next turn: seconds until it, or None when it is too far off or the database is in trouble."""
        with (
            contextlib.suppress(DatabaseError),
            transaction(self._engine, patience_seconds=PATIENCE_OF_SEARCHES) as session,
        ):
            return _reserve(session, service, interval_seconds, patience_seconds)
        return None


def _reserve(session: Session, service: str, interval: float, patience: float) -> float | None:
    at = time.time()
    session.execute(
        text("INSERT INTO geocode_turn (service, next_at) VALUES (:s, 0) ON CONFLICT DO NOTHING"), {"s": service}
    )
    # One statement decides, so that two workers never get the same turn.
    turn = session.execute(
        text(
            "UPDATE geocode_turn SET next_at = CASE WHEN next_at > :at THEN next_at ELSE :at END + :interval "
            "WHERE service = :s AND next_at <= :latest RETURNING next_at"
        ),
        {"s": service, "at": at, "interval": interval, "latest": at + patience},
    ).scalar()
    return None if turn is None else max(0.0, float(turn) - interval - at)

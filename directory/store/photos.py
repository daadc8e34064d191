"""Stored photos."""

from sqlalchemy import Engine

from directory.db.tables.contributions.photos import Photo
from directory.db.transaction import transaction


def read_photo(engine: Engine, digest: str) -> Photo | None:
    """A photo by its digest, or None. Raises DatabaseError."""
    with transaction(engine, writes=False) as session:
        return session.get(Photo, digest)

"""Datasets of which a release was taken in."""

from functools import cache
from pathlib import Path

from sqlalchemy import Engine
from sqlmodel import select

from directory.db.tables.published.datasets import Dataset
from directory.db.tables.published.zones import Zone
from directory.db.transaction import transaction
from directory.formats.recognition import open_source
from directory.formats.source import BadFileError


def release_of(engine: Engine, name: str) -> str | None:
    """The date of the release of a dataset that was taken in last, empty if it has none; None if none was.

    Raises DatabaseError.
    """
    with transaction(engine, writes=False) as session:
        row = session.get(Dataset, name)
        return row.released if row else None


def release_in(path: Path) -> tuple[str, str]:
    """Name and release of the dataset of which a file is one, each empty where it says none. Raises BadFileError."""
    with open_source(path) as source:
        return source.dataset, source.released


@cache
def packaged_release(path: Path) -> str:
    """The release of a file that does not change while the program runs; empty where it has none or cannot be read."""
    try:
        return release_in(path)[1]
    except BadFileError:
        return ""


def newer_release(engine: Engine, path: Path) -> str:
    """The release that a file is, where it is newer than the one of its dataset that was taken in; else empty.

    Raises BadFileError or DatabaseError.
    """
    dataset, released = release_in(path)
    stored_release = release_of(engine, dataset)
    return released if dataset and released > (stored_release or "") else ""


def only_dataset(engine: Engine) -> dict[str, str]:
    """Name and release of the dataset of which all zones are, as members of a file; empty where there is no such."""
    with transaction(engine, writes=False) as session:
        names = session.exec(select(Zone.dataset).distinct().limit(2)).all()
        row = session.get(Dataset, names[0]) if len(names) == 1 else None
        members = {"dataset": row.name, "released": row.released} if row else {}
        return {member: text for member, text in members.items() if text}

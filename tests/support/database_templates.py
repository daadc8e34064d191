"""Databases of a test's own, copied from patterns that are made once."""

import secrets
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cached_property
from pathlib import Path

from sqlalchemy import create_engine, text

from directory.db.engine import open_database
from directory.db.schema import migrate
from directory.geocoding.gazetteer import Gazetteer
from directory.store.importing.import_options import ImportOptions
from directory.store.importing.importer import import_file

ZONES = Path(__file__).resolve().parent.parent.parent / "data" / "zones.geojson"


@contextmanager
def database_on(server: str, template: str = "template1") -> Iterator[str]:
    """A database of one's own on a PostgreSQL server, empty or a copy of another; gives its URL."""
    name = f"test_{secrets.token_hex(8)}"
    admin = create_engine(server, isolation_level="AUTOCOMMIT")
    with admin.connect() as connection:
        connection.execute(text(f'CREATE DATABASE "{name}" TEMPLATE "{template}"'))
    try:
        yield server.removesuffix("postgres") + name
    finally:
        with admin.connect() as connection:
            connection.execute(text(f'DROP DATABASE "{name}" WITH (FORCE)'))
        admin.dispose()


@contextmanager
def copy_of(url: str, folder: Path) -> Iterator[str]:
    """A database of one's own that holds what another holds, to which nobody is connected; gives its URL.

    A file has the name that settings look for in their folder.
    """
    if url.startswith("sqlite"):
        yield f"sqlite:///{shutil.copy(url.removeprefix('sqlite:///'), folder / 'directory.sqlite')}"
        return
    server, _, name = url.rpartition("/")
    with database_on(f"{server}/postgres", name) as own:
        yield own


class DatabaseTemplates:
    """Databases to be copied, each made when it is first asked for; nobody is connected to them."""

    def __init__(self, new: Callable[[], str], gazetteer: Gazetteer) -> None:
        self._new = new
        self._gazetteer = gazetteer

    @cached_property
    def without_rows(self) -> str:
        return self._made()

    @cached_property
    def with_real_zones(self) -> str:
        """Importing them takes seconds."""
        return self._made(ZONES)

    def _made(self, file: Path | None = None) -> str:
        url = self._new()
        engine = open_database(url)
        migrate(engine)
        if file is not None:
            import_file(engine, file, self._gazetteer, ImportOptions())
        engine.dispose()
        return url

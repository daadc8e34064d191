"""What the tests share: real parts on temporary files, and servers on loopback."""

import gc
import os
import shutil
import sqlite3
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any, ClassVar, NoReturn

import pytest
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import settings as hypothesis_settings
from jinja2.bccache import Bucket, BytecodeCache
from playwright.sync_api import Browser, expect
from sqlalchemy import Engine, event
from werkzeug.routing import Rule

from directory.app import create_app
from directory.db.engine import open_database
from directory.geocoding.gazetteer import Gazetteer
from directory.search.snapshots.snapshot import Snapshot
from directory.search.snapshots.snapshot_cache import EarlierSnapshot
from directory.search.snapshots.snapshot_file import LAST_KNOWN, SnapshotFile
from directory.settings import Settings
from directory.store.directory_reader import read_directory
from directory.store.importing.import_options import ImportOptions
from directory.store.importing.import_report import ImportReport
from directory.store.importing.importer import import_file
from directory.store.repository import Directory
from quality.postgresql import postgresql_programs, running_postgresql
from quality.site import chromium, chromium_path, running_site
from tests.support.applications import end
from tests.support.basemaps import build_basemap
from tests.support.database_templates import DatabaseTemplates, copy_of, database_on
from tests.support.loopback import Answer, Loopback, Serve
from tests.support.loopback_router import LoopbackRouter, running_router
from tests.support.shared_statements import share_statements
from tests.support.site import Site, site_on

# How long an example takes on a busy machine says nothing of what it shows. In CI examples are the same each time: one
# that fails for the first time says nothing of the change that CI looks at.
hypothesis_settings.register_profile("patient", deadline=None, derandomize=os.environ.get("CI") == "true")
hypothesis_settings.load_profile("patient")
# Sites are made and left by the hundred, and a usual collector would look through all of them again and again.
gc.set_threshold(20_000, 20, 20)

ROOT = Path(__file__).resolve().parent.parent
Import = Callable[..., ImportReport]


ON_POSTGRES = os.environ.get("DIRECTORY_TEST_DATABASE") == "postgresql"
"""Whether whole sites run on PostgreSQL too (`make test-postgres`)."""


class Compiled(BytecodeCache):
    """Templates compiled once for the hundreds of sites of a run."""

    def __init__(self) -> None:
        self._kept: dict[str, bytes] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        if bucket.key in self._kept:
            bucket.bytecode_from_string(self._kept[bucket.key])

    def dump_bytecode(self, bucket: Bucket) -> None:
        self._kept[bucket.key] = bucket.bytecode_to_string()


class CompiledRule(Rule):
    """A route whose two URL builders werkzeug compiles once for all sites: they depend on what is written here only."""

    _builders: ClassVar[dict[tuple[str, str, bool], Callable[..., tuple[str, str]]]] = {}

    def _compile_builder(self, append_unknown: bool = True) -> Callable[..., tuple[str, str]]:
        key = (self.rule, repr(self.defaults), append_unknown)
        if key not in self._builders:
            self._builders[key] = super()._compile_builder(append_unknown)
        return self._builders[key]


Flask.jinja_options = {**Flask.jinja_options, "bytecode_cache": Compiled()}
Flask.url_rule_class = CompiledRule
share_statements()


@event.listens_for(Engine, "connect")
def _without_waiting_for_the_disk(connection: Any, _record: Any) -> None:
    """A test's SQLite file need not outlive a power cut; what a killed process wrote is kept all the same."""
    if isinstance(connection, sqlite3.Connection):
        connection.execute("PRAGMA synchronous=OFF")


LONGEST = (
    "test_story.py", "test_in_chromium.py", "test_desks_in_chromium.py", "test_accessibility.py", "test_programs.py",
    "test_recipes.py", "test_real_nominatim.py", "test_hosts.py", "test_embedded_frame.py",
    "test_passkeys_in_chromium.py", "test_annex_a.py",
)  # fmt: skip
"""Files of minutes, longest first: where a worker takes whole files, one begun last would leave the others idle."""


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Begin with the longest files. On PostgreSQL leave out what never asks it: that is as in the run on SQLite."""
    items.sort(key=lambda item: LONGEST.index(item.path.name) if item.path.name in LONGEST else len(LONGEST))
    if not ON_POSTGRES:
        return

    def asks(item: pytest.Item) -> bool:
        if item.get_closest_marker("postgres"):
            return True
        return "real_settings" in getattr(item, "fixturenames", ()) and "faults" not in item.path.parts

    config.hook.pytest_deselected(items=[item for item in items if not asks(item)])
    items[:] = [item for item in items if asks(item)]


def sqlite_only(settings: Settings) -> None:
    """Skip what is about SQLite's file."""
    if not settings.database.startswith("sqlite"):
        pytest.skip("this is about SQLite's own file")


def required(what: str) -> NoReturn:
    """Skip for want of a program, with its name; in CI that is a failure."""
    if os.environ.get("CI") == "true":
        pytest.fail(f"{what} is missing, and .ci/run should have installed it")
    pytest.skip(f"{what} is not installed")


@pytest.fixture(scope="session")
def gazetteer(tmp_path_factory: pytest.TempPathFactory) -> Gazetteer:
    return Gazetteer.open_packaged(tmp_path_factory.mktemp("gazetteer"))


@pytest.fixture(scope="session")
def postgres() -> Iterator[str]:
    """A PostgreSQL server of the tests' own on loopback; gives the URL of its maintenance database."""
    programs = postgresql_programs()
    if programs is None:
        required("PostgreSQL")
    with running_postgresql(programs) as url:
        yield url


POSTGRESQL = pytest.param("postgresql", marks=pytest.mark.postgres)
only_sqlite = pytest.mark.parametrize("database_kind", ["sqlite"], indirect=True)
"""For what is about SQLite's own file."""
only_postgresql = pytest.mark.parametrize("database_kind", [POSTGRESQL], indirect=True)
"""For what only a server with many writers has."""


@pytest.fixture(params=["sqlite", POSTGRESQL])
def database_kind(request: pytest.FixtureRequest) -> str:
    """Which database: SQLite always, PostgreSQL too where the run includes it."""
    return str(request.param)


@pytest.fixture(scope="session")
def sqlite_templates(tmp_path_factory: pytest.TempPathFactory, gazetteer: Gazetteer) -> DatabaseTemplates:
    return DatabaseTemplates(lambda: f"sqlite:///{tmp_path_factory.mktemp('pattern') / 'directory.sqlite'}", gazetteer)


@pytest.fixture(scope="session")
def postgresql_templates(postgres: str, gazetteer: Gazetteer) -> Iterator[DatabaseTemplates]:
    with ExitStack() as stack:
        yield DatabaseTemplates(lambda: stack.enter_context(database_on(postgres)), gazetteer)


@pytest.fixture
def database_url(database_kind: str, request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """An empty database."""
    if database_kind == "sqlite":
        yield f"sqlite:///{tmp_path / 'directory.sqlite'}"
        return
    with database_on(request.getfixturevalue("postgres")) as url:
        yield url


@pytest.fixture
def engine(database_kind: str, request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Engine]:
    """A database without rows, or, where the test is marked so, with the real zones."""
    patterns: DatabaseTemplates = request.getfixturevalue(f"{database_kind}_templates")
    marked = request.node.get_closest_marker("real_zones")
    with copy_of(patterns.with_real_zones if marked else patterns.without_rows, tmp_path) as url:
        engine = open_database(url)
        yield engine
        engine.dispose()


@pytest.fixture
def load(engine: Engine, gazetteer: Gazetteer, tmp_path: Path) -> Import:
    """Import a file, or text written to one: load("a.csv", "department,town…")."""

    def run(name: str | Path, content: str | bytes | None = None, **options: object) -> ImportReport:
        path = Path(name)
        if content is not None:
            path = tmp_path / path
            path.write_bytes(content.encode() if isinstance(content, str) else content)
        return import_file(engine, path, gazetteer, ImportOptions(**options))  # type: ignore[arg-type]

    return run


@pytest.fixture(scope="session")
def real_settings(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """The real zones in a database of the session's, without online geocoders. Nobody keeps a connection to it."""
    patterns: DatabaseTemplates = request.getfixturevalue("postgresql_templates" if ON_POSTGRES else "sqlite_templates")
    folder = tmp_path_factory.mktemp("real")
    Gazetteer.open_packaged(folder)
    return Settings(data_dir=folder, geocoders=(), database_url=patterns.with_real_zones)


@pytest.fixture(scope="session")
def real_directory(real_settings: Settings) -> Directory:
    """The real zones as every copy of the database begins with them: a site reads only what was changed since."""
    engine = open_database(real_settings.database)
    directory = read_directory(engine)
    engine.dispose()
    return directory


@pytest.fixture(scope="session")
def last_known(real_directory: Directory, tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """The file of the last known directory as every copy begins with it, so that no site has to write it."""
    path = tmp_path_factory.mktemp("last-known") / LAST_KNOWN
    SnapshotFile(path).keep(real_directory)
    return path.read_bytes()


@contextmanager
def copied(settings: Settings, folder: Path) -> Iterator[Settings]:
    """The same directory in a database and a folder of one's own."""
    if (settings.data_dir / "secret-key").exists():
        shutil.copy(settings.data_dir / "secret-key", folder)
    for path in settings.data_dir.glob("gazetteer*"):
        (folder / path.name).symlink_to(path)
    with copy_of(settings.database, folder) as url:
        yield settings.model_copy(update={"data_dir": folder, "database_url": url if ON_POSTGRES else ""})


@contextmanager
def running_copy(settings: Settings, folder: Path, **options: str) -> Iterator[str]:
    """A truly running server on the same directory, copied: importing takes it longer than all else. Gives its address.

    `options` are those of `running_site`.
    """
    with copied(settings, folder), running_site(folder, port=0, **options) as address:
        yield address


@pytest.fixture(scope="session")
def app(
    real_settings: Settings, real_directory: Directory, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Flask]:
    with copied(real_settings, tmp_path_factory.mktemp("app")) as settings:
        app = create_app(settings, EarlierSnapshot(Snapshot(real_directory)))
        app.config["WTF_CSRF_ENABLED"] = False
        yield app
        end(app)


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    return app.test_client()


@pytest.fixture
def loopback() -> Iterator[Serve]:
    servers: list[Loopback] = []

    def start(answer: Answer) -> Loopback:
        server = Loopback(answer)
        threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
        servers.append(server)
        return server

    yield start
    for server in servers:
        server.over.set()
        server.shutdown()
        server.server_close()


@pytest.fixture
def loopback_router() -> Iterator[LoopbackRouter]:
    """A routing server whose roads lead in straight lines at 60 km/h; a test may change its ways."""
    with running_router() as router:
        yield router


@pytest.fixture
def own_settings(real_settings: Settings, tmp_path: Path) -> Iterator[Settings]:
    """Settings of the test's own, with the real zones."""
    with copied(real_settings, tmp_path) as settings:
        yield settings


Built = Callable[[Settings], Flask]


@pytest.fixture
def build_app() -> Iterator[Built]:
    """Builds applications, and ends them afterwards."""
    apps: list[Flask] = []

    def build(settings: Settings) -> Flask:
        apps.append(create_app(settings))
        return apps[-1]

    yield build
    for app in apps:
        end(app)


@pytest.fixture
def site(own_settings: Settings, real_directory: Directory, last_known: bytes) -> Iterator[Site]:
    """A site of the test's own with the real zones, without rate limits."""
    (own_settings.data_dir / LAST_KNOWN).write_bytes(last_known)
    with site_on(own_settings, real_directory) as site:
        yield site


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    if chromium_path() is None:
        required("Chromium")
    expect.set_options(timeout=30_000)
    with chromium() as browser:
        yield browser


@pytest.fixture(scope="session")
def axe() -> str:
    path = ROOT / "quality" / "node_modules" / "axe-core" / "axe.min.js"
    if not path.exists():
        required("axe-core (npm ci --prefix quality)")
    return path.read_text(encoding="utf-8")


@pytest.fixture(scope="session")
def basemap_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Streets around New Canaan, drawn by hand and built by tippecanoe."""
    return build_basemap(tmp_path_factory.mktemp("basemap") / "region.pmtiles")

"""What the tests share: real parts on temporary files, and servers on loopback."""

import os
import secrets
import shutil
import subprocess
import tempfile
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from functools import cached_property
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from jinja2.bccache import Bucket, BytecodeCache
from playwright.sync_api import Browser
from sqlalchemy import Engine, create_engine, text

from directory.app import create_app
from directory.geocoding.gazetteer import Gazetteer
from directory.records.database import migrate, open_database
from directory.records.importing import Options, import_file
from directory.records.report import Report
from directory.settings import Settings
from directory.web.services import KEY
from quality.site import chromium, chromium_path, free_port
from tests.townhall import Hall, hall_on

ROOT = Path(__file__).resolve().parent.parent
ZONES = ROOT / "data" / "zones.geojson"
Import = Callable[..., Report]
Answer = Callable[[str], tuple[int, bytes, float]]
"""Status, body, and seconds to wait, for a path."""


ON_POSTGRES = os.environ.get("SAFEZONES_TEST_DATABASE") == "postgresql"
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


Flask.jinja_options = {**Flask.jinja_options, "bytecode_cache": Compiled()}


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """On PostgreSQL leave out what never asks it: that is as it was in the run on SQLite."""
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


def required(what: str) -> None:
    """Skip for want of a program, with its name; in CI that is a failure."""
    if os.environ.get("CI") == "true":
        pytest.fail(f"{what} is missing, and .ci/run should have installed it")
    pytest.skip(f"{what} is not installed")


@pytest.fixture(scope="session")
def gazetteer(tmp_path_factory: pytest.TempPathFactory) -> Gazetteer:
    return Gazetteer.unpacked(tmp_path_factory.mktemp("gazetteer"))


@pytest.fixture(scope="session")
def postgres() -> Iterator[str]:
    """A PostgreSQL server of the tests' own on loopback; gives the URL of its maintenance database."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    if not found:
        required("PostgreSQL")
    with tempfile.TemporaryDirectory(prefix="safezones-pg-") as folder:
        port = free_port()
        user: dict[str, str] = {}
        if os.geteuid() == 0:  # PostgreSQL refuses to run as root
            shutil.chown(folder, "postgres")
            user = {"user": "postgres"}
        binaries, data = found[-1].parent, Path(folder) / "data"
        run = {"check": True, "capture_output": True, "cwd": folder, **user}
        subprocess.run([binaries / "initdb", "-D", data, "-U", "tester", "-A", "trust", "-E", "UTF8"], **run)
        options = f"-p {port} -c listen_addresses=127.0.0.1 -c unix_socket_directories={folder} -c fsync=off"
        log = Path(folder) / "log"
        subprocess.run([binaries / "pg_ctl", "-D", data, "-l", log, "-w", "-o", options, "start"], **run)
        try:
            yield f"postgresql+psycopg://tester@127.0.0.1:{port}/postgres"
        finally:
            subprocess.run([binaries / "pg_ctl", "-D", data, "-m", "immediate", "-w", "stop"], **run)


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


POSTGRESQL = pytest.param("postgresql", marks=pytest.mark.postgres)
only_sqlite = pytest.mark.parametrize("database_kind", ["sqlite"], indirect=True)
"""For what is about SQLite's own file."""
only_postgresql = pytest.mark.parametrize("database_kind", [POSTGRESQL], indirect=True)
"""For what only a server with many writers has."""


@pytest.fixture(params=["sqlite", POSTGRESQL])
def database_kind(request: pytest.FixtureRequest) -> str:
    """Which database: SQLite always, PostgreSQL too where the run includes it."""
    return str(request.param)


class Patterns:
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
            import_file(engine, file, self._gazetteer, Options())
        engine.dispose()
        return url


@pytest.fixture(scope="session")
def sqlite_patterns(tmp_path_factory: pytest.TempPathFactory, gazetteer: Gazetteer) -> Patterns:
    return Patterns(lambda: f"sqlite:///{tmp_path_factory.mktemp('pattern') / 'directory.sqlite'}", gazetteer)


@pytest.fixture(scope="session")
def postgresql_patterns(postgres: str, gazetteer: Gazetteer) -> Iterator[Patterns]:
    with ExitStack() as stack:
        yield Patterns(lambda: stack.enter_context(database_on(postgres)), gazetteer)


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
    patterns: Patterns = request.getfixturevalue(f"{database_kind}_patterns")
    marked = request.node.get_closest_marker("real_zones")
    with copy_of(patterns.with_real_zones if marked else patterns.without_rows, tmp_path) as url:
        engine = open_database(url)
        yield engine
        engine.dispose()


@pytest.fixture
def load(engine: Engine, gazetteer: Gazetteer, tmp_path: Path) -> Import:
    """Import a file, or text written to one: load("a.csv", "department,town…")."""

    def run(name: str | Path, content: str | bytes | None = None, **options: object) -> Report:
        path = Path(name)
        if content is not None:
            path = tmp_path / path
            path.write_bytes(content.encode() if isinstance(content, str) else content)
        return import_file(engine, path, gazetteer, Options(**options))  # type: ignore[arg-type]

    return run


@pytest.fixture(scope="session")
def real_settings(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """The real zones in a database of the session's, without online geocoders. Nobody keeps a connection to it."""
    patterns: Patterns = request.getfixturevalue("postgresql_patterns" if ON_POSTGRES else "sqlite_patterns")
    folder = tmp_path_factory.mktemp("real")
    Gazetteer.unpacked(folder)
    return Settings(data_dir=folder, geocoders=(), database_url=patterns.with_real_zones)


@contextmanager
def copied(settings: Settings, folder: Path) -> Iterator[Settings]:
    """The same directory in a database and a folder of one's own."""
    if (settings.data_dir / "secret-key").exists():
        shutil.copy(settings.data_dir / "secret-key", folder)
    for path in settings.data_dir.glob("gazetteer*"):
        (folder / path.name).symlink_to(path)
    with copy_of(settings.database, folder) as url:
        yield settings.model_copy(update={"data_dir": folder, "database_url": url if ON_POSTGRES else ""})


@pytest.fixture(scope="session")
def app(real_settings: Settings, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    with copied(real_settings, tmp_path_factory.mktemp("app")) as settings:
        app = create_app(settings)
        app.config["WTF_CSRF_ENABLED"] = False
        yield app
        app.extensions[KEY].engine.dispose()


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    return app.test_client()


class Loopback(ThreadingHTTPServer):
    """A server on loopback that answers every GET with what `answer` says: (status, body, seconds to wait)."""

    daemon_threads = True

    def __init__(self, answer: Answer) -> None:
        self.asked: list[str] = []
        self.agents: list[str] = []
        self.over = threading.Event()
        server = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                server.asked.append(self.path)
                server.agents.append(self.headers.get("User-Agent", ""))
                status, body, seconds = answer(self.path)
                server.over.wait(seconds)
                self.send_response(status)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_args: object) -> None:
                pass

        super().__init__(("127.0.0.1", 0), Handler)

    def handle_error(self, *_args: object) -> None:
        """A client that gave up is what some tests are about."""

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}"


Serve = Callable[[Answer], Loopback]


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
def own_settings(real_settings: Settings, tmp_path: Path) -> Iterator[Settings]:
    """Settings of the test's own, with the real zones."""
    with copied(real_settings, tmp_path) as settings:
        yield settings


Built = Callable[[Settings], Flask]


@pytest.fixture
def built() -> Iterator[Built]:
    """Builds applications, and closes their databases afterwards."""
    apps: list[Flask] = []

    def build(settings: Settings) -> Flask:
        apps.append(create_app(settings))
        return apps[-1]

    yield build
    for app in apps:
        app.extensions[KEY].engine.dispose()


@pytest.fixture
def hall(own_settings: Settings) -> Iterator[Hall]:
    """A site of the test's own with the real zones, without rate limits."""
    with hall_on(own_settings) as hall:
        yield hall


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    if chromium_path() is None:
        required("Chromium")
    with chromium() as browser:
        yield browser


@pytest.fixture(scope="session")
def axe() -> str:
    path = ROOT / "quality" / "node_modules" / "axe-core" / "axe.min.js"
    if not path.exists():
        required("axe-core (npm ci --prefix quality)")
    return path.read_text(encoding="utf-8")

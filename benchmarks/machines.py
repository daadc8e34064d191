"""Servers of a run's own on loopback: the site, the same server with a trivial route, PostgreSQL, Redis, pygeoapi."""

import os
import re
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import make_url

from directory.web.http.limits.upload_gate import THREADS
from quality.postgresql import postgresql_programs, running_postgresql
from quality.site import ROOT, STOP_SECONDS, free_port, site_environment, wait_for_server

HERE = Path(__file__).resolve().parent
WORKERS = 2
CONNECTIONS = 16
SECONDS = 8
"""How long a load lasts, where nothing else is said."""
AS_IN_PRODUCTION = {"MALLOC_ARENA_MAX": "2"}
"""What the unit file of docs/operating.md sets."""


@contextmanager
def started(
    command: list[str], environment: dict[str, str], address: str, log: Path
) -> Iterator[subprocess.Popen[bytes]]:
    """A server that answers at `address`, and is ended by its process id."""
    with log.open("w") as file:
        server = subprocess.Popen(command, env=environment, stdout=file, stderr=file)
    try:
        wait_for_server(server, address, log)
        yield server
    finally:
        server.terminate()
        server.wait(timeout=STOP_SECONDS)


@contextmanager
def site(folder: Path, *imports: Path, workers: int = WORKERS, **settings: str) -> Iterator[str]:
    """The directory with these files and without limits; gives its address."""
    environment = {**site_environment(folder, api_per_minute="100000000", **settings), **AS_IN_PRODUCTION}
    safezones = [sys.executable, "-m", "directory"]
    for path in imports:
        subprocess.run([*safezones, "import", str(path)], env=environment, check=True, capture_output=True)
    port = free_port()
    command = [*safezones, "serve", "--port", str(port), "--workers", str(workers)]
    address = f"http://127.0.0.1:{port}"
    with started(command, environment, f"{address}/healthz", folder / "serve.log"):
        yield address


@contextmanager
def granian(
    target: str, folder: Path, environment: dict[str, str], ready: str = "/", *, factory: bool = True
) -> Iterator[str]:
    """Another application under the same server with the same options; gives its address."""
    port = free_port()
    command = [str(Path(sys.executable).with_name("granian")), "--interface", "wsgi", "--host", "127.0.0.1"]
    command += ["--port", str(port), "--workers", str(WORKERS), "--blocking-threads", str(THREADS), "--no-ws", target]
    command += ["--factory"] if factory else []
    address = f"http://127.0.0.1:{port}"
    with started(command, environment, address + ready, folder / f"{target.partition(':')[0]}.log"):
        yield address


@contextmanager
def trivial(folder: Path) -> Iterator[str]:
    """A Flask application of one JSON route."""
    environment = {**os.environ, **AS_IN_PRODUCTION, "PYTHONPATH": str(ROOT)}
    with granian("benchmarks.trivial:create_app", folder, environment) as address:
        yield address


@contextmanager
def postgres() -> Iterator[int]:
    """A PostgreSQL server with PostGIS at hand, as safe as packaged; gives its port. Its user is `tester`."""
    programs = postgresql_programs()
    if programs is None:
        raise RuntimeError("PostgreSQL is not installed")
    with running_postgresql(programs, fsync="on", shared_buffers="512MB") as url:
        port = make_url(url).port
        assert port is not None
        yield port


@contextmanager
def redis(folder: Path) -> Iterator[int]:
    """A Redis server in memory only; gives its port."""
    port = free_port()
    command = ["redis-server", "--port", str(port), "--bind", "127.0.0.1", "--save", "", "--appendonly", "no"]
    with (folder / "redis.log").open("w") as log:
        server = subprocess.Popen(command, stdout=log, stderr=log, cwd=folder)
    time.sleep(1)
    try:
        yield port
    finally:
        server.terminate()
        server.wait(timeout=20)


@dataclass(frozen=True, slots=True)
class Load:
    """What wrk saw."""

    per_second: float
    p50: float
    p95: float
    p99: float
    failed: int


def load(
    address: str, script: str = "", seconds: float = SECONDS, connections: int = CONNECTIONS, **values: str
) -> Load:
    """wrk, with a Lua script of benchmarks/wrk; its values come by environment."""
    command = ["wrk", "-t2", f"-c{connections}", f"-d{seconds:g}s", "--latency", "--timeout", "10s"]
    command += ["-s", str(HERE / "wrk" / f"{script}.lua")] if script else ["-s", str(HERE / "wrk" / "plain.lua")]
    done = subprocess.run(
        [*command, address], capture_output=True, text=True, check=True, env={**os.environ, **values}
    ).stdout
    found = {name: float(value) for name, value in re.findall(r"^(\w+)=([\d.]+)$", done, re.MULTILINE)}
    return Load(found["per_second"], found["p50"] / 1e6, found["p95"] / 1e6, found["p99"] / 1e6, int(found["failed"]))


def memory_of(process: int) -> tuple[float, float]:
    """Resident and proportional megabytes of a process: the second counts what it shares only in part."""
    status = Path(f"/proc/{process}/status").read_text()
    rollup = Path(f"/proc/{process}/smaps_rollup").read_text()
    resident, proportional = re.search(r"VmRSS:\s+(\d+)", status), re.search(r"^Pss:\s+(\d+)", rollup, re.MULTILINE)
    assert resident and proportional
    return int(resident[1]) / 1024, int(proportional[1]) / 1024


def workers_of(folder: Path) -> list[int]:
    """The workers of the site that keeps its data there."""
    found = []
    for path in Path("/proc").glob("[0-9]*"):
        try:
            ours = f"SAFEZONES_DATA_DIR={folder}".encode() in (path / "environ").read_bytes()
            line = (path / "cmdline").read_bytes()
            parent = int((path / "stat").read_text().rpartition(")")[2].split()[1])
        except (OSError, ValueError):
            continue
        if ours and b"serve" in line and b"serve" in Path(f"/proc/{parent}/cmdline").read_bytes():
            found.append(int(path.name))
    return found


def children(process: int) -> list[int]:
    """The processes that a process started."""
    return [int(number) for number in Path(f"/proc/{process}/task/{process}/children").read_text().split()]

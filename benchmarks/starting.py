"""A worker: from its start to the first answer, and the memory it keeps, with 20,000 zones."""

import os
import signal
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

from benchmarks import machines
from benchmarks.rows import Row
from directory.geocoding.gazetteer import Gazetteer
from quality.samples import write_spread_zones
from quality.site import ROOT, free_port, site_environment

ZONES = 20_000
SCRIPT = "import time; begun = time.perf_counter()\n{}\nprint(time.perf_counter() - begun)"
OURS = "from directory.app import create_app; print(create_app().test_client().get('/search?q=06840').status_code)"
BARE = "from benchmarks.trivial import create_app; print(create_app().test_client().get('/').status_code)"


def starting() -> Iterator[Row]:
    """A process from nothing, a worker that takes a dead one's place, and memory."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        zones = folder / "zones.geojson"
        write_spread_zones(zones, ZONES, Gazetteer.open_packaged(folder))
        environment = site_environment(folder, api_per_minute="100000000") | machines.AS_IN_PRODUCTION
        safezones = [sys.executable, "-m", "directory"]
        subprocess.run([*safezones, "import", str(zones)], env=environment, check=True, capture_output=True)
        port = free_port()
        site = f"http://127.0.0.1:{port}"
        command = [*safezones, "serve", "--port", str(port), "--workers", "2"]
        with machines.started(command, environment, f"{site}/readyz", folder / "log") as server:
            forked = after_a_kill(server.pid, site)
            _, at_first = largest_worker(server.pid)
        cold, bare = (min(in_process(script, environment) for _ in range(3)) for script in (OURS, BARE))
        size = f"{ZONES:,} zones"
        yield Row("worker: killed, until its successor answers", size, f"{forked:.2f} s", f"{bare:.2f} s", None,
                  "≤ 1.5 s", forked <= 1.5, "peer: a bare Flask application from nothing; ours is a fork of the main "
                  "process, which has the libraries and the directory, and reads what was changed since")  # fmt: skip
        yield Row("server: a process from nothing to its first answer", size, f"{cold:.2f} s", f"{bare:.2f} s",
                  round(cold / bare, 1), "told", None, "")  # fmt: skip
        yield Row("worker: memory at its first answer", size, f"{at_first:.0f} MB", "", None, "told", None,
                  "of the larger of two workers; proportional set size")  # fmt: skip


def in_process(script: str, environment: dict[str, str]) -> float:
    """Seconds of a script in a process of its own, by its own clock."""
    done = subprocess.run([sys.executable, "-c", SCRIPT.format(script)], env={**os.environ, **environment}, cwd=ROOT,
                          capture_output=True, text=True, check=True)  # fmt: skip
    return float(done.stdout.split()[-1])


def after_a_kill(server: int, site: str) -> float:
    """Seconds from a worker's death to the next answer."""
    for worker in machines.children(server):
        if not _sends_mail(worker):
            os.kill(worker, signal.SIGKILL)  # both: nobody else can answer
    begun = time.perf_counter()
    while True:
        try:
            with urllib.request.urlopen(f"{site}/search?q=06840", timeout=10):
                return time.perf_counter() - begun
        except OSError:
            time.sleep(0.02)


def largest_worker(server: int) -> tuple[float, float]:
    """Its resident and proportional megabytes."""
    return max(machines.memory_of(worker) for worker in machines.children(server) if not _sends_mail(worker))


def _sends_mail(process: int) -> bool:
    return b"--watch" in Path(f"/proc/{process}/cmdline").read_bytes()

"""One rehearsal: from this release to the next and back, by deploy/safezones-upgrade, while visitors come."""

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import text

from directory.db.engine import open_database
from directory.db.schema import schema_version
from quality.site import ROOT, START_SECONDS, site_environment
from quality.upgrades.proxies import running_proxy
from quality.upgrades.releases import COLUMN, NEXT, NOW, install_releases
from quality.upgrades.visitors import Visitors, Visits, slow_geocoder

SCRIPT = ROOT / "deploy" / "safezones-upgrade"
PAUSE_SECONDS = 1.0
"""How long visitors are left in peace before, between and after."""


@dataclass(frozen=True)
class Outcome:
    """What a rehearsal found."""

    visits: Visits
    seconds: tuple[float, ...]
    """How long each way took, in seconds."""
    lost: set[str]
    """Reports that were answered as kept, and are not in the store."""
    doubled: set[str]
    """Reports that are there more than once."""
    by_release: dict[str, int]
    """How many reports each release stored."""
    schema: str | None
    said: str


class Installation:
    """A machine with the site: releases, units, sockets and a command line, all in one folder."""

    def __init__(self, folder: Path, **settings: str) -> None:
        self.run = folder / "run"
        self._units, home, programs = folder / "units", folder / "home", folder / "bin"
        for made in (self.run, self._units, home, programs, folder / "data"):
            made.mkdir()
        install_releases(home)
        (self._units / "safezones.service").symlink_to(ROOT / "deploy" / "safezones.service")
        stand_ins = {
            "systemctl": f'exec {sys.executable} {ROOT / "quality" / "upgrades" / "systemctl.py"} "$@"',
            "safezones": f'exec "${{UPGRADE_PROGRAM:-{home}/current/bin/safezones}}" "$@"',
        }
        for name, does in stand_ins.items():
            (programs / name).write_text(f"#!/bin/sh\n{does}\n")
            (programs / name).chmod(0o755)
        environment = site_environment(folder / "data", proxies="1", **settings)
        environment.pop("PYTHONPATH")
        self._environment = environment | {
            "PATH": f"{programs}:{os.environ['PATH']}",
            "UPGRADE_HOME": str(home), "UPGRADE_RUN": str(self.run), "UPGRADE_UNITS": str(self._units),
            "UPGRADE_RUNTIME_UNITS": str(folder / "runtime"), "UPGRADE_SETTLE": "0.5",
        }  # fmt: skip

    def systemctl(self, *arguments: str) -> None:
        """As the operator types it."""
        subprocess.run(["systemctl", *arguments], env=self._environment, check=True)

    def serves(self) -> bool:
        """Whether the server runs."""
        command = ["systemctl", "is-active", "--quiet", "safezones"]
        return subprocess.run(command, env=self._environment, check=False).returncode == 0

    def readiness(self) -> str:
        """What /readyz says where the proxy asks; empty while nobody answers."""
        command = ["curl", "-s", "--unix-socket", str(self.run / "site.sock"), "http://localhost/readyz"]
        return subprocess.run(command, capture_output=True, text=True, check=False).stdout

    def upgrade(self, to: str) -> "subprocess.CompletedProcess[str]":
        """Go to a release, as the operator types it."""
        return subprocess.run([SCRIPT, to], env=self._environment, capture_output=True, text=True, check=False)

    def command(self, release: str, *arguments: str) -> None:
        """A command of a release, with the service's settings."""
        program = Path(self._environment["UPGRADE_HOME"]) / "releases" / release / "bin" / "safezones"
        subprocess.run([program, *arguments], env=self._environment, check=True, capture_output=True)

    def log(self) -> str:
        """What the servers said."""
        return "".join(path.read_text() for path in sorted(self._units.glob("*.log")))


@contextmanager
def installed(folder: Path, **settings: str) -> Iterator[Installation]:
    """An installation whose site is served."""
    installation = Installation(folder, **settings)
    installation.systemctl("start", "safezones")
    try:
        yield installation
    finally:
        for unit in ("safezones-next", "safezones"):
            installation.systemctl("stop", unit)


def rehearse(folder: Path, proxy: str, database_url: str) -> Outcome:
    """From this release to the next and back, under load. Raises RuntimeError where the script fails."""
    with slow_geocoder() as geocoder:
        settings = {
            "database_url": database_url, "geocoders": "census", "census_url": geocoder,
            "api_per_minute": "1000000", "reports_per_hour": "1000000",
        }  # fmt: skip
        with installed(folder, **settings) as site:
            _wait_for(site)
            with running_proxy(proxy, folder, site.run) as address:
                visitors = Visitors(address)
                ways = []
                try:
                    for release in (NEXT, NOW):
                        time.sleep(PAUSE_SECONDS)
                        ways.append(_go(site, release))
                    time.sleep(PAUSE_SECONDS)
                finally:
                    visits = visitors.leave()
    return _looked_at(database_url, visits, ways)


def _wait_for(site: Installation) -> None:
    ends = time.monotonic() + START_SECONDS
    while not (site.run / "safezones" / "http.sock").exists():
        if time.monotonic() > ends or not site.serves():
            raise RuntimeError(f"the site does not start:\n{site.log()[-3000:]}")
        time.sleep(0.2)


def _go(site: Installation, release: str) -> tuple[float, str]:
    """Seconds that it took, and what the script said."""
    begun = time.monotonic()
    done = site.upgrade(release)
    if done.returncode:
        raise RuntimeError(f"{done.stdout}{done.stderr}\n{site.log()[-3000:]}")
    return time.monotonic() - begun, done.stdout


def _looked_at(database_url: str, visits: Visits, ways: list[tuple[float, str]]) -> Outcome:
    """The store, compared with what visitors were told."""
    engine = open_database(database_url)
    with engine.connect() as connection:
        query = f"SELECT text, {COLUMN} FROM problemreport WHERE text LIKE 'rehearsal %'"
        rows = [(str(row[0]), str(row[1])) for row in connection.execute(text(query))]
    schema = schema_version(engine)
    engine.dispose()
    stored = [report for report, _ in rows]
    return Outcome(
        visits=visits,
        seconds=tuple(seconds for seconds, _ in ways),
        lost=visits.acknowledged - set(stored),
        doubled={report for report in stored if stored.count(report) > 1},
        by_release={name: sum(mark == of for _, mark in rows) for name, of in ((NOW, ""), (NEXT, "yes"))},
        schema=schema,
        said="".join(said for _, said in ways),
    )

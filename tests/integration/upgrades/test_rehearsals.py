"""Updates while the site is used, by the script that operators run: forth and back, behind the proxies of deploy/."""

import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from quality.upgrades.proxies import program
from quality.upgrades.rehearsal import Installation, Outcome, installed, rehearse
from quality.upgrades.releases import NEXT, NOW, SCHEMA_OF_NEXT, make_next_release
from tests.conftest import required
from tests.support.database_templates import DatabaseTemplates, copy_of
from tests.support.waiting import eventually

pytestmark = pytest.mark.slow


@pytest.fixture
def folder() -> Iterator[Path]:
    """A short path: that of a Unix socket has at most 107 bytes."""
    with tempfile.TemporaryDirectory(prefix="sz-") as name:
        yield Path(name)


def needs(proxy: str) -> None:
    for name in (proxy, "curl", "openssl"):
        if not program(name):
            required(name)


def nothing_was_lost(outcome: Outcome) -> None:
    visits = outcome.visits
    assert visits.failures == [] and outcome.lost == set() and outcome.doubled == set()
    assert min(visits.requests[kind] for kind in ("page", "style sheet", "slow search", "form", "report sent")) > 3
    assert all(outcome.by_release.values()), "both releases stored something"
    assert sum(outcome.by_release.values()) == len(visits.acknowledged)
    assert outcome.schema == SCHEMA_OF_NEXT, "this release works on the tables of the next"


def test_forth_and_back_on_sqlite_behind_nginx_nothing_fails(sqlite_templates: DatabaseTemplates, folder: Path) -> None:
    needs("nginx")
    with copy_of(sqlite_templates.with_real_zones, folder) as url:
        nothing_was_lost(rehearse(folder, "nginx", url))


@pytest.mark.postgres
def test_forth_and_back_on_postgresql_behind_caddy_nothing_fails(
    postgresql_templates: DatabaseTemplates, folder: Path
) -> None:
    needs("caddy")
    with copy_of(postgresql_templates.with_real_zones, folder) as url:
        nothing_was_lost(rehearse(folder, "caddy", url))


@pytest.fixture
def site(sqlite_templates: DatabaseTemplates, folder: Path) -> Iterator[Installation]:
    needs("curl")
    with (
        copy_of(sqlite_templates.with_real_zones, folder) as url,
        installed(folder, database_url=url, geocoders="") as installation,
    ):
        eventually(lambda: installation.readiness() != "", 300)
        yield installation


def test_a_release_that_does_not_start_or_cannot_work_with_the_tables_changes_nothing(
    site: Installation, folder: Path
) -> None:
    releases = folder / "home" / "releases"

    def goes_on() -> bool:
        return f'"release":"{NOW}"' in site.readiness() and (folder / "home" / "current").resolve().name == NOW

    done = site.upgrade("97.0.0")
    assert done.returncode == 1 and "there is no release 97.0.0" in done.stderr and "Nothing was changed" in done.stderr
    shutil.copytree(releases / NEXT, releases / "98.0.0")
    program = releases / "98.0.0" / "bin" / "safezones"

    def release_with(problem: str) -> None:
        """One whose doctor names a problem, and which does not start."""
        program.write_text(
            f"#!/bin/sh\n[ $1 != serve ] || exit 1\n[ \"$*\" != doctor ] || {{ echo '{problem}'; exit 2; }}\n"
        )

    release_with("problem  variables       SAFEZONES_PORTS is unknown")
    done = site.upgrade("98.0.0")
    assert done.returncode == 1 and "what doctor calls a problem" in done.stderr and "Nothing was" in done.stderr
    release_with("problem  mail server     no answer")  # which keeps no release back
    done = site.upgrade("98.0.0")
    assert done.returncode == 1 and f"{NOW} goes on: no request was lost" in done.stderr and goes_on()
    # A next release takes away what this one needs, and has made its tables: this one would not start again.
    shutil.rmtree(folder / "home" / "next")
    make_next_release(folder / "home" / "next", oldest_schema=SCHEMA_OF_NEXT)
    site.command(NEXT, "migrate")
    done = site.upgrade("--restart")
    reason = f"wants a release of schema {SCHEMA_OF_NEXT} or later"
    assert done.returncode == 1 and reason in done.stdout + done.stderr and goes_on(), "whichever command says so first"

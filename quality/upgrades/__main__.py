"""Rehearse updates on SQLite and PostgreSQL behind nginx and Caddy; writes the table of docs/upgrading.md.

python -m quality.upgrades
"""

import platform
import re
import sys
import tempfile
from datetime import UTC, datetime
from pathlib import Path

from quality.postgresql import postgresql_programs, running_postgresql
from quality.site import ROOT
from quality.upgrades.proxies import PROXIES, program
from quality.upgrades.rehearsal import Outcome, rehearse

DOCUMENT = ROOT / "docs" / "upgrading.md"
HEADINGS = (
    "database", "proxy", "requests", "of these forms sent", "failed", "reports lost, doubled", "longest answer",
    "seconds, forth and back",
)  # fmt: skip


def main() -> int:
    """The exit status: 1 when something was lost."""
    missing = [name for name in ("curl", "openssl", *PROXIES) if not program(name)]
    if missing:
        print(f"not installed: {', '.join(missing)}")
        return 2
    rows, lost = [], False
    for database in ("SQLite", "PostgreSQL"):
        for proxy in PROXIES:
            outcome = _rehearsed(database, proxy)
            rows.append(_row(database, proxy, outcome))
            print(rows[-1], *outcome.visits.failures[:5], sep="\n", flush=True)
            lost = lost or bool(outcome.visits.failures or outcome.lost or outcome.doubled)
    _write(rows)
    return int(lost)


def _rehearsed(database: str, proxy: str) -> Outcome:
    with tempfile.TemporaryDirectory(prefix="sz-") as name:
        folder = Path(name)
        if database == "SQLite":
            return rehearse(folder, proxy, f"sqlite:///{folder}/data/directory.sqlite")
        programs = postgresql_programs()
        if programs is None:
            raise RuntimeError("PostgreSQL is not installed")
        with running_postgresql(programs) as server:
            return rehearse(folder, proxy, server)


def _row(database: str, proxy: str, outcome: Outcome) -> str:
    visits = outcome.visits
    cells = (
        database, proxy, f"{visits.requests.total():,}", f"{visits.requests['report sent']:,}", len(visits.failures),
        f"{len(outcome.lost)}, {len(outcome.doubled)}", f"{visits.longest:.1f} s",
        ", ".join(f"{seconds:.0f}" for seconds in outcome.seconds),
    )  # fmt: skip
    return f"| {' | '.join(map(str, cells))} |"


def _write(rows: list[str]) -> None:
    """Put the table into the document."""
    when = (
        f"On {datetime.now(UTC):%Y-%m-%d} ({platform.machine()}, Python {platform.python_version()}, a busy machine):"
    )
    table = [f"| {' | '.join(HEADINGS)} |", "| --- " * len(HEADINGS) + "|", *rows]
    part = "\n".join(["<!-- measured -->", when, "", *table, "<!-- /measured -->"])
    text = DOCUMENT.read_text(encoding="utf-8")
    DOCUMENT.write_text(
        re.sub(r"<!-- measured -->.*<!-- /measured -->", lambda _: part, text, flags=re.S), encoding="utf-8"
    )


if __name__ == "__main__":
    sys.exit(main())

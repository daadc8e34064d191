"""Ten minutes at 70 % of the measured limit, with imports and approvals going on; writes docs/soak.md and .json.

python -m benchmarks.soak [--minutes 10]
"""

import argparse
import json
import subprocess
import sys
import tempfile
import threading
import time
import urllib.request
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import text

from benchmarks import machines
from benchmarks.__main__ import SIGNS, WORDS, machine
from benchmarks.rows import Row, at_most
from benchmarks.serving import write_searches
from directory.db.engine import open_database
from directory.db.queries.accounts import person_named
from directory.db.transaction import transaction
from directory.geocoding.gazetteer import Gazetteer
from directory.moderation.decisions import decide
from directory.settings import Settings
from directory.submissions import drafts
from directory.submissions.items.item import Action, Item
from directory.submissions.workflow import Step
from directory.web.http.container import build_container
from quality.samples import write_spread_zones, write_zones
from quality.site import site_environment

DOCS = Path(__file__).resolve().parent.parent / "docs"
SHARE = 0.7
CONNECTIONS = 24
ZONES = 20_000
PAUSE_SECONDS = 15
PLACE = {"setting": "lobby", "postal_code": "06883", "latitude": "41.2009", "longitude": "-73.3807"}


class Life:
    """What goes on in a directory: files are imported, submissions are sent and approved."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._over = threading.Event()
        self.imports = self.approvals = 0
        self.failures: list[str] = []
        settings = Settings(data_dir=folder, geocoders=(), base_url="http://localhost")
        self._context = build_container(settings, open_database(settings.database)).context
        self._threads = [threading.Thread(target=self._import), threading.Thread(target=self._approve)]

    def begin(self) -> None:
        for thread in self._threads:
            thread.start()

    def end(self) -> None:
        self._over.set()
        for thread in self._threads:
            thread.join()

    def _import(self) -> None:
        while not self._over.wait(PAUSE_SECONDS):
            path = self._folder / "some.geojson"
            write_zones(path, 500, phone=f"316-555-{self.imports % 10_000:04}")
            command = [sys.executable, "-m", "directory", "import", str(path)]
            done = subprocess.run(
                command, env=site_environment(self._folder), capture_output=True, text=True, check=False
            )
            if done.returncode:
                self.failures.append(f"import: {done.stderr[-200:]}")
            self.imports += 1

    def _approve(self) -> None:
        context = self._context
        while not self._over.wait(PAUSE_SECONDS / 2):
            name = f"soak-{self.approvals}"
            try:
                number = drafts.begin(context, "en", department=f"Weston {name} Police", region="CT", town="Weston",
                                       email=f"{name}@example.org")  # fmt: skip
                values = {**PLACE, "street_address": f"{self.approvals} Soak Road"}
                drafts.put_item(context, number, Item("", Action.ADD, values=values))
                with transaction(context.engine) as session:
                    person = person_named(session, f"{name}@example.org", "en")
                    row = text("UPDATE submission SET state = 'waiting_for_review', person_id = :p WHERE id = :n")
                    session.connection().execute(row, {"p": person.id, "n": number})
                    version = session.connection().execute(
                        text("SELECT version FROM submission WHERE id = :n"), {"n": number}
                    )
                    seen = version.scalar_one()
                decide(context, number, seen, Step.APPROVE, "Good.", "moderator@example.org")
                self.approvals += 1
            except Exception as error:  # the soak goes on and tells
                self.failures.append(f"approval: {error}")


def soak(minutes: float) -> list[Row]:
    """The limit, the quiet minute, and the long one."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        zones = folder / "zones.geojson"
        write_spread_zones(zones, ZONES, Gazetteer.open_packaged(folder))
        with machines.site(folder, zones) as site:
            values = {"BENCH_PAGES": str(_write_pages(folder, site))}
            machines.load(site, "mixed", seconds=15, connections=CONNECTIONS, **values)
            limit = machines.load(site, "mixed", seconds=20, connections=CONNECTIONS, **values)
            values["BENCH_DELAY_MS"] = f"{_pause(site, SHARE * limit.per_second, values) * 1e3:.3f}"
            quiet = machines.load(site, "mixed", seconds=60, connections=CONNECTIONS, **values)
            life = Life(folder)
            memory: list[Any] = []
            life.begin()
            watcher = threading.Thread(target=_watch, args=(folder, memory, minutes * 60))
            watcher.start()
            found = machines.load(site, "mixed", seconds=minutes * 60, connections=CONNECTIONS, **values)
            life.end()
            watcher.join()
            log = (folder / "serve.log").read_text()
    share = found.per_second / limit.per_second
    errors = [line for line in log.splitlines() if '"level": "error"' in line or "Traceback" in line]
    life_well = not life.failures and life.imports > 0 and life.approvals > 0
    going = [
        f"{life.imports} imports of 500 zones and {life.approvals} approvals went on",
        *life.failures[:3],
        *errors[:3],
    ]
    early, late = _middle(memory[2 : len(memory) // 3 + 3]), _middle(memory[-len(memory) // 3 :])
    size = f"{minutes:g} minutes"
    return [
        Row("rate against the limit", size, f"{found.per_second:,.0f}/s", f"{limit.per_second:,.0f}/s", round(share, 2),
            "about 0.7x", 0.6 <= share <= 0.85, "searches, towns, zones, nearest, items, in equal parts"),
        Row("failed requests, failed imports and approvals, errors in the log", size,
            f"{found.failed}, {len(life.failures)}, {len(errors)}", "", None, "0, 0, 0",
            life_well and not found.failed and not errors, "; ".join(going)),
        at_most("p99 against the quiet one", size, f"{found.p99 * 1e3:.0f} ms", f"{quiet.p99 * 1e3:.0f} ms",
                found.p99 / quiet.p99, 2, f"a quiet minute at the same rate ({quiet.per_second:,.0f}/s) before"),
        at_most("memory of the workers, last third against first", size, f"{late:.0f} MB", f"{early:.0f} MB",
                late / early, 1.1, "proportional set size of both workers, the first minute left out"),
    ]  # fmt: skip


def _pause(site: str, wanted: float, values: dict[str, str]) -> float:
    """How many seconds each connection waits after an answer, so that all together ask `wanted` times a second."""
    pause = CONNECTIONS / wanted * 0.75
    for _ in range(3):
        found = machines.load(
            site, "mixed", seconds=10, connections=CONNECTIONS, **values, BENCH_DELAY_MS=f"{pause * 1e3:.3f}"
        )
        answering = CONNECTIONS / found.per_second - pause
        pause = max(0.0, CONNECTIONS / wanted - answering)
    return pause


def _write_pages(folder: Path, site: str) -> Path:
    """Addresses of 500 searches, 500 zones and the towns they lie in."""
    pages = [f"/search?q={code}" for code in write_searches(folder).read_text().split()]
    with urllib.request.urlopen(f"{site}/api/v1/collections/zones/items?limit=500&offset=3000") as answer:
        zones = json.load(answer)["features"]
    pages += [f"/zones/{zone['id']}" for zone in zones]
    with urllib.request.urlopen(f"{site}/api/v1/towns?limit=500&offset=1000") as answer:
        pages += [f"/towns/{town['id']}" for town in json.load(answer)["towns"]]
    path = folder / "pages.txt"
    path.write_text("\n".join(pages) + "\n")
    return path


def _watch(folder: Path, memory: list[float], seconds: float) -> None:
    """Both workers' memory, every twenty seconds."""
    ends = time.monotonic() + seconds
    while time.monotonic() < ends:
        time.sleep(20)
        found = [machines.memory_of(process)[1] for process in machines.workers_of(folder)]
        memory.append(sum(found))


def _middle(values: list[float]) -> float:
    return sorted(values)[len(values) // 2]


def main() -> None:
    """Soak and write; exit status 1 when a goal is missed."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--minutes", type=float, default=10)
    options = parser.parse_args()
    rows = soak(options.minutes)
    for row in rows:
        print(f"{SIGNS[row.met]} {row.name}: {row.ours} against {row.peer}, {row.ratio}x (goal: {row.goal}) {row.note}")
    if options.minutes >= 10:
        _write(rows, options.minutes)
    sys.exit(not all(row.met for row in rows))


def _write(rows: list[Row], minutes: float) -> None:
    """Write both documents."""
    made = f"{datetime.now(UTC):%Y-%m-%d}"
    document = {"made": made, "machine": machine(), "rows": [asdict(row) for row in rows]}
    (DOCS / "soak.json").write_text(json.dumps(document, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
    table = "\n".join(
        f"| {row.name} | {row.ours} | {row.peer} | {row.ratio or ''} | {row.goal} | {WORDS[row.met]} |" for row in rows
    )
    notes = "\n".join(f"- {row.name}: {row.note}" for row in rows if row.note)
    (DOCS / "soak.md").write_text(
        f"# Soak\n\nWritten by `make soak` on {made} ({machine()}): {minutes:g} minutes at 70 % of the measured limit, "
        "two workers, 20,000 zones.\n\n| what | found | against | ratio | goal | met |\n"
        f"| --- | --- | --- | --- | --- | --- |\n{table}\n\n## Notes\n\n{notes}\n",
        encoding="utf-8",
    )


if __name__ == "__main__":
    main()

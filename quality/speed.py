"""Importing: time and memory."""

import os
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from directory.geocoding.gazetteer import Gazetteer
from directory.submissions.uploads.spreadsheet import KnownZones, check_spreadsheet
from directory.zones.departments.owner import Owner
from quality.rows import Row
from quality.samples import write_zones
from quality.site import ROOT


def imports() -> Iterator[Row]:
    """1,000 rows within ten seconds; memory does not grow with the file."""
    small, _ = imported(1_000)
    yield Row("1,000 rows judged and imported, start included", f"{small:.1f} s", "≤ 10 s", small <= 10)
    _, memory = imported(20_000)
    seconds, more = imported(200_000)
    yield Row(
        "memory of an import, 200,000 features against 20,000", f"{more:.0f} MB, {more / memory:.2f}x", "≤ 1.5x",
        more / memory <= 1.5, f"200,000 features took {seconds:.0f} s",
    )  # fmt: skip


def uploads() -> Iterator[Row]:
    """A clerk's spreadsheet of 1,000 rows, every second one faulty, checked against the whole directory."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "zones.csv"
        states = ("ZZ", "CT")
        rows = (f"{n} Main Street,06883,lobby,Mon-Fri 8-5,{states[n % 2]},41.2009,-73.3807" for n in range(1000))
        path.write_text("address,zip,setting,hours,state,lat,lon\n" + "\n".join(rows) + "\n", encoding="utf-8")
        gazetteer = Gazetteer.open_packaged(Path(folder))
        owner = Owner("Weston Police Department", "Weston", "CT")
        begun = time.monotonic()
        sheet = check_spreadsheet(path, owner, KnownZones(iter(())), gazetteer)
        seconds = time.monotonic() - begun
    found = f"{seconds:.1f} s, {len(sheet.items)} good, {len(sheet.faulty)} named"
    whole = len(sheet.items) == len(sheet.faulty) == 500
    yield Row("1,000 rows of an uploaded spreadsheet checked", found, "≤ 10 s, 500 and 500", seconds <= 10 and whole)


def imported(count: int) -> tuple[float, float]:
    """Seconds and peak megabytes of `safezones import` of so many features."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "zones.geojson"
        write_zones(path, count)
        environment = {**os.environ, "SAFEZONES_DATA_DIR": folder, "PYTHONPATH": str(ROOT)}
        # The child reports its own peak memory when it ends.
        script = (
            "import re, sys; from directory.cli import main\n"
            f"sys.argv = ['safezones', 'import', {str(path)!r}]\n"
            "try: main()\n"
            "finally: print('PEAK', int(re.search(r'VmHWM:\\s+(\\d+)', open('/proc/self/status').read())[1]) / 1024)"
        )
        begun = time.monotonic()
        done = subprocess.run(
            [sys.executable, "-c", script], env=environment, capture_output=True, text=True, check=True
        )
        seconds = time.monotonic() - begun
        match = re.search(r"PEAK ([\d.]+)", done.stdout)
        assert match is not None
        return seconds, float(match[1])

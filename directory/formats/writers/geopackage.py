"""The directory as a GeoPackage with one layer of typed columns, written by GDAL in a process of its own."""

import json
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Iterator
from pathlib import Path
from threading import BoundedSemaphore

from directory.formats.edition import ATTRIBUTION, LICENCE, Edition
from directory.formats.writers.blocks import blocks_of
from directory.formats.writers.tables import columns, type_of, typed_cells
from directory.zones.schemas import ZoneRecord

LAYER = "zones"
SECONDS = 120
_PROCESSES = BoundedSemaphore(2)
"""How many files a worker has written at once: each takes a processor and some 80 MB."""
_ENVIRONMENT = {"OPENBLAS_NUM_THREADS": "1", "PYTHONPATH": str(Path(__file__).parents[3]), "PYTHONUTF8": "1"}
"""All that the process inherits."""


def geopackage(zones: Iterable[ZoneRecord], edition: Edition) -> Iterator[bytes]:
    """A GeoPackage in blocks; the same zones give the same bytes."""
    rows = list(zones)
    order = {
        "layer": LAYER, "title": "Safe zones", "description": f"{ATTRIBUTION}. {LICENCE}",
        "metadata": {"LICENCE": LICENCE, "ATTRIBUTION": ATTRIBUTION},
        "day": edition.day.strftime("%Y-%m-%dT%H:%M:%S.000Z"),
        "columns": [(name, type_of(name).__name__) for name in columns(edition)],
        "rows": [typed_cells(zone, edition) for zone in rows],
        "points": [(zone.longitude, zone.latitude) for zone in rows],
    }  # fmt: skip
    with tempfile.TemporaryDirectory(prefix="safezones-gpkg-") as folder:
        path = Path(folder) / "zones.gpkg"
        with _PROCESSES:
            subprocess.run(  # noqa: S603  (a command of our own)
                [sys.executable, "-P", "-m", "directory.formats.writers.gdal_writer", str(path)],
                input=json.dumps(order, default=str).encode(), env=_ENVIRONMENT, check=True, timeout=SECONDS,
                stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
            )  # fmt: skip
        yield from blocks_of(path)

"""Basemaps for tests, made with tippecanoe from a small map of New Canaan that was drawn by hand."""

import subprocess
import sys
from pathlib import Path

DRAWN = Path(__file__).resolve().parent.parent / "cases" / "basemap" / "new-canaan.geojson"
DEEPEST = 12
"""The deepest level of the tiles, below the zoom of most maps: they are drawn larger from there on."""


def build_basemap(target: Path, drawn: Path = DRAWN) -> Path:
    """Make `target`, a PMTiles file in Protomaps' schema."""
    tippecanoe = Path(sys.executable).with_name("tippecanoe")
    options = ["--quiet", "--force", f"--maximum-zoom={DEEPEST}", "--name=Protomaps Basemap", "--no-tile-size-limit"]
    subprocess.run([tippecanoe, *options, f"--output={target}", drawn], check=True)
    return target

"""GeoPackage: an SQLite file of layers, read by GDAL."""

import shutil
import tempfile
from contextlib import ExitStack
from pathlib import Path
from typing import IO

from directory.formats.probe import Probe
from directory.formats.readers.gdal_process import read_with_gdal
from directory.formats.source import ReadOptions, Source


def is_geopackage(probe: Probe) -> bool:
    """Whether the file is an SQLite database that names the tables of a GeoPackage at its beginning."""
    return probe.head.startswith(b"SQLite format 3\x00") and b"gpkg_contents" in probe.head


def read_geopackage(file: IO[bytes], options: ReadOptions) -> Source:
    """Features of the layer with our columns. Raises BadFileError.

    The file is copied: SQLite would look for a journal beside it.
    """
    with ExitStack() as resources:
        folder = Path(resources.enter_context(tempfile.TemporaryDirectory()))
        copy = folder / "zones.gpkg"
        with copy.open("wb") as target:
            shutil.copyfileobj(file, target)
        return read_with_gdal("GeoPackage", copy, file, options, resources)

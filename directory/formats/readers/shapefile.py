"""Zipped shapefiles, read by GDAL."""

import shutil
import tempfile
import zipfile
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path, PurePosixPath
from typing import IO

from directory.formats.column_names import field_for_cut_name
from directory.formats.probe import Probe
from directory.formats.readers.archive import open_archive, open_entry
from directory.formats.readers.gdal_process import read_with_gdal
from directory.formats.sheets import refuse_many_sheets
from directory.formats.source import BadFileError, ReadOptions, Source
from directory.formats.xml_events import BROKEN, damaged
from directory.text import translatable

PARTS = (".shp", ".shx", ".dbf", ".prj", ".cpg")
"""The files of a shapefile that are read, by their endings: GDAL sees no others."""


def is_shapefile(probe: Probe) -> bool:
    """Whether the file is a ZIP archive with a shapefile in it."""
    return any(name.lower().endswith(".shp") for name in probe.entries)


def read_shapefile(file: IO[bytes], options: ReadOptions) -> Source:
    """Features of the shapefile with our columns; of column names only ten letters are left. Raises BadFileError."""
    with ExitStack() as resources:
        folder = Path(resources.enter_context(tempfile.TemporaryDirectory()))
        try:
            _unpack(file, folder, options)
        except BROKEN as error:
            raise damaged() from error
        column_field = options.column_field
        options = replace(options, column_field=lambda name: column_field(name) or field_for_cut_name(name))
        return read_with_gdal("Shapefile", folder, file, options, resources)


def _unpack(file: IO[bytes], folder: Path, options: ReadOptions) -> None:
    """Unpack the parts of each shapefile under a name of letters that we choose. Raises BadFileError."""
    archive = open_archive(file, options.limits)
    names = {name.lower(): name for name in archive.namelist() if not name.startswith("__MACOSX/")}
    layers = [name for name in names if name.endswith(".shp")]
    refuse_many_sheets(layers, options.limits)
    for layer in layers:
        stem = layer.removesuffix(".shp")
        if f"{stem}.dbf" not in names:
            raise BadFileError(
                translatable("The shapefile has no .dbf, so that nothing is known of its points."),
                translatable("Put .shp, .shx, .dbf and .prj together into one ZIP file and send that."),
            )
        target = _layer_name(PurePosixPath(names[layer]), folder)
        for part in PARTS:
            if entry := names.get(stem + part):
                _copy(archive, entry, folder / f"{target}{part}")


def _layer_name(entry: PurePosixPath, folder: Path) -> str:
    """The shapefile's name in letters, digits, - and _, and a number where another has it."""
    name = "".join(sign if sign.isalnum() or sign in "-_ " else "_" for sign in entry.stem)[:60] or "layer"
    number = 1
    while (folder / f"{name}.shp").exists():
        number += 1
        name = f"{name[:60]} {number}"
    return name


def _copy(archive: zipfile.ZipFile, entry: str, target: Path) -> None:
    with open_entry(archive, entry) as packed, target.open("wb") as file:
        shutil.copyfileobj(packed, file)

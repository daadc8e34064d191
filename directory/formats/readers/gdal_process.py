"""Features read by GDAL in a process of its own: it may crash, and its 90 MB are given back afterwards."""

import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import IO, Any, cast

from directory.formats.readers.geojson import feature_row
from directory.formats.sheets import named_sheet, refuse_many_sheets, which_sheet
from directory.formats.source import BadFileError, ReadOptions, Source, too_many_columns, too_much_text
from directory.formats.table_source import NoColumnsError, known_columns
from directory.formats.unknown_properties import naming_left_out
from directory.text import translatable
from directory.zones.validation.row_validation import RawRow

DRIVERS = {"Shapefile": "ESRI Shapefile", "GeoPackage": "GPKG"}
"""GDAL's names of the formats that it reads for us."""
MOST_MEMORY = 600_000_000
"""Bytes of data that the process may have."""
LONGEST_LINE = 10_000_000
"""Characters of a feature, or of the names of all layers and fields."""
_ENVIRONMENT = {
    "OGR_SQLITE_PRAGMA": "trusted_schema=OFF,query_only=ON,cell_size_check=ON",
    "OPENBLAS_NUM_THREADS": "1",
    "PYTHONPATH": str(Path(__file__).parents[3]),
    "PYTHONUTF8": "1",
}
"""All that the process inherits; views of a GeoPackage may compute with nothing that reaches outside of it."""


def read_with_gdal(form: str, path: Path, file: IO[bytes], options: ReadOptions, resources: ExitStack) -> Source:
    """Features of the one layer with our columns as rows, numbered from 1; `resources` end the process.

    Raises BadFileError, and SheetChoiceError when several layers could be meant.
    """
    process = _Process(form, path, options.limits.seconds)
    resources.callback(process.end)
    layers = process.line() or []
    refuse_many_sheets(layers, options.limits)
    number = _layer_number(layers, options)
    fields = layers[number]["fields"]
    if len(fields) > options.limits.columns:
        raise too_many_columns(options.limits, 0)
    process.choose(number)
    columns = {name: options.column_field(name) or "" for name in fields}
    rows = naming_left_out(_rows(process, options), options)
    return Source(form, rows, file, columns=columns, resources=resources.pop_all())


def _layer_number(layers: list[dict[str, Any]], options: ReadOptions) -> int:
    """The number of the layer that is named, or the only one, or the only one with our columns and a feature."""
    names = [layer["name"] for layer in layers]
    if options.sheet:
        return named_sheet(names, options.sheet)
    if len(layers) == 1:
        return 0
    with_columns = [
        number
        for number, layer in enumerate(layers)
        if layer["features"] and (options.asks_columns or known_columns(layer["fields"], options.column_field) > 1)
    ]
    if len(with_columns) > 1:
        raise which_sheet(names[number] for number in with_columns)
    if not with_columns:
        raise NoColumnsError(
            translatable("No layer of the file has columns of the directory."),
            translatable("Name the columns: department, town, state, address, hours and so on."),
        )
    return with_columns[0]


def _rows(process: "_Process", options: ReadOptions) -> Iterator[RawRow]:
    number = 0
    while (feature := process.line()) is not None:
        number += 1
        if process.text > options.limits.text:
            raise too_much_text(options.limits, number)
        yield feature_row(number, feature, options.column_field)


class _Process:
    """The process, which writes JSON line by line (`gdal_reader`); `text` counts its characters."""

    def __init__(self, form: str, path: Path, seconds: int) -> None:
        self._form = form
        self.text = 0
        arguments = [str(path), DRIVERS[form], str(MOST_MEMORY), str(seconds)]
        self._process = subprocess.Popen(  # noqa: S603  (a command of our own)
            [sys.executable, "-P", "-m", "directory.formats.readers.gdal_reader", *arguments],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, encoding="utf-8",
            env=_ENVIRONMENT,
        )  # fmt: skip

    def line(self) -> Any:
        """The next line, None at the end. Raises BadFileError when the process has failed."""
        line = cast(IO[str], self._process.stdout).readline(LONGEST_LINE)
        self.text += len(line)
        if line.endswith("\n"):
            return json.loads(line)
        if not line and self._process.wait() == 0:
            return None
        raise BadFileError(
            translatable(
                "The %(form)s cannot be read: it is damaged, too large, or in a coordinate system that is not known.",
                form=self._form,
            ),
            translatable("Export it again in WGS 84 (EPSG:4326), with the zones only."),
        )

    def choose(self, layer: int) -> None:
        """Ask for the features of a layer."""
        with cast(IO[str], self._process.stdin) as stdin:
            stdin.write(f"{layer}\n")

    def end(self) -> None:
        """End the process, whatever it does."""
        self._process.kill()
        with self._process:
            pass  # closes the pipes and waits

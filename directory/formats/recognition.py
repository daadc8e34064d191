"""Which format a file has, by its content, whatever it is called: the registry of formats, and opening a file."""

import codecs
import io
import tempfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from directory.formats.cells.foreign_ids import without_foreign_id
from directory.formats.cells.markup import without_markup
from directory.formats.cells.status_in_text import with_told_status
from directory.formats.column_names import FieldFor, field_for
from directory.formats.probe import Probe
from directory.formats.readers import (
    arcgis_json,
    delimited,
    geojson,
    geojson_sequence,
    geopackage,
    html_tables,
    kml,
    ods,
    shapefile,
    xlsx,
)
from directory.formats.source import IMPORT_LIMITS, BadFileError, Limits, ReadOptions, Source
from directory.formats.unknown_properties import naming_left_out
from directory.formats.unreadable import refuse_foreign, unrecognized
from directory.text import translatable

BLOCK_BYTES = 1 << 20
_BLANKS = b"\xef\xbb\xbf\xff\xfe\x00 \t\r\n"


@dataclass(frozen=True, slots=True)
class Format:
    """A file format: its name, whether a file has it, and its reader, which raises BadFileError.

    The rows of a reader's Source come one at a time, with bounded memory.
    """

    name: str
    recognizes: Callable[[Probe], bool]
    read: Callable[[IO[bytes], ReadOptions], Source]


FORMATS = (
    Format("XLSX", xlsx.is_xlsx, xlsx.read_xlsx),
    Format("ODS", ods.is_ods, ods.read_ods),
    Format("Shapefile", shapefile.is_shapefile, shapefile.read_shapefile),
    Format("KML", kml.is_kml, kml.read_kml),
    Format("GeoPackage", geopackage.is_geopackage, geopackage.read_geopackage),
    Format("HTML", html_tables.is_html, html_tables.read_html),
    Format("GeoJSON sequence", geojson_sequence.is_sequence, geojson_sequence.read_sequence),
    Format("ArcGIS JSON", arcgis_json.is_arcgis_json, arcgis_json.read_arcgis_json),
    Format("GeoJSON", geojson.is_json, geojson.read_geojson),
    Format("CSV", delimited.is_delimited, delimited.read_delimited),
)
"""In the order in which they are tried; CSV, which nothing marks, is the last."""


@contextmanager
def open_source(
    path: Path,
    limits: Limits = IMPORT_LIMITS,
    column_field: FieldFor = field_for,
    sheet: str = "",
    *,
    asks_columns: bool = False,
) -> Iterator[Source]:
    """Open a file of any of the formats. Raises BadFileError, also while its rows are read.

    `column_field` says which field a column or property means, usually a zone's; `sheet` names the sheet, layer or
    table where a file has several (else SheetChoiceError); `asks_columns` as in ReadOptions.
    """
    try:
        file = path.open("rb")
    except OSError as error:
        raise BadFileError(
            translatable("%(path)s cannot be opened: %(strerror)s.", path=path, strerror=error.strerror),
            translatable("Check the name and its permissions."),
        ) from error
    with ExitStack() as resources:
        resources.enter_context(file)
        if not file.seekable():  # which only a command can be given
            raise BadFileError(
                f"{path} is a pipe, which can be read only once.", "Save what it gives as a file, and name that."
            )
        text = resources.enter_context(_as_utf8(file))
        probe = Probe(text)
        if not probe.head.strip(_BLANKS):
            raise BadFileError(translatable("%(path)s is empty.", path=path), translatable("Save it again."))
        refuse_foreign(probe)
        form = next((form for form in FORMATS if form.recognizes(probe)), None)
        if form is None:
            raise unrecognized(probe)
        options = ReadOptions(limits, column_field, sheet, asks_columns)
        source = form.read(text, options)
        resources.push(source.resources)
        if not source.columns:
            source.rows = naming_left_out(source.rows, options)
        source.rows = (with_told_status(without_markup(without_foreign_id(row))) for row in source.rows)
        yield source


def _as_utf8(file: IO[bytes]) -> IO[bytes]:
    """The file itself, or in a temporary one in UTF-8 what it says in UTF-16, with or without a byte-order mark."""
    start = file.read(512)
    file.seek(0)
    if start.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        encoding = "utf-16"
    elif len(start) > 7 and start[1::2].count(0) > len(start) // 3 and 0 not in start[::2]:
        encoding = "utf-16-le"
    else:
        return file
    copy = tempfile.TemporaryFile()  # noqa: SIM115  (the caller closes it)
    text = io.TextIOWrapper(file, encoding, errors="replace", newline="")
    while block := text.read(BLOCK_BYTES):
        copy.write(block.encode())
    text.detach()
    copy.seek(0)
    return copy

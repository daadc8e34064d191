"""Files handed to the importer: told apart by their content, opened as rows."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from directory.formats import geojson, spreadsheet
from directory.formats.column_names import FieldFor, field_for
from directory.formats.source import IMPORT_LIMITS, BadFileError, Limits, Source
from directory.text import translatable


@contextmanager
def open_source(path: Path, limits: Limits = IMPORT_LIMITS, column_field: FieldFor = field_for) -> Iterator[Source]:
    """Open GeoJSON, CSV or XLSX, whatever the file is called. Raises BadFileError, also while its rows are read.

    `column_field` says which field a column or property means; usually a zone's.
    """

    try:
        file = path.open("rb")
    except OSError as error:
        raise BadFileError(
            translatable("%(path)s cannot be opened: %(strerror)s.", path=path, strerror=error.strerror),
            translatable("Check the name and its permissions."),
        ) from error
    with file:
        start = file.read(4096)
        file.seek(0)
        if not start.strip(b"\xef\xbb\xbf\xff\xfe\x00 \t\r\n"):
            raise BadFileError(translatable("%(path)s is empty.", path=path), translatable("Save it again."))
        if start.startswith(b"PK\x03\x04"):
            yield spreadsheet.open_xlsx(file, limits, column_field)
        elif start.startswith(b"\xd0\xcf\x11\xe0"):
            raise BadFileError(
                translatable("This is an old Excel file (.xls)."), translatable("Save it as .xlsx or CSV.")
            )
        elif start.lstrip(b"\xef\xbb\xbf \t\r\n")[:1] in (b"{", b"["):
            bom = 3 if start.startswith(b"\xef\xbb\xbf") else 0
            file.seek(bom)
            geojson.refuse_deep(file)
            file.seek(bom)
            header = geojson.read_header(file)
            geojson.read_trailer(file)
            file.seek(bom)
            rows = geojson.read_rows(file, header, column_field)
            yield Source(
                "GeoJSON", rows, file, dataset=header.dataset, released=header.released,
                departments=header.departments, towns=header.towns, findings=header.findings,
            )  # fmt: skip
        elif b"\x00" in start and not start.startswith((b"\xff\xfe", b"\xfe\xff")):
            raise BadFileError(
                translatable("This is neither GeoJSON, CSV nor XLSX."), translatable("Export it as one of these.")
            )
        else:
            yield spreadsheet.open_csv(file, limits, column_field)

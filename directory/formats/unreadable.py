"""Files that are none of our formats, called by their right names, with what to do instead."""

from collections.abc import Callable
from dataclasses import dataclass

from directory.formats.probe import Probe
from directory.formats.source import BadFileError
from directory.text import translatable


@dataclass(frozen=True, slots=True)
class Foreign:
    """A kind of file that is not read: how it is recognized, what it is, and what to do instead."""

    recognizes: Callable[[Probe], bool]
    name: str
    fix: str


def _begins(*signatures: bytes) -> Callable[[Probe], bool]:
    return lambda probe: probe.head.startswith(signatures)


def _is_picture(probe: Probe) -> bool:
    head = probe.head
    return (
        head.startswith((b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"II*\x00", b"MM\x00*"))
        or head[8:12] == b"WEBP"
        or head[4:12] in (b"ftypheic", b"ftypheix", b"ftypmif1", b"ftypavif")
        or (head[:2] == b"BM" and head[6:10] == bytes(4))
    )


def _holds(*prefixes: str) -> Callable[[Probe], bool]:
    """A ZIP archive that has an entry below one of these names."""
    return lambda probe: any(name.lower().startswith(prefixes) for name in probe.entries)


def _is_old_office(*markers: str) -> Callable[[Probe], bool]:
    """A compound file, as Office wrote them before 2007, with a part of one of these names."""
    return lambda probe: probe.head.startswith(b"\xd0\xcf\x11\xe0") and any(map(probe.has, markers))


def _is_document(kind: str) -> Callable[[Probe], bool]:
    """An OpenDocument of a kind: its first entry says so, unpacked."""
    mimetype = f"mimetypeapplication/vnd.oasis.opendocument.{kind}".encode()
    return lambda probe: probe.is_zip and mimetype in probe.head[:200]


def _has_xml_root(*roots: bytes) -> Callable[[Probe], bool]:
    return lambda probe: probe.text.startswith(b"<") and any(b"<" + root in probe.head[:4096] for root in roots)


_AS_TABLE = translatable("Put the zones into a table, a row each, and save it as XLSX, ODS or CSV.")
_SAVE_AS = translatable("Open it in its program and save it as XLSX or CSV.")
_EXPORT = translatable("Export it as GeoJSON, KML or a zipped shapefile.")
_UNPACK = translatable("Unpack it and send the file that is in it.")

FOREIGN = (
    Foreign(_begins(b"%PDF"), translatable("This is a PDF file."), _AS_TABLE),
    Foreign(_is_picture, translatable("This is a picture."), _AS_TABLE),
    Foreign(_begins(b"{\\rtf"), translatable("This is a Word document (RTF)."), _AS_TABLE),
    Foreign(
        _is_old_office("EncryptedPackage"),
        translatable("This workbook is encrypted."),
        translatable("Save it without a password and send it again."),
    ),
    Foreign(_is_old_office("WordDocument"), translatable("This is an old Word document (.doc)."), _AS_TABLE),
    Foreign(
        _is_old_office("PowerPoint Document"), translatable("This is an old PowerPoint presentation (.ppt)."), _AS_TABLE
    ),
    Foreign(_is_old_office("__substg1.0_"), translatable("This is an Outlook message (.msg)."),
            translatable("Save the file that is attached to it, and send that.")),
    Foreign(
        _begins(b"\xd0\xcf\x11\xe0", b"\x09\x08\x10\x00", b"\x09\x04\x06\x00"),
        translatable("This is an old Excel file (.xls)."),
        translatable("Save it as .xlsx or CSV."),
    ),
    Foreign(_holds("word/"), translatable("This is a Word document."), _AS_TABLE),
    Foreign(_is_document("text"), translatable("This is a text document (.odt)."), _AS_TABLE),
    Foreign(_holds("ppt/"), translatable("This is a PowerPoint presentation."), _AS_TABLE),
    Foreign(_is_document("presentation"), translatable("This is a presentation (.odp)."), _AS_TABLE),
    Foreign(_holds("xl/workbook.bin"), translatable("This is a binary Excel workbook (.xlsb)."),
            translatable("Save it as .xlsx or CSV.")),
    Foreign(_holds("index/document.iwa", "index.zip"), translatable("This is a Numbers, Pages or Keynote file."),
            translatable("Export it as XLSX or CSV.")),
    Foreign(lambda probe: any(".gdb/" in name for name in probe.entries),
            translatable("This is a file geodatabase (.gdb)."), _EXPORT),
    Foreign(_begins(b"\x1f\x8b"), translatable("This file is compressed (gzip)."), _UNPACK),
    Foreign(_begins(b"Rar!", b"7z\xbc\xaf\x27\x1c"), translatable("This is a RAR or 7-Zip archive."), _UNPACK),
    Foreign(
        _begins(b"\x00\x01\x00\x00Standard ACE", b"\x00\x01\x00\x00Standard Jet"),
        translatable("This is an Access database."),
        translatable("Export its table as XLSX or CSV."),
    ),
    Foreign(
        _begins(b"\x00\x00\x27\x0a"),
        translatable("This is a part of a shapefile (.shp or .shx)."),
        translatable("Put .shp, .shx, .dbf and .prj together into one ZIP file and send that."),
    ),
    Foreign(_begins(b"fgb\x03", b"PAR1"), translatable("This is a FlatGeobuf or Parquet file."), _EXPORT),
    Foreign(
        _has_xml_root(b"Workbook"), translatable("This is an Excel workbook of 2003 in XML."),
        translatable("Save it as .xlsx or CSV."),
    ),
    Foreign(_has_xml_root(b"office:document"), translatable("This is a flat OpenDocument file."), _SAVE_AS),
    Foreign(_has_xml_root(b"gpx"), translatable("This is a GPX file: it has no room for what a zone has."), _EXPORT),
)  # fmt: skip


def refuse_foreign(probe: Probe) -> None:
    """Raises BadFileError when the file is of a kind that is known and not read."""
    for kind in FOREIGN:
        if kind.recognizes(probe):
            raise BadFileError(kind.name, kind.fix)


def unrecognized(probe: Probe) -> BadFileError:
    """A file that no format recognizes."""
    if probe.entries:
        names = ", ".join(probe.entries[:3])[:200]
        return BadFileError(translatable("This ZIP archive holds no file of zones: %(names)s.", names=names), _UNPACK)
    if probe.is_zip:
        return BadFileError(
            translatable("The file is a damaged ZIP archive or workbook."),
            translatable("Save or download it again."),
        )
    if probe.head.startswith(b"SQLite format 3"):
        return BadFileError(translatable("This is an SQLite database, and no GeoPackage."), _EXPORT)
    if probe.is_xml:
        return BadFileError(translatable("This is an XML file, and neither KML nor a web page."), _EXPORT)
    return BadFileError(
        translatable("This is neither a spreadsheet nor a file of map features."),
        translatable("Save it as XLSX, ODS, CSV, GeoJSON, KML, GeoPackage or a zipped shapefile."),
    )

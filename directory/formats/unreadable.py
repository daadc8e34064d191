"""Files in formats that are not read: what each of them is, and what to do instead."""

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


def _is_mail(probe: Probe) -> bool:
    """A mail, or a page as browsers and old Excel save it in one file: headers before anything else."""
    return probe.head.startswith((b"MIME-Version:", b"From:", b"Return-Path:", b"Received:", b"Delivered-To:")) and (
        b"Content-Type:" in probe.head
    )


def _is_dbase(probe: Probe) -> bool:
    """A dBase table: a byte for its version, then the day of its last change."""
    version, _, month, day = probe.head[:4].ljust(4, b"\0")
    return version in (0x03, 0x30, 0x83) and 1 <= month <= 12 and 1 <= day <= 31


def _is_json_rows(probe: Probe) -> bool:
    """A list of objects, or an object a line, of which none says that it is a feature."""
    first, _, second = probe.text.partition(b"\n")
    is_list = probe.text[:1] == b"[" and probe.text[1:].lstrip().startswith(b"{")
    is_lines = first.startswith(b"{") and first.rstrip().endswith(b"}") and second.lstrip().startswith(b"{")
    return is_list or (is_lines and b'"type"' not in first)


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
_OTHER_XML = translatable("This is an XML file, and neither KML nor a web page.")
_SAVE_AS = translatable("Open it in its program and save it as XLSX or CSV.")
_EXPORT = translatable("Export it as GeoJSON, KML or a zipped shapefile.")
_AS_TABLE_OR_GEOJSON = translatable("Save it as CSV, a column for each property, or as GeoJSON.")
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
    Foreign(_is_mail, translatable("This is a mail or a saved web page (.mht)."), _SAVE_AS),
    Foreign(_begins(b"BEGIN:VCALENDAR", b"BEGIN:VCARD"),
            translatable("This is a calendar or an address card."), _AS_TABLE),
    Foreign(lambda probe: probe.head[4:8] == b"ftyp" or probe.head.startswith((b"ID3", b"OggS")),
            translatable("This is a recording."), _AS_TABLE),
    Foreign(_begins(b"[InternetShortcut]"), translatable("This is only a link to a page."),
            translatable("Open the page, and download the table itself as CSV, XLSX or GeoJSON.")),
    Foreign(_is_dbase, translatable("This is a dBase table (.dbf), or a part of a shapefile."), _SAVE_AS),
    Foreign(_is_json_rows, translatable("This is JSON, and no GeoJSON."), _AS_TABLE_OR_GEOJSON),
    Foreign(lambda probe: probe.text.startswith((b"<svg", b"<rss", b"<feed")), _OTHER_XML, _EXPORT),
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
            translatable("The file is a damaged ZIP archive or workbook."), translatable("Save or download it again.")
        )
    if probe.head.startswith(b"SQLite format 3"):
        return BadFileError(translatable("This is an SQLite database, and no GeoPackage."), _EXPORT)
    if probe.is_xml:
        return BadFileError(_OTHER_XML, _EXPORT)
    return BadFileError(
        translatable("This is neither a spreadsheet nor a file of map features."),
        translatable("Save it as XLSX, ODS, CSV, GeoJSON, KML, GeoPackage or a zipped shapefile."),
    )

"""What is no file of zones is called by its right name, with what to do instead."""

import gzip
import io
import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest
from fpdf import FPDF
from odf.opendocument import OpenDocumentText
from PIL import Image

from directory.formats.recognition import open_source
from directory.formats.source import BadFileError
from tests.support.department_files import kml, lines, zipped


def pdf(_: Path) -> bytes:
    document = FPDF()
    document.add_page()
    return bytes(document.output())


def picture(form: str) -> Callable[[Path], bytes]:
    def saved(_: Path) -> bytes:
        content = io.BytesIO()
        Image.new("RGB", (8, 8)).save(content, form)
        return content.getvalue()

    return saved


def odt(_: Path) -> bytes:
    content = io.BytesIO()
    OpenDocumentText().write(content)
    return content.getvalue()


def database(folder: Path) -> bytes:
    connection = sqlite3.connect(folder / "a.sqlite")
    connection.execute("CREATE TABLE zone (department TEXT, town TEXT)")
    connection.commit()
    connection.close()
    return (folder / "a.sqlite").read_bytes()


def compound(part: str) -> Callable[[Path], bytes]:
    """The start of an Office file of before 2007, which names its parts in UTF-16."""
    return lambda _: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1".ljust(1024, b"\0") + part.encode("utf-16-le").ljust(512, b"\0")


def text(content: str) -> Callable[[Path], bytes]:
    return lambda _: content.encode()


LINK = "<NetworkLink><name>Zones</name><Link><href>https://www.google.com/maps/d/kml?mid=1</href></Link></NetworkLink>"
FILES: dict[str, tuple[Callable[[Path], bytes], str, str]] = {
    "a PDF": (pdf, "This is a PDF file.", "a row each"),
    "a PNG": (picture("PNG"), "This is a picture.", "a row each"),
    "a JPEG": (picture("JPEG"), "This is a picture.", "a row each"),
    "a WebP": (picture("WEBP"), "This is a picture.", "a row each"),
    "a BMP": (picture("BMP"), "This is a picture.", "a row each"),
    "a TIFF": (picture("TIFF"), "This is a picture.", "a row each"),
    "a Word file": (lambda _: zipped({"[Content_Types].xml": "<Types/>", "word/document.xml": "<w/>"}),
                    "This is a Word document.", "a row each"),
    "an old Word file": (compound("WordDocument"), "This is an old Word document", "a row each"),
    "a rich text": (text(r"{\rtf1\ansi zones}"), "Word document (RTF)", "a row each"),
    "an OpenDocument text": (odt, "text document (.odt)", "a row each"),
    "a presentation": (lambda _: zipped({"ppt/presentation.xml": "<p/>"}), "PowerPoint", "a row each"),
    "an old Excel file": (compound("Workbook"), "This is an old Excel file (.xls).", "Save it as .xlsx"),
    "an encrypted workbook": (compound("EncryptedPackage"), "This workbook is encrypted.", "without a password"),
    "an encrypted ODS": (
        lambda _: zipped({"content.xml": b"\x81", "META-INF/manifest.xml": "<manifest><encryption-data/></manifest>"}),
        "This workbook is encrypted.", "without a password",
    ),
    "a mail": (compound("__substg1.0_0037001F"), "Outlook message", "attached"),
    "a binary workbook": (lambda _: zipped({"xl/workbook.bin": b"\x83"}), "binary Excel workbook (.xlsb)", ".xlsx"),
    "a Numbers file": (lambda _: zipped({"Index/Document.iwa": b"\0"}), "Numbers", "Export it as XLSX"),
    "a workbook in XML": (text('<?xml version="1.0"?><Workbook xmlns="urn:x"/>'), "Excel workbook of 2003", ".xlsx"),
    "a flat OpenDocument": (text('<?xml version="1.0"?>\n<office:document xmlns:office="o"/>'),
                            "flat OpenDocument", "XLSX"),
    "a ZIP of other things": (lambda _: zipped({"a/photo.txt": "x", "b.txt": "y"}),
                              "holds no file of zones: a/photo.txt", "Unpack"),
    "a geodatabase": (lambda _: zipped({"zones.gdb/a0001.gdbtable": b"\x03"}), "file geodatabase", "zipped shapefile"),
    "a damaged ZIP": (lambda _: zipped({"xl/workbook.xml": "<w/>"})[:60], "damaged ZIP archive or workbook", "again"),
    "a compressed CSV": (lambda _: gzip.compress(lines(",").encode()), "compressed (gzip)", "Unpack"),
    "a 7-Zip archive": (lambda _: b"7z\xbc\xaf\x27\x1c\0\4", "7-Zip", "Unpack"),
    "an Access database": (lambda _: b"\0\1\0\0Standard ACE DB\0", "Access database", "Export its table"),
    "an SQLite database": (database, "an SQLite database, and no GeoPackage", "Export"),
    "a .shp alone": (lambda _: b"\0\0\x27\x0a".ljust(100, b"\0"), "part of a shapefile", ".prj together"),
    "a shapefile without .dbf": (lambda _: zipped({"zones.shp": b"\0\0\x27\x0a"}), "has no .dbf", ".prj together"),
    "a GPX file": (text('<?xml version="1.0"?><gpx version="1.1"/>'), "GPX file", "GeoJSON, KML"),
    "another XML file": (text('<?xml version="1.0"?><rss><link>x</link></rss>'),
                         "an XML file, and neither KML", "Export"),
    "an XML file without a declaration": (text("<rss><channel/></rss>"), "an XML file, and neither KML", "Export"),
    "a saved web archive": (text("MIME-Version: 1.0\nContent-Type: multipart/related\n\n<table/>"),
                            "mail or a saved web page", "XLSX or CSV"),
    "a mail as text": (text("Return-Path: <a@b.example>\nContent-Type: text/plain\n\nzones"),
                       "mail or a saved web page", "XLSX or CSV"),
    "a calendar": (text("BEGIN:VCALENDAR\nEND:VCALENDAR"), "calendar or an address card", "a row each"),
    "a film": (lambda _: b"\0\0\0\x14ftypqt  ", "a recording", "a row each"),
    "a shortcut": (text("[InternetShortcut]\nURL=https://town.example\n"), "only a link to a page", "Open the page"),
    "a .dbf alone": (lambda _: b"\x03\x7c\x0b\x1d".ljust(64, b"\0"), "dBase table (.dbf)", "XLSX or CSV"),
    "rows as a JSON list": (text('[{"department": "Weston Police"}]'), "JSON, and no GeoJSON", "CSV"),
    "rows as JSON lines": (text('{"department": "A"}\n{"department": "B"}\n'), "JSON, and no GeoJSON", "CSV"),
    "a link to a map": (text(kml(LINK)), "only links to a map on the web", "network link"),
    "a page to sign in": (text("<!DOCTYPE html><html><form>Password <input></form></html>"),
                          "web page without a table", "sign in"),
    "an error of a map server": (text('{"error":{"code":498,"message":"Invalid token"}}'),
                                 "ArcGIS server: Invalid token", "f=geojson"),
    "TopoJSON": (text('{"type":"Topology","objects":{}}'), "“Topology”, not a GeoJSON", "Export it as GeoJSON"),
    "a layer in an unknown system": (
        text('{"spatialReference":{"wkid":999999},"features":[]}'), "unknown system", "WGS 84",
    ),
    "noise": (lambda _: b"\x01\x02\0\xfe" * 40, "neither a spreadsheet nor a file of map features", "XLSX, ODS, CSV"),
    "nothing": (lambda _: b" \r\n", "is empty", "Save it again"),
}  # fmt: skip


def refusal(folder: Path, content: bytes) -> BadFileError:
    """Why a file is not read."""
    path = folder / "zones.csv"
    path.write_bytes(content)
    with pytest.raises(BadFileError) as caught, open_source(path) as source:
        list(source.rows)
    return caught.value


@pytest.mark.parametrize("name", FILES)
def test_a_file_that_is_not_read_is_called_what_it_is(tmp_path: Path, name: str) -> None:
    content, reason, fix = FILES[name]
    error = refusal(tmp_path, content(tmp_path))
    assert reason in error.reason and fix in error.fix, str(error)


@pytest.mark.parametrize("length", [-20, 100])
def test_a_file_that_is_cut_off_is_damaged(tmp_path: Path, length: int) -> None:
    whole = kml("<Placemark><ExtendedData/></Placemark>")
    assert "damaged" in refusal(tmp_path, whole[:length].encode()).reason

"""Files that are small and mean much work, as somebody sends them who wants to fill a server's memory."""

import io
import struct
import zipfile
import zlib
from collections.abc import Iterable, Sequence
from xml.sax.saxutils import escape

from PIL import Image

SHEET_KIND = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
KINDS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_RELATIONSHIPS = "http://schemas.openxmlformats.org/package/2006/relationships"
_CONTENT_TYPES = "http://schemas.openxmlformats.org/package/2006/content-types"
COLUMNS = ("department", "town", "state", "setting", "street_address", "spot_note", "rules", "custody_rules")


def webp(width: int, height: int) -> bytes:
    """A picture of one colour: kilobytes, and sixteen bytes a pixel for whoever decodes it."""
    return _saved(width, height, "WEBP", quality=10, method=0)


def progressive_jpeg(width: int, height: int) -> bytes:
    """A picture of which all coefficients are held, six bytes a pixel, however small it is to become."""
    return _saved(width, height, "JPEG", progressive=True, subsampling=0)


def jpeg_in_separate_scans(width: int, height: int) -> bytes:
    """A JPEG that is not progressive, and of which all coefficients are held: its first scan has one colour of three.

    The other scans are missing, as nothing needs them to cost what they cost.
    """
    whole = _saved(width, height, "JPEG", subsampling=0)
    scan = whole.index(b"\xff\xda")
    header = b"\xff\xda" + struct.pack(">HB", 8, 1) + whole[scan + 5 : scan + 7] + b"\x00\x3f\x00"
    return whole[:scan] + header + whole[scan + 14 :]


def deep_png(width: int, height: int) -> bytes:
    """A PNG of four channels with sixteen bits each: eight bytes a pixel when it is unpacked."""

    def chunk(kind: bytes, content: bytes) -> bytes:
        body = kind + content
        return struct.pack(">I", len(content)) + body + struct.pack(">I", zlib.crc32(body))

    packer = zlib.compressobj(1)
    row = b"\0" + b"\x80\x10" * 4 * width
    packed = b"".join(packer.compress(row) for _ in range(height)) + packer.flush()
    header = struct.pack(">IIBBBBB", width, height, 16, 6, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", packed) + chunk(b"IEND", b"")


def shared_strings(rows: int = 1_000, length: int = 32_767) -> bytes:
    """A workbook of kilobytes in which every cell shows the same long text."""
    names = "".join(f'<c t="inlineStr"><is><t>{name}</t></is></c>' for name in COLUMNS)
    cells = '<c t="s"><v>0</v></c>' * len(COLUMNS)
    sheet = f"<row>{names}</row>" + "".join(f'<row r="{number}">{cells}</row>' for number in range(2, rows + 2))
    return workbook([("Zones", "visible", f"<sheetData>{sheet}</sheetData>")], ["x" * length])


def workbook(sheets: Sequence[tuple[str, str, str]], texts: Iterable[str] = (), styles: str = "") -> bytes:
    """An XLSX file of sheets (name, state, inside of `worksheet`), shared texts and the inside of `styleSheet`."""
    listed = "".join(
        f'<sheet name="{escape(name)}" sheetId="{number}" state="{state}" r:id="s{number}"/>'
        for number, (name, state, _) in enumerate(sheets, 1)
    )
    related = "".join(
        f'<Relationship Id="s{number}" Type="{KINDS}/worksheet" Target="worksheets/sheet{number}.xml"/>'
        for number in range(1, len(sheets) + 1)
    )
    related += f'<Relationship Id="t" Type="{KINDS}/sharedStrings" Target="sharedStrings.xml"/>'
    related += f'<Relationship Id="f" Type="{KINDS}/styles" Target="styles.xml"/>'
    start = f'<Relationship Id="w" Type="{KINDS}/officeDocument" Target="xl/workbook.xml"/>'
    main = "application/vnd.openxmlformats-officedocument.spreadsheetml"
    of_parts = "".join(
        f'<Override PartName="/xl/{name}.xml" ContentType="{main}.{kind}+xml"/>'
        for name, kind in (
            ("workbook", "sheet.main"),
            ("sharedStrings", "sharedStrings"),
            ("styles", "styles"),
            *((f"worksheets/sheet{number}", "worksheet") for number in range(1, len(sheets) + 1)),
        )
    )
    parts = {
        "[Content_Types].xml": f'<Types xmlns="{_CONTENT_TYPES}">{of_parts}</Types>',
        "_rels/.rels": f'<Relationships xmlns="{_RELATIONSHIPS}">{start}</Relationships>',
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{_RELATIONSHIPS}">{related}</Relationships>',
        "xl/workbook.xml": f'<workbook xmlns="{SHEET_KIND}" xmlns:r="{KINDS}"><sheets>{listed}</sheets></workbook>',
        "xl/sharedStrings.xml": f'<sst xmlns="{SHEET_KIND}">'
        + "".join(f"<si><t>{escape(text)}</t></si>" for text in texts)
        + "</sst>",
        "xl/styles.xml": f'<styleSheet xmlns="{SHEET_KIND}">{styles}</styleSheet>',
    }
    for number, (_, _, inside) in enumerate(sheets, 1):
        parts[f"xl/worksheets/sheet{number}.xml"] = f'<worksheet xmlns="{SHEET_KIND}">{inside}</worksheet>'
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in parts.items():
            archive.writestr(name, text)
    return content.getvalue()


def _saved(width: int, height: int, form: str, **options: object) -> bytes:
    content = io.BytesIO()
    Image.new("RGB", (width, height), (90, 140, 60)).save(content, form, **options)
    return content.getvalue()

"""Files of a few kilobytes that mean gigabytes of work: refused before the work, with words that help."""

import io
import json
import random
import struct
import subprocess
import sys
import threading
import zipfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import openpyxl
import pytest
from PIL import Image
from werkzeug.test import TestResponse

from directory.submissions.uploads import unpacking
from quality import hostile
from quality.hostile import workbook
from tests.conftest import ROOT, Import
from tests.integration.submissions.uploads.test_spreadsheet import send
from tests.support.site import WESTON, ZONE, Site, errors, words_of

pytestmark = pytest.mark.slow

NAMES = "".join(f'<c t="inlineStr"><is><t>{name}</t></is></c>' for name in ("town", "state", "setting", "address"))
HEADER = f'<row r="1">{NAMES}</row>'
GOOD = "".join(f'<c t="inlineStr"><is><t>{text}</t></is></c>' for text in ("Weston", "CT", "lobby", "56 Norfield Road"))


def one_sheet(rows: str, before: str = "", texts: tuple[str, ...] = (), styles: str = "") -> bytes:
    return workbook([("Zones", "visible", f"{before}<sheetData>{HEADER}{rows}</sheetData>")], texts, styles)


def send_photo(site: Site, content: bytes) -> TestResponse:
    clerk = site.visitor()
    form = clerk.post("/submit", data=WESTON).headers["Location"]
    data = {**ZONE, "photo_file": (io.BytesIO(content), "a.jpg"), "photo_alt": "Two bays."}
    return clerk.post(form, data=data, content_type="multipart/form-data")


def test_three_hostile_uploads_at_once_raise_a_worker_by_less_than_150_megabytes() -> None:
    """Served and measured by the command, in processes of its own."""
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.uploads"], cwd=ROOT, capture_output=True, text=True, check=False, timeout=300
    )
    *rounds, last = done.stdout.splitlines()
    assert len(rounds) >= 7, done.stderr
    assert max(int(line.split()[0]) for line in rounds) < 150, done.stdout
    assert "less than 150 MB" in last and done.returncode == 0


def test_a_workbook_whose_cells_share_one_long_text_is_refused_at_its_first_rows(site: Site) -> None:
    content = hostile.shared_strings(100)
    assert len(content) < 6_000
    _, response = send(site, content, name="zones.xlsx")
    assert response.status_code == 400 and len(response.data) < 50_000
    assert "Up to row 17 the cells hold more than 4,000,000 characters" in words_of(response)
    assert "Shorten long texts" in words_of(response)
    assert site.rows("SELECT faulty FROM submission")[0][0] == "[]"


def test_a_cell_of_more_than_ten_thousand_characters_is_named_with_its_row(site: Site) -> None:
    long = "x" * 10_001
    shared = '<c t="s"><v>0</v></c>'
    rows = f'<row r="2">{GOOD}</row><row r="7">{shared * 4}</row>'
    _, response = send(site, one_sheet(rows, texts=(long,)), name="zones.xlsx")
    assert response.status_code == 200 and "1 row is in the draft" in words_of(response)
    assert "has 10,001 characters; a cell may have 10,000" in words_of(response) and "Shorten the text" in response.text
    assert "Row 7, " in words_of(response) and long[:300] not in response.text
    assert long not in site.rows("SELECT faulty FROM submission")[0][0]


@pytest.mark.parametrize("length", [10_000, 10_001])
@pytest.mark.parametrize("form", ["csv", "geojson", "xlsx"])
def test_the_limit_of_a_cell_is_that_of_an_import_too(load: Import, form: str, length: int) -> None:
    facts = {"department": "PD", "town": "Weston", "state": "CT", "custody_rules": "x" * length}
    book = openpyxl.Workbook()
    book.active.append(list(facts))
    book.active.append(list(facts.values()))
    book.save(saved := io.BytesIO())
    content: dict[str, str | bytes] = {
        "csv": f"{','.join(facts)}\n{','.join(facts.values())}\n",
        "geojson": json.dumps({"type": "FeatureCollection", "features": [{"type": "Feature", "properties": facts}]}),
        "xlsx": saved.getvalue(),
    }
    found = [str(finding.reason) for finding in load(f"a.{form}", content[form]).findings]
    assert ("has 10,001 characters; a cell may have 10,000" in found) == (length > 10_000), found


def test_an_operators_own_file_may_hold_more_than_a_visitors(load: Import) -> None:
    rows = "".join(f"PD {number},Weston,CT,{number} Main Street,{'y' * 4_000}\n" for number in range(1_100))
    report = load("large.csv", "department,town,state,address,remarks\n" + rows)
    assert report.added == 1_100


MANY = 1_200_000
HIDDEN_COLUMN = '<col min="1" max="16384" hidden="1"/>'
SHEETS: dict[str, Callable[[], bytes]] = {
    "a million empty cells": lambda: one_sheet(f'<row r="2">{GOOD}</row><row r="3">{"<c/>" * MANY}</row>'),
    "a million empty rows": lambda: one_sheet("<row/>" * MANY),
    "a million formats": lambda: one_sheet("", styles=f"<cellXfs>{'<xf/>' * MANY}</cellXfs>"),
    "a million hidden columns": lambda: one_sheet("", before="<cols>" + HIDDEN_COLUMN * 600_000 + "</cols>"),
    "a million texts that no cell shows": lambda: one_sheet("", texts=("",) * MANY),
    "a text of ten megabytes": lambda: one_sheet("", texts=(noise(10_000_000),)),
    "an attribute of ten megabytes": lambda: one_sheet(f'<row r="2" spans="{noise(10_000_000)}">{GOOD}</row>'),
    "sixteen thousand columns": lambda: one_sheet(f'<row r="2">{GOOD}<c r="XFD2"><v>1</v></c></row>'),
    "a cell beyond every column": lambda: one_sheet(f'<row r="2"><c r="{"Z" * 60}2"><v>1</v></c></row>'),
    "a thousand sheets": lambda: workbook([(f"S{number}", "visible", "<sheetData/>") for number in range(1_000)]),
}  # fmt: skip


def beside_a_picture(book: bytes) -> bytes:
    """A workbook with something that does not pack, so that as a whole it unpacks to no more than others do."""
    content = io.BytesIO(book)
    with zipfile.ZipFile(content, "a") as archive:
        unpacked = sum(entry.file_size for entry in archive.infolist())
        archive.writestr("xl/media/image1.png", random.Random(1).randbytes(unpacked // 150))
    return content.getvalue()


def noise(length: int) -> str:
    """Text that packs no better than a hundred to one, below the bound of a bomb."""
    return "".join(f"{number:08x}" + "x" * 992 for number in range(length // 1_000))


@pytest.mark.parametrize("name", SHEETS)
def test_a_sheet_of_nothing_is_refused_early(site: Site, name: str) -> None:
    content = beside_a_picture(SHEETS[name]())
    assert len(content) < 2_000_000
    with peak_below(60_000_000):
        _, response = send(site, content, name="zones.xlsx")
    assert response.status_code == 400, words_of(response)[:500]
    assert "We could not use that file" in response.text


def test_the_size_that_a_sheet_claims_is_not_believed(site: Site) -> None:
    content = one_sheet(f'<row r="2">{GOOD}</row><row r="1048576">{GOOD.replace("56", "58")}</row>',
                        before='<dimension ref="A1:XFD1048576"/>')  # fmt: skip
    with peak_below(30_000_000):
        _, response = send(site, content, name="zones.xlsx")
    assert "2 rows are in the draft" in words_of(response)


def test_what_is_found_in_a_file_is_bounded_on_the_page_and_in_the_draft(site: Site) -> None:
    fields = (
        "department", "town", "state", "country", "zone_id", "status", "status_from", "status_until", "latitude",
        "longitude",
    )  # fmt: skip
    text = ",".join(fields) + "\n" + (",".join(["wrong" * 400] * 10)[: 8 * 2_001] + "95,200\n") * 95
    draft, response = send(site, text.encode())
    assert response.status_code == 200 and len(response.data) < 200_000
    assert response.text.count('name="cell:') == 50 and "Page 1 of 19" in words_of(response)
    waiting = json.loads(site.rows("SELECT faulty FROM submission")[0][0])
    assert len(waiting) == 95 and all(len(row["findings"]) == 5 for row in waiting)
    table = site.visitor().get(f"{draft}/faulty.csv").text
    assert "and 1 more" in table


def with_hidden_parts() -> bytes:
    shown = f'<row r="2">{GOOD}</row>'
    hidden = f'<row r="3" hidden="1">{GOOD.replace("56 Norfield", "666 Hidden")}</row>'
    folded = f'<row r="4" ht="0" customHeight="1">{GOOD.replace("56 Norfield", "667 Hidden")}</row>'
    old = f"<sheetData>{HEADER}<row>{GOOD.replace('56 Norfield', '668 Hidden')}</row></sheetData>"
    columns = '<cols><col min="3" max="3" hidden="1"/></cols>'
    zones = f"{columns}<sheetData>{HEADER}{shown}{hidden}{folded}</sheetData>"
    return workbook([("Old list", "veryHidden", old), ("Zones", "visible", zones)])


def test_hidden_sheets_rows_and_columns_are_named_and_not_used(site: Site) -> None:
    _, response = send(site, with_hidden_parts(), name="zones.xlsx")
    words = words_of(response)
    assert "“Old list” is a hidden sheet" in words and "“setting” is a hidden column" in words
    assert "2 rows: Row: is a hidden row" in words and "2 rows wait for a correction" in words
    items = site.rows("SELECT items FROM submission")[0][0]
    assert "56 Norfield" in items and "Hidden" not in items and "lobby" not in items


def test_an_import_refuses_hidden_rows_so_that_pruning_withdraws_none_of_their_zones(load: Import) -> None:
    report = load("hidden.xlsx", with_hidden_parts(), prune=True)
    assert report.refused == 3 and report.prune_skipped  # no row names a department
    assert {"is a hidden row", "is a hidden sheet", "is a hidden column"} <= {str(f.reason) for f in report.findings}


def test_the_only_sheet_with_our_columns_is_read_though_it_is_hidden_and_the_sender_is_told(site: Site) -> None:
    zones = f"<sheetData>{HEADER}<row r='2'>{GOOD}</row></sheetData>"
    content = workbook([("Notes", "visible", "<sheetData/>"), ("Zones", "hidden", zones)])
    _, response = send(site, content, name="zones.xlsx")
    assert "1 row is in the draft" in words_of(response)
    assert "“Zones” is hidden, and the only sheet that names our columns" in words_of(response)


PHOTOS: dict[str, tuple[Callable[[], bytes], str]] = {
    "WebP of 40 megapixels": (lambda: hostile.webp(8_000, 5_000), "more than 3.2 megapixels"),
    "progressive JPEG of 40 megapixels": (lambda: hostile.progressive_jpeg(8_000, 5_000), "progressive"),
    "JPEG in separate scans": (lambda: hostile.jpeg_in_separate_scans(8_000, 5_000), "in several scans"),
    "PNG of 16 bits": (lambda: hostile.deep_png(8_000, 5_000), "more than 9 megapixels"),
    "animated WebP": (lambda: animated(3_000, 2_000), "more than 3.2 megapixels"),
    "thousands of scans": (lambda: many_scans(1_000), "in several scans"),
    "comments that unpack to megabytes": (lambda: talkative(60), "no photo that we can read"),
}


@pytest.mark.parametrize("name", PHOTOS)
def test_a_picture_that_costs_too_much_is_refused_before_it_is_decoded(site: Site, name: str) -> None:
    make, reason = PHOTOS[name]
    content = make()
    assert len(content) < 8_000_000
    with peak_below(40_000_000):
        response = send_photo(site, content)
    assert response.status_code == 400 and reason in errors(response)[0]
    assert "56 Norfield Road" in response.text


@pytest.mark.parametrize("form", ["WEBP", "PNG"])
def test_of_an_animated_picture_the_first_frame_is_taken(site: Site, form: str) -> None:
    response = send_photo(site, animated(1_600, 1_200, form))
    assert response.status_code == 302, errors(response)
    with Image.open(io.BytesIO(site.rows("SELECT content FROM photo")[0][0])) as picture:
        red, _green, blue = picture.convert("RGB").getpixel((800, 600))  # type: ignore[misc]
        assert red > 200 > 60 > blue and getattr(picture, "n_frames", 1) == 1


def test_a_wide_photo_of_forty_megapixels_is_shrunk_while_it_is_read(site: Site) -> None:
    content = io.BytesIO()
    Image.new("RGB", (12_800, 3_100)).save(content, "JPEG")
    with peak_below(60_000_000):
        response = send_photo(site, content.getvalue())
    assert response.status_code == 302, errors(response)


def test_who_comes_while_another_file_is_being_read_waits_or_is_told(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(unpacking, "WAIT_SECONDS", 0.1)
    reading, go_on = threading.Event(), threading.Event()

    def slow() -> None:
        reading.set()
        assert go_on.wait(60)

    other = threading.Thread(target=unpacking.in_turn, args=(slow,))
    other.start()
    try:
        assert reading.wait(60)
        busy = send_photo(site, hostile.webp(100, 100))
        assert busy.status_code == 400 and "Other files are being read just now" in errors(busy)[0]
        assert "56 Norfield Road" in busy.text
        _, sheet = send(site, b"department,town\n")
        assert sheet.status_code == 503 and "Other files are being read just now" in words_of(sheet)
        assert sheet.headers["Retry-After"] == "60"
    finally:
        go_on.set()
        other.join()
    assert send_photo(site, hostile.webp(100, 100)).status_code == 302


def animated(width: int, height: int, form: str = "WEBP") -> bytes:
    """Red first, then blue for many frames."""
    content = io.BytesIO()
    others = [Image.new("RGB", (width, height), (0, 0, 250 - number)) for number in range(3)]
    Image.new("RGB", (width, height), (250, 0, 0)).save(content, form, save_all=True, append_images=others)
    return content.getvalue()


def many_scans(count: int) -> bytes:
    """A progressive JPEG whose last scan is told again and again: each time all its blocks are gone through."""
    whole = hostile.progressive_jpeg(1_600, 1_200)
    last, end = whole.rindex(b"\xff\xda"), whole.rindex(b"\xff\xd9")
    return whole[:end] + whole[last:end] * count + whole[end:]


def talkative(megabytes: int) -> bytes:
    """A small PNG with comments that unpack to a megabyte each."""
    content = io.BytesIO()
    Image.new("RGB", (100, 100)).save(content, "PNG")
    whole = content.getvalue()
    body = b"zTXt" + b"Comment\0\0" + zlib.compress(b"x" * 1_000_000)
    chunk = struct.pack(">I", len(body) - 4) + body + struct.pack(">I", zlib.crc32(body))
    return whole[:33] + chunk * megabytes + whole[33:]


@contextmanager
def peak_below(most: int) -> Iterator[None]:
    """Fail when this process's resident memory rises by so many bytes at any moment in between."""

    def kilobytes(field: str) -> int:
        with open("/proc/self/status") as status:  # noqa: PTH123
            return next(int(line.split()[1]) for line in status if line.startswith(field))

    with open("/proc/self/clear_refs", "w") as peak:  # noqa: PTH123
        peak.write("5")
    before = kilobytes("VmRSS:")
    yield
    assert (kilobytes("VmHWM:") - before) * 1024 < most

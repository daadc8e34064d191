"""Many zones in one spreadsheet: dry run, findings, and no zone twice."""

import csv
import html
import io
import re
import zipfile
from datetime import timedelta
from pathlib import Path

import openpyxl
import pytest
from werkzeug.test import TestResponse

from directory import clock
from directory.web.http.languages import available
from tests.support.site import WESTON, Site, words_of

COLUMNS = (
    "zone_id", "department", "town", "state", "country", "name", "setting", "spot_note", "street_address",
    "mailing_town", "postal_code", "latitude", "longitude", "location_source", "approximate", "hours",
    "advised_hours", "cameras", "recorded", "watched", "lighting", "marked", "step_free", "emergency_phone",
    "officer_standby", "custody_exchange", "custody_hours", "custody_rules", "spaces", "footage_days", "phone", "rules",
    "status", "status_from", "status_until", "replaced_by", "announced_on", "source_url", "source_date",
    "confirmed_on", "photo",
)  # fmt: skip
GOOD = {
    "department": "Weston Police Department", "town": "Weston", "state": "CT", "setting": "lobby",
    "postal_code": "06883", "latitude": "41.2009", "longitude": "-73.3807", "hours": "Mon-Fri 8am-4pm",
}  # fmt: skip
FAULTS: list[tuple[str, dict[str, str]]] = [
    ("department", {"department": "Another Police Department"}),
    ("state", {"state": "Conecticut"}),
    ("state", {"state": "ZZ"}),
    ("country", {"country": "Mexico"}),
    ("country", {"country": "CA"}),
    ("name", {"name": "x" * 121}),
    ("setting", {"setting": "garage"}),
    ("spot_note", {"spot_note": "x" * 301}),
    ("street_address", {"street_address": "x" * 161}),
    ("mailing_town", {"mailing_town": "x" * 81}),
    ("postal_code", {"postal_code": "ABCDE"}),
    ("postal_code", {"postal_code": "10001"}),
    ("latitude", {"latitude": "north"}),
    ("latitude", {"latitude": "95"}),
    ("longitude", {"longitude": ""}),
    ("latitude", {"latitude": ""}),
    ("latitude", {"latitude": "-73.3807", "longitude": "41.2009"}),
    ("latitude", {"longitude": "73.3807"}),
    ("latitude", {"latitude": "0", "longitude": "0"}),
    ("latitude", {"latitude": "34.05", "longitude": "-118.25"}),
    ("latitude", {"latitude": "41.92", "longitude": "-72.00"}),
    ("location_source", {"location_source": "guess"}),
    ("approximate", {"approximate": "perhaps"}),
    ("opening_hours", {"hours": "25:99-26"}),
    ("opening_hours", {"hours": "business hours"}),
    ("opening_hours", {"hours": "Mon 8-9, " * 40}),
    ("advised_hours", {"advised_hours": "daylight or so"}),
    ("cameras", {"cameras": "maybe"}),
    ("cameras_recorded", {"recorded": "sometimes"}),
    ("cameras_watched", {"watched": "?"}),
    ("lighting", {"lighting": "dim"}),
    ("marked", {"marked": "soon"}),
    ("step_free", {"step_free": "ramp"}),
    ("emergency_phone", {"emergency_phone": "911"}),
    ("officer_standby", {"officer_standby": "depends"}),
    ("custody_exchange", {"custody_exchange": "Tuesdays"}),
    ("custody_hours", {"custody_hours": "never ever"}),
    ("custody_rules", {"custody_rules": "x" * 501}),
    ("spaces", {"spaces": "two"}),
    ("spaces", {"spaces": "-3"}),
    ("spaces", {"spaces": "9999"}),
    ("footage_days", {"footage_days": "a month"}),
    ("phone", {"phone": "222-2600"}),
    ("rules", {"rules": "x" * 201}),
    ("status", {"status": "closed-ish"}),
    ("status_from", {"status_from": "soon"}),
    ("status_until", {"status_from": "2027-05-01", "status_until": "2027-04-01"}),
    ("replaced_by", {"replaced_by": "No!"}),
    ("source_url", {"source_url": "westonct"}),
    ("source_date", {"source_date": "31/31/2020"}),
    ("confirmed_on", {"confirmed_on": "2040-01-01"}),
    ("zone_id", {"zone_id": "Bad Id!"}),
    ("photo", {"photo": "cat.jpg"}),
]


def table(rows: list[dict[str, str]]) -> bytes:
    written = io.StringIO()
    writer = csv.DictWriter(written, COLUMNS)
    writer.writeheader()
    writer.writerows(rows)
    return written.getvalue().encode()


def send(site: Site, content: bytes, draft: str = "", name: str = "zones.csv") -> tuple[str, TestResponse]:
    """Upload a file into a draft: (the draft's path, the page that says what was read, or why nothing was)."""
    clerk = site.visitor()
    if not draft:
        draft = clerk.post("/submit", data=WESTON).headers["Location"].removesuffix("/zones/new")
    data = {"file": (io.BytesIO(content), name)}
    response = clerk.post(f"{draft}/sheet", data=data, content_type="multipart/form-data")
    return draft, clerk.get(f"{draft}/sheet/read") if response.status_code == 303 else response


def findings(site: Site, draft: str) -> list[tuple[str, str, str]]:
    """All that was found in the file of a draft, on whatever page: the group's title, the row, what is said of it."""
    found, page, more = [], 1, True
    while more:
        text = site.visitor().get(f"{draft}/sheet/read?page={page}").text
        for title, body in re.findall(r"finding-group.*?<h3[^>]*>(.*?)</h3>(.*?)</section>", text, re.DOTALL):
            for cell in re.findall(r"<li>(.*?)</li>", body, re.DOTALL):
                words = " ".join(html.unescape(re.sub(r"<[^>]+>", "", cell)).split())
                row = re.match(r"(?:Take )?[Rr]ow (\d+)", words)
                found.append((html.unescape(title), row[1] if row else "", words))
        page, more = page + 1, f"page={page + 1}" in text
    return found


def test_every_one_of_fifty_seeded_faults_is_found_with_row_field_value_reason_and_fix(site: Site) -> None:
    from directory.web.presenters.labels import field_name

    rows = [
        {**GOOD, "street_address": f"{number} Main Street", **fault} for number, (_, fault) in enumerate(FAULTS, 10)
    ]
    rows.append({**rows[-1], "photo": "", "street_address": "1 Good Street"})
    rows.append({**rows[-1]})  # the same spot again
    draft, response = send(site, table(rows))
    assert response.status_code == 200
    found = findings(site, draft)
    with site.app.test_request_context():
        expected = [(str(number), field_name(field)) for number, (field, _) in enumerate(FAULTS, start=2)]
        expected.append((str(len(rows) + 1), field_name("street_address")))
    seen = {(row, part) for title, row, _ in found for part in title.split(": ")}
    assert len(expected) > 50
    assert [fault for fault in expected if fault not in seen] == []


def test_good_rows_go_on_while_bad_ones_wait(site: Site) -> None:
    rows = [{**GOOD, "street_address": f"{number} Main Street"} for number in range(1, 4)]
    rows[1]["state"] = "Narnia"
    draft, response = send(site, table(rows))
    assert "2 rows are in the draft" in words_of(response) and "1 row waits for a correction" in words_of(response)
    waiting = site.visitor().get(f"{draft}/faulty.csv")
    assert (
        "2 Main Street" in waiting.text
        and "1 Main Street" not in waiting.text
        and "Use the two-letter code" in waiting.text
    )
    corrected = waiting.text.replace(",Narnia,", ",CT,")
    assert corrected != waiting.text
    draft, response = send(site, corrected.encode(), draft)
    assert "0 rows wait" in words_of(response)
    page = words_of(site.visitor().get(draft))
    assert all(f"{number} Main Street" in page for number in (1, 2, 3))


def test_the_same_file_sent_again_makes_no_duplicates_in_the_draft_or_in_the_directory(site: Site) -> None:
    site.domain("westonct.gov", "Weston")
    content = table([{**GOOD, "street_address": f"{number} Main Street"} for number in range(1, 4)])
    draft, _ = send(site, content)
    send(site, content, draft)
    clerk = site.visitor()
    clerk.post(f"{draft}/send")
    site.confirm(clerk, "clerk@westonct.gov")
    moderator = site.staff()
    assert site.decide(moderator, "approve").status_code == 302
    count = "SELECT count(*) FROM zone WHERE street_address LIKE '%Main Street' AND zone_id LIKE 'ct-weston-%'"
    assert site.rows(count)[0][0] == 3
    _, again = send(site, content)
    assert "3 rows say what the directory says already" in words_of(again)


def test_a_changed_row_of_a_known_zone_becomes_a_correction_of_that_zone_only(site: Site) -> None:
    content = (
        b"zone_id,department,town,state,phone\nct-darien-parking-lot,Darien Police Department,Darien,CT,203-555-0100\n"
    )
    clerk = site.visitor()
    start = clerk.post("/submit", data={**WESTON, "department": "Darien Police Department", "town": "Darien"})
    draft = start.headers["Location"].removesuffix("/zones/new")
    send(site, content, draft)
    items = site.rows("SELECT items FROM submission")[0][0]
    assert '"correct"' in items and "203-555-0100" in items and "street_address" not in items


def test_xlsx_and_geojson_are_read_as_well(site: Site) -> None:
    book = openpyxl.Workbook()
    book.active.append(["Address", "Zip", "Hours of operation", "Lobby or lot"])
    book.active.append(["56 Norfield Road", 6883, "Mon-Fri 8am-4pm", "lobby"])
    content = io.BytesIO()
    book.save(content)
    draft, response = send(site, content.getvalue(), name="zones.xlsx")
    assert "1 row is in the draft" in words_of(response)
    feature = (
        '{"type":"FeatureCollection","features":[{"type":"Feature","geometry":{"type":"Point","coordinates":'
        '[-73.3807,41.2009]},"properties":{"setting":"parking_lot","address":"56 Norfield Road"}}]}'
    )
    _, response = send(site, feature.encode(), draft, "zones.geojson")
    assert "1 row is in the draft" in words_of(response)
    assert words_of(site.visitor().get(draft)).count("56 Norfield Road") == 2


@pytest.mark.parametrize("language", available())
def test_the_template_can_be_sent_back_as_it_is(site: Site, language: str) -> None:
    clerk = site.visitor()
    clerk.set_cookie("lang", language)
    start = clerk.post("/submit", data={**WESTON, "department": "Darien Police Department", "town": "Darien"})
    draft = start.headers["Location"].removesuffix("/zones/new")
    for form in ("csv", "xlsx"):
        content = clerk.get(f"/submit/template.{form}").data
        _, response = send(site, content, draft, f"t.{form}")
        assert response.status_code == 200
        clerk.set_cookie("lang", "en")
        assert "0 rows wait" in words_of(clerk.get(response.request.path))
        clerk.set_cookie("lang", language)
    assert clerk.get("/submit/template.exe").status_code == 404


def bomb() -> bytes:
    """A workbook that unpacks to 200 MB."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/sharedStrings.xml", b"<a>" + b"0" * 200_000_000)
    return file.getvalue()


@pytest.mark.parametrize(
    ("content", "status", "words"),
    [
        (b"", 400, "is empty"),
        (b"department,town\n" * 130_000, 413, "larger than 2 MB"),
        (b"department,town\n" * 200_000, 413, "may have 2 MB"),
        (b"\xd0\xcf\x11\xe0old excel", 400, "old Excel file"),
        (b'{"type":"Topology"}', 400, "Topology"),
        (table([{**GOOD, "street_address": f"{n} A"} for n in range(1_001)]), 400, "more than 1,000 rows"),
        (b"1,2,3\n4,5,6\n", 400, "No row of column names"),
        (b"our zones\nare in the lobby\n", 400, "No row of column names"),
    ],
    ids=["empty", "large", "huge", "xls", "topojson", "rows", "numbers", "words"],
)
def test_a_file_that_cannot_be_used_is_refused_with_reason_and_fix(
    site: Site, content: bytes, status: int, words: str
) -> None:
    _, response = send(site, content)
    assert response.status_code == status and words in words_of(response)
    assert "/tmp/" not in response.text


def test_a_workbook_that_unpacks_to_a_giant_is_refused(site: Site) -> None:
    _, response = send(site, bomb(), name="bomb.xlsx")
    assert response.status_code == 400 and "unpacks to far more" in words_of(response)


def test_formulas_are_defused_when_the_rows_come_back(site: Site) -> None:
    formula = '=HYPERLINK("http://evil.example","x")'
    draft, _ = send(site, table([{**GOOD, "street_address": formula, "phone": "+1", "state": "Narnia"}]))
    rows = list(csv.reader(io.StringIO(site.visitor().get(f"{draft}/faulty.csv").text)))
    assert any(cell == "'" + formula for cell in rows[1])
    assert not any(cell[:1] in ("=", "+", "-", "@") and not re.fullmatch(r"-?[\d.]+", cell) for cell in rows[1])


def test_a_formula_in_a_workbook_is_never_computed(site: Site, tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.active.append(["address", "setting", "zip", "spot"])
    book.active.append(["56 Norfield Road", "lobby", "06883", "=1+1"])
    content = io.BytesIO()
    book.save(content)
    _, response = send(site, content.getvalue(), name="zones.xlsx")
    assert response.status_code == 200
    assert '"spot_note": "2"' not in site.rows("SELECT items FROM submission")[0][0]


def test_a_row_with_an_odd_optional_value_goes_into_the_draft_without_it(site: Site) -> None:
    draft, response = send(site, table([{**GOOD, "street_address": "1 Main Street", "phone": "ask the desk"}]))
    assert "1 row is in the draft" in words_of(response)
    assert any("ask the desk" in words for _, _, words in findings(site, draft))
    assert "It was left out, and the rest of the row taken." in words_of(response)


def test_what_one_cell_says_of_several_fields_goes_into_the_draft(site: Site) -> None:
    header = "department,town,state,street_address,setting,coordinates,cameras\n"
    row = 'Weston Police Department,Weston,CT,1 Main Street,beside the lobby,"41.21003, -73.39004",24h\n'
    draft, _response = send(site, (header + row).encode())
    (form,) = {
        site.visitor().get(path).text
        for path in re.findall(rf'href="({draft}/zones/(?!new)[^"/?#]+)"', site.visitor().get(draft).text)
    }
    assert 'value="41.21003"' in form and 'value="-73.39004"' in form and "beside the lobby" in form
    answers = re.findall(r"<(?:input|option)[^>]*cameras_around_the_clock[^>]*>", form)
    assert [answer for answer in answers if "checked" in answer and 'value="yes"' in answer], answers


def test_what_states_nothing_takes_nothing_away(site: Site) -> None:
    zone = site.rows("SELECT zone_id, cameras, lighting FROM zone WHERE cameras = 'yes' ORDER BY zone_id")[0]
    department = site.rows(
        "SELECT d.name, t.name, z.state FROM zone z JOIN department d ON d.id = z.department_id "
        f"JOIN town t ON t.id = z.town_id WHERE zone_id = '{zone[0]}'"
    )[0]
    rows = f"zone_id,department,town,state,cameras,lighting\n{zone[0]},{','.join(department)},N/A,TBD\n"
    clerk = site.visitor()
    draft = clerk.post(f"/zones/{zone[0]}/ours", data={"action": "correct"}).headers["Location"].rpartition("/zones")[0]
    _draft, response = send(site, rows.encode(), draft)
    assert "1 row says what the directory says already" in words_of(response)


def test_what_was_read_is_told_in_the_readers_language(site: Site) -> None:
    clerk = site.visitor()
    draft = clerk.post("/submit", data=WESTON).headers["Location"].removesuffix("/zones/new")
    header = "department,town,state,street_address,coordinates,cameras,phone,setting,opening_hours\n"
    row = 'Weston Police Department,Weston,CT,1 Main Street,"41.21, -73.39",24h,call us,lot,8-5\n'
    data = {"file": (io.BytesIO((header + row).encode()), "zones.csv")}
    clerk.post(f"{draft}/sheet?lang=es", data=data, content_type="multipart/form-data")
    words = " ".join(words_of(clerk.get(f"{draft}/sheet/{page}")) for page in ("read", "columns"))
    assert "Coordenadas" in words and "around the clock" not in words
    assert "Se omitió, y se tomó el resto de la fila. Use diez dígitos" in words, words
    assert "leído como “Estacionamiento”" in words and "leído como “Sí, Cámaras las 24 horas”" in words
    assert "lunes a viernes 8:00 a.m. – 5:00 p.m. (Mo-Fr 08:00-17:00) · " in words


def test_a_preview_bears_the_day_of_the_zones_own_clock(site: Site) -> None:
    evening = clock.now().replace(hour=1, minute=0) + timedelta(days=1)  # in Connecticut it is still the day before
    clock.run_ahead(evening - clock.now())
    draft, _response = send(site, table([{**GOOD, "street_address": "1 Main Street"}]))
    (path,) = re.findall(rf'href="({draft}/zones/[^"]+/preview)"', site.visitor().get(draft).text)
    day = (evening - timedelta(days=1)).date()
    assert f"{day:%A} today" in words_of(site.visitor().get(path))


def test_a_town_that_only_the_directory_knows_needs_no_coordinates(site: Site) -> None:
    plumstead = {"department": "Plumstead Township Police Department", "town": "Plumstead Township", "region": "PA"}
    clerk = site.visitor()
    draft = clerk.post("/submit", data=WESTON | plumstead).headers["Location"].removesuffix("/zones/new")
    rows = [{"town": "Plumstead Township", "state": "PA", "setting": "lobby", "hours": "Mon-Fri 8am-4pm"}]
    _, response = send(site, table(rows), draft)
    assert "1 row is in the draft" in words_of(response), words_of(response)
    clerk.post(f"{draft}/send")
    site.confirm(clerk, WESTON["email"])
    site.decide(site.staff(), "approve")
    (zone,) = site.rows(
        "SELECT location_source, approximate FROM zone WHERE zone_id LIKE 'pa-plumstead-township-lobby%'"
    )
    assert zone[0] == "town" and zone[1]

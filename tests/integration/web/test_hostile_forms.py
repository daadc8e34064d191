"""Hostile text in every field of every form, sheet, photo name, mail and export: literal everywhere."""

import csv
import io
import re

import pytest
from flask.testing import FlaskClient

from directory.db.tables.accounts import Staff
from directory.store.export import export
from directory.submissions.items.item import ASKED
from tests.support.pictures import photo
from tests.support.site import ZONE, Site, body, words_of

HOSTILE = "{{7*7}}{% x %}${window.P=1}</script><script>window.P=1</script><img src=x onerror=window.P=1>"
SHORT = "{{7*7}}</script><script>window.P=1</script>"
FORMULA = '=HYPERLINK("http://evil.example")'
TEXTS = ("name", "spot_note", "street_address", "custody_rules", "rules", "photo_alt", "status_note")


def assert_literal(client: FlaskClient, path: str, expected: int = 200) -> str:
    """The page shows the text as text, and runs none of it."""
    response = client.get(path)
    assert response.status_code == expected, path
    page = response.text
    assert "<script>window.P" not in page and "<img src=x" not in page, path
    assert not re.search(r"49(\{%|\$\{|&lt;/script)", page), f"{path}: a template ran"
    return page


@pytest.fixture
def sent(site: Site) -> tuple[Site, FlaskClient, str]:
    """A submission that is hostile in every field, proven and waiting."""
    clerk = site.visitor()
    department = {"department": HOSTILE, "region": "CT", "town": SHORT, "email": "clerk@westonct.gov", "note": HOSTILE,
                  "web_page": "https://example.org/?q=%3Cscript%3E"}  # fmt: skip
    response = clerk.post("/submit", data=department)
    assert response.status_code == 302
    form = response.headers["Location"]
    zone = {**ZONE, **dict.fromkeys(TEXTS, HOSTILE), "town": SHORT, "mailing_town": SHORT, "hours_words": HOSTILE}
    refused = clerk.post(form, data={**zone, "phone": HOSTILE, "spaces": HOSTILE, "latitude": HOSTILE})
    assert refused.status_code == 400
    assert "<script>window.P" not in refused.text and "<img src=x" not in refused.text
    draft = form.removesuffix("/zones/new")
    item = re.findall(rf"{draft}/zones/\w+", clerk.get(draft).text)[0]
    name = "<img src=x onerror=window.P=1>{{7*7}}.jpg"
    data = {**zone, "phone": "", "spaces": "", "hours_words": "24/7", "photo_file": (photo(), name)}
    accepted = clerk.post(item, data=data, content_type="multipart/form-data")
    assert accepted.status_code == 302, words_of(accepted)
    clerk.post(f"{draft}/send")
    site.confirm(clerk, "clerk@westonct.gov")
    assert site.state() == "waiting_for_review"
    return site, clerk, draft


def test_hostile_text_is_literal_on_every_page_it_reaches(sent: tuple[Site, FlaskClient, str]) -> None:
    site, clerk, draft = sent
    moderator = site.staff("admin@example.org", Staff.ADMINISTRATOR)
    number = site.number()
    item = re.findall(rf"{draft}/zones/(\w+)/preview", clerk.get(draft).text)[0]
    for client, path in (
        (clerk, draft), (clerk, f"{draft}/zones/{item}/preview"), (clerk, "/desk"), (moderator, "/review"),
        (moderator, f"/review/{number}"),
    ):  # fmt: skip
        assert_literal(client, path)
    assert site.decide(moderator, "approve", HOSTILE).status_code == 302
    zone = site.rows("SELECT zone_id, town_id FROM zone WHERE name = :n", n=HOSTILE)[0][0]
    town, department = site.rows(
        "SELECT town.slug, department.slug FROM zone JOIN town ON town.id = town_id "
        "JOIN department ON department.id = department_id WHERE zone_id = :z", z=zone,
    )[0]  # fmt: skip
    clerk.post(f"/zones/{zone}/report", data={"kind": "other", "text": HOSTILE})
    assert HOSTILE in words_of(site.visitor().get(f"/zones/{zone}"))
    for path in (f"/zones/{zone}", f"/towns/{town}", f"/towns/{town}/feed.atom", f"/zones/{zone}/ours", "/",
                 "/search?lat=41.2009&lon=-73.3807", "/freshness", f"/zones/{zone}/report"):  # fmt: skip
        assert_literal(site.visitor(), path)
    assert_literal(clerk, draft)
    for path in ("/review", f"/review/{number}", "/review/reports", f"/zones/{zone}/versions", f"/desk/{department}"):
        assert_literal(moderator, path)


def test_hostile_text_is_literal_in_mails_and_breaks_into_no_header(sent: tuple[Site, FlaskClient, str]) -> None:
    site, _, _ = sent
    site.decide(site.staff(), "request_changes", f"{HOSTILE}\r\nBcc: all@example.org")
    for mail in site.mails("clerk@westonct.gov"):
        assert mail.get_all("Bcc") is None and len(mail.get_all("To") or []) == 1
        html = mail.get_body(("html",))
        assert html is not None and "<script>" not in html.get_content() and "<img" not in html.get_content()
    assert f"> {HOSTILE}" in body(site.mails("clerk@westonct.gov")[-1])


def test_hostile_cells_of_a_spreadsheet_stay_literal_and_formulas_are_defused(site: Site) -> None:
    clerk = site.visitor()
    department = {"department": "Weston Police Department", "region": "CT", "town": "Weston"}
    draft = clerk.post("/submit", data=department).headers["Location"].removesuffix("/zones/new")
    columns = [name for name in ASKED if name not in ("town", "photo")]
    written = io.StringIO()
    table = csv.writer(written)
    table.writerow([*columns, HOSTILE])
    table.writerow([HOSTILE] * len(columns) + [HOSTILE])
    elsewhere = {"latitude": "10.5", "longitude": "10.5"}  # what keeps a row waiting
    table.writerow([elsewhere.get(name, FORMULA) for name in columns] + [FORMULA])
    data = {"file": (io.BytesIO(written.getvalue().encode()), f"{SHORT}.csv".replace("/", ""))}
    read = clerk.post(f"{draft}/sheet", data=data, content_type="multipart/form-data", follow_redirects=True)
    for page in (read, clerk.get(f"{draft}/sheet/read"), clerk.get(f"{draft}/sheet/columns")):
        assert page.status_code == 200
        assert "<script>window.P" not in page.text and "<img src=x" not in page.text
    back = list(csv.reader(io.StringIO(clerk.get(f"{draft}/faulty.csv").text)))
    assert not any(cell.startswith(("=", "+", "@")) for row in back for cell in row)
    assert any(cell == f"'{FORMULA}" for row in back for cell in row)


def test_hostile_text_is_literal_in_the_exports(sent: tuple[Site, FlaskClient, str]) -> None:
    site, _, _ = sent
    site.decide(site.staff(), "approve")
    for form in ("geojson", "csv"):
        written = io.BytesIO()
        export(site.engine, form, written)
        assert b"{{7*7}}{% x %}" in written.getvalue()
    rows = list(csv.reader(io.StringIO(written.getvalue().decode())))
    assert not any(cell.startswith(("=", "+", "@")) for row in rows for cell in row)


@pytest.mark.parametrize("path", ["/sign-in", "/submit", "/submit?department=%3Cscript%3E&town={{7*7}}", "/desk?x={%"])
def test_hostile_parameters_stay_literal(site: Site, path: str) -> None:
    client = site.visitor()
    response = client.get(path, follow_redirects=True)
    assert response.status_code == 200 and "<script>window" not in response.text
    posted = client.post(path.partition("?")[0], data=dict.fromkeys(("email", "department", "town", "phone"), HOSTILE))
    assert posted.status_code in (400, 401, 405) and "<img src=x" not in posted.text


@pytest.mark.parametrize(
    ("path", "field"),
    [("/submit", "department"), ("/submit", "email"), ("/zones/ct-wilton-parking-lot/report", "text"),
     ("/zones/ct-wilton-parking-lot/report", "contact"), ("/zones/ct-wilton-parking-lot/ours", "note"),
     ("/sign-in", "email")],
)  # fmt: skip
def test_a_file_in_the_place_of_a_text_is_a_missing_text(site: Site, path: str, field: str) -> None:
    form = {field: (io.BytesIO(b"a file"), "file.txt")}
    assert site.visitor().post(path, data=form, content_type="multipart/form-data").status_code in (200, 302, 400)

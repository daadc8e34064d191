"""What a town gets beside its page: the kit of its manager, posters, figures."""

import io
import re
from datetime import timedelta
from xml.etree import ElementTree

import pytest
from flask.testing import FlaskClient
from PIL import Image
from sqlalchemy import text
from werkzeug.test import TestResponse

from directory import clock
from directory.db.tables.statistics import Statistic
from directory.posters.fonts import font
from directory.posters.layout import RULE_ABOVE, Wording, lay_out, qr_code
from directory.posters.sheet import PAPERS, Box, Code, TextLine
from directory.settings import Settings
from directory.statistics.buffer import StatisticsBuffer
from tests.conftest import Built, sqlite_only
from tests.support.site import DARIEN, Site, body, html_of, words_of
from tests.support.waiting import eventually

MANAGE = "/towns/ct/darien/manage"
FIGURES = "/towns/ct/darien/figures.csv"


@pytest.fixture
def manager(site: Site) -> FlaskClient:
    """The manager of the Darien police."""
    return site.chief_of_darien()


def picture() -> io.BytesIO:
    file = io.BytesIO()
    Image.new("RGBA", (300, 200), (11, 92, 99, 128)).save(file, "PNG")
    file.seek(0)
    return file


FILLED = {
    "web_page": "https://www.darienct.gov/police",
    "email": "police@darienct.gov",
    "phone": "203-662-5300",
    "logo_alt": "Seal of Darien",
    "embed_sites": "www.darienct.gov\n*.darien.example\nhttp://localhost:8080",
}


@pytest.fixture
def moderator(site: Site) -> FlaskClient:
    return site.staff()


def approve(site: Site, moderator: FlaskClient, step: str = "approve", reason: str = "Called them.") -> TestResponse:
    """A moderator decides on what waits."""
    number = site.rows("SELECT max(id) FROM town_kit_change")[0][0]
    return moderator.post(f"/review/town-pages/{number}/decide", data={"step": step, "reason": reason})


def deputy(site: Site, manager: FlaskClient, email: str = "deputy@darienct.gov") -> FlaskClient:
    """Another manager, whom the first one let in."""
    manager.post(f"/desk/{DARIEN}/people", data={"email": email, "role": "manager"})
    site.accept(email)
    return site.signed_in(email)


def status_of_changes(site: Site) -> list[str]:
    return [row[0] for row in site.rows("SELECT status FROM town_kit_change ORDER BY id")]


def test_the_logo_stands_on_the_page_at_once_and_the_rest_when_a_moderator_approved(
    site: Site, manager: FlaskClient, moderator: FlaskClient
) -> None:
    response = manager.post(MANAGE, data={**FILLED, "logo_file": (picture(), "seal.png")})
    assert response.status_code == 302, words_of(response)
    page = html_of(site.visitor().get("/towns/ct/darien"))
    assert 'alt="Seal of Darien"' in page and "mailto:police@darienct.gov" not in page
    logo = re.search(r'src="(/photos/[0-9a-f]{64}\.jpg)" alt="Seal', page)
    assert logo is not None and site.visitor().get(logo[1]).status_code == 200
    shown = words_of(manager.get(MANAGE))
    assert "chief@darienct.gov sent it on" in shown and "203-662-5300" in shown and "Take it back" in shown
    assert "Towns’ pages 1" in words_of(moderator.get("/review"))
    case = words_of(moderator.get("/review/town-pages/1"))
    assert "Not stated police@darienct.gov" in case and "Darien Police Department" in case
    assert approve(site, moderator, reason="").status_code == 400
    assert approve(site, moderator).status_code == 302
    page = site.visitor().get("/towns/ct/darien").text
    assert "mailto:police@darienct.gov" in page
    assert 'href="tel:203-662-5300"' in page and 'href="https://www.darienct.gov/police"' in page
    policy = site.visitor().get("/embed/ct/darien").headers["Content-Security-Policy"]
    assert "frame-ancestors 'self' https://www.darienct.gov https://*.darien.example http://localhost:8080" in policy
    again = manager.get(MANAGE).text
    assert "https://*.darien.example" in again and 'value="203-662-5300"' in again and "This waits" not in again
    mail = site.mails("chief@darienct.gov")[-1]
    assert "Approved" in str(mail["Subject"]) and "“Called them.”" in body(mail)
    assert approve(site, moderator).status_code == 409, "nobody decides twice"


def test_the_kit_is_in_the_log_with_what_stood_there_before(
    site: Site, manager: FlaskClient, moderator: FlaskClient
) -> None:
    manager.post(MANAGE, data=FILLED)
    approve(site, moderator)
    manager.post(MANAGE, data={**FILLED, "phone": "203-662-5301"})
    approve(site, moderator)
    rows = site.rows(
        "SELECT actor, before, after FROM change WHERE kind = 'town' AND action = 'kit changed' ORDER BY id"
    )
    assert [row[0] for row in rows][1:] == ["chief@darienct.gov, approved by moderator@example.org"] * 2
    assert "203-662-5300" in rows[2][1] and "203-662-5301" in rows[2][2]


def test_another_manager_is_told_by_mail_and_approves_on_the_page(site: Site, manager: FlaskClient) -> None:
    second = deputy(site, manager)
    manager.post(MANAGE, data=FILLED)
    mail = site.mails("deputy@darienct.gov")[-1]
    assert "waits" in str(mail["Subject"]) and "203-662-5300" in body(mail) and MANAGE in body(mail)
    form = {"change": 1, "step": "approve", "reason": "He asked me first."}
    assert second.post(f"{MANAGE}/decide", data={**form, "reason": " "}).status_code == 400
    assert second.post(f"{MANAGE}/decide", data=form).status_code == 302
    assert "mailto:police@darienct.gov" in site.visitor().get("/towns/ct/darien").text
    assert second.post(f"{MANAGE}/decide", data=form).status_code == 409


def test_an_address_that_the_senders_mailbox_let_in_does_not_approve_for_it(site: Site, manager: FlaskClient) -> None:
    friend = deputy(site, manager, "friend@example.org")
    assert friend.get(MANAGE).status_code == 200
    manager.post(MANAGE, data=FILLED)
    form = {"change": 1, "step": "approve", "reason": "Sure."}
    refused = friend.post(f"{MANAGE}/decide", data=form)
    assert refused.status_code == 403 and "Somebody else has to decide" in words_of(refused)
    assert status_of_changes(site) == ["waiting"]


def test_a_declined_change_tells_the_sender_why_and_changes_nothing(
    site: Site, manager: FlaskClient, moderator: FlaskClient
) -> None:
    manager.post(MANAGE, data=FILLED)
    approve(site, moderator, "decline", "That is not the published number.")
    mail = site.mails("chief@darienct.gov")[-1]
    assert "Declined" in str(mail["Subject"]) and "“That is not the published number.”" in body(mail)
    assert "www.darienct.gov/police" not in site.visitor().get("/towns/ct/darien").text
    assert status_of_changes(site) == ["declined"]


def test_the_sender_takes_a_change_back_and_nobody_else_does(site: Site, manager: FlaskClient) -> None:
    second = deputy(site, manager)
    manager.post(MANAGE, data=FILLED)
    assert second.post(f"{MANAGE}/take-back", data={"change": 1}).status_code == 409
    assert status_of_changes(site) == ["waiting"]
    assert manager.post(f"{MANAGE}/take-back", data={"change": 1}).status_code == 302
    assert status_of_changes(site) == ["withdrawn"] and "This waits" not in words_of(manager.get(MANAGE))
    assert manager.post(f"{MANAGE}/take-back", data={"change": 1}).status_code == 409


def test_what_waits_is_replaced_on_purpose_only_and_nothing_typed_is_lost(
    site: Site, manager: FlaskClient, moderator: FlaskClient
) -> None:
    second = deputy(site, manager)
    manager.post(MANAGE, data=FILLED)
    other = {**FILLED, "phone": "203-555-0142"}
    refused = second.post(MANAGE, data={**other, "logo_file": (picture(), "seal.png")})
    assert refused.status_code == 409 and "Another change waits already" in words_of(refused)
    assert 'value="203-555-0142"' in refused.text and 'name="logo_kept"' in refused.text
    assert status_of_changes(site) == ["waiting"]
    assert site.rows("SELECT logo FROM town_kit") in ([], [("",)])
    assert second.post(MANAGE, data={**other, "replace": "1"}).status_code == 302
    assert status_of_changes(site) == ["withdrawn", "waiting"]
    assert any("replaced" in str(mail["Subject"]) for mail in site.mails("chief@darienct.gov"))
    approve(site, moderator)
    assert "203-555-0142" in site.visitor().get("/towns/ct/darien").text


def test_low_risks_go_on_while_a_change_waits(site: Site, manager: FlaskClient) -> None:
    manager.post(MANAGE, data=FILLED)
    stands = {"logo_alt": "Seal of Darien", "logo_file": (picture(), "seal.png")}
    assert manager.post(MANAGE, data=stands).status_code == 302
    assert 'alt="Seal of Darien"' in site.visitor().get("/towns/ct/darien").text
    assert status_of_changes(site) == ["waiting"]


def test_a_removed_site_is_out_at_once_and_stays_out_when_an_older_change_is_approved(
    site: Site, manager: FlaskClient, moderator: FlaskClient
) -> None:
    manager.post(MANAGE, data=FILLED)
    approve(site, moderator)
    more = FILLED["embed_sites"] + "\nhttps://news.example"
    manager.post(MANAGE, data={**FILLED, "embed_sites": more})
    assert manager.post(MANAGE, data={**FILLED, "embed_sites": "www.darienct.gov"}).status_code == 302
    policy = site.visitor().get("/embed/ct/darien").headers["Content-Security-Policy"]
    assert policy.endswith("frame-ancestors 'self' https://www.darienct.gov")
    approve(site, moderator)
    policy = site.visitor().get("/embed/ct/darien").headers["Content-Security-Policy"]
    assert policy.endswith("frame-ancestors 'self' https://www.darienct.gov https://news.example")


def test_a_kit_that_stands_already_stays(site: Site, manager: FlaskClient, moderator: FlaskClient) -> None:
    moderator.post(MANAGE, data=FILLED)
    assert status_of_changes(site) == [], "a moderator need not wait"
    manager.post(MANAGE, data=FILLED)
    assert status_of_changes(site) == []
    assert "mailto:police@darienct.gov" in site.visitor().get("/towns/ct/darien").text


def test_a_moderator_notes_and_removes_that_a_department_polices_a_further_town(
    site: Site, manager: FlaskClient, moderator: FlaskClient
) -> None:
    page = f"/review/departments/{DARIEN}"
    assert "chief@darienct.gov" in words_of(moderator.get(page))
    for form in ({"town": "Wilton"}, {"town": "", "evidence": "x"}, {"town": "Nowhere At All", "evidence": "x"}):
        assert moderator.post(f"{page}/towns", data=form).status_code == 400
    assert manager.get("/towns/ct/wilton/manage").status_code == 403
    noted = {"town": "Wilton", "evidence": "wiltonct.gov/police, contract of 2024"}
    assert moderator.post(f"{page}/towns", data=noted).status_code == 302
    assert manager.get("/towns/ct/wilton/manage").status_code == 200
    assert "contract of 2024" in words_of(moderator.get(page))
    assert moderator.post(f"{page}/towns/remove", data={"town": "ct/wilton"}).status_code == 302
    assert manager.get("/towns/ct/wilton/manage").status_code == 403
    assert moderator.post(f"{page}/towns/remove", data={"town": "ct/wilton"}).status_code == 409
    done = [row[0] for row in site.rows("SELECT action FROM change WHERE kind = 'department' ORDER BY id")]
    assert done[-2:] == ["town noted", "town removed"]


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        ("embed_sites", "https://ok.example\njavascript:alert(1)", "“javascript:alert(1)” is no address of a site"),
        ("embed_sites", "https://a.example; script-src *", "is no address of a site"),
        ("embed_sites", "https://[bad", "“https://[bad” is no address of a site"),
        ("embed_sites", "https://a.example:99999", "is no address of a site"),
        ("embed_sites", "\n".join(f"https://s{n}.example" for n in range(21)), "more than 20 sites"),
        ("email", "nobody", "Is no e-mail address"),
        ("web_page", "javascript:alert(1)", "Web page"),
        ("phone", "12", "Telephone"),
        ("web_page", "https://www.darienct.gov/" + "x" * 400, "That is too long"),
    ],
)
def test_what_cannot_be_taken_is_named_and_nothing_typed_is_lost(
    site: Site, manager: FlaskClient, field: str, value: str, words: str
) -> None:
    response = manager.post(MANAGE, data={**FILLED, field: value})
    assert response.status_code == 400
    assert words in words_of(response)
    assert "police@darienct.gov" in response.text or field == "email"
    assert site.rows("SELECT count(*) FROM town_kit")[0][0] == 0
    assert site.rows("SELECT count(*) FROM town_kit_change")[0][0] == 0


def test_a_logo_needs_words_and_can_be_taken_away(site: Site, manager: FlaskClient) -> None:
    site.staff().post(MANAGE, data=FILLED)
    refused = manager.post(MANAGE, data={**FILLED, "logo_alt": "", "logo_file": (picture(), "seal.png")})
    assert refused.status_code == 400 and "no words for people who cannot see it" in words_of(refused)
    kept = re.search(r'name="logo_kept" type="hidden" value="([^"]+)"', refused.text)
    assert kept is not None
    assert manager.post(MANAGE, data={**FILLED, "logo_kept": kept[1]}).status_code == 302
    assert "Seal of Darien" in site.visitor().get("/towns/ct/darien").text
    manager.post(MANAGE, data={**FILLED, "logo_remove": "1"})
    forged = manager.post(MANAGE, data={**FILLED, "logo_kept": "f" * 64})
    assert forged.status_code == 302 and "Seal of Darien" not in site.visitor().get("/towns/ct/darien").text
    unreadable = manager.post(MANAGE, data={**FILLED, "logo_file": (io.BytesIO(b"no picture"), "seal.png")})
    assert unreadable.status_code == 400
    assert manager.post(MANAGE, data={**FILLED, "logo_file": (picture(), "seal.png")}).status_code == 302
    assert manager.post(MANAGE, data={**FILLED, "logo_remove": "1"}).status_code == 302
    assert "Seal of Darien" not in site.visitor().get("/towns/ct/darien").text


def test_taking_the_logo_away_survives_an_error_elsewhere(site: Site, manager: FlaskClient) -> None:
    site.staff().post(MANAGE, data=FILLED)
    manager.post(MANAGE, data={**FILLED, "logo_file": (picture(), "seal.png")})
    refused = manager.post(MANAGE, data={**FILLED, "logo_remove": "1", "email": "nobody", "logo_kept": "junk"})
    assert refused.status_code == 400 and "Your picture is kept" not in words_of(refused)
    assert 'checked id="logo_remove"' in refused.text
    assert manager.post(MANAGE, data={**FILLED, "logo_remove": "1"}).status_code == 302
    assert "Seal of Darien" not in site.visitor().get("/towns/ct/darien").text


def test_managers_of_other_towns_stay_outside(manager: FlaskClient) -> None:
    assert manager.get("/towns/ct/wilton/manage").status_code == 403
    assert manager.post("/towns/ct/wilton/manage", data=FILLED).status_code == 403
    assert manager.get("/towns/ct/nowhere/manage").status_code == 403


# Posters


def wording(language: str = "en", **changed: object) -> Wording:
    words: dict[str, object] = {
        "language": language, "title": "Safe Exchange Zone", "place": ("Lobby", "1 Main Street"), "hours": ("Always",),
        "statement": "Meet here. " * 6, "tips_title": "Before you meet", "tips": ("Ask. " * 12,) * 5,
        "emergency": "Emergency: 911", "scan": "Scan it.", "printed": "Today.",
    }  # fmt: skip
    return Wording(**(words | changed))  # type: ignore[arg-type]


@pytest.mark.parametrize("paper", sorted(PAPERS))
@pytest.mark.parametrize("count", [1, 2])
@pytest.mark.parametrize("length", [1, 4, 10])
@pytest.mark.parametrize("zone", ["ct-new-canaan-lobby", "qc-sainte-catherine-de-la-jacques-cartier-parking-lot-2"])
def test_everything_on_a_poster_stands_inside_the_paper_and_over_nothing_else(
    paper: str, count: int, length: int, zone: str
) -> None:
    words = [wording(tips=("Ask them. " * 6 * length,) * 5) for _ in range(count)]
    sheet = lay_out(paper, words, "New Canaan Police Department", f"https://www.safezonedirectory.org/q/{zone}")
    lines = [mark for mark in sheet.marks if isinstance(mark, TextLine)]
    code = next(mark for mark in sheet.marks if isinstance(mark, Code))
    for line in lines:
        right = line.x + font(line.bold).width(line.text, line.size)
        assert line.x > 0 and right <= sheet.width - 30 and 0 < line.y <= sheet.height - 20, line
        below_text = line.y > code.y - RULE_ABOVE - 4 and line.x < code.x + code.size - 12
        assert not below_text, line
    for one in lines:
        for other in lines:
            if one is not other and abs(one.y - other.y) < 0.5 * min(one.size, other.size):
                first, second = sorted((one, other), key=lambda line: line.x)
                assert first.x + font(first.bold).width(first.text, first.size) <= second.x + 0.01


def test_a_posters_code_is_black_on_white_with_four_modules_of_quiet() -> None:
    code = qr_code("https://zones.example.org/q/ct-new-canaan-lobby", 0, 0, 148)
    assert len(code.rows) == len(code.rows[0])
    for number in range(4):
        assert not any(code.rows[number]) and not any(row[number] for row in code.rows)
    assert all(code.rows[4][4:11])


@pytest.mark.parametrize("query", ["", "?languages=en,es", "?languages=es&paper=a4", "?languages=xx&paper=napkin"])
def test_posters_come_as_pdf_and_svg_with_the_same_words(client: FlaskClient, query: str) -> None:
    pdf = client.get(f"/zones/ct-darien-parking-lot/poster.pdf{query}")
    svg = client.get(f"/zones/ct-darien-parking-lot/poster.svg{query}")
    assert pdf.data.startswith(b"%PDF-") and pdf.mimetype == "application/pdf"
    root = ElementTree.fromstring(svg.data)
    words = root.findtext("{http://www.w3.org/2000/svg}desc") or ""
    chosen = query.partition("languages=")[2].partition("&")[0].split(",")
    assert ("Antes del encuentro" in words) == ("es" in chosen)
    assert ("Before you meet" in words) == (chosen != ["es"])
    assert "/q/ct-darien-parking-lot" in words
    size = (595.28, 841.89) if "a4" in query else (612.0, 792.0)
    assert f'viewBox="0 0 {size[0]:g} {size[1]:g}"' in svg.text
    box = re.search(rb"/MediaBox \[0 0 ([\d.]+) ([\d.]+)\]", pdf.data)
    assert box is not None and (float(box[1]), float(box[2])) == pytest.approx(size, abs=0.1)


def test_a_poster_that_is_published_is_a_page_for_every_reader(site: Site, manager: FlaskClient) -> None:
    manager.post(MANAGE, data={**FILLED, "logo_file": (picture(), "seal.png")})
    address = "/zones/ct-darien-parking-lot/poster"
    answer = site.visitor().get(f"{address}?languages=es,en")
    page = html_of(answer)
    assert '<html lang="es">' in page and re.findall(r'<section lang="(\w+)"', page) == ["es", "en"]
    assert re.findall(r"<(h\d)", page) == ["h1", "h2", "h3", "h2", "h3"] and page.count("<li>") == 10
    spanish, english = page.split('<section lang="en"')
    assert 'Estacionamiento: <span lang="en">south side' in " ".join(spanish.split())
    assert '<span lang="en">No weapons' in spanish and "<span" not in english, "words of sources are marked"
    pictures = re.findall(r'<img [^>]*alt="([^"]*)"', page)
    assert pictures == ["Seal of Darien", "Código QR de esta dirección: http://localhost/q/ct-darien-parking-lot"]
    read = ElementTree.fromstring(site.visitor().get(f"{address}.svg?languages=es,en").data)
    printed = (read.findtext("{http://www.w3.org/2000/svg}desc") or "").splitlines()
    assert [line for line in printed if line not in words_of(answer)] == [], "it says what the print says"
    assert site.visitor().get("/zones/ct-new-canaan-lobby/poster").status_code == 302
    assert site.visitor().get("/zones/none/poster").status_code == 404


def test_a_poster_says_recorded_only_where_a_source_says_so(site: Site) -> None:
    address = "/zones/ct-darien-parking-lot/poster.svg"
    assert "recorded on video" not in site.visitor().get(address).text
    with site.engine.begin() as connection:
        recorded = "UPDATE zone SET cameras_recorded = 'yes' WHERE zone_id = 'ct-darien-parking-lot'"
        connection.execute(text(recorded))
    site.services.snapshot_cache.invalidate()
    assert "recorded on video" in site.visitor().get(address).text


def test_letters_that_the_font_lacks_are_replaced_and_never_break_a_poster() -> None:
    letters = font(False)
    assert letters.supported_text("Hawaiʻi Québec ñ") == "Hawai‘i Québec ñ"
    assert letters.supported_text("漢字 ok 😀") == " ok "
    sheet = lay_out("letter", [wording(title="漢字 😀 Zone")], "Department", "https://x.example")
    assert any(isinstance(mark, TextLine) and mark.text.endswith("Zone") for mark in sheet.marks)
    assert isinstance(sheet.marks[0], Box)


def test_a_posters_logo_is_the_towns(site: Site, manager: FlaskClient) -> None:
    manager.post(MANAGE, data={**FILLED, "logo_file": (picture(), "seal.png")})
    assert "<image" in site.visitor().get("/zones/ct-darien-parking-lot/poster.svg").text
    assert b"/DCTDecode" in site.visitor().get("/zones/ct-darien-parking-lot/poster.pdf").data
    assert "<image" not in site.visitor().get("/zones/ct-wilton-parking-lot/poster.svg").text


# Figures


def figures(client: FlaskClient, path: str = FIGURES) -> dict[str, dict[str, int]]:
    lines = [line.split(",") for line in client.get(path).text.split()]
    return {row[0]: dict(zip(lines[0][1:], map(int, row[1:]), strict=True)) for row in lines[1:]}


def test_each_figure_counts_what_its_words_say(site: Site) -> None:
    client = site.visitor()
    month = f"{clock.now():%Y-%m}"
    assert figures(client) == {}
    client.get("/search?q=06820")
    client.get("/api/v1/nearest?address=Darien,+CT&limit=1")
    client.get("/embed?near=06820")
    client.get("/embed/ct/darien")
    client.get("/q/ct-darien-parking-lot")
    client.post("/zones/ct-darien-parking-lot/directions")
    client.post("/zones/ct-darien-parking-lot/report", data={"kind": "hours", "text": "They close at noon."})
    counted = figures(client)[month]
    assert counted == {"searches": 3, "misses": 0, "shown": 4, "directions": 1, "scans": 1, "reports": 1}
    client.get("/search?q=06820&confirmed=1")
    client.get("/search?lat=41.07&lon=-73.47&confirmed=1")
    assert figures(client)[month]["misses"] == 2
    assert figures(client)[month]["searches"] == 5
    client.get("/api/v1/collections/zones/items?town=Darien")
    assert figures(client)[month]["shown"] == counted["shown"]


def test_a_town_without_zones_has_figures_of_what_was_looked_for_in_vain(site: Site) -> None:
    client = site.visitor()
    client.get("/search?q=Adak,+AK")
    counted = figures(client, "/towns/ak/adak/figures.csv")
    assert list(counted.values()) == [dict.fromkeys(Statistic, 0) | {"searches": 1, "misses": 1}]
    assert client.get("/towns/AK/Adak/figures").status_code == 200
    client.get("/search?q=Weston,+CT")
    assert next(iter(figures(client, "/towns/ct/weston/figures.csv").values()))["searches"] == 1
    client.get("/api/v1/nearest?address=Darien,+CT&within_m=1")
    assert figures(client)[f"{clock.now():%Y-%m}"]["misses"] == 0
    assert client.get("/towns/ak/nowhere-at-all/figures").status_code == 404


def test_directions_are_counted_from_a_page_that_has_no_token(build_app: Built, own_settings: Settings) -> None:
    client = build_app(own_settings).test_client()
    assert client.post("/zones/ct-darien-parking-lot/directions").status_code == 204
    assert client.post("/zones/nothing/directions").status_code == 404
    assert client.post("/zones/ct-darien-parking-lot/report", data={"kind": "hours"}).status_code == 400


def test_a_new_month_is_a_new_row_and_the_newest_stands_first(site: Site) -> None:
    client = site.visitor()
    client.get("/q/ct-darien-parking-lot")
    clock.run_ahead(timedelta(days=40))
    client.get("/q/ct-darien-parking-lot")
    months = list(figures(client))
    assert len(months) == 2 and months == sorted(months, reverse=True)


def test_what_is_counted_is_numbers_and_nothing_about_anybody(site: Site) -> None:
    client = site.visitor()
    client.get("/search?q=25+Hecker+Avenue,+Darien,+CT", headers={"User-Agent": "telltale"})
    client.get(FIGURES)
    rows = site.rows("SELECT * FROM town_figure")
    assert rows and all(
        len(row) == 4 and re.fullmatch(r"\d{4}-\d\d", row[1]) and row[2] in set(Statistic) and isinstance(row[3], int)
        for row in rows
    )


def test_counts_written_one_after_the_other_add_up(site: Site) -> None:
    month = f"{clock.now():%Y-%m}"
    for _ in range(3):
        site.visitor().get("/q/ct-darien-parking-lot")
        site.services.statistics_buffer.write()
    assert figures(site.visitor())[month]["scans"] == 3


def test_choosing_a_posters_languages_leaves_the_sites_language_alone(client: FlaskClient) -> None:
    for path in ("/towns/ct/darien/poster?languages=es", "/zones/ct-darien-parking-lot/poster.svg?languages=en,es",
                 "/towns/ct/darien/embed?language=es"):  # fmt: skip
        response = client.get(path)
        assert "Set-Cookie" not in response.headers, path
        assert "svg" in path or '<html lang="en">' in response.text


def test_a_database_in_trouble_costs_neither_the_answer_nor_the_count(site: Site) -> None:
    sqlite_only(site.settings)
    statistics_buffer = StatisticsBuffer(site.engine)
    statistics_buffer.count([("ct/darien", Statistic.SCANS)])
    with site.engine.connect() as connection:
        connection.exec_driver_sql("COMMIT")
        connection.exec_driver_sql("BEGIN IMMEDIATE")
        statistics_buffer.write()
        connection.exec_driver_sql("ROLLBACK")
    assert site.rows("SELECT count(*) FROM town_figure")[0][0] == 0
    statistics_buffer.write()
    assert site.rows("SELECT count FROM town_figure WHERE figure = 'scans'")[0][0] == 1


def test_what_is_counted_is_written_by_itself_without_a_further_request(site: Site) -> None:
    statistics_buffer = StatisticsBuffer(site.engine, seconds=0.1)
    for _ in range(3):
        statistics_buffer.count([("ct/darien", Statistic.SCANS)])
    eventually(lambda: site.rows("SELECT count FROM town_figure WHERE figure = 'scans'") == [(3,)])
    statistics_buffer.write()
    assert site.rows("SELECT count FROM town_figure WHERE figure = 'scans'")[0][0] == 3


def test_a_scanned_code_leads_to_the_zone_and_is_not_cached(client: FlaskClient) -> None:
    response = client.get("/q/ct-darien-parking-lot")
    assert (response.status_code, response.headers["Location"]) == (302, "/zones/ct-darien-parking-lot")
    assert response.headers["Cache-Control"] == "no-store"
    assert client.get("/q/nothing").status_code == 404

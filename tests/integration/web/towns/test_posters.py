"""A town's posters: their layout, their words, and the pages that offer them."""

import re
from xml.etree import ElementTree

import pytest
from flask.testing import FlaskClient
from sqlalchemy import text

from directory.posters.fonts import font
from directory.posters.layout import RULE_ABOVE, Wording, lay_out, qr_code
from directory.posters.sheet import PAPERS, Box, Code, TextLine
from tests.integration.web.towns.conftest import FILLED, MANAGE
from tests.support.pictures import picture
from tests.support.site import Site, html_of, words_of


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


def test_choosing_a_posters_languages_leaves_the_sites_language_alone(client: FlaskClient) -> None:
    for path in ("/towns/ct/darien/poster?languages=es", "/zones/ct-darien-parking-lot/poster.svg?languages=en,es",
                 "/towns/ct/darien/embed?language=es"):  # fmt: skip
        response = client.get(path)
        assert "Set-Cookie" not in response.headers, path
        assert "svg" in path or '<html lang="en">' in response.text


def test_a_scanned_code_leads_to_the_zone_and_is_not_cached(client: FlaskClient) -> None:
    response = client.get("/q/ct-darien-parking-lot")
    assert (response.status_code, response.headers["Location"]) == (302, "/zones/ct-darien-parking-lot")
    assert response.headers["Cache-Control"] == "no-store"
    assert client.get("/q/nothing").status_code == 404

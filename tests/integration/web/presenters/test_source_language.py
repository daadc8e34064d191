"""Words of sources and departments on pages in another language: each says in which language it stands (`lang`)."""

import json
import re
from datetime import timedelta
from html.parser import HTMLParser
from typing import Any

import pytest
from sqlalchemy import text

from directory import clock
from tests.support.site import DARIEN, WESTON, ZONE, Site

LOT, LOBBY = "ct-darien-parking-lot", "ct-new-canaan-lobby"
SPANISH = {"Accept-Language": "es"}
VOID = {"meta", "link", "img", "input", "br", "hr"}
SILENT = {"title", "script", "style"}
"""What carries no markup inside."""


class Languages(HTMLParser):
    """The texts of a page with the language of each, those that stand in for photos too."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.open: list[tuple[str, str]] = [("", "")]
        self.texts: list[tuple[str, str]] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = dict(attrs)
        language = values.get("lang") or self.open[-1][1]
        if values.get("class") == "photo":
            self.texts.append((values.get("alt") or "", language))
        if tag not in VOID:
            self.open.append((tag, language))

    def handle_endtag(self, tag: str) -> None:
        while len(self.open) > 1 and self.open.pop()[0] != tag:
            pass

    def handle_data(self, data: str) -> None:
        if self.open[-1][0] not in SILENT:
            self.texts.append((data, self.open[-1][1]))


def texts_of(site: Site, path: str, **headers: str) -> list[tuple[str, str]]:
    response = site.visitor().get(path, headers=headers or SPANISH)
    assert response.status_code == 200, path
    return Languages(response.text).texts


def say(site: Site, zone: str = LOT, **values: Any) -> None:
    with site.engine.begin() as connection:
        columns = ", ".join(f"{name} = :{name}" for name in values)
        connection.execute(text(f"UPDATE zone SET {columns} WHERE zone_id = :zone"), {**values, "zone": zone})
    site.services.snapshot_cache.invalidate()


DAY = (clock.today() + timedelta(days=3)).isoformat()
SAID = {
    "name": "Zzname corner", "spot_note": "zzspot by the flag", "hours_note": "zzhours daily",
    "custody_rules": "zzcustody only", "rules": '["zzrule one"]', "status_note": "zzstatus words",
    "closures": json.dumps([{"from": DAY, "until": DAY, "note": "zzclosure paving"}]),
    "photo": "a" * 64, "photo_alt": "zzphoto of bays",
}  # fmt: skip
ON_CARDS = {"zzspot", "zzclosure"}
ON_PAGE = ON_CARDS | {"zzname", "zzhours", "zzcustody", "zzrule", "zzstatus", "zzphoto"}


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        (f"/zones/{LOT}", ON_PAGE),
        ("/search?q=25+Hecker+Ave,+Darien,+CT", ON_CARDS),
        ("/towns/ct/darien", ON_CARDS),
        ("/embed/ct/darien", ON_CARDS),
        (f"/zones/{LOT}/ours", {"zzclosure"}),
        ("/towns/ct/darien/poster", {"zzspot"}),
    ],
)
def test_words_of_sources_carry_their_language_on_a_spanish_page(site: Site, path: str, expected: set[str]) -> None:
    say(site, **SAID)
    found: set[str] = set()
    for words, language in texts_of(site, path):
        for mark in re.findall(r"zz\w+", words.lower()):
            found.add(mark)
            assert language == "en", words
    assert found >= expected
    ours = {language for words, language in texts_of(site, path) if re.search(r"Imprimir|zona|más|Cerrado", words)}
    assert "es" in ours, "and what is translated is not marked so"
    assert not re.search(r"<span\s+lang=", site.visitor().get(path).text), "an English page marks nothing"


@pytest.mark.parametrize("status", ["moved", "planned", "withdrawn"])
def test_the_reason_of_a_status_carries_its_language(site: Site, status: str) -> None:
    say(site, status=status, status_from="", status_note="zzreason")
    marked = [language for words, language in texts_of(site, f"/zones/{LOT}") if "zzreason" in words]
    assert marked and set(marked) == {"en"}


def test_a_closed_day_of_the_week_carries_the_language_of_its_note(site: Site) -> None:
    say(site, **SAID, opening_hours="24/7")
    marked = [(words, language) for words, language in texts_of(site, f"/zones/{LOT}") if "zzclosure" in words]
    assert len(marked) >= 2 and {language for _, language in marked} == {"en"}


@pytest.mark.parametrize("reader", ["en", "es", "fr"])
def test_french_words_of_a_source_are_marked_for_readers_of_other_languages_only(site: Site, reader: str) -> None:
    say(site, spot_note="Zzcases près de l’entrée du poste")
    marked = {language for words, language in texts_of(site, f"/zones/{LOT}?lang={reader}") if "Zzcases" in words}
    assert marked == {"fr"}
    page = site.visitor().get(f"/zones/{LOT}?lang={reader}").text
    assert bool(re.search(r'<span\s+lang="fr">', page)) == (reader != "fr")


def test_a_zone_that_no_source_named_is_called_in_the_readers_language(site: Site) -> None:
    say(site, name="Safe exchange zone")
    desk = site.accepted_clerk("chief@darienct.gov").get(f"/desk/{DARIEN}", headers=SPANISH)
    names = [(words, language) for words, language in Languages(desk.text).texts if "Zona segura" in words]
    assert names and {language for _, language in names} == {"es"}


def test_a_zone_without_a_name_is_called_in_the_clerks_language_on_its_draft(site: Site) -> None:
    clerk = site.visitor()
    form = clerk.post("/submit", data={**WESTON, "email": "chief@westonct.gov"}, headers=SPANISH).headers["Location"]
    draft = clerk.post(form, data={**ZONE, "name": ""}, headers=SPANISH, follow_redirects=True).text
    assert draft.count("Zona segura de intercambio") == 4, "heading, preview, change, remove"
    assert "Safe exchange zone" not in draft


def test_a_program_that_no_source_named_is_called_in_the_readers_language(site: Site) -> None:
    told = texts_of(site, "/programs/ar-jonesboro-police-department")
    headings = {language for words, language in told if words.startswith("Zonas de intercambio seguro: Jonesboro")}
    assert headings == {"es"}


def test_a_decision_shows_words_of_a_source_with_their_language_and_a_missing_name_in_the_readers(site: Site) -> None:
    clerk = site.visitor()
    site.submit(clerk, {**ZONE, "name": "", "spot_note": "Zzspot by the front door"})
    page = site.link(WESTON["email"], "/submit/confirm/")
    item = re.search(rf'href="({page}/[^"]+)"', clerk.get(page).text)
    assert item is not None
    shown = {"to confirm": clerk.get(item[1], headers=SPANISH).text}
    site.confirm(clerk, WESTON["email"])
    moderator = site.staff()
    shown |= {
        "to decide": moderator.get(f"/review/{site.number()}", headers=SPANISH).text,
        "in the queue": moderator.get("/review", headers=SPANISH).text,
    }
    for name, text_of_page in shown.items():
        texts = Languages(text_of_page).texts
        assert {language for words, language in texts if "Zzspot" in words} == {"en"}, name
        assert "Zona segura de intercambio" in text_of_page and "Safe exchange zone" not in text_of_page, name

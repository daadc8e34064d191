"""Every language that has a folder is complete; a further one needs no code."""

import re
import shutil
import subprocess
import sys
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from babel.messages.mofile import read_mo
from babel.messages.pofile import read_po
from flask.testing import FlaskClient

from directory.languages import TRANSLATIONS
from directory.mail.message_texts import MessageWriter
from tests.conftest import ROOT
from tests.support.site import Site

PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|\{\w+\}")
TAG = re.compile(r"</?\w+")
LANGUAGES = [path.name for path in TRANSLATIONS.iterdir() if (path / "LC_MESSAGES").is_dir()]


@pytest.fixture(scope="session")
def extracted(tmp_path_factory: pytest.TempPathFactory) -> Catalog:
    """Every text that `make messages` finds."""
    target = tmp_path_factory.mktemp("messages") / "messages.pot"
    keywords = re.findall(r"-k \S+", (ROOT / "Makefile").read_text(encoding="utf-8"))
    assert "-k translatable" in keywords
    command = [Path(sys.executable).with_name("pybabel"), "-q", "extract", "-F", "babel.cfg", "-o", target]
    command += [part for keyword in keywords for part in keyword.split()]
    subprocess.run([*map(str, command), "."], cwd=ROOT, check=True)
    with target.open("rb") as file:
        return read_po(file)


def catalogue_of(language: str) -> Catalog:
    with (TRANSLATIONS / language / "LC_MESSAGES" / "messages.po").open("rb") as file:
        return read_po(file, locale=language)


def pairs(catalogue: Catalog) -> Iterator[tuple[str, str]]:
    """Each text with what it is translated by, plural by plural."""
    for message in catalogue:
        ids = [message.id] if isinstance(message.id, str) else [*message.id]
        strings = [message.string] if isinstance(message.string, str) else [*(message.string or ())]
        if message.id:
            yield from ((ids[min(number, len(ids) - 1)], string) for number, string in enumerate(strings))


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_visible_text_is_translated(extracted: Catalog, language: str) -> None:
    catalogue = catalogue_of(language)
    missing = []
    for message in extracted:
        if message.id:
            found = catalogue.get(message.id)
            strings = found.string if found else ""
            forms = [strings] if isinstance(strings, str) else [*(strings or ())]
            count = catalogue.num_plurals if isinstance(message.id, tuple) else 1
            if found is None or found.fuzzy or len(forms) != count or not all(map(str.strip, forms)):
                missing.append(message.id)
    assert missing == [], "run `make messages`, then translate"
    assert [message.id for message in catalogue if message.id and message.id not in extracted] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_translations_keep_every_placeholder_and_mark(language: str) -> None:
    for text, translated in pairs(catalogue_of(language)):
        for kept in (PLACEHOLDER, TAG):
            assert sorted(set(kept.findall(translated))) == sorted(set(kept.findall(text))), text
        assert (translated[:1].isspace(), translated[-1:].isspace()) == (text[:1].isspace(), text[-1:].isspace()), text
        if "%(" in text:
            assert translated % defaultdict(int), f"a sign of per cent is written %% in {translated}"
        else:
            assert translated.count("%") == text.count("%"), text


def test_no_template_writes_the_colon_or_the_quotation_marks_that_a_language_has_its_own_of() -> None:
    """English, documents for programs and what is inside a translated text apart."""
    literal = re.compile(r"(?:\}\}|%\}|</\w+>): ?(?=\n|\{|<)|(?m:^ *: (?=\{))|[“”«»]")
    found = []
    for path in sorted((ROOT / "templates").rglob("*.html")):
        text = re.sub(
            r"\{[{%].*?[%}]\}",
            lambda tag: re.sub(r"'[^']*'|\"[^\"]*\"", "", tag[0]),
            path.read_text("utf-8"),
            flags=re.DOTALL,
        )
        if path.parent.name != "api":
            found += [f"{path.name}: {text[: match.start()].count(chr(10)) + 1}" for match in literal.finditer(text)]
    assert found == []


FRENCH_TYPOGRAPHY = {
    "marks that are not «~»": r"[“”]|«(?!\xa0)|(?<!\xa0)»",
    "a straight apostrophe": r"(?<=[^\W\d])'(?=\w)",
    "a colon without a no-break space before it": r"[ \u202f]:|(?<![\xa0/]):(?= ?%\()",
    "a space before ; ! or ?": r"[ \xa0\u202f][;!?]",
}


@pytest.mark.parametrize("fault", FRENCH_TYPOGRAPHY)
def test_french_is_typeset_as_in_canada(fault: str) -> None:
    pattern = re.compile(FRENCH_TYPOGRAPHY[fault])
    assert [words for _, words in pairs(catalogue_of("fr")) if pattern.search(words)] == []


SPANISH_HABITS = {
    "marks that are not “”": r"[«»]|(?<=\s)\"",
    "a question or a call that does not begin with its mark": r"^[^¿]*\?(?=\s|$)|^[^¡]*!(?=\s|$)",
    "somebody called tú beside usted": r"(?i)\b(?:tu|tus|contigo|puedes|quieres|tienes|debes)\b",
    "words that are said elsewhere": r"(?i)\b(?:ordenador|aparcamiento|fichero|móvil|ratón|e-?mail|vosotros|pulsar?)\b",
}


@pytest.mark.parametrize("fault", SPANISH_HABITS)
def test_spanish_is_written_as_in_the_united_states(fault: str) -> None:
    pattern = re.compile(SPANISH_HABITS[fault])
    matches = [
        words for _, words in pairs(catalogue_of("es")) if pattern.search(re.sub(r"%\(\w+\)s|https?:\S+", "", words))
    ]
    assert matches == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_compiled_catalog_is_in_step(language: str) -> None:
    folder = TRANSLATIONS / language / "LC_MESSAGES"
    with (folder / "messages.po").open("rb") as text, (folder / "messages.mo").open("rb") as binary:
        written, compiled = (
            {str((message.id, message.string)).replace("[", "(").replace("]", ")") for message in catalog if message.id}
            for catalog in (read_po(text), read_mo(binary))
        )
    assert compiled == written, "run `make messages`"


PAGES = ["/", "/search?q=06840", "/search?q=Springfield", "/zones/ct-darien-parking-lot", "/towns", "/tips", "/about"]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("address", PAGES)
def test_a_page_in_another_language_says_nothing_in_english(
    client: FlaskClient, extracted: Catalog, address: str, language: str
) -> None:
    page = client.get(address, headers={"Accept-Language": f"{language}-CA,{language};q=0.9"}).text
    assert f'<html lang="{language}">' in page
    text = re.sub(r"<[^>]*>", "\n", page)
    sentences = [message.id for message in extracted if isinstance(message.id, str) and len(message.id) > 25]
    assert [sentence for sentence in sentences if re.search(rf"(?<!\w){re.escape(sentence)}(?!\w)", text)] == []


def test_dates_and_times_follow_the_readers_habits(client: FlaskClient) -> None:
    spanish = {"Accept-Language": "es"}
    assert "3 de marzo de 2017" in client.get("/zones/ct-new-canaan-lobby", headers=spanish).text
    assert "March 3, 2017" in client.get("/zones/ct-new-canaan-lobby").text


def test_a_language_asked_for_is_remembered_and_beats_the_browsers(client: FlaskClient) -> None:
    assert '<html lang="es">' in client.get("/?lang=es").text
    assert '<html lang="es">' in client.get("/tips").text
    assert '<html lang="en">' in client.get("/tips?lang=en").text


@pytest.fixture
def portuguese(monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory) -> str:
    """A further language: what a Portuguese reader of a directory in Portuguese would see, if it were Spanish."""
    folder = tmp_path_factory.mktemp("translations")
    shutil.copytree(TRANSLATIONS / "es", folder / "pt")
    for module in ("directory.web.http.languages", "directory.mail.sentences"):
        monkeypatch.setattr(f"{module}.TRANSLATIONS", folder)
    return "pt"


def test_the_cookie_of_a_language_is_out_of_reach_of_scripts_and_other_sites(client: FlaskClient) -> None:
    (cookie,) = client.get("/?lang=es").headers.getlist("Set-Cookie")
    assert {"HttpOnly", "SameSite=Lax", "Max-Age=31536000"} <= {part.strip() for part in cookie.split(";")}


def test_a_further_language_needs_only_a_folder(portuguese: str, site: Site) -> None:
    visitor = site.visitor()

    def shown(address: str) -> str:
        return visitor.get(address, headers={"Accept-Language": "pt-BR"}).text

    home = shown("/")
    assert f'<html lang="{portuguese}">' in home and "Zonas Seguras" in home and ">English</a>" in home
    assert ">Português</a>" in visitor.get("/", headers={"Accept-Language": "en"}).text
    assert 'value="pt"' in shown("/towns/ct/darien/embed")
    assert "English + Português" in shown("/towns/ct/darien/poster")
    assert "Antes" in visitor.get("/zones/ct-darien-parking-lot/poster?languages=pt").text
    feed = visitor.get("/towns/ct/darien/feed.atom?lang=pt").text
    assert 'xml:lang="pt"' in feed and "Policía de Darien" in feed
    oembed = visitor.get("/oembed", query_string={"url": "http://localhost/towns/ct/darien?lang=pt"}).json
    assert oembed is not None and oembed["title"] == "Zonas seguras en Darien, CT"
    assert MessageWriter("pt", "http://x").sign_in("http://x").subject == "Su enlace para iniciar sesión"

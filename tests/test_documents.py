"""What the documents claim: every criterion once, every test they name there, every address they show answered."""

import re

from flask.testing import FlaskClient

from directory.web.embed.options import Options, read_options
from tests.conftest import ROOT

A = re.findall(
    r"\S+",
    """1.1.1 1.2.1 1.2.2 1.2.3 1.3.1 1.3.2 1.3.3 1.4.1 1.4.2 2.1.1 2.1.2 2.1.4 2.2.1 2.2.2 2.3.1 2.4.1 2.4.2 2.4.3
    2.4.4 2.5.1 2.5.2 2.5.3 2.5.4 3.1.1 3.2.1 3.2.2 3.2.6 3.3.1 3.3.2 3.3.7 4.1.1 4.1.2""",
)
AA = re.findall(
    r"\S+",
    """1.2.4 1.2.5 1.3.4 1.3.5 1.4.3 1.4.4 1.4.5 1.4.10 1.4.11 1.4.12 1.4.13 2.4.5 2.4.6 2.4.7 2.4.11 2.5.7 2.5.8
    3.1.2 3.2.3 3.2.4 3.3.3 3.3.4 3.3.8 4.1.3""",
)
LEVELS = {"Supports", "Partially Supports", "Does Not Support", "Not Applicable"}
REPORT = (ROOT / "docs" / "accessibility.md").read_text(encoding="utf-8")


def rows() -> list[tuple[str, str, str]]:
    return re.findall(r"^\| (\d\.\d\.\d+) [^|]+\| ([^|]+) \| ([^|]+) \|$", REPORT, re.MULTILINE)


def test_the_conformance_report_has_every_criterion_of_both_levels_once() -> None:
    assert [number for number, _, _ in rows()] == A + AA
    assert {level for _, level, _ in rows()} <= LEVELS


def test_every_line_of_the_conformance_report_is_backed_by_a_test_or_a_described_check() -> None:
    for number, level, remarks in rows():
        assert level == "Not Applicable" or re.search(r"`test_\w+`|Manual check: \w+", remarks), number


def test_every_test_that_a_document_names_exists() -> None:
    defined = {
        name
        for path in (ROOT / "tests").rglob("test_*.py")
        for name in re.findall(r"^def (test_\w+)", path.read_text("utf-8"), re.MULTILINE)
    }
    for path in (ROOT / "docs").glob("*.md"):
        named = set(re.findall(r"`(test_\w+)`", path.read_text(encoding="utf-8")))
        assert named <= defined, (path.name, named - defined)


def test_addresses_that_the_documents_show_answer(client: FlaskClient) -> None:
    texts = [path.read_text(encoding="utf-8") for path in [ROOT / "README.md", *(ROOT / "docs").glob("*.md")]]
    shown = {
        found.rstrip(".,")
        for text in texts
        for found in re.findall(r"(?<![\w./])(/(?:towns|zones|api|embed|docs|openapi|downloads)[\w./?=&-]*)", text)
        if "…" not in found
    }
    assert len(shown) > 8
    for address in shown - {"/zones/", "/api/"}:
        assert client.get(address).status_code in (200, 308), address


def test_every_option_of_an_embed_is_documented_with_its_default() -> None:
    text = (ROOT / "docs" / "embedding.md").read_text(encoding="utf-8")
    for name in Options.__slots__:
        assert f"| `{name}` |" in text, name
    assert f"| {read_options({}).height} for the frame |" in text

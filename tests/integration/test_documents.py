"""What the documents claim: every criterion once, every test they name there, every address they show answered."""

import re
from pathlib import Path

from flask.testing import FlaskClient

from directory.geocoding.results import NOTES
from directory.web.embed.options import EmbedOptions, read_options
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
    """A description says in three words or more what was looked at and how, or names the line that says it."""
    remarks_of = {number: remarks for number, level, remarks in rows() if level != "Not Applicable"}
    for number, remarks in remarks_of.items():
        same_as = re.search(r"Manual check: as for (\d\.\d\.\d+)\.", remarks)
        backed = remarks_of[same_as[1]] if same_as else remarks
        assert re.search(r"`test_\w+`|Manual check: (?!as for )\S+ \S+ \S+[^|]*\.", backed), number


def names_of_tests(folder: Path) -> set[str]:
    """The names of all tests in a folder and below it; of a file, of its own."""
    files = [folder] if folder.is_file() else folder.rglob("test_*.py")
    return {name for path in files for name in re.findall(r"^def (test_\w+)", path.read_text("utf-8"), re.MULTILINE)}


def test_every_test_that_a_document_names_exists() -> None:
    defined = names_of_tests(ROOT / "tests")
    for path in (ROOT / "docs").rglob("*.md"):
        named = set(re.findall(r"`(test_\w+)`", path.read_text(encoding="utf-8")))
        assert named <= defined, (path.name, named - defined)


def test_addresses_that_the_documents_show_answer(client: FlaskClient) -> None:
    texts = [path.read_text(encoding="utf-8") for path in [ROOT / "README.md", *(ROOT / "docs").rglob("*.md")]]
    shown = {
        found.rstrip(".,")
        for text in texts
        for found in re.findall(r"(?<![\w./])(/(?:towns|zones|api|embed|docs|openapi|downloads)[\w./?=&-]*)", text)
        if "…" not in found and not found.endswith("?")  # where a program writes on
    }
    assert len(shown) > 8
    for address in shown - {"/zones/", "/api/"}:
        assert client.get(address).status_code in (200, 308), address


def test_the_figures_that_operating_gives_were_measured() -> None:
    """Whoever measures again and gets others is told which lines to change."""
    docs = ROOT / "docs"
    section = (docs / "operating.md").read_text(encoding="utf-8").partition("## How far each carries")[2]
    given = re.findall(r"\| ([\d,.]+(?:/s| MB| s)) \|", section.partition("\n## ")[0])
    measured = "".join((docs / name).read_text(encoding="utf-8") for name in ("benchmarks.md", "soak.md"))
    assert len(given) == 11
    assert [figure for figure in given if not re.search(rf"(?<![\d,.]){re.escape(figure)}", measured)] == []


def test_every_option_of_an_embed_is_documented_with_its_default() -> None:
    text = (ROOT / "docs" / "embedding.md").read_text(encoding="utf-8")
    for name in EmbedOptions.__slots__:
        assert f"| `{name}` |" in text, name
    compact = read_options({"shape": "compact"}).height
    assert f"| {read_options({}).height} for the frame, {compact} for compact |" in text


LEVEL_2 = """
    1.1.1-7 1.2.1-4 1.4.1 1.4.4-5 1.5.1-4 1.6.1-4 1.7.1-2 1.8.1-2 1.9.1-2 1.10.1 1.11.1-2 1.12.2 1.14.1-6
    2.1.1-12 2.2.1-3 2.3.1-3 2.4.1-5 2.5.1-7 2.6.1-3 2.7.1-6 2.8.1-7 2.9.1-3 2.10.1-4
    3.1.1 3.2.1-4 3.3.1-4 3.4.1-5 3.5.1-3 3.7.1 4.1.1-3 4.1.5 4.2.1-2 4.3.1-3
    5.1.1-5 5.2.1-8 5.3.1-10 5.4.1-3 5.5.1-4
    6.1.1-3 6.2.1-6 6.3.1-2 6.4.1-2 7.1.1-4 7.2.1-2 7.3.1 7.3.3-4 7.4.1-3 8.1.1-4 8.2.1-3 8.3.1-8 9.1.1-3 9.2.1-4
    10.2.1-2 10.3.1-3 11.1.1-8 12.1.1-3 12.2.1 12.3.1-6 12.4.1-2 12.5.1-2 12.6.1
    13.1.1 13.1.3-5 13.2.1-3 13.2.5-6 13.3.1-2 13.4.1-2 14.1.1-4 14.2.1-6 14.3.2-3 14.4.1-7 14.5.1-4
"""
"""The requirements of ASVS 4.0.3 up to level 2."""


def numbers(text: str) -> list[str]:
    """ "2.1.1-3" and "2.1.1–2.1.3" are three requirements."""
    found = []
    for section, first, last in re.findall(r"(\d+\.\d+)\.(\d+)(?:[-–](?:\d+\.\d+\.)?(\d+))?", text):
        found += [f"{section}.{number}" for number in range(int(first), int(last or first) + 1)]
    return found


SECURITY = (ROOT / "docs" / "security.md").read_text(encoding="utf-8")


def test_every_line_of_the_security_document_names_a_test_that_exists_or_says_that_there_is_none() -> None:
    lines = [line for line in SECURITY.splitlines() if re.match(r"\| (?!-|attack|number)", line)]
    assert len(lines) > 120
    for line in lines:
        assert re.search(r"`test_\w+`|no test|\| (n/a|not yet: )", line), line
    assert set(re.findall(r"\btest_\w+", SECURITY)) <= names_of_tests(ROOT / "tests")


def test_every_kind_of_attack_is_in_the_security_document() -> None:
    attacks = SECURITY.partition("## Attacks")[2].partition("## The checklist")[0]
    files = [*(ROOT / "tests" / "integration" / "attacks").rglob("test_*.py")]
    assert len(files) > 10
    for path in files:
        assert names_of_tests(path) & set(re.findall(r"`(test_\w+)`", attacks)), path.name


def test_the_security_checklist_has_every_requirement_of_level_2_once_with_its_state() -> None:
    lines = re.findall(r"^\| ([\d., –]+) \| [^|]+ \| ([^|]+) \|$", SECURITY, re.MULTILINE)
    assert [number for given, _ in lines for number in numbers(given)] == numbers(LEVEL_2)
    for given, state in lines:
        assert re.match(r"\*\*yes\*\*|partly: |not yet: |n/a", state), given


def test_every_place_that_the_operating_and_security_documents_name_exists() -> None:
    for name in ("operating.md", "security.md"):
        text = (ROOT / "docs" / name).read_text(encoding="utf-8")
        paths = re.findall(r"`([a-z_]+/[\w./]+\.\w+)`", text)
        assert paths, name
        for path in paths:
            assert (ROOT / path).exists() or (ROOT / "directory" / path).exists(), (name, path)


def test_every_metric_that_the_operating_document_names_is_reported(client: FlaskClient) -> None:
    client.get("/search?q=06840")
    told = client.get("/metrics").text
    named = set(re.findall(r"safezones_[a-z_]+", (ROOT / "docs" / "operating.md").read_text(encoding="utf-8")))
    assert len(named) > 8
    for name in named:
        assert re.search(rf"^# TYPE {re.sub('_(total|count|bucket)$', '', name)}", told, re.MULTILINE), name


def test_the_notes_of_a_search_are_all_explained() -> None:
    text = (ROOT / "docs" / "gazetteer.md").read_text(encoding="utf-8")
    assert all(f"| `{code}` | {meaning} |" in text for code, meaning in NOTES.items())

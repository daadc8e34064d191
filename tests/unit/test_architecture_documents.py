"""The table of packages and the glossary name what exists."""

import importlib
import re

import pytest

from scripts.package_table import DOCUMENT, TABLE, package_rows
from tests.conftest import ROOT

GLOSSARY = (ROOT / "docs" / "glossary.md").read_text(encoding="utf-8")
ENTRIES = re.findall(r"^\| ([^|]+) \| [^|]+ \| `([\w/]+)\.py(?:: (\w+))?` \|$", GLOSSARY, re.MULTILINE)
STATIC_FILES = re.findall(r"`(static/[\w/.-]+)` \|$", GLOSSARY, re.MULTILINE)
TABLE_ROW = re.compile(r"^\| `([\w.]+)` \| (.*) \| (\d+) \| ([\d,]+) \|$", re.MULTILINE)


def documented_rows() -> list[tuple[str, str, int, int]]:
    table = TABLE.search(DOCUMENT.read_text(encoding="utf-8"))
    assert table
    return [
        (name, purpose, int(count), int(lines.replace(",", "")))
        for name, purpose, count, lines in TABLE_ROW.findall(table[0])
    ]


def test_the_table_of_packages_has_every_package_with_its_purpose() -> None:
    assert [row[:2] for row in documented_rows()] == [row[:2] for row in package_rows()]
    assert all(purpose for _, purpose, _, _ in package_rows())


def test_the_sizes_in_the_table_of_packages_are_true_within_a_fifth() -> None:
    """Small changes leave the document alone; `python scripts/package_table.py --write` renews it."""
    for (name, _, documented_modules, documented_lines), (_, _, modules, lines) in zip(
        documented_rows(), package_rows(), strict=True
    ):
        assert abs(documented_modules - modules) <= max(2, modules / 5), name
        assert abs(documented_lines - lines) <= max(150, lines / 5), name


@pytest.mark.parametrize(("term", "module", "name"), ENTRIES)
def test_every_place_that_the_glossary_names_exists(term: str, module: str, name: str) -> None:
    found = importlib.import_module(f"directory.{module.replace('/', '.')}")
    assert not name or hasattr(found, name), term


def test_every_term_of_the_glossary_names_a_place() -> None:
    rows = re.findall(r"^\| (?!term |---).*\|$", GLOSSARY, re.MULTILINE)
    assert len(rows) == len(ENTRIES) + len(STATIC_FILES) > 50
    assert [name for name in STATIC_FILES if not (ROOT / "directory" / name).is_file()] == []

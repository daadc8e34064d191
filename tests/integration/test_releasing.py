"""Releases: one number in package, changelog and upgrade notes. That of the wheel is tested by .ci/wheel."""

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from directory import __version__
from tests.conftest import ROOT, required

CHANGES = """# Changelog

## Unreleased

### Added

- A thing.

## 1.1.0 - 2026-11-28

### Fixed

- A fault.

## 1.0.0 - 2026-11-28

### Added

- Everything.
"""
NOTES = (
    "# Upgrading\n\n## Unreleased\n\nSchema: `0007`, after `0006`.\n\n## 1.1.0\n\nNothing.\n\n## 1.0.0\n\nNothing.\n"
)


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    """A small repository on the way from 1.1.0 to 1.2.0."""
    for name, text in {
        "directory/__init__.py": '"""A package."""\n\n__version__ = "1.2.0.dev0"\n',
        "directory/db/migrations/versions/0007_more.py": "",
        "CHANGELOG.md": CHANGES,
        "docs/upgrade-notes.md": NOTES,
        "docs/accessibility.md": "| Name of product | Safe Zone Directory 1.1.0 (the site) |\n",
        "deploy/kubernetes/kustomization.yaml": '    newTag: "1.1.0"\n',
    }.items():
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return tmp_path


def release(*words: str, root: Path = ROOT) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, str(ROOT / "scripts" / "release.py"), "--root", str(root), *words]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def change(tree: Path, name: str, before: str, after: str) -> None:
    path = tree / name
    text = path.read_text(encoding="utf-8")
    assert before in text
    path.write_text(text.replace(before, after), encoding="utf-8")


def contents(tree: Path) -> dict[str, str]:
    return {str(path): path.read_text(encoding="utf-8") for path in tree.rglob("*.*") if path.is_file()}


def test_what_make_release_leaves_to_be_done_are_the_commands_of_the_document(tree: Path) -> None:
    prepared = release("prepare", "1.2.0", "--date", "2026-12-01", root=tree)
    assert prepared.returncode == 0, prepared.stderr
    left = release("remaining", root=tree).stdout.splitlines()[1:]
    assert 'git commit --all --message "Release 1.2.0"' in left and "git push origin HEAD v1.2.0" in left
    document = (ROOT / "docs" / "releasing.md").read_text(encoding="utf-8")
    for command in left[:-1]:
        assert command.replace("1.2.0", "1.1.0") in document, command
    assert left[-1] == "make release-open VERSION=1.3.0" and "make release-open VERSION=1.2.0" in document


def test_version_changelog_and_upgrade_notes_of_this_repository_agree() -> None:
    done = release("check")
    assert (done.returncode, done.stderr) == (0, "")
    printed = subprocess.run(
        ["make", "-s", "--no-print-directory", "version"], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert printed.stdout.strip() == __version__
    assert re.fullmatch(r"\d+\.\d+\.\d+(\.dev0)?", __version__)


def test_a_release_gets_its_number_and_day_everywhere_and_the_next_one_begins(tree: Path) -> None:
    done = release("prepare", "1.2.0", "--date", "2026-12-01", root=tree)
    assert done.returncode == 0, done.stderr
    assert "## Unreleased\n\n## 1.2.0 - 2026-12-01\n\n### Added\n\n- A thing." in (tree / "CHANGELOG.md").read_text()
    assert "## 1.2.0\n\nSchema: `0007`, after `0006`." in (tree / "docs/upgrade-notes.md").read_text()
    assert "Safe Zone Directory 1.2.0 (the site)" in (tree / "docs/accessibility.md").read_text()
    assert (tree / "deploy/kubernetes/kustomization.yaml").read_text() == '    newTag: "1.2.0"\n'
    assert '__version__ = "1.2.0"\n' in (tree / "directory/__init__.py").read_text()
    assert release("check", root=tree).returncode == 0
    assert release("prepare", "1.2.0", root=tree).returncode == 1, "it is made already"
    change(tree, "CHANGELOG.md", "## Unreleased\n", "## Unreleased\n\n### Fixed\n\n- More.\n")
    assert "has entries, and the package is still 1.2.0" in release("check", root=tree).stderr
    assert release("open", "1.3.0", root=tree).returncode == 0
    assert '__version__ = "1.3.0.dev0"\n' in (tree / "directory/__init__.py").read_text()
    assert release("check", root=tree).returncode == 0


def test_a_tag_is_that_of_the_version_and_is_given_once(tree: Path) -> None:
    if shutil.which("git") is None:
        required("git")
    me = ("-c", "user.name=A", "-c", "user.email=a@example.org")
    for words in (["init"], ["add", "."], [*me, "commit", "-m", "x"], [*me, "tag", "-a", "v1.3.0", "-m", "x"]):
        subprocess.run(["git", "-C", str(tree), *words], check=True, capture_output=True)
    assert "the tag v1.3.0 is not v1.2.0.dev0" in release("check", root=tree).stderr
    subprocess.run(["git", "-C", str(tree), *me, "commit", "--allow-empty", "-m", "x"], check=True, capture_output=True)
    assert release("check", root=tree).returncode == 0
    assert "the tag v1.3.0 exists already" in release("prepare", "1.3.0", root=tree).stderr
    assert release("prepare", "1.2.0", root=tree).returncode == 0
    for words in (["commit", "-a", "-m", "x"], ["tag", "-a", "v1.2.0", "-m", "x"]):
        subprocess.run(["git", "-C", str(tree), *me, *words], check=True, capture_output=True)
    opened = release("open", "1.3.1", root=tree)
    assert (opened.returncode, opened.stderr) == (0, ""), "the number is not committed yet, and the tag not about it"


@pytest.mark.parametrize(
    ("name", "before", "after", "reason"),
    [
        ("CHANGELOG.md", "1.1.0 - 2026-11-28", "1.1.0 (2026-11-28)", "(2026-11-28)” has to be a number and a day"),
        ("CHANGELOG.md", "1.1.0 - 2026-11-28", "1.1.0 - 2026-11-31", "has to be a number and a day"),
        ("CHANGELOG.md", "1.0.0 - 2026-11-28", "1.0.0 - 2026-11-29", "1.0.0 - 2026-11-29 has to be older"),
        ("CHANGELOG.md", "1.0.0 - ", "1.1.1 - ", "1.1.1 - 2026-11-28 has to be older"),
        ("CHANGELOG.md", "### Fixed", "### Mended", "Mended: use Added, Changed"),
        ("CHANGELOG.md", "- A thing.", "- A thing.\n\n### Added", "Unreleased has a section twice"),
        ("CHANGELOG.md", "## Unreleased\n\n### Added\n\n- A thing.", "", "the first heading has to be Unreleased"),
        ("CHANGELOG.md", "### Added\n\n- A thing.", "", "there is nothing to release"),
        ("directory/__init__.py", "1.2.0.dev0", "1.1.0.dev0", "1.1.0.dev0 is not after 1.1.0"),
        ("directory/__init__.py", "1.2.0.dev0", "1.2.0", "1.2.0 is not 1.1.0"),
        ("directory/__init__.py", "1.2.0.dev0", "1.3.0.dev0", "1.3.0.dev0 does not become 1.2.0"),
        ("docs/upgrade-notes.md", "## 1.1.0\n", "", "its headings have to be Unreleased, 1.1.0, 1.0.0"),
        ("docs/upgrade-notes.md", "`0007`", "`0006`", "Unreleased does not name the schema 0007"),
        ("docs/upgrade-notes.md", "`0007`", "`0007`; release 1.2 drops it", "docs/upgrade-notes.md:5: “Schema"),
    ],
)  # fmt: skip
def test_what_does_not_agree_keeps_a_release_from_being_made_and_nothing_is_changed(
    name: str, before: str, after: str, reason: str, tree: Path
) -> None:
    change(tree, name, before, after)
    was = contents(tree)
    done = release("prepare", "1.2.0", "--date", "2026-12-01", root=tree)
    assert done.returncode == 1 and reason in done.stderr, done.stderr
    assert contents(tree) == was

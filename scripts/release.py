"""Makes a release: one number in the package, the changelog, the upgrade notes and the names of files.

`check` looks whether they agree, `prepare 1.2.0` writes a release's number and date, `build` makes its files in dist/,
`remaining` prints what is left to do by hand, and `open 1.3.0` begins the next one. docs/releasing.md has every step.
"""

import argparse
import hashlib
import re
import shutil
import subprocess
import sys
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PACKAGE, CHANGELOG, NOTES = "directory/__init__.py", "CHANGELOG.md", "docs/upgrade-notes.md"
ACCESSIBILITY = "docs/accessibility.md"
"""The conformance report, which names the release it is about."""
KUSTOMIZATION = "deploy/kubernetes/kustomization.yaml"
"""The manifests for Kubernetes, which name the image's tag."""
LIBRARIES = "requirements.hashes.txt"
"""The list of libraries, which safezones-upgrade finds beside the wheel by this name."""
UNRELEASED = "Unreleased"
SECTIONS = ("Added", "Changed", "Deprecated", "Removed", "Fixed", "Security")
"""Those of Keep a Changelog 1.1.0."""
VERSION = re.compile(r'^__version__ = "(\d+\.\d+\.\d+)(\.dev0)?"$', re.MULTILINE)
HEADING = re.compile(r"^## (.+)$", re.MULTILINE)
DATED = re.compile(r"(\d+\.\d+\.\d+) - (\d{4}-\d{2}-\d{2})")
PROMISE = re.compile(r"(?:goes with release (\d+\.\d+))|(?:(\d+\.\d+) drops)")
"""How texts say in which release an old name ends."""
PROMISING = ("directory/**/*.py", "templates/**/*.html", "docs/*.md")
REMAINING = """Made, and known to nobody else. What remains, in this order (docs/releasing.md):
bash .ci/run
git commit --all --message "Release {version}"
git tag --annotate v{version} --message "Release {version}"
make release-check
git push origin HEAD v{version}
make image && make image-check
make release-open VERSION={next}
"""

Number = tuple[int, ...]


class ReleaseError(Exception):
    """What keeps a release from being made, a line for each reason."""


@dataclass(frozen=True)
class Part:
    """A version's part of a document: what stands in its heading, and the text below."""

    title: str
    text: str


def number(text: str) -> Number:
    """A version as numbers, which compare."""
    return tuple(int(part) for part in text.split("."))


def parts(text: str) -> list[Part]:
    """The parts of a document, in its order."""
    pieces = HEADING.split(text)[1:]
    return [Part(title, body.strip()) for title, body in zip(pieces[::2], pieces[1::2], strict=True)]


def package_version(root: Path) -> tuple[str, bool]:
    """The package's version, and whether it is only on the way there. Raises ReleaseError."""
    match = VERSION.search((root / PACKAGE).read_text(encoding="utf-8"))
    if not match:
        raise ReleaseError(f'{PACKAGE}: write __version__ = "1.2.3", or "1.2.3.dev0" between releases')
    return match[1], bool(match[2])


def faults(root: Path) -> list[str]:
    """What does not agree: version, changelog, upgrade notes, and the tag of this commit."""
    version, on_the_way = package_version(root)
    changes = parts((root / CHANGELOG).read_text(encoding="utf-8"))
    notes = parts((root / NOTES).read_text(encoding="utf-8"))
    reasons = _order_faults(changes)
    released = [match[1] for part in changes if (match := DATED.fullmatch(part.title))]
    newest = released[0] if released else "0.0.0"
    if on_the_way and number(version) <= number(newest):
        reasons.append(f"{PACKAGE}: {version}.dev0 is not after {newest}, the newest in {CHANGELOG}")
    if not on_the_way and version != newest:
        reasons.append(f"{PACKAGE}: {version} is not {newest}, the newest in {CHANGELOG}")
    if not on_the_way and changes and changes[0].text:
        reasons.append(f"{CHANGELOG}: {UNRELEASED} has entries, and the package is still {version}: `release.py open`")
    expected = ([UNRELEASED] if on_the_way else []) + released
    if [part.title for part in notes] != expected:
        reasons.append(f"{NOTES}: its headings have to be {', '.join(expected)}, as in {CHANGELOG}")
    schema = max(path.name[:4] for path in (root / "directory/db/migrations/versions").glob("[0-9]*.py"))
    if notes and schema not in notes[0].text:
        reasons.append(f"{NOTES}: {notes[0].title} does not name the schema {schema}")
    name = f"v{version}.dev0" if on_the_way else f"v{version}"
    if not _git(root, "diff", "--name-only", "HEAD", "--", PACKAGE):  # another number is that of the next commit
        tags = _tags(root, "--points-at=HEAD")
        reasons += [f"the tag {tag} is not {name}, as {PACKAGE} has it" for tag in tags if tag != name]
    return reasons


def _tags(root: Path, *options: str) -> list[str]:
    """The tags of releases, those of all commits without options."""
    return _git(root, "tag", *options, "--list", "v[0-9]*")


def _git(root: Path, *words: str) -> list[str]:
    """What git prints; nothing outside of a repository, or without git."""
    if not (root / ".git").exists() or shutil.which("git") is None:
        return []
    command = ["git", "-c", "safe.directory=*", "-C", str(root), *words]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout.split()


def _order_faults(changes: list[Part]) -> list[str]:
    """What is wrong with the headings of the changelog."""
    reasons = []
    if not changes or changes[0].title != UNRELEASED:
        reasons.append(f"{CHANGELOG}: the first heading has to be {UNRELEASED}")
    before: tuple[Number, str] | None = None
    for part in changes[1:]:
        match = DATED.fullmatch(part.title)
        if not match or not _is_day(match[2]):
            reasons.append(f"{CHANGELOG}: “{part.title}” has to be a number and a day, as 1.2.3 - 2026-11-28")
            continue
        here = number(match[1]), match[2]
        if before is not None and not (here[0] < before[0] and here[1] <= before[1]):
            reasons.append(f"{CHANGELOG}: {part.title} has to be older than the one above it")
        before = here
    for part in changes:
        names = re.findall(r"^### (.+)$", part.text, re.MULTILINE)
        if unknown := [name for name in names if name not in SECTIONS]:
            reasons.append(f"{CHANGELOG}: {part.title}: {', '.join(unknown)}: use {', '.join(SECTIONS)}")
        if len(set(names)) < len(names):
            reasons.append(f"{CHANGELOG}: {part.title} has a section twice")
    return reasons


def _is_day(text: str) -> bool:
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return True


def promises_due(root: Path, version: str) -> list[str]:
    """The places that promise that something ends with this release, or an earlier one."""
    reasons = []
    for pattern in PROMISING:
        for path in sorted(root.glob(pattern)):
            reasons += [
                f"{path.relative_to(root)}:{row}: “{line.strip()[:100]}”: keep that promise first"
                for row, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
                if any(number(match[1] or match[2]) <= number(version)[:2] for match in PROMISE.finditer(line))
            ]
    return reasons


def prepare(root: Path, version: str, day: str) -> None:
    """Give everything unreleased this number and day. Raises ReleaseError, and changes nothing then."""
    reasons = faults(root) + promises_due(root, version)
    now, on_the_way = package_version(root)
    if not on_the_way or number(version) < number(now):
        reasons.append(f"{PACKAGE}: {now}{'.dev0' if on_the_way else ''} does not become {version}")
    if not parts((root / CHANGELOG).read_text(encoding="utf-8"))[0].text:
        reasons.append(f"{CHANGELOG}: {UNRELEASED} has no entries: there is nothing to release")
    if f"v{version}" in _tags(root):
        reasons.append(f"the tag v{version} exists already")
    if reasons:
        raise ReleaseError("\n".join(reasons))
    _rewrite(root / PACKAGE, VERSION.pattern, f'__version__ = "{version}"')
    _rewrite(root / CHANGELOG, rf"^## {UNRELEASED}$", f"## {UNRELEASED}\n\n## {version} - {day}")
    _rewrite(root / NOTES, rf"^## {UNRELEASED}$", f"## {version}")
    _rewrite(root / ACCESSIBILITY, r"Safe Zone Directory \d+\.\d+\.\d+", f"Safe Zone Directory {version}")
    _rewrite(root / KUSTOMIZATION, r'newTag: "[\d.]+"', f'newTag: "{version}"')


def open_next(root: Path, version: str) -> None:
    """Begin the way to the next release: from now on wheels are named after it. Raises ReleaseError."""
    now, on_the_way = package_version(root)
    if on_the_way or number(version) <= number(now):
        raise ReleaseError(f"{PACKAGE}: after {now}{'.dev0' if on_the_way else ''} comes no {version}.dev0")
    schema = max(path.name[:4] for path in (root / "directory/db/migrations/versions").glob("[0-9]*.py"))
    _rewrite(root / PACKAGE, VERSION.pattern, f'__version__ = "{version}.dev0"')
    note = f"Schema: `{schema}`, as before."
    _rewrite(root / NOTES, rf"^## {re.escape(now)}$", f"## {UNRELEASED}\n\n{note}\n\n## {now}")


def _rewrite(path: Path, pattern: str, text: str) -> None:
    """Replace the one place that a pattern finds. Raises ReleaseError where there is none."""
    changed, count = re.subn(pattern, text, path.read_text(encoding="utf-8"), count=1, flags=re.MULTILINE)
    if not count:
        raise ReleaseError(f"{path.name} has no place like {pattern}")
    path.write_text(changed, encoding="utf-8")


def build(root: Path, folder: Path) -> list[Path]:
    """Make wheel, list of libraries and digests in a folder, in the place of earlier ones. Raises ReleaseError."""
    version, on_the_way = package_version(root)
    name = f"{version}.dev0" if on_the_way else version
    for pattern in ("safe_zone_directory-*.whl", LIBRARIES, "SHA256SUMS"):
        for earlier in folder.glob(pattern):
            earlier.unlink()
    subprocess.run(
        [sys.executable, "-m", "build", "--wheel", "--outdir", folder, root], check=True, capture_output=True
    )
    wheel = folder / f"safe_zone_directory-{name}-py3-none-any.whl"
    if not wheel.exists():
        raise ReleaseError(f"the wheel is not called {wheel.name}: {', '.join(path.name for path in folder.iterdir())}")
    libraries = Path(shutil.copy(root / LIBRARIES, folder))
    sums = folder / "SHA256SUMS"
    lines = [f"{hashlib.sha256(path.read_bytes()).hexdigest()}  {path.name}\n" for path in (wheel, libraries)]
    sums.write_text("".join(lines), encoding="utf-8")
    return [wheel, libraries, sums]


def main() -> None:
    """The command."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--root", type=Path, default=ROOT, help="the repository")
    commands = parser.add_subparsers(dest="command", required=True)
    commands.add_parser("check")
    preparing = commands.add_parser("prepare")
    preparing.add_argument("version")
    preparing.add_argument(
        "--date", default=f"{datetime.now(UTC):%Y-%m-%d}", help="the day of the release [today, UTC]"
    )
    building = commands.add_parser("build")
    building.add_argument("--output", type=Path, default=ROOT / "dist", help="folder [dist]")
    commands.add_parser("remaining")
    commands.add_parser("open").add_argument("version")
    arguments = parser.parse_args()
    try:
        _run(arguments)
    except ReleaseError as error:
        sys.exit(str(error))


def _run(arguments: argparse.Namespace) -> None:
    root: Path = arguments.root
    if arguments.command in ("prepare", "open") and not re.fullmatch(r"\d+\.\d+\.\d+", arguments.version):
        raise ReleaseError(f"{arguments.version}: a release is three numbers, such as 1.2.0")
    if arguments.command == "prepare":
        prepare(root, arguments.version, arguments.date)
        changed = ", ".join((PACKAGE, CHANGELOG, NOTES, ACCESSIBILITY, KUSTOMIZATION))
        print(f"{arguments.version} of {arguments.date}: {changed}")
    elif arguments.command == "open":
        open_next(root, arguments.version)
    elif arguments.command == "remaining":
        version, _ = package_version(root)
        major, minor, _ = number(version)
        print(REMAINING.format(version=version, next=f"{major}.{minor + 1}.0"), end="")
    elif arguments.command == "build":
        for path in build(root, arguments.output):
            print(path)
    if reasons := faults(root):
        raise ReleaseError("\n".join(reasons))


if __name__ == "__main__":
    main()

"""Print the table of packages that docs/architecture.md holds: purpose and size of each.

    python scripts/package_table.py            prints the table
    python scripts/package_table.py --write    writes it into docs/architecture.md

The purpose is the first line of the package's docstring. A package's size is that of its own modules, without those of
its subpackages; lines are rounded to hundreds.
"""

import ast
import re
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PACKAGE = ROOT / "directory"
DOCUMENT = ROOT / "docs" / "architecture.md"
TABLE = re.compile(r"(?<=<!-- packages -->\n).*?(?=<!-- /packages -->)", re.DOTALL)


def package_rows() -> list[tuple[str, str, int, int]]:
    """Name, purpose, number of modules and of lines of every package, by name."""
    folders = sorted(path.parent for path in PACKAGE.rglob("__init__.py"))
    return [_row(folder, folders) for folder in folders]


def _row(folder: Path, folders: list[Path]) -> tuple[str, str, int, int]:
    nested = [other for other in folders if folder in other.parents]
    modules = [path for path in folder.rglob("*.py") if not any(other in path.parents for other in nested)]
    purpose = ast.get_docstring(ast.parse((folder / "__init__.py").read_text(encoding="utf-8"))) or ""
    lines = sum(len(path.read_text(encoding="utf-8").splitlines()) for path in modules)
    name = ".".join(folder.relative_to(ROOT).parts)
    return name, purpose.partition("\n")[0], len(modules), lines


def package_table() -> str:
    """The rows as a Markdown table."""
    lines = ["| package | purpose | modules | lines |", "| --- | --- | --- | --- |"]
    lines += [f"| `{name}` | {purpose} | {count} | {size:,} |" for name, purpose, count, size in _rounded()]
    return "\n".join(lines) + "\n"


def _rounded() -> list[tuple[str, str, int, int]]:
    return [(name, purpose, count, max(round(size, -2), 100)) for name, purpose, count, size in package_rows()]


if __name__ == "__main__":
    if "--write" in sys.argv:
        text = DOCUMENT.read_text(encoding="utf-8")
        DOCUMENT.write_text(TABLE.sub(lambda _match: package_table(), text), encoding="utf-8")
    else:
        print(package_table(), end="")

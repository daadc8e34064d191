"""Two releases, installed as deploy/safezones-upgrade installs them: this tree, and a next one made from it."""

import shutil
import sys
from pathlib import Path

from directory import __version__
from directory.db.schema import newest_schema
from quality.site import ROOT

NOW, NEXT = __version__, "99.0.0"
SCHEMA_OF_NEXT = f"{int(newest_schema()) + 1:04}"
COLUMN = "of_the_next"
"""A column that the next release adds to the reports of visitors, and fills with "yes"."""
MIGRATION = f'''"""What the next release adds; this one works with it."""

import sqlalchemy as sa
from alembic import op

revision = "{SCHEMA_OF_NEXT}"
down_revision = "{newest_schema()}"
oldest_schema = "OLDEST"


def upgrade() -> None:
    op.add_column("problemreport", sa.Column("{COLUMN}", sa.String(), nullable=False, server_default=""))
'''


def install_releases(home: Path) -> None:
    """Make `home`, the place of all releases, with both of them; this one is the current."""
    _install(home, NOW, ROOT)
    _install(home, NEXT, make_next_release(home / "next"))
    (home / "current").symlink_to(f"releases/{NOW}")


def make_next_release(folder: Path, oldest_schema: str = newest_schema()) -> Path:
    """A tree with another version, one more migration and the column that it makes; gives its folder.

    `oldest_schema` is what its migration says of earlier releases.
    """
    folder.mkdir(parents=True)
    shutil.copytree(ROOT / "directory", folder / "directory")
    for name in ("templates", "data", "pyproject.toml"):
        (folder / name).symlink_to(ROOT / name)
    package = folder / "directory"
    _replace(package / "__init__.py", f'"{NOW}"', f'"{NEXT}"')
    _replace(
        package / "db/tables/contributions/reports.py",
        '    answer: str = ""\n',
        f'    answer: str = ""\n    {COLUMN}: str = "yes"\n',
    )
    migration = package / "db/migrations/versions" / f"{SCHEMA_OF_NEXT}_next_release.py"
    migration.write_text(MIGRATION.replace("OLDEST", oldest_schema))
    return folder


def _install(home: Path, version: str, code: Path) -> None:
    """The command of a release, as its environment has it."""
    program = home / "releases" / version / "bin" / "safezones"
    program.parent.mkdir(parents=True)
    program.write_text(f'#!/bin/sh\nPYTHONSAFEPATH=1 PYTHONPATH={code} exec {sys.executable} -m directory "$@"\n')
    program.chmod(0o755)


def _replace(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    if text.count(old) != 1:
        raise RuntimeError(f"{path.name} has no {old!r} to make the next release of")
    path.write_text(text.replace(old, new), encoding="utf-8")

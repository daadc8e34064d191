"""Remedies that root types: whoever took over the site's account must gain nothing by them."""

import os
import subprocess
from pathlib import Path

import pytest

from directory.doctor.accounts import give_back

NOBODY = 65534


def test_root_gives_back_a_link_and_never_the_file_behind_it(tmp_path: Path) -> None:
    if os.geteuid() != 0:
        pytest.skip("only root can give a file to somebody else")
    others, link = tmp_path / "shadow", tmp_path / "directory.sqlite"
    others.write_text("somebody else's")
    os.chown(others, NOBODY, NOBODY)
    link.symlink_to(others)
    os.chown(link, NOBODY, NOBODY, follow_symlinks=False)
    command = give_back(link, "*")
    assert command.startswith("as root: chown ")
    subprocess.run(command.removeprefix("as root: "), shell=True, check=True)
    assert (others.stat().st_uid, link.lstat().st_uid) == (NOBODY, 0)

"""Accounts of this machine, and how a file is given back to the one that runs the site."""

import os
import pwd
from pathlib import Path


def account_name(number: int) -> str:
    """The name of an account, or "user 10001" where the machine has no name for it."""
    try:
        return pwd.getpwuid(number).pw_name
    except KeyError:
        return f"user {number}"


def this_account() -> str:
    """The account that gives the command, in words that `chown` takes."""
    number = os.geteuid()
    return account_name(number).removeprefix("user ")


def may_use(folder: Path) -> bool:
    """Whether this account may read and write there."""
    return os.access(folder, os.R_OK | os.W_OK | os.X_OK, effective_ids=True)


def is_read_only(path: Path) -> bool:
    """Whether its disk is mounted read-only, as systems do themselves with a disk that fails."""
    return bool(os.statvfs(path).f_flag & os.ST_RDONLY)


def mount_again(path: Path) -> str:
    """The remedy for a read-only disk."""
    return f"as root: dmesg says whether the disk fails; if not, mount -o remount,rw $(findmnt -n -o TARGET -T {path})"


def give_back(path: Path, also: str = "") -> str:
    """The remedy for a path that this account may not use; `also` follows it, such as "*" for its companions.

    Where the disk is mounted read-only no account helps. Of a link root gives the link alone: whoever took over the
    site's account could let it lead to any file.
    """
    if is_read_only(path):
        return mount_again(path)
    if any(part.stat().st_uid != os.geteuid() for part in path.parent.glob(path.name + also)):
        return f"as root: chown --no-dereference {this_account()} {path}{also}"
    if not os.access(path, os.R_OK | os.W_OK, effective_ids=True) and not path.stat().st_mode & 0o200:
        return f"chmod u+rw {path}{also}"
    return f"make {path} writable: its disk, or its attributes, forbid it"

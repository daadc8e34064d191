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


def give_back(path: Path, also: str = "") -> str:
    """The remedy for a path that this account may not use; `also` follows it, such as "*" for its companions.

    Of a link root gives the link alone: whoever took over the site's account could let it lead to any file.
    """
    if path.stat().st_uid != os.geteuid():
        return f"as root: chown --no-dereference {this_account()} {path}{also}"
    if not os.access(path, os.R_OK | os.W_OK, effective_ids=True) and not path.stat().st_mode & 0o200:
        return f"chmod u+rw {path}{also}"
    return f"make {path} writable: its disk, or its attributes, forbid it"

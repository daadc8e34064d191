"""The data folder and the file of zones: may this account use them, and is it the account of the site?"""

import os
import pwd
from pathlib import Path

from directory.doctor.diagnosis import Diagnoses, problem, warning, well
from directory.doctor.installation import Installation


def check_folders(installation: Installation) -> Diagnoses:
    """A line for the data folder, and one for a file of zones that cannot be read."""
    settings = installation.settings
    folder = settings.data_dir.resolve()
    why = "SAFEZONES_DATA_DIR" if "data_dir" in settings.model_fields_set else "the default: var in the current folder"
    account = _account(os.geteuid())
    if not folder.exists():
        yield from _missing(folder, why)
    elif not _may(folder, os.R_OK | os.W_OK | os.X_OK):
        yield problem(f"{folder} ({why}): {account} may not read and write there", _give_to(account, folder))
    elif os.geteuid() == 0 and folder.stat().st_uid != 0:
        owner = _account(folder.stat().st_uid)
        yield warning(
            f"{folder} ({why}) belongs to {owner}, and this command runs as root", f"give commands as {owner}"
        )
    else:
        yield well(f"{folder} ({why}); {account} reads and writes there")
    if not _may(settings.zones_file, os.R_OK):
        yield problem(f"the file of zones {settings.zones_file} cannot be read", "correct SAFEZONES_ZONES_FILE")


def _missing(folder: Path, why: str) -> Diagnoses:
    above = next(parent for parent in folder.parents if parent.exists())
    if _may(above, os.W_OK | os.X_OK):
        yield warning(
            f"{folder} ({why}) does not exist", "correct SAFEZONES_DATA_DIR, or let `safezones serve` make it"
        )
    else:
        account = _account(os.geteuid())
        yield problem(f"{folder} ({why}) does not exist, and {account} may not make it", _give_to(account, folder))


def _may(path: Path, what: int) -> bool:
    return os.access(path, what, effective_ids=True)


def _give_to(account: str, folder: Path) -> str:
    return f"as root: install -d -m 700 -o {account} {folder} && chown -R {account} {folder}"


def _account(number: int) -> str:
    try:
        return pwd.getpwuid(number).pw_name
    except KeyError:
        return f"user {number}"

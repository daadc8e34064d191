"""The data folder and the file of zones: may this account use them, and is it the account of the site?"""

import os
from pathlib import Path

from directory.doctor.accounts import account_name, is_read_only, may_use, mount_again, this_account
from directory.doctor.diagnosis import Diagnoses, Diagnosis, problem, warning, well
from directory.doctor.installation import Installation


def check_folders(installation: Installation) -> Diagnoses:
    """A line for the data folder, and one for a file of zones that cannot be read."""
    settings = installation.settings
    folder = settings.data_dir.resolve()
    why = "SAFEZONES_DATA_DIR" if "data_dir" in settings.model_fields_set else "the default: var in the current folder"
    yield _missing(folder, why) if not folder.exists() else _existing(folder, why)
    if not _may(settings.zones_file, os.R_OK):
        yield problem(f"the file of zones {settings.zones_file} cannot be read", "correct SAFEZONES_ZONES_FILE")


def _existing(folder: Path, why: str) -> Diagnosis:
    if not folder.is_dir():
        return problem(
            f"{folder} ({why}) is a file, and no folder", "correct SAFEZONES_DATA_DIR, or move the file away"
        )
    if is_read_only(folder):
        return problem(f"{folder} ({why}) lies on a disk that is mounted read-only", mount_again(folder))
    account, owner = this_account(), account_name(folder.stat().st_uid)
    is_owner, is_roots = os.geteuid() == folder.stat().st_uid, folder.stat().st_uid == 0
    if may_use(folder):
        if os.geteuid() == 0 and not is_roots:
            finding = f"{folder} ({why}) belongs to {owner}, and this command runs as root"
            return warning(finding, f"give commands as {owner}, as the script of deploy/ does")
        return well(f"{folder} ({why}); {account} reads and writes there")
    finding = f"{folder} ({why}) belongs to {owner}: {account} may not read and write there"
    if is_owner:
        return problem(finding, f"chmod 700 {folder}")
    # Root owns it after a command that was given as root; any other owner is the site's account.
    remedy = f"as root: chown -R {account} {folder}" if is_roots else f"give commands as {owner}"
    return problem(finding, remedy)


def _missing(folder: Path, why: str) -> Diagnosis:
    above = next(parent for parent in folder.parents if parent.exists())
    if _may(above, os.W_OK | os.X_OK):
        return warning(
            f"{folder} ({why}) does not exist", "correct SAFEZONES_DATA_DIR, or let `safezones serve` make it"
        )
    account = this_account()
    finding = f"{folder} ({why}) does not exist, and {account} may not make it"
    return problem(finding, f"as root: install -d -m 700 -o {account} {folder}")


def _may(path: Path, what: int) -> bool:
    return os.access(path, what, effective_ids=True)

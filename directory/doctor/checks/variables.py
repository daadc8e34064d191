"""Variables of the environment: known, readable, and with the right prefix."""

import os
import re
from pathlib import Path

from directory.doctor.amounts import counted
from directory.doctor.diagnosis import Diagnoses, problem, warning, well
from directory.doctor.installation import Installation
from directory.settings import PREFIX, unknown_variable

ALMOST_PREFIX = re.compile("SAFE[-_]?ZONES?_", re.IGNORECASE)
"""What a misspelled prefix looks like: such a variable is passed over without a word by every other command."""
SERVICE_FILE = Path("/etc/safezones.env")
"""Where the units of deploy/ read the settings."""


def check_variables(installation: Installation) -> Diagnoses:
    """A line for each variable that is wrong, else one for all of them."""
    wrong = [
        *_unknown(installation), *_refused(installation), *_misspelled(), *_elsewhere(installation), *_exposed(),
    ]  # fmt: skip
    yield from wrong
    if not wrong:
        set_fields, all_of_them = installation.settings.model_fields_set, type(installation.settings).model_fields
        yield well(f"{counted(len(set_fields), 'setting')} of {len(all_of_them)} given, all readable")


def _unknown(installation: Installation) -> Diagnoses:
    for name, suggestion in installation.unknown.items():
        remedy = f"rename it to {suggestion} if you mean that, else take it out" if suggestion else "take it out"
        yield problem(unknown_variable(name), remedy)


def _refused(installation: Installation) -> Diagnoses:
    for name, sentence in installation.refused.items():
        yield problem(sentence, f"correct {name}; docs/settings.md says what it takes")


def _misspelled() -> Diagnoses:
    for name in sorted(os.environ):
        if ALMOST_PREFIX.match(name) and not name.upper().startswith(PREFIX):
            yield warning(f"{name} is passed over: settings begin with {PREFIX}", "rename it, or take it out")


def _elsewhere(installation: Installation) -> Diagnoses:
    """A command that is given without the service's settings looks at something else than the site."""
    if not installation.settings.model_fields_set and SERVICE_FILE.exists():
        yield warning(
            f"none is given, and the service reads {SERVICE_FILE}: this is not how the site runs",
            "give the command as root by /usr/local/sbin/safezones (deploy/safezones), which reads that file",
        )


def _exposed() -> Diagnoses:
    """The service's file holds passwords."""
    mode = SERVICE_FILE.stat().st_mode & 0o777 if SERVICE_FILE.exists() else 0
    if mode & 0o077:
        yield warning(
            f"others on this machine may read {SERVICE_FILE} (mode {mode:o}), with its passwords",
            f"as root: chmod 600 {SERVICE_FILE}; then change the passwords that somebody may have read",
        )

"""Variables of the environment: known, readable, and with the right prefix."""

import os
import re

from directory.doctor.diagnosis import Diagnoses, problem, warning, well
from directory.doctor.installation import Installation
from directory.doctor.words import counted
from directory.settings import PREFIX, unknown_variable

ALMOST_PREFIX = re.compile("SAFE[-_]?ZONES?_", re.IGNORECASE)
"""What a misspelled prefix looks like: such a variable is passed over without a word by every other command."""


def check_variables(installation: Installation) -> Diagnoses:
    """A line for each variable that is wrong, else one for all of them."""
    for name, meant in installation.unknown.items():
        yield problem(
            unknown_variable(name, meant),
            f"rename it to {meant} if you mean that, else take it out"
            if meant
            else "take it out; docs/settings.md has all",
        )
    for name, sentence in installation.refused.items():
        yield problem(sentence, f"correct {name}; docs/settings.md says what it takes")
    misspelled = [name for name in sorted(os.environ) if _is_misspelled(name)]
    for name in misspelled:
        yield warning(f"{name} is passed over: settings begin with {PREFIX}", "rename it, or take it out")
    if not (installation.unknown or installation.refused or misspelled):
        count = len(installation.settings.model_fields_set)
        yield well(
            f"{counted(count, 'setting')} of {len(type(installation.settings).model_fields)} given, all readable"
        )


def _is_misspelled(name: str) -> bool:
    return bool(ALMOST_PREFIX.match(name)) and not name.upper().startswith(PREFIX)

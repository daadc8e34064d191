"""The keys that sign forms and mailed links. Nothing of them is shown but the names that `safezones key` gives them."""

from pathlib import Path

from directory.doctor.amounts import counted
from directory.doctor.diagnosis import Diagnoses, Diagnosis, problem, warning, well
from directory.doctor.installation import Installation
from directory.settings import Settings
from directory.signing_keys import KeyFile, UnusableKeyFileError, fingerprint

FEWEST_CHARACTERS = 8
"""A key of fewer different characters is a word or a repetition that somebody may guess."""
REPLACE = "safezones key rotate && safezones key drop: docs/keys.md says what stops working"


def check_secret_key(installation: Installation) -> Diagnoses:
    """Where the keys are from, and whether somebody else may know or guess one."""
    settings = installation.settings
    file = settings.key_file
    yield _set_key(settings) if file is None else _stored_key(file)
    if file is not None and (exposed := _exposed(file.fallbacks_path)):
        yield exposed
    yield from _fallbacks(settings)


def _set_key(settings: Settings) -> Diagnosis:
    path = settings.data_dir / "secret-key"
    if _can_be_guessed(settings.secret_key):
        return warning(
            "SAFEZONES_SECRET_KEY can be guessed: it repeats a few characters",
            "`safezones key rotate` makes one; leave SAFEZONES_SECRET_KEY_FALLBACKS empty (docs/keys.md)",
        )
    aside = f"; {path} is not used" if path.exists() else ""
    return well(f"SAFEZONES_SECRET_KEY, {len(settings.secret_key)} characters{aside}")


def _stored_key(file: KeyFile) -> Diagnosis:
    path = file.path
    if not path.exists():
        return warning(
            f"none yet: SAFEZONES_SECRET_KEY is not set, and there is no {path}", "`safezones serve` makes one"
        )
    try:
        length = len(file.newest())
    except UnusableKeyFileError as error:
        return _unusable(error)
    return _exposed(path) or well(f"{path}, {length} characters, read by its owner only")


def _unusable(error: UnusableKeyFileError) -> Diagnosis:
    reason, _, _ = str(error.strerror).partition(";")
    return problem(
        f"{error.filename} is not used: {reason}",
        "bring the file back, or remove it; what its keys made does not open without them (docs/keys.md)",
    )


def _exposed(path: Path) -> Diagnosis | None:
    mode = path.stat().st_mode & 0o777 if path.exists() else 0
    if not mode & 0o077:
        return None
    return warning(
        f"others on this machine may read {path} (mode {mode:o})",
        f"chmod 600 {path}; where somebody may have read it, {REPLACE}",
    )


def _fallbacks(settings: Settings) -> Diagnoses:
    """Those that open what they made; nothing where there are none."""
    try:
        fallbacks = settings.fallback_keys
    except UnusableKeyFileError as error:
        yield _unusable(error)
        return
    guessable = [fingerprint(one.key) for one in fallbacks if _can_be_guessed(one.key)]
    if guessable:
        yield warning(
            f"{counted(len(guessable), 'fallback')} can be guessed: {' '.join(guessable)}",
            f"safezones key drop {' '.join(guessable)}: docs/keys.md says what stops working",
        )
    if fallbacks:
        opens = "opens what it" if len(fallbacks) == 1 else "open what they"
        yield well(f"{counted(len(fallbacks), 'fallback')} {opens} made: `safezones key` lists them")


def _can_be_guessed(key: str) -> bool:
    return len(set(key)) < FEWEST_CHARACTERS

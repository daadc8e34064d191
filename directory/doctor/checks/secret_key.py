"""The key that signs forms and mailed links. Nothing of it is shown."""

from directory.doctor.diagnosis import Diagnoses, problem, warning, well
from directory.doctor.installation import Installation
from directory.signing_keys import SHORTEST_KEY

FEWEST_CHARACTERS = 8
"""A key of fewer different characters is a word or a repetition that somebody may guess."""
MAKE_ONE = "python3 -c 'import secrets; print(secrets.token_hex(32))' makes one; links mailed before will not open"


def check_secret_key(installation: Installation) -> Diagnoses:
    """Where the key is from, and whether somebody else may know or guess it."""
    settings = installation.settings
    path = settings.data_dir / "secret-key"
    if settings.secret_key:
        aside = f"; {path} is not used" if path.exists() else ""
        if len(set(settings.secret_key)) < FEWEST_CHARACTERS:
            yield warning("SAFEZONES_SECRET_KEY can be guessed: it repeats a few characters", MAKE_ONE)
        else:
            yield well(f"SAFEZONES_SECRET_KEY, {len(settings.secret_key)} characters{aside}")
    elif not path.exists():
        yield warning(
            f"none yet: SAFEZONES_SECRET_KEY is not set, and there is no {path}", "`safezones serve` makes one"
        )
    else:
        length, mode = len(path.read_text()), path.stat().st_mode & 0o777
        if length < SHORTEST_KEY:
            yield problem(f"{path} has only {length} characters", f"remove the file: {MAKE_ONE}")
        elif mode & 0o077:
            yield warning(f"others on this machine may read {path} (mode {mode:o})", f"chmod 600 {path}")
        else:
            yield well(f"{path}, {length} characters, read by its owner only")

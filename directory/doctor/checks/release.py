"""Which release this is, and the Python that runs it."""

import platform

from directory import __version__
from directory.doctor.diagnosis import Diagnoses, well
from directory.doctor.installation import Installation


def check_release(_installation: Installation) -> Diagnoses:
    """Never in trouble: it is what a report of any fault begins with."""
    unreleased = ", between two releases" if "dev" in __version__ else ""
    yield well(f"{__version__}{unreleased}; Python {platform.python_version()}")

"""Where rate limits are counted."""

import sys

from limits.errors import ConfigurationError
from limits.storage import storage_from_string

from directory.doctor.diagnosis import Diagnoses, problem, warning, well
from directory.doctor.installation import Installation
from directory.settings import PREFIX, describe_variable

PATIENCE = {"socket_connect_timeout": 2, "socket_timeout": 2}
"""In seconds."""


def check_limits(installation: Installation) -> Diagnoses:
    """Whether the Redis that all workers share answers, where one is set."""
    address = installation.settings.limits_storage
    if address.startswith("memory:"):
        yield well(
            "each worker counts by itself: with two, a visitor gets up to twice as much; "
            "SAFEZONES_LIMITS_STORAGE=redis://… counts for all"
        )
        return
    name = describe_variable(f"{PREFIX}LIMITS_STORAGE", address)
    try:
        is_reachable = storage_from_string(address, **PATIENCE).check()
    except ConfigurationError:
        yield problem(f"{name}: the library for it is not installed", f"{sys.executable} -m pip install redis")
        return
    if is_reachable:
        yield well(f"{name} answers")
    else:
        yield warning(
            f"{name} does not answer: each worker counts by itself", "start Redis, or correct SAFEZONES_LIMITS_STORAGE"
        )

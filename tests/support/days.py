"""Days as they are counted where the tests' zones are."""

from datetime import date

from directory import clock
from directory.search.zone_status import local_day


def day_in_connecticut() -> date:
    """Today there: in the evening, the day before UTC's."""
    return local_day("America/New_York", clock.now())

"""Why a text is not taken as opening hours: not understood, nothing stated, or more than one possible reading."""

from directory.errors import BadInputError
from directory.text import translatable


class BadHoursError(BadInputError, ValueError):
    """A text that cannot be read as opening hours."""


class NoHoursError(BadHoursError):
    """A placeholder such as "N/A" or "TBD": nobody stated any hours."""

    def __init__(self) -> None:
        super().__init__(translatable("states no hours"))


class AmbiguousHoursError(BadHoursError):
    """A text with several readings, of which only its author knows the right one.

    `readings` are OSM hours, each of which `read_hours` takes without another question; empty when none can be offered.
    """

    def __init__(self, reason: str, readings: tuple[str, ...] = ()) -> None:
        super().__init__(reason)
        self.readings = readings

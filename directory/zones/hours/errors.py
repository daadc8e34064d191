"""Why a text is not taken as opening hours: not understood, nothing stated, or more than one possible reading."""

from directory.text import said


class BadHours(ValueError):
    """A text that cannot be read as opening hours."""


class NoHours(BadHours):
    """A placeholder such as "N/A" or "TBD": nobody stated any hours."""

    def __init__(self) -> None:
        super().__init__(said("states no hours"))


class AmbiguousHours(BadHours):
    """A text with several readings, of which only its author knows the right one.

    `readings` are OSM hours, each of which `read_hours` takes without another question; empty when none can be offered.
    """

    def __init__(self, reason: str, readings: tuple[str, ...] = ()) -> None:
        super().__init__(reason)
        self.readings = readings

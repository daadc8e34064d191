"""Opening hours: from the words people use to OSM syntax, and what is open when."""

from directory.zones.hours.errors import AmbiguousHours, BadHours, NoHours
from directory.zones.hours.parser import MAX_LENGTH, ReadHours, read_hours
from directory.zones.hours.schedule import (
    Day,
    Openness,
    OpenState,
    Schedule,
    regular_week,
)

__all__ = [
    "MAX_LENGTH", "AmbiguousHours", "BadHours", "Day", "NoHours", "OpenState", "Openness", "ReadHours", "Schedule",
    "read_hours", "regular_week",
]  # fmt: skip

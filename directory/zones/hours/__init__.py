"""Opening hours: words to OSM syntax, and what is open when."""

from directory.zones.hours.errors import AmbiguousHoursError, BadHoursError, NoHoursError
from directory.zones.hours.expression import Openness
from directory.zones.hours.lexicon import names_days
from directory.zones.hours.parsing.parser import MAX_LENGTH, ParsedHours, parse_hours
from directory.zones.hours.schedule import Day, OpenState, Schedule, regular_week

__all__ = [
    "MAX_LENGTH",
    "AmbiguousHoursError",
    "BadHoursError",
    "Day",
    "NoHoursError",
    "OpenState",
    "Openness",
    "ParsedHours",
    "Schedule",
    "names_days",
    "parse_hours",
    "regular_week",
]

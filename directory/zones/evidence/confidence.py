"""How sure the directory is of a zone: of its position, and that it is there at all. Computed, never typed."""

from datetime import date
from enum import StrEnum

from directory.zones.evidence.zone_evidence import further_sources, main_source
from directory.zones.freshness import FADED_DAYS
from directory.zones.schemas import AREAS, LocationSource, SourceKind, Status, ZoneFacts

RECENT_DAYS = 3 * 365
"""How long the word of a source that is not the department is recent."""


class PositionConfidence(StrEnum):
    """What the point on the map is: the spot, the department's building, somewhere near, or the centre of an area."""

    EXACT = "exact"
    BUILDING = "building"
    NEAR = "near"
    AREA = "area"


class ExistenceConfidence(StrEnum):
    """`CONFIRMED`: by the department within a year. `LIKELY`: by it before, or by a source of the last three years.

    `UNCERTAIN`: by an older source or one without a date. `DOUBTFUL`: it moved, is only planned, or was withdrawn.
    """

    CONFIRMED = "confirmed"
    LIKELY = "likely"
    UNCERTAIN = "uncertain"
    DOUBTFUL = "doubtful"


def position_confidence(zone: ZoneFacts) -> PositionConfidence:
    """How sure the point is."""
    if zone.location_source in AREAS:
        return PositionConfidence.AREA
    if zone.location_source is LocationSource.AGENCY:
        return PositionConfidence.BUILDING
    return PositionConfidence.NEAR if zone.approximate else PositionConfidence.EXACT


def existence_confidence(zone: ZoneFacts, day: date) -> ExistenceConfidence:
    """How sure it is on `day` that the zone is there."""
    if zone.status in (Status.MOVED, Status.PLANNED, Status.WITHDRAWN):
        return ExistenceConfidence.DOUBTFUL
    sources = [main_source(zone), *further_sources(zone)]
    confirmed = [one.date for one in sources if one.kind is SourceKind.DEPARTMENT] + [zone.confirmed_on]
    if any(confirmed):
        recent = _days_since(max(confirmed), day) < FADED_DAYS
        return ExistenceConfidence.CONFIRMED if recent else ExistenceConfidence.LIKELY
    recent = _days_since(max(one.date for one in sources), day) < RECENT_DAYS
    return ExistenceConfidence.LIKELY if recent else ExistenceConfidence.UNCERTAIN


def _days_since(partial: str, day: date) -> int:
    """Days since the first day of a partial ISO date; very many where there is none."""
    if not partial:
        return 1_000_000
    return (day - date.fromisoformat(f"{partial}-01-01"[:10])).days

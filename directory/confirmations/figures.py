"""How fresh the directory is: by state, and its oldest entries."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from directory.search.zone_status import age_of
from directory.store.repository import StoredZone
from directory.zones.freshness import Age


@dataclass(frozen=True, slots=True)
class StateFreshness:
    """How fresh a state's entries are."""

    state: str
    zones: int
    fresh: int
    once: int

    @property
    def share(self) -> float:
        """The part confirmed within 180 days, 0 to 1."""
        return self.fresh / self.zones if self.zones else 0.0


def by_state(zones: Iterable[StoredZone]) -> list[StateFreshness]:
    """The freshness of every state, by code."""
    grouped: dict[str, list[Age]] = defaultdict(list)
    for zone in zones:
        grouped[zone.state].append(age_of(zone))
    return [
        StateFreshness(state, len(ages), ages.count(Age.FRESH), sum(age is not Age.NEVER_CONFIRMED for age in ages))
        for state, ages in sorted(grouped.items())
    ]


def oldest(zones: Iterable[StoredZone], limit: int) -> list[StoredZone]:
    """The entries nobody has said anything about for longest: by confirmation, else by the source's date."""
    dated = [zone for zone in zones if zone.confirmed_on or zone.source_date]
    return sorted(dated, key=lambda zone: (zone.confirmed_on or zone.source_date, zone.zone_id))[:limit]

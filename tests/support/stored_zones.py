"""Zones as the search has them, without a database."""

from datetime import UTC, datetime
from typing import Any

from directory.search.snapshots.snapshot import Snapshot
from directory.store.repository import Directory, StoredDepartment, StoredTown, StoredTownProfile, StoredZone

CHANGED_AT = datetime(2026, 6, 1, 12, tzinfo=UTC)


class OneSnapshot:
    """Stands where a worker's cache does; always gives the same snapshot."""

    def __init__(self, snapshot: Snapshot) -> None:
        self._snapshot = snapshot

    def current(self) -> Snapshot:
        return self._snapshot


def stored_zone(zone_id: str = "ct-weston", **facts: Any) -> StoredZone:
    """A zone of Weston's police with these facts."""
    values: dict[str, Any] = {
        "name": "Safe exchange zone", "department": "Weston Police Department", "town": "Weston", "state": "CT",
        "country": "US", "latitude": 41.2, "longitude": -73.38, "time_zone": "America/New_York",
        "added_at": CHANGED_AT, "changed_at": CHANGED_AT, "department_slug": "ct/weston-police-department",
        "town_slug": "ct/weston", **facts,
    }  # fmt: skip
    return StoredZone(zone_id=zone_id, **values)


def snapshot_of(
    *zones: StoredZone,
    generation: int = 1,
    towns: tuple[StoredTown, ...] = (),
    departments: tuple[StoredDepartment, ...] = (),
    profiles: dict[str, StoredTownProfile] | None = None,
    before: Snapshot | None = None,
) -> Snapshot:
    """A snapshot of these zones, in the order of their ids."""
    ordered = sorted(zones, key=lambda zone: zone.zone_id)
    directory = Directory(
        generation,
        ordered,
        {one.slug: one for one in departments},
        {one.slug: one for one in towns},
        profiles or {},
        "x",
    )
    return Snapshot(directory, before)

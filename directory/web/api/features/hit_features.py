"""Zones of a result as features, with what is only known from here and now."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from directory.meetings.daylight import daylight_at
from directory.routing.router import Trip
from directory.search.geography.crossings import Crossing
from directory.search.meetings.meeting_results import MeetingHit
from directory.search.results import SearchHit
from directory.search.snapshots.snapshot import Snapshot
from directory.search.travel_order import Travel
from directory.search.zone_status import ZoneStatus
from directory.store.repository import StoredZone
from directory.zones.hours import Openness

OPEN = {Openness.OPEN: "yes", Openness.CLOSED: "no", Openness.UNKNOWN: "unknown"}
HERE_AND_NOW = {
    (openness, usable): f',"open":"{OPEN[openness]}","usable":{str(usable).lower()},"dark":null,"crosses":'.encode()
    for openness in OPEN
    for usable in (True, False)
}
"""What is written after a zone's distance."""
CROSSES: dict[Crossing | None, bytes] = {
    None: b"null,", Crossing.BORDER: b'"border",', Crossing.WATER: b'"water",',
}  # fmt: skip
NO_TRIPS = b'"durations_s":null,"road_distances_m":null'
NO_TRIP = b',"duration_s":null,"road_distance_m":null'


def hit_features(now: Snapshot, hits: Sequence[SearchHit | MeetingHit], at: datetime | None) -> bytes:
    """Features with what is only known from here and now, with commas between them."""
    pieces: list[bytes] = []
    for hit in hits:
        parts, after = hit.zone_status.json_parts or _parts(now, hit.zone_status)
        if isinstance(hit, MeetingHit):
            trips = _trips(hit)
        elif hit.trip is not None:
            trips = _trip(hit.trip)
        else:
            trips = NO_TRIP
        if at is not None:
            after = after.replace(b'"dark":null', b'"dark":true' if _is_dark(hit.zone, at) else b'"dark":false')
        pieces.append(b'%b"distance_m":%.1f%b%b%b' % (parts[0], hit.distance_m, trips, after, CROSSES[hit.crosses]))
        pieces += parts[1:]
        pieces.append(b",")
    return b"".join(pieces[:-1])


def _trip(trip: Trip) -> bytes:
    """The way to it, as properties."""
    return b',"duration_s":%.0f,"road_distance_m":%.0f' % (trip.seconds, trip.meters)


def _trips(hit: MeetingHit) -> bytes:
    lines = b",".join(b"%.1f" % meters for meters in hit.meters)
    seconds = b",".join(b"%.0f" % trip.seconds if trip else b"null" for trip in hit.trips)
    roads = b",".join(b"%.0f" % trip.meters if trip else b"null" for trip in hit.trips)
    by_road = b'"durations_s":[%b],"road_distances_m":[%b]' % (seconds, roads) if hit.trips else NO_TRIPS
    between = b",".join(CROSSES[crosses].rstrip(b",") for crosses in hit.crossings)
    return b',"trips_m":[%b],"total_m":%.1f,"crossings":[%b],%b' % (lines, hit.total_m, between, by_road)


def _is_dark(zone: StoredZone, at: datetime) -> bool:
    return daylight_at(zone.coordinates, at, zone.time_zone).dark


def _parts(now: Snapshot, zone_status: ZoneStatus) -> tuple[tuple[bytes, ...], bytes]:
    """The feature, and what is written after the distance: once for all who ask within the minute."""
    here_and_now = HERE_AND_NOW[zone_status.open_state.openness, zone_status.usable]
    zone_status.json_parts = now.collection.split_feature(zone_status.zone), here_and_now
    return zone_status.json_parts


def at_json(at: datetime | None) -> str | None:
    """The time of the visit as the answer names it."""
    return at.isoformat(timespec="minutes") if at else None


def travel_json(travel: Travel) -> dict[str, Any]:
    """By what the features are ordered."""
    return {"mode": travel.mode, "order": "travel_time" if travel.by_time else "straight_line",
            "problem": travel.problem}  # fmt: skip

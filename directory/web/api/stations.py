"""The police stations that an answer of /nearest has on request: no safe zones, and said so each time."""

from collections.abc import Sequence
from typing import Any

from directory.stations.index import StationHit

NOTE = "not a safe zone: ask first"


def station_collection(hits: Sequence[StationHit] | None) -> dict[str, Any] | None:
    """Stations in order of distance as a FeatureCollection; None where the operator added no list."""
    if hits is None:
        return None
    return {"type": "FeatureCollection", "note": NOTE, "features": [_feature(hit) for hit in hits]}


def _feature(hit: StationHit) -> dict[str, Any]:
    station = hit.station
    details = {"type": station.type, "address": station.address, "town": station.town, "state": station.state,
              "postal_code": station.postal_code, "telephone": station.phone, "website": station.website}  # fmt: skip
    properties = {
        "name": station.name,
        **{name: text or None for name, text in details.items()},
        "source": station.source,
        "year": station.year,
        "distance_m": round(hit.distance_m, 1),
        "note": NOTE,
    }
    geometry = {"type": "Point", "coordinates": station.coordinates.position}
    return {"type": "Feature", "geometry": geometry, "properties": properties}

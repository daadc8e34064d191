"""The zones of a map as they come: GeoJSON of our own files and API, or the tables that programs made of it."""

import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from pydantic import ValidationError

from directory.errors import BadInputError
from directory.formats.edition import PAGE
from directory.formats.writers.placemarks import shown_name, where
from directory.geo import METERS_PER_MILE, Coordinates
from directory.geocoding.results import NEAR_M, Precision
from directory.maps.map_marks import PinKind, kind_of_pin
from directory.search.zone_status import status_on
from directory.zones.evidence.sources import host_of
from directory.zones.findings import FieldError
from directory.zones.parsing.parsers import PARSERS
from directory.zones.schemas import AREAS, ZoneRecord

APPROXIMATE = "approximate"
DISTANCE = "distance_m"
"""The property of a search's answer: metres from the place asked for."""
PLACE = "geocode"
"""The member of a search's answer that says which place that is, by `label` and `precision`."""
_NAMES = ("name", "department", "town", "state", "country")
_TEXTS = (
    *_NAMES, "setting", "spot_note", "street_address", "postal_code", "phone", "opening_hours", "hours_note", "status",
    "status_from", "status_until", "status_note", "location_source", "confirmed_on", "confirmed_by", "source_name",
    "source_url", "source_date",
)  # fmt: skip
_DATES = ("status_from", "status_until", "confirmed_on", "source_date")


class NotZonesError(BadInputError, ValueError):
    """What a map was to show are no zones; the message says which feature, which property, and why."""


@dataclass(frozen=True, slots=True)
class MappedZone:
    """A zone as a map of `day` tells it: its name, and a line for each statement.

    `page` is an http(s) address, or empty.
    `area` names the town or postal area from whose middle `distance_m` was measured; empty: a spot that is known.
    """

    zone: ZoneRecord
    day: date
    page: str = ""
    distance_m: float | None = None
    area: str = ""

    @property
    def coordinates(self) -> Coordinates:
        """Where one stands."""
        return self.zone.coordinates

    @property
    def name(self) -> str:
        """Whose place it is, and which of theirs."""
        return shown_name(self.zone, status_on(self.zone, self.day))

    @property
    def kind(self) -> PinKind:
        """What its pin says."""
        return kind_of_pin(self.zone, self.day)

    @property
    def lines(self) -> list[str]:
        """Where it is and how far, its hours and telephone. What nobody stated is called so."""
        zone = self.zone
        hours = zone.opening_hours or zone.hours_note or "not stated"
        far = [] if self.distance_m is None else [self._distance_text(self.distance_m)]
        phone = [f"Phone: {zone.phone}"] if zone.phone else []
        return [where(zone), *far, f"Hours: {hours}", *phone]

    @property
    def age(self) -> str:
        """When the police confirmed it."""
        by = f" by {self.zone.confirmed_by}" if self.zone.confirmed_by else ""
        on = self.zone.confirmed_on
        return f"Confirmed on {on}{by}." if on else "Never confirmed by the police."

    @property
    def source(self) -> tuple[str, str]:
        """What the main source is called, else the host of its page, and its http(s) address, or empty."""
        zone = self.zone
        return zone.source_name or host_of(zone.source_url) or zone.source_url or "not stated", _web_address(
            zone.source_url
        )

    def _distance_text(self, meters: float) -> str:
        """No more than is known of both ends, as on the site."""
        if self.zone.location_source in AREAS and meters < 5_000:
            return f"Somewhere in {self.zone.town}"
        if self.area and meters < NEAR_M:
            return f"In or near {self.area}"
        unit, length = ("km", 1000) if self.zone.country == "CA" else ("mi", METERS_PER_MILE)
        start = f"the middle of {self.area}" if self.area else "the place that was searched for"
        if not self.area and not self.zone.approximate:
            return f"{meters / length:.1f} {unit} from {start}"
        rough = f"About {meters / length:.0f}" if meters >= length else "Less than 1"
        return f"{rough} {unit} from {start}"


def read_zones(zones: Any, day: date) -> list[MappedZone]:
    """The zones of a GeoJSON FeatureCollection: an object, or its text, or a table with `__geo_interface__`.

    `day` is the one that the map is of. Raises NotZonesError.
    """
    if isinstance(zones, str | bytes):
        try:
            zones = json.loads(zones)
        except ValueError as error:
            raise NotZonesError(f"the text is no JSON: {error}") from error
    collection = getattr(zones, "__geo_interface__", zones)
    features = collection.get("features") if isinstance(collection, Mapping) else None
    if not isinstance(features, Sequence) or isinstance(features, str):
        raise NotZonesError("this is no GeoJSON FeatureCollection, nor a table with __geo_interface__")
    if not features:
        raise NotZonesError("there are no zones in it: a map needs at least one")
    area = _area(collection.get(PLACE))
    return [_zone(number, feature, day, area) for number, feature in enumerate(features, 1)]


def _area(place: Any) -> str:
    """The name of the place that was searched for, where it is a town, a postal area, or larger."""
    members = place if isinstance(place, Mapping) else {}
    is_area = any(members.get("precision") == precision for precision in Precision if precision.is_area)
    return str(members.get("label", "")) if is_area else ""


def _web_address(text: str) -> str:
    """The address, if it is one that a link may have; else empty."""
    return text if text.startswith(("https://", "http://")) else ""


def _zone(number: int, feature: Any, day: date, area: str) -> MappedZone:
    members = feature if isinstance(feature, Mapping) else {}
    properties = members.get("properties")
    if not isinstance(properties, Mapping):
        raise NotZonesError(f"feature {number} is no GeoJSON Feature with properties")
    point = _point(members.get("geometry"))
    if point is None:
        raise NotZonesError(f"feature {number}: geometry: not a Point with a longitude and a latitude in degrees")
    values = {name: value for name, value in properties.items() if value is not None and value == value}
    texts = {name: str(values[name])[: 10 if name in _DATES else None] for name in _TEXTS if name in values}
    closures = values.get("closures")
    try:
        zone = ZoneRecord.model_validate(
            dict.fromkeys(_NAMES, "") | texts | {
                "latitude": point.latitude, "longitude": point.longitude,
                "approximate": _is_approximate(number, values.get(APPROXIMATE, "")),
                "closures": closures if isinstance(closures, list) else [],
            }
        )  # fmt: skip
    except ValidationError as error:
        first = error.errors()[0]
        field = ".".join(map(str, first["loc"]))
        raise NotZonesError(f"feature {number}: {field}: {first['input']!r}: {first['msg']}") from error
    distance_m = values.get(DISTANCE)
    return MappedZone(
        zone,
        day,
        _web_address(str(values.get(PAGE, ""))),
        float(distance_m) if isinstance(distance_m, int | float) else None,
        area,
    )


def _is_approximate(number: int, value: Any) -> bool:
    """The flag as tables have it, too: `1.0` in a column with gaps, "false" in one of texts. Raises NotZonesError."""
    text = str(value).removesuffix(".0").strip()
    try:
        return bool(text and PARSERS[APPROXIMATE](text).value)
    except FieldError as error:
        raise NotZonesError(f"feature {number}: {APPROXIMATE}: {value!r}: {error}") from error


def _point(geometry: Any) -> Coordinates | None:
    if not isinstance(geometry, Mapping) or geometry.get("type") != "Point":
        return None
    try:
        longitude, latitude = (float(number) for number in geometry["coordinates"][:2])
        return Coordinates(latitude, longitude) if math.isfinite(longitude + latitude) else None
    except (KeyError, TypeError, ValueError):
        return None

"""Nominatim: the public server of OpenStreetMap, within its usage policy, or another server."""

from typing import Any

from directory.geo import Coordinates
from directory.geocoding.providers.provider import GeocodingProvider
from directory.geocoding.results import Geocode, Precision

_STREETS = {"road", "street", "highway", "residential", "pedestrian", "footway"}


class NominatimProvider(GeocodingProvider):
    """Calls a Nominatim server through geopy, for the United States and Canada only."""

    name = "nominatim"

    def parse(self, response: Any) -> list[Geocode]:
        """Read geopy locations with address details."""
        return [self._geocode(location.raw) for location in response]

    def _geocode(self, raw: dict[str, Any]) -> Geocode:
        address = raw.get("address") or {}
        iso = str(address.get("ISO3166-2-lvl4", ""))
        return Geocode(
            label=str(raw["display_name"]),
            coordinates=Coordinates(float(raw["lat"]), float(raw["lon"])),
            provider=self.name,
            precision=_precision(raw, address),
            state=iso.partition("-")[2],
            country=str(address.get("country_code", "")).upper(),
        )


def _precision(raw: dict[str, Any], address: dict[str, Any]) -> Precision:
    kind = str(raw.get("addresstype") or raw.get("type") or "")
    if address.get("house_number"):
        return Precision.ADDRESS
    if kind in _STREETS or raw.get("class") == "highway" or raw.get("category") == "highway":
        return Precision.STREET
    return Precision.POSTAL_CODE if kind == "postcode" else Precision.PLACE

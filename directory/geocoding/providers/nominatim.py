"""Nominatim, Photon and any other geocoder of geopy."""

from typing import Any

from directory.geo import Coordinates
from directory.geocoding.providers.provider import GeocodingProvider
from directory.geocoding.results import Geocode, Precision
from directory.text import plain

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


class PhotonProvider(GeocodingProvider):
    """Calls a Photon server (photon.komoot.io or another) through geopy."""

    name = "photon"

    def parse(self, response: Any) -> list[Geocode]:
        """Read geopy locations built from GeoJSON features."""
        geocodes = []
        for location in response:
            properties = location.raw["properties"]
            if properties.get("countrycode") not in ("US", "CA"):
                continue
            kind = properties.get("type")
            precision = {"house": Precision.ADDRESS, "street": Precision.STREET}.get(kind, Precision.PLACE)
            if precision is Precision.ADDRESS and not properties.get("housenumber"):
                precision = Precision.PLACE
            geocodes.append(
                Geocode(
                    label=str(location.address),
                    coordinates=Coordinates(location.latitude, location.longitude),
                    provider=self.name,
                    precision=precision,
                    country=str(properties["countrycode"]),
                )
            )
        return geocodes


class KeyedProvider(GeocodingProvider):
    """Any other geocoder of geopy, by its name there; geopy has no common form for a result's precision.

    A result counts as an address only when it contains the typed house number.
    """

    def __init__(self, name: str, geocoder: Any, **options: Any) -> None:
        self.name = name
        super().__init__(geocoder, **options)

    def _call(self, text: str, seconds: float) -> list[Geocode]:
        number = plain(text).split(" ")[0]
        response = self._geocoder.geocode(text, timeout=seconds, exactly_one=False) or []
        return [
            Geocode(
                label=str(location.address),
                coordinates=Coordinates(location.latitude, location.longitude),
                provider=self.name,
                precision=Precision.ADDRESS
                if number[:1].isdigit() and number in plain(location.address).split()
                else Precision.PLACE,
            )
            for location in response
        ]

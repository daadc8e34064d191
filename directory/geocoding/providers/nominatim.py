"""Nominatim: the public server of OpenStreetMap with its policy kept, or one's own."""

from typing import Any

from directory.geo import Coordinates
from directory.geocoding.providers.provider import GeocodingProvider
from directory.geocoding.results import Geocode, Precision
from directory.text import plain

_STREETS = {"road", "street", "highway", "residential", "pedestrian", "footway"}


class NominatimProvider(GeocodingProvider):
    """Asks a Nominatim server through geopy, in the United States and Canada only."""

    name = "nominatim"

    def read(self, found: Any) -> list[Geocode]:
        """Read geopy locations with address details."""
        return [self._geocode(location.raw) for location in found]

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
    """Asks a Photon server (photon.komoot.io or one's own) through geopy."""

    name = "photon"

    def read(self, found: Any) -> list[Geocode]:
        """Read geopy locations made of GeoJSON features."""
        results = []
        for location in found:
            properties = location.raw["properties"]
            if properties.get("countrycode") not in ("US", "CA"):
                continue
            kind = properties.get("type")
            precision = {"house": Precision.ADDRESS, "street": Precision.STREET}.get(kind, Precision.PLACE)
            if precision is Precision.ADDRESS and not properties.get("housenumber"):
                precision = Precision.PLACE
            results.append(
                Geocode(
                    label=str(location.address),
                    coordinates=Coordinates(location.latitude, location.longitude),
                    provider=self.name,
                    precision=precision,
                    country=str(properties["countrycode"]),
                )
            )
        return results


class KeyedProvider(GeocodingProvider):
    """Any other geocoder of geopy, by its name there; what it says of itself cannot be compared.

    Its answer counts as an address only when the house number that was typed stands in it.
    """

    def __init__(self, name: str, geocoder: Any, **options: Any) -> None:
        self.name = name
        super().__init__(geocoder, **options)

    def _ask(self, text: str, seconds: float) -> list[Geocode]:
        number = plain(text).split(" ")[0]
        found = self._geocoder.geocode(text, timeout=seconds, exactly_one=False) or []
        return [
            Geocode(
                label=str(location.address),
                coordinates=Coordinates(location.latitude, location.longitude),
                provider=self.name,
                precision=Precision.ADDRESS
                if number[:1].isdigit() and number in plain(location.address).split()
                else Precision.PLACE,
            )
            for location in found
        ]

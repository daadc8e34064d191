"""Photon: photon.komoot.io or another server."""

from typing import Any

from directory.geo import Coordinates
from directory.geocoding.providers.provider import GeocodingProvider
from directory.geocoding.results import Geocode, Precision


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

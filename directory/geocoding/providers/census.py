"""The US Census Bureau's geocoder: free, without a key, for US street addresses with a house number."""

from typing import Any
from urllib.parse import urlencode

from geopy.exc import GeocoderParseError
from geopy.geocoders.base import DEFAULT_SENTINEL, Geocoder

from directory.geo import Coordinates
from directory.geocoding.address_parser import ParsedAddress
from directory.geocoding.providers.provider import GeocodingProvider
from directory.geocoding.results import Geocode, Precision
from directory.regions import REGIONS

PUBLIC_URL = "https://geocoding.geo.census.gov/geocoder/locations/onelineaddress"


class CensusGeocoder(Geocoder):  # type: ignore[misc]
    """A geopy geocoder for the Census API: https://geocoding.geo.census.gov/geocoder/Geocoding_Services_API.html"""

    def __init__(self, url: str = PUBLIC_URL, **options: Any) -> None:
        super().__init__(**options)
        self.url = url

    def geocode(self, query: str, *, timeout: Any = DEFAULT_SENTINEL) -> list[dict[str, Any]]:
        """The service's address matches, best first; empty when it knows none."""
        parameters = {"address": query, "benchmark": "Public_AR_Current", "format": "json"}
        return self._call_geocoder(  # type: ignore[no-any-return]
            f"{self.url}?{urlencode(parameters)}", self._matches, timeout=timeout
        )

    def _matches(self, document: Any) -> list[dict[str, Any]]:
        try:
            return list(document["result"]["addressMatches"])
        except (KeyError, TypeError) as error:
            raise GeocoderParseError(f"not a response of the Census geocoder: {error}") from error


class CensusProvider(GeocodingProvider):
    """Calls the Census geocoder for US addresses with a house number."""

    name = "census"

    def supports(self, parsed: ParsedAddress) -> bool:
        """Whether the address has a house number and may lie in the United States."""
        canadian = parsed.region in REGIONS and REGIONS[parsed.region].country == "CA"
        return parsed.has_house_number and not canadian and parsed.postal_code[:1].isalpha() is False

    def parse(self, response: Any) -> list[Geocode]:
        """Read address matches; their points are interpolated along the street and count as addresses."""
        return [
            Geocode(
                label=str(match["matchedAddress"]).title(),
                coordinates=Coordinates(float(match["coordinates"]["y"]), float(match["coordinates"]["x"])),
                provider=self.name,
                precision=Precision.ADDRESS,
                state=str(match.get("addressComponents", {}).get("state", "")),
                country="US",
            )
            for match in response
        ]

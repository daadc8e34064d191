"""Any geocoder of geopy without a provider of its own here."""

from typing import Any

from directory.geo import Coordinates
from directory.geocoding.providers.provider import GeocodingProvider
from directory.geocoding.results import Geocode, Precision
from directory.text import plain


class GenericProvider(GeocodingProvider):
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

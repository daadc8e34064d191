"""What a geocoder can say: a place with its precision, or one of three refusals."""

from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Any

from directory.geo import Coordinates


class Precision(StrEnum):
    """How exact a point is, best first."""

    ADDRESS = "address"
    STREET = "street"
    POSTAL_CODE = "postal_code"
    PLACE = "place"

    @property
    def approximate(self) -> bool:
        """True when the point is only the middle of a street, an area or a town."""
        return self is not Precision.ADDRESS

    @property
    def is_area(self) -> bool:
        """True when the point is the middle of a postal area, a town or something larger."""
        return self.value not in POINTS


POINTS = ("address", "street", "department", "zone")
"""Precisions of what has a spot of its own: a distance from there is one."""


@dataclass(frozen=True, slots=True)
class Geocode:
    """A place found for an address."""

    label: str
    coordinates: Coordinates
    provider: str
    precision: Precision
    state: str = ""
    country: str = ""
    county: str = ""

    def to_json(self) -> dict[str, Any]:
        """Plain values, for the store."""
        return asdict(self)

    @classmethod
    def from_json(cls, stored: dict[str, Any]) -> "Geocode":
        """The inverse of `to_json`."""
        values = dict(stored)
        values["coordinates"] = Coordinates(**values["coordinates"])
        values["precision"] = Precision(values["precision"])
        return cls(**values)


@dataclass(frozen=True, slots=True)
class Answer:
    """One place, or up to five to choose from when the words fit several far apart.

    `partial` says that only the postal code or town inside the address was found; `degraded` that an online
    geocoder which might have known more did not answer.
    """

    candidates: tuple[Geocode, ...]
    partial: bool = False
    degraded: bool = False

    @property
    def place(self) -> Geocode | None:
        """The place, when there is no choice to make."""
        return self.candidates[0] if len(self.candidates) == 1 else None


class GeocodingError(Exception):
    """An address that did not become a place."""


class BadAddress(GeocodingError):
    """The text cannot be an address: empty, too long, or coordinates out of range."""


class NoMatch(GeocodingError):
    """Everyone was asked and nobody knows the address; `similar` are place names spelt alike."""

    def __init__(self, message: str, similar: tuple[Geocode, ...] = ()) -> None:
        super().__init__(message)
        self.similar = similar


class GeocoderDown(GeocodingError):
    """A geocoder did not answer in time, answered with an error, or is resting after several failures."""

"""Results of geocoding: places with their precision, how the text was read, and three errors."""

from dataclasses import asdict, dataclass, field
from enum import StrEnum
from typing import Any

from directory.errors import BadInputError, DirectoryError, UnavailableError
from directory.geo import METERS_PER_MILE, Coordinates

NEAR_M = 2 * METERS_PER_MILE
"""What is nearer than this to the middle of a town or a postal area is in or near it, and no more is known."""


class Precision(StrEnum):
    """How exact a point is, best first.

    ZONE is a safe zone's own point, DEPARTMENT that of a department's first zone; COUNTY and REGION stand for an area.
    """

    ADDRESS = "address"
    ZONE = "zone"
    DEPARTMENT = "department"
    STREET = "street"
    POSTAL_CODE = "postal_code"
    PLACE = "place"
    COUNTY = "county"
    REGION = "region"

    @property
    def approximate(self) -> bool:
        """True when the point is only the middle of a street, an area or a town."""
        return self is not Precision.ADDRESS

    @property
    def is_area(self) -> bool:
        """True when the point is the middle of a postal area, a town or something larger."""
        return self.value not in _POINT_PRECISIONS


_POINT_PRECISIONS = ("address", "street", "department", "zone")
"""Precisions of an exact point, to which a distance is meaningful."""


@dataclass(frozen=True, slots=True)
class Geocode:
    """A place found for an address. `population` is 0 when unknown; it ranks places and is not published."""

    label: str
    coordinates: Coordinates
    provider: str
    precision: Precision
    state: str = ""
    country: str = ""
    county: str = ""
    population: int = field(default=0, compare=False)

    @property
    def name(self) -> str:
        """The label without its state: "Darien" of "Darien, CT"."""
        return self.label.partition(",")[0]

    def to_json(self) -> dict[str, Any]:
        """Plain values, for the store and for the API."""
        values = asdict(self)
        del values["population"]
        return values

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> "Geocode":
        """The inverse of `to_json`."""
        values = dict(data)
        values["coordinates"] = Coordinates(**values["coordinates"])
        values["precision"] = Precision(values["precision"])
        return cls(**values)


@dataclass(frozen=True, slots=True)
class Note:
    """A remark about how an address was read.

    `code` is one of NOTES, `text` the words it concerns, `place` another place that may be meant.
    """

    code: str
    text: str = ""
    place: Geocode | None = None


NOTES = {
    "spelling": "A name was not known as typed: one spelt nearly so was taken, or is among the choices.",
    "everyday_name": "An everyday name, a former name or a name in another language was read.",
    "filler": "Words that name no place were left out.",
    "zip_digits": "The text is a number alone, and no postal code: a ZIP code has five digits.",
    "zip_zero_restored": "A ZIP code had lost its leading zero.",
    "zip_and_town_disagree": "The postal code lies elsewhere than the town: the code was taken; `place` is the town.",
    "unknown_postal_code": "The postal code is not known; the rest was read.",
    "address_unknown": "The street address is not known, only the place in it.",
    "town_missing": "No town was typed: other towns may have this street.",
    "unread_words": "These words could not be read.",
    "region_and_town": "A state or province and a town bear this name.",
    "township_unknown": "This township is not in the gazetteer.",
    "ca_read_as_canada": "CA was read as Canada, not as California.",
    "outside": "The position lies outside the United States and Canada.",
    "country_not_covered": "The directory covers the United States and Canada.",
    "whole_country": "This is a whole country: a town or a postal code is needed.",
    "military_address": "A military postal address names no place.",
    "position_needed": "These words mean the reader's own position, which they do not tell.",
    "place_needed": "These words name no place.",
    "swapped_coordinates": "Latitude and longitude seem to be swapped.",
    "sign_missing": "The minus sign of a western longitude seems to be missing.",
    "link_without_position": "The link does not carry its position.",
}
"""The codes of notes, which the API publishes, and what each means."""


@dataclass(frozen=True, slots=True)
class Interpretation:
    """How a query was read: its text, as which place (empty while there is a choice), with notes."""

    query: str = ""
    read_as: str = ""
    notes: tuple[Note, ...] = ()


@dataclass(frozen=True, slots=True)
class GeocodeResult:
    """One place, or up to five to choose from when the words fit several far apart.

    `partial`: only a part of the text was read. `degraded`: an online geocoder that might have known more did not
    answer. `needs_confirmation`: even a single candidate is only a suggestion, for the reader to confirm.
    """

    candidates: tuple[Geocode, ...]
    partial: bool = False
    degraded: bool = False
    needs_confirmation: bool = False
    interpretation: Interpretation = Interpretation()

    @property
    def place(self) -> Geocode | None:
        """The place, when there is no choice to make; a whole region is none."""
        if len(self.candidates) != 1 or self.needs_confirmation or self.candidates[0].precision is Precision.REGION:
            return None
        return self.candidates[0]

    @property
    def region(self) -> Geocode | None:
        """The state or province, when it is the first candidate and needs no confirmation."""
        regions = [place for place in self.candidates if place.precision is Precision.REGION]
        alone = len(regions) == 1 and self.candidates[0] is regions[0] and not self.needs_confirmation
        return regions[0] if alone else None


class GeocodingError(DirectoryError):
    """An address for which no place was found; `notes` give the reasons."""

    def __init__(self, message: str, notes: tuple[Note, ...] = ()) -> None:
        super().__init__(message)
        self.notes = notes


class BadAddressError(GeocodingError, BadInputError):
    """The text cannot be an address: empty, too long, coordinates out of range, or no place named."""


class NoMatchError(GeocodingError):
    """No source knows the address; `similar` are places that may be meant.

    `degraded`: the services that know streets and buildings did not answer, but the text reads like a town.
    """

    def __init__(
        self,
        message: str,
        similar: tuple[Geocode, ...] = (),
        notes: tuple[Note, ...] = (),
        *,
        degraded: bool = False,
    ) -> None:
        super().__init__(message, notes)
        self.similar = similar
        self.degraded = degraded


class GeocoderUnavailableError(GeocodingError, UnavailableError):
    """A geocoder timed out, answered with an error, or is blocked after several failures."""

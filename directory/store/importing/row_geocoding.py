"""Looking up where the addresses of a file's rows are, before the import begins: no transaction waits for a service."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Protocol

from directory.clock import today
from directory.formats.recognition import open_source
from directory.geocoding.results import Geocode, GeocodeResult, GeocoderUnavailableError, GeocodingError, Precision
from directory.text import translatable
from directory.zones.evidence.sources import Source
from directory.zones.evidence.zone_evidence import FACTS, POSITION, attributed
from directory.zones.findings import Finding, Severity
from directory.zones.place_lookup import PlaceLookup
from directory.zones.schemas import AREAS, LocationSource, SourceKind, ZoneRecord
from directory.zones.validation.row_validation import RawRow, ValidatedRow, validate

MOST_LOOKUPS = 1_000
"""How many addresses of a file are looked up."""
MOST_FAILURES = 3
"""After so many unanswered lookups in a row the service is left alone."""
POINT = frozenset(FACTS[POSITION])
TAKEN = {Precision.ADDRESS: False, Precision.STREET: True}
"""Precisions of a point that is better than the centre of a town, and whether it is only approximate."""


class Locator(Protocol):
    """The chain of geocoders (`geocoding/chain.py`)."""

    def locate(self, text: str) -> GeocodeResult:
        """The places that a text may mean. Raises GeocodingError."""


@dataclass(slots=True)
class Lookups:
    """Addresses of a file: where those are that were found, how many were asked for, and how many were left."""

    places: dict[str, Geocode] = field(default_factory=dict)
    requested: int = 0
    left: int = 0
    unanswered: int = 0


def look_up(
    path: Path, places: PlaceLookup, chain: Locator, progress: Callable[[float], None], sheet: str = ""
) -> Lookups:
    """Look up the addresses of the rows that have one and no coordinates, each once. Raises BadFileError."""
    with open_source(path, sheet=sheet) as source:
        judged = (validate(row, places) for row in source.rows)
        addresses = list(dict.fromkeys(filter(None, map(address_to_find, judged))))
    lookups, failures = Lookups(), 0
    for address in addresses:
        if lookups.requested == MOST_LOOKUPS or failures == MOST_FAILURES:
            break
        lookups.requested += 1
        progress(lookups.requested / min(MOST_LOOKUPS, len(addresses)))
        place, answered = _located(chain, address)
        failures = 0 if answered else failures + 1
        lookups.unanswered += not answered
        if place is not None:
            lookups.places[address] = place
    lookups.left = len(addresses) - lookups.requested
    return lookups


def _located(chain: Locator, address: str) -> tuple[Geocode | None, bool]:
    """Where an address is, if somebody knows its house number or its street, and whether the services answered."""
    try:
        result = chain.locate(address)
    except GeocodingError as error:
        return None, not isinstance(error, GeocoderUnavailableError)
    if result.place is not None and result.place.precision in TAKEN:
        return result.place, True
    return None, not result.degraded


def needs_point(record: ZoneRecord) -> bool:
    """Whether the record's point is only the centre of an area, though it has an address."""
    return record.location_source in AREAS and bool(record.street_address)


def address_to_find(judged: ValidatedRow) -> str:
    """The address of a row that needs the point of it; empty where it has a better one, or no address."""
    if judged.unplaced is not None:
        return _address(judged.unplaced.values) if judged.unplaced.values.get("street_address") else ""
    record = judged.record
    return address_of(record) if record is not None and needs_point(record) else ""


def address_of(record: ZoneRecord) -> str:
    """The record's address on one line, as a geocoder reads it."""
    return _address(vars(record))


def _address(values: Mapping[str, Any]) -> str:
    town = values.get("mailing_town") or values["town"]
    return f"{values['street_address']}, {town}, {values['state']} {values.get('postal_code', '')}".strip()


def with_point(judged: ValidatedRow, geocodes: Mapping[str, Geocode], places: PlaceLookup) -> ValidatedRow:
    """The row with the point of its address, where that was found in its state, and a note that says so."""
    place = geocodes.get(address_to_find(judged))
    if place is None or place.state not in ("", _state_of(judged)):
        return judged
    if judged.unplaced is not None:
        judged = _judged_at(judged.unplaced.row, place, places)
    record = judged.record
    if record is None:
        return judged
    point = place.coordinates
    record.latitude, record.longitude = round(point.latitude, 6), round(point.longitude, 6)
    record.location_source, record.approximate = LocationSource.ADDRESS, TAKEN[place.precision]
    judged.record = attributed(record, Source("", place.provider, SourceKind.LIST, today().isoformat()), [POSITION])
    judged.findings = [one for one in judged.findings if one.rule != "point_is_known"] + [_geocoded(judged.row, place)]
    if judged.columns is not None:
        judged.columns |= POINT
    return judged


def _state_of(judged: ValidatedRow) -> str:
    record = judged.record
    if judged.unplaced is not None:
        return str(judged.unplaced.values["state"])
    return record.state if record is not None else ""


def _judged_at(row: RawRow, place: Geocode, places: PlaceLookup) -> ValidatedRow:
    """A row of a town that nobody knows, at the place of its address."""
    point = {"latitude": place.coordinates.latitude, "longitude": place.coordinates.longitude}
    return validate(replace(row, values={**row.values, **point, "location_source": LocationSource.ADDRESS}), places)


def _geocoded(row: int, place: Geocode) -> Finding:
    precise = translatable("found by its house number, by %(provider)s", provider=place.provider)
    rough = translatable("found to the street by %(provider)s, marked as approximate", provider=place.provider)
    reason = rough if TAKEN[place.precision] else precise
    fix = translatable("Give the coordinates of the spot if you know them.")
    return Finding("address_is_found", Severity.NOTE, row, "street_address", place.label, reason, fix)

"""Columns that hold several fields at once: a point, a street number beside its street, a whole address."""

import re

from directory.regions import read_region
from directory.text import plain
from directory.zones.parsers import PARSERS
from directory.zones.placeholders import is_placeholder, means_row_above

COORDINATES, STREET_NUMBER = "coordinates", "street_number"
SYNONYMS = {
    COORDINATES: "lat lon, lat long, lat lng, latlon, latlong, latlng, latitude longitude, latitude and longitude, "
    "coordinate, coords, gps, gps coordinates, gps location, geopoint, geo point, geolocation, wkt, geom, the geom",
    STREET_NUMBER: "street no, house number, house no, building number, address number",
}
"""Everyday names of the columns that are no field by themselves."""
LONGEST_POINT = 100
"""Characters: what is longer is no point, and takes long to try."""

_DECIMALS = re.compile(r"[(\[]? ?([+-]?\d{1,3}(?:\.\d+)?)°?(?: ?[,;] ?| )([+-]?\d{1,3}(?:\.\d+)?)°? ?[)\]]?")
_WKT_POINT = re.compile(r"(?:SRID=4326; ?)?POINT(?: ?Z)? ?\( ?([+-]?[\d.]+) ([+-]?[\d.]+)(?: [+-]?[\d.]+)? ?\)", re.I)
_ANGLES = re.compile(r"([^NS]+[NS])[,; ]+([^EW]+[EW])|([NS][^EW]+?)[,; ]+([EW].+)", re.I)
_NUMBER = re.compile(r"\d+[A-Za-z]?(?:-\d+)?")
_STATE_AND_CODE = re.compile(r"([A-Za-z. ]{2,40}?)(?: (\d{5}(?:-\d{4})?|[A-Za-z]\d[A-Za-z] ?\d[A-Za-z]\d))?")
_COUNTRIES = {"us", "usa", "u s a", "united states", "canada"}


def split_point(text: str) -> dict[str, str]:
    """Latitude and longitude, as texts, of "41.3712, -73.4140", a WKT point or two angles; empty for anything else."""
    text = " ".join(text.split())
    if len(text) > LONGEST_POINT:
        return {}
    if match := _DECIMALS.fullmatch(text):
        return {"latitude": match[1], "longitude": match[2]}
    if match := _WKT_POINT.fullmatch(text):
        return {"latitude": match[2], "longitude": match[1]}
    if match := _ANGLES.fullmatch(text):
        return {"latitude": match[1] or match[3], "longitude": match[2] or match[4]}
    return {}


def split_address(text: str) -> dict[str, str]:
    """Street, town, state and postal code of an address on one line; empty where it does not name a state."""
    parts = [" ".join(part.split()) for part in text.split(",")]
    if plain(parts[-1]) in _COUNTRIES:
        parts.pop()
    last = _STATE_AND_CODE.fullmatch(parts[-1]) if len(parts) > 2 else None
    if last is None or not re.search(r"\d", parts[0]) or re.search(r"\d", parts[-2]):
        return {}
    state, code = last.groups()
    if not read_region(state) or (len(state) == 2 and not state.isupper()):
        return {}
    address = {"street_address": ", ".join(parts[:-2]), "town": parts[-2], "state": state}
    return address | ({"postal_code": code} if code else {})


def _stated(text: str) -> str:
    return "" if is_placeholder(text) or means_row_above(text) else text


def with_parts(texts: dict[str, str]) -> dict[str, str]:
    """The texts of a row's fields, with what its composite columns say of fields that have no text of their own.

    A point that cannot be read is given as the latitude, so that the row says so.
    """
    if texts.keys() <= PARSERS.keys() and "town" in texts and "state" in texts:
        return texts
    parts = {name: text for name, text in texts.items() if name in PARSERS}
    point, number, street = (_stated(texts.get(name, "")) for name in (COORDINATES, STREET_NUMBER, "street_address"))
    if point and "latitude" not in parts and "longitude" not in parts:
        parts |= split_point(point) or {"latitude": point}
    number = number.removesuffix(".0")
    if street and _NUMBER.fullmatch(number) and street.split()[0] != number:
        parts["street_address"] = street = f"{number} {street}"
    if street and not ("town" in parts and "state" in parts):
        address = split_address(street)
        parts |= {name: part for name, part in address.items() if name == "street_address" or name not in parts}
    return parts

"""Columns that hold several fields at once: a position, a street number beside its street, a whole address."""

import re

from directory.regions import read_region
from directory.zones.parsers import PARSERS

POSITION, STREET_NUMBER = "position", "street_number"
SYNONYMS = {
    POSITION: "lat lon, lat long, lat lng, latlon, latlong, latlng, latitude longitude, latitude and longitude, "
    "coordinates, coordinate, coords, gps, gps coordinates, gps location, geopoint, geo point, geolocation, point, "
    "wkt, geom, the geom, geometry",
    STREET_NUMBER: "street no, house number, house no, building number, address number",
}
"""Everyday names of the columns that are no field by themselves."""

_DECIMALS = re.compile(r"[(\[]?\s*([+-]?\d{1,3}(?:\.\d+)?)\s*[,; ]\s*([+-]?\d{1,3}(?:\.\d+)?)\s*[)\]]?")
_WKT_POINT = re.compile(
    r"(?:SRID=4326;)?\s*POINT(?:\s*Z)?\s*\(\s*([+-]?[\d.]+)\s+([+-]?[\d.]+)(?:\s+[+-]?[\d.]+)?\s*\)", re.I
)
_ANGLES = re.compile(r"(.+?[NS])[,;\s]+(.+?[EW])|([NS].+?)[,;\s]+([EW].+)", re.I)
_ADDRESS = re.compile(
    r"(?P<street>[^,]*\d[^,]*(?:,[^,]+)??),\s*(?P<town>[^,\d]+),\s*(?P<state>[A-Za-z. ]+?)"
    r"(?:[,\s]+(?P<code>\d{5}(?:-\d{4})?|[A-Za-z]\d[A-Za-z] ?\d[A-Za-z]\d))?(?:,?\s*(?:USA?|United States|Canada))?\.?"
)


def split_position(text: str) -> dict[str, str]:
    """Latitude and longitude, as texts, of "41.3712, -73.4140", a WKT point or two angles; empty for anything else."""
    if match := _DECIMALS.fullmatch(text):
        return {"latitude": match[1], "longitude": match[2]}
    if match := _WKT_POINT.fullmatch(text):
        return {"latitude": match[2], "longitude": match[1]}
    if match := _ANGLES.fullmatch(text):
        return {"latitude": match[1] or match[3], "longitude": match[2] or match[4]}
    return {}


def split_address(text: str) -> dict[str, str]:
    """Street, town, state and postal code of an address on one line; empty where it does not name a state."""
    match = _ADDRESS.fullmatch(text)
    if match is None or not read_region(match["state"].strip()):
        return {}
    parts = {"street_address": match["street"], "town": match["town"], "state": match["state"]}
    return {name: part.strip() for name, part in {**parts, "postal_code": match["code"] or ""}.items() if part}


def with_parts(texts: dict[str, str]) -> dict[str, str]:
    """The texts of a row with what its composite columns say; a column of a field's own wins.

    A position that cannot be read is given as the latitude, so that the row says so.
    """
    parts = {name: text for name, text in texts.items() if name in PARSERS}
    if (text := texts.get(POSITION, "")) and not parts.get("latitude") and not parts.get("longitude"):
        parts |= split_position(text) or {"latitude": text}
    street, number = parts.get("street_address", ""), texts.get(STREET_NUMBER, "")
    if number and street and not street.startswith(number):
        parts["street_address"] = f"{number.removesuffix('.0')} {street}"
    if street and not (parts.get("town") and parts.get("state")):
        named = split_address(street)
        parts = {
            **parts,
            **{name: part for name, part in named.items() if name == "street_address" or not parts.get(name)},
        }
    return parts

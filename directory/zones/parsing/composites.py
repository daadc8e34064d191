"""Columns that hold several fields at once: a point, a street number beside its street, a whole address."""

import re

from directory.regions import read_region
from directory.text import fold, plain
from directory.zones.hours import names_days
from directory.zones.parsing.parsers import PARSERS
from directory.zones.parsing.placeholders import is_placeholder, means_row_above

COORDINATES, STREET_NUMBER, POINT_QUALITY, COUNTY = "coordinates", "street_number", "point_quality", "county"
OPEN_DAYS = "open_days"
SYNONYMS = {
    COORDINATES: "lat lon, lat long, lat lng, latlon, latlong, latlng, latitude longitude, latitude and longitude, "
    "coordinate, coords, gps, gps coordinates, gps location, geopoint, geo point, geolocation, wkt, geom, the geom",
    POINT_QUALITY: "coord confidence, coordinate confidence, location accuracy, position accuracy, geocode quality, "
    "point accuracy, accuracy",
    COUNTY: "county name, county or parish, parish",
    OPEN_DAYS: "days, open days, days open, days of week, days of operation, days available, jours, "
    "jours d'ouverture, dias",
    STREET_NUMBER: "street no, house number, housenumber, house no, building number, address number",
}
"""Everyday names of the columns that are no field by themselves."""
LONGEST_POINT = 300
"""Characters: what is longer is no point, and takes long to try."""
LONGEST_TOWN = 200
"""Characters, with state and postal code; likewise."""

_DEGREES = r"([+-]?\d{1,3}(?:\.\d+)?)°?"
_DECIMALS = re.compile(rf"(?:geo: ?)?[(\[]? ?{_DEGREES}(?: ?[,;/|] ?| ){_DEGREES} ?[)\]]?", re.I)
_DECIMAL_COMMA = re.compile(r"\d+,\d+")
_WITH_HEIGHT = re.compile(r"([+-]?\d{1,3}\.\d+), ?([+-]?\d{1,3}\.\d+), ?-?\d[\d.]*")
_WITH_COMMAS = re.compile(r"([+-]?\d{1,3}),(\d{3,})(?: ?[;/|] ?|, | )([+-]?\d{1,3}),(\d{3,})")
_LABELLED = re.compile(rf"lat(?:itude)?[ .:=]*{_DEGREES}[ ,;/|]*(?:lon(?:g(?:itude)?)?|lng)[ .:=]*{_DEGREES}", re.I)
_WKT_POINT = re.compile(r"(?:SRID=4326; ?)?POINT(?: ?Z)? ?\( ?([+-]?[\d.]+) ([+-]?[\d.]+)(?: [+-]?[\d.]+)? ?\)", re.I)
_JSON_POINT = re.compile(
    r'\{ ?"type" ?: ?"Point" ?, ?"coordinates" ?: ?\[ ?([+-]?[\d.]+) ?, ?([+-]?[\d.]+)(?: ?, ?[+-]?[\d.]+)? ?\] ?\}'
)
_ANGLES = re.compile(r"([^NS]+[NS])[,; ]+([^EW]+[EW])|([NS][^EW]+?)[,; ]+([EW].+)", re.I)
_EAST_BEFORE_NORTH = re.compile(r"([^NSEW]+[EW])[,; ]+([^NSEW]+[NS])|([EW][^NSEW]+?)[,; ]+([NS][^NSEW]+)", re.I)
_PIN = re.compile(
    r"https?://\S*?(?:[?&](?:q|query|destination|daddr|ll)=|!3d|[?&]mlat=)([+-]?\d{1,3}\.\d+)(?:,|%2C|!4d|&mlon=)"
    r"([+-]?\d{1,3}\.\d+)(?:[&#!]\S*)?",
    re.I,
)
"""The address of a map that names a pin. What follows "@" is the middle of the map that was looked at."""
_NUMBER = re.compile(r"(?:#|no\.?)? ?([1-9]\d*(?!\d*(?:st|nd|rd|th)\b)[^,;]{0,20}?)[,;]?", re.I)
_HAS_NUMBER = re.compile(r"\d+[A-Za-z]?(?:-\d+)?,? (?!mile\b)", re.I)
_CODE = r"(\d{4,5}(?:-\d{4})?|[A-Za-z]\d[A-Za-z] ?\d[A-Za-z]\d)"
_STATE_AND_CODE = re.compile(rf"([A-Za-zÀ-ÿ. ]{{2,40}}?)(?: {_CODE})?")
_TOWN_STATE_CODE = re.compile(rf"(.*\D) ([A-Z]{{2}}|\([A-Za-zÀ-ÿ. ]{{2,40}}\)),? {_CODE}")
_ONLY_CODE = re.compile(_CODE)
_MAY_BE_LONG = re.compile(r"[,;|\n][^,;|\n]*[,;|\n\d]")
"""A part that ends with another one, or in a code: two parts that are words alone are a street and its spot."""
_TOWN_AND_STATE = re.compile(
    r"(\D*[a-z]) ((?!CO)[A-Z]{2}|[A-Z]\.[A-Z]\.|Conn|Mass|Calif|Fla|Tex|Penna|Mich|Minn|Ont|Que)\.?"
)
"""A town with the abbreviation of its state and no comma, which counts where the row names no state otherwise.

In a town of capitals alone ("EAST LA") nothing tells a state's code from a name, and "Orange CO" may be a county.
"""
_TOWN_IN_ITS_STATE = re.compile(
    r"(?P<town>\D*?[^\W\d_]\.?)(?:(?: *[-–—] *| +)(?P<state>[A-Z]{2}|[A-Z]\.[A-Z]\.)|"
    r"(?: *\((?P<name>[A-Za-zÀ-ÿ. ]{2,40})\)| +[-–—] +(?P<behind>[A-Za-zÀ-ÿ. ]{2,40})))?"
    r"(?:,? (?P<code>\d{5}(?:-\d{4})?|[A-Z]\d[A-Z] ?\d[A-Z]\d))?"
)
"""A town with a state behind it that the row says as well, with a postal code, or both."""
_MAY_BE_MORE = re.compile(r"[,\d*\[\n]|  ")
_FOOTNOTE = re.compile(r" ?(?:\[[^\]]{1,3}\]|[*†‡¹²³]+)$")
_BETWEEN_LINES = re.compile(r" ?[\n;|] ?")
_IN_NO_TOWN = {"unincorporated", "unincorporated area", "unincorporated county", "county", "countywide", "county wide"}
_COUNTY = re.compile(r"(.+?) (?:county|co\.?)", re.I)
_OF_ANOTHER_KIND = re.compile(
    r".+ (?:borough|census area|parish|city|municipality)|(?:city|municipality|borough|parish) of .+", re.I
)
"""What stands where others have counties, and says in its name which kind it is."""
_COUNTRIES = {"us", "usa", "u s a", "united states", "canada"}


_LATITUDE_FIRST = (_DECIMALS, _WITH_HEIGHT, _LABELLED, _PIN, _ANGLES)
_LONGITUDE_FIRST = (_WKT_POINT, _JSON_POINT, _EAST_BEFORE_NORTH)


def split_point(text: str) -> dict[str, str]:
    """Latitude and longitude, as texts, of "41.3712, -73.4140", a WKT point, two angles or a map's address.

    Empty for anything else.
    """
    text = " ".join(text.split())
    if len(text) > LONGEST_POINT:
        return {}
    if match := _WITH_COMMAS.fullmatch(text):
        text = f"{match[1]}.{match[2]} {match[3]}.{match[4]}"
    for forms, names in ((_LATITUDE_FIRST, ("latitude", "longitude")), (_LONGITUDE_FIRST, ("longitude", "latitude"))):
        if match := next(filter(None, (form.fullmatch(text) for form in forms)), None):
            return dict(zip(names, filter(None, match.groups()), strict=True))
    return {}


def split_address(text: str) -> dict[str, str]:
    """Street, town, state and postal code of an address on one line; empty where it does not name a state."""
    parts = [" ".join(part.split()) for part in _BETWEEN_LINES.sub(", ", text).split(",")]
    if plain(parts[-1]) in _COUNTRIES:
        parts.pop()
    if len(parts) > 3 and _ONLY_CODE.fullmatch(parts[-1]):
        parts[-2:] = [f"{parts[-2]} {parts[-1]}"]
    if len(parts) > 1 and (match := _TOWN_STATE_CODE.fullmatch(parts[-1])):
        parts[-1:] = [match[1], f"{match[2].strip('()')} {match[3]}"]
    last = _STATE_AND_CODE.fullmatch(parts[-1]) if len(parts) > 2 else None
    if last is None or re.search(r"\d", parts[-2]):
        return {}
    state, code = last.groups()
    street = ", ".join(parts[:-2])
    sure = code or (re.search(r"\d", parts[0]) and (len(state) != 2 or state.isupper()))
    if not sure or not street or not read_region(state):
        return {}
    return {"street_address": street, "town": parts[-2], "state": state} | ({"postal_code": code} if code else {})


def _without_placeholder(text: str) -> str:
    return "" if is_placeholder(text) or means_row_above(text) else text


def split_town(text: str) -> dict[str, str]:
    """Town, state and postal code of "New Canaan, CT 06840"; the town alone where there is no more than a footnote."""
    town = _FOOTNOTE.sub("", " ".join(text.split()))
    head, comma, rest = town.rpartition(",")
    match = _STATE_AND_CODE.fullmatch(rest.strip()) if comma else _TOWN_STATE_CODE.fullmatch(town)
    if match is None or re.search(r"\d", head):
        return {"town": town}
    head, state, code = (head, *match.groups()) if comma else match.groups()
    region = read_region(state.strip("()"))
    return (
        {"town": head.strip(), "state": region} | ({"postal_code": code} if code else {}) if region else {"town": town}
    )


def _in_its_state(town: str, region: str) -> dict[str, str]:
    """Town and postal code of "Norwalk (CT)" or "Norwalk 06850" in a row of that region; empty for a town alone."""
    match = _TOWN_IN_ITS_STATE.fullmatch(town) if region and len(town) <= LONGEST_TOWN else None
    said = match and (match["state"] or match["name"] or match["behind"] or "")
    if match is None or (not said and not match["code"]) or (said and read_region(said) != region):
        return {}
    return {"town": match["town"]} | ({"postal_code": match["code"]} if match["code"] else {})


def with_parts(texts: dict[str, str]) -> dict[str, str]:
    """The texts of a row's fields, with what its composite columns say of fields that have no text of their own.

    A point that cannot be read is given as the latitude, so that the row says so. A row in no town is in its county.
    Days stand before hours that name none.
    """
    parts = _parts(texts)
    days, hours = _without_placeholder(texts.get(OPEN_DAYS, "")), texts.get("opening_hours", "")
    if days and not names_days(hours):
        parts["opening_hours"] = f"{days} {_without_placeholder(hours)}".rstrip()
    return _in_county(parts, texts[COUNTY]) if COUNTY in texts else parts


def _in_county(parts: dict[str, str], county: str) -> dict[str, str]:
    """A row that names a county, which stands for the town where it names none: "Polk County"."""
    town, county = _without_placeholder(parts.get("town", "")), _without_placeholder(county)
    if not county or (town and plain(town) not in _IN_NO_TOWN):
        return parts
    if _OF_ANOTHER_KIND.fullmatch(county):
        return parts | {"town": county}
    name = _COUNTY.fullmatch(county)
    kind = "Parish" if read_region(parts.get("state", "")) == "LA" else "County"
    return parts | {"town": f"{name[1] if name else county} {kind}"}


def _parts(texts: dict[str, str]) -> dict[str, str]:
    parts = {name: text for name, text in texts.items() if name in PARSERS}
    alone = "latitude" in parts and "longitude" not in parts and not _DECIMAL_COMMA.fullmatch(parts["latitude"])
    if alone and (both := split_point(parts["latitude"])):
        texts = texts | both
        parts |= both
    town = parts.get("town", "")
    if (
        0 < len(town) <= LONGEST_TOWN
        and not parts.get("state")
        and (match := _TOWN_AND_STATE.fullmatch(town))
        and read_region(match[2])
    ):
        parts |= {"town": match[1], "state": match[2]}
    elif len(town) <= LONGEST_TOWN and _MAY_BE_MORE.search(town):
        town_parts = split_town(town)
        if read_region(parts.get("state", "")) in ("", town_parts.get("state", "")) or len(town_parts) == 1:
            parts = town_parts | {name: text for name, text in parts.items() if name != "town" and text}
    if town_parts := _in_its_state(parts.get("town", ""), read_region(parts.get("state", ""))):
        parts = parts | town_parts | {name: text for name, text in parts.items() if name != "town" and text}
    street = _without_placeholder(texts.get("street_address", ""))
    is_long = _MAY_BE_LONG.search(street) is not None
    if "town" in parts and "state" in parts and len(parts) == len(texts) and not is_long:
        return _without_town(parts, street) if street[-1:].isdigit() else parts
    point, number = _without_placeholder(texts.get(COORDINATES, "")), _without_placeholder(texts.get(STREET_NUMBER, ""))
    if point and "latitude" not in parts and "longitude" not in parts:
        parts |= split_point(point) or {"latitude": point}
    if quality := texts.get(POINT_QUALITY, ""):
        parts.setdefault("location_source", quality)
    if street and (match := _NUMBER.fullmatch(number.removesuffix(".0"))) and not _HAS_NUMBER.match(street):
        parts["street_address"] = street = f"{match[1]} {street}"
    return _with_address(parts, split_address(street)) if is_long else _without_town(parts, street)


def _without_town(parts: dict[str, str], street: str) -> dict[str, str]:
    """A row whose street goes on with its town, state and postal code, without commas."""
    match, town = _TOWN_STATE_CODE.fullmatch(street), parts.get("town", "")
    if not match or not town or not match[1].casefold().endswith(f" {town.casefold()}"):
        return parts
    state = read_region(match[2].strip("()"))
    if not state or read_region(parts.get("state", "") or state) != state:
        return parts
    region_parts = {"state": state, "postal_code": match[3]}
    return region_parts | parts | {"street_address": match[1].removesuffix(match[1][-len(town) :]).strip()}


def _with_address(parts: dict[str, str], address: dict[str, str]) -> dict[str, str]:
    """A row whose street is an address on one line: that gives what the row leaves out, and loses what it repeats."""
    if not address or read_region(parts.get("state", "") or address["state"]) != read_region(address["state"]):
        return parts
    if fold(parts.get("town", "") or address["town"]) != fold(address["town"]):
        address["mailing_town"] = address["town"]
    return address | parts | {"street_address": address["street_address"]}

"""Parse positions: decimal degrees, degrees-minutes-seconds, geo: URIs, plus codes, links to map sites.

Nothing is fetched: a link without its position (a shortened one) is not read.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import SplitResult, parse_qs, unquote, urlsplit

from pluscodes.openlocationcode import openlocationcode

from directory.geo import Coordinates
from directory.geocoding.results import BadAddressError, Note

_NUMBER = r"[+-]?\d{1,3}(?:\.\d+)?"
_ANGLE = re.compile(
    rf"""(?P<before>[NSEWO])?\ *
    (?P<degrees>{_NUMBER})\ *[°d:]?
    (?:(?<=[°d:\ ])\ *(?P<minutes>\d{{1,2}}(?:\.\d+)?)\ *['m:]?\ *
       (?:(?P<seconds>\d{{1,2}}(?:\.\d+)?)\ *(?:"|''|s(?=\ *[NSEWO]))?)?)?
    \ *(?P<after>[NSEWO])?""",
    re.IGNORECASE | re.VERBOSE,
)
_DECIMAL_COMMAS = re.compile(r"([+-]?\d{1,3}),(\d+)[; ]+([+-]?\d{1,3}),(\d+)")
_HEMISPHERES = {"N": "north|norte|nord", "S": "south|sur|sud", "E": "east|este|est", "W": "west|oeste|ouest"}
_PAIR = re.compile(rf"({_NUMBER})[,;/ ]+({_NUMBER})")
_TYPOGRAPHY = str.maketrans({
    "−": "-", "–": "-", "—": "-", "‐": "-", "‑": "-", "º": "°", "˚": "°", "′": "'", "’": "'", "‘": "'", "ʹ": "'",
    "″": '"', "”": '"', "“": '"', "ʺ": '"', "\u00a0": " ", "\u202f": " ",
})  # fmt: skip
_LABELS = re.compile(r"\b(?:lat(?:itude)?|lng|lon(?:g(?:itude)?)?|gps|coordinates?|coords?)\b\s*[:=]?", re.IGNORECASE)
_MAP_HOSTS = re.compile(
    r"(?:(?:www|maps)\.)?google\.(?:[a-z]{2,3}|com?\.[a-z]{2})|maps\.app\.goo\.gl|maps\.apple\.com|(?:www\.)?(?:openstreetmap\.org|osm\.org)",
    re.IGNORECASE,
)
_POINT_PARAMETERS = ("ll", "q", "query", "destination", "daddr", "center", "coordinate", "to")


_SHORT_CODE = re.compile(r"([23456789CFGHJMPQRVWX]{4,6}\+[23456789CFGHJMPQRVWX]{2,3})[, ]+(.+)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class TypedPosition:
    """Degrees as typed: they may be out of range, swapped, or without their sign."""

    latitude: float
    longitude: float

    @property
    def is_on_earth(self) -> bool:
        """Whether both are in range."""
        return abs(self.latitude) <= 90 and abs(self.longitude) <= 180

    @property
    def point(self) -> Coordinates:
        """The position as coordinates. Raises BadAddressError when it is out of range."""
        try:
            return Coordinates(self.latitude, self.longitude)
        except ValueError as error:
            raise BadAddressError(f"These look like coordinates, but the {error}.") from error

    def corrected(self) -> list[tuple[str, Coordinates]]:
        """Other positions that may be meant, each with the code of its note."""
        corrections = (
            ("sign_missing", self.latitude, -self.longitude),
            ("sign_missing", -self.latitude, self.longitude),
            ("swapped_coordinates", self.longitude, self.latitude),
            ("swapped_coordinates", self.longitude, -self.latitude),
            ("swapped_coordinates", -self.longitude, self.latitude),
            ("swapped_coordinates", -self.longitude, -self.latitude),
        )
        return [(code, Coordinates(lat, lon)) for code, lat, lon in corrections if abs(lat) <= 90 and abs(lon) <= 180]


def read_point(text: str) -> TypedPosition | None:
    """The position that a cleaned `text` states, or None when the text is something else.

    Raises BadAddressError for a link without a position.
    """
    text = text.translate(_TYPOGRAPHY).strip()
    if _is_link(text):
        return _parse_link(text)
    if text.lower().startswith("geo:"):
        return _parse_geo_uri(text)
    if openlocationcode.isFull(text.upper()) and "+" in text:
        area = openlocationcode.decode(text.upper())
        return TypedPosition(area.latitudeCenter, area.longitudeCenter)
    return _parse_typed(text)


def read_leading_point(text: str) -> tuple[TypedPosition, str] | None:
    """A position before other words ("87H84GW4+PR New Canaan") and these words; None when there is none."""
    text = text.translate(_TYPOGRAPHY).strip()
    match = re.fullmatch(
        r"([2-9CFGHJMPQRVWX+]{9,15}|[+-]?\d{1,2}\.\d{2,}[, ]+[+-]?\d{1,3}\.\d{2,})[ ,(]+(\D.*)", text, re.I
    )
    point = read_point(match[1]) if match else None
    return (point, match[2].strip(" )")) if match and point else None


def read_short_code(text: str) -> tuple[str, str] | None:
    """A short plus code and the town that completes it ("4GW4+PR New Canaan, CT"), as map apps show them."""
    match = _SHORT_CODE.fullmatch(text)
    return (match[1].upper(), match[2]) if match and openlocationcode.isShort(match[1].upper()) else None


def complete_short_code(code: str, town: Coordinates) -> Coordinates:
    """The middle of the short code's area nearest to a town."""
    area = openlocationcode.decode(openlocationcode.recoverNearest(code, town.latitude, town.longitude))
    return Coordinates(area.latitudeCenter, area.longitudeCenter)


def _parse_typed(text: str) -> TypedPosition | None:
    """ "41.1412, -73.4907", "41°08'28.3"N 73°29'26.5"W", "N41 08.472 W073 29.442"."""
    angles = _LABELS.sub(" ", re.sub(r"[{}&]|\"(?=[a-z:])|(?<=[a-z])\"", " ", text, flags=re.IGNORECASE)).strip(" ()[]")
    for letter, names in _HEMISPHERES.items():
        angles = re.sub(rf"\b(?:{names})\b", letter, angles, flags=re.IGNORECASE)
    angles = re.sub(r",? *\d{1,2}(?:\.\d+)?z$", "", angles)  # a map's zoom
    if match := _DECIMAL_COMMAS.fullmatch(angles):
        angles = "{}.{}, {}.{}".format(*match.groups())
    if not re.search(r"[.°'\"]|-\d|\d ?[NSEW]\b|\b[NSEW] ?\d|\ds[NSEW]\b", angles, re.IGNORECASE):
        return None  # two integers with only a space between them are no position
    for first, second in _split_angles(angles):
        first_angle, second_angle = _ANGLE.fullmatch(first), _ANGLE.fullmatch(second)
        if (
            first_angle
            and second_angle
            and (point := _join_angles(first_angle, second_angle))
            and (point.is_on_earth or re.search(r"[.°]", angles))
        ):
            return point  # "100 N 200 W" is an address in Utah
    return None


def _split_angles(text: str) -> Iterable[tuple[str, str]]:
    """Ways to split the text into two angles: at its only separator, at a hemisphere, or at a space."""
    for separator in (",", ";", "/", "|"):
        parts = [part.strip() for part in text.split(separator)]
        if len(parts) == 2:
            yield parts[0], parts[1]
            return
    if match := re.fullmatch(r"(.*?[\d°'\"sm] ?[NS])\s*(\d.*[EWO])", text, re.IGNORECASE):
        yield match[1], match[2]
    if match := re.fullmatch(r"(.*?[\d°'\"sm] ?[EWO])\s*(\d.*[NS])", text, re.IGNORECASE):
        yield match[1], match[2]
    if match := re.fullmatch(r"([NS] ?\d.*?)\s*([EWO] ?\d.*)", text, re.IGNORECASE):
        yield match[1], match[2]
    if match := re.fullmatch(r"([EWO] ?\d.*?)\s*([NS] ?\d.*)", text, re.IGNORECASE):
        yield match[1], match[2]
    if match := re.fullmatch(rf"({_NUMBER}°?) +({_NUMBER}°?)", text):
        yield match[1], match[2]


def _join_angles(first: "re.Match[str]", second: "re.Match[str]") -> TypedPosition | None:
    """The two angles as a position, in the order of their hemispheres."""
    if bool(_hemisphere(first)) != bool(_hemisphere(second)):
        return None
    if _hemisphere(first) in ("E", "W"):
        first, second = second, first
    if _hemisphere(first) not in ("", "N", "S") or _hemisphere(second) not in ("", "E", "W"):
        return None
    return TypedPosition(_angle(first), _angle(second))


def _hemisphere(angle: "re.Match[str]") -> str:
    letter = (angle["before"] or angle["after"] or "").upper()
    return "W" if letter == "O" else letter  # oeste, ouest


def _angle(angle: "re.Match[str]") -> float:
    degrees = float(angle["degrees"])
    size = abs(degrees) + float(angle["minutes"] or 0) / 60 + float(angle["seconds"] or 0) / 3600
    negative = angle["degrees"].startswith("-") or _hemisphere(angle) in ("S", "W")
    return -size if negative else size


def _is_link(text: str) -> bool:
    return re.match(r"[a-z]+://|www\.|maps\.|google\.|goo\.gl/", text, re.IGNORECASE) is not None


def _parse_geo_uri(text: str) -> TypedPosition:
    """ "geo:41.1,-73.4;u=35"; Android shares "geo:0,0?q=41.1,-73.4(Name)". Raises BadAddressError for a name alone."""
    place, _, query = text[4:].partition("?")
    pairs = [re.sub(r"\(.*", "", value) for value in parse_qs(query).get("q", [])]
    point = _first_pair([*pairs, ",".join(re.split(r"[,;]", place)[:2])])
    if point is None or (pairs and (point.latitude, point.longitude) == (0, 0)):
        raise _no_position_error(text)
    return point


def _parse_link(text: str) -> TypedPosition:
    """The position in a URL of Google, Apple or OpenStreetMap. Raises BadAddressError when it has none."""
    try:
        parts = urlsplit(text if "://" in text else f"https://{text}")
        point = _parse_map_url(parts) if _MAP_HOSTS.fullmatch(parts.hostname or "") else None
    except ValueError:  # not a URL
        point = None
    if point is None:
        raise _no_position_error(text)
    return point


def _no_position_error(text: str) -> BadAddressError:
    message = "This link does not say where it leads. Open it, and copy the address or the coordinates."
    return BadAddressError(message, (Note("link_without_position", text),))


def _parse_map_url(parts: SplitResult) -> TypedPosition | None:
    """The place that the link names, else the middle of the map."""
    query = parse_qs(parts.query)
    path, fragment = unquote(parts.path), unquote(parts.fragment)
    if "/dir/" in path:
        return _parse_directions(path)
    if places := re.findall(rf"!3d({_NUMBER})!4d({_NUMBER})", path):
        return TypedPosition(float(places[-1][0]), float(places[-1][1]))
    if place := re.search(r"/(?:place|search)/([^/@]+)", path):
        name = place[1].replace("+", " ")
        if point := _first_pair([name]) or _parse_typed(name):
            return point
    pairs = [f"{query['mlat'][0]},{query['mlon'][0]}"] if {"mlat", "mlon"} <= query.keys() else []
    pairs += [value.removeprefix("loc:") for name in _POINT_PARAMETERS for value in query.get(name, [])]
    if match := re.search(rf"@({_NUMBER}),({_NUMBER})", path):
        pairs.append(f"{match[1]},{match[2]}")
    if match := re.search(rf"map=[\d.]+/({_NUMBER})/({_NUMBER})", fragment):
        pairs.append(f"{match[1]},{match[2]}")
    return _first_pair(re.sub(r"\(.*", "", text) for text in pairs)


def _parse_directions(path: str) -> TypedPosition | None:
    """The destination of a link to directions; None when it is a name only."""
    if places := re.findall(rf"!1d({_NUMBER})!2d({_NUMBER})", path):  # longitude first, as these links have it
        return TypedPosition(float(places[-1][1]), float(places[-1][0]))
    stops = [stop for stop in path.partition("/dir/")[2].split("/") if stop and not stop.startswith(("@", "data="))]
    return _first_pair(stops[-1:])


def _first_pair(texts: Iterable[str]) -> TypedPosition | None:
    for text in texts:
        if match := _PAIR.fullmatch(text.replace("+", " ").strip()):
            return TypedPosition(float(match[1]), float(match[2]))
    return None

"""Positions as people copy them: decimal degrees, degrees-minutes-seconds, geo: links, plus codes, links of map sites.

Nothing is fetched: a link that does not carry its position (a shortened one) is not read.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import SplitResult, parse_qs, unquote, urlsplit

from openlocationcode import openlocationcode

from directory.geo import Coordinates
from directory.geocoding.answers import BadAddress, Note

_NUMBER = r"[+-]?\d{1,3}(?:\.\d+)?"
_ANGLE = re.compile(
    rf"""(?P<before>[NSEWO])?\ *
    (?P<degrees>{_NUMBER})\ *[°d:]?\ *
    (?:(?P<minutes>\d{{1,2}}(?:\.\d+)?)\ *['m:]?\ *
       (?:(?P<seconds>\d{{1,2}}(?:\.\d+)?)\ *(?:"|''|s(?=\ *[NSEWO]))?)?)?
    \ *(?P<after>[NSEWO])?""",
    re.IGNORECASE | re.VERBOSE,
)
_DECIMAL_COMMAS = re.compile(r"([+-]?\d{1,3}),(\d+)[; ]+([+-]?\d{1,3}),(\d+)")
_PAIR = re.compile(rf"({_NUMBER})[,;/ ]+({_NUMBER})")
_TYPOGRAPHY = str.maketrans({
    "−": "-", "–": "-", "—": "-", "‐": "-", "‑": "-", "º": "°", "˚": "°", "′": "'", "’": "'", "‘": "'", "ʹ": "'",
    "″": '"', "”": '"', "“": '"', "ʺ": '"', "\u00a0": " ", "\u202f": " ",
})  # fmt: skip
_LABELS = re.compile(r"\b(?:lat(?:itude)?|lng|lon(?:g(?:itude)?)?|gps|coordinates?|coords?)\b\s*[:=]?", re.IGNORECASE)
_MAP_HOSTS = re.compile(
    r"(?:(?:www|maps)\.)?google\.[a-z.]+|maps\.app\.goo\.gl|maps\.apple\.com|(?:www\.)?(?:openstreetmap\.org|osm\.org)",
    re.IGNORECASE,
)
_POINT_PARAMETERS = ("ll", "sll", "q", "query", "destination", "daddr", "center", "coordinate", "to")


@dataclass(frozen=True, slots=True)
class TypedPosition:
    """Degrees as they were typed: they may be out of range, swapped, or without their sign."""

    latitude: float
    longitude: float

    @property
    def point(self) -> Coordinates:
        """The position taken at its word. Raises BadAddress when it is out of range."""
        try:
            return Coordinates(self.latitude, self.longitude)
        except ValueError as error:
            raise BadAddress(f"These look like coordinates, but the {error}.") from error

    def corrected(self) -> list[tuple[str, Coordinates]]:
        """What else may have been meant, with the code of the note that says so."""
        meant = (
            ("sign_missing", self.latitude, -self.longitude),
            ("swapped_coordinates", self.longitude, self.latitude),
            ("swapped_coordinates", self.longitude, -self.latitude),
            ("swapped_coordinates", -self.longitude, self.latitude),
            ("swapped_coordinates", -self.longitude, -self.latitude),
        )
        return [(code, Coordinates(lat, lon)) for code, lat, lon in meant if abs(lat) <= 90 and abs(lon) <= 180]


def read_point(text: str) -> TypedPosition | None:
    """The position that the whole of a cleaned `text` states, or None when it is something else.

    Raises BadAddress for a link that carries none.
    """
    text = text.translate(_TYPOGRAPHY).strip()
    if _is_link(text):
        return _in_a_link(text)
    if text.lower().startswith("geo:"):
        return _first_pair([text[4:].partition("?")[0]])
    if openlocationcode.isFull(text.upper()) and "+" in text:
        area = openlocationcode.decode(text.upper())
        return TypedPosition(area.latitudeCenter, area.longitudeCenter)
    return _typed(text)


def _typed(text: str) -> TypedPosition | None:
    """ "41.1412, -73.4907", "41°08'28.3"N 73°29'26.5"W", "N41 08.472 W073 29.442"."""
    bare = _LABELS.sub(" ", text).strip(" ()[]{}")
    if match := _DECIMAL_COMMAS.fullmatch(bare):
        bare = "{}.{}, {}.{}".format(*match.groups())
    if not re.search(r"[.,°'\"]|\d ?[NSEW]\b|\b[NSEW] ?\d|\ds[NSEW]\b", bare, re.IGNORECASE):
        return None  # two whole numbers with nothing but a space are no position
    for first, second in _halves(bare):
        one, other = _ANGLE.fullmatch(first), _ANGLE.fullmatch(second)
        if one and other and (point := _joined(one, other)):
            return point
    return None


def _halves(text: str) -> Iterable[tuple[str, str]]:
    """Ways to cut the text into two angles: at its only separator, after or before a hemisphere, or in the middle."""
    for separator in (",", ";", "/", "|"):
        parts = [part.strip() for part in text.split(separator)]
        if len(parts) == 2:
            yield parts[0], parts[1]
            return
    if match := re.fullmatch(r"(.*?[\d°'\"sm] ?[NS])\s*(\d.*[EWO])", text, re.IGNORECASE):
        yield match[1], match[2]
    if match := re.fullmatch(r"([NS] ?\d.*?)\s*([EWO] ?\d.*)", text, re.IGNORECASE):
        yield match[1], match[2]
    if match := re.fullmatch(r"([EWO] ?\d.*?)\s*([NS] ?\d.*)", text, re.IGNORECASE):
        yield match[1], match[2]
    if match := re.fullmatch(rf"({_NUMBER}°?) +({_NUMBER}°?)", text):
        yield match[1], match[2]


def _joined(one: "re.Match[str]", other: "re.Match[str]") -> TypedPosition | None:
    """The two angles as a position, in the order that their hemispheres tell."""
    if bool(_hemisphere(one)) != bool(_hemisphere(other)):
        return None
    if _hemisphere(one) in ("E", "W"):
        one, other = other, one
    if _hemisphere(one) not in ("", "N", "S") or _hemisphere(other) not in ("", "E", "W"):
        return None
    return TypedPosition(_angle(one), _angle(other))


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


def _in_a_link(text: str) -> TypedPosition:
    """The position in the address of a map of Google, Apple or OpenStreetMap. Raises BadAddress where it has none."""
    parts = urlsplit(text if "://" in text else f"https://{text}")
    point = _in_a_map(parts) if _MAP_HOSTS.fullmatch(parts.hostname or "") else None
    if point is None:
        raise BadAddress("This link does not say where it leads. Open it, and copy the address or the coordinates.",
                         (Note("link_without_position", text),))  # fmt: skip
    return point


def _in_a_map(parts: SplitResult) -> TypedPosition | None:
    query = parse_qs(parts.query)
    path, fragment = unquote(parts.path), unquote(parts.fragment)
    found = re.search(rf"!3d({_NUMBER})!4d({_NUMBER})", path)  # the place itself; "@" is the middle of the picture
    stated = [f"{found[1]},{found[2]}"] if found else []
    if "mlat" in query and "mlon" in query:
        stated.append(f"{query['mlat'][0]},{query['mlon'][0]}")
    stated += [value.removeprefix("loc:") for name in _POINT_PARAMETERS for value in query.get(name, [])]
    if match := re.search(rf"@({_NUMBER}),({_NUMBER})", path):
        stated.append(f"{match[1]},{match[2]}")
    stated += re.findall(rf"/(?:place|search|dir/[^/]*)/({_NUMBER},[ +]?{_NUMBER})", path)
    if match := re.search(rf"map=[\d.]+/({_NUMBER})/({_NUMBER})", fragment):
        stated.append(f"{match[1]},{match[2]}")
    return _first_pair(stated)


def _first_pair(texts: Iterable[str]) -> TypedPosition | None:
    for text in texts:
        if match := _PAIR.fullmatch(text.replace("+", " ").strip()):
            return TypedPosition(float(match[1]), float(match[2]))
    return None

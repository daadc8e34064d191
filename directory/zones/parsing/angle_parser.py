"""How a latitude or a longitude is read: decimal degrees, angles, and the words that people write beside them."""

import math
import re

from directory.text import translatable
from directory.zones.findings import FieldError
from directory.zones.parsed import Parsed, Reader

LONGEST_ANGLE = 40
"""Characters of an angle, without the words beside it."""
_LONGEST = 80
"""Characters of a text that is looked at."""
_ANGLE = re.compile(
    r"""([NSEW+-])?\ ?(\d{1,3}(?:\.\d+)?)(?:\ ?[°d]|(?=\ |[NSEW]|$))
    (?:\ ?(\d{2}(?:\.\d+)?|\d(?:\.\d+)?(?=\ ?['m]))\ ?['m]?
    (?:\ ?(\d{2}(?:\.\d+)?|\d(?:\.\d+)?(?=\ ?["']))\ ?(?:"|'')?)?)?\ ?([NSEW])?""",
    re.I | re.X,
)
_SECONDS_BY_LETTER = re.compile(r"(?<=\d)s(?=$| ?[NSEW]$)", re.I)
_LABELS = {
    "NS": re.compile(r"^lat(?:itude?)?\b[ .:=]*", re.I),
    "EW": re.compile(r"^(?:lng|lon(?:g(?:itude?)?)?)\b[ .:=]*", re.I),
}
_DATUM = re.compile(r"[ ,(\[]*\b(?:wgs|nad)[ -]?8[34]\b[ )\]]*", re.I)
"""Of the two usual ones: they lie a metre or two apart."""
_DOUBT = re.compile(
    r"[ ([]*(?:(?<!\d)[~≈?]|[~≈?](?!\d)|\b(?:about|around|circa|ca\b\.?|environ|env\b\.?|estimated|"
    r"app?rox(?:\.|imate(?:ly)?|imatif|imative(?:ment)?|imad[oa]|imadamente)?(?!\w)))[ )\]]*",
    re.I,
)
_DECIMAL_COMMA = re.compile(r"^([^,.]*\d),(\d[^,.]*)$")
_SIGNS = (
    (re.compile(r"\s*\b(?:degrees?|degrés?|grados?|deg)(?!\w)\.?", re.I), "°"),
    (re.compile(r"(?<=\d)\s*(?:minutes?|minutos?|min)(?!\w)\.?", re.I), "'"),
    (re.compile(r"(?<=\d)\s*(?:seconds?|secondes?|segundos?|sec)(?!\w)\.?", re.I), '"'),
    (re.compile(r"\b(?:north|nord|norte)\b", re.I), "N"),
    (re.compile(r"\b(?:south|sud|sur)\b", re.I), "S"),
    (re.compile(r"\b(?:east|este?)\b", re.I), "E"),
    (re.compile(r"\b(?:west|ouest|oeste)\b|(?<![a-z])O(?![a-z])", re.I), "W"),
)
"""Words of the three languages, and the signs that mean the same."""


def degrees(hemispheres: str) -> Reader:
    """A reader of a coordinate: a decimal number, or degrees, minutes and seconds; the letters are "NS" or "EW".

    French and Spanish write a decimal comma. "lat", "north", "WGS84" and the like may stand beside it; "approx." makes
    the point approximate. Whether it is in range is a rule of its own.
    """

    def read(value: str) -> Parsed:
        try:
            number = float(value)
        except ValueError:
            number = _written_number(value, hemispheres)
        if math.isfinite(number):
            return Parsed(round(number, 6))
        number, doubted = _beside_words(value, hemispheres)
        if not math.isfinite(number):
            raise FieldError(translatable("not a number"), translatable("Use decimal degrees, such as 41.1412."))
        number = round(number, 6)
        if doubted:
            return Parsed(number, translatable("%(degrees)s, approximately", degrees=number), {"approximate": True})
        return Parsed(number, str(number))

    return read


def _beside_words(value: str, hemispheres: str) -> tuple[float, bool]:
    """The number among words that say what it is, and whether they say that it is only about so; else NaN."""
    if len(value) > _LONGEST or not re.search(r"\d", value):
        return math.nan, False
    text = _LABELS[hemispheres].sub("", _DATUM.sub("", value.strip()).strip()).lstrip("'").strip("[]() *")
    text, doubts = _DOUBT.subn("", text)
    for pattern, sign in _SIGNS:
        text = pattern.sub(sign, text)
    text = _LABELS[hemispheres].sub("", text.strip()).strip("[]() ")
    return _written_number(_DECIMAL_COMMA.sub(r"\1.\2", text), hemispheres), doubts > 0


def _written_number(value: str, hemispheres: str) -> float:
    """A number as people write it, with a decimal comma or a sign of degrees, or an angle; NaN for anything else."""
    value = value.rstrip(" ,;").replace("−", "-")
    try:
        return float(re.sub(r"^([+-]?\d{1,3}),(\d+)$", r"\1.\2", value.rstrip("°")))
    except ValueError:
        return _angle(value, hemispheres)


def _angle(value: str, hemispheres: str) -> float:
    """An angle in degrees, with its hemisphere, or with minutes, seconds and a sign; NaN for anything else."""
    text = " ".join(value.split()).replace("′", "'").replace("″", '"').replace("º", "°")
    if "d" in text and "m" in text:
        text = _SECONDS_BY_LETTER.sub('"', text)
    match = _ANGLE.fullmatch(re.sub(r"(?<=\d)[-:](?=\d)", " ", text)) if len(text) <= LONGEST_ANGLE else None
    if match is None:
        return math.nan
    before, letter = (match[1] or "").upper(), (match[5] or "").upper()
    if before == "-" and letter in ("S", "W"):  # said twice
        before = ""
    signed = before in ("", "+", "-") and not letter
    if (before and letter) or (signed and not match[4]) or (not signed and (before or letter) not in hemispheres):
        return math.nan
    minutes, seconds = float(match[3] or 0), float(match[4] or 0)
    angle = float(match[2]) + minutes / 60 + seconds / 3600
    broken = max(minutes, seconds) >= 60 or (match[3] and "." in match[2]) or (match[4] and "." in match[3])
    return math.nan if broken else -angle if (before or letter) in ("S", "W", "-") else angle

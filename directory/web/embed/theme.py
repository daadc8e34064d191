"""A host's colour made readable: the nearest one with enough contrast, in light and in dark."""

import colorsys
import re
from dataclasses import dataclass
from enum import StrEnum

DEFAULT = "0b5c63"
LEAST = 4.5
"""The contrast that WCAG 2 asks of text (1.4.3)."""

LIGHT_GROUNDS = ("fffefb", "faf8f3", "f1eee5", "e3eeed", "ffffff")
DARK_GROUNDS = ("17222b", "0f171e", "0b1218", "16303a")
"""The grounds of static/tokens.css, light and dark, that links and buttons stand on."""

Rgb = tuple[float, float, float]


class Theme(StrEnum):
    """Light, dark, or as the reader's device says."""

    AUTO = "auto"
    LIGHT = "light"
    DARK = "dark"


@dataclass(frozen=True, slots=True)
class AccessibleColor:
    """A colour as it is used: on our grounds, and what is written on top of it."""

    colour: str
    strong: str
    on_top: str


def parse_color(text: str) -> str | None:
    """Six lower-case hexadecimal digits, or None for anything else than #rgb and #rrggbb."""
    digits = text.strip().removeprefix("#").lower()
    if re.fullmatch(r"[0-9a-f]{3}", digits):
        digits = "".join(digit * 2 for digit in digits)
    return digits if re.fullmatch(r"[0-9a-f]{6}", digits) else None


def _rgb(colour: str) -> Rgb:
    red, green, blue = (int(colour[place : place + 2], 16) / 255 for place in (0, 2, 4))
    return red, green, blue


def luminance(colour: str) -> float:
    """The relative luminance of WCAG 2."""
    parts = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in _rgb(colour)]
    return 0.2126 * parts[0] + 0.7152 * parts[1] + 0.0722 * parts[2]


def contrast(one: str, other: str) -> float:
    """The contrast ratio of WCAG 2, from 1 to 21."""
    darker, lighter = sorted((luminance(one), luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def _with_lightness(colour: str, lightness: float) -> str:
    hue, _, saturation = colorsys.rgb_to_hls(*_rgb(colour))
    return "".join(f"{round(part * 255):02x}" for part in colorsys.hls_to_rgb(hue, lightness, saturation))


def accessible_color(colour: str, *, dark: bool = False) -> AccessibleColor:
    """The colour itself where it is readable, else the nearest lightness of its hue that is."""
    grounds = DARK_GROUNDS if dark else LIGHT_GROUNDS
    lightness = colorsys.rgb_to_hls(*_rgb(colour))[1]
    step = 0.01 if dark else -0.01
    readable = colour
    while min(contrast(readable, ground) for ground in grounds) < LEAST and 0 <= lightness <= 1:
        lightness += step
        readable = _with_lightness(colour, min(1.0, max(0.0, lightness)))
    strong = _with_lightness(readable, min(1.0, max(0.0, colorsys.rgb_to_hls(*_rgb(readable))[1] + 8 * step)))
    on_top = max(("ffffff", "0b1216"), key=lambda text: min(contrast(text, readable), contrast(text, strong)))
    return AccessibleColor(readable, strong, on_top)


def stylesheet(colour: str, theme: Theme) -> str:
    """The accent of static/tokens.css in the host's colour."""
    light, dark = _rules(accessible_color(colour)), _rules(accessible_color(colour, dark=True))
    if theme is Theme.AUTO:
        return f"{light}@media (prefers-color-scheme: dark) {{ {dark} }}\n"
    return dark if theme is Theme.DARK else light


def _rules(accessible: AccessibleColor) -> str:
    accent = f"--civic: #{accessible.colour}; --civic-strong: #{accessible.strong}; --on-civic: #{accessible.on_top}"
    return f":root {{ {accent}; --pin: #{accessible.colour}; }}\n"

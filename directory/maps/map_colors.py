"""The colors of pictures of maps, read from the pages' style sheet, which does not apply inside a picture."""

import re
from collections.abc import Callable
from functools import cache
from pathlib import Path

from directory.settings import PACKAGE

Palette = Callable[[str], str]
"""A color by its name in static/tokens.css."""


@cache
def _colors() -> tuple[dict[str, str], dict[str, str]]:
    """The colors of the style sheet: light, and dark."""
    text = Path(PACKAGE / "static" / "tokens.css").read_text(encoding="utf-8")
    light, _, after_light = text.partition("@media screen and (prefers-color-scheme: dark)")
    read = [dict(re.findall(r"--([\w-]+):\s*(#\w+);", part)) for part in (light, after_light.partition("@media")[0])]
    return read[0], {**read[0], **read[1]}


def palette_of(*, dark: bool) -> Palette:
    """The colors of pages, light or dark."""
    return _colors()[dark].__getitem__


def palette_of_page(name: str) -> str:
    """A color of a picture inside a page, whose style sheet knows it: light or dark, whichever the page is."""
    return f"var(--{name})"

"""The font Atkinson Hyperlegible (Braille Institute, OFL 1.1): widths, line breaks, outlines."""

import unicodedata
from functools import cache
from pathlib import Path
from threading import Lock

from directory.settings import PACKAGE

FILES = {
    False: PACKAGE / "static" / "vendor" / "atkinson-regular.ttf",
    True: PACKAGE / "static" / "vendor" / "atkinson-bold.ttf",
}


class Font:
    """One weight of the font."""

    def __init__(self, path: Path) -> None:
        from fontTools.ttLib import TTFont  # takes 0.25 s to import; needed for posters only

        self._font = TTFont(path)
        self._glyph_names: dict[int, str] = self._font.getBestCmap()
        self._glyphs = self._font.getGlyphSet()
        self._outlines: dict[str, str] = {}
        self._advances: dict[str, int] = {}
        self._metrics = self._font["hmtx"].metrics
        self.units: int = self._font["head"].unitsPerEm
        # The library unpacks a letter when it is first drawn, and two threads at once break it.
        self._drawing = Lock()

    def supported_text(self, text: str) -> str:
        """`text` with unsupported letters replaced by their base letter, or removed."""
        return "".join(self._supported(char) for char in text)

    def _supported(self, char: str) -> str:
        if ord(char) in self._glyph_names:
            return char
        base = {"ʻ": "‘", "‑": "-", "\u202f": " ", "\u00a0": " "}.get(char) or unicodedata.normalize("NFKD", char)
        return "".join(part for part in base if ord(part) in self._glyph_names)

    def width(self, text: str, size: float) -> float:
        """The width of a line in points."""
        return sum(self._advance(char) for char in self.supported_text(text)) * size / self.units

    def _advance(self, char: str) -> int:
        if char not in self._advances:
            self._advances[char] = int(self._metrics[self._glyph_names[ord(char)]][0])
        return self._advances[char]

    def outline(self, char: str) -> tuple[str, int]:
        """A letter as an SVG path in font units (y upwards), and its advance width."""
        name = self._glyph_names[ord(char)]
        if name not in self._outlines:
            from fontTools.pens.svgPathPen import SVGPathPen

            with self._drawing:
                pen = SVGPathPen(self._glyphs)
                self._glyphs[name].draw(pen)
                self._outlines[name] = pen.getCommands()
        return self._outlines[name], self._advance(char)

    def break_lines(self, text: str, size: float, width: float) -> list[str]:
        """Break `text` into lines no wider than `width`: between words, and inside words wider than a line."""
        broken: list[str] = []
        for word in self.supported_text(text).split():
            longer = f"{broken[-1]} {word}" if broken else word
            if broken and self.width(longer, size) <= width:
                broken[-1] = longer
            else:
                broken += self._break_word(word, size, width)
        return broken

    def _break_word(self, word: str, size: float, width: float) -> list[str]:
        pieces = [""]
        for char in word:
            if pieces[-1] and self.width(pieces[-1] + char, size) > width:
                pieces.append("")
            pieces[-1] += char
        return pieces


@cache
def font(bold: bool) -> Font:
    """The regular or the bold weight, read once."""
    return Font(FILES[bold])

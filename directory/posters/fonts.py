"""Atkinson Hyperlegible (Braille Institute, OFL 1.1): measuring, breaking lines, outlines."""

import unicodedata
from functools import cache
from pathlib import Path

from directory.settings import PACKAGE

FILES = {
    False: PACKAGE / "static" / "vendor" / "atkinson-regular.ttf",
    True: PACKAGE / "static" / "vendor" / "atkinson-bold.ttf",
}


class Font:
    """One weight."""

    def __init__(self, path: Path) -> None:
        from fontTools.ttLib import TTFont  # a quarter of a second to load: only posters need it

        self._font = TTFont(path)
        self._names: dict[int, str] = self._font.getBestCmap()
        self._glyphs = self._font.getGlyphSet()
        self._outlines: dict[str, str] = {}
        self._advances: dict[str, int] = {}
        self.units: int = self._font["head"].unitsPerEm

    def writable(self, text: str) -> str:
        """`text` with the letters that the font lacks replaced by their base letter, or left out."""
        return "".join(self._nearest(char) for char in text)

    def _nearest(self, char: str) -> str:
        if ord(char) in self._names:
            return char
        base = {"ʻ": "‘", "‑": "-", "\u202f": " ", "\u00a0": " "}.get(char) or unicodedata.normalize("NFKD", char)
        return "".join(part for part in base if ord(part) in self._names)

    def width(self, text: str, size: float) -> float:
        """How wide a line is, in points."""
        return sum(self._advance(char) for char in self.writable(text)) * size / self.units

    def _advance(self, char: str) -> int:
        if char not in self._advances:
            self._advances[char] = int(self._font["hmtx"][self._names[ord(char)]][0])
        return self._advances[char]

    def outline(self, char: str) -> tuple[str, int]:
        """A letter as an SVG path in font units (upwards), and how far the next one stands."""
        name = self._names[ord(char)]
        if name not in self._outlines:
            from fontTools.pens.svgPathPen import SVGPathPen

            pen = SVGPathPen(self._glyphs)
            self._glyphs[name].draw(pen)
            self._outlines[name] = pen.getCommands()
        return self._outlines[name], self._advance(char)

    def lines(self, text: str, size: float, width: float) -> list[str]:
        """`text` broken into lines no wider than `width`: between words, and inside a word that is wider alone."""
        found: list[str] = []
        for word in self.writable(text).split():
            longer = f"{found[-1]} {word}" if found else word
            if found and self.width(longer, size) <= width:
                found[-1] = longer
            else:
                found += self._pieces(word, size, width)
        return found

    def _pieces(self, word: str, size: float, width: float) -> list[str]:
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

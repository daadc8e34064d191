"""A page as shapes in points from its upper left corner, for the PDF and the SVG writer."""

from dataclasses import dataclass, field

PAPERS = {"letter": (612.0, 792.0), "a4": (595.28, 841.89)}
BLACK, WHITE, BAND = "#000000", "#ffffff", "#08464b"


@dataclass(frozen=True, slots=True)
class TextLine:
    """One line of supported text; `y` is its base line."""

    x: float
    y: float
    size: float
    text: str
    bold: bool = False
    colour: str = BLACK


@dataclass(frozen=True, slots=True)
class Box:
    """A filled rectangle."""

    x: float
    y: float
    width: float
    height: float
    colour: str


@dataclass(frozen=True, slots=True)
class Code:
    """A QR code: its dark modules as rows of flags, filling a square of `size`."""

    x: float
    y: float
    size: float
    rows: tuple[tuple[bool, ...], ...]


@dataclass(frozen=True, slots=True)
class PosterPicture:
    """A JPEG, stretched to this rectangle."""

    x: float
    y: float
    width: float
    height: float
    jpeg: bytes


@dataclass(slots=True)
class PosterSheet:
    """A page. `title`, `language` and `text` are for screen readers."""

    width: float
    height: float
    title: str
    language: str
    text: str = ""
    marks: list[TextLine | Box | Code | PosterPicture] = field(default_factory=list)

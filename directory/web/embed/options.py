"""What a host may choose of an embed: one set of options for the frame, the loader, the builder and oEmbed."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import StrEnum

from directory.web.embed.theme import Theme, parse_color
from directory.web.http.languages import language_of
from directory.web.query.integers import number_in

LEAST_HEIGHT, USUAL_HEIGHT, MOST_HEIGHT = 200, 640, 2_000
COMPACT_HEIGHT = 480
USUAL_WIDTH = 720


class Shape(StrEnum):
    """What a frame shows: list and map, one of the two, or both in 360 by 480 pixels."""

    BOTH = "both"
    LIST = "list"
    MAP = "map"
    COMPACT = "compact"


@dataclass(frozen=True, slots=True)
class EmbedOptions:
    """Language (empty: the reader's), colour (empty: ours), light or dark, search box, shape, height in pixels."""

    lang: str = ""
    color: str = ""
    theme: Theme = Theme.AUTO
    search: bool = True
    shape: Shape = Shape.BOTH
    height: int = USUAL_HEIGHT

    @property
    def usual_height(self) -> int:
        """The height in pixels that the shape has where none is asked for."""
        return COMPACT_HEIGHT if self.shape is Shape.COMPACT else USUAL_HEIGHT

    @property
    def query(self) -> dict[str, str]:
        """The options that differ from the usual, as the frame's address has them."""
        values = {
            "lang": self.lang,
            "color": self.color,
            "theme": "" if self.theme is Theme.AUTO else self.theme.value,
            "search": "" if self.search else "0",
            "shape": "" if self.shape is Shape.BOTH else self.shape.value,
        }
        return {name: value for name, value in values.items() if value}


def read_options(args: Mapping[str, str]) -> EmbedOptions:
    """Options as an address has them. What cannot be used falls back to the usual: residents are not to see errors."""
    theme, shape = args.get("theme", ""), args.get("shape", "")
    height = number_in(args.get("height", ""))
    usual = EmbedOptions(
        lang=language_of(args.get("lang", "")),
        color=parse_color(args.get("color", "")) or "",
        theme=Theme(theme) if theme in set(Theme) else Theme.AUTO,
        search=args.get("search", "1") != "0",
        shape=Shape(shape) if shape in set(Shape) else Shape.BOTH,
    )
    return replace(usual, height=usual.usual_height if height is None else min(max(height, LEAST_HEIGHT), MOST_HEIGHT))

"""What a host may choose of an embed: one set of options for the frame, the loader, the builder and oEmbed."""

from collections.abc import Mapping
from dataclasses import dataclass

from directory.web.embed.theme import Theme, parse_color
from directory.web.http.languages import language_of
from directory.web.query.integers import number_in

LEAST_HEIGHT, USUAL_HEIGHT, MOST_HEIGHT = 200, 640, 2_000
USUAL_WIDTH = 720


@dataclass(frozen=True, slots=True)
class EmbedOptions:
    """Language (empty: the reader's), colour (empty: ours), light or dark, with a search box, height in pixels."""

    lang: str = ""
    color: str = ""
    theme: Theme = Theme.AUTO
    search: bool = True
    height: int = USUAL_HEIGHT

    @property
    def query(self) -> dict[str, str]:
        """The options that differ from the usual, as the frame's address has them."""
        given = {"lang": self.lang, "color": self.color, "theme": "" if self.theme is Theme.AUTO else self.theme.value,
                 "search": "" if self.search else "0"}  # fmt: skip
        return {name: value for name, value in given.items() if value}


def read_options(given: Mapping[str, str]) -> EmbedOptions:
    """Options as an address has them. What cannot be used falls back to the usual: residents are not to see errors."""
    theme = given.get("theme", "")
    height = number_in(given.get("height", ""))
    return EmbedOptions(
        language_of(given.get("lang", "")),
        parse_color(given.get("color", "")) or "",
        Theme(theme) if theme in set(Theme) else Theme.AUTO,
        given.get("search", "1") != "0",
        USUAL_HEIGHT if height is None else min(max(height, LEAST_HEIGHT), MOST_HEIGHT),
    )  # fmt: skip

"""Render a poster as a file; the last ones are cached, since a preview comes before a print."""

from functools import lru_cache

from directory.posters.layout import Logo, Wording, lay_out
from directory.posters.pdf import to_pdf
from directory.posters.svg import to_svg

MEDIA_TYPES = {"pdf": "application/pdf", "svg": "image/svg+xml"}


@lru_cache(maxsize=8)
def poster(
    form: str, paper: str, wordings: tuple[Wording, ...], department: str, address: str, logo: Logo | None
) -> bytes:
    """Render the file. Raises KeyError for an unknown form or paper."""
    write = {"pdf": to_pdf, "svg": to_svg}[form]
    return write(lay_out(paper, wordings, department, address, logo))

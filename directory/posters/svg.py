"""A sheet as SVG. Letters become outlines, so that it looks the same at every printer's."""

from base64 import b64encode
from collections.abc import Iterator
from xml.sax.saxutils import escape, quoteattr

from directory.posters.fonts import font
from directory.posters.sheet import BLACK, WHITE, Box, Code, Line, Picture, Sheet
from directory.text import xml_safe


def to_svg(sheet: Sheet) -> bytes:
    """The file; the same sheet gives the same bytes."""
    marks = "\n".join(_drawn(mark) for mark in sheet.marks)
    letters = "\n".join(_letters(sheet))
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{sheet.width:g}pt" height="{sheet.height:g}pt" '
        f'viewBox="0 0 {sheet.width:g} {sheet.height:g}" role="img" lang={quoteattr(sheet.language)} '
        f'aria-labelledby="title text">\n<title id="title">{_text(sheet.title)}</title>\n'
        f'<desc id="text">{_text(sheet.text)}</desc>\n'
        f'<rect width="100%" height="100%" fill="{WHITE}"/>\n<defs>\n{letters}\n</defs>\n{marks}\n</svg>\n'
    ).encode()


def _text(words: str) -> str:
    return escape(xml_safe(words))


def _drawn(mark: Line | Box | Code | Picture) -> str:
    if isinstance(mark, Line):
        return _line(mark)
    if isinstance(mark, Box):
        size = f'width="{mark.width:g}" height="{mark.height:g}"'
        return f'<rect x="{mark.x:g}" y="{mark.y:g}" {size} fill="{mark.colour}"/>'
    if isinstance(mark, Code):
        return _code(mark)
    data = b64encode(mark.jpeg).decode()
    return (
        f'<image x="{mark.x:g}" y="{mark.y:g}" width="{mark.width:g}" height="{mark.height:g}" '
        f'href="data:image/jpeg;base64,{data}"/>'
    )


def _letters(sheet: Sheet) -> Iterator[str]:
    """Every letter of the sheet, drawn once."""
    used = {(mark.bold, char) for mark in sheet.marks if isinstance(mark, Line) for char in mark.words}
    for bold, char in sorted(used):
        path, _ = font(bold).outline(char)
        if path:
            yield f'<path id="{_name(bold, char)}" d="{path}"/>'


def _name(bold: bool, char: str) -> str:
    return f"{'b' if bold else 'r'}{ord(char)}"


def _line(line: Line) -> str:
    letters, scale = font(line.bold), line.size / font(line.bold).units
    used, x = [], 0
    for char in line.words:
        path, advance = letters.outline(char)
        if path:
            used.append(f'<use href="#{_name(line.bold, char)}" x="{x}"/>')
        x += advance
    place = f"translate({line.x:.2f} {line.y:.2f}) scale({scale:.6f} {-scale:.6f})"
    return f'<g fill="{line.colour}" transform="{place}">{"".join(used)}</g>'


def _code(code: Code) -> str:
    """One path: each run of dark modules is a stripe."""
    module = code.size / len(code.rows)
    stripes = []
    for number, row in enumerate(code.rows):
        start = None
        for column, dark in enumerate([*row, False]):
            if dark and start is None:
                start = column
            elif not dark and start is not None:
                stripes.append(f"M{start} {number}h{column - start}v1h-{column - start}z")
                start = None
    place = f"translate({code.x:g} {code.y:g}) scale({module:.5f})"
    return f'<path fill="{BLACK}" shape-rendering="crispEdges" transform="{place}" d="{"".join(stripes)}"/>'

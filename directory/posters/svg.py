"""Write a sheet as SVG. Letters are outlines, so that no font is needed to print it."""

from base64 import b64encode
from collections.abc import Iterator

from directory.posters.fonts import font
from directory.posters.sheet import BLACK, WHITE, Box, Code, PosterPicture, PosterSheet, TextLine
from directory.xml_writer import Xml, element, lines


def to_svg(sheet: PosterSheet) -> bytes:
    """The sheet as an SVG file; the same sheet gives the same bytes."""
    size = {"width": f"{sheet.width:g}pt", "height": f"{sheet.height:g}pt"}
    root = {
        "xmlns": "http://www.w3.org/2000/svg", **size, "viewBox": f"0 0 {sheet.width:g} {sheet.height:g}",
        "role": "img", "lang": sheet.language, "aria-labelledby": "title text",
    }  # fmt: skip
    content = lines(
        Xml(),
        element("title", {"id": "title"}, sheet.title),
        element("desc", {"id": "text"}, sheet.text),
        element("rect", {"width": "100%", "height": "100%", "fill": WHITE}),
        element("defs", {}, *_glyph_definitions(sheet)),
        *[_draw(mark) for mark in sheet.marks],
    )
    return lines(element("svg", root, content)).encode()


def _draw(mark: TextLine | Box | Code | PosterPicture) -> Xml:
    if isinstance(mark, TextLine):
        return _draw_text(mark)
    if isinstance(mark, Code):
        return _draw_code(mark)
    place = {"x": f"{mark.x:g}", "y": f"{mark.y:g}", "width": f"{mark.width:g}", "height": f"{mark.height:g}"}
    if isinstance(mark, Box):
        return element("rect", {**place, "fill": mark.colour})
    return element("image", {**place, "href": f"data:image/jpeg;base64,{b64encode(mark.jpeg).decode()}"})


def _glyph_definitions(sheet: PosterSheet) -> Iterator[Xml]:
    """The outline of each letter of the sheet, once."""
    glyphs = {(mark.bold, char) for mark in sheet.marks if isinstance(mark, TextLine) for char in mark.text}
    for bold, char in sorted(glyphs):
        path, _ = font(bold).outline(char)
        if path:
            yield lines(element("path", {"id": _glyph_id(bold, char), "d": path}))


def _glyph_id(bold: bool, char: str) -> str:
    return f"{'b' if bold else 'r'}{ord(char)}"


def _draw_text(line: TextLine) -> Xml:
    typeface, scale = font(line.bold), line.size / font(line.bold).units
    glyphs, x = [], 0
    for char in line.text:
        path, advance = typeface.outline(char)
        if path:
            glyphs.append(element("use", {"href": f"#{_glyph_id(line.bold, char)}", "x": x}))
        x += advance
    transform = f"translate({line.x:.2f} {line.y:.2f}) scale({scale:.6f} {-scale:.6f})"
    return element("g", {"fill": line.colour, "transform": transform}, *glyphs)


def _draw_code(code: Code) -> Xml:
    """One path with a rectangle for each run of dark modules."""
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
    transform = f"translate({code.x:g} {code.y:g}) scale({module:.5f})"
    attributes = {"fill": BLACK, "shape-rendering": "crispEdges", "transform": transform, "d": "".join(stripes)}
    return element("path", attributes)

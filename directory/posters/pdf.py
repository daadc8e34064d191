"""Write a sheet as PDF with selectable text and embedded fonts."""

import io
from typing import TYPE_CHECKING

from directory import clock
from directory.posters.fonts import FILES
from directory.posters.sheet import Box, Code, PosterPicture, PosterSheet, TextLine

if TYPE_CHECKING:
    from fpdf import FPDF


def to_pdf(sheet: PosterSheet) -> bytes:
    """The sheet as a PDF file."""
    from fpdf import FPDF  # takes 0.2 s and 16 MB to import; needed for posters only

    pdf = FPDF(unit="pt", format=(sheet.width, sheet.height))
    pdf.set_auto_page_break(auto=False)
    pdf.set_creation_date(clock.now())
    pdf.set_title(sheet.title)
    pdf.set_lang(sheet.language)
    pdf.set_creator("Safe Zone Directory")
    pdf.set_display_mode("fullpage")
    for bold, path in FILES.items():
        pdf.add_font("Atkinson", "B" if bold else "", path)
    pdf.add_page()
    for mark in sheet.marks:
        _draw(pdf, mark)
    return bytes(pdf.output())


def _draw(pdf: "FPDF", mark: TextLine | Box | Code | PosterPicture) -> None:
    if isinstance(mark, TextLine):
        pdf.set_font("Atkinson", "B" if mark.bold else "", mark.size)
        pdf.set_text_color(mark.colour)
        pdf.text(mark.x, mark.y, mark.text)
    elif isinstance(mark, Box):
        pdf.set_fill_color(mark.colour)
        pdf.rect(mark.x, mark.y, mark.width, mark.height, style="F")
    elif isinstance(mark, Code):
        _draw_code(pdf, mark)
    else:
        pdf.image(io.BytesIO(mark.jpeg), mark.x, mark.y, mark.width, mark.height)


def _draw_code(pdf: "FPDF", code: Code) -> None:
    module = code.size / len(code.rows)
    pdf.set_fill_color("#000000")
    for number, row in enumerate(code.rows):
        for place, dark in enumerate(row):
            if dark:
                # Slightly larger than a module, so that no white lines show between modules.
                pdf.rect(code.x + place * module, code.y + number * module, module * 1.02, module * 1.02, style="F")

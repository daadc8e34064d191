"""Pictures of the gallery: of each piece, in every language, light and dark."""

import io
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from PIL import Image
from playwright.sync_api import Browser, Page

from directory.languages import SOURCE_LANGUAGE
from directory.web.http.languages import available
from quality.gallery.site import HERE
from quality.site import ROOT, STOP_SECONDS, chromium, free_port, wait_for_server

PHONE, DESK = 390, 1280
MARGIN = 6
"""CSS pixels around a piece that are in its picture: a focus ring lies outside."""
FORCED = "[data-forced], [data-forced-within] a"
"""What a sample shows as if it had the focus: what carries the mark, or the links within it."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """One way to look at the whole gallery: a language, "light" or "dark", and a width in CSS pixels."""

    language: str
    scheme: Literal["light", "dark"]
    width: int

    @property
    def name(self) -> str:
        """What its pictures are called."""
        return f"{self.language}-{self.scheme}-{self.width}"


def sheets() -> list[Sheet]:
    """Each language on a phone, light and dark; on a desk once, for there the words have room."""
    light = [Sheet(language, "light", PHONE) for language in available()]
    dark = [Sheet(language, "dark", PHONE) for language in available()]
    return [*light, *dark, Sheet(SOURCE_LANGUAGE, "light", DESK)]


@contextmanager
def running_gallery() -> Iterator[str]:
    """Serve the gallery on loopback in a process of its own; gives its address."""
    with tempfile.TemporaryDirectory(prefix="gallery-") as folder:
        address, log = f"http://127.0.0.1:{(port := free_port())}/gallery", Path(folder) / "serve.log"
        command = [sys.executable, "-m", "quality.gallery", "serve", "--port", str(port), "--folder", folder]
        with log.open("w") as file:
            server = subprocess.Popen(command, cwd=ROOT, stdout=file, stderr=file)
        try:
            wait_for_server(server, address, log)
            yield address
        finally:
            server.terminate()
            server.wait(timeout=STOP_SECONDS)


@contextmanager
def browser_with_one_font() -> Iterator[Browser]:
    """Chromium that writes with the same letters on every machine."""
    with chromium(FONTCONFIG_FILE=str(HERE / "fonts.conf")) as browser:
        yield browser


def pictures_of(browser: Browser, address: str, sheet: Sheet, style: str = "") -> dict[str, Image.Image]:
    """The picture of each piece, by its name; `style` is CSS that is added to the page's own."""
    context = browser.new_context(
        viewport={"width": sheet.width, "height": 844},
        color_scheme=sheet.scheme,
        bypass_csp=bool(style),
        extra_http_headers={"Accept-Encoding": "identity"},  # the style as it is now, not as it was last compressed
    )
    page = context.new_page()
    page.goto(f"{address}?lang={sheet.language}")
    if style:
        page.add_style_tag(content=style)
    _force_states(page)
    whole = Image.open(io.BytesIO(page.screenshot(full_page=True, animations="disabled"))).convert("RGB")
    boxes = page.evaluate(
        """() => [...document.querySelectorAll('[data-piece]')].map((piece) => {
          const { left, top, right, bottom } = piece.getBoundingClientRect();
          return [piece.dataset.piece, left, top + scrollY, right, bottom + scrollY];
        })"""
    )
    context.close()
    return {name: whole.crop(_with_margin(*map(round, box))) for name, *box in boxes}


def _with_margin(left: int, top: int, right: int, bottom: int) -> tuple[int, int, int, int]:
    return left - MARGIN, top - MARGIN, right + MARGIN, bottom + MARGIN


def _force_states(page: Page) -> None:
    """Show what is marked so as if it had the focus: only one element of a page can really have it."""
    protocol = page.context.new_cdp_session(page)
    protocol.send("DOM.enable")
    protocol.send("CSS.enable")
    root = protocol.send("DOM.getDocument")["root"]["nodeId"]
    for node in protocol.send("DOM.querySelectorAll", {"nodeId": root, "selector": FORCED})["nodeIds"]:
        protocol.send("CSS.forcePseudoState", {"nodeId": node, "forcedPseudoClasses": ["focus", "focus-visible"]})

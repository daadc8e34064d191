"""Take the pictures of the documents again: `python -m quality.document_pictures`."""

import io
import sys
import tempfile
from pathlib import Path

from PIL import Image
from playwright.sync_api import Page

from quality.hosts import inside, running_host
from quality.site import ROOT, chromium, running_site, wait_for_map

FOLDER = ROOT / "docs"
COLOURS = 128
"""Enough for flat colours, rare ones too, and smoothed letters, in a third of the bytes."""
MAP_SETTLES = 1_500
"""Milliseconds until the names of towns and the outlines are drawn."""


def take(page: Page, name: str) -> Path:
    """Keep what stands in the window."""
    page.wait_for_timeout(MAP_SETTLES)
    picture = Image.open(io.BytesIO(page.screenshot())).convert("RGB")
    path = FOLDER / f"{name}.png"
    picture.quantize(COLOURS, Image.Quantize.MAXCOVERAGE, kmeans=1, dither=Image.Dither.NONE).save(path, optimize=True)
    return path


def main() -> None:
    """Results, the builder of embeds, and its code on a page of somebody else's."""
    with (
        tempfile.TemporaryDirectory() as folder,
        running_site(Path(folder), tile_url="") as site,
        running_host() as town,
        chromium() as browser,
    ):
        page = browser.new_page(viewport={"width": 1280, "height": 900}, locale="en-US")
        page.goto(f"{site}/search?q=06840")
        wait_for_map(page)
        written = [take(page, "results")]

        page.goto(f"{site}/towns/ct/darien/embed?color=7a1f4b")
        frame = inside(page)
        wait_for_map(frame)
        page.evaluate("window.scrollTo(0, 0)")
        written.append(take(page, "embedding-builder"))

        code = page.locator("pre code").nth(1).text_content() or ""
        page.goto(town.put("safe-trade", code))
        wait_for_map(inside(page))
        page.evaluate("window.scrollTo(0, 0)")
        written.append(take(page, "embedding-pasted"))
    for path in written:
        sys.stdout.write(f"{path.relative_to(ROOT)}\n")


if __name__ == "__main__":
    main()

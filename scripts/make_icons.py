"""Draw the app's icons from static/icon.svg: PNG files for phones, which read no SVG. Needs Chromium.

All of them are committed: nobody needs Chromium to run the directory.
"""

from compress_static import STATIC
from playwright.sync_api import Browser

from quality.site import chromium

CIVIC = "#0b5c63"
MARK_SHARE = {"icon-192.png": 0.92, "icon-512.png": 0.92}
"""Plain icons: the mark on nothing, as large as it goes."""
FULL = {"icon-maskable-512.png": 0.56, "icon-180.png": 0.7}
"""Icons that phones cut out themselves: the mark in white on a whole ground, inside the circle that always shows."""


def main() -> None:
    """Draw every icon."""
    mark = (STATIC / "icon.svg").read_text(encoding="utf-8")
    turned = mark.replace('stroke="#fff"', f'stroke="{CIVIC}"').replace(f'fill="{CIVIC}"', 'fill="#fff"')
    with chromium() as browser:
        for name, share in MARK_SHARE.items():
            draw(browser, name, mark, share, "transparent")
        for name, share in FULL.items():
            draw(browser, name, turned, share, CIVIC)


def draw(browser: Browser, name: str, mark: str, share: float, ground: str) -> None:
    """Write one icon; its name ends with its width and height in pixels."""
    pixels = int(name.removesuffix(".png").rpartition("-")[2])
    page = browser.new_page(viewport={"width": pixels, "height": pixels})
    page.set_content(
        f"<style>body {{ margin: 0; height: 100vh; display: grid; place-items: center; background: {ground} }}"
        f"svg {{ width: {share:.0%}; height: {share:.0%} }}</style>{mark}"
    )
    page.screenshot(path=STATIC / name, omit_background=True)
    page.close()


if __name__ == "__main__":
    main()

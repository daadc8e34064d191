"""The embed on somebody else's site: weight, accessibility, keyboard."""

import tempfile
import urllib.request
from collections.abc import Iterator
from pathlib import Path

from playwright.sync_api import Browser

from quality.hosts import Host, inside, keyboard_passes, running_host
from quality.pages import axe_violations_with_frames
from quality.rows import Row
from quality.site import answer_tiles, chromium, running_site
from quality.web import NODE_MODULES, weigh

EMBEDS = ("embed/ct/new-canaan", "embed?near=06840", "embed?state=ct", "embed/zz/nowhere", "embed/ct/weston",
          "embed/ct/new-canaan?color=ffcc00&lang=es", "embed/ct/darien?shape=compact")  # fmt: skip


def embeds() -> Iterator[Row]:
    """Every kind of embed in a frame at another origin."""
    with tempfile.TemporaryDirectory() as folder, running_site(Path(folder)) as site, running_host() as host:
        yield loader_weight(site)
        with chromium() as browser:
            total, hosts = weigh(browser, site, "/embed/ct/new-canaan")
            yield Row("weight of an embed, compressed, without tiles", f"{total / 1024:.1f} KB", "≤ 60 KB",
                      total <= 60 * 1024)  # fmt: skip
            yield Row("other hosts than the tiles', embed", ", ".join(sorted(hosts)) or "none", "none", not hosts)
            yield violations(browser, site, host)
            yield keyboard(browser, site, host)


def loader_weight(site: str) -> Row:
    """embed.js as a browser gets it."""
    request = urllib.request.Request(f"{site}/embed.js", headers={"Accept-Encoding": "gzip"})
    with urllib.request.urlopen(request, timeout=10) as response:
        size = len(response.read())
    return Row("weight of embed.js, compressed (gzip)", f"{size} bytes", "≤ 2 KB", size <= 2048)


def violations(browser: Browser, site: str, host: Host) -> Row:
    """axe over host page and frame together, at both widths, light and dark."""
    axe = (NODE_MODULES / "axe-core" / "axe.min.js").read_text(encoding="utf-8")
    found: list[str] = []
    looked = 0
    for width in (390, 1280):
        for scheme in ("light", "dark"):
            context = browser.new_context(viewport={"width": width, "height": 900}, color_scheme=scheme)  # type: ignore[arg-type]
            answer_tiles(context)
            for number, path in enumerate(EMBEDS):
                page = context.new_page()
                code = f'<iframe src="{site}/{path}" title="Safe zones" width="100%" height="700"></iframe>'
                page.goto(host.put(f"axe-{number}", code))
                inside(page)
                found += [f"{path} {width} {scheme}: {item}" for item in axe_violations_with_frames(page, axe)]
                looked += 1
                page.close()
            context.close()
    return Row("axe violations inside the frame", f"{len(found)} on {looked} page views", "0", not found,
               "; ".join(found[:5]))  # fmt: skip


def keyboard(browser: Browser, site: str, host: Host) -> Row:
    """Tab goes into the frame and out of it again, both ways."""
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    answer_tiles(context)
    page = context.new_page()
    page.goto(host.put("keys", f'<iframe src="{site}/embed/ct/new-canaan" title="Safe zones" height="700"></iframe>'))
    inside(page)
    passes = keyboard_passes(page)
    context.close()
    return Row("keyboard into the frame and out again, both ways", "yes" if passes else "no", "yes", passes)

"""Maps: bytes, time in Python and time to painted markers, against what folium's documentation would have one write."""

import io
import json
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import brotli
import folium
from folium.plugins import MarkerCluster
from playwright.sync_api import Browser, BrowserContext, Page

from benchmarks import machines
from benchmarks.rows import Row, at_most
from quality.samples import points, write_zones
from quality.site import answer_tiles, chromium
from quality.web import answer_peer_files

SIZES = (100, 1_000, 10_000, 20_000)
AS_SERVED = 4
"""Brotli's quality where answers are compressed as they go out."""
SLOWER = 4
"""How many times slower a phone's processor is played."""


def maps() -> Iterator[Row]:
    """Each size on a site of its own, and as a default folium page in the same browser."""
    with chromium() as browser:
        for size in SIZES:
            with tempfile.TemporaryDirectory() as name:
                zones = Path(name) / "zones.geojson"
                write_zones(zones, size)
                with machines.site(Path(name), zones, workers=1, zones_file=str(zones)) as site:
                    yield from _compared(browser, site, size)


def _compared(browser: Browser, site: str, size: int) -> Iterator[Row]:
    begun = time.perf_counter()
    peer = default_folium_page(size)
    peer_python = time.perf_counter() - begun
    ours_bytes, ours_python = weigh(site)
    peer_bytes = len(brotli.compress(peer, quality=AS_SERVED))
    goal = 1 / 20 if size == 1_000 else None
    ratio = ours_bytes / peer_bytes
    yield Row("map: bytes of the data and the frame, compressed", f"{size:,} zones", kilobytes(ours_bytes),
              kilobytes(peer_bytes), round(ratio, 3), "≤ 0.05x" if goal else "told", ratio <= goal if goal else None,
              "the scripts that any map needs left out on both sides")  # fmt: skip
    yield Row("map: the positions alone, as small as they get", f"{size:,} zones", kilobytes(least_bytes(size)),
              kilobytes(peer_bytes), round(least_bytes(size) / peer_bytes, 3), "told", None,
              "to a meter, without name, town and address")  # fmt: skip
    yield Row("map: time in Python", f"{size:,} zones", f"{ours_python * 1e3:.1f} ms", f"{peer_python:.2f} s",
              round(ours_python / peer_python, 4), "told", None, "ours: both answers, once they are known")  # fmt: skip
    for slower in (1, SLOWER):
        ours = min(painted(browser, site, ".zone-cluster, .zone-pin", slower) for _ in range(2))
        theirs = painted_peer(browser, peer, slower)
        phone = "" if slower == 1 else f", processor slowed {slower}x"
        whole = theirs + peer_python
        name = f"map: painted markers{phone}"
        if size == 10_000:
            yield at_most(name, f"{size:,} zones", f"{ours:.2f} s", f"{whole:.2f} s", ours / whole, 1 / 3)
        else:
            bound = size == 20_000 and slower == 1
            yield Row(name, f"{size:,} zones", f"{ours:.2f} s", f"{whole:.2f} s", round(ours / whole, 3),
                      "≤ 1.2 s" if bound else "told", ours <= 1.2 if bound else None)  # fmt: skip


def kilobytes(size: int) -> str:
    """A size to read."""
    return f"{size / 1024:,.0f} KB"


def weigh(site: str) -> tuple[int, float]:
    """Compressed bytes of the frame and the zones, and the seconds the server takes for both."""
    page = urllib.request.urlopen(site).read().decode()
    addresses = [part for part in page.replace('"', " ").split() if part.startswith("/map/")]
    total, begun = 0, time.perf_counter()
    for address in sorted(set(addresses)):
        request = urllib.request.Request(site + address, headers={"Accept-Encoding": "gzip, deflate, br"})
        total += len(urllib.request.urlopen(request).read())
    return total, time.perf_counter() - begun


def least_bytes(size: int) -> int:
    """What no map can do without: where its zones are."""
    spots = points(size)
    columns = [[round(spot.longitude * 1e5) for spot in spots], [round(spot.latitude * 1e5) for spot in spots]]
    return len(brotli.compress(json.dumps(columns, separators=(",", ":")).encode(), quality=11))


def default_folium_page(size: int) -> bytes:
    """A loop of markers in a cluster."""
    page = folium.Map(location=[39.5, -96], zoom_start=4)
    cluster = MarkerCluster().add_to(page)
    for number, point in enumerate(points(size)):
        folium.Marker([point.latitude, point.longitude], popup=f"Zone {number}").add_to(cluster)
    file = io.BytesIO()
    page.save(file, close_file=False)
    return file.getvalue()


def _page(context: BrowserContext, slower: int) -> Page:
    page = context.new_page()
    context.new_cdp_session(page).send("Emulation.setCPUThrottlingRate", {"rate": slower})
    return page


def painted(browser: Browser, site: str, sign: str, slower: int) -> float:
    """Seconds from asking for the page until its zones are there."""
    context = browser.new_context(viewport={"width": 1280, "height": 1400})
    answer_tiles(context)
    page = _page(context, slower)
    begun = time.perf_counter()
    page.goto(site, wait_until="commit")
    page.locator(sign).first.wait_for(timeout=120_000)
    seconds = time.perf_counter() - begun
    context.close()
    return seconds


def painted_peer(browser: Browser, content: bytes, slower: int) -> float:
    """The same for the default folium page, whose scripts come from this machine instead of four hosts."""
    context = browser.new_context(viewport={"width": 1280, "height": 1400})
    answer_peer_files(context, content)
    page = _page(context, slower)
    begun = time.perf_counter()
    page.goto("http://127.0.0.1:1/", wait_until="commit")
    page.locator(".marker-cluster, .leaflet-marker-icon").first.wait_for(timeout=240_000)
    seconds = time.perf_counter() - begun
    context.close()
    return seconds

"""The first view of a map with streets of our own: how much it weighs more, and when it is painted."""

import json
import random
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Request

from quality.rows import Row
from quality.site import chromium, running_site

PAGES = ("/towns/ct/new-canaan", "/search?q=06840", "/zones/ct-darien-parking-lot")
SLOWER = 4
"""As Lighthouse slows a desk's processor down to that of a phone."""
MOST_KILOBYTES, MOST_SECONDS = 250, 1.5
WEST, SOUTH, EAST, NORTH = -73.70, 40.98, -73.30, 41.30
BLOCK = 0.0016
"""Degrees between two streets: about 150 m, denser than the suburbs around New Canaan."""
TIMES = 3


def first_view() -> Iterator[Row]:
    """Bytes on the wire with streets less those without, and seconds until the last tile is painted."""
    with tempfile.TemporaryDirectory() as folder, chromium() as browser:
        file = made_region(Path(folder))
        with running_site(made(folder, "bare"), tile_url="") as site:
            before = {path: look(browser, site + path, streets=False)[0] for path in PAGES}
        with running_site(made(folder, "streets"), basemap=str(file)) as site:
            for path in PAGES:
                looks = [look(browser, site + path, streets=True) for _ in range(TIMES)]
                kilobytes = (looks[0][0] - before[path]) / 1024
                seconds = min(seconds for _, seconds in looks)
                light, soon = kilobytes <= MOST_KILOBYTES, seconds <= MOST_SECONDS
                note = f"a made region, {file.stat().st_size / 1e6:.1f} MB, blocks of 150 m, to level 14"
                weight = f"streets, more bytes of the first view, {path}"
                yield Row(weight, f"{kilobytes:.0f} KB", f"≤ {MOST_KILOBYTES} KB", light, note)
                paint = f"streets painted, processor slowed {SLOWER} times, {path}"
                yield Row(paint, f"{seconds:.2f} s", f"≤ {MOST_SECONDS} s", soon)


def made(folder: str, name: str) -> Path:
    """A folder for a site of its own."""
    path = Path(folder) / name
    path.mkdir()
    return path


def look(browser: Browser, address: str, *, streets: bool) -> tuple[int, float]:
    """Bytes on the wire of a page with its map, without outlines; and seconds from navigation to the painted map."""
    context = browser.new_context(viewport={"width": 1280, "height": 900}, service_workers="block")
    page = context.new_page()
    sizes: list[int] = []

    def count(request: Request) -> None:
        if not request.url.endswith(".geojson") and "/map/names-" not in request.url:
            sizes.append(request.sizes()["responseBodySize"])

    page.on("requestfinished", count)
    if streets:
        page.context.new_cdp_session(page).send("Emulation.setCPUThrottlingRate", {"rate": SLOWER})
    page.goto(address)
    page.locator("[data-map][data-paved]" if streets else "[data-map][data-outlined]").wait_for(timeout=60_000)
    seconds = float(page.locator("[data-map]").get_attribute("data-paved") or 0) / 1000
    page.wait_for_timeout(300)
    context.close()
    return sum(sizes), seconds


def made_region(folder: Path) -> Path:
    """A basemap of a grid of crooked streets and houses, in Protomaps' schema."""
    drawn, target = folder / "region.geojson", folder / "region.pmtiles"
    with drawn.open("w") as file:
        for layer, kind, least, geometry, more in _features(random.Random(1)):
            tile = {"layer": layer, "minzoom": least}
            shape = {"type": "Feature", "tippecanoe": tile, "properties": {"kind": kind, **more}, "geometry": geometry}
            file.write(json.dumps(shape) + "\n")
    tippecanoe = Path(sys.executable).with_name("tippecanoe")
    subprocess.run([tippecanoe, "--quiet", "--maximum-zoom=14", f"--output={target}", drawn], check=True)
    return target


Feature = tuple[str, str, int, dict[str, Any], dict[str, object]]


def _features(chance: random.Random) -> Iterator[Feature]:
    ground = [[WEST, SOUTH], [EAST, SOUTH], [EAST, NORTH], [WEST, NORTH], [WEST, SOUTH]]
    yield "earth", "earth", 0, {"type": "Polygon", "coordinates": [ground]}, {}
    yield "water", "lake", 8, _square(-73.49, 41.19, 0.01), {}
    columns, rows = int((EAST - WEST) / BLOCK), int((NORTH - SOUTH) / BLOCK)
    corner = {
        (column, row): [round(WEST + (column + chance.uniform(-0.3, 0.3)) * BLOCK, 5),
                        round(SOUTH + (row + chance.uniform(-0.3, 0.3)) * BLOCK, 5)]
        for column in range(columns + 1) for row in range(rows + 1)
    }  # fmt: skip
    for column in range(columns + 1):
        yield _street([corner[column, row] for row in range(rows + 1)], column)
    for row in range(rows + 1):
        yield _street([corner[column, row] for column in range(columns + 1)], row)
    for longitude, latitude in list(corner.values())[::2]:
        yield "buildings", "building", 14, _square(longitude + BLOCK / 2, latitude + BLOCK / 2, 0.00015), {}
    for number in range(40):
        place = {"type": "Point", "coordinates": chance.choice(list(corner.values()))}
        yield "places", "locality", 8, place, {"name": f"Town {number}", "population_rank": number % 10}


def _street(points: list[list[float]], number: int) -> Feature:
    """Every tenth is a larger one."""
    kind, least = ("highway", 5) if number % 50 == 0 else ("major_road", 8) if number % 10 == 0 else ("minor_road", 12)
    return "roads", kind, least, {"type": "LineString", "coordinates": points}, {"name": f"Street {number}"}


def _square(longitude: float, latitude: float, half: float) -> dict[str, Any]:
    signs = ((-1, -1), (1, -1), (1, 1), (-1, 1), (-1, -1))
    ring = [[round(longitude + x * half, 5), round(latitude + y * half, 5)] for x, y in signs]
    return {"type": "Polygon", "coordinates": [ring]}

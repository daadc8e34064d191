"""Pages: weight, map, policy, accessibility, hostile text."""

import io
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import folium
from folium.plugins import MarkerCluster
from playwright.sync_api import Browser, BrowserContext, Page, Route

from quality.desks import administrator, made_ready
from quality.pages import PAGES, axe_violations
from quality.rows import Row
from quality.samples import points, write_zones
from quality.site import (
    ROOT,
    TILE_HOST,
    answer_tiles,
    chromium,
    chromium_path,
    running_site,
    wait_for_map,
    watch_policy,
)

NODE_MODULES = ROOT / "quality" / "node_modules"
MAP_ZONES = 10_000


WEIGHTS = {
    "/towns/ct/new-canaan": 60, "/search?q=06840": 64, "/zones/ct-darien-parking-lot": 64, "/kept": 20,
    "/meet?a=06820&b=06840": 64, "/zones/ct-darien-parking-lot/meet?date=tomorrow&time=2+pm&make=1": 64,
}  # fmt: skip
"""The pages that are weighed, and the most kilobytes of each; the last address leads to a meeting's card."""


def weights() -> Iterator[Row]:
    """Compressed bytes of pages with their map open, and the hosts they talk to."""
    with tempfile.TemporaryDirectory() as folder, running_site(Path(folder)) as site, chromium() as browser:
        for path, most in WEIGHTS.items():
            total, hosts = weigh(browser, site, path)
            kilobytes = total / 1024
            yield Row(
                f"weight of {path}, compressed, without tiles",
                f"{kilobytes:.1f} KB",
                f"≤ {most} KB",
                kilobytes <= most,
            )
            yield Row(
                f"other hosts than the tiles', {path}", str(sorted(hosts)) if hosts else "none", "none", not hosts
            )


def weigh(browser: Browser, site: str, path: str) -> tuple[int, set[str]]:
    """Bytes on the wire of a page on a desk, map included, and foreign hosts; without what its service worker saves."""
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    answer_tiles(context)
    page = context.new_page()
    sizes: list[int] = []
    hosts: set[str] = set()

    def count(request: object) -> None:
        host = urlsplit(request.url).netloc  # type: ignore[attr-defined]
        if host == urlsplit(site).netloc:
            sizes.append(request.sizes()["responseBodySize"])  # type: ignore[attr-defined]
        elif host != TILE_HOST:
            hosts.add(host)

    page.on("requestfinished", count)
    page.goto(site + path)
    if page.locator("[data-map]").count():
        wait_for_map(page)
    page.wait_for_timeout(500)
    context.close()
    return sum(sizes), hosts


def map_scale() -> Iterator[Row]:
    """10,000 zones painted, against a default folium page with a marker loop, in one run."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "zones.geojson"
        write_zones(path, MAP_ZONES)
        with running_site(Path(folder), path) as site, chromium() as browser:
            begun = time.perf_counter()
            peer = default_folium_page()
            peer_python = time.perf_counter() - begun
            ours = min(paint_ours(browser, site) for _ in range(3))
            theirs = min(paint_peer(browser, peer) for _ in range(2))
    yield Row(f"{MAP_ZONES:,} zones painted", f"{ours:.2f} s", "≤ 1 s", ours <= 1)
    ratio = ours / (theirs + peer_python)
    yield Row(
        f"{MAP_ZONES:,} zones painted, against a default folium page", f"{ratio:.2f}x", "≤ 0.33x", ratio <= 1 / 3,
        f"the default page: {len(peer) / 1e6:.1f} MB, {peer_python:.1f} s in Python, {theirs:.1f} s in the browser",
    )  # fmt: skip


def default_folium_page() -> bytes:
    """What folium's documentation would have one write."""
    page = folium.Map(location=[39.5, -96], zoom_start=4)
    cluster = MarkerCluster().add_to(page)
    for number, point in enumerate(points(MAP_ZONES)):
        folium.Marker([point.latitude, point.longitude], popup=f"Zone {number}").add_to(cluster)
    file = io.BytesIO()
    page.save(file, close_file=False)
    return file.getvalue()


def paint_ours(browser: Browser, site: str) -> float:
    """Seconds from asking for the home page until every zone is clustered and painted."""
    context = browser.new_context(viewport={"width": 1280, "height": 1400})
    answer_tiles(context)
    page = context.new_page()
    begun = time.perf_counter()
    page.goto(site, wait_until="commit")
    page.locator(".zone-cluster").first.wait_for(timeout=60_000)
    seconds = time.perf_counter() - begun
    context.close()
    return seconds


PEER_FILES = {
    "leaflet.js": "leaflet/dist/leaflet.js",
    "leaflet.css": "leaflet/dist/leaflet.css",
    "jquery": "jquery/dist/jquery.min.js",
    "leaflet.markercluster.js": "leaflet.markercluster/dist/leaflet.markercluster.js",
    "MarkerCluster.css": "leaflet.markercluster/dist/MarkerCluster.css",
    "MarkerCluster.Default.css": "leaflet.markercluster/dist/MarkerCluster.Default.css",
}


def answer_peer_files(context: BrowserContext, content: bytes) -> None:
    """Play the four hosts from which a default folium page takes its scripts, and the page itself."""

    def serve(route: Route) -> None:
        address = route.request.url
        if address == "http://127.0.0.1:1/":
            route.fulfill(status=200, content_type="text/html", body=content)
            return
        local = next((path for sign, path in PEER_FILES.items() if sign in address), None)
        if local:
            route.fulfill(status=200, path=NODE_MODULES / local)
        else:
            kind = "text/javascript" if address.endswith(".js") else "text/css"
            route.fulfill(status=200, content_type=kind, body="")

    context.route("**/*", serve)


def paint_peer(browser: Browser, content: bytes) -> float:
    """The same for the default folium page, whose scripts come from this machine instead of four hosts."""
    context = browser.new_context(viewport={"width": 1280, "height": 1400})
    answer_peer_files(context, content)
    page = context.new_page()
    begun = time.perf_counter()
    page.goto("http://127.0.0.1:1/", wait_until="commit")
    page.locator(".marker-cluster").first.wait_for(timeout=120_000)
    seconds = time.perf_counter() - begun
    context.close()
    return seconds


def policy_and_axe() -> Iterator[Row]:
    """Every page at both widths: violations of the policy and what axe-core finds, in light and dark."""
    axe = (NODE_MODULES / "axe-core" / "axe.min.js").read_text(encoding="utf-8")
    broken: list[str] = []
    found: list[str] = []
    looked = 0
    with tempfile.TemporaryDirectory() as folder, running_site(Path(folder)) as site, chromium() as browser:
        pages = [*PAGES, *made_ready(Path(folder), site)]
        signed_in = administrator(browser, Path(folder), site)
        for width in (390, 1280):
            for scheme in ("light", "dark"):
                context = browser.new_context(
                    viewport={"width": width, "height": 900},
                    color_scheme=scheme,
                    storage_state=signed_in,  # type: ignore[arg-type]
                )
                answer_tiles(context)
                for path in pages:
                    page = context.new_page()
                    problems = watch_policy(page)
                    page.goto(site + path)
                    open_map(page)
                    broken += [f"{path}: {item}" for item in problems + page.evaluate("window.violations")]
                    found += [f"{path} {width} {scheme}: {item}" for item in axe_violations(page, axe)]
                    looked += 1
                    page.close()
                context.close()
    yield Row(
        "violations of the content security policy",
        f"{len(broken)} on {looked} page views",
        "0",
        not broken,
        "; ".join(broken[:5]),
    )
    yield Row(
        "axe violations (WCAG 2.2 AA and best practice)",
        f"{len(found)} on {looked} page views",
        "0",
        not found,
        "; ".join(found[:5]),
    )


def open_map(page: Page) -> None:
    """Show the map where the page has one."""
    if page.locator("[data-map-show]:visible").count():
        page.locator("[data-map-show]").click()
    if page.locator("[data-map]").count():
        page.locator("[data-map]").scroll_into_view_if_needed()
        wait_for_map(page)


LIGHTHOUSE_PAGES = ("/", "/zones/ct-darien-parking-lot", "/towns/ct/new-canaan", "/kept")
LIGHTHOUSE_GOALS = {"accessibility": 100, "seo": 100, "best-practices": 96, "performance": 95}


def lighthouse() -> Iterator[Row]:
    """Lighthouse on a simulated phone."""
    with tempfile.TemporaryDirectory() as folder, running_site(Path(folder)) as site:
        for path in LIGHTHOUSE_PAGES:
            scores = lighthouse_scores(site + path, Path(folder))
            for category, goal in LIGHTHOUSE_GOALS.items():
                yield Row(
                    f"Lighthouse {category}, {path}", str(scores[category]), f"≥ {goal}", scores[category] >= goal
                )


def lighthouse_scores(address: str, folder: Path) -> dict[str, int]:
    """The scores of one page. Tile servers are out of reach here, which the page survives."""
    report = folder / "lighthouse.json"
    command = [
        "node", str(NODE_MODULES / "lighthouse" / "cli" / "index.js"), address, "--quiet", "--output=json",
            f"--output-path={report}", "--only-categories=" + ",".join(LIGHTHOUSE_GOALS),
            "--chrome-flags=--headless=new --no-sandbox --disable-gpu --disable-background-networking",
            f"--blocked-url-patterns=*{TILE_HOST}*",
    ]  # fmt: skip
    environment = {**os.environ, "CHROME_PATH": chromium_path() or ""}
    # Lighthouse sometimes loses its browser on a busy machine: one more try tells that from a page that fails.
    if subprocess.run(command, env=environment, capture_output=True, check=False).returncode:
        subprocess.run(command, env=environment, capture_output=True, check=True)
    categories = json.loads(report.read_text(encoding="utf-8"))["categories"]
    return {name: round(categories[name]["score"] * 100) for name in LIGHTHOUSE_GOALS}


def hostile() -> Iterator[Row]:
    """The permanent tests of hostile text in every field, parameter and path."""
    yield tested("hostile text stays literal (tests)", "-k", "hostile", "-m", "not postgres and not clients", "tests")


def clients() -> Iterator[Row]:
    """OGC's abstract tests on us and on pygeoapi; GDAL, OWSLib, QGIS, schemathesis and check-geojson."""
    yield tested("OGC 17-069 Annex A, on us and on pygeoapi (tests)", "tests/integration/clients/test_annex_a.py")
    yield tested(
        "real clients read everything, schemathesis finds nothing (tests)", "tests/integration/clients/test_programs.py"
    )


def tested(name: str, *choice: str) -> Row:
    """A promise that tests keep: their own last line."""
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", *choice], cwd=ROOT, capture_output=True, text=True, check=False
    )
    last = done.stdout.strip().splitlines()[-1] if done.stdout.strip() else "no output"
    return Row(name, last.partition(" in ")[0].strip("= "), "all pass", done.returncode == 0)

"""The recipes of docs/recipes, run as they stand there; what comes out is what the directory holds.

Only the site's address is another one. What a test adds behind a recipe prints what the recipe made.
"""

import ast
import csv
import functools
import http.server
import json
import re
import shutil
import subprocess
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, datetime, timedelta
from html import unescape
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import openpyxl
import pytest
from openpyxl.utils import get_column_letter
from playwright.sync_api import Browser, expect

from directory.clock import today
from directory.db.engine import open_database
from directory.geo import Coordinates, distance_m
from directory.geocoding.gazetteer import Gazetteer
from directory.settings import Settings
from directory.store.directory_reader import read_directory
from directory.store.importing.import_options import ImportOptions
from directory.store.importing.importer import import_file
from directory.store.repository import StoredZone
from directory.zones.freshness import age_on
from directory.zones.schemas import Setting, Status, TriState
from quality.site import running_site
from tests.conftest import ROOT, copied, required
from tests.integration.clients.conftest import HERE, ask, client
from tests.integration.clients.recipes import NEAR, RECIPES, Served, blocks, is_nearest, recipe_text
from tests.integration.clients.test_programs import run

pytestmark = pytest.mark.clients

CONFIRMED_DAYS_AGO = {"Norwalk": 10, "Stamford": 200, "Danbury": 400}
"""Towns of the county whose police confirmed a zone; of the packaged zones nobody has."""


@pytest.fixture(scope="module")
def served(real_settings: Settings, gazetteer: Gazetteer, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    folder = tmp_path_factory.mktemp("served")
    days = {town: (date.today() - timedelta(days=count)).isoformat() for town, count in CONFIRMED_DAYS_AGO.items()}
    rows = [f"{town} Police Department,{town},CT,lobby,{day}\n" for town, day in days.items()]
    (folder / "confirmed.csv").write_text("department,town,state,setting,confirmed_on\n" + "".join(rows))
    with copied(real_settings, folder) as settings:
        engine = open_database(settings.database)
        import_file(engine, folder / "confirmed.csv", gazetteer, ImportOptions())
        zones = {zone.zone_id: zone for zone in read_directory(engine).zones if zone.status is not Status.WITHDRAWN}
        engine.dispose()
        with running_site(folder, api_per_minute="1000000") as address:
            yield Served(address, zones)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The folder in which a recipe is run, with the files that it names."""
    for name in ("county.geojson", "own-points.csv"):
        shutil.copy(RECIPES / name, tmp_path)
    return tmp_path


def in_folder(folder: Path, *command: object, **environment: str) -> str:
    return run("env", "-C", folder, *command, **environment)


def test_the_directory_of_these_tests_has_zones_of_every_freshness_in_the_county(served: Served) -> None:
    assert set(served.inside.values()) == {"fresh", "old", "faded", "never confirmed"}
    assert len(served.inside) >= 8 and len(served.recorded) >= 1


def test_the_filters_that_the_index_shows_find_what_they_say(served: Served) -> None:
    text = (RECIPES / "README.md").read_text(encoding="utf-8")
    filters = re.findall(r"^\| `(.+?)` \| (?!.*days old)", text, re.MULTILINE)
    judges: list[Callable[[StoredZone], bool]] = [
        lambda zone: zone.zone_id in served.recorded,
        lambda zone: (zone.footage_days or 0) >= 30 or zone.cameras_watched is TriState.YES,
        lambda zone: bool(zone.confirmed_on),
        lambda zone: -73.73 <= zone.longitude <= -73.09 and 40.98 <= zone.latitude <= 41.64,
    ]
    for words, judge in zip(filters, judges, strict=True):
        query = urlencode({"filter": words, "limit": 1000})
        found = json.loads(ask(f"{served.address}/api/v1/collections/zones/items?{query}").body)["features"]
        assert {zone["id"] for zone in found} == {name for name, zone in served.zones.items() if judge(zone)}, words


def test_geopandas(served: Served, folder: Path) -> None:
    told = """
import json
print(json.dumps({
    "types": [str(zones.confirmed_on.dtype)[:10], zones.footage_days.dtype.kind, str(zones.crs)],
    "zones": {row.zone_id: [row.geometry.x, row.geometry.y] for row in zones.itertuples()},
    "inside": dict(zip(inside.zone_id, inside.freshness.astype(str))),
    "nearest": {row.place: [row.zone_id, row.metres] for row in nearest.itertuples()},
    "unstated": [list(zones.zone_id[zones.cameras.isna()]), int(zones.setting.isna().sum())],
    "recorded": sorted(recorded.id), "kept": len(gpd.read_file("county-zones.gpkg")),
}))"""
    (folder / "recipe.py").write_text("".join(blocks("geopandas.md", "python", served)) + told)
    said = in_folder(folder, client("python"), "-W", "error::RuntimeWarning", "recipe.py", MPLBACKEND="Agg")
    read = json.loads(said.splitlines()[-1])
    assert read["types"][0] == "datetime64" and read["types"][1] in "if" and read["types"][2] == "EPSG:4326"
    assert read["zones"] == {name: zone.coordinates.position for name, zone in served.zones.items()}
    unstated = [name for name, zone in served.zones.items() if zone.cameras is TriState.UNKNOWN]
    settings = sum(zone.setting is Setting.UNKNOWN for zone in served.zones.values())
    assert read["unstated"] == [unstated, settings] and unstated and settings
    assert read["inside"] == served.inside and read["kept"] == len(served.inside)
    assert is_nearest(served, read["nearest"])
    assert set(read["recorded"]) == served.recorded
    assert (folder / "county.png").read_bytes().startswith(b"\x89PNG")


def test_r_sf(served: Served, folder: Path) -> None:
    program = shutil.which("Rscript")
    if program is None or subprocess.run([program, "-e", "library(sf)"], capture_output=True, check=False).returncode:
        required("R with sf (Debian's r-cran-sf)")
    told = """
write.csv(cbind(zone_id = zones$zone_id, data.frame(st_coordinates(zones))), "zones.csv", row.names = FALSE)
write.csv(st_drop_geometry(inside)[c("zone_id", "freshness")], "inside.csv", row.names = FALSE)
write.csv(nearest, "nearest.csv", row.names = FALSE)
write.csv(data.frame(id = recorded$id), "recorded.csv", row.names = FALSE)
cat(class(zones$confirmed_on), class(zones$footage_days), sum(is.na(zones$cameras)),
  nrow(st_read("county-zones.gpkg", quiet = TRUE)))"""
    (folder / "recipe.R").write_text("".join(blocks("r-sf.md", "r", served)) + told)
    said = in_folder(folder, program, "--vanilla", "recipe.R")
    unstated = sum(zone.cameras is TriState.UNKNOWN for zone in served.zones.values())
    assert said.splitlines()[-1] == f"Date integer {unstated} {len(served.inside)}"

    def table(name: str) -> list[tuple[str, ...]]:
        return [tuple(row) for row in csv.reader((folder / name).read_text().splitlines())][1:]

    places = {name: [round(float(x), 6), round(float(y), 6)] for name, x, y in table("zones.csv")}
    assert places == {name: zone.coordinates.position for name, zone in served.zones.items()}
    assert {row[0]: row[1] for row in table("inside.csv")} == served.inside
    assert is_nearest(served, {place: (zone_id, float(meters)) for place, zone_id, meters in table("nearest.csv")})
    assert {row[0] for row in table("recorded.csv")} == served.recorded
    assert (folder / "county.pdf").read_bytes().startswith(b"%PDF")


def test_qgis(served: Served, folder: Path) -> None:
    """The script, and each filter of the table for who clicks."""
    python = "/usr/bin/python3"
    if subprocess.run([python, "-c", "import qgis.core"], capture_output=True, check=False).returncode:
        required("QGIS for Python (Debian's python3-qgis)")
    text = (RECIPES / "qgis.md").read_text(encoding="utf-8")
    filters = dict(re.findall(r'^\| ([a-z ]+) \| `(.*"confirmed_on".*)` \|$', text, re.MULTILINE))
    [shown] = re.findall(r"such as\s`(\"state\".*?)`", text)
    before = """
from qgis.core import QgsApplication
QgsApplication.setPrefixPath("/usr", True)
application = QgsApplication([], False)
application.initQgis()
"""
    told = f"""
import json
from qgis.core import QgsExpression
def ids(layer, name, filter="TRUE"):
    return sorted(zone[name] for zone in layer.getFeatures(QgsFeatureRequest(QgsExpression(filter))))
kept = QgsVectorLayer("county-zones.gpkg|layername=zones", "kept")
places = {{zone["zone_id"]: zone.geometry().asPoint() for zone in zones.getFeatures()}}
rules = zones.renderer().rootRule().children()
print(json.dumps({{
    "zones": {{name: [round(at.x(), 6), round(at.y(), 6)] for name, at in places.items()}},
    "rules": {{rule.label(): ids(kept, "zone_id", rule.filterExpression()) for rule in rules}},
    "clicked": {{word: ids(kept, "zone_id", filter) for word, filter in {filters!r}.items()}},
    "kept": ids(kept, "zone_id"), "rights": kept.metadata().rights(),
    "types": [zones.fields().field(name).typeName() for name in ("footage_days", "confirmed_on")],
    "live": len(ids(live, "id")), "shown": ids(live, "id", {shown!r}),
}}))
del zones, county, kept, live
QgsProject.instance().clear()
application.exitQgis()
"""
    (folder / "recipe.py").write_text(before + "".join(blocks("qgis.md", "python", served)) + told)
    said = in_folder(folder, python, "recipe.py", QT_QPA_PLATFORM="offscreen", PYTHONPATH="", HOME=str(folder))
    read = json.loads(said.strip().splitlines()[-1])
    assert read["zones"] == {name: zone.coordinates.position for name, zone in served.zones.items()}
    assert read["types"] == ["Integer", "Date"]
    words = {word: sorted(n for n, of in served.inside.items() if of == word) for word in set(served.inside.values())}
    assert read["rules"] == words and read["clicked"] == words
    assert read["kept"] == sorted(served.inside) and "Safe Zone Directory" in read["rights"][0]
    assert read["live"] == len(served.zones) and read["shown"] == sorted(served.recorded)


def test_excel(served: Served, folder: Path) -> None:
    """The formulas over a state's workbook: names of columns become ranges, as Excel reads them in a table."""
    (folder / "zones.xlsx").write_bytes(ask(f"{served.address}/downloads/zones.xlsx?state=ct", "*/*").body)
    served = Served(served.address, {name: zone for name, zone in served.zones.items() if zone.state == "CT"})
    book = openpyxl.load_workbook(folder / "zones.xlsx")
    head, *rows = book["Zones"].iter_rows(values_only=True)
    assert [row[head.index("zone_id")] for row in rows] == list(served.zones)
    assert "ODC-BY" in str(book["About"]["B1"].value)
    [unstated] = re.findall(r"Where nobody stated it, such a cell says \*(\w+)\*", recipe_text("excel.md"))
    shown = {row[head.index("cameras")] for row in rows}
    assert unstated in shown and shown <= {"yes", "no", unstated}
    letters = {str(name): get_column_letter(number) for number, name in enumerate(head, 1)}
    letters |= {"freshness": get_column_letter(len(head) + 1), "kilometres": get_column_letter(len(head) + 2)}
    last = len(rows) + 1

    def plain(formula: str) -> str:
        formula = re.sub(r"\[@\[?(\w+)\]?\]", lambda found: f"{letters[found[1]]}2", formula)
        return re.sub(r"Zones\[(\w+)\]", lambda found: f"{letters[found[1]]}2:{letters[found[1]]}{last}", formula)

    count, freshness, kilometres, *cells = "".join(blocks("excel.md", "excel", served)).splitlines()
    columns = [letters["freshness"], letters["kilometres"]]
    steps = [("", count), (columns[0], freshness), (columns[1], kilometres), *(("", formula) for formula in cells)]
    point = Coordinates(41.0469, -73.5419)
    work = {
        "columns": {letters[str(name)]: [excel_value(row[at]) for row in rows] for at, name in enumerate(head)},
        "mine": {"B1": point.latitude, "B2": point.longitude},
        "steps": [(letter, plain(formula)) for letter, formula in steps],
    }
    program: list[str | Path] = [client("python"), "-W", "ignore", HERE / "compute_formulas.py"]
    read = json.loads(
        subprocess.run(program, input=json.dumps(work), capture_output=True, text=True, check=True).stdout
    )
    words = dict(zip(served.zones, read["columns"][columns[0]], strict=True))
    assert {name: words[name] for name in served.inside} == served.inside
    for zone, far in zip(served.zones.values(), read["columns"][columns[1]], strict=True):
        measured = zone.status is Status.ACTIVE and not zone.approximate
        assert far == (pytest.approx(distance_m(point, zone.coordinates) / 1000, rel=NEAR) if measured else "")
    recorded, nearest, far = read["done"]
    assert recorded == len(served.recorded)
    assert nearest in served.nearest(point)[0] and far * 1000 == pytest.approx(served.nearest(point)[1], rel=NEAR)
    [address] = blocks("excel.md", "text", served)
    answered = list(csv.DictReader(ask(address.strip(), "*/*").body.decode("utf-8-sig").splitlines()))
    assert len(answered) == len(served.recorded)


def excel_value(value: object) -> object:
    """A cell's value as formulas see it: a day is its number since 1900, and nothing is an empty text."""
    if isinstance(value, datetime):
        return (value - datetime(1899, 12, 30)).days
    return "" if value is None else value


def test_leaflet(served: Served, folder: Path, browser: Browser) -> None:
    """On a page of another origin, in Chromium."""
    library = ROOT / "quality" / "node_modules" / "leaflet" / "dist"
    if not library.exists():
        required("leaflet (npm ci --prefix quality)")
    shutil.copytree(library, folder, dirs_exist_ok=True)
    [page_text] = blocks("leaflet.md", "html", served)
    (folder / "zones.html").write_text(page_text, encoding="utf-8")
    page = browser.new_page()
    wrong: list[str] = []
    page.on("pageerror", lambda error: wrong.append(str(error)))
    expected = {name: zone for name, zone in served.zones.items() if zone.state == "CT"}
    with folder_served(folder) as address:
        page.goto(f"{address}/zones.html")
        expect(page.get_by_role("status")).to_have_text(f"{len(expected)} zones")
        drawn = page.evaluate("""() => {
            const drawn = {};
            map.eachLayer(({ feature, options, _latlng: at }) => {
              const word = Object.keys(COLOURS).find((word) => COLOURS[word] === options.color);
              if (feature) drawn[feature.id] = [at.lng, at.lat, word];
            });
            return drawn;
        }""")
        page.locator("path.leaflet-interactive").last.dispatch_event("click")
        expect(page.locator(".leaflet-popup-content a")).to_have_attribute("href", re.compile(served.address))
    for name, zone in expected.items():
        assert drawn.pop(name) == [*zone.coordinates.position, age_on(zone.confirmed_on, today()).replace("_", " ")]
    assert (drawn, wrong) == ({}, [])
    expect(page.locator(".leaflet-control-attribution")).to_contain_text(
        "Safe Zone Directory, and the source of each entry"
    )
    page.close()


@contextmanager
def folder_served(folder: Path) -> Iterator[str]:
    """A folder as a site of its own on loopback."""

    class Quiet(http.server.SimpleHTTPRequestHandler):
        def log_message(self, *_: object) -> None:
            pass

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(Quiet, directory=str(folder))) as server:
        threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


def test_folium_in_a_notebook(served: Served, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Cell by cell, each showing what its last line gives, as a notebook does."""
    monkeypatch.chdir(folder)
    names: dict[str, Any] = {}
    shown: list[str] = []
    for cell in blocks("folium.md", "python", served):
        *lines, last = ast.parse(cell).body
        assert isinstance(last, ast.Expr)
        exec(compile(ast.Module(lines, []), "cell", "exec"), names)
        shown.append(unescape(eval(compile(ast.Expression(last.value), "cell", "eval"), names)._repr_html_()))
    nearest, recorded, streets, with_layer = shown
    found = [
        zone["id"]
        for zone in json.loads(ask(f"{served.address}/api/v1/nearest?address=06820&limit=5").body)["features"]
    ]
    for page, ids in ((nearest, found), (recorded, sorted(served.recorded)), (streets, found), (with_layer, found)):
        data = json.loads(page.partition('id="data">')[2].partition("</script>")[0])
        assert data["places"] == [list(reversed(served.zones[name].coordinates.position)) for name in ids]
        assert page.count("<li id=") == len(ids) and served.zones[ids[0]].department in page
    assert (folder / "recorded.html").read_text(encoding="utf-8") in recorded
    assert "tile.openstreetmap.org" in streets and "tile.openstreetmap.org" not in nearest
    assert "L.circle(" in with_layer

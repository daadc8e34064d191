"""Files as departments and GIS offices have them, made by the programs' own libraries; all say the same two zones."""

import io
import json
import subprocess
import sys
import zipfile
from collections.abc import Collection, Iterable
from pathlib import Path
from typing import Any

import openpyxl
from odf.opendocument import OpenDocumentSpreadsheet
from odf.style import Style, TableProperties
from odf.table import Table, TableCell, TableColumn, TableRow
from odf.text import P
from pyproj import Transformer

FACTS = {
    "department": "Weston Police Department", "town": "Weston", "state": "CT", "street_address": "56 Norfield Road",
    "postal_code": "06883", "setting": "parking lot", "opening_hours": "24/7", "cameras": "yes",
    "phone": "203-222-2600",
}  # fmt: skip
POINT = (-73.3807, 41.2009)
CLOCKED = {**FACTS, "setting": "lobby", "opening_hours": "Mon-Fri 8am-4pm"}
ROWS = [FACTS, CLOCKED]
"""Two spots at one address: what every file of this module says."""


def table(rows: list[dict[str, str]] = ROWS) -> list[list[Any]]:
    columns = [*FACTS, "latitude", "longitude"]
    return [columns, *([*row.values(), POINT[1], POINT[0]] for row in rows)]


def lines(delimiter: str) -> str:
    return "".join(delimiter.join(map(str, row)) + "\r\n" for row in table())


def xlsx(*sheets: tuple[str, list[list[Any]]], hidden: Collection[str] = ()) -> bytes:
    """An XLSX workbook of sheets (name, rows), some of them hidden."""
    workbook = openpyxl.Workbook()
    workbook.remove(workbook.active)
    for name, rows in sheets:
        sheet = workbook.create_sheet(name)
        sheet.sheet_state = "hidden" if name in hidden else "visible"
        for row in rows:
            sheet.append(row)
    content = io.BytesIO()
    workbook.save(content)
    return content.getvalue()


def ods(
    *sheets: tuple[str, list[list[Any]]],
    hidden: Collection[str] = (),
    hidden_rows: Collection[int] = (),
    hidden_columns: Collection[int] = (),
) -> bytes:
    """An ODS workbook of sheets (name, rows), some of them hidden; rows and columns count from 0 in every sheet."""
    document = OpenDocumentSpreadsheet()
    style = Style(name="hidden", family="table")
    style.addElement(TableProperties(display="false"))
    document.automaticstyles.addElement(style)
    for name, rows in sheets:
        sheet = Table(name=name, **({"stylename": style} if name in hidden else {}))
        for column in range(20):
            sheet.addElement(TableColumn(**({"visibility": "collapse"} if column in hidden_columns else {})))
        sheet.addElement(TableColumn(numbercolumnsrepeated="16364"))
        for number, row in enumerate(rows):
            line = TableRow(**({"visibility": "collapse"} if number in hidden_rows else {}))
            for cell in row:
                line.addElement(_ods_cell(cell))
            line.addElement(TableCell(numbercolumnsrepeated=str(16384 - len(row))))
            sheet.addElement(line)
        sheet.addElement(TableRow(numberrowsrepeated="1048000"))
        document.spreadsheet.addElement(sheet)
    content = io.BytesIO()
    document.write(content)
    return content.getvalue()


def content_xml(rows: Iterable[str], before: str = "") -> str:
    """An ODS workbook's content.xml of one sheet: rows of `cell` elements, and what stands before them."""
    table_rows = "".join(f"<table:table-row>{row}</table:table-row>" for row in rows)
    text = (
        '<office:document-content xmlns:office="o" xmlns:table="t" xmlns:text="x"><office:body><office:spreadsheet>'
        f'<table:table table:name="A">{before}{table_rows}</table:table></office:spreadsheet></office:body>'
        "</office:document-content>"
    )
    return text.replace("cell>", "table:table-cell>").replace("<cell", "<table:table-cell")


def _ods_cell(value: Any) -> TableCell:
    is_number = isinstance(value, int | float)
    cell = TableCell(valuetype="float", value=str(value)) if is_number else TableCell(valuetype="string")
    cell.addElement(P(text=str(value)))
    return cell


def kml(placemarks: str) -> str:
    style = '<Style id="icon-1"><IconStyle><scale>1</scale></IconStyle></Style>'
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n<kml xmlns="http://www.opengis.net/kml/2.2"><Document>'
        f"<name>Safe zones</name>{style}{placemarks}</Document></kml>"
    )


def my_maps() -> bytes:
    """A map as Google My Maps exports it: a folder a layer, columns as extended data and in the description."""

    def described(row: dict[str, str]) -> str:
        return "<br>".join(f"{name}: {value}" for name, value in row.items())

    first = "".join(f'<Data name="{name}"><value>{value}</value></Data>' for name, value in FACTS.items())
    point = f"<Point><coordinates>\n            {POINT[0]},{POINT[1]},0\n          </coordinates></Point>"
    layers = (
        f"<Folder><name>Layer 1</name><Placemark><name>Lot</name>"
        f"<description><![CDATA[{described(FACTS)}]]></description>"
        f"<styleUrl>#icon-1</styleUrl><ExtendedData>{first}</ExtendedData>{point}</Placemark></Folder>"
        f"<Folder><name>Layer 2</name><Placemark><name>Lobby</name><description><![CDATA[{described(CLOCKED)}"
        f"<br>Address: elsewhere]]></description><styleUrl>#icon-1</styleUrl>{point}</Placemark></Folder>"
    )
    return zipped({"doc.kml": kml(layers), "images/icon-1.png": b"\x89PNG"})


def with_gdal(path: Path, driver: str, crs: str = "EPSG:4326", layer: str = "zones", rows: Any = ROWS) -> None:
    """Write a layer as GDAL does, in a process of its own: it stays in memory, and warns where it cuts names."""
    x, y = projected(crs)
    code = (
        "import sys, json, warnings, numpy as np, shapely; from pyogrio.raw import write\n"
        "warnings.simplefilter('ignore')\n"
        "path, driver, crs, layer, x, y, rows = json.loads(sys.stdin.read())\n"
        "points = shapely.to_wkb(shapely.points([(x, y)] * len(rows)))\n"
        "fields = list(rows[0]); values = [np.array([row[name] for row in rows], dtype=object) for name in fields]\n"
        "write(path, points, values, fields, layer=layer, driver=driver, geometry_type='Point', crs=crs,"
        " append=__import__('os').path.exists(path))"
    )
    arguments = json.dumps([str(path), driver, crs, layer, x, y, rows])
    subprocess.run([sys.executable, "-c", code], input=arguments, text=True, check=True, capture_output=True)


def projected(crs: str) -> tuple[float, float]:
    """The zones' point in another coordinate system."""
    x, y = Transformer.from_crs("EPSG:4326", crs, always_xy=True).transform(*POINT)
    return x, y


def zipped_shapefile(folder: Path, crs: str = "EPSG:4326", place: str = "export/", rows: Any = ROWS) -> bytes:
    with_gdal(folder / "safe_zones.shp", "ESRI Shapefile", crs, "safe_zones", rows)
    return zipped({place + path.name: path.read_bytes() for path in sorted(folder.glob("safe_zones.*"))})


def geopackage(folder: Path) -> bytes:
    with_gdal(folder / "a.gpkg", "GPKG", "EPSG:2234")  # Connecticut's own, in feet
    return (folder / "a.gpkg").read_bytes()


def arcgis(wkid: int, x: float, y: float) -> bytes:
    """A FeatureServer's answer to query?f=json."""
    kinds: list[dict[str, Any]] = [
        {"name": name.upper()[:12], "type": "esriFieldTypeString", "alias": name} for name in FACTS
    ]
    kinds.append({"name": "ANNOUNCED", "type": "esriFieldTypeDate", "alias": "announced_on"})
    kinds[7]["domain"] = {
        "type": "codedValue",
        "codedValues": [{"code": "1", "name": "yes"}, {"code": "0", "name": "no"}],
    }
    features = [
        {
            "attributes": {name.upper()[:12]: value for name, value in row.items()}
            | {"CAMERAS": "1", "ANNOUNCED": 1466035200000},
            "geometry": {"x": x, "y": y},
        }
        for row in ROWS
    ]
    reference = {"wkid": 102100, "latestWkid": 3857} if wkid == 3857 else {"wkid": wkid}
    answer = {"objectIdFieldName": "OBJECTID", "geometryType": "esriGeometryPoint", "spatialReference": reference,
              "fields": kinds, "features": features}  # fmt: skip
    return json.dumps(answer).encode()


def features() -> list[str]:
    return [
        json.dumps({"type": "Feature", "geometry": {"type": "Point", "coordinates": POINT}, "properties": row})
        for row in ROWS
    ]


def collection() -> str:
    return f'{{"type":"FeatureCollection","features":[{",".join(features())}]}}'


def html_xls() -> bytes:
    rows = "".join("<tr>" + "".join(f"<td>{cell}</td>" for cell in row) + "</tr>\r\n" for row in table())
    excel = 'xmlns:x="urn:schemas-microsoft-com:office:excel"'
    head = f"<html {excel}><head><meta charset=windows-1252><style>td{{}}</style></head>"
    return (
        f"{head}<body><table><tr><td colspan=11><b>Safe&nbsp;zones</b></td></tr>{rows}</table></body></html>".encode()
    )


def zipped(entries: dict[str, str | bytes]) -> bytes:
    """A ZIP archive of these entries."""
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in entries.items():
            archive.writestr(name, text)
    return content.getvalue()

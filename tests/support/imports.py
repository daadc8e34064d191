"""Rows of a table to import, and the directory as a file."""

import io
import json

import openpyxl
from sqlalchemy import Engine

from directory.store.export import export

HEADER = "Department,City,State,Address,Zip,Hours\n"
ROW = "New Canaan Police Department,New Canaan,CT,174 South Avenue,6840,M-F 8-5\n"
DARIEN = "Darien Police Department,Darien,CT,25 Hecker Ave,06820,24/7\n"


def exported(engine: Engine, form: str = "geojson") -> str:
    content = io.BytesIO()
    export(engine, form, content)
    return content.getvalue().decode()


def workbook(rows: list[list[object]]) -> bytes:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    for row in rows:
        sheet.append(row)
    sheet.merge_cells("A1:C1")
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def collection(*features: object, **members: object) -> str:
    return json.dumps({"type": "FeatureCollection", **members, "features": features})


def feature(geometry: object, **properties: object) -> dict[str, object]:
    facts = {"department": "New Canaan Police Department", "town": "New Canaan", "state": "CT", **properties}
    return {"type": "Feature", "geometry": geometry, "properties": facts}


POINT = {"type": "Point", "coordinates": [-73.4907, 41.1412]}
BAYS = [[[-73.4907, 41.1412], [-73.4906, 41.1412], [-73.4906, 41.1413], [-73.4907, 41.1412]]]

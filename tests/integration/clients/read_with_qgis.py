"""Run by QGIS's own Python: read the collection through its OGC API provider, and a GeoPackage.

Prints for each the types of its columns, and of every feature where it is and what it says.
"""

import json
import sys

from qgis.core import Qgis, QgsApplication, QgsVectorLayer
from qgis.PyQt.QtCore import QVariant

QgsApplication.setPrefixPath("/usr", True)
application = QgsApplication([], False)
application.initQgis()


def plain(value):
    if isinstance(value, QVariant):
        return None
    return value.toString("yyyy-MM-dd") if hasattr(value, "toString") else value


def read(source, provider, name):
    layer = QgsVectorLayer(source, "zones", provider)
    assert layer.isValid(), layer.error().summary()
    types = {field.name(): QVariant.typeToName(field.type()) for field in layer.fields()}
    points, rows = {}, {}
    for feature in layer.getFeatures():
        point = feature.geometry().asPoint()
        points[feature[name]] = (round(point.x(), 6), round(point.y(), 6))
        rows[feature[name]] = {field: plain(feature[field]) for field in types}
    return {"types": types, "points": points, "rows": rows}


server, file = sys.argv[1:]
api = read(f"url='{server}' typename='zones' pagingEnabled='true'", "OAPIF", "id")
print(
    json.dumps(
        {"version": Qgis.QGIS_VERSION_INT, "api": api, "file": read(f"{file}|layername=zones", "ogr", "zone_id")}
    )
)
application.exitQgis()

"""Run by QGIS's own Python: read the collection through its OGC API provider, print where each zone is."""

import json
import sys

from qgis.core import QgsApplication, QgsVectorLayer

QgsApplication.setPrefixPath("/usr", True)
application = QgsApplication([], False)
application.initQgis()
layer = QgsVectorLayer(f"url='{sys.argv[1]}' typename='zones' pagingEnabled='true'", "zones", "OAPIF")
assert layer.isValid(), layer.error().summary()
found = {}
for feature in layer.getFeatures():
    point = feature.geometry().asPoint()
    found[feature["id"]] = (round(point.x(), 6), round(point.y(), 6))
print(json.dumps(found))
del layer
application.exitQgis()

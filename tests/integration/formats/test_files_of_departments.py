"""Files as departments and GIS offices have them: of whatever format, they end as the same zones."""

from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import Engine

from directory.store.directory_reader import read_directory
from tests.conftest import Import
from tests.support.department_files import (
    POINT,
    arcgis,
    collection,
    features,
    geopackage,
    html_xls,
    lines,
    my_maps,
    ods,
    projected,
    table,
    xlsx,
    zipped_shapefile,
)  # fmt: skip

FILES: dict[str, tuple[str, Callable[[Path], bytes]]] = {
    "XLSX": ("XLSX", lambda _: xlsx(("Zones", table()))),
    "ODS": ("ODS", lambda _: ods(("Zones", table()))),
    "ODS with a hidden sheet before it": ("ODS", lambda _: ods(("Old", table()), ("Zones", table()), hidden={"Old"})),
    "KMZ of Google My Maps": ("KML", lambda _: my_maps()),
    "zipped shapefile": ("Shapefile", zipped_shapefile),
    "zipped shapefile in feet": ("Shapefile", lambda folder: zipped_shapefile(folder, "EPSG:2234", "")),
    "GeoPackage": ("GeoPackage", geopackage),
    "ArcGIS JSON in degrees": ("ArcGIS JSON", lambda _: arcgis(4326, *POINT)),
    "ArcGIS JSON in metres": ("ArcGIS JSON", lambda _: arcgis(3857, *projected("EPSG:3857"))),
    "GeoJSON text sequence": ("GeoJSON sequence", lambda _: "".join(f"\x1e{text}\n" for text in features()).encode()),
    "a Feature a line": ("GeoJSON sequence", lambda _: "\n".join(features()).encode()),
    "GeoJSON in UTF-16": ("GeoJSON", lambda _: collection().encode("utf-16")),
    "UTF-16 with tabs": ("CSV", lambda _: lines("\t").encode("utf-16")),
    "UTF-16 without a mark": ("CSV", lambda _: lines("\t").encode("utf-16-le")),
    "UTF-16 from the other end": ("CSV", lambda _: b"\xfe\xff" + lines("\t").encode("utf-16-be")),
    "HTML called xls": ("HTML", lambda _: html_xls()),
}  # fmt: skip


@pytest.mark.parametrize("name", FILES)
def test_every_kind_of_file_ends_as_the_same_zones(engine: Engine, load: Import, tmp_path: Path, name: str) -> None:
    form, content = FILES[name]
    report = load("zones.xls", content(tmp_path))
    assert (report.format, report.added, report.refused) == (form, 2, 0), report.findings
    zones = {str(zone.setting): zone for zone in read_directory(engine).zones}
    assert (zones["parking_lot"].opening_hours, zones["lobby"].opening_hours) == ("24/7", "Mo-Fr 08:00-16:00")
    for zone in zones.values():
        assert (zone.department, zone.town, zone.state) == ("Weston Police Department", "Weston", "CT")
        assert (zone.street_address, zone.postal_code, zone.cameras) == ("56 Norfield Road", "06883", "yes")
        assert zone.phone == "203-222-2600"
        assert (zone.latitude, zone.longitude) == pytest.approx((POINT[1], POINT[0]), abs=2e-6)

"""The directory in files: the same bytes for the same content, written zone by zone whatever the size."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Literal, get_args

from directory.formats.geojson import feature_collection
from directory.formats.kml_gpx import gpx, kml
from directory.formats.spreadsheet import csv_rows
from directory.zones.schemas import DepartmentRecord, TownRecord, ZoneRecord

LICENCE = "https://opendatacommons.org/licenses/by/1-0/"
"""Of the data: ODC-BY 1.0."""

Format = Literal["geojson", "csv", "kml", "gpx"]
FORMATS: tuple[Format, ...] = get_args(Format)
MEDIA_TYPES: dict[Format, str] = {
    "geojson": "application/geo+json",
    "csv": "text/csv",
    "kml": "application/vnd.google-earth.kml+xml",
    "gpx": "application/gpx+xml",
}


def pieces(
    form: Format,
    zones: Iterable[ZoneRecord],
    departments: Sequence[DepartmentRecord] = (),
    towns: Sequence[TownRecord] = (),
) -> Iterator[str]:
    """A file of these zones, piece by piece. Only GeoJSON holds departments and towns."""
    if form == "geojson":
        return feature_collection(zones, departments, towns)
    return {"csv": csv_rows, "kml": kml, "gpx": gpx}[form](zones)

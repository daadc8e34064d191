"""The directory in files: the same bytes for the same content, written zone by zone whatever the size."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.metadata import entry_points

from directory.formats.edition import ATTRIBUTION, LICENCE, PLAIN, Edition
from directory.formats.writers.csv_file import csv_rows
from directory.formats.writers.geojson import EMPTY, feature_collection
from directory.formats.writers.geopackage import geopackage
from directory.formats.writers.gpx import gpx
from directory.formats.writers.kml import kml, kmz
from directory.formats.writers.xlsx import xlsx
from directory.zones.departments.schemas import DepartmentRecord, TownRecord
from directory.zones.programs import Program
from directory.zones.schemas import ZoneRecord

Pieces = Iterator[str] | Iterator[bytes]
"""A file piece by piece: text, which becomes UTF-8, or bytes."""
ENTRY_POINTS = "safezones.exports"
"""The group in which an installed distribution offers formats: name → an ExportFormat."""


@dataclass(frozen=True, slots=True)
class ExportFormat:
    """A file form: what people call it, its media type, and the function that writes zones piece by piece.

    It is told what the file says beside them. `own_process`: it starts a process for each file.
    """

    label: str
    media_type: str
    write: Callable[[Iterable[ZoneRecord], Edition], Pieces]
    own_process: bool = False


_OURS = {
    "geojson": ExportFormat(
        "GeoJSON", "application/geo+json", lambda zones, edition: feature_collection(zones, (), (), edition=edition)
    ),
    "csv": ExportFormat("CSV", "text/csv", csv_rows),
    "xlsx": ExportFormat("Excel", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", xlsx),
    "gpkg": ExportFormat("GeoPackage", "application/geopackage+sqlite3", geopackage, own_process=True),
    "kml": ExportFormat("KML", "application/vnd.google-earth.kml+xml", kml),
    "kmz": ExportFormat("KMZ", "application/vnd.google-earth.kmz", kmz),
    "gpx": ExportFormat("GPX", "application/gpx+xml", gpx),
}


def format_names() -> list[str]:
    """The endings of all files: ours, then those of installed distributions, which are not loaded."""
    return [*_OURS, *sorted(entry_points(group=ENTRY_POINTS).names - _OURS.keys())]


@cache
def export_formats() -> dict[str, ExportFormat]:
    """Every format by the ending of its files, in the order of `format_names`."""
    installed = entry_points(group=ENTRY_POINTS)
    return {name: _OURS.get(name) or installed[name].load() for name in format_names()}


def pieces(
    form: str,
    zones: Iterable[ZoneRecord],
    departments: Sequence[DepartmentRecord] = (),
    towns: Sequence[TownRecord] = (),
    dataset: Mapping[str, str] = EMPTY,
    programs: Iterable[Program] = (),
    edition: Edition = PLAIN,
) -> Iterator[bytes]:
    """A file of these zones, piece by piece. Only GeoJSON holds departments, towns, programs and the dataset.

    Where pages have an address, which is where the site is, GeoJSON says its licence too.
    """
    written: Pieces
    if form == "geojson":
        rights = {"license": LICENCE, "attribution": ATTRIBUTION} if edition.page else {}
        written = feature_collection(zones, departments, towns, {**dataset, **rights}, programs, edition)
    else:
        written = export_formats()[form].write(zones, edition)
    return (piece.encode() if isinstance(piece, str) else piece for piece in written)

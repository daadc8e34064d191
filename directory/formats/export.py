"""The directory in files: the same bytes for the same content, written zone by zone whatever the size."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.metadata import entry_points

from directory.formats.geojson import EMPTY, feature_collection
from directory.formats.kml_gpx import gpx, kml
from directory.formats.spreadsheet import csv_rows
from directory.zones.programs import Program
from directory.zones.schemas import DepartmentRecord, TownRecord, ZoneRecord

LICENCE = "https://opendatacommons.org/licenses/by/1-0/"
"""Of the data: ODC-BY 1.0."""
ENTRY_POINTS = "safezones.exports"
"""The group in which an installed distribution offers formats: name → an ExportFormat."""


@dataclass(frozen=True, slots=True)
class ExportFormat:
    """A file form: what people call it, its media type, and the function that writes zones piece by piece."""

    label: str
    media_type: str
    write: Callable[[Iterable[ZoneRecord]], Iterator[str]]


_OURS = {
    "geojson": ExportFormat("GeoJSON", "application/geo+json", lambda zones: feature_collection(zones, (), ())),
    "csv": ExportFormat("CSV", "text/csv", csv_rows),
    "kml": ExportFormat("KML", "application/vnd.google-earth.kml+xml", kml),
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
) -> Iterator[str]:
    """A file of these zones, piece by piece. Only GeoJSON holds departments, towns, programs and the dataset."""
    if form == "geojson":
        return feature_collection(zones, departments, towns, dataset, programs)
    return export_formats()[form].write(zones)

"""The directory in files: the same bytes for the same content, written zone by zone whatever the size."""

from collections.abc import Iterable, Iterator, Sequence
from typing import IO, Literal, get_args

from sqlalchemy import Engine

from directory.records.facts import DepartmentRecord, TownRecord, ZoneRecord
from directory.records.geojson import collection
from directory.records.markup import gpx, kml
from directory.records.reading import read_directory
from directory.records.tables import csv_rows

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
        return collection(zones, departments, towns)
    return {"csv": csv_rows, "kml": kml, "gpx": gpx}[form](zones)


def export(engine: Engine, form: Format, file: IO[str]) -> int:
    """Write every zone, withdrawn ones included, in `zone_id` order. Returns how many. Raises DatabaseProblem."""
    directory = read_directory(engine)
    file.writelines(pieces(form, directory.zones, [*directory.departments.values()], [*directory.towns.values()]))
    return len(directory.zones)

"""Exporting the directory: the same bytes for the same content."""

from typing import IO, Literal

from sqlalchemy import Engine

from directory.records.geojson import write_collection
from directory.records.store import read_directory
from directory.records.tables import write_csv

Format = Literal["geojson", "csv"]


def export(engine: Engine, form: Format, file: IO[str]) -> int:
    """Write every zone, withdrawn ones included, in `zone_id` order. Returns how many. Raises DatabaseProblem."""
    directory = read_directory(engine)
    if form == "csv":
        return write_csv(directory.zones, file)
    return write_collection(directory.zones, [*directory.departments.values()], [*directory.towns.values()], file)

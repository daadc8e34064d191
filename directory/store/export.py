"""Writing the whole directory into a file."""

from typing import IO

from sqlalchemy import Engine

from directory.formats.export import pieces
from directory.store.loader import read_directory


def export(engine: Engine, form: str, file: IO[str]) -> int:
    """Write every zone, withdrawn ones included, in `zone_id` order. Returns how many. Raises DatabaseError."""
    directory = read_directory(engine)
    file.writelines(pieces(form, directory.zones, [*directory.departments.values()], [*directory.towns.values()]))
    return len(directory.zones)

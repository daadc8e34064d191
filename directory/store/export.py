"""Writing the whole directory into a file."""

from typing import IO

from sqlalchemy import Engine

from directory.formats.export import pieces
from directory.store.datasets import only_dataset
from directory.store.loader import read_directory


def export(engine: Engine, form: str, file: IO[str]) -> int:
    """Write every zone, withdrawn ones included, in `zone_id` order. Returns how many. Raises DatabaseError.

    The file names a dataset where all zones are of one.
    """
    directory, dataset = read_directory(engine), only_dataset(engine)
    owners = [*directory.departments.values()], [*directory.towns.values()]
    file.writelines(pieces(form, directory.zones, *owners, dataset))
    return len(directory.zones)

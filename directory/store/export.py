"""Writing the whole directory into a file."""

from collections.abc import Iterable
from typing import IO

from sqlalchemy import Engine

from directory.formats.edition import PLAIN, Edition
from directory.formats.export_formats import pieces
from directory.store.directory_reader import read_directory
from directory.store.repository import StoredZone
from directory.store.runs.datasets import only_dataset


def export(engine: Engine, form: str, file: IO[bytes], edition: Edition = PLAIN) -> int:
    """Write every zone, withdrawn ones included, in `zone_id` order. Returns how many. Raises DatabaseError.

    The file names a dataset where all zones are of one.
    """
    directory, dataset = read_directory(engine), only_dataset(engine)
    owners = [*directory.departments.values()], [*directory.towns.values()]
    zones: Iterable[StoredZone] = directory.zones
    if form == "geojson":  # which holds the programs too: what they say is no site's own statement
        zones = (directory.rows.own.get(zone.zone_id, zone) for zone in zones)
    file.writelines(pieces(form, zones, *owners, dataset, directory.programs.values(), edition))
    return len(directory.zones)

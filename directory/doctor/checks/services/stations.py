"""The list of police stations in the data folder."""

from directory.doctor.amounts import counted
from directory.doctor.diagnosis import Diagnoses, warning, well
from directory.doctor.installation import Installation
from directory.stations.repository import FILE_NAME, open_stations


def check_stations(installation: Installation) -> Diagnoses:
    """Nothing where none was taken in: a site may do without."""
    path = installation.settings.data_dir / FILE_NAME
    if not path.exists():
        return
    station_list = open_stations(path.parent)
    if station_list is None:
        yield warning(f"{path} cannot be read: pages show no stations", "take the list again: safezones stations FILE")
    else:
        yield well(f"{counted(station_list[0], 'station')} in {path}, taken from {station_list[1].file}")

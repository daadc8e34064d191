"""The packaged zones against those that were taken in."""

from directory.doctor.diagnosis import Diagnoses, problem, warning, well
from directory.doctor.installation import Installation
from directory.formats.source import BadFileError
from directory.store.repository import is_empty
from directory.store.runs.datasets import release_in, release_of


def check_zones(installation: Installation) -> Diagnoses:
    """Whether the directory holds zones, and the newest release that comes along."""
    engine, path = installation.engine, installation.settings.zones_file
    if is_empty(engine):
        yield problem(
            "the directory holds no zones", "`safezones restore` a backup, or `safezones serve` a new directory"
        )
        return
    try:
        dataset, released = release_in(path)
    except BadFileError as error:
        yield warning(f"{path} cannot be read: {error}", "correct SAFEZONES_ZONES_FILE")
        return
    imported_release = release_of(engine, dataset)
    if dataset and released > (imported_release or ""):
        had = f"of {imported_release} were taken in" if imported_release else "were never taken in"
        yield warning(
            f"{dataset} of {released} comes along, and its zones {had}",
            "`safezones update-data --dry-run` shows what is new; then `safezones update-data`",
        )
    else:
        yield well(f"{dataset or path.name}, release {imported_release or 'unnamed'}, is the newest that comes along")

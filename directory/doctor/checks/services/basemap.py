"""The file of streets."""

from pathlib import Path

from directory.doctor.amounts import size
from directory.doctor.diagnosis import Diagnoses, warning, well
from directory.doctor.installation import Installation
from directory.maps.basemap import BasemapError, examine, problem_words
from directory.settings import is_address


def check_basemap(installation: Installation) -> Diagnoses:
    """Nothing where none is set. One on another server is asked by browsers only."""
    place = installation.settings.basemap
    if not place:
        return
    if is_address(place):
        yield well(f"{place}; only browsers ask it")
        return
    try:
        yield well(f"{place}, {size(examine(Path(place)).size)}")
    except (BasemapError, OSError) as error:
        yield warning(
            f"{place}: {problem_words(error)} Maps show outlines",
            "correct SAFEZONES_BASEMAP; docs/operating.md, Streets of your own",
        )

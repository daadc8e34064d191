"""The operator's router for travel times."""

from directory.doctor.diagnosis import Diagnoses, warning, well
from directory.doctor.installation import Installation
from directory.geo import Coordinates
from directory.routing.factory import build_travel_times
from directory.routing.router import Mode, RouterError

TOWN_HALL, STATION = Coordinates(41.1468, -73.4949), Coordinates(41.1462, -73.4957)
"""Public buildings. A router of another area knows no way between them, which is an answer too."""


def check_router(installation: Installation) -> Diagnoses:
    """Nothing where none is set."""
    travel_times = build_travel_times(installation.settings, lambda _router, _outcome: None)
    if travel_times is None:
        return
    try:
        travel_times.matrix([TOWN_HALL], [STATION], Mode.DRIVE)
    except RouterError as error:
        yield warning(
            f"{installation.settings.router}: {error}; zones are in order of straight-line distance",
            "start the router, or correct SAFEZONES_ROUTER",
        )
    else:
        yield well(f"{installation.settings.router} answers")

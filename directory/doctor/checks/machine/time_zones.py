"""The rule tables: clock changes and holidays are decided anew each year."""

import sys
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from directory.clock import today
from directory.doctor.diagnosis import Diagnoses, problem, warning, well
from directory.doctor.installation import Installation
from directory.zones.hours.rule_tables import rule_tables


def check_time_zones(_installation: Installation) -> Diagnoses:
    """The installed packages; this machine's own time zones are not used."""
    try:
        ZoneInfo.no_cache("America/New_York")
    except ZoneInfoNotFoundError:
        yield problem(
            "the files of the time zones are gone: nobody knows what is open",
            f"{sys.executable} -m pip install --force-reinstall tzdata",
        )
        return
    for table in rule_tables():
        when = f", of {table.released} or before" if table.released else ""
        finding = f"{table.name} {table.version}{when}"
        if table.is_old(today()):
            yield warning(f"{finding}: older than a year", "install a newer release of the site")
        else:
            yield well(finding)

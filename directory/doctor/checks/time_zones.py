"""The rule tables: clock changes and holidays are decided anew each year."""

from directory.clock import today
from directory.doctor.diagnosis import Diagnoses, warning, well
from directory.doctor.installation import Installation
from directory.zones.hours.rule_tables import rule_tables


def check_time_zones(_installation: Installation) -> Diagnoses:
    """The installed packages; this machine's own time zones are not used."""
    for table in rule_tables():
        when = f", of {table.released} or before" if table.released else ""
        finding = f"{table.name} {table.version}{when}"
        if table.is_old(today()):
            yield warning(f"{finding}: older than a year", "install a newer release of the site")
        else:
            yield well(finding)

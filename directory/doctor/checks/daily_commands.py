"""Commands that are due once a day: when each was last done, as it noted itself."""

from directory.clock import now
from directory.db.queries.zone_lists import address_count
from directory.db.transaction import transaction
from directory.doctor.diagnosis import Diagnoses, warning, well
from directory.doctor.installation import Installation
from directory.doctor.words import span
from directory.store.daily_runs import ALWAYS_DUE, LATE_AFTER, DailyCommand, last_runs


def check_daily_commands(installation: Installation) -> Diagnoses:
    """A line for each that was missed, else one for all. Which machine does them makes no difference."""
    runs = last_runs(installation.engine)
    ages = {command: now() - runs[command] if command in runs else None for command in _due(installation)}
    late = {command: age for command, age in ages.items() if age is None or age > LATE_AFTER}
    for command, age in late.items():
        found = "has never run" if age is None else f"was last done {span(age.total_seconds())} ago"
        remedy = f"systemctl enable --now safezones-daily@{command}.timer, or run it once a day another way"
        yield warning(f"`safezones {command}` {found}", remedy)
    if not late:
        yield well(", ".join(f"{command} {span(age.total_seconds())} ago" for command, age in ages.items() if age))


def _due(installation: Installation) -> list[DailyCommand]:
    """Those that this installation needs. Of backups the line of their own speaks."""
    due: list[DailyCommand] = [command for command in ALWAYS_DUE if command != DailyCommand.BACKUP]
    with transaction(installation.engine, writes=False) as session:
        if address_count(session):
            due.append(DailyCommand.PULL_ZONES)
    return due + ([DailyCommand.WATCH_SOURCES] if installation.settings.watch_sources else [])

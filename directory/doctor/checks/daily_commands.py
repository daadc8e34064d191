"""Commands that are due once a day: when each was last done, as it noted itself."""

from directory.clock import now
from directory.doctor.amounts import span
from directory.doctor.diagnosis import Diagnoses, warning, well
from directory.doctor.installation import Installation
from directory.store.runs.daily_runs import LATE_AFTER, DailyCommand, due_commands, last_runs


def by_itself(command: str) -> str:
    """How a command is run each day by the units of deploy/, or by its container."""
    return f"systemctl enable --now safezones-daily@{command}.timer, or in containers `daily`"


def check_daily_commands(installation: Installation) -> Diagnoses:
    """A line for each that was missed, else one for all. Which machine does them makes no difference.

    Of backups a check of their own speaks.
    """
    runs = last_runs(installation.engine)
    due = due_commands(installation.engine, watch_sources=installation.settings.watch_sources)
    ages = {
        command: now() - runs[command] if command in runs else None for command in due if command != DailyCommand.BACKUP
    }
    late = {command: age for command, age in ages.items() if age is None or age > LATE_AFTER}
    for command, age in late.items():
        finding = "has never run" if age is None else f"was last done {span(age.total_seconds())} ago"
        remedy = f"run `safezones {command}`, and each day: {by_itself(command)}"
        yield warning(f"`safezones {command}` {finding}", remedy)
    if not late:
        yield well(", ".join(f"{command} {span(age.total_seconds())} ago" for command, age in ages.items() if age))

"""This machine's clock against others: the database server's, and the times of what was written before."""

from datetime import UTC, datetime, timedelta

from directory.db.backup import newest_backup
from directory.db.errors import DatabaseError, UnknownDatabaseError
from directory.doctor.diagnosis import Diagnoses, problem, warning, well
from directory.doctor.installation import Installation
from directory.doctor.words import span
from directory.store.repository import recent_changes
from directory.zones.hours.rule_tables import rule_tables

TOLERANCE = timedelta(minutes=1)
SET_IT = "set this machine's clock by NTP: timedatectl set-ntp true"


def check_clock(installation: Installation) -> Diagnoses:
    """The first sign of a wrong clock; no network is asked."""
    ahead = installation.settings.clock_ahead_days
    if ahead:
        yield warning(f"a rehearsal: the site's clock runs {ahead} days ahead", "take SAFEZONES_CLOCK_AHEAD_DAYS out")
        return
    now = datetime.now(UTC)
    earliest = max(table.released for table in rule_tables() if table.released is not None)
    if now.date() < earliest:
        yield problem(f"it is {now:%Y-%m-%d} here, before this release was made", SET_IT)
        return
    server, entry = _database_times(installation)
    if server is not None and abs(server - now) > TOLERANCE:
        yield problem(f"{span(abs(server - now).total_seconds())} apart from the database server's", SET_IT)
        return
    backup = newest_backup(installation.settings.backups_dir)
    times = {"newest log entry": entry, "newest backup": datetime.fromtimestamp(backup, UTC) if backup else None}
    for what, at in times.items():
        if at is not None and at - now > TOLERANCE:
            yield problem(f"the {what} is of {at:%Y-%m-%d %H:%M} UTC, in the future", SET_IT)
            return
    compared = [what for what, at in {"database server's clock": server, **times}.items() if at is not None]
    yield well(f"{now:%Y-%m-%d %H:%M} UTC{', compared with the ' if compared else ''}{', '.join(compared)}")


def _database_times(installation: Installation) -> tuple[datetime | None, datetime | None]:
    """The time on the database server, and that of the newest entry of the log; None where they cannot be had."""
    try:
        newest = recent_changes(installation.engine, 1)
        return installation.database.clock, newest[0].at if newest else None
    except (DatabaseError, UnknownDatabaseError):
        return None, None

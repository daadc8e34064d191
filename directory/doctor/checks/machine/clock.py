"""This machine's clock against others: the database server's, and the times of what was written before."""

import contextlib
from datetime import UTC, datetime, timedelta

from directory.db.backup import newest_backup
from directory.db.errors import DatabaseError, UnknownDatabaseError
from directory.doctor.amounts import span
from directory.doctor.diagnosis import Diagnoses, problem, warning, well
from directory.doctor.installation import Installation
from directory.store.repository import recent_changes
from directory.zones.hours.rule_tables import rule_tables

TOLERANCE = timedelta(minutes=1)
SET_IT = "set this machine's clock by NTP: apt install systemd-timesyncd && timedatectl set-ntp true"


def check_clock(installation: Installation) -> Diagnoses:
    """The first sign of a wrong clock; no network is asked."""
    if days := installation.settings.clock_ahead_days:
        yield warning(f"a rehearsal: the site's clock runs {days} days ahead", "take SAFEZONES_CLOCK_AHEAD_DAYS out")
        return
    now = datetime.now(UTC)
    earliest = max(table.released for table in rule_tables() if table.released is not None)
    if now.date() < earliest:
        yield problem(f"it is {now:%Y-%m-%d} here, before this release was made", SET_IT)
        return
    ahead, entry = _database_times(installation)
    if ahead is not None and abs(ahead) > TOLERANCE:
        yield problem(f"{span(abs(ahead).total_seconds())} apart from the database server's", SET_IT)
        return
    backup = newest_backup(installation.settings.backups_dir)
    times = {"newest log entry": entry, "newest backup": datetime.fromtimestamp(backup, UTC) if backup else None}
    for what, at in times.items():
        if at is not None and at - now > TOLERANCE:
            yield problem(f"the {what} is of {at:%Y-%m-%d %H:%M} UTC, in the future", SET_IT)
            return
    compared = ["database server's clock"] if ahead is not None else []
    compared += [what for what, at in times.items() if at is not None]
    yield well(f"{now:%Y-%m-%d %H:%M} UTC{', compared with the ' if compared else ''}{', '.join(compared)}")


def _database_times(installation: Installation) -> tuple[timedelta | None, datetime | None]:
    """How far the database server's clock is ahead, and the time of the newest entry of the log; None: not known."""
    ahead = entry = None
    with contextlib.suppress(DatabaseError, UnknownDatabaseError):
        ahead = installation.database.clock_ahead
        entry = next((change.at for change in recent_changes(installation.engine, 1)), None)
    return ahead, entry

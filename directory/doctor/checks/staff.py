"""Somebody has to look at what waits for a moderator."""

from directory.db.queries.accounts import staff_count
from directory.db.transaction import transaction
from directory.doctor.amounts import counted
from directory.doctor.diagnosis import Diagnoses, warning, well
from directory.doctor.installation import Installation


def check_staff(installation: Installation) -> Diagnoses:
    """Whether anybody was appointed."""
    with transaction(installation.engine, writes=False) as session:
        count = staff_count(session)
    if count:
        yield well(f"{counted(count, 'account')} of moderators and administrators")
    else:
        yield warning("nobody: what departments send in waits for ever", "safezones staff you@example.org")

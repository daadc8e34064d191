"""What a department says of a zone of its own: which answers of the zone change by it."""

from datetime import date

from directory.errors import ConflictError
from directory.submissions.items.item import Action
from directory.zones.closures import Closure, all_closures, closure, closures_text, covers
from directory.zones.schemas import Status, ZoneRecord


class NothingClosesItError(ConflictError):
    """A zone is to be opened again that nothing closes today."""


def closed_by(zone: ZoneRecord, today: date) -> list[Closure]:
    """The closures that cover today, that of the status too."""
    return [one for one in all_closures(zone) if covers(one, today)]


def claimed_values(
    zone: ZoneRecord, action: Action, today: date, *, note: str = "", first: str = "", last: str = ""
) -> dict[str, str]:
    """What an action changes, by the names of the answers; `today` is the day where the zone is.

    Raises FieldError for a closure that is none, NothingClosesItError.
    """
    if action is Action.CLOSE:
        begins = first or ("" if last else today.isoformat())
        return {"closures": closures_text([*zone.closures, closure(begins, last, "", note)])}
    if action is Action.WITHDRAW:
        return {"status": "withdrawn", "status_from": today.isoformat(), "status_until": "", "status_note": note}
    return _reopened(zone, today, note) if action is Action.REOPEN else {}


def _reopened(zone: ZoneRecord, today: date, note: str) -> dict[str, str]:
    """Without what closes it today; closures to come stay, and what is only planned does not come into use by it."""
    ending = closed_by(zone, today)
    if not ending:
        raise NothingClosesItError
    staying = [one for one in zone.closures if one not in ending]
    values = {"closures": closures_text(staying)} if zone.closures else {}
    if zone.status is Status.TEMPORARILY_CLOSED and all_closures(zone)[0] in ending:
        values |= {"status": "active", "status_from": "", "status_until": "", "status_note": note}
    return values

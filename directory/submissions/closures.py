"""Closures of several zones of a department at once: announced, changed and taken back at its desk."""

from collections.abc import Callable, Sequence
from datetime import date

from directory.accounts.authentication import SignedIn
from directory.clock import now
from directory.db.log import Author
from directory.search.zone_status import local_day
from directory.store.repository import zones_of
from directory.store.writer import DirectoryWriter
from directory.submissions.publishing import word_at_desk
from directory.submissions.risk.assessment import desk_reasons
from directory.submissions.risk.wait_reasons import ChangeWaitsError
from directory.use_case_context import UseCaseContext
from directory.zones.closures import MOST_CLOSURES, Closure, all_closures, too_many
from directory.zones.evidence.zone_evidence import attributed, values_of
from directory.zones.schemas import Status, ZoneRecord

Change = Callable[[list[Closure]], list[Closure]]


def adding(one: Closure) -> Change:
    """What announces a closure; a zone that has it already keeps it once."""
    return lambda closures: closures if one in closures else [*closures, one]


def replacing(old: Closure, new: Closure | None) -> Change:
    """What puts a closure in the place of another, or takes it away (None)."""

    def change(closures: list[Closure]) -> list[Closure]:
        if old not in closures:
            return closures
        return [one for one in (new if one == old else one for one in closures) if one is not None]

    return change


def change_closures(
    context: UseCaseContext, department: str, zone_ids: Sequence[str], change: Change, who: SignedIn
) -> int:
    """Change the closures of a department's zones (it is named by its slug); returns how many zones changed.

    It is logged under who did it, and confirms nothing else about the zones. Raises ChangeWaitsError, FieldError or
    DatabaseError.
    """
    with context.writing() as session:
        writer = DirectoryWriter(session, context.gazetteer, Author(who.email, "closures"))
        own_ids = [zone.zone_id for zone in zones_of(session, department) if zone.zone_id in zone_ids]
        zones = [(*stored, _changed(stored[1], change)) for zone_id in own_ids if (stored := writer.stored(zone_id))]
        changes = ((before, after) for _current, before, after in zones)
        if waits := desk_reasons(session, context.gazetteer, department, who, changes):
            raise ChangeWaitsError(waits)
        changed = sum(
            writer.change(current, _signed(before, after, who, local_day(current.time_zone, now())))
            for current, before, after in zones
        )
        writer.flush()
        return changed


def _signed(before: ZoneRecord, after: ZoneRecord, who: SignedIn, day: date) -> ZoneRecord:
    """The record with who says its closures and its status, where they changed."""
    changed = {fact for fact in ("closures", "status") if values_of(before, fact) != values_of(after, fact)}
    return attributed(after, word_at_desk(who, after.department, day), changed) if changed else after


def _changed(record: ZoneRecord, change: Change) -> ZoneRecord:
    """The record with its closures changed; the one that its status says stays there unless it is changed itself."""
    before = all_closures(record)
    after = change(before)
    if after == before:
        return record
    values: dict[str, object] = {}
    if record.status is Status.TEMPORARILY_CLOSED:
        if before[0] in after:
            after = [one for one in after if one != before[0]]
        else:
            values = {"status": Status.ACTIVE, "status_from": "", "status_until": "", "status_note": ""}
    if len(after) > MOST_CLOSURES:
        raise too_many()
    return record.model_copy(update={**values, "closures": after})

"""A zone's earlier versions, and bringing one back."""

from directory.accounts.authentication import SignedIn
from directory.db.log import Author
from directory.db.tables.log import LogEntry
from directory.store.writer import DirectoryWriter
from directory.submissions.publishing import version, versions
from directory.submissions.risk.assessment import desk_reasons
from directory.submissions.risk.wait_reasons import WaitReason
from directory.use_case_context import UseCaseContext
from directory.zones.keys import department_slug
from directory.zones.schemas import ZoneRecord


def versions_of(context: UseCaseContext, zone_id: str) -> list[tuple[LogEntry, ZoneRecord | None]]:
    """What `publishing.versions` gives, in a transaction of its own. Raises DatabaseError."""
    with context.reading() as session:
        return versions(session, zone_id)


def restore_version(context: UseCaseContext, zone_id: str, number: int, who: SignedIn) -> list[WaitReason] | None:
    """Bring back the zone as it was after entry `number` of its log: by moderators, and by its department's people.

    Returns why the latter may not do it by themselves, nothing when it is done; None when there is no such version.
    Raises DatabaseError.
    """
    with context.writing() as session:
        writer = DirectoryWriter(session, context.gazetteer, Author(who.email, f"version {number} restored"))
        stored, restored = writer.stored(zone_id), version(session, zone_id, number)
        if stored is None or restored is None:
            return None
        zone, current = stored
        department = department_slug(current.department, current.state)
        reasons = desk_reasons(session, context.gazetteer, department, who, [(current, restored)])
        if not reasons:
            # Whether the department stands by its entry is a fact of today, not of that version.
            restored.confirmed_on, restored.confirmed_by = current.confirmed_on, current.confirmed_by
            writer.change(zone, restored)
            writer.flush()
        return reasons

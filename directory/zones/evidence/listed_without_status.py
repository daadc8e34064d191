"""A zone that is closed, moved or planned, in a table that lists it and has no column for its status."""

from directory.text import translatable
from directory.zones.evidence.merging import is_before
from directory.zones.evidence.zone_evidence import evidence_of, main_source, rank_of, rank_of_kind
from directory.zones.findings import Finding, Severity
from directory.zones.schemas import Status, ZoneRecord


def is_doubted(stored: ZoneRecord, incoming: ZoneRecord) -> bool:
    """Whether the stored zone is not one to go to, and the incoming record says so neither."""
    return stored.status not in (Status.ACTIVE, Status.WITHDRAWN) and incoming.status is Status.ACTIVE


def is_there_again(stored: ZoneRecord, incoming: ZoneRecord) -> bool:
    """Whether its source may end such a status: worth more and not older than what stands, or worth as much and later.

    It only lists the zone: an old list does so too, so that nothing is believed where either has no date.
    """
    source, stored_source = main_source(incoming), evidence_of(stored)["status"]
    new_rank, stored_rank = rank_of_kind(source.kind), rank_of(stored, "status", stored_source)
    if not source.date or not stored_source.date:
        return False
    if new_rank > stored_rank:
        return not is_before(source.date, stored_source.date)
    return new_rank == stored_rank and is_before(stored_source.date, source.date)


def listed_without_status(row: int, stored: ZoneRecord) -> Finding:
    """What whoever sent the table is told of a zone whose status stays."""
    return Finding(
        "status_is_stated", Severity.NOTE, row, "status", stored.status.value,
        translatable("is what the directory says of this zone, which the file lists without a status"),
        translatable("It stays so. Write “active” into a column “status” if people may go there again."),
    )  # fmt: skip

"""What a county or state sends for its departments: official sources, which never outrank a department's own word."""

from directory.clock import now
from directory.db.tables.contributions.data_cases import DataCaseKind
from directory.db.tables.contributions.submissions import Submission
from directory.db.tables.published.zones import Zone
from directory.db.transaction import Session
from directory.geo import time_zone_at
from directory.search.zone_status import local_day
from directory.store.data_cases import NewCase, disagreement_details, note_cases
from directory.store.writer import DirectoryWriter
from directory.verification.mail_domains import domain_of
from directory.verification.umbrellas import umbrella_of
from directory.zones.evidence.merging import merged_zone
from directory.zones.evidence.sources import Source
from directory.zones.evidence.zone_evidence import FACTS, attributed, values_of
from directory.zones.schemas import SourceKind, ZoneRecord


def umbrella_source(session: Session, row: Submission) -> Source:
    """Who says what an umbrella's submission says; nobody official where its domain proves no umbrella any more."""
    domain = domain_of(row.email)
    umbrella = umbrella_of(session, domain)
    if umbrella is None:
        return Source(row.web_page, domain)
    return Source(row.web_page, umbrella.name, SourceKind.OFFICIAL)


def write_for_another(
    session: Session, writer: DirectoryWriter, stored: tuple[Zone, ZoneRecord] | None, record: ZoneRecord, by: Source
) -> str:
    """Write a department's zone as `by` would have it; returns its id.

    Of a zone that stands only what is known no better changes; the rest becomes cases for the moderators.
    """
    source = by._replace(
        date=local_day(stored[0].time_zone if stored else time_zone_at(record.coordinates), now()).isoformat()
    )
    if stored is None:
        return writer.add(attributed(record, source))
    current, before = stored
    changed = {fact for fact in FACTS if values_of(record, fact) != values_of(before, fact)}
    covered_fields = frozenset(name for fact in changed for name in FACTS[fact])
    after, disagreements = merged_zone(before, attributed(record, source, changed), covered_fields, same_dataset=False)
    writer.change(current, after)
    cases = [
        NewCase(DataCaseKind.DISAGREEMENT, current.zone_id, one.fact, disagreement_details(one))
        for one in disagreements
    ]
    note_cases(session, source.name, [current.zone_id], DataCaseKind.DISAGREEMENT, cases)
    return current.zone_id

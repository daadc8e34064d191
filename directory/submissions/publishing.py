"""From an approved submission to the directory: every item through the rules and the writer of the import."""

from datetime import date

from directory.accounts.authentication import SignedIn
from directory.clock import now, today
from directory.db.log import Author
from directory.db.tables.contributions.submissions import Channel, Submission
from directory.db.tables.log import LogEntry, LogKind
from directory.db.tables.published.zones import Zone
from directory.db.transaction import Session
from directory.errors import BadInputError
from directory.geo import time_zone_at
from directory.regions import REGIONS
from directory.search.zone_status import local_day
from directory.store.repository import changes_of
from directory.store.writer import DirectoryWriter
from directory.submissions.items.item import Action, Item, validated
from directory.submissions.umbrella_publishing import umbrella_source, write_for_another
from directory.zones.departments.owner import Owner
from directory.zones.evidence.department_evidence import values_with_evidence
from directory.zones.evidence.sources import Source
from directory.zones.evidence.zone_evidence import FACTS, attributed, values_of
from directory.zones.findings import Finding
from directory.zones.keys import department_slug, spot_key
from directory.zones.place_lookup import PlaceLookup
from directory.zones.schemas import SourceKind, ZoneRecord
from directory.zones.validation.row_validation import ValidatedRow

APPROVED_BY = ", approved by "
"""Joins sender and decider in the log's actor."""
BY_MAIL = "submission"
"""The source's name of a zone that somebody sent in without proving to be the department."""


CLOSING = frozenset({"closures", "status", "status_from", "status_until", "status_note"})
"""Fields that say whether and when a zone is there to be used, and nothing else."""


class PublishingRefusedError(BadInputError):
    """Items that the rules refuse as the directory stands now; nothing was published."""

    def __init__(self, findings: list[Finding]) -> None:
        super().__init__("; ".join(str(finding) for finding in findings))
        self.findings = findings


def owner_of(row: Submission) -> Owner:
    """The department a submission speaks for."""
    return Owner(row.department, row.town, row.region)


def publish(session: Session, places: PlaceLookup, row: Submission, author: Author, *, confirmed: bool) -> list[str]:
    """Write every item, and drop the uploaded file; returns the zones' ids.

    `confirmed`: the department itself says so, today. Raises PublishingRefusedError.
    """
    return _Publishing(session, places, row, author, confirmed=confirmed).write()


class _Publishing:
    """A submission's way into the directory: what its items are about is read together, what they change written so."""

    def __init__(
        self, session: Session, places: PlaceLookup, row: Submission, author: Author, *, confirmed: bool
    ) -> None:
        self._added: set[str] = set()
        self._writer = DirectoryWriter(session, places, author, reserved=self._added.__contains__)
        self._places, self._row, self._owner, self._by_sender = places, row, owner_of(row), confirmed
        self._umbrella = umbrella_source(session, row) if row.channel is Channel.UMBRELLA else None
        self._session = session
        self._items = dict(enumerate(map(Item.from_json, row.items), start=1))
        self._stored_zones = self._writer.load([item.zone_id for item in self._items.values() if item.zone_id])
        self._new = {number: self._validated(number, None) for number, item in self._items.items()
                     if item.zone_id not in self._stored_zones}  # fmt: skip
        existing = self._writer.existing_zones(
            [outcome.record for outcome in self._new.values() if outcome.record is not None]
        )
        self._at_spots = {zone.spot_key: zone.zone_id for zone in existing.values()}

    def write(self) -> list[str]:
        """Write every item; returns the zones' ids."""
        zone_ids = [self._write(number) for number in self._items]
        _describe_department(self._writer, self._owner, self._row, confirmed=self._by_sender)
        self._writer.flush()
        self._row.upload = {}
        return zone_ids

    def _validated(self, number: int, current: ZoneRecord | None) -> ValidatedRow:
        return validated(self._items[number], self._owner, current, self._places, number)

    def _stored(self, zone_id: str) -> tuple[Zone, ZoneRecord] | None:
        if zone_id in self._added:
            self._writer.flush()
        return self._writer.stored(zone_id)

    def _write(self, number: int) -> str:
        item = self._items[number]
        stored = None if number in self._new else self._stored(item.zone_id)
        outcome = self._new[number] if stored is None else self._validated(number, stored[1])
        record = outcome.record
        if record is not None and stored is None and (same := self._at_spots.get(spot_key(record))):
            # The same file or form sent twice: one spot stays one zone, and keeps what the newcomer does not speak of.
            stored = self._stored(same)
            outcome = self._validated(number, stored[1]) if stored else outcome
            record = outcome.record
        if record is None:
            raise PublishingRefusedError(outcome.findings)
        if self._umbrella is not None:
            zone_id = write_for_another(self._session, self._writer, stored, record, self._umbrella)
            record = record.model_copy(update={"zone_id": zone_id})
        else:
            record = self._signed(item, stored, record)
            if stored is None:
                self._writer.add(record)
            else:
                self._writer.change(stored[0], record)
        if stored is None:
            self._added.add(record.zone_id)
        else:
            self._at_spots.pop(spot_key(stored[1]), None)
        self._at_spots[spot_key(record)] = record.zone_id
        return record.zone_id

    def _signed(self, item: Item, stored: tuple[Zone, ZoneRecord] | None, record: ZoneRecord) -> ZoneRecord:
        """The record with whose word it is."""
        owner = self._owner
        own = department_slug(record.department, record.state) == department_slug(owner.department, owner.state)
        # Who says when it is closed has not said that all the rest is still correct.
        only_closes = bool(item.values) and set(item.values) <= CLOSING
        by_department = self._by_sender and own
        confirmed = by_department and item.action is not Action.WITHDRAW and not only_closes
        zone = stored[0].time_zone if stored else time_zone_at(record.coordinates)
        day = local_day(zone, now())
        if confirmed:
            record = confirmed_by_department(record, day, self._row.web_page if stored is None else "")
        elif stored is None:
            record.source_name, record.source_kind = BY_MAIL, SourceKind.MODERATOR
            record.source_date, record.source_url = day.isoformat(), self._row.web_page
        else:
            kind, name = (SourceKind.DEPARTMENT, owner.department) if by_department else (SourceKind.MODERATOR, BY_MAIL)
            changed = {fact for fact in FACTS if values_of(record, fact) != values_of(stored[1], fact)}
            record = attributed(record, Source("", name, kind, day.isoformat()), changed)
        return record


def word_at_desk(who: SignedIn, department: str, day: date) -> Source:
    """Whose word it is what somebody states at the department's desk: a moderator's, or the department's."""
    kind, name = (SourceKind.MODERATOR, "") if who.staff else (SourceKind.DEPARTMENT, department)
    return Source("", name, kind, day.isoformat())


def confirmed_by_department(record: ZoneRecord, day: date, url: str = "") -> ZoneRecord:
    """The record with its department's word for every fact, since a day of the zone's own time zone."""
    record.confirmed_on, record.confirmed_by = day.isoformat(), record.department
    return attributed(record, Source(url, record.department, SourceKind.DEPARTMENT, day.isoformat()))


def _describe_department(writer: DirectoryWriter, owner: Owner, row: Submission, *, confirmed: bool) -> None:
    """Take over the department's telephone and page, from the department itself only.

    A page's domain can be proven by a code: a stranger's page must not become the department's.
    """
    sent = {"phone": row.phone, "web_page": row.web_page}
    details = {name: value for name, value in sent.items() if value and confirmed}
    if details:
        department = writer.owners.department(owner.department, owner.state, REGIONS[owner.state].country)
        source = Source("", owner.department, SourceKind.DEPARTMENT, today().isoformat())
        writer.owners.describe(LogKind.DEPARTMENT, department, values_with_evidence(department, source, details))


def confirm(session: Session, places: PlaceLookup, zone_ids: list[str], author: Author) -> list[str]:
    """The department says: still correct. Returns the ids that exist."""
    writer = DirectoryWriter(session, places, author)
    confirmed_ids = []
    for zone_id in zone_ids:
        stored = writer.stored(zone_id)
        if stored is not None:
            current, record = stored
            writer.change(current, confirmed_by_department(record, local_day(current.time_zone, now())))
            confirmed_ids.append(zone_id)
    writer.flush()
    return confirmed_ids


def versions(session: Session, zone_id: str) -> list[tuple[LogEntry, ZoneRecord | None]]:
    """The zone's log, newest first, with the whole zone as it was after each change (None where that is not kept)."""
    return [(change, _version(change)) for change in changes_of(session, zone_id)]


def last_reviewed(session: Session, zone_id: str) -> ZoneRecord | None:
    """The zone as an import, a moderator or another manager last left it; else as it was first published.

    What its department publishes at once is logged under the sender's address alone.
    """
    records = [(change.actor, record) for change, record in versions(session, zone_id) if record is not None]
    reviewed = [record for actor, record in records if "@" not in actor or APPROVED_BY in actor]
    return next(iter(reviewed), records[-1][1] if records else None)


def _version(change: LogEntry) -> ZoneRecord | None:
    if change.action not in ("added", "changed") or not change.after:
        return None
    values = {"zone_id": change.subject, **change.after}
    if "other_sources" in values:  # before November 2026 further sources were addresses alone
        values["sources"] = [{"url": url} for url in values.pop("other_sources")]
    try:
        return ZoneRecord.model_validate(values)
    except ValueError:
        return None  # written by an older release, without all that makes a zone


def version(session: Session, zone_id: str, number: int) -> ZoneRecord | None:
    """The zone as it was after an entry of its log."""
    return next((record for change, record in versions(session, zone_id) if change.id == number), None)

"""Gathers from the directory the facts by which `wait_reasons` decides."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache, partial

from directory.accounts.authentication import SignedIn
from directory.db.queries.accounts import accepted_members, confirmed_domains, official_domains
from directory.db.queries.submissions import objected_to, was_approved
from directory.db.tables.accounts import Person
from directory.db.tables.contributions.submissions import Channel, Submission
from directory.db.transaction import Session
from directory.geo import distance_m
from directory.store.repository import department_by_slug, zones_at_spots, zones_of
from directory.submissions.items.item import ProposedChange, validated
from directory.submissions.publishing import last_reviewed, owner_of
from directory.submissions.risk.checks import outside_town
from directory.submissions.risk.wait_reasons import (
    MODERATORS_ONLY,
    ChangeFacts,
    DepartmentFacts,
    SenderFacts,
    WaitReason,
    change_reasons,
    reasons,
)
from directory.text import fold
from directory.verification.domain_list import accepted as accepted_for
from directory.verification.domain_lookalikes import deceptive
from directory.verification.jurisdiction import polices
from directory.verification.levels import verification_of
from directory.verification.mail_domains import PUBLIC_PROVIDERS, domain_of
from directory.verification.membership import managers, stands_alone
from directory.verification.umbrellas import may_send_for
from directory.zones.departments.owner import Owner
from directory.zones.evidence.sources import host_of
from directory.zones.keys import department_slug, spot_key, town_slug
from directory.zones.place_lookup import PlaceLookup
from directory.zones.schemas import ZoneRecord


@dataclass(frozen=True, slots=True)
class KnownDomain:
    """A domain that is the department's, and how we know: official, confirmed, web_page or member."""

    domain: str
    source: str


def known_domains(session: Session, owner: Owner) -> list[KnownDomain]:
    """The domains by which a department is known, each once, the best source first."""
    department = department_slug(owner.department, owner.state)
    row = department_by_slug(session, department)
    # Only the department's name in the directory counts: what was typed may read otherwise and be the same department.
    official = accepted_for(official_domains(session, state=owner.state), {department: row}) if row else ()
    sourced = [
        *((pair.row.domain, "official") for pair in official),
        *((one.domain, "confirmed") for one in confirmed_domains(session, department)),
        (host_of(row.web_page) if row else "", "web_page"),
        *((domain_of(person.email), "member") for person in accepted_members(session, department)),
    ]
    best: dict[str, str] = {}
    for domain, source in sourced:
        if domain and domain not in PUBLIC_PROVIDERS:
            best.setdefault(domain, source)
    return [KnownDomain(domain, source) for domain, source in best.items()]


def assess(
    session: Session, places: PlaceLookup, row: Submission, person: Person, entries: Sequence[ProposedChange]
) -> list[WaitReason]:
    """Why a submission of a proven address waits; empty when it may be published at once."""
    sender, department = _background(session, places, row, person)
    return reasons(sender, department, _changes(session, places, owner_of(row), entries))


def assess_each(
    session: Session, places: PlaceLookup, row: Submission, person: Person, entries: Sequence[ProposedChange]
) -> list[list[WaitReason]]:
    """Why each item of a submission would wait if it were sent alone, in the order of the entries."""
    sender, department = _background(session, places, row, person)
    return [reasons(sender, department, [change]) for change in _changes(session, places, owner_of(row), entries)]


def _background(
    session: Session, places: PlaceLookup, row: Submission, person: Person
) -> tuple[SenderFacts, DepartmentFacts]:
    """What is known of a submission's sender and department, whatever it changes."""
    department = row.department_slug
    objected = bool(row.objection) or objected_to(session, person.id)
    if row.channel is Channel.UMBRELLA:
        proven = may_send_for(session, places, domain_of(person.email), owner_of(row))
        accepted = was_approved(session, person.id, Channel.UMBRELLA)
        sender = SenderFacts(proven, accepted, umbrella=True, objected_to=objected)
        return sender, _department_facts(session, department)  # its telephone and page are its own to say
    place = verification_of(session, person, department)
    domains = [one.domain for one in known_domains(session, owner_of(row))]
    sender = SenderFacts(
        proven=place.verified,
        accepted=place.accepted,
        lookalike=bool(deceptive(domain_of(person.email), domains)),
        objected_to=objected,
    )
    return sender, _department_facts(session, department, row.phone, row.web_page)


def desk_reasons(
    session: Session, places: PlaceLookup, department: str, who: SignedIn,
    changes: Iterable[tuple[ZoneRecord, ZoneRecord]],
) -> list[WaitReason]:  # fmt: skip
    """Why somebody does not change zones (before, after) of a department (its slug) at its desk by themselves.

    Nothing keeps staff from it.
    """
    if who.staff:
        return []
    facts = _department_facts(session, department)
    jurisdiction = _Jurisdiction(session, places, department)
    reasons = {WaitReason.OBJECTION} if objected_to(session, who.id) else set[WaitReason]()
    for before, after in changes:
        reasons.update(change_reasons(_change_facts(session, jurisdiction, department, before, after), facts))
    return [reason for reason in WaitReason if reason in reasons]


def _department_facts(session: Session, slug: str, phone: str = "", web_page: str = "") -> DepartmentFacts:
    """The department as the directory has it, and what is proposed for it."""
    row = department_by_slug(session, slug)
    has_zones = row is not None and bool(zones_of(session, slug))
    return DepartmentFacts(has_zones, row.phone if row else "", row.web_page if row else "", phone, web_page)


class _Jurisdiction:
    """In which towns a department (its slug) may put a zone; each town is looked up once."""

    def __init__(self, session: Session, places: PlaceLookup, department: str) -> None:
        self._places = places
        self._polices = cache(partial(polices, session, places, department))

    def covers(self, record: ZoneRecord, *, new: bool) -> bool:
        """Whether the department polices the zone's town; a new zone's mail and pin must be of that town, too."""
        if not self._polices(town_slug(record.town, record.state)):
            return False
        return not new or (_mail_is_of_town(record) and self._is_near(record))

    def _is_near(self, record: ZoneRecord) -> bool:
        """Whether the pin lies near the town; a town that the gazetteer does not know is near nothing."""
        return bool(self._places.places(record.town, record.state)) and outside_town(self._places, record) is None


def _mail_is_of_town(record: ZoneRecord) -> bool:
    return not record.mailing_town or fold(record.mailing_town) == fold(record.town)


def _change_facts(
    session: Session, jurisdiction: _Jurisdiction, department: str, before: ZoneRecord | None, after: ZoneRecord | None
) -> ChangeFacts:
    """What a change does to one zone of a department (its slug)."""
    one = before or after
    own = one is not None and department_slug(one.department, one.state) == department
    policed = after is not None and jurisdiction.covers(after, new=before is None)
    return ChangeFacts(before, after, own, policed, _moved_m(session, before, after))


def _changes(
    session: Session, places: PlaceLookup, owner: Owner, entries: Sequence[ProposedChange]
) -> Iterable[ChangeFacts]:
    """The change of each item: a new zone at the spot of a known one changes that one."""
    added = [entry.outcome.record for entry in entries if entry.current is None and entry.outcome.record is not None]
    at_spots = zones_at_spots(session, map(spot_key, added))
    department = department_slug(owner.department, owner.state)
    facts = partial(_change_facts, session, _Jurisdiction(session, places, department), department)
    for number, entry in enumerate(entries, start=1):
        before, after = entry.current, entry.outcome.record
        if before is None and after is not None:
            before = at_spots.get(spot_key(after))
            if before is not None:
                after = validated(entry.item, owner, before, places, number).record
        yield facts(before, after)


def _moved_m(session: Session, before: ZoneRecord | None, after: ZoneRecord | None) -> float:
    """Metres from where the pin was when somebody else than the sender last decided, so that no steps add up."""
    if before is None or after is None or before.coordinates == after.coordinates:
        return 0.0
    reviewed = last_reviewed(session, before.zone_id) or before
    return max(distance_m(record.coordinates, after.coordinates) for record in (before, reviewed))


def other_managers(session: Session, row: Submission) -> list[Person]:
    """The accepted managers of a submission's department, without its sender."""
    people = managers(session, row.department_slug)
    return [person for person in people if person.id != row.person_id]


def deciding_managers(session: Session, row: Submission) -> list[Person]:
    """Those of them who may decide on it, as moderators may: nobody where it is in doubt who sent it."""
    if row.objection or MODERATORS_ONLY.intersection(map(WaitReason, row.waits_for)):
        return []
    others = other_managers(session, row)
    return [person for person in others if stands_alone(session, person, row.email, [row.department_slug])]

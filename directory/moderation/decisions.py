"""A moderator's decision on one submission: what the page shows of it, and the mail that tells its sender."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime

from directory.accounts.authentication import SignedIn
from directory.clock import now
from directory.db.log import Author, log
from directory.db.queries.accounts import is_barred, members
from directory.db.queries.submissions import InQueue, in_state_of_region, replace_submission
from directory.db.tables.accounts import Method, Person, Role
from directory.db.tables.contributions.submissions import Channel, Submission, SubmissionStatus
from directory.db.tables.domains import OfficialDomain
from directory.db.tables.log import LogKind
from directory.db.transaction import Session
from directory.errors import BadInputError, ConflictError, NotAllowedError, StaleVersionError
from directory.moderation.written_reasons import in_their_language
from directory.store.repository import StoredZone, department_by_slug
from directory.submissions.drafts import proposed
from directory.submissions.items.item import ProposedChange
from directory.submissions.publishing import APPROVED_BY, owner_of, publish
from directory.submissions.risk.assessment import deciding_managers, known_domains
from directory.submissions.risk.checks import Check, Observation, observe, risk
from directory.submissions.risk.wait_reasons import HIGH_RISK, WEIGHTS, WaitReason, weight
from directory.submissions.sending import zone_links
from directory.submissions.workflow import NEEDS_REASON, Step, TransitionNotAllowedError, after
from directory.use_case_context import UseCaseContext
from directory.verification.department_domains import confirm_domain
from directory.verification.domain_lookalikes import Lookalike, likeness
from directory.verification.levels import Verification, VerificationLevel, grant, raise_level, verification_of
from directory.verification.mail_domains import PUBLIC_PROVIDERS, domain_of
from directory.verification.membership import accept
from directory.zones.duplicates.matches import ZoneIndex
from directory.zones.keys import department_slug, slug_parts

ZonesOfState = Callable[[str], ZoneIndex[StoredZone]]
"""Department slug → its zones in the directory that are not withdrawn."""


BULK_ITEMS = 10
"""Submissions of at most so many items are shown whole on the queue's page, and may be approved there together."""


class NotShownError(ConflictError):
    """A submission is approved together with others only when the queue showed all of it and nothing grave."""


class NotEntitledError(NotAllowedError):
    """A manager decides on what another member of the department sent, while nobody objected; on nothing else."""


class ReasonMissingError(BadInputError):
    """The sender is told why; so there must be a why."""


KeysOf = Callable[[Submission], Iterable[str]]
"""Picks items of a submission by their keys, such as those of one page."""


def all_keys(row: Submission) -> list[str]:
    """The keys of every item."""
    return [stored["key"] for stored in row.items]


@dataclass(frozen=True, slots=True)
class CaseBackground:
    """What tells a department's people from others: its contact, its managers, its domains beside the sender's.

    `managers` are (address, since, accepted); `domains` (source, likeness with the sender's domain); `registered_for`
    names whom the sender's domain is registered for, if anybody.
    """

    phone: str
    web_page: str
    managers: tuple[tuple[str, datetime, bool], ...]
    domains: tuple[tuple[str, Lookalike], ...]
    registered_for: str


@dataclass(frozen=True, slots=True)
class ReviewCase:
    """A submission on the desk: its items, what is to be seen on each, where the sender stands, and who else does."""

    row: Submission
    proposed: tuple[ProposedChange, ...]
    observations: tuple[tuple[Observation, ...], ...]
    verification: Verification | None
    background: CaseBackground


def items_risk(context: UseCaseContext, row: Submission, entries: Iterable[ProposedChange], zones: ZonesOfState) -> int:
    """The weight of the gravest finding about these items of a submission."""
    return risk([observation for entry in entries for observation in _observe(context, row, entry, zones)])


def grave_weight(row: Submission, items_weight: int) -> int:
    """The weight of the gravest of a submission's items, of why it waits, and of an objection."""
    return max(items_weight, weight(row.waits_for), WEIGHTS[WaitReason.OBJECTION] if row.objection else 0)


def waiting_submissions(session: Session, department: str) -> list[InQueue]:
    """What waits for a decision about a department (its slug), oldest first."""
    region = slug_parts(department)[0].upper()
    rows = in_state_of_region(session, SubmissionStatus.WAITING_FOR_REVIEW, region)
    return [row for row in rows if department_slug(row.department, region) == department]


def review_case(
    context: UseCaseContext, number: int, zones: ZonesOfState, keys: KeysOf = all_keys
) -> ReviewCase | None:
    """A submission with those of its items that `keys` picks, all by default. Raises DatabaseError."""
    with context.reading() as session:
        row = session.get(Submission, number)
        if row is None:
            return None
        entries = tuple(proposed(session, context.places, row, keys(row)))
        observations = tuple(tuple(_observe(context, row, entry, zones)) for entry in entries)
        person = session.get(Person, row.person_id) if row.person_id else None
        place = verification_of(session, person, row.department_slug) if person else None
        background = _background(session, row)
    return ReviewCase(row, entries, observations, place, background)


def _background(session: Session, row: Submission) -> CaseBackground:
    department = row.department_slug
    record = department_by_slug(session, department)
    sender = domain_of(row.email)
    official = session.get(OfficialDomain, sender)
    domains = ((one.source, likeness(sender, one.domain)) for one in known_domains(session, owner_of(row)))
    return CaseBackground(
        record.phone if record else "",
        record.web_page if record else "",
        tuple((person.email, place.since, place.accepted_at is not None)
              for place, person in members(session, department) if place.role == Role.MANAGER),
        tuple(sorted(domains, key=lambda pair: -pair[1].percent)),
        f"{official.place}, {official.state}" if official else "",
    )  # fmt: skip


def _observe(context: UseCaseContext, row: Submission, entry: ProposedChange, zones: ZonesOfState) -> list[Observation]:
    # What is published already stands in the directory itself: only compare what waits.
    others = zones(row.region) if row.state == SubmissionStatus.WAITING_FOR_REVIEW else ZoneIndex[StoredZone]()
    observations = observe(entry.item, entry.outcome, entry.current, others, context.gazetteer)
    if (
        entry.current is not None
        and department_slug(entry.current.department, entry.current.state) != row.department_slug
    ):
        observations.insert(0, Observation(Check.FOREIGN, entry.current.department))
    return observations


def decide(context: UseCaseContext, number: int, version: int, what: Step, reason: str, moderator: str) -> None:
    """Approve, decline or ask for a change, and tell the sender why.

    Raises ReasonMissingError, StaleVersionError, TransitionNotAllowedError, PublishingRefusedError or DatabaseError;
    nothing is changed then.
    """
    with context.writing() as session:
        _decide(context, session, _unchanged(session, number, version), what, reason, moderator)


def decide_for_department(
    context: UseCaseContext, department: str, number: int, version: int, what: Step, reason: str, manager: SignedIn
) -> None:
    """A manager of the department (its slug) approves or declines what another member sent.

    Raises NotEntitledError, and what `decide` raises; nothing is changed then.
    """
    with context.writing() as session:
        row = session.get(Submission, number)
        if row is None or not _may_decide(session, row, department, manager):
            raise NotEntitledError
        row = _unchanged(session, number, version)
        _decide(context, session, row, what, reason, manager.email, by_department=True)


def may_decide(context: UseCaseContext, row: Submission, department: str, manager: SignedIn) -> bool:
    """Whether a manager of the department (its slug) may decide on a submission. Raises DatabaseError."""
    with context.reading() as session:
        return _may_decide(session, row, department, manager)


def _may_decide(session: Session, row: Submission, department: str, manager: SignedIn) -> bool:
    return row.department_slug == department and any(
        person.id == manager.id for person in deciding_managers(session, row)
    )


def _unchanged(session: Session, number: int, version: int) -> Submission:
    row = session.get(Submission, number)
    if row is None or row.version != version:
        raise StaleVersionError
    return row


def _decide(
    context: UseCaseContext,
    session: Session,
    row: Submission,
    what: Step,
    reason: str,
    who: str,
    *,
    by_department: bool = False,
) -> None:
    number = row.id
    state = after(row.state, what)
    writer = context.writer(row.language)
    text = in_their_language(reason.strip(), writer)
    if what in NEEDS_REASON and not text:
        raise ReasonMissingError
    zone_ids: list[str] = []
    if what is Step.APPROVE:
        zone_ids = _publish(context, session, row, who, text)
    unseen = by_department and what is Step.APPROVE  # a moderator looks at it afterwards
    values = {"state": state, "decided_at": now(), "decided_by": who, "reason": text, "at_once": unseen}
    replace_submission(session, row, values)
    details = {"zones": zone_ids} if zone_ids else None
    log(session, Author(who, text), LogKind.SUBMISSION, str(number), what.value, details)
    if what is Step.APPROVE:
        message = writer.approved(row.department, text, zone_links(session, zone_ids, writer.site))
    elif what is Step.DECLINE:
        message = writer.declined(row.department, text)
    else:
        link = f"{writer.site}/submit/{context.links.key(row, owner=True)}"
        message = writer.changes_requested(row.department, text, link)
    context.queue(session, row.email, message)


def _publish(context: UseCaseContext, session: Session, row: Submission, who: str, reason: str) -> list[str]:
    confirmed = False
    if row.person_id is not None and row.channel is not Channel.UMBRELLA:
        person = session.get_one(Person, row.person_id)
        department = row.department_slug
        raise_level(session, person, owner_of(row))  # a domain may have been confirmed since it was sent
        accept(session, person, department, who)
        confirmed = verification_of(session, person, department).verified
    author = Author(f"{row.email}{APPROVED_BY}{who}", f"submission {row.id}: {reason}")
    return publish(session, context.places, row, author, confirmed=confirmed)


def approve_shown(
    context: UseCaseContext, number: int, version: int, zones: ZonesOfState, reason: str, moderator: str
) -> None:
    """Approve a submission that the queue's page showed whole, among others.

    Raises NotShownError where it has too many items or something grave is seen by now, and what `decide` raises.
    """
    with context.writing() as session:
        row = _unchanged(session, number, version)
        if len(row.items) > BULK_ITEMS:
            raise NotShownError
        if grave_weight(row, items_risk(context, row, proposed(session, context.places, row), zones)) >= HIGH_RISK:
            raise NotShownError
        _decide(context, session, row, Step.APPROVE, reason, moderator)


def mark_seen(context: UseCaseContext, number: int, version: int, moderator: str) -> None:
    """A moderator looked at what was published at once. Raises StaleVersionError or DatabaseError."""
    with context.writing() as session:
        row = _unchanged(session, number, version)
        if not row.at_once:
            raise StaleVersionError
        replace_submission(session, row, {"looked_at": True})
        log(session, Author(moderator, ""), LogKind.SUBMISSION, str(number), "looked at")


def take_up(context: UseCaseContext, number: int, version: int, moderator: str) -> None:
    """Let a declined submission wait again, and tell its sender: the way back from a decision taken by mistake.

    Raises StaleVersionError, TransitionNotAllowedError, or DatabaseError; nothing is changed then.
    """
    with context.writing() as session:
        row = _unchanged(session, number, version)
        if is_barred(session, row.email):
            raise TransitionNotAllowedError(row.state, Step.TAKE_UP)
        values = {"state": after(row.state, Step.TAKE_UP), "decided_at": None, "decided_by": "", "reason": ""}
        replace_submission(session, row, values)
        log(session, Author(moderator, ""), LogKind.SUBMISSION, str(number), Step.TAKE_UP.value)
        context.queue(session, row.email, context.writer(row.language).taken_up(row.department))


def note_call_back(context: UseCaseContext, number: int, version: int, number_called: str, moderator: str) -> None:
    """A moderator rang the published number and was told that the sender belongs there.

    Raises StaleVersionError when the submission is no longer the one the moderator saw; DatabaseError.
    """
    with context.writing() as session:
        row = _as_seen(session, number, version)
        person = session.get_one(Person, row.person_id)
        department = row.department_slug
        if grant(session, person, department, VerificationLevel.CALL_BACK, Method.CALL_BACK, number_called, moderator):
            _welcome(context, session, row)


def _as_seen(session: Session, number: int, version: int) -> Submission:
    row = session.get(Submission, number)
    if (
        row is None
        or row.version != version
        or row.person_id is None
        or row.state == SubmissionStatus.CHANGES_REQUESTED
    ):
        raise StaleVersionError
    return row


def _welcome(context: UseCaseContext, session: Session, row: Submission) -> None:
    writer = context.writer(row.language)
    message = writer.added_to_department(row.department, "Safe Zone Directory", f"{writer.site}/sign-in")
    context.queue(session, row.email, message)


class PublicProviderError(BadInputError):
    """Anybody gets an address at that domain: it proves nothing."""


def confirm_sender_domain(context: UseCaseContext, number: int, version: int, evidence: str, moderator: str) -> None:
    """A moderator saw the sender's domain on the town's own page: everybody there then belongs to the department.

    Raises PublicProviderError, StaleVersionError or DatabaseError.
    """
    with context.writing() as session:
        row = _as_seen(session, number, version)
        domain = domain_of(row.email)
        if domain in PUBLIC_PROVIDERS:
            raise PublicProviderError(domain)
        confirm_domain(session, domain, row.department_slug, evidence, moderator)
        if raise_level(session, session.get_one(Person, row.person_id), owner_of(row)):
            _welcome(context, session, row)

"""Sending a draft: proof by e-mail, then published at once or left to a moderator."""

from collections.abc import Collection, Sequence
from enum import StrEnum

from directory.accounts.authentication import SignedIn, signed_in
from directory.clock import now
from directory.db.log import Author, log
from directory.db.queries.accounts import is_barred, members, person_by_email, person_named
from directory.db.queries.submissions import replace_submission
from directory.db.tables.accounts import LinkPurpose, Person, Role
from directory.db.tables.contributions.submissions import Channel, Submission, SubmissionStatus
from directory.db.tables.log import LogKind
from directory.db.tables.outbox import MailKind
from directory.db.transaction import Session
from directory.errors import BadInputError
from directory.mail.links import make_link, peek, spend_link
from directory.mail_address import mailbox_of
from directory.store.repository import StoredZone, zone_record
from directory.submissions.drafts import editable, proposed
from directory.submissions.items.matches import open_questions
from directory.submissions.objections import tell_managers
from directory.submissions.publishing import owner_of, publish
from directory.submissions.risk.assessment import assess, deciding_managers
from directory.submissions.risk.wait_reasons import SENTENCES, WaitReason
from directory.submissions.workflow import Step, TransitionNotAllowedError, after
from directory.use_case_context import UseCaseContext
from directory.verification.levels import raise_level
from directory.zones.duplicates.matches import ZoneIndex
from directory.zones.place_lookup import PlaceLookup
from directory.zones.zone_labels import ZoneLabel, zone_label


class SendOutcome(StrEnum):
    """What became of a submission that was sent."""

    MAILED = "mailed"
    WAITING = "waiting"
    PUBLISHED = "published"


class NotReadyError(BadInputError):
    """The submission cannot be sent yet.

    `missing` names fields, `refused` the keys of items the rules refuse, `unanswered` those of new zones that the
    directory probably has.
    """

    def __init__(self, missing: Sequence[str], refused: Sequence[str], unanswered: Sequence[str] = ()) -> None:
        super().__init__(", ".join([*missing, *refused, *unanswered]))
        self.missing = tuple(missing)
        self.refused = tuple(refused)
        self.unanswered = tuple(unanswered)


def send(
    context: UseCaseContext, number: int, sender: SignedIn | None = None, zones: ZoneIndex[StoredZone] | None = None
) -> SendOutcome:
    """Send a draft: to the sender's mailbox for proof, or, where the address is proven, on its way.

    `zones` are those of the directory in the draft's state, with which new ones are compared. Raises
    NotReadyError, TransitionNotAllowedError, TooManyMessagesError, StaleVersionError or DatabaseError.
    """
    with context.writing() as session:
        row = editable(session, number)
        if sender is not None and (row.person_id != sender.id or row.email_proven_at is None):
            replace_submission(session, row, {"email": sender.email, "email_proven_at": now(), "person_id": sender.id})
        _require_ready(session, context.places, row, zones or ZoneIndex())
        # Whoever has the draft's link is not yet its sender. A barred address is as good as unproven: no mail comes.
        if sender is None or is_barred(session, row.email):
            state = after(row.state, Step.SEND)
            replace_submission(session, row, {"state": state, "sent_at": now()})
            person = person_by_email(session, row.email)
            email = person.email if person else row.email  # to the form of the address that was proven first
            token = make_link(session, LinkPurpose.PROVE_EMAIL, email, {"submission": number, "version": row.version})
            writer = context.writer(row.language)
            link = f"{writer.site}/submit/confirm/{token}"
            message = writer.prove_email(link, row.department, len(row.items))
            context.queue(session, email, message, kind=MailKind.REQUESTED)
            return SendOutcome.MAILED
        return arrive(context, session, row, session.get_one(Person, row.person_id))


def _require_ready(session: Session, places: PlaceLookup, row: Submission, zones: ZoneIndex[StoredZone]) -> None:
    required = {"department": row.department, "region": row.region, "town": row.town, "email": row.email,
                "items": row.items}  # fmt: skip
    missing = [name for name, value in required.items() if not value]
    entries = [] if missing else proposed(session, places, row)
    refused = [entry.item.key for entry in entries if entry.outcome.refused]
    unanswered = [question.item.key for question in open_questions(entries, zones)]
    if missing or refused or unanswered:
        raise NotReadyError(missing, refused, unanswered)


def prove(context: UseCaseContext, token: str) -> tuple[SignedIn, int, SendOutcome | None] | None:
    """Spend the link of a confirmation mail: (the person, the submission, what became of it).

    The outcome is None when the draft was opened again after the mail went out. None altogether when the link is
    not good any more. Raises DatabaseError.
    """
    with context.writing() as session:
        link = spend_link(session, LinkPurpose.PROVE_EMAIL, token)
        row = session.get(Submission, int(link.subject.get("submission", 0))) if link else None
        if link is None or row is None:
            return None
        person = person_named(session, link.email, row.language)
        if person.email != link.email:
            return None  # another form of the address was proven since: whoever reads this one may be somebody else
        number = row.id
        # Nobody proves what they were not shown: not what the draft became after the mail went out.
        same = mailbox_of(row.email) == mailbox_of(link.email) and row.version == link.subject["version"]
        if row.state != SubmissionStatus.WAITING_FOR_EMAIL or not same:
            return signed_in(session, person), number, None
        replace_submission(session, row, {"email": person.email, "email_proven_at": now(), "person_id": person.id})
        log(session, Author(person.email, "mailed link"), LogKind.SUBMISSION, str(number), "e-mail proven")
        outcome = arrive(context, session, row, person)
        return signed_in(session, person), number, outcome


def waiting_for(context: UseCaseContext, token: str) -> Submission | None:
    """The submission behind a confirmation link that is still good; looking does not spend it."""
    with context.reading() as session:
        link = peek(session, LinkPurpose.PROVE_EMAIL, token)
        row = session.get(Submission, int(link.subject.get("submission", 0))) if link else None
        if link is None or row is None or row.version != link.subject["version"]:
            return None
        if row.state != SubmissionStatus.WAITING_FOR_EMAIL:
            return None
        return row


def step(context: UseCaseContext, number: int, what: Step, by: str) -> None:
    """Take a submission back (withdraw), or open it again.

    Raises TransitionNotAllowedError, StaleVersionError or DatabaseError.
    """
    with context.writing() as session:
        row = session.get_one(Submission, number)
        if row.objection:
            raise TransitionNotAllowedError(row.state, what)  # a moderator decides on it first
        replace_submission(session, row, {"state": after(row.state, what)})
        log(session, Author(by or "sender", ""), LogKind.SUBMISSION, str(number), what.value)


def arrive(
    context: UseCaseContext, session: Session, row: Submission, person: Person, besides: Collection[WaitReason] = ()
) -> SendOutcome:
    """A proven submission: live at once where nothing speaks against it (see `risk`), else to the review desk.

    `besides` are reasons to wait that the caller knows, and the submission itself does not show.
    Part of the caller's transaction. Raises PublishingRefusedError, StaleVersionError or TransitionNotAllowedError.
    """
    department = row.department_slug
    writer = context.writer(row.language)
    for_itself = row.channel is not Channel.UMBRELLA
    if for_itself and raise_level(session, person, owner_of(row)):
        for place, colleague in members(session, department):
            if place.role == Role.MANAGER and colleague.id != person.id:
                link = f"{writer.site}/desk/{department}/people"
                message = context.writer(colleague.language).joined(row.department, person.email, link)
                context.queue(session, colleague.email, message)
    reasons = assess(session, context.gazetteer, row, person, proposed(session, context.places, row))
    waits_for = [reason for reason in WaitReason if reason in reasons or reason in besides]
    if waits_for:
        return _wait(context, session, row, person, waits_for)
    number = row.id
    zone_ids = publish(session, context.places, row, Author(person.email, f"submission {number}"), confirmed=for_itself)
    state = after(row.state, Step.PUBLISH_AT_ONCE)
    replace_submission(session, row, {
        "state": state, "sent_at": now(), "decided_at": now(), "decided_by": person.email, "at_once": True,
        "reason": "", "waits_for": [],
    })  # fmt: skip
    log(session, Author(person.email, ""), LogKind.SUBMISSION, str(number), "published at once")
    context.queue(session, person.email, writer.published(row.department, zone_links(session, zone_ids, writer.site)))
    return SendOutcome.PUBLISHED


def _wait(
    context: UseCaseContext, session: Session, row: Submission, person: Person, waits_for: Sequence[WaitReason]
) -> SendOutcome:
    """Leave it to a moderator or another manager; tell the sender why, and the managers what they can do."""
    state = after(row.state, Step.PROVE_EMAIL if row.state is SubmissionStatus.WAITING_FOR_EMAIL else Step.SEND_PROVEN)
    replace_submission(session, row, {"state": state, "sent_at": now(), "waits_for": list(waits_for)})
    log(session, Author(person.email, ""), LogKind.SUBMISSION, str(row.id), "sent", {"waits_for": list(waits_for)})
    if row.channel is not Channel.UMBRELLA:  # whose page tells of all its departments: each mail would be one of many
        writer = context.writer(row.language)
        link = f"{writer.site}/submit/{context.links.key(row, owner=True)}"
        reasons = [SENTENCES[reason] for reason in waits_for]
        by_managers = bool(deciding_managers(session, row))
        context.queue(session, person.email, writer.arrived(row.department, link, reasons, by_managers=by_managers))
    tell_managers(context, session, row)
    return SendOutcome.WAITING


def managers_decide(context: UseCaseContext, row: Submission) -> bool:
    """Whether a manager of the department may decide on a submission, beside the moderators. Raises DatabaseError."""
    with context.reading() as session:
        return bool(deciding_managers(session, row))


def zone_links(session: Session, zone_ids: Sequence[str], site: str) -> list[tuple[ZoneLabel, str]]:
    """Zones as (label, address of the page), for messages; at most twenty."""
    links = []
    for zone_id in zone_ids[:20]:
        record = zone_record(session, zone_id)
        if record is not None:
            links.append((zone_label(record, record.town), f"{site}/zones/{zone_id}"))
    return links

"""The sender's side: a draft that is never lost, sent, proven by e-mail, and published or waiting for a moderator."""

import secrets
from collections.abc import Collection, Iterable, Mapping, Sequence
from enum import StrEnum
from typing import Any

from directory.accounts.authentication import SignedIn, signed_in
from directory.clock import now
from directory.db.log import Author, log
from directory.db.queries.accounts import is_barred, members, person_by_email, person_named
from directory.db.queries.photos import keep_photo
from directory.db.queries.submissions import add_submission, of_person, replace_submission
from directory.db.tables.accounts import LinkPurpose, Person, Role
from directory.db.tables.contributions.submissions import Channel, Submission, SubmissionStatus
from directory.db.tables.log import LogKind
from directory.db.tables.outbox import MailKind
from directory.db.transaction import Session
from directory.errors import BadInputError, StaleVersionError
from directory.mailbox import mailbox_of
from directory.store.repository import StoredZone, zone_record, zone_records
from directory.submissions.items.item import Action, Item, ProposedChange, validated
from directory.submissions.items.matches import MatchQuestion, answered, change_of, open_questions
from directory.submissions.objections import tell_managers
from directory.submissions.photos import EncodedPhoto
from directory.submissions.publishing import owner_of, publish
from directory.submissions.quotas import grown, size_after
from directory.submissions.risk.assessment import assess, deciding_managers
from directory.submissions.risk.wait_reasons import SENTENCES, WaitReason
from directory.submissions.uploads.spreadsheet import CheckedSpreadsheet
from directory.submissions.uploads.upload_corrections import RowChange
from directory.submissions.uploads.uploaded_file import UploadedFile
from directory.submissions.workflow import EDITABLE, Step, TransitionNotAllowedError, after
from directory.usecases.context import UseCaseContext
from directory.usecases.links import make_link, peek, spend_link
from directory.verification.levels import raise_level
from directory.zones.duplicates.matches import ZoneIndex
from directory.zones.place_lookup import PlaceLookup
from directory.zones.schemas import ZoneRecord
from directory.zones.zone_labels import ZoneLabel, zone_label

MOST_ITEMS = 1_000


class TooManyItemsError(BadInputError):
    """A submission holds at most 1,000 zones; nothing was taken in."""


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


class SendOutcome(StrEnum):
    """What became of a submission that was sent."""

    MAILED = "mailed"
    WAITING = "waiting"
    PUBLISHED = "published"


def begin(context: UseCaseContext, language: str, **values: Any) -> int:
    """A new draft; returns its number. Raises DraftsFullError or DatabaseError."""
    at = now()
    items = values.pop("items", [])
    with context.writing() as session:
        row = Submission(state=SubmissionStatus.DRAFT, language=language, created_at=at, updated_at=at, **values)
        row.size = size_after(session, row, {"items": items}, context.most_draft_bytes)
        row.items = items
        return add_submission(session, row).id


def read(context: UseCaseContext, number: int) -> Submission | None:
    """A submission on its own. Raises DatabaseError."""
    with context.reading() as session:
        return session.get(Submission, number)


def sent_by(context: UseCaseContext, person_id: int) -> list[Submission]:
    """What a person sent and proved, newest first, at most 50. Raises DatabaseError."""
    with context.reading() as session:
        return of_person(session, person_id)


def key_of(context: UseCaseContext, number: int, *, owner: bool = False) -> str:
    """The key that opens a submission which is there. Raises DatabaseError."""
    with context.reading() as session:
        return context.links.key(session.get_one(Submission, number), owner=owner)


def proposed(
    session: Session, places: PlaceLookup, row: Submission, keys: Iterable[str] | None = None
) -> list[ProposedChange]:
    """Items with what the rules say of them today: all, or those of these keys. Their zones are read together."""
    return judged(places, row, zone_records(session, changed_zones(row, keys)), keys)


def changed_zones(row: Submission, keys: Iterable[str] | None = None) -> list[str]:
    """The ids of the known zones that a submission changes, or its items of these keys."""
    return [stored["zone_id"] for _number, stored in _picked(row, keys) if stored.get("zone_id")]


def judged(
    places: PlaceLookup, row: Submission, zones: Mapping[str, ZoneRecord], keys: Iterable[str] | None = None
) -> list[ProposedChange]:
    """What `proposed` gives, where the zones (id → record) were read before, as for many submissions at once."""
    owner = owner_of(row)
    return [
        ProposedChange(item, validated(item, owner, current, places, number), current)
        for number, stored in _picked(row, keys)
        for item in [Item.from_json(stored)]
        for current in [zones.get(item.zone_id)]
    ]


def _picked(row: Submission, keys: Iterable[str] | None) -> list[tuple[int, dict[str, Any]]]:
    """(Place from 1, stored item) of all items, or of those of these keys."""
    wanted = None if keys is None else set(keys)
    return [(number, stored) for number, stored in enumerate(row.items, start=1)
            if wanted is None or stored["key"] in wanted]  # fmt: skip


def look_at(context: UseCaseContext, row: Submission, keys: Iterable[str] | None = None) -> list[ProposedChange]:
    """What `proposed` gives, in a transaction of its own. Raises DatabaseError."""
    with context.reading() as session:
        return proposed(session, context.gazetteer, row, keys)


def edit(context: UseCaseContext, number: int, **values: Any) -> None:
    """Change what a draft says of the department or its sender.

    Raises TransitionNotAllowedError, StaleVersionError or DatabaseError.
    """
    with context.writing() as session:
        row = _editable(session, number)
        if "email" in values and mailbox_of(values["email"]) != mailbox_of(row.email):
            values["email_proven_at"], values["person_id"] = None, None
        elif row.email_proven_at is not None:
            values["email"] = row.email  # mail goes to the form of the address that was proven
        replace_submission(session, row, values)


def put_item(context: UseCaseContext, number: int, item: Item) -> str:
    """Add an item to a draft, or replace the one of the same key; returns the key.

    Raises TransitionNotAllowedError, StaleVersionError, TooManyItemsError, DraftFullError, DraftsFullError or
    DatabaseError.
    """
    with context.writing() as session:
        row = _editable(session, number)
        item.key = item.key or secrets.token_hex(4)
        _fill(context, session, row, {"items": _with(row.items, [item])})
        return item.key


def put_photo(context: UseCaseContext, number: int, picture: EncodedPhoto) -> None:
    """Keep a photo for a draft; every one that was sent to it counts, so that nobody sends photos without end.

    Raises TransitionNotAllowedError, StaleVersionError, DraftFullError, DraftsFullError or DatabaseError.
    """
    with context.writing() as session:
        row = _editable(session, number)
        replace_submission(session, row, {"size": grown(session, row, len(picture.content), context.most_draft_bytes)})
        keep_photo(session, picture.digest, picture.content, picture.width, picture.height)


def _fill(context: UseCaseContext, session: Session, row: Submission, values: dict[str, Any]) -> None:
    """Replace what a draft holds, within the bytes it may take."""
    size = size_after(session, row, values, context.most_draft_bytes)
    replace_submission(session, row, {**values, "size": size})


def remove_item(context: UseCaseContext, number: int, key: str) -> None:
    """Take an item out of a draft. Raises TransitionNotAllowedError, StaleVersionError or DatabaseError."""
    with context.writing() as session:
        row = _editable(session, number)
        _fill(context, session, row, {"items": [stored for stored in row.items if stored["key"] != key]})


def take_sheet(
    context: UseCaseContext, number: int, file: UploadedFile, sheet: CheckedSpreadsheet, file_name: str
) -> None:
    """Put a spreadsheet's good rows into a draft, and keep the file: its bad rows wait to be corrected.

    Another file replaces the one before it, repeats no zone and no question. Raises TransitionNotAllowedError,
    StaleVersionError, TooManyItemsError, DraftFullError, DraftsFullError or DatabaseError.
    """
    with context.writing() as session:
        row = _editable(session, number)
        items = _as_answered_before(session, row, sheet.items)
        values = {"items": _with(row.items, items), "faulty": sheet.faulty, "upload": file.to_json()}
        _fill(context, session, row, {**values, "file_name": file_name[:120]})


def take_rows(
    context: UseCaseContext, seen: Submission, file: UploadedFile, sheet: CheckedSpreadsheet,
    changes: Sequence[RowChange],
) -> None:  # fmt: skip
    """Keep a file with its corrections; of a draft's items only those change whose rows now say something else.

    Raises what `take_sheet` does; StaleVersionError also where the draft is no longer as it was seen.
    """
    with context.writing() as session:
        row = _editable(session, seen.id)
        if row.version != seen.version:
            raise StaleVersionError
        before = {stored["key"]: Item.from_json(stored) for stored in row.items}
        items = _as_answered_before(session, row, [item for change in changes if (item := change.over(before))])
        gone = {change.before.key for change in changes if change.before}
        remaining = [stored for stored in row.items if stored["key"] not in gone]
        values = {"items": _with(remaining, items), "faulty": sheet.faulty, "upload": file.to_json()}
        _fill(context, session, row, values)


def _as_answered_before(session: Session, row: Submission, items: Sequence[Item]) -> list[Item]:
    """The items with what the sender said of the same rows before: which zones they are, and which they are not."""
    before = {stored["key"]: Item.from_json(stored) for stored in row.items}
    meant = {key: item.zone_id for key, item in before.items() if item.zone_id and item.zone_id != key}
    zones = zone_records(session, meant.values())
    for item in items:
        item.distinct_from = before[item.key].distinct_from if item.key in before else []
    return [
        change_of(item, zones[meant[item.key]]) if item.action is Action.ADD and meant.get(item.key) in zones else item
        for item in items
    ]


def _with(stored: Sequence[dict[str, Any]], items: Sequence[Item]) -> list[dict[str, Any]]:
    merged = {entry["key"]: entry for entry in stored}
    merged |= {item.key: item.to_json() for item in items}
    if len(merged) > MOST_ITEMS:
        raise TooManyItemsError
    return list(merged.values())


def mail_draft_link(context: UseCaseContext, number: int, email: str, path: str) -> None:
    """Mail the way back to a draft, which is the path of its page.

    Raises TooManyMessagesError, TransitionNotAllowedError, StaleVersionError or DatabaseError.
    """
    with context.writing() as session:
        row = _editable(session, number)
        if not row.email:
            replace_submission(session, row, {"email": email})
        writer = context.writer(row.language)
        context.queue(session, email, writer.draft(f"{writer.site}{path}"), kind=MailKind.REQUESTED)


def questions(
    context: UseCaseContext, row: Submission, zones: ZoneIndex[StoredZone], keys: Iterable[str] | None = None
) -> list[MatchQuestion]:
    """What is still to be asked about the new zones of a draft, or about those of these keys. Raises DatabaseError."""
    return open_questions(look_at(context, row, keys), zones)


def answer_questions(
    context: UseCaseContext, number: int, zones: ZoneIndex[StoredZone], answers: Mapping[str, str]
) -> None:
    """Take what the sender says of new zones that the directory probably has, by the items' keys.

    Raises TransitionNotAllowedError, StaleVersionError, DraftFullError, DraftsFullError or DatabaseError.
    """
    with context.writing() as session:
        row = _editable(session, number)
        asked = open_questions(proposed(session, context.gazetteer, row, answers), zones)
        _fill(context, session, row, {"items": _with(row.items, answered(asked, answers))})


def send(
    context: UseCaseContext,
    number: int,
    sender: SignedIn | None = None,
    zones: ZoneIndex[StoredZone] | None = None,
) -> SendOutcome:
    """Send a draft: to the sender's mailbox for proof, or, where the address is proven, on its way.

    `zones` are those of the directory in the draft's state, with which new ones are compared. Raises
    NotReadyError, TransitionNotAllowedError, TooManyMessagesError, StaleVersionError or DatabaseError.
    """
    with context.writing() as session:
        row = _editable(session, number)
        if sender is not None and (row.person_id != sender.id or row.email_proven_at is None):
            replace_submission(session, row, {"email": sender.email, "email_proven_at": now(), "person_id": sender.id})
        _require_ready(session, context.gazetteer, row, zones or ZoneIndex())
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
    found = assess(session, context.gazetteer, row, person, proposed(session, context.gazetteer, row))
    waits_for = [reason for reason in WaitReason if reason in found or reason in besides]
    if waits_for:
        return _wait(context, session, row, person, waits_for)
    number = row.id
    zone_ids = publish(
        session, context.gazetteer, row, Author(person.email, f"submission {number}"), confirmed=for_itself
    )
    state = after(row.state, Step.PUBLISH_AT_ONCE)
    replace_submission(session, row, {
        "state": state, "sent_at": now(), "decided_at": now(), "decided_by": person.email, "at_once": True,
        "reason": "", "waits_for": [],
    })  # fmt: skip
    log(session, Author(person.email, ""), LogKind.SUBMISSION, str(number), "published at once")
    context.queue(session, person.email, writer.published(row.department, zone_links(session, zone_ids, writer.site)))
    return SendOutcome.PUBLISHED


def _wait(
    context: UseCaseContext,
    session: Session,
    row: Submission,
    person: Person,
    waits_for: Sequence[WaitReason],
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


def _require_ready(session: Session, places: PlaceLookup, row: Submission, zones: ZoneIndex[StoredZone]) -> None:
    required = {"department": row.department, "region": row.region, "town": row.town, "email": row.email,
                "items": row.items}  # fmt: skip
    missing = [name for name, value in required.items() if not value]
    entries = [] if missing else proposed(session, places, row)
    refused = [entry.item.key for entry in entries if entry.outcome.refused]
    unanswered = [question.item.key for question in open_questions(entries, zones)]
    if missing or refused or unanswered:
        raise NotReadyError(missing, refused, unanswered)


def _editable(session: Session, number: int) -> Submission:
    row = session.get_one(Submission, number)
    if row.state not in EDITABLE:
        raise TransitionNotAllowedError(row.state, Step.EDIT_AGAIN)
    return row

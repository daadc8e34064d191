"""Drafts: begun, changed item by item or by a spreadsheet, and never lost."""

import secrets
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from directory.clock import now
from directory.db.queries.photos import keep_photo
from directory.db.queries.submissions import add_submission, of_person, replace_submission
from directory.db.tables.contributions.submissions import Submission, SubmissionStatus
from directory.db.tables.outbox import MailKind
from directory.db.transaction import Session
from directory.errors import BadInputError, StaleVersionError
from directory.mail_address import mailbox_of
from directory.store.repository import StoredZone, zone_records
from directory.submissions.items.item import Action, Item, ProposedChange, validated
from directory.submissions.items.matches import MatchQuestion, answered, change_of, open_questions
from directory.submissions.photos import EncodedPhoto
from directory.submissions.publishing import owner_of
from directory.submissions.quotas import grown, size_after
from directory.submissions.uploads.spreadsheet import CheckedSpreadsheet
from directory.submissions.uploads.upload_corrections import RowChange
from directory.submissions.uploads.uploaded_file import UploadedFile
from directory.submissions.workflow import EDITABLE, Step, TransitionNotAllowedError
from directory.use_case_context import UseCaseContext
from directory.zones.duplicates.matches import ZoneIndex
from directory.zones.place_lookup import PlaceLookup
from directory.zones.schemas import ZoneRecord

MOST_ITEMS = 1_000


class TooManyItemsError(BadInputError):
    """A submission holds at most 1,000 zones; nothing was taken in."""


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
    wanted_keys = None if keys is None else set(keys)
    return [(number, stored) for number, stored in enumerate(row.items, start=1)
            if wanted_keys is None or stored["key"] in wanted_keys]  # fmt: skip


def look_at(context: UseCaseContext, row: Submission, keys: Iterable[str] | None = None) -> list[ProposedChange]:
    """What `proposed` gives, in a transaction of its own. Raises DatabaseError."""
    with context.reading() as session:
        return proposed(session, context.places, row, keys)


def edit(context: UseCaseContext, number: int, **values: Any) -> None:
    """Change what a draft says of the department or its sender.

    Raises TransitionNotAllowedError, StaleVersionError or DatabaseError.
    """
    with context.writing() as session:
        row = editable(session, number)
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
        row = editable(session, number)
        item.key = item.key or secrets.token_hex(4)
        _fill(context, session, row, {"items": _with(row.items, [item])})
        return item.key


def put_photo(context: UseCaseContext, number: int, picture: EncodedPhoto) -> None:
    """Keep a photo for a draft; every one that was sent to it counts, so that nobody sends photos without end.

    Raises TransitionNotAllowedError, StaleVersionError, DraftFullError, DraftsFullError or DatabaseError.
    """
    with context.writing() as session:
        row = editable(session, number)
        replace_submission(session, row, {"size": grown(session, row, len(picture.content), context.most_draft_bytes)})
        keep_photo(session, picture.digest, picture.content, picture.width, picture.height)


def _fill(context: UseCaseContext, session: Session, row: Submission, values: dict[str, Any]) -> None:
    """Replace what a draft holds, within the bytes it may take."""
    size = size_after(session, row, values, context.most_draft_bytes)
    replace_submission(session, row, {**values, "size": size})


def remove_item(context: UseCaseContext, number: int, key: str) -> None:
    """Take an item out of a draft. Raises TransitionNotAllowedError, StaleVersionError or DatabaseError."""
    with context.writing() as session:
        row = editable(session, number)
        _fill(context, session, row, {"items": [stored for stored in row.items if stored["key"] != key]})


def take_sheet(
    context: UseCaseContext, number: int, file: UploadedFile, sheet: CheckedSpreadsheet, file_name: str
) -> None:
    """Put a spreadsheet's good rows into a draft, and keep the file: its bad rows wait to be corrected.

    Another file replaces the one before it, repeats no zone and no question. Raises TransitionNotAllowedError,
    StaleVersionError, TooManyItemsError, DraftFullError, DraftsFullError or DatabaseError.
    """
    with context.writing() as session:
        row = editable(session, number)
        items = _as_answered_before(session, row, sheet.items)
        values = {"items": _with(row.items, items), "faulty": sheet.faulty, "upload": file.to_json()}
        _fill(context, session, row, {**values, "file_name": file_name[:120]})


def take_rows(
    context: UseCaseContext, draft: Submission, file: UploadedFile, sheet: CheckedSpreadsheet,
    changes: Sequence[RowChange],
) -> None:  # fmt: skip
    """Keep a file with its corrections; of a draft's items only those change whose rows now say something else.

    Raises what `take_sheet` does; StaleVersionError also where the draft is no longer as it was seen.
    """
    with context.writing() as session:
        row = editable(session, draft.id)
        if row.version != draft.version:
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
    zone_ids = {key: item.zone_id for key, item in before.items() if item.zone_id and item.zone_id != key}
    zones = zone_records(session, zone_ids.values())
    for item in items:
        item.distinct_from = before[item.key].distinct_from if item.key in before else []
    return [
        change_of(item, zones[zone_ids[item.key]])
        if item.action is Action.ADD and zone_ids.get(item.key) in zones
        else item
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
        row = editable(session, number)
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
        row = editable(session, number)
        questions = open_questions(proposed(session, context.places, row, answers), zones)
        _fill(context, session, row, {"items": _with(row.items, answered(questions, answers))})


def editable(session: Session, number: int) -> Submission:
    """A submission that its sender may change. Raises TransitionNotAllowedError."""
    row = session.get_one(Submission, number)
    if row.state not in EDITABLE:
        raise TransitionNotAllowedError(row.state, Step.EDIT_AGAIN)
    return row

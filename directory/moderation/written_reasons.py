"""Reasons that moderators need often, written once: picked, edited if need be, and read in the reader's language."""

from collections.abc import Collection
from dataclasses import dataclass

from directory.mail.message_texts import MessageWriter
from directory.moderation.queued_case import CaseKind
from directory.text import TranslatableText, translatable

SUBMISSIONS = frozenset({CaseKind.NEW_ZONE, CaseKind.CHANGE, CaseKind.CLOSURE, CaseKind.CONFIRMATION})
SENT_IN = SUBMISSIONS | {CaseKind.TOWN_PAGE}


@dataclass(frozen=True, slots=True)
class WrittenReason:
    """A reason: the `label` of its button, and the `text` that it puts into the field, for these kinds of cases."""

    code: str
    label: TranslatableText
    text: TranslatableText
    kinds: Collection[CaseKind]


WRITTEN_REASONS = (
    WrittenReason(
        "checked", translatable("Checked, thank you"),
        translatable("We checked it against what your department publishes. Thank you."), SENT_IN,
    ),
    WrittenReason(
        "called", translatable("Confirmed by phone"),
        translatable("Your department confirmed it on its published number. Thank you."), SENT_IN,
    ),
    WrittenReason(
        "spot", translatable("Which spot?"),
        translatable("Please say which door or which parking spaces people should look for when they arrive."),
        {CaseKind.NEW_ZONE, CaseKind.CHANGE},
    ),
    WrittenReason(
        "hours", translatable("Hours unclear"),
        translatable("Please say on which days and at which hours people may meet there. We could not tell."),
        {CaseKind.NEW_ZONE, CaseKind.CHANGE},
    ),
    WrittenReason(
        "until", translatable("Until when?"),
        translatable("Please say from which day to which day it is closed, or that it is closed for good."),
        {CaseKind.CLOSURE},
    ),
    WrittenReason(
        "known", translatable("Known already"),
        translatable("The directory has this zone already. To change it, press “This is our zone” on its page."),
        {CaseKind.NEW_ZONE},
    ),
    WrittenReason(
        "not_published", translatable("Found nowhere"),
        translatable("We did not find this in anything your department publishes. Please send us the page, or the name "
                     "of somebody whom we may call."),
        SENT_IN,
    ),
    WrittenReason(
        "sender", translatable("Address proves nothing"),
        translatable("Your address does not show that you belong to the department. Please send it from your address "
                     "at work."),
        SENT_IN,
    ),
    WrittenReason(
        "entry_changed", translatable("Entry changed"), translatable("We changed the entry."), {CaseKind.REPORT}
    ),
    WrittenReason(
        "asked", translatable("Department asked"), translatable("We asked the department."), {CaseKind.REPORT}
    ),
    WrittenReason(
        "not_confirmed", translatable("Not confirmed"),
        translatable("We could not confirm it. The entry stays as it is."), {CaseKind.REPORT},
    ),
)  # fmt: skip
"""Every reason, in the order of their buttons."""

_TEXTS = frozenset(str(one.text) for one in WRITTEN_REASONS)


def reasons_for(kinds: Collection[CaseKind]) -> list[WrittenReason]:
    """The reasons that fit a case of every one of these kinds."""
    return [one for one in WRITTEN_REASONS if all(kind in one.kinds for kind in kinds)]


def in_their_language(reason: str, writer: MessageWriter) -> str:
    """A written reason that nobody edited, in the language of whoever reads it; any other text as it was typed."""
    return writer.sentence(reason) if reason in _TEXTS else reason

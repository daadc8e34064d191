"""The canned reasons on a page: their buttons in the moderator's language, and what their texts stand for."""

from collections.abc import Collection
from dataclasses import dataclass

from directory.moderation.canned_reasons import CANNED_REASONS, canned_for
from directory.moderation.queued_case import CaseKind
from directory.web.i18n.translate import translate


@dataclass(frozen=True, slots=True)
class ReasonButton:
    """A button that puts a text into the field of the reason."""

    code: str
    label: str
    text: str


def reason_buttons(kinds: Collection[CaseKind]) -> list[ReasonButton]:
    """The reasons for cases of these kinds, in the reader's language."""
    return [ReasonButton(one.code, translate(one.label), translate(one.text)) for one in canned_for(kinds)]


def picked_text(code: str) -> str:
    """The text of the reason whose button was pressed; empty where it is none of ours."""
    return next((translate(one.text) for one in CANNED_REASONS if one.code == code), "")


def as_given(text: str) -> str:
    """A canned reason that was not edited as the catalogue has it, so that each reader gets it in their language."""
    return next((one.text.template for one in CANNED_REASONS if translate(one.text) == text), text)

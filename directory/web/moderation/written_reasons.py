"""The written reasons on a page: their buttons in the moderator's language, and what their texts stand for."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Protocol

from wtforms import StringField

from directory.moderation.queued_case import CaseKind
from directory.moderation.written_reasons import WRITTEN_REASONS, reasons_for
from directory.web.http.forms import AreaField
from directory.web.i18n.translate import translate


@dataclass(frozen=True, slots=True)
class ReasonButton:
    """A button that puts a text into the field of the reason."""

    code: str
    label: str
    text: str


def reason_buttons(kinds: Collection[CaseKind]) -> list[ReasonButton]:
    """The reasons for cases of these kinds, in the reader's language."""
    return [ReasonButton(one.code, translate(one.label), translate(one.text)) for one in reasons_for(kinds)]


class ReasonForm(Protocol):
    """A form with a reason, and the code of the written one whose button was pressed."""

    written: StringField
    reason: AreaField


def fill_reason(form: ReasonForm) -> bool:
    """Put the written reason whose button was pressed into the field; False where none was."""
    code = form.written.data
    if code:
        form.reason.data = next((translate(one.text) for one in WRITTEN_REASONS if one.code == code), "")
    return bool(code)


def as_given(text: str) -> str:
    """A written reason that was not edited as the catalogue has it, so that each reader gets it in their language."""
    return next((one.text.template for one in WRITTEN_REASONS if translate(one.text) == text), text)

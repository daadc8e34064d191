"""Reading the text of one field: its value, what it says of other fields, and what is found about it."""

import re
from collections.abc import Mapping
from functools import lru_cache
from typing import Any, NamedTuple

from directory.text import plain, translatable
from directory.zones.fields import Kind
from directory.zones.findings import AmbiguousFieldError, FieldError, Finding, Severity, converted
from directory.zones.hours import MAX_LENGTH
from directory.zones.parsed import NOTHING, Parsed
from directory.zones.parsing.parsers import PARSERS
from directory.zones.parsing.placeholders import (
    is_broken_formula,
    is_formula,
    is_open_question,
    is_placeholder,
    may_be_words_for_nothing,
    means_row_above,
)
from directory.zones.schemas import FIELDS, Status

ESSENTIAL = frozenset(("zone_id", "department", "town", "state", "country"))
"""What a zone is and in which town: no row is taken in which a value of these does not read."""
_INSTEAD: Mapping[str, Mapping[str, Any]] = {
    "status": {"status": Status.MOVED},
    "location_source": {"approximate": True},
    "approximate": {"approximate": True},
}
"""What a new zone gets where a value does not read, since saying nothing would say too much: that it is not sure."""
_NOTES = {"setting": "spot_note", "opening_hours": "hours_note", "status": "status_note", "closures": "status_note"}
"""Where the words of a value are kept that does not read."""
KINDS_WITH_WORDS = (Kind.HOURS, Kind.TRI_STATE, Kind.CHOICE)
"""Kinds of values for which "unknown" and "none" may be an answer: their readers are asked first."""
_REPEATED = frozenset(
    name for name, field in FIELDS.items()
    if field.kind in (Kind.HOURS, Kind.CHOICE, Kind.TRI_STATE, Kind.STATE, Kind.COUNTRY, Kind.POSTAL_CODE, Kind.PHONE,
                      Kind.URL, Kind.PARTIAL_DATE, Kind.BOOLEAN)
) - {"source_date"} | {"department", "town"}  # fmt: skip
"""Fields that say the same in many rows, by a text alone: no day of reading and no list takes part."""
_OF_AGENCIES = frozenset({
    "municipal", "county", "state", "city", "town", "campus", "university", "tribal", "police", "local police",
    "city police", "municipal police", "state police", "campus police", "sheriff", "law enforcement", "government",
    "police department", "municipality", "local",
})  # fmt: skip
"""Kinds of agencies, as a column *Type* has them, which say nothing of the spot."""
_FOOTNOTE = re.compile(r"\s*[*†‡]+$")
_NEEDS_NO_FOOTNOTE = (
    Kind.COUNT, Kind.DEGREES, Kind.PARTIAL_DATE, Kind.PAST_DATE, Kind.PHONE, Kind.POSTAL_CODE, Kind.STATE, Kind.COUNTRY,
    Kind.URL,
)  # fmt: skip
"""Kinds of values that stand whatever the note says; that of "yes*" may take it back."""
_LONGEST_REMEMBERED = 200
"""Characters."""


class FieldReading(NamedTuple):
    """The values that a field's text gives, and what is found about it, without the row's number.

    Rows share a reading: its values are not changed. `unread` are fields of which it says nothing that can be used.
    """

    values: Mapping[str, Any]
    finding: Finding | None = None
    unread: tuple[str, ...] = ()


def read_field(name: str, text: str, *, can_ask: bool, strict: bool) -> FieldReading:
    """Read a field's text; `can_ask` and `strict` as `validation.validate` has them."""
    if name in _REPEATED and len(text) <= _LONGEST_REMEMBERED:
        return _remembered(name, text, can_ask, strict)
    return _read(name, text, can_ask, strict)


@lru_cache(maxsize=4096)
def _remembered(name: str, text: str, can_ask: bool, strict: bool) -> FieldReading:
    return _read(name, text, can_ask, strict)


def _read(name: str, text: str, can_ask: bool, strict: bool) -> FieldReading:
    """The words of hours are kept as a note."""
    hours_note = {"hours_note": text[:MAX_LENGTH]} if name == "opening_hours" else {}
    address = {"spot_note": text[: FIELDS["spot_note"].limit]} if name == "street_address" else {}
    if not strict and is_formula(text):
        fix = translatable("Save the table with values in place of formulas.")
        return _unreadable(name, text, FieldError(translatable("is a formula without its result"), fix), strict)
    may_say_nothing = not strict and may_be_words_for_nothing(text)
    if may_say_nothing and means_row_above(text):
        fix = translatable("Write what is meant into each row.")
        return _unreadable(name, text, FieldError(translatable("has no row above to repeat"), fix), strict)
    says_nothing = may_say_nothing and is_placeholder(text) and not (name == "status" and is_open_question(text))
    if says_nothing and FIELDS[name].kind not in KINDS_WITH_WORDS:
        return _nothing(name, text)
    try:
        read = _parsed(name, text)
    except AmbiguousFieldError as question:
        note = hours_note or address
        return FieldReading({} if can_ask else note, _ambiguous(name, text, question, can_ask), (name, *note))
    except FieldError as problem:
        if (
            hours_note
            and not is_broken_formula(text)
            and not re.search(r"\d", text)
            and not (strict and len(text) > MAX_LENGTH)
        ):
            return FieldReading(hours_note, _without_times(name, text), (name, *hours_note))
        return _nothing(name, text) if says_nothing else _unreadable(name, text, problem, strict)
    if not read.converted:
        return FieldReading({name: read.value})
    values = {name: read.value, **read.more, **(hours_note if read.value else {})}
    unread = (name, *hours_note) if read.converted == NOTHING else ()
    return FieldReading(values, converted(0, name, text, read.converted), unread)


def _parsed(name: str, text: str) -> Parsed:
    """The value of a text, without the mark of a footnote behind it."""
    if text[-1] not in "*†‡" or FIELDS[name].kind not in _NEEDS_NO_FOOTNOTE:
        return PARSERS[name](text)
    read = PARSERS[name](_FOOTNOTE.sub("", text))
    return read if read.converted else read._replace(converted=str(read.value))


def _nothing(name: str, text: str) -> FieldReading:
    unsure = _INSTEAD.get(name, {}) if name != "status" else {}
    return FieldReading(unsure, converted(0, name, text, NOTHING), (name, *unsure))


def _unreadable(name: str, text: str, problem: FieldError, strict: bool) -> FieldReading:
    """An error; or a warning, where the row can do without the value. Some words are kept as a note."""
    if strict or name in ESSENTIAL:
        return FieldReading({}, Finding(f"{name}_reads", Severity.ERROR, 0, name, text, problem.reason, problem.fix))
    has_words = _has_words(text) and not (name == "setting" and plain(text) in _OF_AGENCIES)
    note = _NOTES.get(name) if has_words and not means_row_above(text) and not is_placeholder(text) else None
    note_values = {note: text[: FIELDS[note].limit]} if note else {}
    unsure = _INSTEAD.get(name, {})
    fix = translatable("It was left out, and the rest of the row taken. %(fix)s", fix=problem.fix)
    if name == "status":
        fix = translatable("A new zone is shown as “moved or unsure”, with these words. %(fix)s", fix=problem.fix)
    finding = Finding(f"{name}_reads", Severity.WARNING, 0, name, text, problem.reason, fix)
    return FieldReading({**note_values, **unsure}, finding, (name, *note_values, *unsure))


def _has_words(text: str) -> bool:
    """Whether a reader learns anything of it: not of a code or a cross."""
    return re.search(r"[^\W\d_]{2}", text) is not None and not is_formula(text)


def _ambiguous(name: str, text: str, question: AmbiguousFieldError, can_ask: bool) -> Finding:
    """Nothing is guessed: without somebody to ask, the value stays unknown and a warning gives its readings."""
    severity = Severity.ERROR if can_ask else Severity.WARNING
    return Finding(f"{name}_is_clear", severity, 0, name, text, question.reason, question.fix, question.choices)


def _without_times(name: str, text: str) -> Finding:
    """ "Business hours" is no fault of the clerk's: keep the words, leave the hours unknown."""
    fix = translatable("The words are kept and the hours shown as not stated; add the times if you know them.")
    return Finding("hours_are_times", Severity.WARNING, 0, name, text, translatable("no times are stated"), fix)

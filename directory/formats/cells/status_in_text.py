"""A status that a row tells beside its facts: "Darien PD - CLOSED", hours "coming soon", "no longer offered" in a note.

A row that says so is no zone where one can go, though no column of it is called status.
"""

import re
from collections.abc import Iterable
from dataclasses import replace
from functools import lru_cache
from typing import Any, NamedTuple

from directory.formats.cells.status_words import (
    NO,
    NOT_YET,
    SEASON_SINCE,
    answer_of,
    has_come,
    is_active,
    is_end,
    is_status,
    may_tell,
    tells_of_an_end,
)
from directory.formats.column_names import field_for
from directory.text import plain, translatable
from directory.zones.findings import Finding, Severity
from directory.zones.parsing.field_reading import read_field
from directory.zones.parsing.parsers import PARSERS
from directory.zones.parsing.placeholders import is_placeholder
from directory.zones.schemas import TriState
from directory.zones.validation.row_validation import STATUS_IS_TOLD, THE_ROW, RawRow, tidy

_REMARKS = re.compile(
    r"\b(?:notes?|comments?|remarks?|remarques?|commentaires?|notas?|observacion(?:es)?|comentarios?)\b"
)
_CLOSED = re.compile(
    r"(?:is |now |zone |site )?(?:(?:permanently |temporarily )?closed|discontinued|inactive|suspended|decommissioned|"
    r"out of service|fermee?|cerrad[oa]|disused|abandoned|demolished|removed|retired|"
    r"(?:date|year) (?:closed|removed|discontinued|ended)|"
    r"(?:closed|closing|closure|end|ended|removed|removal|discontinued)(?: on)? date|closed on|date of closure)"
    r"(?: y n| yes no)?"
)
"""Columns that say whether, or since when, nobody is to go there."""
_ACTIVE = re.compile(
    r"(?:is )?(?:(?:the |this )?(?:zone|site|location|program(?:me)?) )?(?:(?:is )?(?:still|currently|now|presently) )?"
    r"(?:active|open|in operation|in service|in use|operational|operating)(?: y n| yes no)?|"
    r"(?:(?:operational|operating|facility|location|program(?:me)?|activity) )?status(?: \d| (?:19|20)\d\d)?|"
    r"open (?:or )?closed|active (?:or )?inactive"
)
"""Columns, besides those of the field, that say whether one can go there, as far as they have words for it."""
_NAMES_STATUS = re.compile(r"\b(?:statu[st]|state|etat|situacion)\b")
_THING = (
    r"(?:(?:a|an|any|the) )?(?:(?:designated|dedicated|official|public|safe|secure|safety|internet|online|e commerce|"
    r"exchange|trade|trading|purchase|transaction|swap|meet up|meetup|meeting) )+"
    r"(?:zone|area|spot|site|location|place|space|station|program(?:me)?|exchange)s?"
)
_OFFERED = re.compile(
    rf"(?:(?:does|do) (?:(?:your|the|this) )?(?:\w+ ){{0,3}})?(?:currently )?(?:offers?|has|have|provides?|hosts?|"
    rf"operates?|participates? in|designates?) {_THING}(?: y n| yes no)?|is there {_THING}|"
    rf"participat(?:es|ing)(?: in program(?:me)?)?(?: y n| yes no)?|"
    rf"{_THING} (?:available|offered|exists?)(?: y n| yes no)?"
)
"""Columns of a survey that ask whether there is a zone at all."""
_FOR_GOOD = ("permanently", "temporarily", "for good", "indefinitely", "until further notice")
_BEFORE_A_DATE = re.compile(r"(?:since|in|as of|on|effective|depuis|desde|en) ", re.IGNORECASE)
_ZONES = re.compile(r"\b(?:(?:safe|exchange|trade|swap) )*(?:zone|site|location|spot|place|lieu|sitio|lugar)s?\b")
_MARK = re.compile(r"\s+[-–—]+\s+|\s*[()\[\]:*]+\s*")
"""What stands between a name and a mark such as "CLOSED"."""
SHORTEST_NAME = 3
"""Characters: "PD" is no agency's whole name."""
LONGEST_NAME = 200
"""Characters: longer texts take long to look through."""
LONGEST_COLUMN = 60
"""Characters of a column's name: a longer one is none of those that are looked for."""
_NAMES = ("department", "name")
_ON_A_NAME = re.compile(
    r"(?:(?:now|permanently|temporarily) )?(?:closed|discontinued|suspended|inactive|fermee?|cerrad[oa])"
)
"""A mark on a name; other words that may be a status ("Future", "Removed") are also parts of names."""
_SENTENCES = ("spot_note", "hours_note", "opening_hours")


def with_told_status(row: RawRow, remarks: str = "", folders: Iterable[str] = ()) -> RawRow:
    """The row with the status that its hours, names, remarks or folders (outermost first) tell, if it has no own.

    What our own files say of a status stands in its column: rows with an id of ours are left alone.
    """
    values = row.values
    if row.has_our_id:
        return row
    if "status" in values:
        return _with_answer(row)
    offered, closed, active, noted = _telling_columns(
        tuple(name for name in row.cells if len(str(name)) <= LONGEST_COLUMN)
    )
    sentences = [
        ("description", remarks),
        *((field, _text(values.get(field))) for field in _SENTENCES),
        *((name, _text(row.cells[name])) for name in noted),
    ]
    if (refused := _not_offered(row, offered)) is not None:
        row.problems.append(refused)
        return row
    statement = _of_offers(row, offered) or _of_columns(row, closed) or _of_active(row, active)
    statement = statement or _of_folders(folders)
    if may_tell("\n".join([*(text for _, text in sentences), *(_text(values.get(field)) for field in _NAMES)])):
        street = _text(values.get("street_address"))
        ending = (_Statement(text, where, text) for where, text in sentences if tells_of_an_end(text, street))
        fallbacks = (_of_hours(row), _of_names(row), next(ending, None))
        statement = statement or next(filter(None, fallbacks), None)
    if statement:
        values["status"] = statement.status
        row.problems.append(_finding(row, statement))
        if row.columns is not None:
            row.columns |= {"status"}
    return row


def _with_answer(row: RawRow) -> RawRow:
    """The row with yes or no where a column such as "Active" has 1 or 0; of a column "Status" they are codes."""
    status = row.values["status"]
    column = next((name for name in row.cells if row.cells[name] is status and field_for(str(name)) == "status"), "")
    answer = answer_of(tidy(status))
    if column and answer is not TriState.UNKNOWN and not _NAMES_STATUS.search(plain(str(column))):
        row.values["status"] = answer.value
    return row


class _Statement(NamedTuple):
    """A status, and the whole text in which it stands: of a field, or of a column that is none."""

    status: str
    where: str
    text: str


def _finding(row: RawRow, statement: _Statement) -> Finding:
    """What the words were read as, under the field that they became: it names their own column, and quotes them."""
    column = next((name for name in row.cells if _is_of(name, statement, row)), statement.where)
    read = read_field("status", statement.status, can_ask=False, strict=False).finding
    if read is not None and read.severity is Severity.WARNING:
        reason = translatable("stands under “%(column)s” and says that nobody is to go there", column=column)
        return replace(read, rule=STATUS_IS_TOLD, row=row.number, value=statement.text, reason=reason)
    meaning = PARSERS["status"](statement.status).value
    reason = translatable("stands under “%(column)s”: read as “%(converted)s”", column=column, converted=meaning)
    fix = translatable("Nothing to do if that is right.")
    return Finding(STATUS_IS_TOLD, Severity.NOTE, row.number, "status", statement.text, reason, fix)


def _is_of(name: str, statement: _Statement, row: RawRow) -> bool:
    """Whether a column is the one in which the words stand."""
    return name == statement.where or (field_for(name) == statement.where and _text(row.cells[name]) == statement.text)


@lru_cache(maxsize=8)  # a file has one set of names in all of its rows; others' names are not kept for long
def _telling_columns(names: tuple[str, ...]) -> tuple[list[str], list[str], list[str], list[str]]:
    """Of the names of columns those that ask for a zone, those that mean "closed" or "active", and those of remarks."""
    offered = [name for name in names if _OFFERED.fullmatch(plain(str(name)))]
    closed = [name for name in names if _CLOSED.fullmatch(plain(str(name)))]
    active = [name for name in names if _ACTIVE.fullmatch(plain(str(name)))]
    return offered, closed, active, [name for name in names if _REMARKS.search(plain(str(name)))]


def _not_offered(row: RawRow, offered: Iterable[str]) -> Finding | None:
    """An error where a row answers that there is no zone, whatever else it says."""
    for name in offered:
        text = tidy(row.cells[name])
        if answer_of(text) is TriState.NO or NO.fullmatch(text):
            reason = translatable("answers “%(column)s”: there is no zone", column=name)
            fix = translatable("It was left out. Take it if it is a zone.")
            return Finding("row_is_a_zone", Severity.ERROR, row.number, THE_ROW, text, reason, fix)
    return None


def _of_offers(row: RawRow, offered: Iterable[str]) -> _Statement | None:
    """What a row answers that means not yet or no more: "planned", "considering it"."""
    for name in offered:
        text = tidy(row.cells[name])
        if is_placeholder(text):
            continue
        if is_status(text) or NOT_YET.fullmatch(plain(text)) or is_end(plain(text)):
            return _Statement(text, name, text)
    return None


def _of_columns(row: RawRow, closed: Iterable[str]) -> _Statement | None:
    """What a column that is called "Closed" says: yes, a status, or since when. "No", and days, are no status."""
    for name in closed:
        text = tidy(row.cells[name])
        if is_status(text) or plain(text) in _FOR_GOOD:
            return _Statement(text, name, text)
        answer = answer_of(text)
        if answer is TriState.YES:
            return _Statement(str(name).strip(" ?:"), name, text)
        is_since = has_come(_BEFORE_A_DATE.sub("", text, 1)) or re.fullmatch(SEASON_SINCE, plain(text))
        if answer is TriState.UNKNOWN and is_since:
            return _Statement(f"{name}: {text}", name, text)
    return None


def _of_active(row: RawRow, active: Iterable[str]) -> _Statement | None:
    """What a column that is called "Still active" says: no, or a status."""
    for name in active:
        if field_for(str(name)):  # "Open" has the hours
            continue
        text = tidy(row.cells[name])
        if is_status(text):
            return _Statement(text, name, text)
        if answer_of(text) is TriState.NO:
            return _Statement(TriState.NO.value, name, text)
    return None


def _of_folders(names: Iterable[str]) -> _Statement | None:
    """What the innermost folder with a status is called in which the row lies: "Closed zones", "Planned", "Open"."""
    for name in reversed([*names]):
        mark = _ZONES.sub("", plain(name[:LONGEST_NAME])).strip()
        if is_status(mark):
            return _Statement(mark, "folder", name)
        if is_active(mark):
            return None
    return None


def _of_hours(row: RawRow) -> _Statement | None:
    """Hours that are a status and no hours, which are taken away."""
    hours = _text(row.values.get("opening_hours"))
    if not is_status(hours):
        return None
    del row.values["opening_hours"]
    if row.columns is not None:
        row.columns -= {"opening_hours"}  # the hours of an earlier file are not taken back by these words
    return _Statement(hours, "opening_hours", hours)


def _of_names(row: RawRow) -> _Statement | None:
    """The mark before or behind a name, which is taken from it."""
    statement = None
    for field in _NAMES:
        text = _text(row.values.get(field))
        parts = [part for part in _MARK.split(text) if part] if len(text) <= LONGEST_NAME else []
        for mark in parts[-1:] + parts[:1] if len(parts) > 1 else ():
            name = text.replace(mark, "", 1).strip(" -–—:()[]*")
            if _ON_A_NAME.fullmatch(plain(mark)) and len(plain(name)) > SHORTEST_NAME:
                statement = statement or _Statement(mark, field, text)
                row.values[field] = name
                break
    return statement


def _text(value: Any) -> str:
    return tidy(value) if isinstance(value, str) else ""

"""A status that a row tells beside its facts: "Darien PD - CLOSED", hours "coming soon", "no longer offered" in a note.

A row that says so is no zone where one can go, though no column of it is called status.
"""

import re
from collections.abc import Iterable
from functools import lru_cache
from typing import Any

from directory.text import plain
from directory.zones.findings import FieldError
from directory.zones.parsing.parsers import PARSERS
from directory.zones.schemas import Status, TriState
from directory.zones.validation.row_validation import RawRow, tidy

_STEMS = (
    "clos", "longer", "discont", "decomm", "defunct", "ended", "soon", "suspend", "inacti", "unavail", "remov", "retir",
    "mov", "locat", "withdr", "plan", "propos", "future", "cancel", "termin", "service", "ferm", "cerrad", "not ",
    "until", "publish", "n’est plus", "n'est plus", "ya no", "en construc", "develop",
)  # fmt: skip
"""A quick look: no words that tell a status are without one of these."""
_ENDED = re.compile(
    r"\bno longer (?:offered|available|in (?:use|service|operation)|active|operational|operating|participat\w+|open|"
    r"exists?|a (?:safe|swap|zone|location|site)|used|there)\b|\bdiscontinued\b|\bdecommissioned\b|\bdefunct\b|"
    r"\b(?:permanently|temporarily|indefinitely) (?:closed|suspended|unavailable)\b|"
    r"\bclosed (?:permanently|temporarily|indefinitely|down|until further notice)\b|"
    r"\bprogram(?:me)?s? (?:was |has |have |is |been )*(?:ended|cancell?ed|suspended|discontinued|closed)\b|"
    r"\bnot (?:yet )?(?:open|active|in service|operational) yet\b|\bnot yet (?:open|active|in service|operational)\b|"
    r"\b(?:has |was |have )?(?:moved|relocated) to\b|"
    r"\bcoming soon\b|\bopening soon\b|\bdo not (?:use|publish|list|share)\b|"
    r"\b(?:definitivement|temporairement) fermee?\b|\bfermee? (?:definitivement|temporairement)\b|"
    r"\bcerrad[oa] (?:permanentemente|definitivamente|temporalmente)\b|"
    r"\bn ?est plus (?:offert|disponible|en service)e?\b|\bya no (?:esta disponible|se ofrece|existe)\b"
)
"""Words within a sentence after which nobody is sent there."""
_REMARKS = re.compile(
    r"\b(?:notes?|comments?|remarks?|remarques?|commentaires?|notas?|observacion(?:es)?|comentarios?)\b"
)
_CLOSED = re.compile(
    r"(?:is |now |zone |site )?(?:(?:permanently |temporarily )?closed|discontinued|inactive|suspended|decommissioned|"
    r"out of service|fermee?|cerrad[oa])(?: y n| yes no)?"
)
_HAS_YEAR = re.compile(r"\b(?:19|20)\d\d\b|\d[/-]\d+[/-]\d\d\b")
_MARK = re.compile(r"\s+[-–—]+\s+|\s*[()\[\]:*]+\s*")
"""What stands between a name and a mark such as "CLOSED"."""
LONGEST_NAME = 200
"""Characters: longer texts take long to look through."""
_NAMES = ("department", "name")
_SENTENCES = ("spot_note", "hours_note", "rules", "opening_hours", *_NAMES)


def with_told_status(row: RawRow, remarks: str = "") -> RawRow:
    """The row with the status that its hours, names or remarks tell, where it has none of its own.

    What our own files say of a status stands in its column: rows with a `zone_id` are left alone.
    """
    values = row.values
    if "zone_id" in values or "status" in values:
        return row
    closed, noted = _telling_columns(tuple(row.cells))
    sentences = [
        remarks,
        *(_text(values.get(field)) for field in _SENTENCES),
        *(_text(row.cells[name]) for name in noted),
    ]
    told = _of_columns(row, closed)
    if not told and _may_tell("\n".join(sentences)):
        told = _of_hours(row) or _of_names(row) or next(filter(_ends, sentences), "")
    if told:
        values["status"] = told
        if row.columns is not None:
            row.columns |= {"status"}
    return row


@lru_cache(maxsize=64)
def _telling_columns(names: tuple[str, ...]) -> tuple[list[str], list[str]]:
    """Of the names of a file's columns those that mean "closed", and those of remarks."""
    closed = [name for name in names if _CLOSED.fullmatch(plain(str(name)))]
    return closed, [name for name in names if _REMARKS.search(plain(str(name)))]


def _of_columns(row: RawRow, closed: Iterable[str]) -> str:
    """What a column that is called "Closed" says: yes, or since when. "No", and days of the week, are no status."""
    for name in closed:
        text = tidy(row.cells[name])
        try:
            answer = PARSERS["cameras_recorded"](text).value
        except FieldError:
            answer = TriState.UNKNOWN
        if answer is TriState.YES:
            return str(name).strip(" ?:")
        if answer is TriState.UNKNOWN and _HAS_YEAR.search(text):
            return f"{name}: {text}"
    return ""


def _of_hours(row: RawRow) -> str:
    """Hours that are a status and no hours, which are taken away."""
    hours = _text(row.values.get("opening_hours"))
    if not _is_status(hours):
        return ""
    del row.values["opening_hours"]
    return hours


def _of_names(row: RawRow) -> str:
    """The mark before or behind a name, which is taken from it."""
    told = ""
    for field in _NAMES:
        text = _text(row.values.get(field))
        parts = [part for part in _MARK.split(text) if part] if len(text) <= LONGEST_NAME else []
        for mark in parts[-1:] + parts[:1] if len(parts) > 1 else ():
            if _is_status(mark):
                told = told or mark
                row.values[field] = text.replace(mark, "", 1).strip(" -–—:()[]*")
                break
    return told


def _ends(text: str) -> bool:
    """Whether a sentence says that nobody is to go there."""
    return _ENDED.search(plain(text)) is not None or _is_status(text)


def _text(value: Any) -> str:
    return tidy(value) if isinstance(value, str) else ""


def _may_tell(text: str) -> bool:
    text = text.lower()
    return any(stem in text for stem in _STEMS)


def _is_status(text: str) -> bool:
    """Whether the words alone mean that one cannot go there; yes and no mean nothing without their column."""
    if len(plain(text)) < 5:
        return False
    try:
        return PARSERS["status"](text).value is not Status.ACTIVE
    except FieldError:
        return False

"""A status that a row tells beside its facts: "Darien PD - CLOSED", hours "coming soon", "no longer offered" in a note.

A row that says so is no zone where one can go, though no column of it is called status.
"""

import re
from collections.abc import Iterable, Iterator

from directory.text import kept_of_short, plain
from directory.zones.findings import FieldError
from directory.zones.parsing.parsers import PARSERS
from directory.zones.schemas import Status, TriState
from directory.zones.validation.row_validation import RawRow, tidy

_MAY_TELL = re.compile(
    r"clos|longer|discont|decomm|defunct|ended|soon|suspend|inactiv|unavail|remov|retir|mov|locat|withdr|"
    r"plan|propos|future|cancel|termin|service|ferm|cerrad|inactif|not |out of|until|publish", re.I
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
    r"\bn est plus (?:offert|disponible|en service)e?\b|\bya no (?:esta disponible|se ofrece|existe)\b"
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
_NAMES = ("department", "name")
_SENTENCES = ("spot_note", "hours_note", "rules", *_NAMES)


def with_told_status(row: RawRow, remarks: str = "") -> RawRow:
    """The row with the status that its hours, names or remarks tell, where it has none of its own.

    What our own files say of a status stands in its column: rows with a `zone_id` are left alone.
    """
    values = row.values
    if "zone_id" in values or "status" in values:
        return row
    told = _of_columns(row) or _of_hours(row) or _of_names(row) or _of_sentences(row, remarks)
    if told:
        values["status"] = told
        if row.columns is not None:
            row.columns |= {"status"}
    return row


def _of_columns(row: RawRow) -> str:
    """What a column that is called "Closed" says: yes, or since when. "No", and days of the week, are no status."""
    for name, cell in row.cells.items():
        if _CLOSED.fullmatch(plain(str(name))) and (text := tidy(cell)):
            try:
                answer = PARSERS["cameras_recorded"](text).value
            except FieldError:
                answer = TriState.UNKNOWN
            if answer is TriState.YES:
                return f"{name}".strip(" ?:")
            if answer is TriState.UNKNOWN and _HAS_YEAR.search(text):
                return f"{name}: {text}"
    return ""


def _of_hours(row: RawRow) -> str:
    """Hours that are a status and no hours, which are taken away."""
    hours = _text(row, "opening_hours")
    if not hours or not _is_status(hours):
        return ""
    del row.values["opening_hours"]
    return hours


def _of_names(row: RawRow) -> str:
    """The mark before or behind a name, which is taken from it."""
    told = ""
    for field in _NAMES:
        text = _text(row, field)
        parts = [part for part in _MARK.split(text) if part] if text and _MARK.search(text) else []
        for mark in parts[-1:] + parts[:1] if len(parts) > 1 else ():
            if _is_status(mark):
                told = told or mark
                row.values[field] = text.replace(mark, "", 1).strip(" -–—:()[]*")
                break
    return told


def _of_sentences(row: RawRow, remarks: str) -> str:
    return next((text for text in _sentences(row, remarks) if _MAY_TELL.search(text) and _ends(text)), "")


def _ends(text: str) -> bool:
    return _ENDED.search(plain(text)) is not None or _is_status(text)


def _sentences(row: RawRow, remarks: str) -> Iterator[str]:
    """What the row says in sentences: in columns for them, also in those that are none of ours."""
    yield from filter(None, (remarks, *(_text(row, field) for field in _SENTENCES)))
    yield from _remarks(row)
    if hours := _text(row, "opening_hours"):
        yield hours


def _remarks(row: RawRow) -> Iterable[str]:
    for name, cell in row.cells.items():
        if isinstance(cell, str) and _is_of_remarks(str(name)) and _MAY_TELL.search(cell):
            yield tidy(cell)


@kept_of_short(1024)
def _is_of_remarks(name: str) -> bool:
    return _REMARKS.search(plain(name)) is not None


def _text(row: RawRow, field: str) -> str:
    value = row.values.get(field)
    return value.strip() if isinstance(value, str) else ""


def _is_status(text: str) -> bool:
    """Whether the words alone mean that one cannot go there; yes and no mean nothing without their column."""
    if len(plain(text)) < 5 or not _MAY_TELL.search(text):
        return False
    try:
        return PARSERS["status"](text).value is not Status.ACTIVE
    except FieldError:
        return False

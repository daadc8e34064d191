"""Judging a row: every field read, then the rules that need several fields, all findings together.

Import, forms and the API judge with these same rules.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from directory.text import translatable
from directory.zones.composites import with_parts
from directory.zones.derivations import with_defaults, with_point
from directory.zones.evidence import canonical
from directory.zones.fields import Kind
from directory.zones.findings import AmbiguousFieldError, FieldError, Finding, Severity, converted
from directory.zones.hours import MAX_LENGTH
from directory.zones.parsed import NOTHING
from directory.zones.parsers import PARSERS
from directory.zones.place_lookup import PlaceLookup
from directory.zones.placeholders import is_placeholder, means_row_above
from directory.zones.rules import FIELD_RULES, PLACE_RULES, area_is_valid
from directory.zones.schemas import FIELDS, ZoneRecord
from directory.zones.text_forms import lines_of

ESSENTIAL = frozenset(
    ("zone_id", "department", "town", "state", "country", "latitude", "longitude", "location_source", "approximate",
     "status", "status_from", "status_until", "closures")
)  # fmt: skip
"""What a zone is, where, and whether one can go there: no row is taken in which a value of these does not read."""
KINDS_WITH_WORDS = (Kind.HOURS, Kind.TRI_STATE, Kind.CHOICE)
"""Kinds of values for which "unknown" and "none" may be an answer: their readers are asked first."""
EVERY_FIELD = frozenset(ZoneRecord.model_fields)
MOST_IN_A_CELL = 10_000
"""Characters that a cell or a property may hold, in a file of whatever size."""


@dataclass(slots=True)
class RawRow:
    """A row as it came: its number as a reader of the file counts, and text or numbers by field name.

    `columns` are the fields a table has; None when the row says all there is to say, as a Feature does. `cells` are
    the values by the names of their columns or properties, also of those that are no field.
    """

    number: int
    values: dict[str, Any]
    area: dict[str, Any] | None = None
    columns: frozenset[str] | None = None
    problems: list[Finding] = field(default_factory=list)
    cells: dict[str, Any] = field(default_factory=dict)


@dataclass(slots=True)
class ValidatedRow:
    """A row after judgement: a record unless an error refused it, and every finding."""

    row: int
    record: ZoneRecord | None
    findings: list[Finding]
    columns: frozenset[str] | None = None
    """The fields that it speaks of; None when it says all there is to say."""
    unread: frozenset[str] = frozenset()
    """The fields of which it says nothing that can be used: a placeholder, or what does not read."""
    stated: frozenset[str] = frozenset()
    """The fields of which it says something, also in a column that holds several."""

    @property
    def refused(self) -> bool:
        """Whether an error stands against the row."""
        return self.record is None


def tidy(value: Any) -> str:
    """A cell as text: typographic quotes made plain, control characters and outer white space removed."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(value).lower()
    words = str(value)
    if words.isascii() and words.isprintable():
        return words.strip()
    words = words.translate({0x2018: "'", 0x2019: "'", 0x201C: '"', 0x201D: '"', 0xA0: " "})
    return "".join(
        char for char in words if char == "\n" or unicodedata.category(char) not in ("Cc", "Cf", "Cs")
    ).strip()


def validate(row: RawRow, places: PlaceLookup, *, can_ask: bool = False, strict: bool = False) -> ValidatedRow:
    """Read a row's fields, derive what it leaves out, and apply every rule.

    `can_ask`: somebody is there to say which reading of an ambiguous value is meant, so that it is an error until then.
    `strict`: every value that does not read is an error; else one of a field that is not ESSENTIAL is left out with a
    warning.
    """
    findings = list(row.problems)
    texts = with_parts({name: text for name, value in _short_cells(row, findings) if (text := cell_text(value))})
    fields = _Reading(row.number, texts, can_ask, strict)
    stated = dict(fields.read(findings))
    values = with_defaults(stated)
    if row.area is not None:
        values["area"] = row.area
        findings += area_is_valid(row.number, row.area)
    unreadable = {finding.field for finding in findings if finding.severity is Severity.ERROR}
    for rule in FIELD_RULES:
        findings += [finding for finding in rule(row.number, values, places) if finding.field not in unreadable]
    if not _refused(findings):
        for rule in PLACE_RULES:
            findings += rule(row.number, values, places)
    if _refused(findings):
        return ValidatedRow(row.number, None, findings)
    record = canonical(ZoneRecord.model_validate(with_point(values, places)))
    unread = frozenset(fields.unread)
    columns = row.columns
    if columns is not None:
        columns |= stated.keys() - row.values.keys()
    if unread:
        columns = (EVERY_FIELD if columns is None else columns) - unread
    return ValidatedRow(row.number, record, findings, columns, unread, frozenset(stated.keys() - unread))


def _refused(findings: Iterable[Finding]) -> bool:
    return any(finding.severity is Severity.ERROR for finding in findings)


def _length(value: Any) -> int:
    """The characters of a cell or a list of cells."""
    if isinstance(value, list):
        return sum(map(_length, value))
    return len(value) if isinstance(value, str) else len(str(value))


def _too_long(row: int, name: str, value: Any, length: int) -> Finding:
    return Finding(
        "cell_is_short",
        Severity.ERROR,
        row,
        name,
        value if isinstance(value, str) else str(value),
        translatable(
            "has %(length)s characters; a cell may have %(most)s", length=f"{length:,}", most=f"{MOST_IN_A_CELL:,}"
        ),
        translatable("Shorten the text."),
    )


def _ambiguous(row: int, name: str, text: str, question: AmbiguousFieldError, can_ask: bool) -> Finding:
    """Nothing is guessed: without somebody to ask, the value stays unknown and a warning gives its readings."""
    severity = Severity.ERROR if can_ask else Severity.WARNING
    return Finding(f"{name}_is_clear", severity, row, name, text, question.reason, question.fix, question.choices)


def cell_text(value: Any) -> str:
    """A cell, or a list or an object, as the readers want it."""
    return "\n".join(map(tidy, lines_of(value))) if isinstance(value, list | dict) else tidy(value)


def _short_cells(row: RawRow, findings: list[Finding]) -> Iterator[tuple[str, Any]]:
    """The cells that are no longer than a cell may be; the others become findings."""
    for name, value in row.values.items():
        if (length := _length(value)) > MOST_IN_A_CELL:
            findings.append(_too_long(row.number, name, value, length))
        else:
            yield name, value


class _Reading:
    """The reading of a row's fields: what could not be read is in `unread`."""

    def __init__(self, row: int, texts: dict[str, str], can_ask: bool, strict: bool) -> None:
        self._row, self._texts, self._can_ask, self._strict = row, texts, can_ask, strict
        self.unread: set[str] = set()

    def read(self, findings: list[Finding]) -> Iterator[tuple[str, Any]]:
        """Every known, non-empty field with its value; what cannot be read becomes a finding.

        What a field's words say of another field gives way to what the row itself has there.
        """
        for name, text in self._texts.items():
            values, problems = self._field(name, text)
            findings += problems
            yield from ((field, value) for field, value in values.items() if field == name or field not in self._texts)

    def _field(self, name: str, text: str) -> tuple[dict[str, Any], list[Finding]]:
        """The values that one field's text gives, and what is found about it. The words of hours are kept as a note."""
        words = {"hours_note": text[:MAX_LENGTH]} if name == "opening_hours" else {}
        if means_row_above(text) and not self._strict:
            fix = translatable("Write what is meant into each row.")
            return self._unreadable(name, text, FieldError(translatable("has no row above to repeat"), fix))
        says_nothing = is_placeholder(text) and not self._strict and name != "status"
        if says_nothing and FIELDS[name].kind not in KINDS_WITH_WORDS:
            return self._nothing(name, text)
        try:
            read = PARSERS[name](text)
        except AmbiguousFieldError as question:
            self._leave(name, words)
            return {} if self._can_ask else words, [_ambiguous(self._row, name, text, question, self._can_ask)]
        except FieldError as problem:
            if words and not re.search(r"\d", text) and not (self._strict and len(text) > MAX_LENGTH):
                self._leave(name, words)
                return words, [_without_times(self._row, name, text)]
            return self._nothing(name, text) if says_nothing else self._unreadable(name, text, problem)
        if not read.converted:
            return {name: read.value}, []
        if read.converted == NOTHING:
            self._leave(name, words)
        more = {**read.more, **(words if read.value else {})}
        return {name: read.value, **more}, [converted(self._row, name, text, read.converted)]

    def _nothing(self, name: str, text: str) -> tuple[dict[str, Any], list[Finding]]:
        self._leave(name, ())
        return {}, [converted(self._row, name, text, NOTHING)]

    def _leave(self, name: str, note: Iterable[str]) -> None:
        """Leave a field as it stands, and its note, unless the row has words of its own for that."""
        self.unread |= {name, *(field for field in note if field not in self._texts)}

    def _unreadable(self, name: str, text: str, problem: FieldError) -> tuple[dict[str, Any], list[Finding]]:
        """An error; or a warning, where the row can do without the value. Some words are kept as a note."""
        if self._strict or name in ESSENTIAL:
            return {}, [Finding(f"{name}_reads", Severity.ERROR, self._row, name, text, problem.reason, problem.fix)]
        note = {"setting": "spot_note", "opening_hours": "hours_note"}.get(name)
        kept = {note: text[: FIELDS[note].limit]} if note and not means_row_above(text) else {}
        self._leave(name, kept)
        fix = translatable("It was left out, and the rest of the row taken. %(fix)s", fix=problem.fix)
        return kept, [Finding(f"{name}_reads", Severity.WARNING, self._row, name, text, problem.reason, fix)]


def _without_times(row: int, name: str, text: str) -> Finding:
    """ "Business hours" is no fault of the clerk's: keep the words, leave the hours unknown."""
    fix = translatable("The words are kept and the hours shown as not stated; add the times if you know them.")
    return Finding("hours_are_times", Severity.WARNING, row, name, text, translatable("no times are stated"), fix)

"""Judging a row: every field read, then the rules that need several fields, all findings together.

Import, forms and the API judge with these same rules.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from directory.text import translatable
from directory.zones.closures import lines_of
from directory.zones.derivations import with_defaults, with_point
from directory.zones.findings import AmbiguousFieldError, FieldError, Finding, Severity
from directory.zones.hours import MAX_LENGTH
from directory.zones.parsers import PARSERS
from directory.zones.place_lookup import PlaceLookup
from directory.zones.rules import FIELD_RULES, PLACE_RULES, area_is_valid
from directory.zones.schemas import ZoneRecord

MOST_IN_A_CELL = 10_000
"""Characters that a cell or a property may hold, in a file of whatever size."""


@dataclass(slots=True)
class RawRow:
    """A row as it came: its number as a reader of the file counts, and text or numbers by field name.

    `columns` are the fields a table has; None when the row says all there is to say, as a Feature does.
    """

    number: int
    values: dict[str, Any]
    area: dict[str, Any] | None = None
    columns: frozenset[str] | None = None
    problems: list[Finding] = field(default_factory=list)


@dataclass(slots=True)
class ValidatedRow:
    """A row after judgement: a record unless an error refused it, and every finding."""

    row: int
    record: ZoneRecord | None
    findings: list[Finding]
    columns: frozenset[str] | None = None

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


def validate(row: RawRow, places: PlaceLookup, *, can_ask: bool = False) -> ValidatedRow:
    """Read a row's fields, derive what it leaves out, and apply every rule.

    `can_ask`: somebody is there to say which reading of an ambiguous value is meant, so that it is an error until then.
    """
    findings = list(row.problems)
    values = with_defaults(dict(_read_fields(row, findings, can_ask)))
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
    record = ZoneRecord.model_validate(with_point(values, places))
    return ValidatedRow(row.number, record, findings, row.columns)


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


def _text(value: Any) -> str:
    """A cell, or a list of cells or of closures, as the readers want it."""
    return "\n".join(map(tidy, lines_of(value))) if isinstance(value, list) else tidy(value)


def _read_fields(row: RawRow, findings: list[Finding], can_ask: bool) -> Iterator[tuple[str, Any]]:
    """Every known, non-empty field with its value; what cannot be read becomes a finding.

    A note that is kept of a field's words gives way to the note that the row itself has.
    """
    texts = {name: value for name, value in row.values.items() if name in PARSERS}
    for name, value in texts.items():
        if (length := _length(value)) > MOST_IN_A_CELL:
            findings.append(_too_long(row.number, name, value, length))
        elif text := _text(value):
            values, problems = _read_field(row.number, name, text, can_ask)
            findings += problems
            yield from ((field, read) for field, read in values.items() if field == name or not _text(texts.get(field)))


def _read_field(row: int, name: str, text: str, can_ask: bool) -> tuple[dict[str, Any], list[Finding]]:
    """The values that one field's text gives, and what is found about it. The words of hours are kept as a note."""
    words = {"hours_note": text[:MAX_LENGTH]} if name == "opening_hours" else {}
    try:
        read = PARSERS[name](text)
    except AmbiguousFieldError as question:
        return {} if can_ask else words, [_ambiguous(row, name, text, question, can_ask)]
    except FieldError as problem:
        if words and not re.search(r"\d", text) and not (can_ask and len(text) > MAX_LENGTH):
            return words, [_without_times(row, name, text)]
        return {}, [Finding(f"{name}_reads", Severity.ERROR, row, name, text, problem.reason, problem.fix)]
    if not read.converted:
        return {name: read.value}, []
    return {name: read.value, **(words if read.value else {})}, [_converted(row, name, text, read.converted)]


def _without_times(row: int, name: str, text: str) -> Finding:
    """ "Business hours" is no fault of the clerk's: keep the words, leave the hours unknown."""
    fix = translatable("The words are kept and the hours shown as not stated; add the times if you know them.")
    return Finding("hours_are_times", Severity.WARNING, row, name, text, translatable("no times are stated"), fix)


def _converted(row: int, name: str, text: str, converted: str) -> Finding:
    reason = translatable("read as “%(converted)s”", converted=converted)
    fix = translatable("Nothing to do if that is right.")
    return Finding(f"{name}_converted", Severity.NOTE, row, name, text, reason, fix)

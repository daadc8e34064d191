"""An uploaded file as a draft keeps it: its rows as they were read, the field of each column, and the corrections.

The cells never change: another field for a column or a correction is put over them, so that both can be changed again.
"""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from directory.formats.column_names import field_for
from directory.text import TranslatableText, translatable
from directory.zones.findings import Finding, Severity
from directory.zones.validation.row_validation import THE_ROW, RawRow, cell_text

LEFT_OUT = "no"
"""A correction of a row as a whole: it is left out until its sender takes it in again. Any other text takes it."""
MOST_COLUMNS = 200
"""Properties of Features that are columns of the file; of further ones only those that are fields are kept."""


@dataclass(slots=True)
class UploadedRow:
    """A row as it was read.

    `cells` are texts in the order of the file's columns; `derived` what the reader itself made of the row, by field,
    such as the point of a Feature; `corrections` what its sender wrote since, by field (an empty text empties it).
    """

    number: int
    cells: list[str]
    derived: dict[str, str] = field(default_factory=dict)
    corrections: dict[str, str] = field(default_factory=dict)
    area: dict[str, Any] | None = None
    problems: list[Finding] = field(default_factory=list)

    @property
    def is_left_out(self) -> bool:
        """Whether its sender wants no zone of it."""
        return self.corrections.get(THE_ROW) == LEFT_OUT


@dataclass(slots=True)
class UploadedFile:
    """The rows of a file, and its columns by name with the field that each is read as (empty: left out).

    Of several columns for one field that with the field's own name counts, else the first with a text. `findings` are
    about the file as a whole.
    """

    form: str = ""
    columns: dict[str, str] = field(default_factory=dict)
    rows: list[UploadedRow] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)

    def add(self, raw: RawRow) -> int:
        """Keep a row as a reader gives it; returns the characters that it holds."""
        for name in raw.cells:
            if len(self.columns) < MOST_COLUMNS:
                self.columns.setdefault(name, field_for(name) or "")
        row = UploadedRow(
            raw.number, [cell_text(raw.cells.get(name)) for name in self.columns], area=raw.area, problems=raw.problems
        )
        read = self._read(row)
        texts = {name: cell_text(value) for name, value in raw.values.items()}
        row.derived = {name: text for name, text in texts.items() if text and read.get(name) != text}
        self.rows.append(row)
        return sum(map(len, (*row.cells, *row.derived.values())))

    def of_rows(self, numbers: Collection[int]) -> "UploadedFile":
        """The same file with these rows alone."""
        return replace(self, rows=[row for row in self.rows if row.number in numbers])

    def as_sent(self, row: UploadedRow) -> dict[str, str]:
        """A row's texts by field, without corrections."""
        return self._read(row) | row.derived

    def values(self, row: UploadedRow) -> dict[str, str]:
        """A row's texts by field, with corrections."""
        values = self.as_sent(row) | row.corrections
        return {name: text for name, text in values.items() if text and name != THE_ROW}

    def raw_rows(self) -> Iterator[RawRow]:
        """The rows for the rules; what was noted about a field that is corrected since is left out."""
        for row in self.rows:
            if row.is_left_out:
                continue
            problems = [problem for problem in row.problems if problem.field not in row.corrections]
            yield RawRow(row.number, {**self.values(row)}, row.area, problems=problems)

    def _read(self, row: UploadedRow) -> dict[str, str]:
        values: dict[str, str] = {}
        for (name, meaning), text in zip(self.columns.items(), row.cells, strict=False):
            if meaning and text and (meaning not in values or name == meaning):
                values[meaning] = text
        return values

    def samples(self, most: int) -> dict[str, list[str]]:
        """The first different texts of each column that has any."""
        samples: dict[str, list[str]] = {}
        for row in self.rows:
            for name, text in zip(self.columns, row.cells, strict=False):
                texts = samples.setdefault(name, [])
                if text and len(texts) < most and text not in texts:
                    texts.append(text)
        return {name: texts for name in self.columns if (texts := samples.get(name, []))}

    def to_json(self) -> dict[str, Any]:
        """Plain values, for the store."""
        return {
            "form": self.form,
            "columns": list(self.columns.items()),
            "rows": [_row_to_json(row) for row in self.rows],
            "findings": [_finding_to_json(finding) for finding in self.findings],
        }

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> "UploadedFile":
        """The inverse of `to_json`."""
        return cls(
            stored["form"],
            dict(stored["columns"]),
            [_row_from_json(row) for row in stored["rows"]],
            [_finding_from_json(finding) for finding in stored["findings"]],
        )


def _row_to_json(row: UploadedRow) -> dict[str, Any]:
    problems = [_finding_to_json(problem) for problem in row.problems]
    parts = {"derived": row.derived, "corrections": row.corrections, "area": row.area, "problems": problems}
    return {"number": row.number, "cells": row.cells, **{name: part for name, part in parts.items() if part}}


def _row_from_json(stored: Mapping[str, Any]) -> UploadedRow:
    problems = [_finding_from_json(problem) for problem in stored.get("problems", ())]
    return UploadedRow(**{**stored, "problems": problems})


def _finding_to_json(finding: Finding) -> dict[str, Any]:
    return {
        **finding.to_json(), "reason": _sentence_to_json(finding.reason), "fix": _sentence_to_json(finding.fix),
    }  # fmt: skip


def _finding_from_json(stored: Mapping[str, Any]) -> Finding:
    reason, fix = (translatable(template, **values) for template, values in (stored["reason"], stored["fix"]))
    severity, choices = Severity(stored["severity"]), tuple(stored["choices"])
    return Finding(**{**stored, "severity": severity, "reason": reason, "fix": fix, "choices": choices})


def _sentence_to_json(sentence: str) -> tuple[str, dict[str, object]]:
    """The template and the values, so that it is translated for whoever reads it later."""
    return (sentence.template, sentence.values) if isinstance(sentence, TranslatableText) else (sentence, {})

"""Properties of features that no field takes: each is reported once, so that nothing is lost unnoticed."""

from collections.abc import Iterator

from directory.formats.source import ReadOptions, too_many_columns
from directory.text import translatable
from directory.zones.findings import Finding, Severity
from directory.zones.validation.row_validation import RawRow

OF_THE_API = frozenset(("time_zone", "changed_at", "position_confidence", "existence_confidence"))
"""What features of our API say beside the fields of zones."""
MOST_NAMED = 50
"""Properties of a file that are named; a file may have a new one in each feature."""


def naming_left_out(rows: Iterator[RawRow], options: ReadOptions) -> Iterator[RawRow]:
    """The rows, each with a note for every property that is left out of it and was in no row before.

    Raises BadFileError for a row of more properties than a table may have columns.
    """
    earlier_names: set[str] = set(OF_THE_API)
    may_name = MOST_NAMED
    for row in rows:
        if len(row.cells) > options.limits.columns:
            raise too_many_columns(options.limits, row.number)
        if may_name and not row.cells.keys() <= earlier_names:
            new_names = row.cells.keys() - earlier_names
            earlier_names |= new_names
            unknown = [name for name in sorted(map(str, new_names)) if options.column_field(name) is None][:may_name]
            may_name -= len(unknown)
            row.problems += [_left_out(row, name) for name in unknown]
        yield row


def _left_out(row: RawRow, name: str) -> Finding:
    return Finding(
        "property_is_known", Severity.NOTE, row.number, name, str(row.cells.get(name, "")),
        translatable("is no property of the directory"),
        translatable("It was left out of this feature and all others; rename it if it holds one of our facts."),
    )  # fmt: skip

"""What only an import finds: what a row or file is beside the directory, and beside the rows before."""

from directory.text import translatable
from directory.zones.findings import Finding, Severity
from directory.zones.schemas import ZoneRecord


def older_release(released: str, before: str) -> Finding:
    """That the directory has a newer release of the dataset already."""
    return Finding(
        "release_is_newer", Severity.WARNING, 0, "released", released,
        translatable("is older than the release %(before)s, which was taken in before", before=before),
        translatable("Import the newer one again unless that was meant."),
    )  # fmt: skip


def foreign_program(where: str, value: str, row: int = 0) -> Finding:
    """That a program is none of the department's; `where` is the field that names it."""
    return Finding(
        "program_is_the_departments",
        Severity.WARNING,
        row,
        where,
        value,
        translatable("is no program of this department"),
        translatable("It was left out. Name one that stands under “programs”, or leave it empty."),
    )


def probable_duplicate(row: int, record: ZoneRecord, other: str) -> Finding:
    """That a row is probably the same spot as another zone, or row."""
    field = "spot_note" if record.spot_note else "street_address"
    return Finding(
        "spot_is_no_duplicate",
        Severity.WARNING,
        row,
        field,
        getattr(record, field),
        translatable("is probably the same spot as %(other)s", other=other),
        translatable("Withdraw one of the two if it is."),
    )

"""What only an import finds: what a row or file is beside the directory, and beside the rows before."""

from collections.abc import Mapping

from directory.text import translatable
from directory.zones.findings import Finding, Severity
from directory.zones.schemas import ZoneRecord


def older_release(released: str, before: str) -> Finding:
    """That the directory has a newer release of the dataset already."""
    reason = translatable("is older than the release %(before)s, which was taken in before", before=before)
    fix = translatable("Import the newer one again unless that was meant.")
    return Finding("release_is_newer", Severity.WARNING, 0, "released", released, reason, fix)


def foreign_program(where: str, value: str, row: int = 0) -> Finding:
    """That a program is none of the department's; `where` is the field that names it."""
    reason = translatable("is no program of this department")
    fix = translatable("It was left out. Name one that stands under “programs”, or leave it empty.")
    return Finding("program_is_the_departments", Severity.WARNING, row, where, value, reason, fix)


def probable_duplicate(row: int, record: ZoneRecord, other: str) -> Finding:
    """That a row is probably the same spot as another zone, or row."""
    field = "spot_note" if record.spot_note else "street_address"
    reason = translatable("is probably the same spot as %(other)s", other=other)
    fix = translatable("Withdraw one of the two if it is.")
    return Finding("spot_is_no_duplicate", Severity.WARNING, row, field, getattr(record, field), reason, fix)


def repeated_row(row: int, field: str, value: str, first: int) -> Finding:
    """That a row repeats an earlier one, by its `field`."""
    reason = translatable("repeats row %(first)s", first=first)
    fix = translatable("Remove one, or tell them apart by address, setting or spot.")
    return Finding("row_is_no_duplicate", Severity.ERROR, row, field, value, reason, fix)


def id_of_elsewhere(row: int, zone_id: str, zone: Mapping[str, object]) -> Finding:
    """That a row has the id of a zone elsewhere, of which these are the values."""
    department, town = zone["department"], zone["town"]
    reason = translatable("is the id of a zone of %(department)s, %(town)s", department=department, town=town)
    fix = translatable("Leave the id empty: the zone is found by its address, or gets one.")
    return Finding("zone_id_is_its_own", Severity.ERROR, row, "zone_id", zone_id, reason, fix)

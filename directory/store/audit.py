"""The audit: the rules of the import applied to everything that the directory holds."""

from collections import defaultdict

from sqlalchemy import Engine

from directory.formats.writers.geojson import COLUMNS
from directory.store.directory_reader import read_directory
from directory.text import translatable
from directory.zones.findings import Finding, Severity
from directory.zones.keys import spot_key
from directory.zones.place_lookup import PlaceLookup
from directory.zones.schemas import ZoneRecord
from directory.zones.validation.row_validation import RawRow, validate


def check(engine: Engine, places: PlaceLookup) -> tuple[int, list[tuple[str, Finding]]]:
    """How many zones were judged, and every finding with its zone_id. Raises DatabaseError."""
    directory = read_directory(engine)
    findings: list[tuple[str, Finding]] = []
    spots = defaultdict(list)
    replacements = {zone.zone_id for zone in directory.zones} | directory.programs.keys()
    for number, zone in enumerate(directory.zones, start=1):
        values = {name: getattr(zone, name) for name in ("zone_id", "latitude", "longitude", *COLUMNS)}
        cells = {name: list(value) if isinstance(value, tuple) else value for name, value in values.items()}
        row = RawRow(number, {name: value for name, value in cells.items() if value is not None}, zone.area)
        findings += [(zone.zone_id, finding) for finding in validate(row, places).findings]
        spots[spot_key(zone)].append(zone)
        if zone.replaced_by and zone.replaced_by not in replacements:
            reason = translatable("is no zone and no program of the directory")
            findings.append((zone.zone_id, _missing("replacement_exists", number, "replaced_by", zone, reason)))
        if zone.program and zone.zone_id not in directory.rows.own:
            reason = translatable("is no program of this department")
            findings.append((zone.zone_id, _missing("program_is_the_departments", number, "program", zone, reason)))
    for same in spots.values():
        findings += [(zone.zone_id, _duplicate(zone, same[0])) for zone in same[1:]]
    return len(directory.zones), findings


def _missing(rule: str, number: int, name: str, zone: ZoneRecord, reason: str) -> Finding:
    fix = translatable("Correct or remove it.")
    return Finding(rule, Severity.ERROR, number, name, getattr(zone, name), reason, fix)


def _duplicate(zone: ZoneRecord, first: ZoneRecord) -> Finding:
    reason = translatable("is probably the same spot as %(zone_id)s", zone_id=first.zone_id)
    fix = translatable("Withdraw one if it is.")
    return Finding("spot_is_no_duplicate", Severity.WARNING, 0, "spot_note", zone.spot_note, reason, fix)

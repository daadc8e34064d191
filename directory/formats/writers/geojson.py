"""The canonical form of the directory: the one GeoJSON text (RFC 7946) for the same content."""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from types import MappingProxyType
from typing import Any

from directory.formats.edition import PAGE, PLAIN, Edition
from directory.geo import Coordinates
from directory.zones.departments.schemas import DepartmentRecord, TownRecord
from directory.zones.programs import Program
from directory.zones.schemas import FIELDS, TriState, ZoneRecord

COLUMNS = tuple(name for name, field in FIELDS.items() if field.is_property)
"""The properties of a Feature in their order of appearance."""
EMPTY: Mapping[str, str] = MappingProxyType({})


def properties(zone: ZoneRecord) -> dict[str, Any]:
    """A Feature's properties: what is known, in fixed order. Unknown facts are left out, never written as "no"."""
    values = {}
    for name in COLUMNS:
        value = getattr(zone, name)
        if value is None or value is False or value in ("", [], (), {}) or value == TriState.UNKNOWN:
            continue
        values[name] = value
    return values


def feature(zone: ZoneRecord, page: str = "") -> dict[str, Any]:
    """A zone as a GeoJSON Feature, with its page if known; the outline of its bays, if any, is a foreign member."""
    result: dict[str, Any] = {
        "type": "Feature",
        "id": zone.zone_id,
        "geometry": {"type": "Point", "coordinates": Coordinates(zone.latitude, zone.longitude).position},
        "properties": properties(zone) | ({PAGE: page} if page else {}),
    }
    if zone.area:
        result["area"] = {"type": zone.area["type"], "coordinates": _rounded(zone.area["coordinates"])}
    return result


def _rounded(coordinates: Any) -> Any:
    return [_rounded(item) for item in coordinates] if isinstance(coordinates, list | tuple) else round(coordinates, 6)


def feature_collection(
    zones: Iterable[ZoneRecord],
    departments: Sequence[DepartmentRecord],
    towns: Sequence[TownRecord],
    members: Mapping[str, str] = EMPTY,
    programs: Iterable[Program] = (),
    edition: Edition = PLAIN,
) -> Iterator[str]:
    """The canonical file piece by piece: zones in `zone_id` order as given, one property a line.

    Departments and towns appear when they hold more than a name; `members` stand first: of which dataset and
    release it is, its licence.
    """
    yield '{\n  "type": "FeatureCollection",\n'
    for member, text in members.items():
        yield f'  "{member}": {json.dumps(text, ensure_ascii=False)},\n'
    for member, details in (
        ("departments", _details(DepartmentRecord, departments)),
        ("towns", _details(TownRecord, towns)),
        ("programs", [program.entry for program in sorted(programs, key=lambda one: one.program_id)]),
    ):
        if member == "programs" and not details:
            continue
        yield f'  "{member}": {_indented(details, 2)},\n'
    yield '  "features": ['
    empty = True
    for zone in zones:
        yield ("\n" if empty else ",\n") + "    " + _feature_text(feature(zone, edition.page_of(zone)))
        empty = False
    yield "]\n}\n" if empty else "\n  ]\n}\n"


def _details(
    kind: type[DepartmentRecord | TownRecord], records: Sequence[DepartmentRecord] | Sequence[TownRecord]
) -> list[dict[str, Any]]:
    """The records that hold more than their name, by state and name, without their empty fields."""
    ordered = sorted(records, key=lambda record: (record.state, record.name))
    full = [{name: getattr(record, name) for name in kind.model_fields} for record in ordered]
    items = [{name: value for name, value in item.items() if value not in ("", [], (), {})} for item in full]
    return [item for item in items if item.keys() - {"name", "state", "country"}]


def _feature_text(item: dict[str, Any]) -> str:
    """A Feature with its geometry on one line and each property on its own."""
    lines = [
        f'      "type": "Feature",\n      "id": {json.dumps(item["id"])},\n'
        f'      "geometry": {json.dumps(item["geometry"])},\n'
    ]
    if "area" in item:
        lines.append(f'      "area": {json.dumps(item["area"])},\n')
    lines.append(f'      "properties": {_indented(item["properties"], 6)}\n')
    return "{\n" + "".join(lines) + "    }"


def _indented(value: Any, margin: int) -> str:
    return json.dumps(value, indent=2, ensure_ascii=False, allow_nan=False).replace("\n", "\n" + " " * margin)

"""Any GeoJSON (RFC 7946) row by row."""

import codecs
import os
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from typing import IO, Any

import ijson
import numpy as np
from ijson.common import ObjectBuilder

from directory.formats.column_names import OF_A_PLACE, PLACES, FieldFor, field_for
from directory.formats.probe import Probe
from directory.formats.readers.geojson_geometry import read_geometry, shape_finding
from directory.formats.source import BadFileError, ReadOptions, Source
from directory.text import plain, translatable
from directory.zones.fields import Kind
from directory.zones.findings import Finding, Severity
from directory.zones.schemas import FIELDS
from directory.zones.validation.row_validation import RawRow, tidy

DEEPEST = 32
"""Levels of nesting: a MultiPolygon's numbers lie at nine."""
BLOCK_BYTES = 1 << 18
_ESCAPED = re.compile(rb"\\.", re.DOTALL)
_NO_MARKS = bytes(set(range(256)) - set(b'"[]{}'))
_STEPS = np.zeros(256, np.int8)
"""By how many levels a byte outside of texts goes deeper."""
_STEPS[list(b"[{")], _STEPS[list(b"]}")] = 1, -1
WGS84_NAMES = ("CRS84", "EPSG::4326", "EPSG:4326")
LONGEST_NAME = 80
"""Characters of a dataset's name."""
DETAILS = ("departments", "towns", "programs")
"""Our own members, which stand before the features."""
EVIDENCE = "evidence"
"""The property that is an object itself."""
MOST_KEPT_NAMES = 10_000
"""Characters of the names of a feature's properties for which it is kept which fields they mean."""


@dataclass(slots=True)
class GeoJsonHeader:
    """What stands before the features: departments, towns and programs in full, and findings on the file itself."""

    dataset: str = ""
    released: str = ""
    departments: list[Any] = field(default_factory=list)
    towns: list[Any] = field(default_factory=list)
    programs: list[Any] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    single_feature: bool = False


def is_json(probe: Probe) -> bool:
    """Whether the file is JSON of any kind: reading it says which."""
    return probe.text[:1] in (b"{", b"[")


def read_geojson(file: IO[bytes], options: ReadOptions) -> Source:
    """Features of a GeoJSON file as rows. Raises BadFileError."""
    bom = len(codecs.BOM_UTF8) if file.read(3) == codecs.BOM_UTF8 else 0
    file.seek(bom)
    refuse_deep(file)
    file.seek(bom)
    header = read_header(file)
    read_trailer(file)
    file.seek(bom)
    rows = read_rows(file, header, options.column_field)
    return Source(
        "GeoJSON", rows, file, dataset=header.dataset, released=header.released,
        departments=header.departments, towns=header.towns, programs=header.programs, findings=header.findings,
    )  # fmt: skip


def refuse_deep(file: IO[bytes]) -> None:
    """Refuse a file that is nested deeper than any map program writes: the parser's work grows with the square of it.

    Raises BadFileError. What is no JSON at all is left to the reading, which knows the row.
    """
    depth, in_text = 0, False
    while block := file.read(BLOCK_BYTES):
        while (len(block) - len(block.rstrip(b"\\"))) % 2 and (after := file.read(1)):
            block += after
        marks = np.frombuffer(_ESCAPED.sub(b"", block).translate(None, delete=_NO_MARKS), np.uint8)
        if not marks.size:
            continue
        of_text = np.logical_xor.accumulate(marks == ord('"')) ^ in_text
        depths = depth + np.cumsum(np.where(of_text, 0, _STEPS[marks]))
        if depths.max() > DEEPEST:
            raise BadFileError(
                translatable("The file is nested deeper than %(levels)s levels.", levels=DEEPEST),
                translatable("Export it again as a GeoJSON FeatureCollection."),
            )
        depth, in_text = int(depths[-1]), bool(of_text[-1])


def read_header(file: IO[bytes]) -> GeoJsonHeader:
    """Read up to the features.

    Departments, towns and programs, our own foreign members, are read when they stand before the features, as in every
    file that `feature_collection` made. Raises BadFileError.
    """
    header = GeoJsonHeader()
    kind, has_features = "", False
    builder: ObjectBuilder | None = None
    try:
        for prefix, event, value in ijson.parse(file, use_float=True):
            top = prefix.partition(".")[0]
            if prefix == "" and event not in ("start_map", "map_key", "end_map"):
                raise BadFileError(
                    translatable("The file holds no JSON object."),
                    translatable("Export it again as a GeoJSON FeatureCollection."),
                )
            if prefix == "type" and event == "string":
                kind = value
            if prefix in ("dataset", "released") and event == "string":
                setattr(header, prefix, tidy(value)[:LONGEST_NAME])
            if prefix == "features" and event == "start_array":
                has_features = True
                break
            if (top in (*DETAILS, "crs") and event != "map_key") or builder is not None:
                builder = builder or ObjectBuilder()
                builder.event(event, value)
                if prefix == top and event in ("end_array", "end_map", "string", "null"):
                    _keep(header, top, builder.value)
                    builder = None
    except (ijson.JSONError, UnicodeDecodeError) as error:
        raise broken(0, error) from error
    if kind == "Feature":
        header.single_feature = True
    elif not has_features and kind == "FeatureCollection":
        raise BadFileError(
            translatable("The file has no list of features."),
            translatable("Export it again as a GeoJSON FeatureCollection."),
        )
    elif not has_features or kind not in ("FeatureCollection", ""):
        raise BadFileError(
            translatable("The file is of type “%(value)s”, not a GeoJSON FeatureCollection.", value=kind or "unknown"),
            translatable("Export it as GeoJSON; TopoJSON and bare geometries are other formats."),
        )
    return header


def read_trailer(file: IO[bytes]) -> None:
    """Look for a `crs` member behind the features, where the header scan does not come. Raises BadFileError."""
    file.seek(0, os.SEEK_END)
    file.seek(max(0, file.tell() - 2_048))
    trailer = file.read().rpartition(b"]")[2].decode("utf-8", "replace")
    if re.search(r'"crs"\s*:\s*\{', trailer):
        name = re.search(r'"name"\s*:\s*"([^"]*)"\s*\}', trailer)
        _keep(GeoJsonHeader(), "crs", {"properties": {"name": name[1] if name else ""}})


def _keep(header: GeoJsonHeader, member: str, value: Any) -> None:
    if member == "crs" and value is not None:
        name = str((value.get("properties") or {}).get("name", "")) if isinstance(value, dict) else str(value)
        if not name.endswith(WGS84_NAMES):
            system = name or "an unnamed system"
            raise BadFileError(
                translatable("The file's coordinates are in “%(value)s” (its crs member says so).", value=system),
                translatable("Export it again in WGS 84 (EPSG:4326), longitude and latitude in degrees."),
            )
        reason = translatable("is no part of GeoJSON since 2016")
        fix = translatable("Nothing to do: it names WGS 84, which is meant anyway.")
        header.findings.append(Finding("crs_member_is_gone", Severity.NOTE, 0, "crs", name, reason, fix))
    elif member in DETAILS and isinstance(value, list):
        getattr(header, member).extend(value)


def read_rows(file: IO[bytes], header: GeoJsonHeader, column_field: FieldFor = field_for) -> Iterator[RawRow]:
    """Every feature as a row, numbered from 1, one at a time whatever the file's size. Raises BadFileError."""
    number = 0
    try:
        features = ijson.items(file, "" if header.single_feature else "features.item", use_float=True)
        for number, feature in enumerate(features, start=1):
            yield feature_row(number, feature, column_field)
    except (ijson.JSONError, UnicodeDecodeError) as error:
        raise broken(number, error) from error


def broken(after_row: int, error: Exception) -> BadFileError:
    """The JSON parser's complaint in the reader's words."""
    where = f"after feature {after_row}" if after_row else "at its beginning"
    argument = error.args[0] if error.args else ""  # bytes where the file's own are no UTF-8
    message = argument.decode("utf-8", "replace") if isinstance(argument, bytes) else str(error)
    detail = message.splitlines()[0].rstrip(".") if message else type(error).__name__
    if isinstance(error, ijson.IncompleteJSONError) and ("premature" in detail or "ncomplete" in detail):
        return BadFileError(
            translatable("The file is cut off %(where)s.", where=where),
            translatable("Save or download it again; nothing was imported."),
        )
    return BadFileError(
        translatable("The file is not valid JSON %(where)s: %(detail)s.", where=where, detail=detail),
        translatable("Export it again; NaN and Infinity are no JSON."),
    )


CONTAINERS = {"amenities", "attributes", "details", "facilities", "features", "properties", "security"}
OF_A_CONTAINER = {name for name, field in FIELDS.items() if field.kind in (Kind.TRI_STATE, Kind.HOURS, Kind.COUNT)}
"""Facts that count by their own name within an object that only holds them together."""


def feature_row(number: int, feature: Any, column_field: FieldFor = field_for) -> RawRow:
    """One feature as a row; what is wrong with its shape becomes findings of the row."""
    if not isinstance(feature, dict) or feature.get("type") != "Feature":
        return RawRow(
            number, {}, problems=[shape_finding(number, "type", feature, translatable("is not a GeoJSON Feature"))]
        )
    properties = feature.get("properties") or {}
    if not isinstance(properties, dict):
        return RawRow(
            number, {}, problems=[shape_finding(number, "properties", properties, translatable("is not an object"))]
        )
    properties = _flat(properties, column_field)
    names = tuple(properties)
    fields = _kept_fields_of if sum(map(len, names)) <= MOST_KEPT_NAMES else _fields_of
    values = {field: properties[name] for name, field in fields(names, column_field)}
    row = RawRow(number, values, cells=properties)
    if isinstance(feature.get("id"), str):
        row.values["zone_id"] = feature["id"]
    row.leave_out_own_page()
    read_geometry(row, feature.get("geometry"))
    if isinstance(feature.get("area"), dict):
        row.area = feature["area"]
    return row


def _fields_of(names: tuple[str, ...], column_field: FieldFor) -> list[tuple[str, str]]:
    """The properties that mean a field, each with that: a later one counts.

    Our own names win over everyday ones, and the first of these over the next.
    """
    fields = [(name, field) for name in names if (field := column_field(name))]
    return fields[::-1] + [(name, field) for name, field in fields if field == name]


_kept_fields_of = lru_cache(maxsize=64)(_fields_of)


def _flat(properties: dict[str, Any], column_field: FieldFor, depth: int = 3) -> dict[str, Any]:
    """Properties with those of nested objects beside them.

    These count by both names ("contact": {"phone": …}), those of a place also by their own ("address": {"city": …}),
    and so do facts of a spot ("amenities": {"lighting": …}); the object's own properties come first. What counts as
    nothing stays under both names, so that it can be named.
    """
    if dict not in map(type, properties.values()):
        return properties
    flat = {name: value for name, value in properties.items() if name == EVIDENCE or not isinstance(value, dict)}
    fields = {column_field(str(name)) for name in flat}
    for outer, value in properties.items() if depth else ():
        if outer == EVIDENCE or not isinstance(value, dict):
            continue
        for name, part in _flat(value, column_field, depth - 1).items():
            both, alone = f"{outer} {name}", column_field(str(name))
            holder = plain(str(outer))
            counts = alone in (OF_A_PLACE if holder in PLACES else OF_A_CONTAINER if holder in CONTAINERS else ())
            column = name if counts and not column_field(both) else both
            if column_field(column) not in fields or not column_field(column):
                flat.setdefault(column, part)
    return flat

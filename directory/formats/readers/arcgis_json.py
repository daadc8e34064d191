"""Features in ArcGIS's own JSON, as a FeatureServer's query gives them and ArcGIS Pro exports them."""

import contextlib
import io
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import IO, Any

import ijson
from ijson.common import ObjectBuilder

from directory.formats.probe import Probe
from directory.formats.readers.geojson import broken, feature_row, refuse_deep
from directory.formats.source import BadFileError, ReadOptions, Source, too_many_columns
from directory.formats.unknown_properties import naming_left_out
from directory.geo import to_wgs84
from directory.text import translatable
from directory.zones.findings import Finding, Severity
from directory.zones.validation.row_validation import RawRow

_MARKS = ("geometryType", "spatialReference", "objectIdFieldName", "displayFieldName", "features.item.attributes")
_WGS84 = 4326

Position = Callable[[float, float], tuple[float, float]]


def is_arcgis_json(probe: Probe) -> bool:
    """Whether one of the members that only ArcGIS has stands before what GeoJSON has. Raises BadFileError."""
    if not probe.text.startswith(b"{"):
        return False
    refuse_deep(io.BytesIO(probe.text))  # the path to a value grows with each level
    with contextlib.suppress(ijson.JSONError, UnicodeDecodeError):
        # As floats here, too: an integer of thousands of digits would end the process in the parser's C code.
        for prefix, event, value in ijson.parse(io.BytesIO(probe.text), use_float=True):
            if prefix in _MARKS or (prefix == "error.code" and event == "number"):
                return True
            if prefix == "features.item.properties" or (prefix == "type" and value == "FeatureCollection"):
                return False
    return False


@dataclass(slots=True)
class _Layer:
    """What the file says beside its features."""

    spatial_reference: dict[str, Any] = field(default_factory=dict)
    fields: list[dict[str, Any]] = field(default_factory=list)
    is_cut: bool = False
    error: dict[str, Any] = field(default_factory=dict)


def read_arcgis_json(file: IO[bytes], options: ReadOptions) -> Source:
    """Features as rows, numbered from 1. Raises BadFileError."""
    refuse_deep(_rewound(file))
    layer = _read_layer(_rewound(file))
    if layer.error:
        raise BadFileError(
            translatable(
                "This is an error of an ArcGIS server: %(message)s.", message=str(layer.error.get("message"))[:200]
            ),
            translatable("Ask for the layer again with f=geojson, or export it from the map."),
        )
    if len(layer.fields) > options.limits.columns:
        raise too_many_columns(options.limits, 0)
    names = {str(item.get("name")): _meaning(item, options) for item in layer.fields}
    findings = [_cut_off()] if layer.is_cut else []
    rows = naming_left_out(_rows(_rewound(file), layer, names, _position(layer.spatial_reference), options), options)
    columns = {meaning: options.column_field(meaning) or "" for meaning in names.values()}
    return Source("ArcGIS JSON", rows, file, columns=columns, findings=findings)


def _rewound(file: IO[bytes]) -> IO[bytes]:
    file.seek(0)
    file.seek(3 if file.read(3) == b"\xef\xbb\xbf" else 0)
    return file


def _read_layer(file: IO[bytes]) -> _Layer:
    layer = _Layer()
    builders: dict[str, ObjectBuilder] = {}
    attributes = {"spatialReference": "spatial_reference", "fields": "fields", "error": "error"}
    try:
        for prefix, event, value in ijson.parse(file, use_float=True):
            top = prefix.partition(".")[0]
            if prefix == "exceededTransferLimit":
                layer.is_cut = value is True
            elif top in attributes:
                builders.setdefault(top, ObjectBuilder()).event(event, value)
    except (ijson.JSONError, UnicodeDecodeError) as error:
        raise broken(0, error) from error
    for top, builder in builders.items():
        kind = list if top == "fields" else dict
        if isinstance(builder.value, kind):
            setattr(layer, attributes[top], builder.value)
    layer.fields = [item for item in layer.fields if isinstance(item, dict)]
    return layer


def _meaning(item: dict[str, Any], options: ReadOptions) -> str:
    """The name of a field that means one of ours: its own, or the alias that map readers see."""
    name, alias = str(item.get("name")), str(item.get("alias") or "")
    return alias if not options.column_field(name) and options.column_field(alias) else name


def _position(reference: dict[str, Any]) -> Position:
    """From the layer's coordinates to degrees. Raises BadFileError when its system is unknown."""
    number = reference.get("latestWkid") or reference.get("wkid") or (None if reference else _WGS84)
    if number == _WGS84:
        return lambda x, y: (x, y)
    for authority in ("EPSG", "ESRI") if isinstance(number, int) else ():
        with contextlib.suppress(ValueError):
            return to_wgs84(f"{authority}:{number}")
    raise BadFileError(
        translatable("The file's coordinates are in an unknown system: %(value)s.", value=str(reference)[:200]),
        translatable("Export it again in WGS 84 (EPSG:4326), longitude and latitude in degrees."),
    )


def _rows(
    file: IO[bytes], layer: _Layer, names: dict[str, str], position: Position, options: ReadOptions
) -> Iterator[RawRow]:
    number = 0
    values = {str(item.get("name")): _value_reader(item) for item in layer.fields}
    try:
        for number, item in enumerate(ijson.items(file, "features.item", use_float=True), start=1):
            attributes = item.get("attributes") if isinstance(item, dict) else None
            properties = {
                names.get(name, name): values.get(name, _itself)(value)
                for name, value in (attributes.items() if isinstance(attributes, dict) else ())
            }
            geometry = _geometry(item.get("geometry") if isinstance(item, dict) else None, position)
            feature = {"type": "Feature", "geometry": geometry, "properties": properties}
            yield feature_row(number, feature, options.column_field)
    except (ijson.JSONError, UnicodeDecodeError) as error:
        raise broken(number, error) from error


def _geometry(geometry: Any, position: Position) -> dict[str, Any] | None:
    """As in GeoJSON; a kind that no zone can have keeps a name that says so."""
    if not isinstance(geometry, dict):
        return None
    if "x" in geometry:
        if geometry["x"] in (None, "NaN"):
            return None  # ArcGIS's empty point
        return {"type": "Point", "coordinates": _moved([geometry.get("x"), geometry.get("y")], position)}
    if "rings" in geometry:
        return {"type": "Polygon", "coordinates": _moved(geometry["rings"], position)}
    return {"type": next(iter(geometry), "unknown")}


def _moved(coordinates: Any, position: Position) -> Any:
    """Nested coordinates in degrees; what is no pair of numbers stays, and the row names it."""
    if not isinstance(coordinates, list):
        return coordinates
    if len(coordinates) > 1 and all(isinstance(part, int | float) for part in coordinates[:2]):
        return list(position(*coordinates[:2]))
    return [_moved(part, position) for part in coordinates]


def _value_reader(item: dict[str, Any]) -> Callable[[Any], Any]:
    """How a field's values are read: days are milliseconds since 1970, and a domain's codes have names."""
    if item.get("type") == "esriFieldTypeDate":
        return _day
    domain = item.get("domain")
    codes = domain.get("codedValues") if isinstance(domain, dict) else None
    if not isinstance(codes, list):
        return _itself
    names = {str(code.get("code")): code.get("name") for code in codes if isinstance(code, dict)}
    return lambda value: names.get(str(value), value)


def _itself(value: Any) -> Any:
    return value


def _day(value: Any) -> Any:
    try:
        return (datetime(1970, 1, 1, tzinfo=UTC) + timedelta(milliseconds=value)).date().isoformat()
    except (TypeError, OverflowError):
        return value


def _cut_off() -> Finding:
    return Finding(
        "layer_is_whole", Severity.WARNING, 0, "exceededTransferLimit", "true",
        translatable("means that the server gave only a part of the layer"),
        translatable("Ask for the rest with resultOffset, or export the layer from the map."),
    )  # fmt: skip

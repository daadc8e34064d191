"""The program that reads shapefiles and GeoPackages with GDAL; `gdal_process` starts it, one process a file.

python -m directory.formats.readers.gdal_reader PATH DRIVER MEMORY SECONDS

It writes a line of JSON with the layers and their fields, reads the number of one from its standard input, and writes
a Feature a line, in degrees on WGS 84. Files come from anyone, and GDAL knows drivers that open other files and
addresses: none but the one that is named stays, and memory and time of the process are bounded.
"""

import json
import resource
import sys
import warnings
from pathlib import Path
from typing import Any

CHUNK = 500
"""Features that are read at once."""


def main() -> None:
    """Read the file that the arguments name."""
    path, driver, memory, seconds = sys.argv[1:]
    for limit, value in (
        (resource.RLIMIT_DATA, int(memory)),
        (resource.RLIMIT_CPU, int(seconds)),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_CORE, 0),
    ):
        resource.setrlimit(limit, (value, value))
    warnings.simplefilter("ignore")
    _keep_driver(driver)
    layers = [_layer(path, name) for name in _names(path)]
    _write(
        [
            {"name": layer["layer_name"], "fields": layer["fields"].tolist(), "features": layer["features"]}
            for layer in layers
        ]
    )
    sys.stdout.flush()
    layer_number = sys.stdin.readline().strip()
    if layer_number:
        _write_features(path, layers[int(layer_number)])


def _keep_driver(driver: str) -> None:
    """Unload all drivers but one: GDAL does that when it registers drivers again."""
    import pyogrio.core

    others = set(pyogrio.list_drivers()) - {driver}
    pyogrio.set_gdal_config_options({"GDAL_SKIP": ",".join(others)})
    pyogrio.core._register_drivers()  # noqa: SLF001  (pyogrio has no public way)
    if set(pyogrio.list_drivers()) != {driver}:
        raise RuntimeError("GDAL keeps drivers that nothing needs")


def _names(path: str) -> list[str]:
    import pyogrio

    names = [str(name) for name, _geometry in pyogrio.list_layers(path)]
    return sorted(names) if Path(path).is_dir() else names  # a folder lists its files in no order


def _layer(path: str, name: str) -> dict[str, Any]:
    import pyogrio

    return dict(pyogrio.read_info(path, layer=name))


def _write_features(path: str, layer: dict[str, Any]) -> None:
    from pyogrio.raw import read

    start = 0
    while True:
        _meta, _ids, geometries, columns = read(
            path, layer["layer_name"], read_geometry=bool(layer["geometry_type"]), force_2d=True, skip_features=start,
            max_features=CHUNK, datetime_as_string=True,
        )  # fmt: skip
        count = len(columns[0]) if columns else len(geometries if geometries is not None else ())
        shapes = _shapes(geometries, layer["crs"]) if geometries is not None else [None] * count
        values = [column.tolist() for column in columns]
        for number, shape in enumerate(shapes):
            facts = {str(name): _plain(column[number]) for name, column in zip(layer["fields"], values, strict=True)}
            _write({"type": "Feature", "geometry": shape, "properties": facts})
        if count < CHUNK:
            return
        start += CHUNK


def _shapes(geometries: Any, crs: str | None) -> list[dict[str, Any] | None]:
    """GeoJSON geometries in degrees, from WKB in the layer's coordinate system."""
    import numpy as np
    import shapely

    from directory.geo import to_wgs84

    shapes = shapely.from_wkb(geometries, on_invalid="ignore")
    if crs and crs != "EPSG:4326":
        convert = to_wgs84(crs)
        shapes = shapely.transform(shapes, lambda points: np.column_stack(convert(points[:, 0], points[:, 1])))
    return [_shape(shape) for shape in shapes]


def _shape(shape: Any) -> dict[str, Any] | None:
    """A geometry; several points of which there is one are that one."""
    from shapely.geometry import mapping

    if shape is None or shape.is_empty:
        return None
    if shape.geom_type == "MultiPoint" and len(shape.geoms) == 1:
        shape = shape.geoms[0]
    return dict(mapping(shape))


def _plain(value: Any) -> Any:
    """A value as JSON has it; NaN is unknown, bytes are nothing to read."""
    if value is None or value != value or isinstance(value, bytes):
        return None
    return value if isinstance(value, str | int | float | bool) else str(value)


def _write(value: Any) -> None:
    sys.stdout.write(json.dumps(value) + "\n")


if __name__ == "__main__":
    main()

"""The program that writes a GeoPackage with GDAL; `geopackage` starts it, one process a file.

python -m directory.formats.writers.gdal_writer PATH

It reads one line of JSON from its standard input: the layer's name and description, the day of the file, columns with
their types, and rows, each with its longitude and latitude.
"""

import json
import sys
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray
from pyogrio import set_gdal_config_options
from pyogrio.raw import write

TYPES = {"int": "int32", "bool": "bool", "float": "float64", "date": "datetime64[D]", "str": "object"}


def main() -> None:
    """Write the file that the argument names."""
    order = json.load(sys.stdin)
    names = [name for name, _type in order["columns"]]
    cells = list(zip(*order["rows"], strict=True)) or [()] * len(names)
    set_gdal_config_options({"OGR_CURRENT_DATE": order["day"]})  # else GDAL writes that of the clock
    write(
        sys.argv[1], shapely.to_wkb(shapely.points(np.array(order["points"], float).reshape(-1, 2))),
        [_values(column, kind) for column, (_name, kind) in zip(cells, order["columns"], strict=True)],
        names, field_mask=[np.array([cell is None for cell in column], bool) for column in cells],
        layer=order["layer"], driver="GPKG", geometry_type="Point", crs="EPSG:4326",
        layer_options={"IDENTIFIER": order["title"], "DESCRIPTION": order["description"]},
        dataset_metadata=order["metadata"],
    )  # fmt: skip


def _values(column: tuple[Any, ...], kind: str) -> NDArray[Any]:
    """A column of its type; what is not stated is masked, and holds anything."""
    if kind == "str":
        return np.array(column, dtype=object)
    missing: Any = np.datetime64("NaT") if kind == "date" else 0
    return np.array([missing if cell is None else cell for cell in column], dtype=TYPES[kind])


if __name__ == "__main__":
    main()

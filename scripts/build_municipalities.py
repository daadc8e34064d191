"""Build the list of municipalities that the packaged gazetteer lacks: directory/names/municipalities.tsv.xz.

Nobody needs to run this to use the directory: its result is committed. Run it to renew the data:

    python scripts/build_municipalities.py SUBDIVISIONS CANADA

Both are CSV files (or .csv.gz). SUBDIVISIONS is made from the Census Bureau's 2025 Gazetteer Files (public domain):
state, name, type, status (FUNCSTAT), county, lat, lon. A subdivision counts when it is a working government (A). CANADA
has province, kind (municipality, region), name, type, also (other names between bars), division, lat, lon, source; the
rows of those sources count that directory/names/README.md credits.
"""

import csv
import gzip
import lzma
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from directory.geo import Coordinates, distance_m  # noqa: E402
from directory.geocoding.gazetteer import Gazetteer  # noqa: E402
from directory.text import fold  # noqa: E402
from directory.zones.municipalities import MUNICIPALITIES  # noqa: E402

SAME_PLACE_M = 10_000
"""A place of the name so near is the municipality itself. Springfield, PA is 17 km from a Springfield Township."""
CREDITED = {"StatCan via WOF", "GeoNames", "GeoNames via WOF"}
Row = tuple[str, str, str, str, str, str]
"""State, names separated by bars, form, county, latitude and longitude with three decimals."""


def rows(path: Path) -> Iterator[dict[str, str]]:
    """The rows of a CSV file, also a compressed one."""
    with gzip.open(path, "rt", encoding="utf-8") if path.suffix == ".gz" else path.open(encoding="utf-8") as file:
        yield from csv.DictReader(file)


def american(path: Path) -> Iterator[Row]:
    """Townships, towns and other governments within a county."""
    for row in rows(path):
        if row["status"] == "A":
            form = row["type"].lower().removeprefix("charter ")
            yield row["state"], row["name"], form, row["county"].removesuffix(" County"), *_point(row)


def canadian(path: Path) -> Iterator[Row]:
    """Municipalities, and counties and MRCs, whose name loses its article."""
    for row in rows(path):
        if row["source"] in CREDITED and row["type"] != "Census Division":
            also = [name for name in row["also"].split("|") if name]
            bare = [row["name"].removeprefix(article) for article in ("Le ", "La ", "Les ", "L'", "L’")]
            names = "|".join(dict.fromkeys([row["name"], *also, *bare]))
            form = "county" if row["kind"] == "region" else row["type"].lower()
            yield row["province"], names, form, row["division"], *_point(row)


def _point(row: dict[str, str]) -> tuple[str, str]:
    return f"{float(row['lat']):.3f}", f"{float(row['lon']):.3f}"


def main(subdivisions: Path, canada: Path) -> None:
    """Write every municipality of whose names the gazetteer knows none so near."""
    with tempfile.TemporaryDirectory() as scratch:
        gazetteer = Gazetteer.open_packaged(Path(scratch))

        def is_known(row: Row) -> bool:
            point = Coordinates(float(row[4]), float(row[5]))
            places = [place for name in row[1].split("|") for place in gazetteer.places(name, row[0])]
            return any(distance_m(place.coordinates, point) < SAME_PLACE_M for place in places)

        missing = [row for row in (*american(subdivisions), *canadian(canada)) if not is_known(row)]
    lines = {
        "\t".join((state, fold(name), f"{names.partition('|')[0]}, {state}", form, fold(county), *point))
        for state, names, form, county, *point in missing
        for name in names.split("|")
    }
    text = "".join(f"{line}\n" for line in sorted(lines))
    MUNICIPALITIES.write_bytes(lzma.compress(text.encode(), preset=9 | lzma.PRESET_EXTREME))
    print(f"{len(missing)} municipalities, {MUNICIPALITIES.stat().st_size:,} bytes")


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))

"""Build the list of governments that bear one name within a state: directory/names/namesakes.csv.xz.

Nobody needs to run this to use the directory: its result is committed. Run it to renew the data:

    python scripts/build_namesakes.py PLACES SUBDIVISIONS

PLACES and SUBDIVISIONS are CSV files (or .csv.gz) made from the Census Bureau's 2025 Gazetteer Files (public domain):
incorporated places with the columns state, name, type, county; county subdivisions with state, name, type, status
(FUNCSTAT), county. A subdivision counts when it is a working government of its own (A).
"""

import csv
import gzip
import io
import lzma
import sys
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from directory.text import fold  # noqa: E402
from directory.zones.namesakes import NAMESAKES  # noqa: E402

FORMS = {"charter township": "township", "city and borough": "city"}
NO_GOVERNMENT = {"CDP", "Comunidad", "Zona Urbana"}


def rows(path: Path) -> Iterator[dict[str, str]]:
    """The rows of a CSV file, also a compressed one."""
    with gzip.open(path, "rt", encoding="utf-8") if path.suffix == ".gz" else path.open(encoding="utf-8") as file:
        yield from csv.DictReader(file)


def main(places: Path, subdivisions: Path) -> None:
    """Write every government whose name another one in its state bears."""
    found = defaultdict(set)
    governments = [row for row in rows(places) if row["type"] not in NO_GOVERNMENT]
    governments += [row for row in rows(subdivisions) if row["status"] == "A"]
    for row in governments:
        form, county = row["type"].lower(), row["county"].removesuffix(" County")
        found[row["state"], fold(row["name"])].add((row["name"], FORMS.get(form, form), county))
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    for (state, _key), namesakes in sorted(found.items()):
        if len(namesakes) > 1:
            writer.writerows((state, *government) for government in sorted(namesakes))
    NAMESAKES.write_bytes(lzma.compress(text.getvalue().encode(), preset=9 | lzma.PRESET_EXTREME))


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))

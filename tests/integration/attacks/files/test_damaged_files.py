"""Files with bytes changed, cut off or doubled are read or refused in words: nothing else is raised."""

import io
import random
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from directory.formats.recognition import open_source
from directory.formats.source import BadFileError
from tests.support.department_files import (
    POINT,
    arcgis,
    collection,
    features,
    geopackage,
    html_xls,
    lines,
    my_maps,
    ods,
    table,
    xlsx,
    zipped,
    zipped_shapefile,
)  # fmt: skip

pytestmark = pytest.mark.slow

FILES: dict[str, tuple[Callable[[Path], bytes], int]] = {
    "XLSX": (lambda _: xlsx(("Zones", table())), 60),
    "ODS": (lambda _: ods(("Zones", table())), 60),
    "KMZ": (lambda _: my_maps(), 60),
    "ArcGIS JSON": (lambda _: arcgis(3857, *POINT), 120),
    "GeoJSON": (lambda _: collection().encode(), 120),
    "sequence": (lambda _: "\n".join(features()).encode(), 120),
    "HTML": (lambda _: html_xls(), 120),
    "UTF-16": (lambda _: lines("\t").encode("utf-16"), 120),
    "shapefile": (zipped_shapefile, 10),
    "GeoPackage": (geopackage, 10),
}
"""How a file is made, and how many times it is damaged: GDAL needs a process each time."""


def damaged(content: bytes, chance: random.Random) -> bytes:
    """The file, or what is packed in it, with up to four bytes, a piece missing or a piece twice."""
    if content.startswith(b"PK"):
        archive = zipfile.ZipFile(io.BytesIO(content))
        entries = {name: archive.read(name) for name in archive.namelist()}
        name = chance.choice(list(entries))
        return zipped({**entries, name: damaged(entries[name], chance)})
    start = chance.randrange(len(content) + 1)
    end = min(len(content), start + chance.randrange(1, 40))
    noise = bytes(chance.choice(b"\0 <>\"'&,;:{}[]-0129x\xff\xc3") for _ in range(min(end - start, 4)))
    piece = chance.choice([noise + content[start + len(noise) : end], b"", content[start:end] * 2])
    return content[:start] + piece + content[end:]


@pytest.mark.parametrize("form", FILES)
def test_a_damaged_file_is_read_or_refused(tmp_path: Path, form: str) -> None:
    make, times = FILES[form]
    content = make(tmp_path)
    chance = random.Random(form)
    path = tmp_path / "file"
    rows = 0
    for _ in range(times):
        path.write_bytes(damaged(content, chance))
        try:
            with open_source(path) as source:
                rows += sum(1 for row in source.rows if row.values)
        except BadFileError as error:
            assert error.reason and error.fix
    assert rows, "some damages leave something to read"

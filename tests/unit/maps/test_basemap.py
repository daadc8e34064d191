"""Which files can be the basemap, and what an operator is told of the others."""

import gzip
import json
import shutil
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pmtiles.reader import MmapSource
from pmtiles.tile import Compression, TileType, deserialize_header, serialize_header

from directory.maps.basemap import Basemap, BasemapError, examine


def refusal(path: Path) -> str:
    with pytest.raises(BasemapError) as caught:
        examine(path)
    return str(caught.value)


def changed(path: Path, target: Path, metadata: object = None, **header: object) -> Path:
    """A copy with another header or other metadata."""
    with path.open("rb") as file:
        before = deserialize_header(MmapSource(file)(0, 127))
    content = path.read_bytes()
    if metadata is not None:
        packed = metadata if isinstance(metadata, bytes) else gzip.compress(json.dumps(metadata).encode())
        header |= {"metadata_offset": len(content), "metadata_length": len(packed)}
        content += packed
    target.write_bytes(serialize_header({**before, **header}) + content[127:])  # type: ignore[typeddict-item]
    return target


def test_a_basemap_of_protomaps_schema_is_taken_and_has_its_version(basemap_file: Path, tmp_path: Path) -> None:
    first = examine(basemap_file)
    assert first.version == examine(basemap_file).version and first.size == basemap_file.stat().st_size
    copy = Path(shutil.copy(basemap_file, tmp_path / "copy.pmtiles"))
    assert examine(copy).version != first.version


def layers(*names: str, **fields: str) -> dict[str, object]:
    return {"vector_layers": [{"id": name, "fields": fields} for name in names]}


@pytest.mark.parametrize(
    ("header", "metadata", "message"),
    [
        ({"tile_type": TileType.PNG}, None, "holds pictures"),
        ({"tile_compression": Compression.BROTLI}, None, "something else than gzip"),
        ({"internal_compression": Compression.ZSTD}, None, "something else than gzip"),
        ({"tile_data_length": 2**40}, None, "cut off"),
        ({}, b"no gzip at all", "damaged"),
        ({}, gzip.compress(b"[1,", mtime=0), "damaged"),
        ({}, [1, 2], "the layers earth, places, roads, water are missing"),
        ({}, layers("transportation", "water", "place"), "the layers earth, places, roads are missing"),
        ({}, layers("earth", "water", "roads", "places", **{"pmap:kind": "String"}), "old version"),
    ],
)  # fmt: skip
def test_a_file_that_cannot_be_drawn_is_refused_in_a_sentence(
    basemap_file: Path, tmp_path: Path, header: dict[str, object], metadata: object, message: str
) -> None:
    assert message in refusal(changed(basemap_file, tmp_path / "other.pmtiles", metadata, **header))


def test_what_is_no_pmtiles_file_is_called_so(tmp_path: Path) -> None:
    path = tmp_path / "region.pmtiles"
    messages = {
        b"": "no PMTiles", b"<!doctype html>" * 20: "no PMTiles", b"\xff" * 200: "no PMTiles",
        b"PMTiles\x02" + bytes(200): "another version", b"PMTiles\x03": "cannot be read",
    }  # fmt: skip
    for content, message in messages.items():
        path.write_bytes(content)
        assert message in refusal(path)


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.data())
def test_a_damaged_file_is_refused_or_taken_and_never_breaks_the_site(
    basemap_file: Path, tmp_path: Path, data: st.DataObject
) -> None:
    whole = bytearray(basemap_file.read_bytes())
    path = tmp_path / "damaged.pmtiles"
    path.write_bytes(whole[: data.draw(st.integers(0, len(whole) - 1), label="kept")])
    refusal(path)
    for at in data.draw(st.lists(st.integers(0, 1500), min_size=1, max_size=8), label="changed"):
        whole[at] = data.draw(st.integers(0, 255))
    path.write_bytes(whole)
    assert bool(Basemap(str(path)).state().version) != bool(Basemap(str(path)).state().problem)


def test_a_file_that_is_replaced_while_the_site_runs_has_another_address(basemap_file: Path, tmp_path: Path) -> None:
    path = Path(shutil.copy(basemap_file, tmp_path / "region.pmtiles"))
    basemap = Basemap(str(path))
    before = basemap.state().version
    with basemap.open(before) or pytest.fail("not there") as file:
        assert file.read(7) == b"PMTiles"
    newer = Path(shutil.copy(basemap_file, tmp_path / "newer"))
    newer.replace(path)
    after = basemap.state().version
    assert after and after != before
    assert basemap.open(before) is None
    path.unlink()
    assert basemap.state().problem == "The file of SAFEZONES_BASEMAP is not there." and basemap.open(after) is None
    shutil.copy(basemap_file, path)
    assert basemap.state().version and not basemap.state().problem


def test_a_basemap_on_another_server_is_never_opened_here(tmp_path: Path) -> None:
    basemap = Basemap("https://maps.example.org/region.pmtiles")
    assert basemap.is_wanted and basemap.url and basemap.state().version == "" and basemap.state().problem == ""
    assert not Basemap("").is_wanted
    assert "directory" in Basemap(str(tmp_path)).state().problem.lower()

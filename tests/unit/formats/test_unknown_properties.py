"""What a feature says beyond our fields is read under its other names, or named; never lost unnoticed."""

import json
from pathlib import Path
from typing import Any

import pytest

from directory.formats.recognition import open_source
from directory.zones.findings import Finding
from directory.zones.validation.row_validation import RawRow


def rows_of(folder: Path, *properties: dict[str, Any]) -> list[RawRow]:
    file = folder / "zones.geojson"
    features = [{"type": "Feature", "geometry": None, "properties": one} for one in properties]
    file.write_text(json.dumps({"type": "FeatureCollection", "features": features}))
    with open_source(file) as source:
        return list(source.rows)


def named(row: RawRow) -> list[tuple[str, str]]:
    notes: list[Finding] = [one for one in row.problems if one.rule == "property_is_known"]
    return [(note.field, note.value) for note in notes]


@pytest.mark.parametrize(
    ("properties", "values"),
    [
        ({"agency": {"name": "Weston Police"}}, {"department": "Weston Police"}),
        ({"addr:housenumber": "56", "addr:street": "Norfield Road", "addr:city": "Weston"},
         {"street_number": "56", "street_address": "Norfield Road", "town": "Weston"}),
        ({"address.city": "Weston", "owner.city": "Boston"}, {"town": "Weston"}),
        ({"amenities": {"lighting": "yes", "name": "Restrooms", "status": "closed"}}, {"lighting": "yes"}),
        ({"previous": {"status": "withdrawn", "address": "1 Main St"}}, {}),
    ],
)  # fmt: skip
def test_parts_of_objects_and_paths_count_where_their_meaning_is_sure(
    tmp_path: Path, properties: dict[str, Any], values: dict[str, str]
) -> None:
    assert rows_of(tmp_path, properties)[0].values == values


def test_each_property_that_is_left_out_is_named_once(tmp_path: Path) -> None:
    owner = {"town": "Weston", "owner": {"phone": "203-555-0199"}, "Sponsor": "Bank"}
    first, second = rows_of(tmp_path, owner, owner | {"Bench": "yes"})
    assert named(first) == [("Sponsor", "Bank"), ("owner phone", "203-555-0199")]
    assert named(second) == [("Bench", "yes")]


def test_what_our_own_features_say_more_is_not_named(tmp_path: Path) -> None:
    ours: dict[str, Any] = {
        "time_zone": "America/New_York",
        "changed_at": "2026-11-01T00:00:00Z",
        "position_confidence": "exact",
    }
    ours |= {"evidence": {"lighting": 1}, "sources": [{"kind": "news"}], "program": "ct-a"}
    assert named(rows_of(tmp_path, ours | {"url": "https://zones.example/zones/ct-a"})[0]) == []


def test_a_file_that_has_other_properties_in_every_feature_is_not_named_without_end(tmp_path: Path) -> None:
    rows = rows_of(tmp_path, *({f"note {number}": "x"} for number in range(70)))
    assert sum(len(named(row)) for row in rows) == 50
    known = {"town": "Weston", "state": "CT", "street": "1 Main St", "lat": 41.2, "lon": -73.4, "phone": "203-555-0100"}
    (row,) = rows_of(tmp_path, known | {f"note {number}": "x" for number in range(70)})
    assert len(named(row)) == 50, "nor where one feature has them all"


def test_a_layer_of_a_map_server_names_what_was_left_out(tmp_path: Path) -> None:
    file = tmp_path / "layer.json"
    fields = [{"name": name, "type": "esriFieldTypeString"} for name in ("AGENCY", "CITY", "STATE", "BADGE")]
    attributes = {"AGENCY": "Darien PD", "CITY": "Darien", "STATE": "CT", "BADGE": "7"}
    layer = {"geometryType": "esriGeometryPoint", "fields": fields, "features": [{"attributes": attributes}]}
    file.write_text(json.dumps(layer))
    with open_source(file) as source:
        (row,) = source.rows
    assert [(one.field, one.value) for one in row.problems if one.rule == "property_is_known"] == [("BADGE", "7")]

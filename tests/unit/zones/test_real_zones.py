"""data/zones.geojson: every collected fact is in it, unchanged."""

import csv
import json
import re
from typing import Any

import pytest

from directory.formats.recognition import open_source
from directory.geocoding.gazetteer import Gazetteer
from directory.zones.validation.row_validation import validate
from scripts.collected_facts import LEFT_OUT, REPLACED
from scripts.data_report import report
from tests.conftest import ROOT
from tests.support.database_templates import ZONES

FACTS = ROOT / "data" / "facts" / "zones-facts.csv"


@pytest.fixture(scope="module")
def features() -> list[dict[str, Any]]:
    return list(json.loads(ZONES.read_text(encoding="utf-8"))["features"])


@pytest.fixture(scope="module")
def rows() -> list[dict[str, str]]:
    with FACTS.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_every_row_of_the_facts_became_a_zone_with_its_source(
    features: list[dict[str, Any]], rows: list[dict[str, str]]
) -> None:
    known = set()
    for facts in (item["properties"] for item in features):
        urls = [facts.get("source_url", ""), *(one.get("url", "") for one in facts.get("sources", []))]
        known |= {(facts["department"], facts["state"], facts["town"], url) for url in urls}
    for row in rows:
        identity = (row["department"], row["state"], row["town"], row["source_url"].split(" ")[0])
        assert identity in known or (row["department"], row["state"]) in LEFT_OUT, row
    assert len(features) >= 976


def test_every_id_of_the_first_edition_is_still_there(
    features: list[dict[str, Any]], rows: list[dict[str, str]]
) -> None:
    """A zone that stood for a whole city is withdrawn: its stations are listed one by one."""
    now = {item["id"]: item["properties"] for item in features}
    listed = {row["zone_id"] for row in rows if row["zone_id"]}
    assert listed <= now.keys() and len(listed) == 687
    for zone_id in REPLACED:
        assert now[zone_id]["status"] == "withdrawn"


def test_a_better_source_won_and_says_so(features: list[dict[str, Any]]) -> None:
    round_rock = next(item["properties"] for item in features if item["id"] == "tx-round-rock-lobby")
    assert round_rock["source_kind"] == "official" and round_rock["location_source"] == "address"
    assert round_rock["sources"][round_rock["evidence"]["position"] - 1]["kind"] == "list"


def test_the_report_of_the_data_is_what_its_command_prints() -> None:
    written = (ROOT / "docs" / "data-report.md").read_text(encoding="utf-8")
    assert written == report(json.loads(ZONES.read_text(encoding="utf-8")))


def test_nobody_confirmed_anything(features: list[dict[str, Any]]) -> None:
    assert not any("confirmed_on" in item["properties"] for item in features)


def test_what_a_row_left_blank_stays_unknown(features: list[dict[str, Any]]) -> None:
    for item in features:
        assert "unknown" not in [item["properties"].get(name) for name in ("cameras", "lighting", "custody_exchange")]


def test_every_zone_without_a_known_point_says_where_its_pin_comes_from(features: list[dict[str, Any]]) -> None:
    for item in features:
        facts = item["properties"]
        if facts["location_source"] not in ("surveyed", "address"):
            assert facts["approximate"] is True, item["id"]


def test_new_canaan_is_complete(features: list[dict[str, Any]]) -> None:
    zones = {item["id"]: item["properties"] for item in features if item["properties"]["town"] == "New Canaan"}
    assert set(zones) == {"ct-new-canaan-lobby", "ct-new-canaan-parking-lot"}
    for facts in zones.values():
        assert facts["street_address"] == "174 South Avenue" and facts["postal_code"] == "06840"
        assert facts["announced_on"] == "2017-03-03" and facts["status"] == "moved"
        assert facts["cameras_recorded"] == facts["cameras_around_the_clock"] == "yes"
    assert "front parking lot" in zones["ct-new-canaan-parking-lot"]["spot_note"]


def test_no_source_is_dated_before_what_it_tells_of(features: list[dict[str, Any]]) -> None:
    for facts in (item["properties"] for item in features):
        dated = facts.get("source_date", "")
        in_address = re.search(r"/((?:19|20)\d\d)/", facts.get("source_url", ""))
        told = [facts.get("status_from", "")[:4], in_address[1] if in_address else ""]
        assert not dated or dated[:4] >= max(told), facts


def test_a_lobby_and_a_lot_with_hours_of_their_own_are_two_zones(features: list[dict[str, Any]]) -> None:
    settings = [
        item["properties"]["setting"] for item in features if item["properties"]["town"] == "Lakewood"
        and item["properties"]["state"] == "WA"
    ]  # fmt: skip
    assert sorted(settings) == ["lobby", "parking_lot"]


def test_the_rules_accept_every_zone(gazetteer: Gazetteer) -> None:
    with open_source(ZONES) as source:
        refused = [verdict.findings for verdict in (validate(row, gazetteer) for row in source.rows) if verdict.refused]
    assert refused == []

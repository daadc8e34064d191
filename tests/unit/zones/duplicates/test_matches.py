"""Zones that are probably one, and neighbours that are not."""

import json
import re
from collections import defaultdict
from functools import cache
from itertools import combinations
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from directory.zones.duplicates.departments import department_key, same_department
from directory.zones.duplicates.matches import SAME_SPOT_M, MatchReason, ZoneIndex, probable_matches
from directory.zones.keys import spot_key
from directory.zones.schemas import Setting, Status, ZoneRecord
from tests.support.database_templates import ZONES

LOBBY = ZoneRecord(
    zone_id="ct-new-canaan-lobby", name="Safe exchange zone - lobby", department="New Canaan Police Department",
    town="New Canaan", state="CT", country="US", setting=Setting.LOBBY, street_address="174 South Avenue",
    latitude=41.1406, longitude=-73.4951,
)  # fmt: skip
METER = 1 / 111_200
"""A metre of latitude there, in degrees."""


@cache
def real_zones() -> list[ZoneRecord]:
    """The zones of the directory's own file."""
    features = json.loads(ZONES.read_text(encoding="utf-8"))["features"]
    points = [(item, *item["geometry"]["coordinates"]) for item in features]
    return [
        ZoneRecord.model_validate(
            {**item["properties"], "zone_id": item["id"], "longitude": longitude, "latitude": latitude}
        )
        for item, longitude, latitude in points
    ]


def row(**values: Any) -> ZoneRecord:
    """A row of a file about the lobby, in which some values are others."""
    return LOBBY.model_copy(update={"zone_id": "", **values})


def reason(record: ZoneRecord, zone: ZoneRecord = LOBBY) -> MatchReason | None:
    matches = probable_matches(record, [zone])
    assert [match.reason for match in matches] == [match.reason for match in probable_matches(zone, [record])]
    return matches[0].reason if matches else None


FAR = {"latitude": LOBBY.latitude + 0.05}
UNPLACED = {"street_address": "", "approximate": True, **FAR}


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ({"street_address": "174 South Ave., Suite 2", **FAR}, MatchReason.ADDRESS),
        ({"department": "New Canaan PD", "town": "New Canaan, Town of", **FAR}, MatchReason.ADDRESS),
        ({"department": "Police Department", "street_address": "174 South Ave"}, MatchReason.ADDRESS),
        ({"setting": Setting.UNKNOWN}, MatchReason.ADDRESS),
        ({"setting": Setting.LOBBY_AND_LOT}, MatchReason.ADDRESS),
        ({"town": "Norwalk", "mailing_town": "New Canaan"}, MatchReason.ADDRESS),
        ({"spot_note": "by the desk"}, MatchReason.ADDRESS),
        ({"street_address": "8 Farm Road", "latitude": LOBBY.latitude + 70 * METER}, MatchReason.DISTANCE),
        ({"street_address": "", "latitude": LOBBY.latitude - 70 * METER}, MatchReason.DISTANCE),
        (UNPLACED, MatchReason.UNPLACED),
        ({**UNPLACED, "spot_note": "by the desk"}, MatchReason.UNPLACED),
    ],
)  # fmt: skip
def test_the_same_lobby_is_recognized(values: dict[str, Any], expected: MatchReason) -> None:
    assert reason(row(**values)) is expected


@pytest.mark.parametrize(
    "values",
    [
        {"department": "New Canaan Sheriff"},
        {"department": "New Canaan College Police"},
        {"town": "North Canaan"},
        {"state": "NY"},
        {"setting": Setting.PARKING_LOT},
        {"setting": Setting.OTHER},
        {"street_address": "176 South Avenue", **FAR},
        {"street_address": "174 North Avenue", "approximate": True},
        {"street_address": "", "latitude": LOBBY.latitude + 80 * METER},
    ],
)
def test_another_spot_is_not(values: dict[str, Any]) -> None:
    assert reason(row(**values)) is None


def test_points_count_up_to_seventy_five_metres() -> None:
    assert SAME_SPOT_M == 75


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("two bays by the flagpole", "marked spaces by the flag", True),
        ("north lot", "lot on the north side", True),
        ("north lot", "south lot", False),
        ("front lot", "lot behind the building, rear", False),
        ("north lot", "front lot", True),
        ("lot B", "lot C", False),
        ("lobby of the 2nd floor", "lobby, 1st floor", False),
        ("2 spaces", "four spaces", True),
        ("west side", "", True),
    ],
)
def test_notes_that_name_different_sides_are_different_spots(one: str, other: str, same: bool) -> None:
    zone = LOBBY.model_copy(update={"spot_note": one})
    assert (reason(row(spot_note=other), zone) is MatchReason.ADDRESS) is same


def test_two_unplaced_rows_are_one_spot_by_the_same_note_only() -> None:
    zone = LOBBY.model_copy(update={**UNPLACED, "spot_note": "West parking lot"})
    assert reason(row(**UNPLACED, spot_note="west parking lot"), zone) is MatchReason.SPOT
    assert reason(row(**UNPLACED, spot_note="by the flagpole"), zone) is None


def test_of_a_program_of_many_sites_an_unplaced_row_is_no_match() -> None:
    sites = [row(zone_id=f"z{number}", street_address=f"{number} Main Street") for number in range(6)]
    unplaced = row(**UNPLACED)
    assert not probable_matches(unplaced, sites)
    assert [match.reason for match in probable_matches(unplaced, sites[:5])] == [MatchReason.UNPLACED] * 5
    assert [match.zone.zone_id for match in probable_matches(row(street_address="3 Main St"), sites)][:1] == ["z3"]


def test_the_most_probable_zones_come_first_and_at_most_five() -> None:
    zones = [
        row(zone_id=f"z{number}", street_address="", latitude=LOBBY.latitude + number * METER)
        for number in range(9, 0, -1)
    ]  # fmt: skip
    matches = ZoneIndex([*zones, LOBBY]).probable_matches(row())
    assert [match.zone.zone_id for match in matches] == [LOBBY.zone_id, "z1", "z2", "z3", "z4"]
    assert [round(match.distance_m) for match in matches] == [0, 1, 2, 3, 4]


def test_a_zone_is_no_duplicate_of_itself() -> None:
    assert not probable_matches(LOBBY, [LOBBY])


def test_neighbours_in_the_directory_are_told_apart() -> None:
    zones = [zone for zone in real_zones() if zone.status is not Status.WITHDRAWN]
    index = ZoneIndex(zones)
    pairs = {tuple(sorted((zone.zone_id, match.zone.zone_id)))
             for zone in zones for match in index.probable_matches(zone)}  # fmt: skip
    assert len(pairs) <= len(zones) / 100, pairs


def test_the_departments_of_the_directory_are_told_apart() -> None:
    names = defaultdict(set)
    for zone in real_zones():
        names[zone.state].add(zone.department)
    for state, own in names.items():
        for one, other in combinations(sorted(own), 2):
            assert not same_department(department_key(one, state), department_key(other, state)), (state, one, other)


REWRITTEN = {
    r" Street\b(?! [a-z])": " St",  # "Anderson St city lot" may be Saint City
    r" Avenue\b": " Ave.",
    r" Road\b": " Rd",
    r" Boulevard\b": " Blvd",
    r"\bNorth ": "N. ",
    r" St\.": " Street",
}


@given(st.data())
def test_every_zone_of_the_directory_is_recognized_when_its_row_is_written_otherwise(data: st.DataObject) -> None:
    zones = real_zones()
    # Where neither address nor spot is known, the name alone tells the stations of a city apart.
    zone = data.draw(st.sampled_from([zone for zone in zones if zone.street_address or zone.spot_note]))
    address = zone.street_address
    for pattern, other in data.draw(st.sets(st.sampled_from(sorted(REWRITTEN.items())))):
        address = re.sub(pattern, other, address, count=1)
    department = zone.department.replace(
        "Police Department", data.draw(st.sampled_from(["PD", "Police", "Police Dept."]))
    )
    record = zone.model_copy(
        update={"zone_id": "", "street_address": address.upper(), "department": department, "name": "Swap spot"}
    )
    matches = ZoneIndex(zones).probable_matches(record)
    assert zone.zone_id in [match.zone.zone_id for match in matches] or spot_key(record) == spot_key(zone)

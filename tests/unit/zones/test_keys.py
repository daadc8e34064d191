"""The keys of towns and departments, what makes two rows one zone, and the id that a new zone gets."""

import pytest

from directory.zones.keys import (
    department_slug,
    name_in_slug,
    slug_from_url,
    slug_parts,
    spot_key,
    town_slug,
    zone_id_stem,
)
from directory.zones.schemas import ZoneRecord


def zone(**facts: str) -> ZoneRecord:
    values = {"department": "Weston Police", "town": "Weston", "state": "CT", "country": "US", "name": "Zone", **facts}
    return ZoneRecord.model_validate({**values, "latitude": 41.2, "longitude": -73.4})


def test_the_name_tells_spots_apart_only_where_neither_address_nor_spot_is_known() -> None:
    assert spot_key(zone(name="A", street_address="1 Main St")) == spot_key(zone(name="B", street_address="1 Main St."))
    assert spot_key(zone(name="A", spot_note="rear lot")) == spot_key(zone(name="B", spot_note="Rear lot"))
    assert spot_key(zone(name="A")) != spot_key(zone(name="B"))


@pytest.mark.parametrize(
    "facts",
    [{"street_address": "2 Main St"}, {"spot_note": "front"}, {"setting": "lobby"}, {"town": "Wilton"},
     {"state": "NY"}, {"department": "Wilton Police"}],
)  # fmt: skip
def test_another_address_spot_setting_town_state_or_department_is_another_zone(facts: dict[str, str]) -> None:
    here = {"street_address": "1 Main St", "spot_note": "rear"}
    assert spot_key(zone(**here, setting="parking_lot")) != spot_key(
        zone(**{**here, "setting": "parking_lot", **facts})
    )


@pytest.mark.parametrize(
    ("facts", "stem"),
    [
        ({"setting": "lobby"}, "ct-weston-lobby"),
        ({"setting": "parking_lot"}, "ct-weston-parking-lot"),
        ({"setting": "unknown"}, "ct-weston-zone"),
        ({"setting": "other"}, "ct-weston-zone"),
        ({"setting": "lobby", "name": "Safe zone - Rear lot"}, "ct-weston-rear-lot"),
    ],
)
def test_the_id_of_a_new_zone_names_state_town_and_what_tells_the_spot_apart(facts: dict[str, str], stem: str) -> None:
    assert zone_id_stem(zone(**facts)) == stem


def test_an_id_has_at_most_100_characters_and_ends_with_no_hyphen() -> None:
    assert zone_id_stem(zone(name=f"A - {'x' * 200}")) == "ct-weston-" + "x" * 90
    assert zone_id_stem(zone(name=f"A - {'x' * 89} y")) == "ct-weston-" + "x" * 89


@pytest.mark.parametrize(("state", "name"), [("ct", "new-canaan"), ("CT", "New-Canaan"), ("Ct", "NEW-CANAAN")])
def test_a_url_names_the_same_town_and_department_in_any_case(state: str, name: str) -> None:
    assert slug_from_url(state, name) == town_slug("New Canaan", "CT") == department_slug("New Canaan", "CT")


def test_a_key_tells_the_parts_of_its_url_and_its_name() -> None:
    key = department_slug("St. Albert RCMP", "AB")
    assert slug_from_url(*slug_parts(key)) == key
    assert name_in_slug(key) == "st albert rcmp"


def test_a_name_without_letters_still_gets_a_key() -> None:
    assert (town_slug("東京", "CT"), department_slug("東京", "CT")) == ("ct/town", "ct/department")

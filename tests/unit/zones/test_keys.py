"""The keys of towns and departments."""

import pytest

from directory.zones.keys import department_slug, name_in_slug, slug_from_url, slug_parts, town_slug


@pytest.mark.parametrize(("state", "name"), [("ct", "new-canaan"), ("CT", "New-Canaan"), ("Ct", "NEW-CANAAN")])
def test_a_url_names_the_same_town_and_department_in_any_case(state: str, name: str) -> None:
    assert slug_from_url(state, name) == town_slug("New Canaan", "CT") == department_slug("New Canaan", "CT")


def test_a_key_tells_the_parts_of_its_url_and_its_name() -> None:
    key = department_slug("St. Albert RCMP", "AB")
    assert slug_from_url(*slug_parts(key)) == key
    assert name_in_slug(key) == "st albert rcmp"


def test_a_name_without_letters_still_gets_a_key() -> None:
    assert (town_slug("東京", "CT"), department_slug("東京", "CT")) == ("ct/town", "ct/department")

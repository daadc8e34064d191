"""Columns that hold several fields at once: what is taken apart, and what is left alone."""

import pytest

from directory.zones.parsing.composites import split_address, split_point, with_parts


@pytest.mark.parametrize(
    ("text", "state", "town", "code"),
    [
        *((text, "CT", "Norwalk", "") for text in ("Norwalk CT", "Norwalk (CT)", "Norwalk - CT", "Norwalk-CT",
                                                   "Norwalk C.T.", "Norwalk (Connecticut)", "Norwalk - Connecticut")),
        ("Norwalk 06850", "CT", "Norwalk", "06850"), ("Norwalk CT 06850", "CT", "Norwalk", "06850"),
        ("Ottawa K1A 0B1", "ON", "Ottawa", "K1A 0B1"), ("Montréal (QC)", "QC", "Montréal", ""),
        ("EAST LA", "CA", "EAST LA", ""), ("Norwalk NY", "CT", "Norwalk NY", ""),
        ("Norwalk - NY", "CT", "Norwalk - NY", ""), ("Winston-Salem", "NC", "Winston-Salem", ""),
        ("Washington", "WA", "Washington", ""), ("Carson City - Douglas", "NV", "Carson City - Douglas", ""),
    ],
)  # fmt: skip
def test_a_town_loses_the_state_that_its_row_says_and_a_postal_code(
    text: str, state: str, town: str, code: str
) -> None:
    parts = with_parts({"town": text, "state": state})
    assert (parts["town"], parts["state"], parts.get("postal_code", "")) == (town, state, code)


def test_a_postal_code_of_its_own_column_counts_before_that_behind_the_town() -> None:
    parts = with_parts({"town": "Norwalk 06850", "state": "CT", "postal_code": "06851"})
    assert (parts["town"], parts["postal_code"]) == ("Norwalk", "06851")


@pytest.mark.parametrize(
    ("text", "latitude", "longitude"),
    [
        ("41.3712, -73.4140", "41.3712", "-73.4140"),
        ("(41.3712 -73.4140)", "41.3712", "-73.4140"),
        ("41.3712°, -73.4140°", "41.3712", "-73.4140"),
        ("POINT(-73.414 41.3712)", "41.3712", "-73.414"),
        ("SRID=4326;POINT Z (-73.414 41.3712 12)", "41.3712", "-73.414"),
        ("41°48'35\"N 72°49'50\"W", "41°48'35\"N", "72°49'50\"W"),
        ("N 41 22.3, W 73 24.8", "N 41 22.3", "W 73 24.8"),
        ("73°27'14\"W 41°23'41\"N", "41°23'41\"N", "73°27'14\"W"),
        ("Lat: 41.3712, Long: -73.4140", "41.3712", "-73.4140"),
        ("lat 41.3712 lng -73.4140", "41.3712", "-73.4140"),
        ("geo:41.3712,-73.4140", "41.3712", "-73.4140"),
        ("41.3712, -73.4140, 120", "41.3712", "-73.4140"),
        ("41,3712; -73,4140", "41.3712", "-73.4140"),
        ("41,3712, -73,4140", "41.3712", "-73.4140"),
        ("41.3712 / -73.4140", "41.3712", "-73.4140"),
        ("41.3712|-73.4140", "41.3712", "-73.4140"),
        ('{"type": "Point", "coordinates": [-73.414, 41.3712]}', "41.3712", "-73.414"),
        ("https://maps.google.com/?q=41.3712,-73.4140", "41.3712", "-73.4140"),
        ("https://www.google.com/maps/search/?api=1&query=41.3712%2C-73.4140", "41.3712", "-73.4140"),
        (
            "https://www.google.com/maps/place/X/@41.1,-73.1,17z/data=!3m1!4b1!3d41.3712!4d-73.4140",
            "41.3712",
            "-73.4140",
        ),
        ("https://www.openstreetmap.org/?mlat=41.3712&mlon=-73.4140#map=19/41/-73", "41.3712", "-73.4140"),
    ],
)
def test_a_position_in_one_cell_is_taken_apart(text: str, latitude: str, longitude: str) -> None:
    assert split_point(text) == {"latitude": latitude, "longitude": longitude}


@pytest.mark.parametrize(
    "text",
    [
        "",
        "41.3712",
        "behind the station",
        "https://www.google.com/maps/@41.1,-73.1,17z",
        "41, 3712, -73",
        "LINESTRING(0 0, 1 1)",
        "1, 2, 3",
        "N" + " " * 9_000 + "x",
        "1" * 9_000,
    ],
)
def test_what_is_no_position_is_left_alone(text: str) -> None:
    assert split_point(text) == {}


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("49 Plumtrees Road, Bethel, CT 06801", ("49 Plumtrees Road", "Bethel", "CT", "06801")),
        ("49 Plumtrees Road, Bethel, Conn.", ("49 Plumtrees Road", "Bethel", "Conn.", None)),
        ("1 Main St, Suite 2, Ajax, ON L1S 2H9, Canada", ("1 Main St, Suite 2", "Ajax", "ON", "L1S 2H9")),
        ("1 Main St, New York, New York 10001, USA", ("1 Main St", "New York", "New York", "10001")),
        ("49 Plumtrees Road, Bethel CT 06801", ("49 Plumtrees Road", "Bethel", "CT", "06801")),
        ("49 Plumtrees Road, Bethel, CT, 06801", ("49 Plumtrees Road", "Bethel", "CT", "06801")),
        ("49 Plumtrees Road\nBethel, CT 06801", ("49 Plumtrees Road", "Bethel", "CT", "06801")),
        ("49 Plumtrees Road; Bethel; CT 06801", ("49 Plumtrees Road", "Bethel", "CT", "06801")),
        ("49 Plumtrees Road | Bethel | CT | 06801 | US", ("49 Plumtrees Road", "Bethel", "CT", "06801")),
        ("49 Plumtrees Road, Bethel, ct 06801", ("49 Plumtrees Road", "Bethel", "ct", "06801")),
        ("49 Plumtrees Road, Bethel, CT 6801", ("49 Plumtrees Road", "Bethel", "CT", "6801")),
        ("One Police Plaza, New York, NY 10038", ("One Police Plaza", "New York", "NY", "10038")),
        (
            "Bethel Police, 49 Plumtrees Road, Bethel, CT 06801",
            ("Bethel Police, 49 Plumtrees Road", "Bethel", "CT", "06801"),
        ),
        ("9 St. Paul St, St. Paul, MN 55101", ("9 St. Paul St", "St. Paul", "MN", "55101")),
        (
            "5, rue Principale, Saint-Jérôme (Québec) J7Z 1A1",
            ("5, rue Principale", "Saint-Jérôme", "Québec", "J7Z 1A1"),
        ),
    ],
)
def test_an_address_on_one_line_is_taken_apart(text: str, parts: tuple[str, str, str, str | None]) -> None:
    names = ("street_address", "town", "state", "postal_code")
    assert split_address(text) == {name: part for name, part in zip(names, parts, strict=True) if part}


@pytest.mark.parametrize(
    "text",
    [
        "49 Plumtrees Road",
        "49 Plumtrees Road, Bethel",
        "49 Plumtrees Road Bethel, CT 06801",
        "Bethel, CT 06801",
        "Main Street, Upper, Lower",
        "Bay 2, Lobby, In",
        "1" * 9_000 + ", , x",
    ],
)
def test_an_address_without_a_state_is_a_street(text: str) -> None:
    assert split_address(text) == {}


def test_a_column_of_a_fields_own_wins() -> None:
    assert with_parts({"coordinates": "1.5, 2.5", "latitude": "3", "longitude": "4"}) == {
        "latitude": "3",
        "longitude": "4",
    }


@pytest.mark.parametrize(
    ("row", "parts"),
    [
        ({"town": "Danbury"}, {"town": "Danbury", "mailing_town": "Bethel", "state": "CT", "postal_code": "06801"}),
        ({"town": "Bethel", "state": "Conn."}, {"town": "Bethel", "state": "Conn.", "postal_code": "06801"}),
        (
            {"town": "Danbury", "state": "CT", "postal_code": "06810"},
            {"town": "Danbury", "state": "CT", "postal_code": "06810", "mailing_town": "Bethel"},
        ),
        ({"town": "Bethel Town", "mailing_town": "X", "state": "CT", "postal_code": "1"}, None),
    ],
)
def test_an_address_on_one_line_beside_a_town_gives_what_its_row_leaves_out(
    row: dict[str, str], parts: dict[str, str] | None
) -> None:
    read = with_parts({"street_address": "1 Main St, Bethel, CT 06801", **row})
    assert read == {"street_address": "1 Main St", **(row if parts is None else parts)}


def test_an_address_in_another_state_than_its_row_is_left_as_it_is() -> None:
    whole = {"street_address": "1 Main St, Bethel, CT", "town": "Danbury", "state": "NY"}
    assert with_parts(whole) == whole


@pytest.mark.parametrize(
    ("number", "street", "whole"),
    [
        ("49.0", "Plumtrees Road", "49 Plumtrees Road"),
        ("49.0", "49 Plumtrees Road", "49 Plumtrees Road"),
        ("4", "42nd Street", "4 42nd Street"),
        ("N/A", "Main Street", "Main Street"),
        ("same as above", "Main Street", "Main Street"),
        ("#49", "Plumtrees Road", "49 Plumtrees Road"),
        ("No. 49", "Plumtrees Road", "49 Plumtrees Road"),
        ("49 1/2", "Plumtrees Road", "49 1/2 Plumtrees Road"),
        ("49,", "Plumtrees Road", "49 Plumtrees Road"),
        ("49 Plumtrees", "Road", "49 Plumtrees Road"),
        ("400 block", "Main Street", "400 block Main Street"),
        ("2nd", "Main Street", "Main Street"),
        ("49", "51 Plumtrees Road", "51 Plumtrees Road"),
        ("49", "9 Mile Road", "49 9 Mile Road"),
        ("0", "Plumtrees Road", "Plumtrees Road"),
    ],
)
def test_a_street_number_stands_before_its_street_once(number: str, street: str, whole: str) -> None:
    assert with_parts({"street_number": number, "street_address": street}) == {"street_address": whole}


def test_a_street_number_belongs_to_an_address_on_one_line_too() -> None:
    parts = with_parts({"street_number": "350", "street_address": "5th Avenue, Weston, CT 06883"})
    assert (parts["street_address"], parts["town"]) == ("350 5th Avenue", "Weston")


def test_a_position_that_does_not_read_is_not_lost() -> None:
    assert with_parts({"coordinates": "by the flagpole"}) == {"latitude": "by the flagpole"}


@pytest.mark.parametrize(("length", "taken_apart"), [(200, True), (201, False)])
def test_a_town_with_its_state_is_taken_apart_up_to_two_hundred_characters(length: int, taken_apart: bool) -> None:
    town = "x" * (length - len(", CT"))
    assert with_parts({"town": f"{town}, CT"}) == (
        {"town": town, "state": "CT"} if taken_apart else {"town": f"{town}, CT"}
    )


@pytest.mark.parametrize(("length", "read"), [(300, True), (301, False)])
def test_a_position_is_looked_for_in_three_hundred_characters(length: int, read: bool) -> None:
    address = "https://maps.google.com/?q=41.3712,-73.4140&"
    assert bool(split_point(address.ljust(length, "x"))) is read


def test_a_decimal_comma_makes_no_point_of_a_latitude() -> None:
    assert with_parts({"latitude": "41,141"}) == {"latitude": "41,141"}


@pytest.mark.parametrize(
    ("town", "parts"),
    [
        ("Wilton Conn", ("Wilton", "Conn")),
        ("New Canaan CT", ("New Canaan", "CT")),
        ("Albany N.Y.", ("Albany", "N.Y.")),
        ("Port Washington", ("Port Washington", None)),
        ("North Penn", ("North Penn", None)),
        ("EAST LA", ("EAST LA", None)),
        ("Orange CO", ("Orange CO", None)),
        ("Kansas City", ("Kansas City", None)),
    ],
)
def test_a_town_before_the_abbreviation_of_its_state_needs_no_comma(town: str, parts: tuple[str, str | None]) -> None:
    read = with_parts({"town": town})
    assert (read["town"], read.get("state")) == parts
    assert with_parts({"town": town, "state": "TX"})["town"] == town


@pytest.mark.parametrize(
    ("row", "town"),
    [
        ({"town": "Unincorporated", "county": "Polk", "state": "FL"}, "Polk County"),
        ({"county": "Polk Co.", "state": "FL"}, "Polk County"),
        ({"town": "N/A", "county": "Caddo", "state": "Louisiana"}, "Caddo Parish"),
        ({"town": "Lakeland", "county": "Polk", "state": "FL"}, "Lakeland"),
        ({"street_address": "1 Main St, Bartow, FL 33830", "county": "Polk"}, "Bartow"),
        ({"town": "Unincorporated", "county": "N/A", "state": "FL"}, "Unincorporated"),
        ({"county": "Kenai Peninsula Borough", "state": "AK"}, "Kenai Peninsula Borough"),
        ({"county": "Nome Census Area", "state": "AK"}, "Nome Census Area"),
        ({"county": "Anchorage Municipality", "state": "AK"}, "Anchorage Municipality"),
        ({"county": "Municipality of Anchorage", "state": "AK"}, "Municipality of Anchorage"),
        ({"county": "Falls Church City", "state": "VA"}, "Falls Church City"),
        ({"county": "City of Falls Church", "state": "VA"}, "City of Falls Church"),
        ({"county": "Caddo Parish"}, "Caddo Parish"),
    ],
)
def test_a_row_in_no_town_is_in_its_county(row: dict[str, str], town: str) -> None:
    assert with_parts(row)["town"] == town


@pytest.mark.parametrize(
    ("days", "hours", "together"),
    [
        ("Mon-Fri", "8am-5pm", "Mon-Fri 8am-5pm"),
        ("Mon-Fri", "24 hours", "Mon-Fri 24 hours"),
        ("7 days", "24/7", "7 days 24/7"),
        ("Mon-Fri", "M-F 8-5, Sat 9-12", "M-F 8-5, Sat 9-12"),
        ("N/A", "24 hours", "24 hours"),
        ("Lundi au vendredi", "", "Lundi au vendredi"),
    ],
)
def test_days_of_a_column_of_their_own_stand_before_hours_that_name_none(days: str, hours: str, together: str) -> None:
    texts = {"town": "Darien", "state": "CT", "open_days": days} | ({"opening_hours": hours} if hours else {})
    assert with_parts(texts)["opening_hours"] == together

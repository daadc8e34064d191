"""Where a row says that it is: its point, its town, its postal code and the outline of its bays."""

from typing import Any

import pytest

from directory.geo import Coordinates
from directory.zones.evidence.zone_evidence import FACTS, POSITION
from directory.zones.findings import Severity
from directory.zones.validation.row_validation import (
    RawRow,
    validate,
)
from directory.zones.validation.rules import point_of
from tests.support.validation import (
    FAR_WESTON,
    GOOD,
    NEAR_WESTON,
    POINT,
    WESTON,
    Place,
    SmallGazetteer,
    finding_of,
    judged,
    rules_of,
)
from tests.unit.degrees import METERS_A_DEGREE


def test_a_town_that_is_spelt_nearly_as_one_nearby_is_asked_about() -> None:
    found = finding_of({**POINT, "town": "Westn"}, "town_is_spelt_as_it_is_known")
    assert (found.severity, found.field, found.choices) == (Severity.WARNING, "town", ("Weston",))
    assert str(found.reason) == "is no place that we know in CT; one nearby is spelt “Weston”"
    far = {"latitude": 41.7, "longitude": -72.3, "town": "Westn"}
    for values in (
        POINT,
        {**POINT, "town": "Elsewhere"},
        far,
        {**POINT, "town": "Westn", "mailing_town": "Georgetown"},
    ):
        assert "town_is_spelt_as_it_is_known" not in rules_of(values)


@pytest.mark.parametrize(
    ("typed", "read"),
    [("City of Weston", "Weston"), ("CITY OF WESTON", "Weston"), ("City of  Elsewhere", "City of Elsewhere"),
     ("Village Weston", "Village Weston")],
)  # fmt: skip
def test_the_city_of_a_town_is_the_town_and_no_other_words_are_left_out(typed: str, read: str) -> None:
    record = judged({**POINT, "town": typed}).record
    assert record is not None and record.town == read


def test_the_missing_half_of_a_point_is_named_to_the_author_of_a_form() -> None:
    def missing(values: dict[str, Any]) -> list[str]:
        return [one.field for one in judged(values, strict=True).findings if one.rule == "coordinates_come_in_pairs"]

    assert (missing({"latitude": 41.2}), missing({"longitude": -73.4}), missing({})) == (
        ["longitude"],
        ["latitude"],
        [],
    )


@pytest.mark.parametrize(
    "point",
    [
        {"latitude": "41.2"}, {"longitude": "-73.4"}, {"latitude": "by the flagpole", "longitude": "-73.4"},
        {"latitude": "TBD", "longitude": "-73.4"}, {"latitude": "0", "longitude": "0"},
    ],
)  # fmt: skip
def test_half_a_point_is_set_aside_and_the_row_placed_by_its_postal_code(point: dict[str, str]) -> None:
    verdict = judged({**point, "postal_code": "06883"})
    assert verdict.record is not None and verdict.record.location_source == "postal_code"
    assert verdict.record.longitude == -73.381235 and verdict.unread >= {"latitude", "longitude"}
    assert [one.severity for one in verdict.findings if one.rule in ("point_is_whole", "latitude_reads")] == ["warning"]
    assert verdict.columns is not None and not verdict.columns & set(FACTS[POSITION]), "a zone keeps the point it has"


@pytest.mark.parametrize(("given", "missing"), [("latitude", "longitude"), ("longitude", "latitude")])
def test_of_half_a_point_the_other_half_is_named(given: str, missing: str) -> None:
    found = finding_of({given: {"latitude": 41.2, "longitude": -73.4}[given]}, "point_is_whole")
    assert (found.field, str(found.reason)) == (missing, f"is missing beside the {given}")


def test_only_both_zero_is_the_mark_of_a_failed_look_up() -> None:
    assert {"latitude", "longitude"} <= judged({"latitude": 0, "longitude": 0}).unread
    assert judged({"latitude": 0, "longitude": 0}, strict=True).refused
    assert rules_of({"latitude": 0, "longitude": -73.4}) == ["point_is_in_its_state"]
    assert rules_of({"latitude": 41.2, "longitude": 0}) == ["point_is_in_its_state"]


def test_a_point_at_the_ends_of_the_scales_is_in_range_and_beyond_them_is_not() -> None:
    assert rules_of({"latitude": 90, "longitude": 180}) == ["point_is_in_its_state"]
    assert rules_of({"latitude": 90.1, "longitude": 180}) == ["coordinates_are_in_range"]
    assert rules_of({"latitude": 90, "longitude": 180.1}) == ["coordinates_are_in_range"]


@pytest.mark.parametrize(
    ("latitude", "longitude", "rule"),
    [
        (-73.4, 41.2, "coordinates_are_not_swapped"),
        (73.4, 41.2, "coordinates_are_not_swapped"),
        (41.2, 73.4, "longitude_has_its_sign"),
    ],
)
def test_a_slip_is_named_with_the_point_that_was_meant(latitude: float, longitude: float, rule: str) -> None:
    finding = finding_of({"latitude": latitude, "longitude": longitude}, rule)
    assert finding.value == f"{latitude}, {longitude}"
    assert "41.2, -73.4" in finding.fix and "CT" in finding.fix


def test_without_a_state_no_slip_is_suspected() -> None:
    rules = rules_of({"latitude": 41.2, "longitude": 73.4, "state": ""})
    assert rules == ["required_fields_are_given"]


def test_a_point_elsewhere_is_reported_with_where_it_lies() -> None:
    assert (
        "lies in no state or province, not in CT"
        in finding_of({"latitude": 35, "longitude": -100}, "point_is_in_its_state").reason
    )
    verdict = judged({**POINT, "state": "NY"})
    assert [finding.reason for finding in verdict.findings] == ["lies in AB, CT, not in NY"]


@pytest.mark.parametrize(("meters", "far"), [(39_000, False), (41_000, True)])
def test_a_point_more_than_forty_kilometres_from_its_town_deserves_a_look(meters: int, far: bool) -> None:
    values = {"latitude": 41.2 + meters / METERS_A_DEGREE, "longitude": -73.4}
    verdict = judged(values)
    assert not verdict.refused
    assert [finding.rule for finding in verdict.findings] == (["point_is_near_its_town"] if far else [])
    if far:
        assert verdict.findings[0].reason == "is 41 km from Weston"
        assert verdict.findings[0].severity is Severity.WARNING


def test_the_mailing_town_counts_as_the_town_and_an_unknown_town_is_never_far() -> None:
    north = {"latitude": 41.2 + 41_000 / METERS_A_DEGREE, "longitude": -73.4}
    assert rules_of({**north, "mailing_town": "Georgetown"}) == []
    assert rules_of({**north, "town": "Nowhere"}) == []


def test_a_centre_of_an_area_is_no_point_to_measure_from_and_stays_approximate() -> None:
    north = {"latitude": 41.2 + 41_000 / METERS_A_DEGREE, "longitude": -73.4}
    for source in ("postal_code", "town"):
        verdict = judged({**north, "location_source": source})
        assert verdict.findings == []
        assert verdict.record is not None and verdict.record.approximate
    assert rules_of({**north, "location_source": "surveyed"}) == ["point_is_near_its_town"]


def test_a_row_without_a_point_stands_at_its_postal_code_with_six_decimals() -> None:
    verdict = judged({"postal_code": "06883-1234"})
    assert [(finding.rule, finding.field, finding.severity) for finding in verdict.findings] == [
        ("point_is_known", "latitude", "warning"),
    ]
    record = verdict.record
    assert record is not None
    assert (record.latitude, record.longitude) == (41.221235, -73.381235)
    assert (record.location_source, record.approximate) == ("postal_code", True)


def test_a_postal_code_of_another_state_gives_no_point() -> None:
    verdict = judged({"postal_code": "10001"})
    assert verdict.record is not None and verdict.record.location_source == "town"
    assert verdict.record.latitude == 41.2
    finding = next(finding for finding in verdict.findings if finding.field == "postal_code")
    assert (finding.rule, finding.reason) == ("postal_code_fits_state", "belongs to NY, not CT")


@pytest.mark.parametrize(
    ("street", "fits"),
    [("1 Main St, Weston, CT 06883", True), ("1 Main St, Suite 2", True), ("1 Main St, Boston, MA 02101", False)],
)
def test_an_address_that_ends_in_another_state_is_a_warning(street: str, fits: bool) -> None:
    assert rules_of({**POINT, "street_address": street}) == ([] if fits else ["address_fits_state"])


@pytest.mark.parametrize(
    ("code", "fits"), [("06883", True), ("10001", False), ("K1A 0B1", False), ("99999", True), ("00999", True)]
)
def test_a_postal_code_that_is_known_to_be_elsewhere_is_a_warning(code: str, fits: bool) -> None:
    assert rules_of({**POINT, "postal_code": code}) == ([] if fits else ["postal_code_fits_state"])


def test_a_town_that_nobody_knows_needs_a_point() -> None:
    verdict = judged({"town": "Nowhere"})
    assert verdict.refused
    finding = verdict.findings[0]
    assert (finding.rule, finding.field, finding.value) == ("point_is_known", "town", "Nowhere")
    assert [finding.rule for finding in verdict.findings] == ["point_is_known"]


@pytest.mark.parametrize(("places", "several"), [([WESTON, FAR_WESTON], True), ([WESTON, NEAR_WESTON], False)])
def test_two_towns_of_one_name_more_than_25_kilometres_apart_are_a_warning(places: list[Place], several: bool) -> None:
    gazetteer = SmallGazetteer({"Weston": places})
    assert rules_of({}, gazetteer) == [*(["town_is_one_place"] if several else []), "point_is_known"]
    assert "town_is_one_place" not in rules_of({"postal_code": "06883"}, gazetteer)


BAYS: dict[str, Any] = {
    "type": "Polygon", "coordinates": [[[-73.4, 41.2], [-73.39, 41.2], [-73.39, 41.21], [-73.4, 41.2]]],
}  # fmt: skip


BOW_TIE = [[[0, 0], [1, 1], [1, 0], [0, 1], [0, 0]]]


@pytest.mark.parametrize(
    ("area", "reason"),
    [
        (BAYS, None),
        ({"type": "MultiPolygon", "coordinates": [BAYS["coordinates"]]}, None),
        ({"type": "Point", "coordinates": [-73.4, 41.2]}, "not a polygon"),
        ({"type": "Polygon", "coordinates": []}, "not a polygon"),
        ({"type": "Polygon", "coordinates": BOW_TIE}, "Self-intersection"),
        ({"type": "Polygon", "coordinates": [[[0, 0], [1, 1]]]}, "not a polygon ("),
        ({"type": "Polygon", "coordinates": [[["x", 0], [1, 1], [1, 2], [0, 0]]]}, "not a polygon ("),
        ({"type": "Polygon", "coordinates": 7}, "not a polygon ("),
        ({"type": "Polygon"}, "not a polygon ("),
        ({"coordinates": []}, "not a polygon ("),
        ({"type": 7}, "not a polygon ("),
        ({"type": "Polygon", "coordinates": [[[], [], [], []]]}, "not a polygon"),
    ],
)  # fmt: skip
def test_an_outline_is_a_simple_polygon_or_refuses_the_row(area: dict[str, Any], reason: str | None) -> None:
    verdict = validate(RawRow(7, {**GOOD, **POINT}, area), SmallGazetteer())
    if reason is None:
        assert verdict.record is not None and verdict.record.area == area
        return
    assert verdict.refused
    (finding,) = verdict.findings
    assert (finding.rule, finding.row, finding.field, finding.severity) == ("area_is_valid", 7, "area", "error")
    assert reason in finding.reason and finding.value == str(area)[:80]


@pytest.mark.parametrize(
    ("values", "point"),
    [
        ({"latitude": 41.2, "longitude": -73.38}, Coordinates(41.2, -73.38)),
        ({"latitude": 41.2}, None),
        ({"longitude": -73.38}, None),
        ({"latitude": 91.0, "longitude": -73.38}, None),
    ],
)
def test_a_point_has_both_numbers_and_lies_on_earth(values: dict[str, Any], point: Coordinates | None) -> None:
    assert point_of(values) == point


@pytest.mark.parametrize(
    ("latitude", "longitude", "level"),
    [
        (41 + 12 / 60, -(73 + 23 / 60), "town"),
        (41 + 13 / 60, -(73 + 22 / 60), "town"),
        (41 + 12.4 / 60, -(73 + 23 / 60), "surveyed"),
        (41 + 12 / 60, -(73 + 22.6 / 60), "surveyed"),
    ],
)
def test_whole_minutes_of_arc_are_the_middle_of_a_town(latitude: float, longitude: float, level: str) -> None:
    record = judged({"latitude": round(latitude, 6), "longitude": round(longitude, 6)}).record
    assert record is not None and record.location_source == level

"""A row judged from text to record: against a gazetteer of a few places, so that every distance is known."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import pytest

from directory.geo import Coordinates
from directory.zones.findings import Finding, Severity
from directory.zones.validation.row_validation import (
    MOST_IN_A_CELL,
    RawRow,
    ValidatedRow,
    tidy,
    validate,
    validate_batch,
)
from tests.unit.degrees import METERS_A_DEGREE


@dataclass(frozen=True)
class Place:
    coordinates: Coordinates
    state: str
    label: str = "Weston, CT"


WESTON = Place(Coordinates(41.2, -73.4), "CT")
FAR_WESTON = Place(Coordinates(41.2 + 25_500 / METERS_A_DEGREE, -73.4), "CT")
NEAR_WESTON = Place(Coordinates(41.2 + 24_500 / METERS_A_DEGREE, -73.4), "CT")
GEORGETOWN = Place(Coordinates(41.25, -73.43), "CT")


@dataclass
class SmallGazetteer:
    """Knows the towns it is given; a point is in Connecticut between 40 and 42.5 degrees north and 72 to 74 west."""

    towns: dict[str, list[Place]] = field(default_factory=lambda: {"Weston": [WESTON], "Georgetown": [GEORGETOWN]})

    def postal_code(self, code: str) -> Place | None:
        return {
            "06883": Place(Coordinates(41.2212345678, -73.3812345678), "CT"),
            "10001": Place(Coordinates(40.75, -73.997), "NY"),
            "K1A": Place(Coordinates(45.42, -75.7), "ON"),
            "99999": Place(Coordinates(41.2, -73.4), ""),
        }.get(code)

    def places(self, name: str, state: str = "") -> list[Place]:
        return self.towns.get(name, self.towns.get(name.capitalize(), [])) if state == "CT" else []

    def places_spelt_like(self, name: str, state: str = "") -> list[Place]:
        return self.places("Weston", state) if name in ("Westn", "Westonn") else []

    def is_near(self, point: Coordinates, state: str) -> bool:
        return state in self.states_near(point)

    def states_near(self, point: Coordinates) -> set[str]:
        inside = 40 < point.latitude < 42.5 and -74 < point.longitude < -72
        return {"CT", "AB"} if inside else set()


GOOD: dict[str, Any] = {"department": "Weston Police", "town": "Weston", "state": "CT"}
POINT: dict[str, Any] = {"latitude": 41.20312, "longitude": -73.40518}


def judged(values: dict[str, Any], gazetteer: SmallGazetteer | None = None, **options: Any) -> ValidatedRow:
    return validate(RawRow(7, {**GOOD, **values}), gazetteer or SmallGazetteer(), **options)


def finding_of(values: dict[str, Any], rule: str, gazetteer: SmallGazetteer | None = None) -> Finding:
    findings = judged(values, gazetteer).findings
    return next(finding for finding in findings if finding.rule == rule)


def rules_of(values: dict[str, Any], gazetteer: SmallGazetteer | None = None) -> list[str]:
    return [finding.rule for finding in judged(values, gazetteer).findings]


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


def test_a_good_row_is_a_record_without_findings() -> None:
    verdict = validate(RawRow(7, {**GOOD, **POINT}, columns=frozenset({"town"})), SmallGazetteer())
    assert (verdict.row, verdict.refused, verdict.findings, verdict.columns) == (7, False, [], frozenset({"town"}))
    assert verdict.record is not None
    assert (verdict.record.name, verdict.record.country, verdict.record.approximate) == (
        "Safe exchange zone", "US", False,
    )  # fmt: skip


def test_a_problem_that_a_file_had_with_the_row_is_a_finding_like_any_other() -> None:
    problem = Finding("geometry_reads", Severity.ERROR, 7, "latitude", "", "is no point", "Give one.")
    verdict = validate(RawRow(7, {**GOOD, **POINT}, problems=[problem]), SmallGazetteer())
    assert verdict.refused and verdict.findings == [problem]


@pytest.mark.parametrize("missing", ["department", "town", "state"])
def test_each_required_field_is_named_when_it_is_missing(missing: str) -> None:
    verdict = judged({**POINT, missing: " "})
    assert verdict.refused
    assert ("required_fields_are_given", missing) in [(finding.rule, finding.field) for finding in verdict.findings]


def test_a_field_that_does_not_read_has_one_finding_and_not_that_it_is_missing_too() -> None:
    assert [(finding.rule, finding.field) for finding in judged({**POINT, "state": "Narnia"}).findings] == [
        ("state_reads", "state"),
    ]


@pytest.mark.parametrize(
    ("begins", "ends", "in_order"),
    [
        ("2026-05-01", "2026-05-01", True),
        ("2026-05-02", "2026-05-01", False),
        ("2026-05-02", "2026-05", True),
        ("2026-05-02", "2026-04", False),
        ("2026", "2026-01-01", True),
        ("2026", "2025-12-31", False),
        ("", "2026-01-01", True),
        ("2026-01-01", "", True),
    ],
)
def test_a_closure_ends_no_earlier_than_it_begins(begins: str, ends: str, in_order: bool) -> None:
    rules = rules_of({**POINT, "status_from": begins, "status_until": ends})
    assert rules == ([] if in_order else ["status_dates_are_in_order"])


def test_a_photo_needs_words_and_words_need_no_photo() -> None:
    assert rules_of({**POINT, "photo": "0a" * 32}) == ["a_photo_has_words"]
    assert rules_of({**POINT, "photo": "0a" * 32, "photo_alt": "Two bays."}) == []
    assert rules_of({**POINT, "photo_alt": "Two bays."}) == []


def test_the_missing_half_of_a_point_is_named() -> None:
    assert finding_of({"latitude": 41.2}, "coordinates_come_in_pairs").field == "longitude"
    assert finding_of({"longitude": -73.4}, "coordinates_come_in_pairs").field == "latitude"
    assert "coordinates_come_in_pairs" not in rules_of({})


def test_only_both_zero_is_the_mark_of_a_failed_look_up() -> None:
    assert rules_of({"latitude": 0, "longitude": 0}) == ["coordinates_are_not_zero"]
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


@pytest.mark.parametrize("cell", ["#REF!", "#N/A", "#VALUE!", "see website", "Not provided"])
def test_a_cell_whose_formula_failed_or_that_points_elsewhere_states_nothing(cell: str) -> None:
    row = judged({**POINT, "street_address": cell, "spot_note": cell})
    assert row.record is not None
    assert (row.record.street_address, row.record.spot_note) == ("", "")


@pytest.mark.parametrize("cell", ["#REF!", "#DIV/0!", "#N/A"])
def test_a_failed_formula_is_no_word_about_hours(cell: str) -> None:
    row = judged({**POINT, "opening_hours": cell, "setting": cell, "cameras": cell})
    assert row.record is not None
    said = row.record.opening_hours, row.record.hours_note, row.record.setting, row.record.spot_note, row.record.cameras
    assert said == ("", "", "unknown", "", "unknown")


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
    ("value", "text"),
    [
        (None, ""),
        (True, "true"),
        (False, "false"),
        (7, "7"),
        ("  rear lot ", "rear lot"),
        ("‘rear’ “lot”", "'rear' \"lot\""),
        ("rear\u00a0lot\ufeff", "rear lot"),
        ("rear\u200b\x07lot", "rearlot"),
        ("rear\nlot\n", "rear\nlot"),
        ("rear\tlot", "rearlot"),
        ("été", "été"),
    ],
)
def test_a_cell_is_made_plain_text(value: Any, text: str) -> None:
    assert tidy(value) == text


def test_a_cell_may_have_ten_thousand_characters_and_a_list_as_many_together() -> None:
    assert "cell_is_short" not in rules_of({**POINT, "rules": "x" * MOST_IN_A_CELL})
    assert rules_of({**POINT, "rules": "x" * (MOST_IN_A_CELL + 1)}) == ["cell_is_short"]
    assert rules_of({**POINT, "rules": ["x" * 5_000, ["y" * 5_001]]}) == ["cell_is_short"]
    assert rules_of({**POINT, "rules": {"x": "y" * MOST_IN_A_CELL}}) == ["cell_is_short"]
    finding = finding_of({**POINT, "rules": "x" * 12_345}, "cell_is_short")
    assert (finding.severity, finding.field) == (Severity.ERROR, "rules")
    assert finding.reason == "has 12,345 characters; a cell may have 10,000"


def test_a_list_is_read_line_by_line() -> None:
    record = judged({**POINT, "rules": ["no weapons", " ten minutes "]}).record
    assert record is not None and record.rules == ["no weapons", "ten minutes"]


def test_hours_with_two_readings_wait_for_an_answer_only_where_somebody_can_give_one() -> None:
    in_a_file = judged({**POINT, "opening_hours": "8-5"})
    assert in_a_file.record is not None
    assert (in_a_file.record.opening_hours, in_a_file.record.hours_note) == ("", "8-5")
    on_a_form = judged({**POINT, "opening_hours": "8-5"}, can_ask=True)
    assert on_a_form.refused
    for verdict, severity in ((in_a_file, Severity.WARNING), (on_a_form, Severity.ERROR)):
        (finding,) = verdict.findings
        assert (finding.rule, finding.severity) == ("opening_hours_is_clear", severity)
        assert finding.choices == ("Mo-Fr 08:00-17:00", "Mo-Su 08:00-17:00")


def test_words_without_a_time_are_kept_but_words_with_a_number_are_refused() -> None:
    words = judged({**POINT, "opening_hours": "call first"})
    assert [(finding.rule, finding.severity) for finding in words.findings] == [("hours_are_times", "warning")]
    assert words.record is not None and words.record.hours_note == "call first"
    assert rules_of({**POINT, "opening_hours": "x 25:00"}) == ["opening_hours_reads"]
    assert rules_of({**POINT, "advised_hours": "call first"}) == ["advised_hours_reads"]


def test_the_original_words_of_hours_are_kept_unless_the_row_has_a_note_of_its_own() -> None:
    for note, expected in (("", "M-F 8-5"), (" ", "M-F 8-5"), ("ring the bell", "ring the bell")):
        record = judged({**POINT, "opening_hours": "M-F 8-5", "hours_note": note}).record
        assert record is not None and record.hours_note == expected
    record = judged({**POINT, "opening_hours": "Mo-Fr 08:00-17:00"}).record
    assert record is not None and record.hours_note == "", "nothing was converted"
    record = judged({**POINT, "opening_hours": "N/A"}).record
    assert record is not None and record.hours_note == "", "a placeholder is no note"


def test_long_words_are_kept_to_the_length_of_a_note() -> None:
    words = "call first " * 40
    record = judged({**POINT, "opening_hours": words}).record
    assert record is not None and record.hours_note == words[:300]
    assert judged({**POINT, "opening_hours": words}, strict=True).refused, "who can be asked shortens them"


def test_a_conversion_is_reported_as_a_note() -> None:
    finding = finding_of({**POINT, "state": "Connecticut"}, "state_converted")
    assert (finding.severity, finding.reason, finding.value) == (Severity.NOTE, "read as “CT”", "Connecticut")


def test_findings_repeat_at_most_200_characters_of_a_value() -> None:
    assert finding_of({**POINT, "phone": "x" * 400}, "phone_reads").value == "x" * 200


def test_a_country_that_is_not_that_of_the_state_is_an_error() -> None:
    finding = finding_of({**POINT, "country": "CA"}, "country_fits_state")
    assert (finding.field, finding.value, finding.fix) == ("country", "CA", "Use US, or correct the state.")
    assert rules_of({**POINT, "country": "US"}) == []


@pytest.mark.parametrize(
    ("field", "text"),
    [
        ("cameras", "some"),
        ("phone", "call 911"),
        ("source_url", "see facebook"),
        ("spaces", "a few"),
        ("postal_code", "1"),
    ],
)
def test_an_odd_optional_value_is_left_out_with_a_warning_and_the_zone_goes_in(field: str, text: str) -> None:
    verdict = judged({**POINT, field: text})
    assert verdict.record is not None and verdict.unread == {field}
    (finding,) = verdict.findings
    assert (finding.severity, finding.field, finding.value) == (Severity.WARNING, field, text)
    assert "left out" in finding.fix
    assert judged({**POINT, field: text}, strict=True).refused


@pytest.mark.parametrize(
    ("field", "text"),
    [
        ("latitude", "north"),
        ("state", "Narnia"),
        ("zone_id", "A B"),
    ],
)
def test_what_a_zone_is_and_where_must_read(field: str, text: str) -> None:
    assert judged({**POINT, field: text}).refused


@pytest.mark.parametrize(
    ("text", "note"), [("under review", "under review"), ("TBD", ""), ("unknown", ""), ("?", ""), ("7", "")]
)
def test_a_zone_of_which_nobody_can_say_whether_it_is_in_use_goes_in_as_unsure(text: str, note: str) -> None:
    verdict = judged({**POINT, "status": text})
    assert verdict.record is not None and "moved or unsure" in verdict.findings[0].fix
    assert (verdict.record.status, verdict.record.status_note) == ("moved", note)
    assert verdict.columns is not None and "status" not in verdict.columns, "a zone that stands keeps its status"
    assert judged({**POINT, "status": text}, strict=True).refused


def test_dates_and_closures_that_do_not_read_are_set_aside_and_their_words_kept() -> None:
    record = judged({**POINT, "closures": "every other full moon", "status_until": "summer"}).record
    assert record is not None and (record.closures, record.status_until) == ([], "")
    assert record.status_note == "every other full moon"


@pytest.mark.parametrize(
    ("latitude", "longitude", "level", "approximate"),
    [
        ("41.20312", "-73.40518", "surveyed", False),
        ("41.2031", "-73.4052", "surveyed", False),
        ("41.203", "-73.405", "surveyed", True),
        ("41.21", "-73.41", "town", True),
        ("41°12'N", "73°24'W", "town", True),
        ("41.2", "-73.4", "town", True),
        ("41.2212", "-73.3812", "postal_code", True),
    ],
)
def test_a_point_with_few_decimals_or_in_the_middle_of_an_area_is_not_called_exact(
    latitude: str, longitude: str, level: str, approximate: bool
) -> None:
    values = {"latitude": latitude, "longitude": longitude, "postal_code": "06883"}
    record = judged(values).record
    assert record is not None and (record.location_source, record.approximate) == (level, approximate)
    assert ("point_is_precise" in rules_of(values)) is approximate
    stated = judged({**values, "approximate": "false"}).record
    assert stated is not None and not stated.approximate, "who says what the point is knows it"


@pytest.mark.parametrize(("field", "text"), [("location_source", "drone"), ("approximate", "perhaps")])
def test_a_point_of_which_nobody_can_say_how_it_is_known_is_approximate(field: str, text: str) -> None:
    record = judged({**POINT, field: text}).record
    assert record is not None and record.approximate


@pytest.mark.parametrize(
    ("town", "read"),
    [
        ("Weston, CT 06883", ("Weston", "CT", "06883")),
        ("Weston, Connecticut", ("Weston", "CT", "")),
        ("WESTON", ("Weston", "CT", "")),
        ("Weston*", ("Weston", "CT", "")),
        ("Weston, NY", ("Weston, NY", "CT", "")),
    ],
)
def test_a_towns_cell_that_says_more_is_taken_apart(town: str, read: tuple[str, str, str]) -> None:
    record = judged({**POINT, "town": town}).record
    assert record is not None and (record.town, record.state, record.postal_code) == read


def test_an_address_cell_that_says_more_or_something_else_is_taken_apart() -> None:
    whole = judged({**POINT, "street_address": "56 Norfield Road Weston CT 06883"}).record
    assert whole is not None and (whole.street_address, whole.postal_code) == ("56 Norfield Road", "06883")
    spot = judged({**POINT, "street_address": "Front parking lot"}).record
    assert spot is not None and spot.street_address == ""
    assert (spot.setting, spot.spot_note) == ("parking_lot", "Front parking lot")


def test_a_township_that_nobody_knows_is_placed_by_its_name_alone() -> None:
    record = judged({"town": "Weston Township"}).record
    assert record is not None and (record.town, record.location_source) == ("Weston Township", "town")


@pytest.mark.parametrize(("text", "unread"), [("N/A", True), ("TBD", True), ("-", True), ("unknown", False)])
def test_only_a_word_for_it_says_that_nobody_knows(text: str, unread: bool) -> None:
    verdict = judged({**POINT, "lighting": text})
    assert verdict.record is not None and verdict.record.lighting == "unknown"
    assert (verdict.unread, verdict.stated & {"lighting"}) == (
        ({"lighting"}, set()) if unread else (set(), {"lighting"})
    )


def test_what_a_cell_says_of_other_fields_is_stated_too() -> None:
    row = RawRow(
        7, {**GOOD, "coordinates": "41.2, -73.4", "cameras": "24h"}, columns=frozenset({"coordinates", "cameras"})
    )
    verdict = validate(row, SmallGazetteer())
    assert verdict.stated >= {"latitude", "longitude", "cameras", "cameras_around_the_clock"}
    assert verdict.columns is not None and verdict.columns >= {"latitude", "longitude", "cameras_around_the_clock"}


def test_words_about_the_spot_are_kept_where_they_say_no_kind() -> None:
    record = judged({**POINT, "setting": "beside the lobby"}).record
    assert record is not None and (record.setting, record.spot_note) == ("unknown", "beside the lobby")
    record = judged({**POINT, "setting": "beside the lobby", "spot_note": "two bays"}).record
    assert record is not None and record.spot_note == "two bays"


@pytest.mark.parametrize("text", ["N/A", "TBD", "-", "?", "none", "to be determined"])
@pytest.mark.parametrize("field", ["spot_note", "phone", "source_url", "rules", "street_address", "spaces"])
def test_a_placeholder_is_no_fact(field: str, text: str) -> None:
    verdict, without = judged({**POINT, field: text}), judged(POINT)
    assert verdict.record == without.record and verdict.record is not None and verdict.unread == {field}
    assert [finding.severity for finding in verdict.findings] == [Severity.NOTE]


@pytest.mark.parametrize("missing", ["department", "town", "state"])
def test_a_placeholder_is_no_department_and_no_place(missing: str) -> None:
    assert "required_fields_are_given" in rules_of({**POINT, missing: "TBD"})


def test_a_word_that_points_to_a_row_above_is_no_fact_where_there_is_none() -> None:
    record = judged({**POINT, "spot_note": "same as above"}).record
    assert record is not None and record.spot_note == ""
    record = judged({**POINT, "opening_hours": "same as above", "setting": "ditto"}).record
    assert record is not None and (record.hours_note, record.spot_note) == ("", "")
    assert judged({**POINT, "department": "ditto"}).refused


def test_cameras_around_the_clock_are_two_facts_unless_the_row_says_otherwise() -> None:
    record = judged({**POINT, "cameras": "24h"}).record
    assert record is not None and (record.cameras, record.cameras_around_the_clock) == ("yes", "yes")
    record = judged({**POINT, "cameras": "24h", "cameras_around_the_clock": "no"}).record
    assert record is not None and record.cameras_around_the_clock == "no"


@pytest.mark.parametrize(
    ("evidence", "reason"),
    [
        ("opening_hours: 2", "names a source that is not in the list of 1"),
        ("lighting: 0", "names a source that is not in the list of 1"),
        ("weather: 1", "is about no fact that we know"),
    ],
)
def test_evidence_of_no_fact_or_no_source_is_named_and_the_main_source_counts(evidence: str, reason: str) -> None:
    sources = "https://a.example | | news"
    verdict = judged({"sources": sources, "evidence": f"spaces: 1; {evidence}", "spaces": "2", "lighting": "yes"})
    (finding,) = (one for one in verdict.findings if one.field == "evidence")
    assert (finding.severity, finding.value, str(finding.reason)) == (Severity.WARNING, evidence, reason)
    assert verdict.record is not None and verdict.record.evidence == {"spaces": 1}


class BatchGazetteer(SmallGazetteer):
    """Tells the nearest states of many points at once."""

    def nearest_states(self, points: Sequence[Coordinates]) -> list[str]:
        return ["CT" if 40 < point.latitude < 42 and -74 < point.longitude < -72 else "" for point in points]


def test_rows_of_a_batch_are_judged_as_each_by_itself() -> None:
    row_values: list[dict[str, Any]] = [
        {**POINT, "opening_hours": "M-F 8-5", "phone": "203 222 2600", "cameras": "24h", "hours_note": "ring"},
        {**POINT, "opening_hours": "M-F 8-5", "phone": "203 222 2600", "cameras": "24h"},
        {"latitude": 42.2, "longitude": -73.0},
        {"latitude": 45.0, "longitude": -73.0},
        {"latitude": 95, "longitude": -73.0},
        {"latitude": 41.2},
        {"postal_code": "06883", "rules": "one; two", "setting": "same as above"},
        {**POINT, "setting": "garage", "opening_hours": "business hours"},
        {"town": ""},
    ]
    rows = [RawRow(number, {**GOOD, **values}) for number, values in enumerate(row_values, start=1)]
    each = [validate(row, SmallGazetteer()) for row in rows]
    assert validate_batch(rows, BatchGazetteer()) == each
    assert [one.refused for one in each] == [False, False, False, True, True, True, False, False, True]
    assert validate_batch(rows, BatchGazetteer()) == each  # what was remembered of the texts is as it was

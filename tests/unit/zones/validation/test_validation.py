"""Judging whole rows: every field parsed, then the rules that need several of them."""

from collections.abc import Sequence
from typing import Any

import pytest

from directory.geo import Coordinates
from directory.zones.findings import Finding, Severity
from directory.zones.validation.row_validation import (
    RawRow,
    validate,
    validate_batch,
)
from tests.support.validation import GOOD, POINT, SmallGazetteer, finding_of, judged, rules_of


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
    assert [one.refused for one in each] == [False, False, False, True, True, False, False, False, True]
    assert validate_batch(rows, BatchGazetteer()) == each  # what was remembered of the texts is as it was


SEVERAL = "25 Hecker Ave; 2 Renshaw Rd"


def test_of_several_addresses_in_one_cell_none_is_taken_and_each_is_a_choice() -> None:
    in_a_file = judged({**POINT, "street_address": SEVERAL})
    assert in_a_file.record is not None
    assert (in_a_file.record.street_address, in_a_file.record.spot_note) == ("", SEVERAL)
    assert judged({**POINT, "street_address": SEVERAL}, can_ask=True).refused
    (finding,) = in_a_file.findings
    assert (finding.field, finding.severity) == ("street_address", "warning")
    assert finding.choices == ("25 Hecker Ave", "2 Renshaw Rd")


@pytest.mark.parametrize("street", ["3 US 1 and 95 Turnpike Rd", "100 Route 1 & 9 North Ave", "100 Main St / Rear"])
def test_a_road_of_two_numbers_is_one_address(street: str) -> None:
    verdict = judged({**POINT, "street_address": street})
    assert verdict.record is not None and verdict.record.street_address == street


@pytest.mark.parametrize(
    "text",
    [
        "=B2",
        '=UPPER("25 Hecker Ave")',
        "=Sheet2!A1",
        "=$B$2",
        "=+B2",
        "=(B2)",
        "=[1]Sheet1!A1",
        "=_xlfn.CONCAT(A2)",
        "@SUM(A1)",
    ],
)
def test_a_formula_that_nobody_computed_is_named_and_never_a_fact(text: str) -> None:
    verdict = judged({**POINT, "street_address": text, "opening_hours": text})
    assert verdict.record is not None
    assert (verdict.record.street_address, verdict.record.opening_hours, verdict.record.hours_note) == ("", "", "")
    assert {finding.reason for finding in verdict.findings} == {"is a formula without its result"}


@pytest.mark.parametrize(
    ("field", "text", "note"),
    [
        ("setting", "Municipal", "spot_note"),
        ("setting", "County", "spot_note"),
    ],
)
def test_what_is_no_word_about_the_spot_is_no_note_either(field: str, text: str, note: str) -> None:
    verdict = judged({**POINT, field: text})
    assert verdict.record is not None and getattr(verdict.record, note) == ""
    assert [finding.value for finding in verdict.findings] == [text]

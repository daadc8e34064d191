"""What a cell holds before any rule: plain text within bounds, placeholders, formulas that failed."""

from typing import Any

import pytest

from directory.zones.findings import Severity
from directory.zones.validation.row_validation import (
    MOST_IN_A_CELL,
    RawRow,
    tidy,
)
from tests.support.validation import POINT, finding_of, judged, rules_of


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


def test_findings_repeat_at_most_200_characters_of_a_value() -> None:
    assert finding_of({**POINT, "phone": "x" * 400}, "phone_reads").value == "x" * 200


@pytest.mark.parametrize(("text", "unread"), [("N/A", True), ("TBD", True), ("-", True), ("unknown", False)])
def test_only_a_word_for_it_says_that_nobody_knows(text: str, unread: bool) -> None:
    verdict = judged({**POINT, "lighting": text})
    assert verdict.record is not None and verdict.record.lighting == "unknown"
    assert (verdict.unread, verdict.stated & {"lighting"}) == (
        ({"lighting"}, set()) if unread else (set(), {"lighting"})
    )


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


@pytest.mark.parametrize(
    ("values", "left"),
    [
        ({"zone_id": "ct-a", "source_url": "https://zones.example/zones/ct-a/"}, {"zone_id": "ct-a"}),
        ({"zone_id": "ct-a", "source_url": "https://zones.example/zones/ct-b"}, None),
        ({"source_url": "https://zones.example/zones/"}, None),
        ({"zone_id": "ct-a"}, None),
    ],
)
def test_a_zones_own_page_in_a_directory_is_no_source(values: dict[str, Any], left: dict[str, Any] | None) -> None:
    row = RawRow(1, dict(values))
    row.leave_out_own_page()
    assert row.values == (values if left is None else left)


@pytest.mark.parametrize(("length", "short"), [(10_000, True), (10_001, False)])
@pytest.mark.parametrize("sign", ["x", "é"])
def test_a_cell_may_have_ten_thousand_characters(sign: str, length: int, short: bool) -> None:
    assert ("cell_is_short" not in rules_of({**POINT, "spot_note": sign * length})) is short

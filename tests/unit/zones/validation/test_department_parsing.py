"""What a file says of departments and towns is read field by field, and a fault is named where it stands."""

from typing import Any

import pytest

from directory.zones.validation.department_validation import judge_department, judge_program, judge_town

DEPARTMENT: dict[str, Any] = {"name": "Weston Police", "state": "CT", "country": "US"}
TOWN: dict[str, Any] = {"name": "Weston", "state": "CT", "country": "US"}


def test_a_department_is_read_with_its_channels_and_its_history() -> None:
    event = {"from": "2017", "until": "2018-05", "text": "closed", "source_url": "https://example.org"}
    given = {**DEPARTMENT, "channels": [{"label": "Tips", "value": "203-555-0100"}], "history": [event]}
    department, findings = judge_department(1, given)
    assert findings == []
    assert department is not None
    assert (department.name, department.note) == ("Weston Police", "")
    assert department.channels == [{"label": "Tips", "value": "203-555-0100"}]
    assert department.history == [event]


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"name": ""}, "departments[3].name"),
        ({"state": None}, "departments[3].state"),
        ({"country": " "}, "departments[3].country"),
        ({"phone": "12"}, "departments[3].phone"),
        ({"channels": "by radio"}, "departments[3].channels"),
        ({"channels": ["by radio"]}, "departments[3].channels"),
        ({"channels": [{"label": "x" * 81, "value": "1"}]}, "departments[3].channels.label"),
        ({"channels": [{"label": "1", "value": "x" * 201}]}, "departments[3].channels.value"),
        ({"history": [{"from": "soon"}]}, "departments[3].history.from"),
        ({"history": [{"text": "x" * 501}]}, "departments[3].history.text"),
        ({"history": [{"source_url": "none"}]}, "departments[3].history.source_url"),
    ],
)
def test_a_fault_refuses_the_department_and_is_named_where_it_stands(values: dict[str, Any], field: str) -> None:
    department, findings = judge_department(3, {**DEPARTMENT, **values})
    assert department is None
    assert [(finding.severity, finding.row, finding.field) for finding in findings] == [("error", 0, field)]


def test_a_program_is_read_or_refused_with_the_fault() -> None:
    given = {**DEPARTMENT, "program_id": "p", "name": "Safe zones", "department": "Weston Police", "url": ""}
    program, findings = judge_program(1, given)
    assert program is not None and (program.department_slug, findings) == ("ct/weston-police", [])
    program, findings = judge_program(2, {**given, "name": ""})
    assert program is None and [finding.field for finding in findings] == ["programs[2].name"]


def test_longest_labels_values_and_histories_are_taken() -> None:
    channels = [{"label": "x" * 80, "value": "y" * 200}]
    department, findings = judge_department(1, {**DEPARTMENT, "channels": channels, "history": [{"text": "z" * 500}]})
    assert department is not None and findings == []
    assert department.channels == channels
    assert department.history == [{"from": "", "until": "", "text": "z" * 500, "source_url": ""}]


def test_what_is_no_object_is_refused_once() -> None:
    for judge, place in ((judge_department, "departments[2]"), (judge_town, "towns[2]")):
        record, findings = judge(2, "Weston")
        assert record is None
        assert [finding.field for finding in findings] == [place]


def test_a_town_is_read_with_its_other_names_cut_to_80_characters() -> None:
    town, findings = judge_town(1, {**TOWN, "other_names": ["Georgetown", "x" * 90]})
    assert findings == []
    assert town is not None and town.other_names == ["Georgetown", "x" * 80]
    assert judge_town(4, {**TOWN, "name": ""})[1][0].field == "towns[4].name"
    assert judge_town(4, {**TOWN, "other_names": "Georgetown"})[1][0].field == "towns[4].other_names"


def test_a_finding_repeats_200_characters_of_the_value() -> None:
    _, findings = judge_department(1, {**DEPARTMENT, "phone": "1" * 300})
    assert findings[0].value == "1" * 200

"""Dates of numbers alone: other dates of the file tell their order, else the country, else the author is asked."""

from collections.abc import Mapping

import pytest

from directory.zones.findings import Severity
from directory.zones.validation.row_validation import RawRow, ValidatedRow, validate, with_day_order
from tests.support.validation import GOOD, SmallGazetteer

CANADIAN = {"department": "Guelph Police Service", "town": "Guelph", "state": "Ontario", "postal_code": "K1A 0B1"}
IN_QUESTION = {"status_from": "1/5/2024", "closures": "12/4/2026: paving"}


def judged(*rows: Mapping[str, str], can_ask: bool = False) -> list[ValidatedRow]:
    raw = [RawRow(number, {**GOOD, **row}) for number, row in enumerate(rows, start=2)]
    return [validate(row, SmallGazetteer(), can_ask=can_ask) for row in with_day_order(iter(raw), lambda: raw)]


def dates(row: ValidatedRow) -> tuple[str, str]:
    assert row.record is not None
    first = row.record.closures[0]["from"] if row.record.closures else ""
    return row.record.status_from, first


def said(row: ValidatedRow) -> list[tuple[Severity, str]]:
    return [(one.severity, str(one.reason)) for one in row.findings if one.field in IN_QUESTION]


@pytest.mark.parametrize("telling", ["25/12/2023", "25.12.2023", "25-12-2023"])
def test_a_later_date_that_can_only_say_the_day_first_decides_for_all_of_its_file(telling: str) -> None:
    first, second = judged(IN_QUESTION, {"announced_on": telling})
    assert dates(first) == ("2024-05-01", "2026-04-12")
    assert said(first)[0] == (Severity.NOTE, "read as “2024-05-01”: the day first, as in the file’s other dates")
    assert second.record is not None and second.record.announced_on == "2023-12-25"


def test_where_nothing_tells_americans_say_the_month_first_and_the_note_says_so() -> None:
    (row,) = judged(IN_QUESTION)
    assert dates(row) == ("2024-01-05", "2026-12-04")
    assert said(row) == [
        (Severity.NOTE, "read as “2024-01-05”: the month first, as in the United States"),
        (Severity.NOTE, "read as “2026-12-04: paving”: the month first, as in the United States"),
    ]


@pytest.mark.parametrize(
    "rows", [[CANADIAN | IN_QUESTION], [IN_QUESTION, {"announced_on": "25/12/2023"}, {"announced_on": "12/25/2023"}]]
)
def test_canadians_and_files_that_write_both_are_asked(rows: list[dict[str, str]]) -> None:
    row = judged(*rows)[0]
    assert row.record is not None and (row.record.status_from, row.record.closures) == ("", [])
    assert row.unread >= {"status_from", "closures"}, "a zone that stands keeps its own"
    assert said(row)[0] == (Severity.WARNING, "may say the day or the month first")
    asked = judged(*rows, can_ask=True)[0]
    assert asked.refused and asked.findings[0].choices == ("2024-05-01", "2024-01-05")


@pytest.mark.parametrize("written", ["1/5/2024 0:00", "1/5/2024 12:00:00 AM", "Fri 1/5/2024"])
def test_each_choice_of_a_date_with_a_time_is_one_that_is_read(written: str) -> None:
    (asked,) = judged(CANADIAN | {"announced_on": written}, can_ask=True)
    (question,) = [one for one in asked.findings if one.field == "announced_on"]
    read = [judged(CANADIAN | {"announced_on": choice})[0].record for choice in question.choices]
    assert [record and record.announced_on for record in read] == ["2024-05-01", "2024-01-05"]
    (american,) = judged({"announced_on": written})
    assert american.record is not None and american.record.announced_on == "2024-01-05"


def test_a_canadian_file_may_tell_that_it_says_the_month_first() -> None:
    row = judged(CANADIAN | IN_QUESTION, CANADIAN | {"announced_on": "12/25/2023"})[0]
    assert dates(row) == ("2024-01-05", "2026-12-04")


@pytest.mark.parametrize("date", ["2024-01-05", "5/5/2024", "January 5, 2024", "1/2024", "2024", "13/5/24"])
def test_a_date_with_one_reading_is_no_question(date: str) -> None:
    row = judged(CANADIAN | {"status_from": date})[0]
    assert not any(finding.choices for finding in row.findings)


@pytest.mark.parametrize("closures", ["2026-03-04 to 5/4/2026: paving", "2026-05-01/2026-05-02: fair; 3/4/2026"])
def test_a_date_of_two_readings_behind_a_clear_one_is_asked_about(closures: str) -> None:
    (row,) = judged(CANADIAN | {"closures": closures})
    assert row.record is not None and row.record.closures == []
    assert (Severity.WARNING, "may say the day or the month first") in said(row)


def test_dates_with_years_of_two_digits_tell_what_they_can() -> None:
    assert dates(judged(CANADIAN | IN_QUESTION, CANADIAN | {"announced_on": "05/13/24"})[0])[0] == "2024-01-05"
    doubtful = judged(IN_QUESTION, {"announced_on": "13/05/24"})[0]
    assert dates(doubtful) == ("", ""), "the day or the year stands first there: no American order"


def test_sources_name_no_date_that_has_two_readings() -> None:
    for date, read in (("1/5/2024", []), ("2024-01-05", ["2024-01-05"]), ("1/25/2024", ["2024-01-25"])):
        (row,) = judged({"sources": f"https://example.org/a | The paper | news | {date}"})
        assert row.record is not None and [one["date"] for one in row.record.sources] == read

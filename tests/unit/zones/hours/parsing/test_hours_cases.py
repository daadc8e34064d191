"""tests/cases/hours.csv: what people write as hours, imported, and judged hour by hour against the right hours.

`right` is OSM hours, ASK (no hours without a warning), UNKNOWN (no hours, the zone is kept) or SPLIT (two zones).
"""

import json
from pathlib import Path

import pytest

from directory.geocoding.gazetteer import Gazetteer
from directory.zones.findings import Severity
from directory.zones.hours import AmbiguousHoursError, BadHoursError, parse_hours
from directory.zones.validation.row_validation import RawRow, ValidatedRow, validate
from quality.cases import read_cases, states

CASES = [(row["words"], row["right"]) for row in read_cases("hours.csv")]


def imported(text: str, places: Gazetteer, **asking: bool) -> ValidatedRow:
    values = {"department": "Darien Police Department", "town": "Darien", "state": "CT", "opening_hours": text}
    return validate(RawRow(2, values), places, **asking)


def warned(outcome: ValidatedRow) -> bool:
    return any(f.field == "opening_hours" and f.severity is not Severity.NOTE for f in outcome.findings)


@pytest.mark.parametrize(("message", "right"), CASES, ids=[words for words, _ in CASES])
def test_an_import_understands_hours_as_people_mean_them(message: str, right: str, gazetteer: Gazetteer) -> None:
    outcome = imported(message, gazetteer)
    assert outcome.record is not None, outcome.findings
    have = outcome.record.opening_hours
    if right in ("ASK", "SPLIT"):
        assert have == "" and warned(outcome)
        assert outcome.record.hours_note == message, "the words are kept"
    elif right == "UNKNOWN":
        assert (have, outcome.record.hours_note) == ("", "") and not warned(outcome)
    else:
        assert states(have) == states(right), have
        assert ("PH" in right) == ("PH" in have)
        assert parse_hours(have).osm == have, "what was read reads the same again"


@pytest.mark.parametrize("text", [words for words, right in CASES if right in ("ASK", "SPLIT")])
def test_whoever_can_be_asked_is_asked_and_each_answer_is_taken(text: str, gazetteer: Gazetteer) -> None:
    outcome = imported(text, gazetteer, can_ask=True)
    assert outcome.refused
    question = next(f for f in outcome.findings if f.field == "opening_hours")
    assert question.severity is Severity.ERROR
    for reading in question.choices:
        answered = imported(reading, gazetteer, can_ask=True)
        assert answered.record is not None and answered.record.opening_hours == reading


@pytest.mark.parametrize(
    ("text", "readings"),
    [
        ("8:00-5:00", {"Mo-Fr 08:00-17:00", "Mo-Su 08:00-17:00"}),
        ("2026-08-05 00:00:00", {"Mo-Fr 08:00-17:00", "Mo-Su 08:00-17:00"}),
        ("Lobby: M-F 8-4; Lot: 24/7", {"Mo-Fr 08:00-16:00", "24/7"}),
        ("Mo-Fr 08:00-05:00", {"Mo-Fr 08:00-17:00", "Mo-Fr 08:00-29:00"}),
        ("Mon-Fri 6-9", {"Mo-Fr 06:00-09:00", "Mo-Fr 18:00-21:00"}),
        ("M-F 8-10pm", {"Mo-Fr 08:00-22:00", "Mo-Fr 20:00-22:00"}),
        ("8 to midnight daily", {"Mo-Su 08:00-24:00", "Mo-Su 20:00-24:00"}),
        ("Mon-Fri 12-5 am", {"Mo-Fr 00:00-05:00", "Mo-Fr 12:00-29:00"}),
        ("Mon-Fri 8am-10", {"Mo-Fr 08:00-10:00", "Mo-Fr 08:00-22:00"}),
        (
            "Mon-Fri 8-5, W 5-9:30pm, closed holidays",
            {
                "Mo-Fr 08:00-17:00; We 08:00-21:30; PH off",
                "Mo-Fr 08:00-17:00; We 17:00-21:30; PH off",
            },
        ),
        ("24 hours; Sat 9-5", {"Mo-Fr 00:00-24:00; Sa 09:00-17:00", "Mo-Fr,Su 00:00-24:00; Sa 09:00-17:00"}),
        (
            "24 hours; Mon 8-12; Mon 1-5",
            {
                "Tu-Fr 00:00-24:00; Mo 08:00-12:00,13:00-17:00",
                "Tu-Su 00:00-24:00; Mo 08:00-12:00,13:00-17:00",
            },
        ),
        ("Mo-Fr 08:00-17:00; Dec 25, Jan 01 off", {"Mo-Fr 08:00-17:00; Dec 25,Jan 01 off"}),
        ("Jan, Mar Mo-Fr 08:00-17:00", {"Jan,Mar Mo-Fr 08:00-17:00"}),
    ],
)
def test_the_readings_are_offered(text: str, readings: set[str]) -> None:
    with pytest.raises(AmbiguousHoursError) as doubt:
        parse_hours(text)
    assert set(doubt.value.readings) == readings


@pytest.mark.parametrize("text", ["24/7; Mo-Su off", "Su off", "PH off", "off", "Apr-Oct off"])
def test_only_what_is_closed_is_no_hours(text: str) -> None:
    with pytest.raises(BadHoursError):
        parse_hours(text)


NOTE = "Ring the bell"


@pytest.mark.parametrize("text", ["9-5", "business hours", "M-F 8-5", "Mon-Fri 8-10pm"])
@pytest.mark.parametrize("note_first", [True, False])
def test_the_zones_own_note_stays_whatever_becomes_of_the_hours(
    text: str, note_first: bool, gazetteer: Gazetteer
) -> None:
    cells = [("hours_note", NOTE), ("opening_hours", text)]
    place = {"department": "Darien Police Department", "town": "Darien", "state": "CT"}
    outcome = validate(RawRow(2, place | dict(cells if note_first else cells[::-1])), gazetteer)
    assert outcome.record is not None and outcome.record.hours_note == NOTE


def test_a_spreadsheets_date_is_called_that() -> None:
    with pytest.raises(AmbiguousHoursError, match="spreadsheet made of “8-5”"):
        parse_hours("2026-08-05 00:00:00")


def test_two_spots_are_said_to_be_two_zones() -> None:
    with pytest.raises(AmbiguousHoursError, match="each spot is a zone of its own"):
        parse_hours("Lobby: M-F 8-4; Lot: 24/7")


def test_the_report_of_an_import_gives_the_readings(tmp_path: Path, gazetteer: Gazetteer) -> None:
    finding = next(f for f in imported("8:00-5:00", gazetteer).findings if f.field == "opening_hours")
    finding_json = json.loads(json.dumps(finding.to_json()))
    assert finding_json["choices"] == ["Mo-Fr 08:00-17:00", "Mo-Su 08:00-17:00"]
    assert "Mo-Fr 08:00-17:00" in finding_json["fix"] and "does not name the days" in finding_json["reason"]

"""A zone that a row calls closed is never taken as one to go to, wherever in the row that stands."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from directory import clock
from directory.formats.recognition import open_source
from directory.zones.validation.row_validation import RawRow
from tests.support.department_files import kml

COLUMNS = "Department,Town,State,Name,Where,Hours,Notes,Closed?\n"


def the_row(folder: Path, cells: str, header: str = COLUMNS) -> RawRow:
    file = folder / "zones.csv"
    file.write_text(header + cells + "\n", encoding="utf-8")
    with open_source(file) as source:
        (row,) = source.rows
    return row


@pytest.mark.parametrize(
    ("cells", "status", "others"),
    [
        ("Darien PD - CLOSED,Darien,CT,,,24/7,,", "CLOSED", {"department": "Darien PD"}),
        ("Darien PD,Darien,CT,(discontinued) Swap spot,,,,", "discontinued", {"name": "Swap spot"}),
        ("Wilkes-Barre PD,Wilkes-Barre,PA,,,Temporarily closed,,", "Temporarily closed", {"opening_hours": None}),
        ("Darien PD,Darien,CT,,,coming soon,,", "coming soon", {"opening_hours": None}),
        ("Darien PD,Darien,CT,,,24/7,No longer offered since 2023,", "No longer offered since 2023",
         {"opening_hours": "24/7"}),
        ("Darien PD,Darien,CT,,,24/7,proposed,", "proposed", {}),
        ("Darien PD,Darien,CT,,the program has been suspended,24/7,,", "the program has been suspended", {}),
        ("Darien PD,Darien,CT,,moved to 10 Main St,,,", "moved to 10 Main St", {}),
        ("Darien PD,Darien,CT,,,24/7,,Y", "Closed", {}),
        ("Darien PD,Darien,CT,,,24/7,,3/4/2021", "Closed?: 3/4/2021", {}),
        ("SPVM,Montréal,QC,,,24/7,le service n’est plus offert,", "le service n'est plus offert", {}),
        ("SPVM (fermé),Montréal,QC,,,24/7,,", "fermé", {"department": "SPVM"}),
        ("Darien PD (closed),Darien,CT,,,closed,,Y", "Closed", {"department": "Darien PD", "opening_hours": None}),
        ("Darien PD,Darien,CT,,,,This site is closed. Ask there,", "This site is closed. Ask there", {}),
        ("Darien PD,Darien,CT,,,24/7,Zone closed in 2022,", "Zone closed in 2022", {}),
        ("Darien PD,Darien,CT,,,24/7,Permanently removed,", "Permanently removed", {}),
        ("Darien PD,Darien,CT,,,24/7,,permanently", "permanently", {}),
        ("Darien PD,Darien,CT,,,24/7,,Since March", "Closed?: Since March", {}),
    ],
)  # fmt: skip
def test_words_that_end_a_zone_are_its_status(tmp_path: Path, cells: str, status: str, others: dict[str, Any]) -> None:
    values = the_row(tmp_path, cells).values
    assert values.get("status") == status
    assert {name: values.get(name) for name in others} == others


@pytest.mark.parametrize(
    "cells",
    [
        'Darien PD,Darien,CT,,lobby closed at night,"M-F 8-5, closed holidays",call 911 if closed,No',
        "Darien PD,Darien,CT,,closed-circuit cameras,24/7,cameras removed in winter,",
        "Darien PD,Darien,CT,Future Way lot,,24/7,,Sundays",
        "Closter PD,Closter,NJ,,near the retirement home,24/7,no weapons,N",
        "Darien PD,Darien,CT,,,24/7,sign planned,",
        "Darien PD,Darien,CT,,,24/7,Do not share personal information with the other party,",
        "Darien PD,Darien,CT,,Do not use the rear entrance,24/7,Do not list phone publicly,",
        "Darien PD,Darien,CT,,Lobby temporarily closed for renovation; meet in the lot,24/7,,",
        "Darien PD,Darien,CT,,,24/7,The drug take-back program was discontinued; exchange zone is open,",
        "Darien PD,Darien,CT,,,24/7,Old police building is closed permanently. This lot is active.,",
        "Darien PD,Darien,CT,,,24/7,not temporarily closed,",
        "Darien PD,Darien,CT,,,24/7,If the lot is temporarily closed use the lobby,",
        "Darien PD,Darien,CT,,,24/7,Relocated to the rear of the building in 2020; open,",
        "Darien PD,Darien,CT,,,24/7,A second location coming soon,",
        "Darien PD,Darien,CT,,,M-F 8-5,not open yet on Sundays,",
        "Darien PD,Darien,CT,,,24/7,,No (verified 2024)",
        "Darien PD,Darien,CT,,,24/7,,Yes - lobby only",
        'Darien PD,Darien,CT,,,24/7,,"Dec 25, Jan 1"',
        "Darien PD,Darien,CT,,,24/7,,Holidays 2024",
        "Future (PD),Darien,CT,Future - Safe Zone,,24/7,,",
        "Darien PD,Darien,CT,Removed,,24/7,,",
    ],
)
def test_the_same_words_about_something_else_are_none(tmp_path: Path, cells: str) -> None:
    assert "status" not in the_row(tmp_path, cells).values


def test_a_status_of_its_own_and_the_rows_of_our_own_files_are_left_as_they_are(tmp_path: Path) -> None:
    header = "zone_id,department,town,state,status,opening_hours,spot_note\n"
    ours = the_row(tmp_path, "ct-darien,Darien PD,Darien,CT,,24/7,no longer offered", header).values
    assert "status" not in ours
    theirs = the_row(tmp_path, "Darien PD,Darien,CT,active,no longer offered", header[8:].replace("opening_hours,", ""))
    assert theirs.values["status"] == "active"


@pytest.mark.parametrize(
    ("outer", "inner", "status"),
    [
        ("Closed zones", "Open", None), ("Closed zones", "Currently active", None), ("Planned", "Active zones", None),
        ("Closed zones", "Connecticut", "closed"), ("Active", "Closed zones", "closed"),
        ("Planned", "Closed", "closed"),
    ],
)  # fmt: skip
def test_of_folders_in_folders_the_innermost_that_tells_a_status_tells_it(
    tmp_path: Path, outer: str, inner: str, status: str | None
) -> None:
    file = tmp_path / "map.kml"
    placemark = "<Placemark><name>Darien PD</name></Placemark>"
    file.write_text(
        kml(f"<Folder><name>{outer}</name><Folder><name>{inner}</name>{placemark}</Folder>{placemark}</Folder>")
    )
    with open_source(file) as source:
        inside, beside = source.rows
    assert inside.values.get("status") == status
    assert ("status" in beside.values) is (outer != "Active")


@pytest.mark.parametrize(
    ("cell", "is_told"),
    [
        *((cell, False) for cell in ("Dec 25", "12", "25", "25 12", "Jul 4", "12/31/2199", "2199-01", "12/31/68",
                                     "Dec 31", "Since the flood", "12/2199", "31/12/2199", "2199", "March 3, 2199")),
        *((cell, True) for cell in ("2019", "in 2019", "3/2021", "2021-03-04", "12/31/20", "March 3, 2021",
                                    "since Sept. 2020", "31/12/2020", "2021-03-04 00:00:00")),
    ],
)  # fmt: skip
def test_a_date_of_closing_has_a_year_and_has_come(tmp_path: Path, cell: str, is_told: bool) -> None:
    row = the_row(tmp_path, f'Darien PD,Darien,CT,"{cell}"', "Department,Town,State,Closed\n")
    assert row.values.get("status") == (f"Closed: {cell}" if is_told else None)


@pytest.mark.parametrize(("month", "is_told"), [(4, False), (6, False), (12, True)])
def test_a_date_of_which_one_reading_lies_in_the_future_has_not_come_for_sure(
    tmp_path: Path, month: int, is_told: bool
) -> None:
    clock.run_ahead(datetime(2026, month, 6, tzinfo=UTC) - datetime.now(UTC))
    try:
        row = the_row(tmp_path, "Darien PD,Darien,CT,5/12/2026", "Department,Town,State,Closed\n")
    finally:
        clock.run_ahead(timedelta(0))
    assert ("status" in row.values) is is_told


@pytest.mark.parametrize(
    "answer",
    ["Lobby", "24/7", "Parking lot", "Mon-Fri", "Mon-Fri 8-4, closed Sundays", "3 Main St", "No cost", "No signage",
     "No. 3 Main St", "no-contact lot", "Non-emergency lobby", "Not staffed", "Some", "Yes", "Y", "", "TBD"],
)  # fmt: skip
def test_an_answer_that_names_the_place_or_says_nothing_of_it_ends_no_zone(tmp_path: Path, answer: str) -> None:
    header = "Department,Town,State,Safe exchange zone available\n"
    row = the_row(tmp_path, f'Darien PD,Darien,CT,"{answer}"', header)
    assert "status" not in row.values and not [one for one in row.problems if one.rule == "row_is_a_zone"]


@pytest.mark.parametrize(
    ("answer", "status"),
    [
        *((answer, "refused") for answer in ("No", "non", "none", "N", "No, ask at the desk", "No - not yet", "No.")),
        *((answer, answer) for answer in ("Planned", "Considering it", "Not yet", "Not at this time", "No longer",
                                          "In progress", "Suspended", "No longer offered since 2023")),
    ],
)  # fmt: skip
def test_an_answer_that_there_is_none_yet_or_any_more_is_no_place_to_go_to(
    tmp_path: Path, answer: str, status: str
) -> None:
    row = the_row(tmp_path, f'Darien PD,Darien,CT,"{answer}"', "Department,Town,State,Safe exchange zone available\n")
    refused = [one for one in row.problems if one.rule == "row_is_a_zone"]
    assert ("refused" if refused else row.values.get("status")) == status


@pytest.mark.parametrize(
    "note",
    ["Closed on 4 July 2026", "closed on December 25 2026", "Closed on Sundays 2024", "Closed in winter 2024",
     "Closed due to COVID in 2020. Reopened 2021", "Closed in 2020. Open again", "Closed since 2020. Resumed in 2021",
     "closed due to construction on weekends", "Program discontinued in 2015; restarted 2018", "Ended in 2199",
     "closed due to the pandemic until 2021", "Closed effective January 2199", "Closed. Sundays and holidays",
     "Closed 2199", "Discontinued 2199", "Closed Sundays", "Closed on 4 July", "Closed for maintenance on Sundays",
     "Closed for the holidays", "Closed by 8 pm", "Closed by the city on Sundays", "No cost", "Lobby closed 2020",
     "Not in use at night", "Closed 2000", "Closed 12/25 2020", "The ATM does not exist anymore",
     "Cameras not in use at this time", "Temporarily closed for repairs in 2020. Reopened 2021", "Closed 2020 holidays",
     "Closed since 2020; now open", "Closed as of Monday 2024", "Closed due to snow every winter"],
)  # fmt: skip
def test_a_day_off_or_a_closing_that_is_over_or_to_come_ends_no_zone(tmp_path: Path, note: str) -> None:
    row = the_row(tmp_path, f'Darien PD,Darien,CT,,,Mon-Fri 8-4,"{note}."')
    assert "status" not in row.values


@pytest.mark.parametrize(
    "note",
    ["Closed since May 2021", "closed as of 3/2021", "Closed effective March 3, 2021", "Program ended in June 2021",
     "Zone closed in 2022", "Discontinued on March 3, 2021", "closed due to COVID-19", "closed since March",
     "Permanently closed 2020", "Closed 2020", "Discontinued (2021)", "Temporarily closed for repairs",
     "Closed for maintenance", "Does not exist anymore", "Zone is not in use at this time",
     "Closed by the city in 2020", "Hors service depuis 2023", "N'existe plus", "N’existe plus",
     "Zone removed by the town", "Moved to 26 Hecker Ave in 2022", "Permanently closed March 2021",
     "Closed since 2020. Not open to the public", "No longer offered since 2023. The lot is not yet reopened"],
)  # fmt: skip
def test_a_closing_since_a_month_or_a_year_ends_it(tmp_path: Path, note: str) -> None:
    told = the_row(tmp_path, f'Darien PD,Darien,CT,,,Mon-Fri 8-4,"{note}."').values["status"]
    assert told == f"{note}.".replace("’", "'")


@pytest.mark.parametrize(
    ("note", "is_told"),
    [
        *((f"{words} to {street}{when}", False) for words in ("Moved", "Program relocated") for street in (
            "25 Hecker Ave", "25 Hecker Avenue", "25 hecker ave. Darien",
        ) for when in (" in 2022", " on March 3 2022", "")),
        ("Moved to 26 Hecker Ave in 2022", True), ("Moved to 25 Main St", True),
    ],
)  # fmt: skip
def test_a_zone_that_moved_to_where_its_row_has_it_is_there(tmp_path: Path, note: str, is_told: bool) -> None:
    header = "Department,Town,State,Address,Notes\n"
    row = the_row(tmp_path, f"Darien PD,Darien,CT,25 Hecker Avenue,{note}", header)
    assert ("status" in row.values) is is_told


@pytest.mark.parametrize(
    ("column", "cell", "status"),
    [
        *(("Active", cell, "no") for cell in ("0", "0.0", "No", "N")),
        *(("Active", cell, "yes") for cell in ("1", "1.0", "Y", "x")),
        ("Is open", "0", "no"), ("Active", "Closed", "Closed"), ("Active", "", None),
        *((column, "No", "no") for column in ("Still active?", "Zone active", "In operation", "Currently open")),
        *((column, "Yes", None) for column in ("Still active?", "Zone active", "In operation", "Open/Closed")),
        *((column, "Closed", "Closed") for column in ("Operational Status", "Facility Status", "STATUS_1",
                                                      "Open/Closed", "Status (2024)", "Active/Inactive")),
        ("Still active?", "0", "no"), ("Status", "0", "0"), ("Status", "1", "1"), ("STATUS_1", "Approved", None),
        ("Permit status", "Closed", None), ("Active cameras", "No", None), ("Open", "No", None),
        ("Lobby open", "No", None), ("Active", "unknown", "unknown"),
    ],
)  # fmt: skip
def test_a_column_that_asks_whether_a_zone_is_active_tells_its_status(
    tmp_path: Path, column: str, cell: str, status: str | None
) -> None:
    row = the_row(tmp_path, f"Darien PD,Darien,CT,{cell}", f"Department,Town,State,{column}\n")
    assert row.values.get("status") == status


@pytest.mark.parametrize(("value", "status"), [(1, "yes"), (0, "no"), (1.0, "yes"), (0.0, "no"), (True, "yes")])
def test_numbers_of_map_programs_say_yes_and_no(tmp_path: Path, value: object, status: str) -> None:
    file = tmp_path / "map.geojson"
    properties = {"department": "Darien PD", "town": "Darien", "state": "CT", "active": value}
    feature = {"type": "Feature", "geometry": None, "properties": properties}
    file.write_text(json.dumps({"type": "FeatureCollection", "features": [feature]}))
    with open_source(file) as source:
        (row,) = source.rows
    assert row.values["status"] == status


def test_a_placemark_says_it_in_its_title_or_its_description(tmp_path: Path) -> None:
    file = tmp_path / "map.kml"
    placemark = "<Placemark><name>{}</name><description>{}</description></Placemark>"
    file.write_text(
        kml(
            placemark.format("Closed - Westport PD", "City: Westport")
            + placemark.format("Wilton Police Department rear lot", "no longer offered")
            + placemark.format("Highland Park Police Parking Lot", "by the flagpole")
        )
    )
    with open_source(file) as source:
        rows = [{name: row.values.get(name) for name in ("department", "status")} for row in source.rows]
    assert rows == [
        {"department": "Westport PD", "status": "Closed"},
        {"department": "Wilton Police Department", "status": "no longer offered"},
        {"department": "Highland Park Police", "status": None},
    ]

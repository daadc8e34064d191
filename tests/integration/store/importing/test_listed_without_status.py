"""A zone that a file calls closed ends being so by a better or later word, and by a question where that is not sure."""

import pytest
from sqlalchemy import Engine
from sqlmodel import Session, select

from directory.db.tables.contributions.data_cases import DataCase
from directory.store.directory_reader import read_directory
from tests.conftest import Import

HEADER = "Department,Town,State,Address,Setting,Notes,Source,Source kind,Source date\n"
ZONE = "Darien PD{},Darien,CT,25 Hecker Ave,lobby,{},{}\n"
CLOSED = ZONE.format(" - CLOSED", "", "https://news.example/1,news,2022")


def status(engine: Engine) -> str:
    (zone,) = read_directory(engine).zones
    return str(zone.status)


def questions(engine: Engine) -> list[tuple[str, str]]:
    with Session(engine) as session:
        return [(case.subject, case.details["values"]["status"]) for case in session.exec(select(DataCase))]


@pytest.mark.parametrize(
    "source",
    [
        "https://news.example/2,news,2024",
        "https://www.darienct.gov/a,official,2023",
        "https://a.gov/a,official,2022-03",
    ],
)
def test_a_later_or_better_source_that_lists_the_zone_ends_it(engine: Engine, load: Import, source: str) -> None:
    load("one.csv", HEADER + CLOSED)
    assert status(engine) == "temporarily_closed"
    report = load("two.csv", HEADER + ZONE.format("", "", source))
    assert (report.changed, status(engine), questions(engine)) == (1, "active", [])


@pytest.mark.parametrize(
    "source",
    ["https://news.example/2,news,", "https://news.example/2,news,2022-05", "https://news.example/2,news,2021",
     "https://a.gov/a,official,2020", "https://a.gov/a,official,", ",,"],
)  # fmt: skip
def test_any_other_that_lists_it_is_a_question_and_said(engine: Engine, load: Import, source: str) -> None:
    load("one.csv", HEADER + CLOSED)
    report = load("two.csv", HEADER + ZONE.format("", "", source))
    assert (status(engine), questions(engine)) == ("temporarily_closed", [("status", "active")])
    assert [one.value for one in report.findings if one.rule == "status_is_stated"] == ["temporarily_closed"]
    again = load("two.csv", HEADER + ZONE.format("", "", source))
    assert again.cases == 0


def test_an_old_official_list_is_a_question_where_the_closing_has_no_date(engine: Engine, load: Import) -> None:
    load("one.csv", HEADER + CLOSED.replace("2022", ""))
    load("two.csv", HEADER + ZONE.format("", "", "https://a.gov/a,official,2015"))
    assert (status(engine), questions(engine)) == ("temporarily_closed", [("status", "active")])


def test_a_file_that_says_it_again_asks_nothing(engine: Engine, load: Import) -> None:
    load("one.csv", HEADER + CLOSED)
    load("two.csv", HEADER + CLOSED.replace("2022", "2024"))
    assert (status(engine), questions(engine)) == ("temporarily_closed", [])


def test_the_finding_names_the_column_and_quotes_the_words(load: Import) -> None:
    report = load("one.csv", HEADER + CLOSED + ZONE.format("", "No longer offered since 2023", ",,"))
    told = {one.row: f"{one.value}: {one.reason}" for one in report.findings if one.rule == "status_is_told"}
    assert "Darien PD - CLOSED: stands under “Department”" in told[2]
    assert "No longer offered since 2023: stands under “Notes”" in told[3]
    assert [one for one in report.findings if one.field == "status" and one.rule != "status_is_told"] == []

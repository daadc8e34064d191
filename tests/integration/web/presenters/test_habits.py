"""Dates, times, numbers and distances as each reader writes them."""

import re
from datetime import date, time
from html import unescape

import pytest
from flask import Flask
from flask.testing import FlaskClient

from directory.web.http.languages import available
from directory.web.i18n.translate import date_words, number, percent, skeleton_words
from directory.web.presenters.dates import partial_date
from directory.web.presenters.distances import distance, radius_choices
from directory.web.presenters.other_sites import directions
from directory.web.presenters.zone_facts.hours import clock_time
from directory.web.presenters.zone_facts.zones import address_lines
from tests.support.stored_zones import stored_zone

FIRST = date(2026, 12, 1)


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("en", ["7:30 PM", "9 AM", "December 1, 2026", "Tue, Dec 1", "April 2016", "1,234", "50%", "9.9 km"]),
        ("es", ["7:30 p.m.", "9:00 a.m.", "1 de diciembre de 2026", "mar, 1 de dic", "abril de 2016", "1,234", "50%",
                "9.9 km"]),
        ("fr", ["19 h 30", "9 h", "1er décembre 2026", "mar. 1er déc.", "avril 2016", "1 234", "50 %", "9,9 km"]),
    ],
)  # fmt: skip
def test_each_reader_finds_their_own_habits(app: Flask, language: str, words: list[str]) -> None:
    with app.test_request_context(f"/?lang={language}"):
        said = [
            clock_time(time(19, 30)), clock_time(time(9)), date_words(FIRST, "long"), skeleton_words(FIRST, "MMMEd"),
            partial_date("2016-04"), number(1234), percent(0.5), distance(9_870, "km"),
        ]  # fmt: skip
    assert [text.replace("\xa0", " ").replace("\u202f", " ") for text in said] == words


@pytest.mark.parametrize(
    ("language", "canadian"),
    [("en", "Granby, QC J2G 2Y8"), ("es", "Granby, QC J2G 2Y8"), ("fr", "Granby (Québec) J2G 2Y8")],
)
def test_an_address_is_written_as_its_readers_write_it(app: Flask, language: str, canadian: str) -> None:
    granby = stored_zone("a", town="Granby", state="QC", country="CA", postal_code="J2G 2Y8", street_address="87 Main")
    weston = stored_zone("b", town="Weston", state="CT", country="US", postal_code="06883", street_address="")
    with app.test_request_context(f"/?lang={language}"):
        assert address_lines(granby) == ["87 Main", canadian] and address_lines(weston) == ["Weston, CT 06883"]
        assert "Qu%C3%A9bec" not in directions(granby)[0][1], "maps are asked in the form that programs read"


@pytest.mark.parametrize("units", ["mi", "km"])
def test_radii_are_whole_and_one_that_was_chosen_is_offered_once(app: Flask, units: str) -> None:
    with app.test_request_context("/"):
        offered = radius_choices(units, None)
        assert all(words.removesuffix(f" {units}").isdigit() for _, words in offered)
        for miles, _ in offered:
            assert radius_choices(units, round(miles, 3)) == offered


MILES = re.compile(r"\d[\s\xa0]*(mi|miles?|ft|millas?|pies?|milles?|pi)\b")
KILOMETERS = re.compile(r"\d[\s\xa0]*(km|m|kilometers?|kilómetros?|kilomètres?)\b")
OFFERED = re.compile(r"<select.*?</select>", re.DOTALL)
PLACES = [
    "/search?q=06840",
    "/search?q=59301",
    "/search?q=Wilton,+CT",
    "/meet?a=06840&b=06820",
    "/search?lat=41.1&lon=-73.5",
]


@pytest.mark.parametrize("language", available())
@pytest.mark.parametrize("path", PLACES)
def test_a_page_speaks_of_one_unit_only(client: FlaskClient, path: str, language: str) -> None:
    for units, said, other in (("km", KILOMETERS, MILES), ("mi", MILES, KILOMETERS)):
        page = client.get(f"{path}&units={units}&lang={language}")
        assert page.status_code == 200
        text = unescape(re.sub(r"<[^>]+>", " ", OFFERED.sub("", page.text)))
        assert said.search(text) and not other.search(text), [match[0] for match in other.finditer(text)]

"""What places are called: the police short, and the spot; no two of a department in one town alike."""

from collections import Counter

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st

from directory.web.http.container import snapshot
from directory.web.presenters.place_titles import full_title, in_common, place_title, short_name, title_among
from tests.support.stored_zones import stored_zone

SETTINGS = ("unknown", "lobby", "parking_lot", "lobby_and_lot", "other")


@pytest.mark.parametrize(
    ("department", "title"),
    [
        ("Darien Police Department", "Darien police"),
        ("Columbus Division of Police", "Columbus police"),
        ("Fort Collins Police Services", "Fort Collins police"),
        ("Kingston Police", "Kingston police"),
        ("Service de police de la Ville de Gatineau", "Gatineau police"),
        ("Rockland County Sheriff's Office", "Rockland County sheriff"),
        ("Lee County Sheriff’s Department", "Lee County sheriff"),
        ("Anderson Department of Public Safety", "Anderson public safety"),
        ("Hamilton Township Police Department (Atlantic County)", "Hamilton Township police (Atlantic County)"),
        ("Peel Regional Police", "Peel regional police"),
        ("Nassau County Police Department", "Nassau County police"),
        ("OPP Essex County Detachment (Tecumseh)", "OPP Essex County (Tecumseh)"),
        ("OPP Espanola", "OPP Espanola"),
        # Nothing shorter says whose they are.
        (
            "Hall Police Department and Hall County Sheriff's Office",
            "Hall Police Department and Hall County Sheriff's Office",
        ),
        ("Metropolitan Police Department", "Metropolitan Police Department"),
        ("Nanaimo RCMP", "Nanaimo RCMP"),
        ("Sûreté du Québec", "Sûreté du Québec"),
        ("Police Department", "Police Department"),
    ],
)
def test_an_agency_is_called_by_its_place_and_its_kind(app: Flask, department: str, title: str) -> None:
    with app.test_request_context():
        assert short_name(department) == title


@pytest.mark.parametrize(
    ("department", "french", "spanish"),
    [
        ("Orangeville Police Service", "Police d’Orangeville", "Policía de Orangeville"),
        ("Rockland County Sheriff's Office", "Shérif du comté de Rockland", "Sheriff del condado de Rockland"),
        ("Nassau County Police Department", "Police du comté de Nassau", "Policía del condado de Nassau"),
        ("Peel Regional Police", "Police régionale de Peel", "Policía regional de Peel"),
        ("Edson RCMP", "GRC d’Edson", "RCMP de Edson"),
        ("OPP Essex County Detachment (Tecumseh)", "PPO d’Essex County (Tecumseh)", "OPP de Essex County (Tecumseh)"),
    ],
)
def test_each_language_calls_an_agency_as_its_readers_do(
    app: Flask, department: str, french: str, spanish: str
) -> None:
    for language, title in (("fr", french), ("es", spanish)):
        with app.test_request_context(f"/?lang={language}"):
            assert short_name(department) == title


def test_a_title_is_in_the_reader_s_language_but_for_words_of_a_source(app: Flask) -> None:
    with app.test_request_context("/?lang=es"):
        zones = snapshot().by_id
        assert str(place_title(zones["ct-darien-parking-lot"])) == "Policía de Darien · estacionamiento"
        denver = next(zone for zone in zones.values() if zone.name.endswith("District 1") and zone.town == "Denver")
        title = place_title(denver)
        assert (title.who, title.which, title.quoted) == ("Policía de Denver", "District 1", True)


def test_a_town_tells_apart_what_lies_in_different_towns(app: Flask) -> None:
    lobby = {"department": "Lee County Sheriff's Office", "setting": "lobby"}
    here, there = stored_zone("a", **lobby), stored_zone("b", **lobby, town="Easton", town_slug="ct/easton")
    with app.test_request_context():
        titles = [str(title_among(zone, in_common((here, there)))) for zone in (here, there)]
    assert titles == ["Lee County sheriff · lobby in Weston", "Lee County sheriff · lobby in Easton"]


def test_a_full_title_names_the_town_once(app: Flask) -> None:
    with app.test_request_context():
        for zone_id, title in (
            ("ct-darien-parking-lot", "Darien police · parking lot, Darien, CT"),
            ("qc-windsor-parking-lot", "Sûreté du Québec · parking lot in Windsor, QC"),
            ("qc-waterville-zone", "Sûreté du Québec · Waterville, QC"),
        ):
            assert full_title(snapshot().by_id[zone_id]) == title


def test_no_two_zones_of_a_department_in_one_town_have_the_same_title(app: Flask) -> None:
    with app.test_request_context():
        titles = Counter((zone.town_slug, str(place_title(zone))) for zone in snapshot().listed)
    assert {title: count for title, count in titles.items() if count > 1} == {}


def test_a_name_that_two_zones_of_a_town_share_is_no_title(app: Flask) -> None:
    zones = [stored_zone(zone_id, setting="lobby", name="Swap Spot", street_address="") for zone_id in ("a", "b")]
    with app.test_request_context():
        titles = [str(title_among(zone, in_common(zones))) for zone in zones]
    assert not any("Swap Spot" in title for title in titles)


SPOTS = st.tuples(
    st.sampled_from(SETTINGS),
    st.sampled_from(["Swap Spot", "Zone - A", "Zone - B", "Zone", "Spot - A"]),
    st.sampled_from(["", "1 Main St"]),
)


@given(st.lists(SPOTS, min_size=1, max_size=6))
def test_a_zone_whose_name_is_its_own_has_a_title_of_its_own(app: Flask, spots: list[tuple[str, str, str]]) -> None:
    zones = [
        stored_zone(str(number), setting=setting, name=name, street_address=street)
        for number, (setting, name, street) in enumerate(spots)
    ]
    with app.test_request_context():
        titles = [str(title_among(zone, in_common(zones))) for zone in zones]
    for zone, title in zip(zones, titles, strict=True):
        if [other.name for other in zones].count(zone.name) == 1:
            assert titles.count(title) == 1, (titles, spots)

"""Regions and countries: every form that people write, read in one place."""

import csv

import pytest
from flask.testing import FlaskClient

from directory.regions import NAMES, REGIONS, read_country, read_misspelt_region, read_region
from directory.zones.parsing.parsers import PARSERS

FORMS = list(csv.DictReader((NAMES / "regions.csv").read_text(encoding="utf-8").splitlines()))


def test_every_form_in_the_table_means_its_region() -> None:
    assert {(row["form"], read_region(row["form"])) for row in FORMS} == {(row["form"], row["code"]) for row in FORMS}


def test_the_table_covers_every_region_with_code_and_name() -> None:
    assert {row["code"] for row in FORMS} == set(REGIONS)
    for code, region in REGIONS.items():
        assert read_region(code) == read_region(code.lower()) == read_region(region.name) == code


@pytest.mark.parametrize("code", sorted(REGIONS))
def test_a_regions_name_and_its_traditional_abbreviations_mean_the_region_first(client: FlaskClient, code: str) -> None:
    forms = {row["form"] for row in FORMS if row["code"] == code and row["kind"] in ("official", "name")}
    short = {row["form"] for row in FORMS if row["code"] == code and row["kind"] == "traditional abbreviation"}
    country = {"US": "USA", "CA": "Canada"}[REGIONS[code].country]
    for form in forms | {form for form in short if "." in form} | {f"{REGIONS[code].name}, {country}"}:
        if "Wash" in form and code == "DC":
            continue  # the city, which is the same
        first = client.get("/api/v1/geocode", query_string={"address": form}).json["features"][0]["properties"]
        assert (first["precision"], first["state"]) == ("region", code), form


@pytest.mark.parametrize("form", ["Ont.", "Québec", "conn", "W. Va.", "Puerto Rico", "N.W.T.", "Nuevo México"])
def test_imports_and_forms_read_regions_as_the_search_does(form: str) -> None:
    assert PARSERS["state"](form).value == read_region(form)


def test_a_misspelt_region_is_read_only_where_one_is_near() -> None:
    assert (read_misspelt_region("Conneticut"), read_misspelt_region("Pennsilvania")) == ("CT", "PA")
    assert read_misspelt_region("Carolina") == ""


def test_countries_are_read_in_three_languages() -> None:
    for form, code in (
        ("USA", "US"),
        ("Estados Unidos", "US"),
        ("CAN", "CA"),
        ("Allemagne", "DE"),
        ("Reino Unido", "GB"),
    ):
        country = read_country(form)
        assert country is not None and country.code == code
    assert read_country("Connecticut") is None

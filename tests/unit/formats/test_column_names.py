"""Column names in the languages of clerks: headings by hand, and what forms call the fields."""

import pytest
from babel.support import Translations

from directory.formats.column_names import field_for
from directory.settings import PACKAGE
from directory.submissions.uploads.spreadsheet import TEMPLATE_COLUMNS
from directory.zones.schemas import FIELDS

LANGUAGES = sorted(path.parents[1].name for path in (PACKAGE / "translations").glob("*/LC_MESSAGES/messages.mo"))


@pytest.mark.parametrize(
    ("heading", "field"),
    [
        ("Adresse", "street_address"), ("Heures d’ouverture", "opening_hours"), ("Code postal", "postal_code"),
        ("MUNICIPALITÉ", "town"), ("Corps de police", "department"), ("Tél.", "phone"),
        ("Coordonnées GPS", "coordinates"),
        ("Horario de atención", "opening_hours"), ("Dirección", "street_address"), ("Número de espacios", "spaces"),
        ("Hours of operation", "opening_hours"), ("Zip", "postal_code"), ("Remorques", None),
        ("Active", "status"), ("Is_Open", "status"), ("# of Spaces", "spaces"), ("Well-lit (Y/N)", "lighting"),
        ("Town (required)", "town"), ("City/State", "town"), ("coord_confidence", "point_quality"),
        ("Police/Police", "department"), ("Town/Ville", "town"), ("Province/Province", "state"),
        ("Address/Adresse", "street_address"), ("Town | Ville", "town"), ("Address - Adresse", "street_address"),
        ("Postal Code / Code postal", "postal_code"), ("Hours/Heures", "opening_hours"), ("Open/Closed", None),
        ("Phone/Fax", None), ("Contact - Name", None), ("Department / City", None), ("Cameras/Lighting", None),
        ("Location (lobby or lot)", None), ("Date opened", None), ("Contact", None),
    ],
)  # fmt: skip
def test_a_heading_in_a_clerks_language_means_its_field(heading: str, field: str | None) -> None:
    assert field_for(heading) == field


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_headings_of_each_languages_template_mean_the_fields_that_they_stand_for(language: str) -> None:
    catalogue = Translations.load(str(PACKAGE / "translations"), [language])
    for name in TEMPLATE_COLUMNS:
        assert field_for(str(catalogue.gettext(FIELDS[name].label))) == name

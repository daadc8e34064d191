"""The language of a source's words, told by them."""

import json

import pytest

from directory.web.presenters.source_language import language_of
from tests.conftest import ROOT


@pytest.mark.parametrize(
    ("words", "language"),
    [
        ("", "en"),
        ("two marked bays by the flagpole", "en"),
        ("Las Cruces Police Department", "en"),
        ("La Mesa", "en"),
        ("O’Fallon Safe Exchange Zone", "en"),
        ("lot of the Centre aquatique Desjardins, ground marks and sign", "en"),
        ("Service de police de la Ville de Gatineau", "fr"),
        ("Sûreté du Québec", "fr"),
        ("Zone d’échange sécuritaire", "fr"),
        ("Stationnement du poste, deux cases près de l’entrée", "fr"),
        ("Pas d’armes", "fr"),
        ("Estacionamiento del cuartel", "es"),
        ("Dos espacios detrás de la comisaría", "es"),
    ],
)
def test_the_words_tell_their_language_and_english_is_meant_where_they_do_not(words: str, language: str) -> None:
    assert language_of(words) == language


def test_notes_of_the_packaged_zones_are_taken_for_english_as_they_are() -> None:
    zones = json.loads((ROOT / "data" / "zones.geojson").read_text(encoding="utf-8"))["features"]
    notes = [note for zone in zones if (note := zone["properties"].get("spot_note"))]
    assert [note for note in notes if language_of(note) != "en"] == []
    assert len(notes) > 50

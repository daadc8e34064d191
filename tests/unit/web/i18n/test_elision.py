"""French shortens "de" before a name that begins with a vowel."""

import pytest
from markupsafe import Markup

from directory.web.i18n.elision import elided

NEAR = "Près de %(place)s"


@pytest.mark.parametrize(
    ("place", "says"),
    [
        ("Ottawa, ON", "Près d’Ottawa, ON"),
        ("Édimbourg", "Près d’Édimbourg"),
        ("œuvres", "Près d’œuvres"),
        (Markup('<span lang="en">Orangetown</span>'), "Près d’Orangetown"),
        ("Gatineau, QC", "Près de Gatineau, QC"),
        ("Hawkesbury", "Près de Hawkesbury"),
        ("06820", "Près de 06820"),
        ("", "Près de "),
    ],
)
def test_de_is_shortened_before_a_vowel_and_nowhere_else(place: str, says: str) -> None:
    assert Markup(elided(NEAR, {"place": place}) % {"place": place}).striptags() == Markup(says).striptags()


def test_a_value_that_is_not_given_and_other_words_stay_as_they_are() -> None:
    assert elided("De %(a)s à %(b)s, mode %(b)s", {"b": "Ottawa"}) == "De %(a)s à %(b)s, mode %(b)s"

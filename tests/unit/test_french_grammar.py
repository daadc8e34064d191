"""French shortens "de" before a vowel, and joins it with the article of a name."""

import pytest
from markupsafe import Markup

from directory.french_grammar import fitted

NEAR = "Près de %(place)s"


def written(template: str, **values: object) -> str:
    words, fitting = fitted("fr", template, values)
    return words % fitting


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
    assert Markup(written(NEAR, place=place)).striptags() == Markup(says).striptags()


@pytest.mark.parametrize(
    ("template", "place", "says"),
    [
        ("Zones à %(place)s", "Les Escoumins, QC", "Zones aux Escoumins, QC"),
        (NEAR, Markup('<span lang="fr">Les Cèdres</span>'), "Près des Cèdres"),
        (NEAR, "Lester, WA", "Près de Lester, WA"),
        ("Zones à %(place)s", "La Malbaie", "Zones à La Malbaie"),
        ("Pour %(a)s de %(place)s", "«\xa0Orangeville\xa0»", "Pour moi d’«\xa0Orangeville\xa0»"),
        (NEAR, "«\xa0Les Cèdres\xa0»", "Près de «\xa0Les Cèdres\xa0»"),
    ],
)
def test_an_article_joins_with_the_word_before_it(template: str, place: str, says: str) -> None:
    assert Markup(written(template, place=place, a="moi")).striptags() == Markup(says).striptags()


def test_other_languages_a_value_that_is_not_given_and_other_words_stay_as_they_are() -> None:
    assert fitted("fr", "De %(a)s à %(b)s, mode %(b)s", {"b": "Ottawa"})[0] == "De %(a)s à %(b)s, mode %(b)s"
    assert fitted("es", "Cerca de %(a)s", {"a": "Ottawa"}) == ("Cerca de %(a)s", {"a": "Ottawa"})

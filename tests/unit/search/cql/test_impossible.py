"""Whoever misspells a value finds nothing, and is told; a value that can be is none of these."""

import pytest

from directory.search.cql.impossible import MOST, ImpossibleValue, impossible_values
from directory.search.cql.reading import read

WORDS = {"lighting": ("yes", "no"), "setting": ("lobby", "parking lot")}
UNSTATED = "its values are yes, no. What nobody stated is found by lighting IS NULL."


def named(filter_text: str) -> list[tuple[str, str]]:
    impossible = impossible_values(read(filter_text, "cql2-text"), WORDS)
    assert all(set(value.allowed) <= {"YES", "NO", "yes", "no", "lobby", "parking lot"} for value in impossible)
    return [(value.name, value.value) for value in impossible]


@pytest.mark.parametrize(
    ("filter_text", "expected"),
    [
        ("lighting = 'yes' OR lighting <> 'no'", []),
        ("lighting = 'yess'", [("lighting", "yess")]),
        ("'yess' = lighting", [("lighting", "yess")]),
        ("lighting <> 'yess'", [("lighting", "yess")]),
        ("lighting IN ('yes', 'maybe', 'perhaps')", [("lighting", "maybe"), ("lighting", "perhaps")]),
        ("lighting LIKE 'y%'", []),
        ("lighting LIKE 'z%'", [("lighting", "z%")]),
        ("lighting LIKE 'yes'", []),
        ("lighting = 'YES'", [("lighting", "YES")]),
        ("CASEI(lighting) = CASEI('YES')", []),
        ("CASEI(lighting) = CASEI('YESS')", [("lighting", "yess")]),
        ("ACCENTI(CASEI(lighting)) = ACCENTI(CASEI('YÉS'))", []),
        ("town = 'Nowhere'", []),
        ("lighting IS NULL AND spaces > 3 AND lighting = setting", []),
        (
            "NOT (setting = 'roof' AND (town = 'x' OR lighting = 'maybe'))",
            [("setting", "roof"), ("lighting", "maybe")],
        ),
        ("setting = 'roof' OR setting = 'roof'", [("setting", "roof")]),
        ("lighting = 5", []),
    ],
)
def test_values_that_no_zone_can_have_are_named_once_in_the_filters_order(
    filter_text: str, expected: list[tuple[str, str]]
) -> None:
    assert named(filter_text) == expected


def test_only_the_first_of_many_are_named() -> None:
    items = ", ".join(f"'word {number}'" for number in range(MOST + 5))
    assert named(f"lighting IN ({items})") == [("lighting", f"word {number}") for number in range(MOST)]


@pytest.mark.parametrize(
    ("value", "message"),
    [
        ("yess", "yess is no value of lighting. Did you mean yes? Its values are yes, no."),
        ("perhaps", "perhaps is no value of lighting; its values are yes, no."),
        ("unknown", f"unknown is no value of lighting; {UNSTATED}"),
        ("None", f"None is no value of lighting; {UNSTATED}"),
        ("", f"Nothing is no value of lighting; {UNSTATED}"),
        ("x" * 90, f"{'x' * 80} is no value of lighting; its values are yes, no."),
    ],
)  # fmt: skip
def test_the_refusal_says_what_may_be_asked_for(value: str, message: str) -> None:
    assert ImpossibleValue("lighting", value, ("yes", "no")).detail == message

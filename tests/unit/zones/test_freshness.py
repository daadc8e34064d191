"""How old a confirmation is."""

from datetime import date

import pytest

from directory.zones.freshness import Age, age_on


@pytest.mark.parametrize(
    ("day", "age"),
    [
        ("2026-01-01", Age.FRESH),
        ("2026-06-29", Age.FRESH),
        ("2026-06-30", Age.OLD),
        ("2026-12-31", Age.OLD),
        ("2027-01-01", Age.FADED),
        ("2029-01-01", Age.FADED),
    ],
)
def test_a_confirmation_is_old_after_180_days_and_faded_after_a_year(day: str, age: Age) -> None:
    assert age_on("2026-01-01", date.fromisoformat(day)) is age


def test_without_a_confirmation_there_is_no_age() -> None:
    assert age_on("", date(2026, 1, 1)) is Age.NEVER_CONFIRMED

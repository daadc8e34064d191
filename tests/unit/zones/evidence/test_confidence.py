"""How sure the directory is that a zone is there."""

from datetime import date, timedelta
from typing import Any

import pytest

from directory.zones.evidence.confidence import ExistenceConfidence, existence_confidence
from directory.zones.schemas import SourceKind, Status, ZoneRecord

DAY = date(2026, 6, 1)
NEWS, DEPARTMENT = SourceKind.NEWS, SourceKind.DEPARTMENT


def sure(kind: SourceKind, dated: str, **facts: Any) -> str:
    named = {"name": "Lobby", "department": "Weston Police", "town": "Weston", "state": "CT", "country": "US"}
    said = {"latitude": 41.2, "longitude": -73.4, "source_kind": kind, "source_date": dated}
    return existence_confidence(ZoneRecord.model_validate({**named, **said, **facts}), DAY).value


@pytest.mark.parametrize(
    ("kind", "days", "confidence"),
    [
        (DEPARTMENT, 364, "confirmed"), (DEPARTMENT, 365, "likely"), (DEPARTMENT, 3_650, "likely"),
        (NEWS, 1, "likely"), (NEWS, 3 * 365 - 1, "likely"), (NEWS, 3 * 365, "uncertain"),
    ],
)  # fmt: skip
def test_the_departments_word_counts_for_a_year_and_that_of_others_for_three(
    kind: SourceKind, days: int, confidence: str
) -> None:
    assert sure(kind, (DAY - timedelta(days)).isoformat()) == confidence


def test_a_confirmation_counts_as_the_departments_word() -> None:
    assert sure(NEWS, "2016", confirmed_on="2026-05-30") == "confirmed"
    assert sure(NEWS, "2016", confirmed_on="2025-01-01") == "likely"


def test_what_is_not_dated_or_not_in_use_is_not_sure() -> None:
    assert (sure(NEWS, ""), sure(NEWS, "2024"), sure(NEWS, "2023")) == ("uncertain", "likely", "uncertain")
    for status in (Status.MOVED, Status.PLANNED, Status.WITHDRAWN):
        assert sure(DEPARTMENT, "2026-05-30", status=status) == ExistenceConfidence.DOUBTFUL

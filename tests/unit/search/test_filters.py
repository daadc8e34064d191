"""Only a stated yes passes a filter: what nobody stated is neither yes nor no."""

from datetime import datetime
from typing import Any

import pytest

from directory.search.filters import SWITCHES, Filters, stated_counts
from directory.zones.schemas import Setting, Status, TriState
from tests.support.stored_zones import snapshot_of, stored_zone

YES, NO, UNKNOWN = TriState.YES, TriState.NO, TriState.UNKNOWN
NOON = datetime(2026, 6, 1, 12)


@pytest.mark.parametrize(
    ("filters", "facts", "verdict"),
    [
        (Filters(), {}, YES),
        (Filters(lit=True), {"lighting": YES}, YES),
        (Filters(lit=True), {"lighting": NO}, NO),
        (Filters(lit=True), {}, UNKNOWN),
        (Filters(recorded=True), {"cameras_recorded": YES}, YES),
        (Filters(recorded=True), {"cameras": NO, "cameras_recorded": YES}, NO),
        (Filters(recorded=True), {"cameras": YES}, UNKNOWN),
        (Filters(custody_exchange=True), {"custody_exchange": YES}, YES),
        (Filters(step_free=True), {"step_free": NO}, NO),
        (Filters(confirmed=True), {"confirmed_on": "2026-01-01"}, YES),
        (Filters(confirmed=True), {}, NO),
        (Filters(settings=frozenset({Setting.LOBBY})), {"setting": Setting.LOBBY}, YES),
        (Filters(settings=frozenset({Setting.LOBBY})), {"setting": Setting.PARKING_LOT}, NO),
        (Filters(settings=frozenset({Setting.LOBBY})), {}, UNKNOWN),
        (Filters(open_at=NOON), {"opening_hours": "24/7"}, YES),
        (Filters(open_at=NOON), {"opening_hours": "Mo-Fr 08:00-09:00"}, NO),
        (Filters(open_at=NOON), {}, UNKNOWN),
        (Filters(all_hours=True), {"opening_hours": "24/7"}, YES),
        (Filters(all_hours=True), {"opening_hours": "Mo-Fr 08:00-09:00"}, NO),
        (Filters(all_hours=True), {}, UNKNOWN),
        (Filters(lit=True, step_free=True), {"lighting": YES}, UNKNOWN),
        (Filters(lit=True, step_free=True), {"lighting": NO}, NO),
    ],
)
def test_a_zone_passes_with_all_that_is_asked_and_fails_with_one_thing_less(
    filters: Filters, facts: dict[str, Any], verdict: TriState
) -> None:
    assert filters.judge()(stored_zone(**facts)) is verdict


@pytest.mark.parametrize(
    ("filters", "lacking"),
    [
        (Filters(), False),
        (Filters(planned=True, faded=True, across_border=True), False),
        (Filters(open_at=NOON), True),
        (Filters(settings=frozenset({Setting.LOBBY})), True),
        *[(filters, True) for filters in SWITCHES.values()],
        (Filters(usable=True), True),
    ],
)
def test_a_filter_asks_for_something_that_a_zone_could_lack_or_not(filters: Filters, lacking: bool) -> None:
    assert filters.any is lacking


def test_facts_are_counted_over_the_zones_that_are_shown() -> None:
    counts = stated_counts(
        snapshot_of(
            stored_zone("a", lighting=YES, setting=Setting.LOBBY_AND_LOT, opening_hours="24/7"),
            stored_zone("b", lighting=NO, setting=Setting.LOBBY),
            stored_zone("c", lighting=YES, status=Status.MOVED),
            stored_zone("d", lighting=YES, status=Status.PLANNED),
            stored_zone("e", lighting=YES, status=Status.WITHDRAWN),
        )
    )
    assert (counts["lit"], counts["lobby"], counts["lot"], counts["open_at"], counts["recorded"]) == (2, 2, 1, 1, 0)

"""The zones as columns: what a filter sees of them, in which order they stand, and that a new day is seen."""

import threading
from datetime import timedelta
from operator import itemgetter
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from directory import clock
from directory.search.cql.evaluation import matching
from directory.search.cql.reading import read
from directory.search.cql.values import Kind
from directory.search.zone_features import Collection, zone_feature
from directory.search.zone_table import FILTERABLE, SORTABLE, ZoneTable
from directory.store.repository import StoredZone
from directory.zones.evidence.confidence import ExistenceConfidence, existence_confidence
from directory.zones.schemas import Status, TriState
from tests.support.stored_zones import CHANGED_AT, stored_zone
from tests.support.waiting import PATIENCE_SECONDS

FACTS: dict[str, dict[str, Any]] = {
    "a": {"lighting": TriState.YES, "spaces": 4, "latitude": 42.0, "changed_at": CHANGED_AT, "town": "Zion"},
    "b": {"spaces": 12, "confirmed_on": "2026-05-30", "changed_at": CHANGED_AT + timedelta(seconds=1)},
    "c": {"lighting": TriState.NO, "spaces": 0, "status": Status.MOVED, "town": "Avon"},
    "d": {"confirmed_on": "2026-06-01", "state": "NY", "longitude": -74.0, "time_zone": "America/Chicago"},
    "gone": {"status": Status.WITHDRAWN},
}  # fmt: skip


def table_of(*zones: StoredZone) -> ZoneTable:
    return ZoneTable(Collection(zones, {zone.zone_id: zone for zone in zones}))


TABLE = table_of(*[stored_zone(zone_id, **facts) for zone_id, facts in FACTS.items()])


@pytest.mark.parametrize(
    ("filter_text", "expected"),
    [
        ("id = 'c'", "c"),
        ("town = 'Weston'", "bd"),
        ("lighting = 'yes'", "a"),
        ("lighting IS NULL", "bd"),
        ("lighting = 'unknown'", ""),
        ("status = 'moved' OR state = 'NY'", "cd"),
        ("spaces > 3", "ab"),
        ("spaces = 0", "c"),
        ("spaces IS NULL", "d"),
        ("confirmed_on = DATE('2026-05-30')", "b"),
        ("confirmed_on < TIMESTAMP('2026-06-01T00:00:00Z')", "b"),
        ("confirmed_on IS NULL", "ac"),
        ("changed_at > TIMESTAMP('2026-06-01T12:00:00Z')", "b"),
        ("changed_at = DATE('2026-06-01')", "abcd"),
        ("approximate = false", "abcd"),
        ("S_INTERSECTS(geometry, BBOX(-73.5, 41.9, -73, 42.1))", "a"),
        ("S_EQUALS(geometry, POINT(-74 41.2))", "d"),
        ("time_zone = 'America/Chicago'", "d"),
        ("existence_confidence IS NOT NULL AND position_confidence IS NOT NULL", "abcd"),
    ],
)
def test_a_filter_finds_the_zones_of_which_it_is_stated(filter_text: str, expected: str) -> None:
    rows = matching(TABLE, read(filter_text, "cql2-text"))
    assert "".join(zone_id for zone_id, true in zip("abcd", rows, strict=True) if true) == expected


def test_every_text_number_and_truth_of_a_feature_can_be_asked_of_as_it_is_written() -> None:
    zone = stored_zone("a", lighting=TriState.YES, spaces=4, status_note="it's here")
    single = {name: value for name, value in zone_feature(zone)["properties"].items() if isinstance(value, str | int)}
    for name, value in single.items():
        kind, literal = FILTERABLE.get(name), str(value).replace("'", "''")
        written = {Kind.TEXT: f"'{literal}'", Kind.NUMBER: literal, Kind.BOOLEAN: literal.lower()}
        if kind in written:
            assert matching(table_of(zone), read(f"{name} = {written[kind]}", "cql2-text")).tolist() == [True], name
    filterable = {name for name in single if FILTERABLE.get(name) in (Kind.TEXT, Kind.NUMBER, Kind.BOOLEAN)}
    assert {"name", "town", "lighting", "spaces", "approximate", "status_note", "time_zone"} <= filterable


def test_of_a_directory_without_zones_nothing_is_found() -> None:
    for statement in ("town = 'Weston'", "spaces > 3", "confirmed_on IS NULL", "S_EQUALS(geometry, POINT(0 0))"):
        assert matching(table_of(), read(statement, "cql2-text")).tolist() == []


VALUES = st.fixed_dictionaries(
    {
        "spaces": st.sampled_from([None, 0, 1, 7]),
        "town": st.sampled_from(["Avon", "Weston", "Zion"]),
        "lighting": st.sampled_from(TriState),
        "confirmed_on": st.sampled_from(["", "2026-01-02", "2026-05-30"]),
    }
)


@given(
    st.lists(VALUES, max_size=10),
    st.lists(
        st.tuples(st.sampled_from(["spaces", "town", "lighting", "confirmed_on", "id"]), st.booleans()),
        max_size=3, unique_by=itemgetter(0),
    ),
)  # fmt: skip
def test_zones_are_sorted_by_each_property_in_turn_with_what_is_not_stated_last(
    facts: list[dict[str, Any]], order: list[tuple[str, bool]]
) -> None:
    zones = [stored_zone(f"z{number}", **each) for number, each in enumerate(facts)]
    expected = list(zones)
    for name, falling in reversed(order):

        def value(zone: StoredZone, name: str = name) -> Any:
            stored_value = zone.zone_id if name == "id" else getattr(zone, name)
            return None if stored_value in ("", TriState.UNKNOWN) else stored_value

        with_value = sorted((zone for zone in expected if value(zone) is not None), key=value, reverse=falling)
        expected = [*with_value, *[zone for zone in expected if value(zone) is None]]
    rows = table_of(*zones).ordered(np.arange(len(zones)), order)
    assert [zones[row].zone_id for row in rows] == [zone.zone_id for zone in expected]


def test_only_the_rows_that_were_selected_are_sorted() -> None:
    assert TABLE.ordered(np.array([0, 2, 3]), [("town", False)]).tolist() == [2, 3, 0]
    assert TABLE.ordered(np.array([3, 0]), []).tolist() == [3, 0]
    assert "geometry" not in SORTABLE and {"id", "town", "changed_at"} < {*SORTABLE}


def test_a_new_day_is_seen_by_what_depends_on_it() -> None:
    zone = stored_zone("a", confirmed_on=clock.today().isoformat())
    table = table_of(zone)
    before = table.column("existence_confidence")
    assert table.column("existence_confidence") is before
    try:
        clock.run_ahead(timedelta(days=800))
        assert table.column("existence_confidence") is not before
        word = zone_feature(zone)["properties"]["existence_confidence"]
        assert matching(table, read(f"existence_confidence = '{word}'", "cql2-text")).tolist() == [True]
    finally:
        clock.run_ahead(timedelta(0))


def test_what_was_begun_before_a_new_day_does_not_stay_when_it_is_done_after_another_thread_saw_the_day(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    zone = stored_zone("a", confirmed_on=clock.today().isoformat())
    table = table_of(zone)
    judged, go_on = threading.Event(), threading.Event()

    def slowly(*given: Any) -> ExistenceConfidence:
        confidence = existence_confidence(*given)
        judged.set()
        go_on.wait(PATIENCE_SECONDS)
        return confidence

    monkeypatch.setattr("directory.search.zone_table.existence_confidence", slowly)
    slow = threading.Thread(target=table.column, args=("existence_confidence",))
    slow.start()
    try:
        assert judged.wait(PATIENCE_SECONDS)
        clock.run_ahead(timedelta(days=800))
        table.column("town")
        go_on.set()
        slow.join(PATIENCE_SECONDS)
        word = zone_feature(zone)["properties"]["existence_confidence"]
        assert matching(table, read(f"existence_confidence = '{word}'", "cql2-text")).tolist() == [True]
    finally:
        go_on.set()
        clock.run_ahead(timedelta(0))

"""Features for machines: selected, ordered by change, and made once."""

import json
import math
import sys
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from directory import clock
from directory.clock import now, today
from directory.geo import BoundingBox
from directory.search.cql.values import Texts
from directory.search.zone_features import (
    Collection,
    Interval,
    deleted_feature,
    dumped,
    moment,
    zone_feature,
)
from directory.search.zone_table import ZoneTable
from directory.store.repository import StoredZone
from directory.zones.freshness import FADED_DAYS
from directory.zones.schemas import Status, TriState
from tests.support.stored_zones import CHANGED_AT, stored_zone

SECOND = timedelta(seconds=1)


def collection(*zones: StoredZone, **options: Any) -> Collection:
    return Collection(zones, {zone.zone_id: zone for zone in zones}, **options)


def selected(zones: Collection, **options: Any) -> list[str]:
    return [zones.zones[number].zone_id for number in zones.select(**options)]


ROW = collection(
    stored_zone("a", latitude=41.0, longitude=-73.0, changed_at=CHANGED_AT),
    stored_zone("b", latitude=42.0, longitude=-74.0, changed_at=CHANGED_AT + SECOND),
    stored_zone("c", latitude=43.0, longitude=-72.0, changed_at=CHANGED_AT + 2 * SECOND),
    stored_zone("gone", status=Status.WITHDRAWN, changed_at=CHANGED_AT + 3 * SECOND),
)


@pytest.mark.parametrize(
    ("box", "expected"),
    [
        ((-75, 40, -71, 44), ["a", "b", "c"]),
        ((-74, 41, -73, 42), ["a", "b"]),
        ((-73.5, 41, -71, 43), ["a", "c"]),
        ((-75, 41.1, -71, 42.9), ["b"]),
        ((-75, 43.1, -71, 44), []),
    ],
)
def test_a_box_takes_the_zones_inside_and_on_its_edges_in_their_order(
    box: tuple[float, float, float, float], expected: list[str]
) -> None:
    assert selected(ROW, box=BoundingBox(*box)) == expected


@pytest.mark.parametrize(
    ("start", "end", "expected"),
    [
        (0, None, ["a", "b", "c"]),
        (1, None, ["b", "c"]),
        (None, 1, ["a", "b"]),
        (1, 1, ["b"]),
        (None, None, ["a", "b", "c"]),
    ],
)
def test_a_time_of_change_is_taken_with_both_ends(start: int | None, end: int | None, expected: list[str]) -> None:
    ends = [None if one is None else CHANGED_AT + one * SECOND for one in (start, end)]
    assert selected(ROW, changed=Interval(*ends)) == expected


def test_values_match_whatever_their_case_accents_and_punctuation_and_any_of_them_will_do() -> None:
    zones = collection(
        stored_zone("a", town="Montréal", town_slug="qc/montreal", state="QC", lighting=TriState.YES),
        stored_zone("b", town="St. Albert", town_slug="ab/st-albert", state="AB"),
    )
    assert selected(zones, properties={"town": ["montreal"]}) == ["a"]
    assert selected(zones, properties={"town": ["ST ALBERT", "Montréal"]}) == ["a", "b"]
    assert selected(zones, properties={"town": ["ab/st-albert"]}) == ["b"]
    assert selected(zones, properties={"town": ["Montreal, QC"]}) == ["a"]
    assert selected(zones, properties={"department": ["ct/weston-police-department"]}) == ["a", "b"]
    assert selected(zones, properties={"town": ["St. Albert"], "lighting": ["yes"]}) == []
    assert selected(zones, properties={"lighting": ["yes"]}) == ["a"]
    assert selected(zones, properties={"lighting": [""]}) == []
    assert selected(zones, properties={"state": ["NY"]}) == []


def test_the_extent_is_that_of_all_zones_that_are_not_withdrawn() -> None:
    zones = collection(
        stored_zone("a", latitude=41.12345678, longitude=-73.5),
        stored_zone("b", latitude=45, longitude=-73.98765432),
        stored_zone("gone", latitude=1, longitude=1, status=Status.WITHDRAWN),
    )
    assert zones.extent == [-73.987654, 41.123457, -73.5, 45.0]
    assert collection().extent is None


def test_changes_are_ordered_by_revision_and_then_by_id_withdrawals_included() -> None:
    zones = collection(
        stored_zone("a", revision=3),
        stored_zone("b", revision=1, status=Status.WITHDRAWN),
        stored_zone("c", revision=3),
    )
    assert [zone.zone_id for zone in zones.by_revision] == ["b", "a", "c"]
    assert [zone.zone_id for zone in zones.changes_after((1, ""))] == ["b", "a", "c"]
    assert [zone.zone_id for zone in zones.changes_after((1, "b"))] == ["a", "c"]
    assert [zone.zone_id for zone in zones.changes_after((3, "a"))] == ["c"]
    assert zones.changes_after((3, "c")) == []


def test_changes_since_a_time_include_what_came_after_by_a_clock_that_was_set_back() -> None:
    zones = collection(
        stored_zone("old", revision=1, changed_at=CHANGED_AT),
        stored_zone("new", revision=2, changed_at=CHANGED_AT + 5 * SECOND),
        stored_zone("set-back", revision=3, changed_at=CHANGED_AT + SECOND),
        stored_zone("imported", revision=0, changed_at=CHANGED_AT + 9 * SECOND),
    )
    since = [zone.zone_id for zone in zones.changes_since(CHANGED_AT + 5 * SECOND)]
    assert since == ["set-back", "new", "imported"]
    assert [zone.zone_id for zone in zones.changes_since(CHANGED_AT + 9 * SECOND)] == ["imported"]
    assert zones.changes_since(CHANGED_AT + 10 * SECOND) == []
    assert (zones.first_change, zones.last_change) == (CHANGED_AT, CHANGED_AT + 9 * SECOND)
    assert (collection().first_change, collection().last_change) == (None, None)


def test_a_feature_is_made_once_and_taken_over_while_its_zone_is_the_very_same() -> None:
    zone, other = stored_zone("a"), stored_zone("b")
    first = collection(zone, other)
    feature = first.split_feature(zone)
    assert first.split_feature(zone) is feature
    assert first.feature(zone) == b"".join(feature)
    first.split_feature(other)
    ready = first.ready_for({"a": zone, "b": stored_zone("b")}, now())
    assert ready == {"a": feature}
    assert collection(zone, ready=ready).split_feature(zone) is feature


def test_a_zone_of_another_snapshot_is_made_anew_and_not_kept() -> None:
    zones = collection(stored_zone("a"))
    stranger = stored_zone("a", name="Another")
    assert b"Another" in zones.feature(stranger)
    assert zones.ready_for({"a": stranger}, now()) == {}


def test_a_feature_names_every_property_and_is_null_where_nobody_stated_it() -> None:
    zone = stored_zone("a", lighting=TriState.YES)
    properties = zone_feature(zone)["properties"]
    assert properties["lighting"] == "yes" and properties["spaces"] is None
    assert (properties["time_zone"], properties["changed_at"], properties["approximate"]) == (
        "America/New_York", "2026-06-01T12:00:00Z", False,
    )  # fmt: skip
    split = collection(zone).split_feature(zone)
    assert split[0].endswith(b'"properties":{') and b", " not in split[0]
    whole = json.loads(b"".join(split))
    assert whole == zone_feature(zone) and list(whole["properties"]) == list(properties)


def test_what_was_made_on_another_day_is_not_taken_over() -> None:
    zone = stored_zone("a", confirmed_on=today().isoformat())
    zones = collection(zone)
    zones.split_feature(zone)
    try:
        clock.run_ahead(timedelta(days=400))
        assert zones.ready_for({"a": zone}, now()) == {}
    finally:
        clock.run_ahead(timedelta(0))


def test_what_is_taken_over_stays_of_its_day_when_a_day_ends_meanwhile() -> None:
    at = now()
    zone = stored_zone("a", confirmed_on=at.date().isoformat())
    first = collection(zone)
    feature = first.split_feature(zone)
    try:
        clock.run_ahead(timedelta(days=4000))
        taken_over = collection(zone, ready=first.ready_for({"a": zone}, at), at=at)
        assert taken_over.feature(zone) == dumped(zone_feature(zone)) != b"".join(feature)
    finally:
        clock.run_ahead(timedelta(0))


def test_a_day_ends_where_the_zone_is_and_nowhere_else() -> None:
    confirmed = date(2031, 6, 1) - timedelta(days=FADED_DAYS - 1)
    zone = stored_zone("a", time_zone="Pacific/Honolulu", confirmed_on=confirmed.isoformat())
    zones = collection(zone)
    table = ZoneTable(zones)

    def seen(day: int, hour: int, minute: int) -> str:
        clock.run_ahead(timedelta(0))
        clock.run_ahead(datetime(2031, 6, day, hour, minute, tzinfo=UTC) - now())
        column = table.column("existence_confidence")
        assert isinstance(column, Texts)
        said = json.loads(zones.feature(zone))["properties"]["existence_confidence"]
        assert column.categories[column.codes[0]] == said
        return str(said)

    try:
        assert [seen(1, 23, 50), seen(2, 0, 10), seen(2, 9, 50), seen(2, 10, 10)] == ["confirmed"] * 3 + ["likely"]
    finally:
        clock.run_ahead(timedelta(0))


def test_a_feature_that_is_ready_takes_fewer_bytes_than_its_text() -> None:
    zones = collection(*[stored_zone(f"zone-{number}") for number in range(500)])
    splits = zones.split_features(zones.zones)
    runs = {id(run): run for split in splits for run in split}
    assert sum(map(sys.getsizeof, [*splits, *runs.values()])) < 0.6 * sum(len(b"".join(split)) for split in splits)


def test_zones_that_leave_the_same_open_hold_its_text_once() -> None:
    one, other = (collection(zone).split_feature(zone) for zone in (stored_zone("a"), stored_zone("b")))
    assert sum(run is same for run, same in zip(one, other, strict=True)) >= len(one) - 2


def test_features_are_written_in_utf_8_and_a_number_that_is_none_is_null() -> None:
    assert "Montréal".encode() in collection().feature(stored_zone("a", town="Montréal"))
    assert dumped([math.nan, math.inf, -0.5]) == b"[null,null,-0.5]"


def test_of_a_withdrawn_zone_only_the_why_and_when_is_left() -> None:
    zone = stored_zone("a", status=Status.WITHDRAWN, status_note="closed for good", lighting=TriState.YES)
    assert deleted_feature(zone) == {
        "type": "Feature",
        "id": "a",
        "geometry": None,
        "properties": {"status": "withdrawn", "status_note": "closed for good", "changed_at": "2026-06-01T12:00:00Z"},
    }


def test_a_moment_is_written_to_the_microsecond() -> None:
    assert moment(datetime(2026, 6, 1, 12, 0, 0, 5, tzinfo=UTC)) == "2026-06-01T12:00:00.000005Z"

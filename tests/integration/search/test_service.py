"""The search over a directory of one's own making."""

import json
import math
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine, text

from directory.db.engine import open_database
from directory.db.errors import DatabaseError
from directory.geo import Coordinates, distance_m
from directory.geocoding.chain import GeocodingChain
from directory.geocoding.factory import build_chain
from directory.search.filters import Filters
from directory.search.results import FAR_M
from directory.search.service import SearchService
from directory.search.snapshots.snapshot import SHOWN
from directory.search.snapshots.snapshot_cache import SnapshotCache
from directory.settings import Settings
from directory.signing_keys import SigningKeys
from directory.store.geocoder_answers import StoredAnswers, StoredRateLimits
from directory.store.importing.import_report import ImportReport
from directory.zones.schemas import Setting, Status, TriState

Import = Callable[..., ImportReport]
HERE = Coordinates(41.1412, -73.4907)
NOW = datetime(2026, 11, 24, 17, 0, tzinfo=UTC)  # a Tuesday noon in Connecticut


def zones(*facts: dict[str, Any]) -> str:
    """Zones in a row to the east, 100 m apart, with the facts given."""
    return json.dumps(
        {
            "type": "FeatureCollection",
            "features": [
                {
                    "type": "Feature",
                    "id": f"zone-{number}",
                    "geometry": {"type": "Point", "coordinates": [-73.4907 + number * 0.0012, 41.1412]},
                    "properties": {
                        "department": "PD",
                        "town": "New Canaan",
                        "state": "CT",
                        "spot_note": f"bay {number}",
                    }
                    | item,
                }
                for number, item in enumerate(facts)
            ],
        }
    )


@pytest.fixture
def chain(engine: Engine, tmp_path: Path) -> GeocodingChain:
    """Geocoding without network."""
    settings = Settings(data_dir=tmp_path, geocoders=())
    return build_chain(settings, StoredAnswers(engine, SigningKeys.of("secret")), StoredRateLimits(engine))


@pytest.fixture
def search_service(chain: GeocodingChain, engine: Engine) -> SearchService:
    return SearchService(chain, SnapshotCache(engine), clock=lambda: NOW)


def ids(search_service: SearchService, filters: Filters | None = None, **options: Any) -> list[str]:
    return [hit.zone.zone_id for hit in search_service.around(HERE, filters, **options).hits]


def test_planned_zones_are_left_out_unless_asked_for_and_withdrawn_ones_always(
    search_service: SearchService, load: Import
) -> None:
    load("z.json", zones({"status": "planned"}, {"status": "withdrawn"}, {}))
    assert ids(search_service) == ["zone-2"]
    assert ids(search_service, Filters(planned=True)) == ["zone-0", "zone-2"]


def test_moved_and_closed_zones_keep_their_place_but_are_not_the_answer(
    search_service: SearchService, load: Import
) -> None:
    load("z.json", zones({"status": "moved"}, {"status": "temporarily_closed"}, {}))
    result = search_service.around(HERE)
    assert [hit.zone.zone_id for hit in result.hits] == ["zone-0", "zone-1", "zone-2"]
    assert result.closest_usable is not None and result.closest_usable.zone.zone_id == "zone-2"


@pytest.mark.parametrize(
    ("dates", "usable"),
    [
        ({"status_from": "2026-11-25"}, True),
        ({"status_from": "2026-11-01", "status_until": "2026-11-30"}, False),
        ({"status_until": "2026-11-23"}, True),
        ({"status_until": "2026-11"}, False),
        ({}, False),
    ],
)
def test_a_dated_closure_begins_and_ends_by_itself(
    search_service: SearchService, load: Import, dates: dict[str, str], usable: bool
) -> None:
    load("z.json", zones({"status": "temporarily_closed", **dates}))
    assert search_service.around(HERE).hits[0].usable is usable


def test_open_at_passes_only_zones_that_state_they_are_open_then(search_service: SearchService, load: Import) -> None:
    load("z.json", zones({}, {"opening_hours": "Mo-Fr 08:00-16:00"}, {"opening_hours": "24/7"}))
    assert ids(search_service, Filters(open_at=datetime(2026, 11, 24, 20, 0))) == ["zone-2"]
    assert ids(search_service, Filters(open_at=NOW)) == ["zone-1", "zone-2"]
    assert search_service.around(HERE, Filters(open_at=NOW)).unstated == 1


def test_a_limit_and_a_distance_bound_the_answer(search_service: SearchService, load: Import) -> None:
    load("z.json", zones(*[{}] * 9))
    assert len(ids(search_service, limit=4)) == 4
    assert len(ids(search_service, within_m=350)) == 4


FACTS = st.fixed_dictionaries(
    {},
    optional={
        "cameras_recorded": st.sampled_from(["yes", "no"]),
        "lighting": st.sampled_from(["yes", "no"]),
        "custody_exchange": st.sampled_from(["yes", "no"]),
        "setting": st.sampled_from(["lobby", "parking_lot", "lobby_and_lot"]),
        "status": st.sampled_from(["active", "moved", "planned", "withdrawn"]),
    },
)


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(FACTS, min_size=1, max_size=30),
    st.builds(
        Filters,
        recorded=st.booleans(),
        lit=st.booleans(),
        settings=st.frozensets(st.sampled_from(Setting)),
        custody_exchange=st.booleans(),
        usable=st.booleans(),
    ),
    st.integers(1, 5),
)
def test_filters_stay_exact(
    chain: GeocodingChain,
    load: Import,
    engine: Engine,
    facts: list[dict[str, str]],
    filters: Filters,
    limit: int,
) -> None:
    with engine.begin() as connection:
        connection.execute(text("DELETE FROM zone"))
    load("z.json", zones(*facts))
    snapshot_cache = SnapshotCache(engine)
    search_service = SearchService(chain, snapshot_cache, clock=lambda: NOW)
    offers = filters.judge()
    expected = sorted(
        (distance_m(HERE, zone.coordinates), zone.zone_id)
        for zone in snapshot_cache.current().zones
        if zone.status in SHOWN
        and offers(zone) is TriState.YES
        and (zone.status is Status.ACTIVE or not filters.usable)
    )
    result = search_service.around(HERE, filters, limit=limit, counts_more=True)
    assert [hit.zone.zone_id for hit in result.hits] == [zone_id for _, zone_id in expected[:limit]]
    assert result.more == min(max(len(expected) - limit, 0), limit)
    reach = result.closest_usable.distance_m if result.closest_usable else FAR_M
    unsaid = sorted(
        (distance_m(HERE, zone.coordinates), zone.zone_id)
        for zone in snapshot_cache.current().zones
        if zone.status is Status.ACTIVE and offers(zone) is TriState.UNKNOWN
    )
    nearer = [zone_id for meters, zone_id in unsaid if meters < reach]
    assert [hit.zone.zone_id for hit in result.nearer_unstated] == (nearer if filters.any else [])


def test_a_change_made_elsewhere_is_seen_at_once_and_an_answer_in_hand_stays_whole(
    engine: Engine, load: Import
) -> None:
    load("z.json", zones({}))
    ticks = iter(range(1_000))
    snapshot_cache = SnapshotCache(engine, clock=lambda: next(ticks))
    before = snapshot_cache.current()
    load("z.json", zones({}, {}))
    after = snapshot_cache.current()
    assert (len(before.zones), len(after.zones)) == (1, 2)
    assert snapshot_cache.current() is after


def test_when_the_database_goes_the_last_directory_goes_on_answering(tmp_path: Path, gazetteer: Any) -> None:
    from directory.db.schema import migrate
    from directory.store.importing.import_options import ImportOptions
    from directory.store.importing.importer import import_file

    path = tmp_path / "d.sqlite"
    engine = open_database(f"sqlite:///{path}")
    migrate(engine)
    source = tmp_path / "z.json"
    source.write_text(zones({}))
    import_file(engine, source, gazetteer, ImportOptions())
    ticks = iter(range(1_000))
    snapshot_cache = SnapshotCache(engine, clock=lambda: next(ticks))
    assert len(snapshot_cache.current().zones) == 1
    engine.dispose()
    for file in tmp_path.glob("d.sqlite*"):
        file.write_bytes(b"garbage" * 2_000)
    assert len(snapshot_cache.current().zones) == 1
    assert isinstance(snapshot_cache.trouble, DatabaseError)
    engine.dispose()


def test_a_town_that_only_the_directory_knows_is_found(search_service: SearchService, load: Import) -> None:
    load("z.json", zones({"town": "Strathcona-by-the-Sea"}))
    result = search_service.search("Strathcona-by-the-Sea, CT")
    assert result.place is not None and result.place.provider == "directory"
    assert result.hits[0].distance_m < 1


def test_nothing_within_fifty_miles_still_names_the_nearest(search_service: SearchService, load: Import) -> None:
    load("z.json", zones({}))
    result = search_service.search("Anchorage, AK")
    if result.place is None:
        result = search_service.around(result.answer.candidates[0].coordinates)
    assert result.nothing_near and len(result.hits) == 1
    assert not search_service.around(HERE, within_m=math.inf).nothing_near

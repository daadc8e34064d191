"""Closures and moves, judged in the zone's own day: once, repeated, several at once."""

import json
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine, text

from directory.db.engine import open_database
from directory.db.schema import migrate
from directory.formats.export_formats import pieces
from directory.geo import Coordinates
from directory.geocoding.factory import build_chain
from directory.search.filters import Filters
from directory.search.results import SearchHit
from directory.search.service import SearchService
from directory.search.snapshots.snapshot_cache import SnapshotCache
from directory.settings import Settings
from directory.signing_keys import SigningKeys
from directory.store.directory_reader import read_directory
from directory.store.geocoder_answers import StoredAnswers, StoredRateLimits
from directory.store.importing.import_report import ImportReport
from directory.zones.closures import closure, covers, to_text
from directory.zones.findings import FieldError
from directory.zones.hours import Openness
from directory.zones.parsing.parsers import PARSERS
from directory.zones.schemas import Status
from tests.integration.db.test_migrations import RELEASES, filled

Import = Callable[..., ImportReport]


CENTRAL = ZoneInfo("America/Chicago")


HERE = Coordinates(30.2672, -97.7431)


FRIDAY = {"from": "2026-12-04", "until": "2026-12-04", "note": "paving"}


def austin(**facts: Any) -> str:
    """A zone in Austin, Texas, where the day ends six hours after it ends in UTC."""
    properties = {"department": "Austin PD", "town": "Austin", "state": "TX", "spot_note": "bay", **facts}
    geometry = {"type": "Point", "coordinates": [HERE.longitude, HERE.latitude]}
    feature = {"type": "Feature", "id": "austin", "geometry": geometry, "properties": properties}
    return json.dumps({"type": "FeatureCollection", "features": [feature]})


@pytest.fixture
def seen(engine: Engine, tmp_path: Path, load: Import) -> Callable[..., SearchHit]:
    """The zone in Austin with these facts, as it stands at a time there."""

    def look(when: datetime, filters: Filters | None = None, **facts: Any) -> SearchHit:
        report = load("z.json", austin(**facts))
        assert report.refused == 0, report
        chain = build_chain(
            Settings(data_dir=tmp_path, geocoders=()),
            StoredAnswers(engine, SigningKeys.of("secret")),
            StoredRateLimits(engine),
        )
        search_service = SearchService(chain, SnapshotCache(engine), clock=lambda: when)
        return search_service.around(HERE, filters or Filters(planned=True, faded=True)).hits[0]

    return look


@pytest.mark.parametrize(
    ("when", "closed"),
    [
        (datetime(2026, 12, 3, 23, 30, tzinfo=CENTRAL), False),  # Thursday night, when it is Friday in UTC
        (datetime(2026, 12, 4, 0, 30, tzinfo=CENTRAL), True),
        (datetime(2026, 12, 4, 23, 30, tzinfo=CENTRAL), True),  # Friday evening, when it is Saturday in UTC
        (datetime(2026, 12, 5, 0, 30, tzinfo=CENTRAL), False),
    ],
)
@pytest.mark.parametrize(
    "facts",
    [
        {"closures": [FRIDAY]},
        {"status": "temporarily_closed", "status_from": "2026-12-04", "status_until": "2026-12-04"},
    ],
    ids=["listed", "as in files of earlier releases"],
)
def test_a_friday_closure_holds_on_the_friday_of_the_zone(
    seen: Callable[..., SearchHit], facts: dict[str, Any], when: datetime, closed: bool
) -> None:
    found = seen(when.astimezone(UTC), opening_hours="24/7", **facts)
    assert (found.status, found.usable) == ((Status.TEMPORARILY_CLOSED, False) if closed else (Status.ACTIVE, True))
    assert found.open_state.openness is (Openness.CLOSED if closed else Openness.OPEN)


def test_open_at_asks_for_the_day_of_the_zone_and_of_a_naive_time(seen: Callable[..., SearchHit]) -> None:
    now = datetime(2026, 11, 30, 17, 0, tzinfo=UTC)
    for at in (datetime(2026, 12, 4, 12, 0), datetime(2026, 12, 5, 5, 0, tzinfo=UTC)):
        with pytest.raises(IndexError):
            seen(now, Filters(open_at=at), opening_hours="24/7", closures=[FRIDAY])
    assert seen(now, Filters(open_at=datetime(2026, 12, 5, 12, 0)), opening_hours="24/7", closures=[FRIDAY]).usable


def test_what_is_open_says_when_the_closure_begins_and_what_is_closed_when_the_hours_begin_again(
    seen: Callable[..., SearchHit],
) -> None:
    thursday = datetime(2026, 12, 3, 12, 0, tzinfo=CENTRAL)
    until = seen(thursday, opening_hours="24/7", closures=[FRIDAY]).open_state.changes_at
    assert until == datetime(2026, 12, 4, 0, 0, tzinfo=CENTRAL)
    evening = datetime(2026, 12, 3, 20, 0, tzinfo=CENTRAL)
    opens = seen(evening, opening_hours="Mo-Fr 08:00-17:00", closures=[FRIDAY]).open_state
    assert opens.openness is Openness.CLOSED
    assert opens.changes_at == datetime(2026, 12, 7, 8, 0, tzinfo=CENTRAL), "not on the closed Friday"
    for_good = seen(evening, opening_hours="24/7", closures=[{"from": "2026-12-01"}]).open_state
    assert (for_good.openness, for_good.changes_at) == (Openness.CLOSED, None)


@pytest.mark.parametrize(
    ("when", "openness", "changes_at"),
    [
        ((3, 23, 0), Openness.OPEN, (4, 0)),  # Thursday evening, until the closed Friday begins
        ((4, 0, 30), Openness.CLOSED, (5, 18)),
        ((4, 20, 0), Openness.CLOSED, (5, 18)),
        ((5, 0, 30), Openness.CLOSED, (5, 18)),  # Friday evening never opened
        ((5, 12, 0), Openness.CLOSED, (5, 18)),
        ((6, 0, 30), Openness.OPEN, (6, 2)),
    ],
)
def test_the_night_of_a_closed_day_is_closed_as_well(
    seen: Callable[..., SearchHit], when: tuple[int, int, int], openness: Openness, changes_at: tuple[int, int]
) -> None:
    day, hour, minute = when
    asked = datetime(2026, 12, day, hour, minute, tzinfo=CENTRAL)
    state = seen(asked, opening_hours="Mo-Su 18:00-02:00", closures=[FRIDAY]).open_state
    day, hour = changes_at
    assert (state.openness, state.changes_at) == (openness, datetime(2026, 12, day, hour, tzinfo=CENTRAL))


def test_what_depends_on_something_at_other_times_still_does_in_the_night_of_a_closed_day(
    seen: Callable[..., SearchHit],
) -> None:
    hours = 'Mo-Su 18:00-02:00 || "by appointment"'
    night = seen(datetime(2026, 12, 5, 0, 30, tzinfo=CENTRAL), opening_hours=hours, closures=[FRIDAY]).open_state
    assert (night.openness, night.note) == (Openness.UNKNOWN, "by appointment")


@pytest.mark.parametrize("status", ["planned", "moved"])
def test_a_planned_or_moved_zone_becomes_nothing_else_by_a_closure(seen: Callable[..., SearchHit], status: str) -> None:
    for day in (3, 4, 5):
        found = seen(
            datetime(2026, 12, day, 12, tzinfo=CENTRAL), status=status, opening_hours="24/7", closures=[FRIDAY]
        )
        assert found.status == status and not found.usable
        assert found.open_state.openness is Openness.UNKNOWN, "its hours were stated for a place in use"


def test_a_move_begins_on_its_day_of_the_zone(seen: Callable[..., SearchHit]) -> None:
    facts = {"status": "moved", "status_from": "2026-12-04"}
    assert seen(datetime(2026, 12, 3, 23, 30, tzinfo=CENTRAL), **facts).usable
    assert seen(datetime(2026, 12, 4, 0, 30, tzinfo=CENTRAL), **facts).status is Status.MOVED


@pytest.mark.parametrize(
    ("one", "closed", "open_days"),
    [
        ("Th", ["2026-12-03", "2027-01-07"], ["2026-12-04"]),
        ("Th 2026-12-10/2026-12-24", ["2026-12-10", "2026-12-24"], ["2026-12-03", "2026-12-31"]),
        ("Fr-Mo", ["2026-12-04", "2026-12-06", "2026-12-07"], ["2026-12-08"]),
        ("Mo[1]", ["2026-12-07"], ["2026-12-14"]),
        ("Mo[-1]", ["2026-12-28", "2026-11-30"], ["2026-12-21"]),
        ("Nov Th[4]", ["2026-11-26", "2027-11-25"], ["2026-12-24"]),
        ("Dec 25", ["2026-12-25", "2040-12-25"], ["2026-12-24"]),
        ("Dec 24-Jan 02", ["2026-12-24", "2026-12-31", "2027-01-02"], ["2027-01-03", "2026-12-23"]),
        ("2026-12", ["2026-12-01", "2026-12-31"], ["2026-11-30", "2027-01-01"]),
        ("/2026-12-04", ["2020-01-01", "2026-12-04"], ["2026-12-05"]),
        ("2026-12-04/", ["2026-12-04", "2099-01-01"], ["2026-12-03"]),
        ("every Thursday", ["2026-12-03"], ["2026-12-04"]),
        ("December 25", ["2027-12-25"], ["2027-12-26"]),
        ("12/4/2026", ["2026-12-04"], ["2026-12-05"]),
        ("December 4, 2026 to December 7, 2026", ["2026-12-07"], ["2026-12-08"]),
    ],
)
def test_a_closure_is_read_as_people_write_it(one: str, closed: list[str], open_days: list[str]) -> None:
    (read,) = PARSERS["closures"](f"{one}: a note").value
    assert read["note"] == "a note"
    assert all(covers(read, date.fromisoformat(day)) for day in closed)
    assert not any(covers(read, date.fromisoformat(day)) for day in open_days)


@pytest.mark.parametrize("words", ["sometimes", "2026-12-07/2026-12-04", "Jun 31", "Th[6]", "2026-02-30", ": a note"])
def test_a_closure_that_cannot_be_read_is_asked_about(words: str) -> None:
    with pytest.raises(FieldError):
        PARSERS["closures"](words)


DAYS = st.dates(date(2026, 1, 1), date(2028, 12, 31)).map(date.isoformat)


REPEATS = st.sampled_from(["Th", "Sa,Su", "Mo-Fr", "Mo[1]", "Fr[-1]", "Nov Th[4]", "Dec 25", "Dec 24-Jan 02"])


NOTES = st.text(st.characters(exclude_categories=("Cc", "Cs", "Cf", "Zl", "Zp")), max_size=40)


@st.composite
def closures(draw: st.DrawFn) -> dict[str, str]:
    first, last = draw(st.one_of(st.just(""), DAYS)), draw(st.one_of(st.just(""), DAYS))
    if first and last and last < first:
        first, last = last, first
    repeat = draw(REPEATS) if not (first or last) else draw(st.one_of(st.just(""), REPEATS))
    return closure(first, last, repeat, draw(NOTES))


@settings(max_examples=200, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(closures(), max_size=5, unique_by=to_text))
def test_closures_come_back_from_their_text_as_they_were(listed: list[dict[str, str]]) -> None:
    for separator in ("; ", "\n"):
        assert PARSERS["closures"](separator.join(map(to_text, listed))).value == listed


@pytest.mark.parametrize("form", ["geojson", "csv"])
def test_files_keep_closures_to_the_letter(engine: Engine, load: Import, form: Any) -> None:
    listed = [FRIDAY, {"repeat": "Dec 25", "note": "Christmas: closed, too"}, {"from": "2027-01", "repeat": "Th"}]
    load("z.json", austin(closures=listed))

    def exported() -> str:
        found = read_directory(engine)
        written = pieces(form, found.zones, [*found.departments.values()], [*found.towns.values()])
        return b"".join(written).decode()

    before = exported()
    assert list(read_directory(engine).zones[0].closures) == listed
    report = load(f"again.{form}", before)
    assert (report.refused, report.changed, report.unchanged) == (0, 0, 1)
    assert exported() == before


def test_a_dated_closure_of_an_earlier_release_becomes_a_closure_and_an_undated_one_stays(database_url: str) -> None:
    engine = open_database(database_url)
    filled(engine, RELEASES[4])
    with engine.begin() as connection:
        ids = connection.execute(text("SELECT zone_id FROM zone ORDER BY zone_id LIMIT 2")).scalars().all()
        change = (
            "UPDATE zone SET status = 'temporarily_closed', status_from = :f, status_note = 'paving' WHERE zone_id = :z"
        )
        connection.execute(text(change), {"f": "2026-12-04", "z": ids[0]})
        connection.execute(text(change), {"f": "", "z": ids[1]})
    migrate(engine)
    zones = {zone.zone_id: zone for zone in read_directory(engine).zones}
    assert list(zones[ids[0]].closures) == [{"from": "2026-12-04", "note": "paving"}]
    assert (zones[ids[0]].status, zones[ids[0]].status_from) == (Status.ACTIVE, "")
    assert (zones[ids[1]].status, list(zones[ids[1]].closures)) == (Status.TEMPORARILY_CLOSED, [])
    engine.dispose()

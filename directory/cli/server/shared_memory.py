"""What a server's workers share: made once, before they are forked, instead of by each of them."""

import gc
import threading
from collections.abc import Collection, Iterable
from contextlib import suppress
from dataclasses import replace
from urllib.parse import quote

import structlog
from babel.dates import format_datetime
from sqlalchemy import Engine

from directory.app import Site, begin_caches, create_app, take_up
from directory.cli.server.freed_memory import give_back, give_back_regularly
from directory.clock import now
from directory.db.errors import DatabaseError
from directory.db.sqlite_file import pin_file, source_of
from directory.geo import Coordinates
from directory.geocoding.chain import GeocodingChain
from directory.geocoding.gazetteer import Gazetteer
from directory.maps import outlines
from directory.maps.town_names import TownNames
from directory.search.filters import stated_counts
from directory.search.geography import land_mask
from directory.search.meetings.meeting_search import MeetingService
from directory.search.service import SearchService
from directory.search.snapshots.snapshot import Snapshot
from directory.search.snapshots.snapshot_cache import EarlierSnapshot
from directory.search.snapshots.snapshot_file import SnapshotFile
from directory.settings import Settings
from directory.store.directory_reader import read_directory
from directory.store.geocoder_answers import StoredAnswers
from directory.web.http.container import KEY, Container
from directory.web.http.languages import available, with_habits
from directory.web.http.limits.rate_limits import limiter
from directory.zones.hours.holidays import is_holiday

log = structlog.get_logger()
THREAD_SECONDS = 60.0
"""How long a thread that writes the last known directory is waited for."""


def app_for_workers(settings: Settings, engine: Engine) -> Site:
    """The application that `start_worker` goes on with in every worker. Its pages were written once, for nobody.

    Raises as `create_app` does.
    """
    running = threading.enumerate()
    earlier = _read(engine, SnapshotFile.within(settings.scratch_dir(), engine))
    app = create_app(settings, earlier)
    parts: Container = app.extensions[KEY]
    _load(parts.gazetteer)
    if earlier is not None:
        _write_features(earlier.snapshot)
        _rehearse(app, earlier.snapshot)
    _rest(parts, running)
    return app


def leave_to_workers() -> None:
    """Keep the collector of every process from what is in memory now: its notes in each object would be copies."""
    gc.collect()
    give_back()
    gc.freeze()


def start_worker(app: Site) -> Site:
    """What each worker does with the application, once it is forked. Raises DatabaseError as `take_up`."""
    give_back_regularly()
    return take_up(app)


def _read(engine: Engine, snapshot_file: SnapshotFile) -> EarlierSnapshot | None:
    """The directory, from which every worker goes on while the server runs; None while the database is away.

    What looks at all zones is done here: each look at an object makes a copy of its memory in a worker.
    """
    pin_file(engine)
    with suppress(DatabaseError):
        snapshot = Snapshot(read_directory(engine))
        if not snapshot_file.due_in():
            snapshot_file.keep(snapshot.directory)
        stated_counts(snapshot)
        return EarlierSnapshot(snapshot, source_of(engine))
    return None


def _load(gazetteer: Gazetteer) -> None:
    """Load what the first search of each worker would: outlines of land, postal codes, towns, languages."""
    outlines.load()
    land_mask.packaged_land_mask()
    gazetteer.country_at(Coordinates(0, 0))
    TownNames(gazetteer).load()
    for language in available():
        format_datetime(now(), locale=with_habits(language))


def _write_features(snapshot: Snapshot) -> None:
    """Write the feature of every zone: of thousands each worker would still write new ones minutes after its start."""
    try:
        snapshot.collection.split_features(snapshot.collection.zones)
    except Exception:  # who asks for the zone that cannot be written is told so
        log.exception("features not written")


def _rehearse(app: Site, snapshot: Snapshot) -> None:
    """Ask for a page of each kind in each language: the libraries, templates and tables that they need are loaded.

    Views are called without what stands around them, so that nobody's requests are counted, logged or limited. They ask
    no service either: threads that ask one never end, and a fork would have none of them. What was written without its
    answers is kept for nobody.
    """
    today = now().date()
    for state in snapshot.by_state:
        is_holiday(today, state)
    parts: Container = app.extensions[KEY]
    app.extensions[KEY] = _without_services(parts)
    limiter.enabled = False
    for language in available():
        for address in _addresses(snapshot):
            try:
                with app.test_request_context(address, headers={"Accept-Language": language}):
                    app.dispatch_request()
            except Exception:  # the page that cannot be written says so to whoever asks for it
                log.exception("page not rehearsed", page=address.partition("?")[0])
    limiter.enabled = True
    app.extensions[KEY] = parts
    begin_caches(app)


def _without_services(parts: Container) -> Container:
    """The same parts, but for the router and the geocoders online."""
    chain = GeocodingChain(parts.gazetteer, (), StoredAnswers(parts.engine, parts.signing_keys))
    search_service = SearchService(chain, parts.snapshot_cache)
    meeting_service = MeetingService(search_service, parts.snapshot_cache)
    return replace(parts, search_service=search_service, meeting_service=meeting_service, travel_times=None)


def _addresses(snapshot: Snapshot) -> list[str]:
    """A page of each kind that many people ask for."""
    if not snapshot.listed:
        return ["/"]
    # Ids begin with the state: the middle one is of one that the maps show, the first is of Alaska or Alberta.
    zone = snapshot.listed[len(snapshot.listed) // 2]
    place = f"lat={zone.latitude}&lon={zone.longitude}"
    return [
        "/", f"/search?{place}", f"/search?q={quote(zone.town_and_state)}", f"/zones/{quote(zone.zone_id)}",
        f"/towns/{zone.town_slug}", f"/api/v1/nearest?{place}", "/api/v1/collections/zones/items?limit=10",
        f"/meet?a={quote(zone.town_and_state)}&b={quote(zone.town_and_state)}",
    ]  # fmt: skip


def _rest(parts: Container, running: Collection[threading.Thread]) -> None:
    """Leave nothing that a fork would inherit half: connections, threads and the locks they hold, timers, counts."""
    parts.statistics_buffer.forget()
    _wait_for([one for one in _all_but(running) if not isinstance(one, threading.Timer)])
    parts.snapshot_cache.leave_to_workers()
    _wait_for(_all_but(running))
    parts.engine.dispose()


def _all_but(running: Collection[threading.Thread]) -> list[threading.Thread]:
    return [one for one in threading.enumerate() if one not in running]


def _wait_for(threads: Iterable[threading.Thread]) -> None:
    for one in threads:
        one.join(THREAD_SECONDS)

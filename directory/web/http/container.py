"""What the views work with: built once for an application or a command, reached from a request."""

from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import cast
from urllib.parse import urlsplit

from flask import Request, request
from sqlalchemy import Engine

from directory.errors import UnavailableError
from directory.geocoding.factory import build_chain
from directory.geocoding.gazetteer import Gazetteer
from directory.geocoding.own_towns import WithOwnTowns, own_spots
from directory.mail.links import DraftLinks
from directory.maps.basemap import Basemap
from directory.maps.map_script import MapScript, build_map_script
from directory.maps.town_names import TownNames
from directory.meetings.invitations import InvitationSealer
from directory.monitoring.metrics import Metrics
from directory.monitoring.write_probe import WriteProbe
from directory.routing.factory import build_travel_times
from directory.routing.travel_times import TravelTimes
from directory.search.meetings.meeting_search import MeetingService
from directory.search.service import SearchService
from directory.search.snapshots.snapshot import Snapshot
from directory.search.snapshots.snapshot_cache import EarlierSnapshot, SnapshotCache
from directory.search.snapshots.snapshot_file import SnapshotFile
from directory.settings import LOOPBACK, MEGABYTE, Settings
from directory.signing_keys import SigningKeys
from directory.stations.index import StationIndex
from directory.statistics.buffer import StatisticsBuffer
from directory.store.geocoder_answers import StoredAnswers, StoredRateLimits
from directory.submissions.zone_lists.fetcher import ListFetcher
from directory.use_case_context import UseCaseContext
from directory.verification.domain_probe import DnsResolver, Fetcher, Resolver, SafeFetcher
from directory.web.request_context import current_application, current_globals, current_request

KEY = "safezones"


class NoAddressError(UnavailableError):
    """SAFEZONES_BASE_URL is not set: mails would not know where to lead."""


@dataclass(frozen=True, slots=True)
class Container:
    """The parts that build_container joined."""

    settings: Settings
    signing_keys: SigningKeys
    engine: Engine
    gazetteer: Gazetteer
    snapshot_cache: SnapshotCache
    search_service: SearchService
    meeting_service: MeetingService
    invitation_sealer: InvitationSealer
    travel_times: TravelTimes | None
    map_script: MapScript
    basemap: Basemap
    town_names: TownNames
    context: UseCaseContext
    resolver: Resolver
    fetcher: Fetcher
    list_fetcher: ListFetcher
    statistics_buffer: StatisticsBuffer
    metrics: Metrics
    write_probe: WriteProbe
    stations: StationIndex


def build_container(settings: Settings, engine: Engine, earlier: EarlierSnapshot | None = None) -> Container:
    """The parts behind the views; `earlier` as in `create_app`."""
    metrics = Metrics()
    keys = settings.signing_keys
    chain = build_chain(settings, StoredAnswers(engine, keys), StoredRateLimits(engine), metrics.record_geocoder_call)
    snapshot_cache = SnapshotCache(engine, SnapshotFile.within(settings.scratch_dir(), engine), earlier=earlier)
    travel_times = build_travel_times(settings, metrics.record_router_call)
    search_service = SearchService(chain, snapshot_cache, travel_times=travel_times)
    places = WithOwnTowns(chain.gazetteer, lambda town: own_spots(snapshot_cache.current().by_town.get(town, ())))
    context = UseCaseContext(engine, chain.gazetteer, places, chain, DraftLinks(keys), settings.mail_from,
                    settings.drafts_megabytes * MEGABYTE, partial(_site_address, settings.base_url))  # fmt: skip
    return Container(
        settings,
        keys,
        engine,
        chain.gazetteer,
        snapshot_cache,
        search_service,
        MeetingService(search_service, snapshot_cache, travel_times=travel_times),
        InvitationSealer(keys),
        travel_times,
        build_map_script(settings),
        Basemap(settings.basemap),
        TownNames(chain.gazetteer),
        context,
        DnsResolver(),
        SafeFetcher(settings.user_agent),
        ListFetcher(settings.user_agent),
        StatisticsBuffer(engine),
        metrics,
        WriteProbe(engine),
        StationIndex(settings.data_dir),
    )


def _site_address(configured: str) -> str:
    """The address that mails lead to.

    A Host header is anybody's to write, so that without a configured address only this machine's own is believed.
    Raises NoAddressError.
    """
    if configured:
        return configured.rstrip("/")
    if (urlsplit(request.host_url).hostname or "") not in LOOPBACK:
        raise NoAddressError
    return request.host_url.rstrip("/")


def container() -> Container:
    """The parts of the application that handles this request."""
    return cast(Container, current_application().extensions[KEY])


def read_own_writes(http_request: Request, parts: Container) -> None:
    """After a form or a list was sent, the next page of this worker shows what it changed."""
    if http_request.method in ("POST", "PUT"):
        parts.snapshot_cache.invalidate()


def trouble_since() -> datetime | None:
    """Since when the last known directory has answered for a database in trouble; None when all is well.

    For one request it is the same from beginning to end: a page has the notice, or it may be kept.
    """
    request_globals = current_globals()
    if "trouble_since" not in request_globals:
        request_globals.trouble_since = container().snapshot_cache.trouble_since
    return cast(datetime | None, request_globals.trouble_since)


def snapshot() -> Snapshot:
    """The newest directory: the same one for all looks of a request but a POST. The search service looks for itself."""
    if current_request().method == "POST":
        return container().snapshot_cache.current()
    request_globals = current_globals()
    if "snapshot" not in request_globals:
        request_globals.snapshot = container().snapshot_cache.current()
    return cast(Snapshot, request_globals.snapshot)


def renew_snapshot() -> None:
    """Look for a newer directory than the one this request has: somebody has seen one, at another worker."""
    container().snapshot_cache.invalidate()
    current_globals().pop("snapshot", None)


def let_snapshot_go(_error: BaseException | None) -> None:
    """When a request has been answered, whatever is left of it must not keep a whole old directory in memory."""
    current_globals().pop("snapshot", None)

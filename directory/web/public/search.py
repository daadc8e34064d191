"""The search: the box, the answer, and the type-ahead from our own gazetteer."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import partial
from typing import Any

from flask import Blueprint, Response, jsonify, render_template, request
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import MultiDict

from directory.clock import now, quarter_of
from directory.geocoding.results import BadAddressError, GeocoderUnavailableError, Interpretation, NoMatchError
from directory.meetings.times import UnreadableTimeError
from directory.search.directory_names import DirectoryNames
from directory.search.filters import stated_counts
from directory.search.results import SearchResult
from directory.search.service import SearchOptions
from directory.store.repository import StoredZone
from directory.web.http.bounded_cache import BoundedCache
from directory.web.http.container import container, snapshot, trouble_since
from directory.web.http.languages import address_without_language, choose_locale
from directory.web.i18n.translate import _
from directory.web.operations.usage import Counts, counts_of
from directory.web.presenters import fragments
from directory.web.presenters.distances import units_for
from directory.web.presenters.results.police_stations import stations_near
from directory.web.presenters.results.visit_times import time_parameter
from directory.web.public.zones import state_page
from directory.web.query.parameters import CHOSEN, PARAMETERS, SearchParameters, read_search
from directory.web.request_context import current_application

blueprint = Blueprint("searching", __name__)
Moment = tuple[str, datetime]
"""The snapshot's version, and the minute."""
MOST_SUGGESTED = 10
HTML = "text/html; charset=utf-8"
MOST_BYTES = 14_000_000
"""Of all pages that are cached: some 500."""
LARGEST_PAGE = 40_000
"""Bytes of a page that is cached."""
PAGE_BYTES = 4_000
"""What a page takes beside its text: its key, its place in the cache, and the result that it shows."""
KEY = "safezones.pages"
RESULTS = "public/results.html"
UNFILTERED = ("q", "lat", "lon", "units", "at", "mode")
"""What a search keeps that drops its filters."""


@dataclass(frozen=True, slots=True)
class CachedPage:
    """A page that was written, and what it counts for: a link that many follow asks for the same one again.

    `moment` is when its search began: a page may be newer than that, never older.
    """

    page: bytes
    status: int
    counts: Counts
    moment: Moment
    result: SearchResult | None = None
    stated: Mapping[str, int] = field(default_factory=dict)
    """The numbers beside its filters, which count zones everywhere."""

    @property
    def lasting(self) -> bool:
        """Whether it would be the same for the rest of the minute."""
        return self.result is not None and not self.result.answer.degraded and not self.result.travel.passing

    def shows(self, result: SearchResult) -> bool:
        """Whether it says the same as a page about `result` would say now.

        A zone that is the very same was not touched meanwhile, nor were its department and town.
        """
        return (
            quarter_of(self.moment[1]) == quarter_of(now())
            and self.result == result
            and self.stated == stated_counts(snapshot())
            and all(zone is other for zone, other in zip(_zones_of(self.result), _zones_of(result), strict=True))
        )


def _zones_of(result: SearchResult) -> list[StoredZone]:
    """The zones that a page about it names."""
    seen = (*result.hits, *result.nearer_unstated, result.closest_usable, result.closest_shown)
    return [hit.zone for hit in seen if hit]


@blueprint.get("/search")
def search() -> ResponseReturnValue:
    """The nearest zones to an address or a position."""
    pages: BoundedCache[CachedPage] = current_application().extensions[KEY]
    well = trouble_since() is None  # else every page carries a notice
    key = (request.query_string, request.url_root, choose_locale(), container().stations.version)
    moment = snapshot().version, now().replace(second=0, microsecond=0)
    ready = pages.get(key) if well else None
    if ready is None or ready.moment != moment:
        ready = _search(ready, moment)
        if ready.lasting and well and len(ready.page) <= LARGEST_PAGE:
            pages.keep(key, ready)
    container().statistics_buffer.count(ready.counts)
    # What somebody searched for is nobody's business: no cache keeps it.
    return ready.page, ready.status, {"Cache-Control": "private, no-store", "Content-Type": HTML}


def new_cache() -> BoundedCache[CachedPage]:
    """The cache of an application."""
    return BoundedCache(MOST_BYTES, lambda cached: PAGE_BYTES + len(cached.page))


def _search(before: CachedPage | None, moment: Moment) -> CachedPage:
    """The page for the request at hand: `before`, where neither a minute nor a change has changed anything of it."""
    try:
        params = read_search(request.args)
    except UnreadableTimeError as error:
        return _time_question(error, moment)
    page = partial(_page, params, moment)
    if params.position is None and not params.words:
        return page("public/_start_search.html", 200)
    try:
        result = _result(params)
    except BadAddressError as error:
        return page("public/no_match.html", 400, kind="bad", read=Interpretation(params.words, notes=error.notes))
    except NoMatchError as error:
        read = Interpretation(params.words, notes=error.notes)
        return page("public/no_match.html", 404, kind="no_match", similar=error.similar, read=read,
                    degraded=error.degraded)  # fmt: skip
    except GeocoderUnavailableError as error:
        return page("public/no_match.html", 503, kind="down", read=Interpretation(params.words, notes=error.notes))
    except UnreadableTimeError as error:
        return _time_question(error, moment)
    counts = counts_of(snapshot(), result, bounded=params.within_m < float("inf"))
    if region := result.answer.region:
        return page("public/state.html", 200, counts, result=result, **state_page(region.state))
    if result.place is None:
        return page("public/disambiguate.html", 200, counts, result=result)
    country = result.place.country or container().search_service.country_at(result.place.coordinates)
    units = units_for(params.units, country)
    if before is not None and before.shows(result):
        return replace(before, counts=counts, moment=moment)
    wants_stations = result.nothing_near or params.on("stations")
    stations = stations_near(result.place.coordinates) if wants_stations else ()
    return page(RESULTS, 200, counts, result=result, units=units, stations=stations)


def _time_question(error: UnreadableTimeError, moment: Moment) -> CachedPage:
    """The page that asks which time is meant, with everything that was typed."""
    params = read_search(MultiDict([(name, value) for name, value in request.args.items() if name != "at"]))
    return _page(params, moment, "meetings/time_question.html", 400, error=error, endpoint="searching.search", where={})


def _result(params: SearchParameters) -> SearchResult:
    search_service = container().search_service
    options: SearchOptions = {"limit": params.limit, "within_m": params.within_m, "mode": params.mode,
                              "counts_more": True}  # fmt: skip
    if params.at is not None:
        options["at"] = params.at.on
    if params.position is not None:
        return search_service.around(params.position, params.filters, **options)
    return search_service.search(params.words, params.filters, **options)


def _page(
    params: SearchParameters, moment: Moment, template: str, status: int, counts: Counts = (), **values: Any
) -> CachedPage:
    again = {name: value for name, value in request.args.items() if name in PARAMETERS}
    result: SearchResult | None = values.get("result")
    if result is not None and result.at is not None:
        # Words such as "tonight" mean another day tomorrow: links say the time itself.
        again["at"] = time_parameter(result.at)
    chosen = {name: value for name, value in again.items() if name in CHOSEN and value}
    unfiltered = {name: value for name, value in sorted(again.items()) if name in UNFILTERED}
    stated = stated_counts(snapshot())
    values |= {"params": params, "query": request.args, "again": again, "chosen": chosen, "unfiltered": unfiltered,
               "stated": stated, "stated_items": tuple(stated.items())}  # fmt: skip
    html = _results_page(values) if template == RESULTS else render_template(template, **values)
    return CachedPage(html.encode(), status, counts, moment, result, stated)


def _results_page(values: dict[str, Any]) -> str:
    """What is listed, within the page that is the same for all of a language."""
    return fragments.page(
        RESULTS,
        title=_("Safe zones near %(place)s", place=values["result"].place.label),
        translated=address_without_language(request.path),
        main=fragments.written("public/_results.html", values),
    )


@blueprint.get("/suggest")
def suggest() -> Response:
    """Regions, towns, postal codes and departments that begin with `q`, from our own tables only."""
    words = request.args.get("q", "")[:80]
    suggestions = [*container().gazetteer.suggest(words), *DirectoryNames.of(snapshot()).beginning(words)]
    response = jsonify(list(dict.fromkeys(suggestions))[:MOST_SUGGESTED])
    response.headers["Cache-Control"] = "private, no-store"
    return response

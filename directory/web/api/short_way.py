"""The short way: the two questions that programs ask most, answered before Flask is asked.

Routing, contexts and hooks take Flask longer than it takes to find the nearest of a million zones. The answers are
made by the very functions that the views use; `test_short_way.py` holds body and headers against theirs.
Whatever is not plain goes the long way: an address to locate, police stations, items usable now, parameters that cannot
be read, a conditional request, a media type that is not ours, a limit exceeded, a database that never answered.
"""

import gzip
import time
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, NamedTuple, cast
from urllib.parse import parse_qsl

import brotli
from flask import Flask
from pydantic import ValidationError

from directory.clock import now
from directory.db.errors import DatabaseError
from directory.search.snapshot import Snapshot
from directory.web.api.features import ITEMS, page_of_zones
from directory.web.api.lookups import NEAREST_PATH, search_around, zones_found
from directory.web.api.operations import FORMATS, GEOJSON, PRIVATE, SHARED, entity_tag
from directory.web.api.parameters import ItemsQuery, NearestQuery
from directory.web.api.request_url import RequestUrl
from directory.web.http.client_address import limit_key
from directory.web.http.container import Container
from directory.web.http.rate_limits import COUNTED
from directory.web.http.request_log import HEADER as REQUEST_ID
from directory.web.http.request_log import note, request_id
from directory.web.http.security_headers import OPEN_HEADERS, SECURE_HEADERS, usual_headers
from directory.web.operations.usage import Counts, counts_of

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

Headers = list[tuple[str, str]]
QUERIES: dict[str, Any] = {NEAREST_PATH: NearestQuery, ITEMS: ItemsQuery}
ROUTES = {NEAREST_PATH: "lookups.nearest", ITEMS: "features.items"}
NOT_PLAIN = ("HTTP_IF_NONE_MATCH", "HTTP_RANGE", "HTTP_EXPECT")
ANYTHING = ("", "*/*", GEOJSON)
GZIP_LEVEL = 6


class _Made(NamedTuple):
    """An answer: what goes out, and what it counts for."""

    body: bytes
    headers: Headers
    counts: Counts


class ShortWay:
    """A WSGI application in front of Flask's."""

    def __init__(self, app: Flask, services: Container) -> None:
        self._long_way: WSGIApplication = app.wsgi_app
        self._services = services
        self._smallest: int = app.config["COMPRESS_MIN_SIZE"]
        self._quality: int = app.config["COMPRESS_BR_LEVEL"]
        self._headers = [*usual_headers(services.settings).items(), *OPEN_HEADERS.items()]

    def __call__(self, environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        """Answer a plain question; hand on everything else."""
        begun = time.perf_counter()
        path = environ["PATH_INFO"]
        made = self._answer(environ) if path in QUERIES and _is_plain(environ) else None
        if made is None:
            return self._long_way(environ, start_response)
        body, headers = made
        number = request_id(environ.get("HTTP_X_REQUEST_ID", ""))
        headers.append((REQUEST_ID, number))
        note(self._services, number, ROUTES[path], "GET", 200, time.perf_counter() - begun)
        start_response("200 OK", headers)
        return [body]

    def _answer(self, environ: "WSGIEnvironment") -> tuple[bytes, Headers] | None:
        asked = _asked(environ)
        query = _read(QUERIES[environ["PATH_INFO"]], asked)
        if query is None:
            return None
        window = self._services.api_rate_limit.count(limit_key(environ.get("REMOTE_ADDR", "")))
        environ[COUNTED] = window  # the long way does not count it once more
        if window and window.exceeded:
            return None
        try:
            made = self._made(query, asked, environ.get("HTTP_ACCEPT_ENCODING", ""))
        except DatabaseError:
            return None
        if made.counts:
            self._services.statistics_buffer.count(made.counts)
        secure = SECURE_HEADERS.items() if environ["wsgi.url_scheme"] == "https" else ()
        limits = window.headers() if window else ()
        return made.body, [*made.headers, *self._headers, *secure, *limits]

    def _made(self, query: Any, asked: RequestUrl, accepted: str) -> _Made:
        """The answer, or the one that was made for the same question within this minute."""
        snapshot = self._services.snapshot_cache.current()
        moment = snapshot.at(now())
        key = (asked.address(), accepted)
        known = cast(_Made | None, moment.answer(key))
        if known is None:
            nearest = asked.path == NEAREST_PATH
            body, headers, counts = (self._nearest if nearest else self._items)(snapshot, query, asked)
            body, encoding = self._packed(body, accepted)
            known = _Made(body, [*headers, *encoding, ("Content-Length", str(len(body)))], counts)
            if moment.asked_before(key):  # what is asked once would only push others out, of the processor's cache too
                moment.keep(key, known, len(body))
        return known

    def _nearest(self, snapshot: Snapshot, query: NearestQuery, asked: RequestUrl) -> tuple[bytes, Headers, Counts]:
        result = search_around(self._services.search_service, query)
        headers = [("Content-Type", GEOJSON), ("Cache-Control", PRIVATE), ("Vary", "Accept-Encoding")]
        counts = counts_of(snapshot, result, bounded=query.within_m is not None)
        return zones_found(snapshot, query, result, asked), headers, counts

    def _items(self, snapshot: Snapshot, query: Any, asked: RequestUrl) -> tuple[bytes, Headers, Counts]:
        kind = FORMATS[query.f] if query.f else GEOJSON
        tag = f'W/"{entity_tag(snapshot, asked, kind)}"'
        vary = ("Vary", "Accept, Accept-Encoding")
        headers = [("Content-Type", kind), ("Cache-Control", SHARED), ("ETag", tag), vary]
        return page_of_zones(snapshot, query, kind, asked), headers, ()

    def _packed(self, body: bytes, accepted: str) -> tuple[bytes, Headers]:
        """The body as small as the asker can take it, by the best that both know."""
        if len(body) < self._smallest:
            return body, []
        if "br" in accepted:
            return brotli.compress(body, quality=self._quality), [("Content-Encoding", "br")]
        if "gzip" in accepted:
            return gzip.compress(body, GZIP_LEVEL), [("Content-Encoding", "gzip")]
        return body, []


def _is_plain(environ: "WSGIEnvironment") -> bool:
    return (
        environ["REQUEST_METHOD"] == "GET"
        and "HTTP_HOST" in environ
        and environ.get("HTTP_ACCEPT", "") in ANYTHING
        and ";" not in environ.get("HTTP_ACCEPT_ENCODING", "")
        and not any(name in environ for name in NOT_PLAIN)
    )


def _asked(environ: "WSGIEnvironment") -> RequestUrl:
    args = parse_qsl(environ.get("QUERY_STRING", ""), keep_blank_values=True)
    root = f"{environ['wsgi.url_scheme']}://{environ['HTTP_HOST']}"
    # A parameter given twice is refused, on the long way.
    given = dict(args) if len({name for name, _ in args}) == len(args) else {"": ""}
    return RequestUrl(root, environ["PATH_INFO"], given)


def _read(model: Any, asked: RequestUrl) -> Any:
    """The parameters, or None when the long way has something to say about them, or more to ask than the snapshot."""
    try:
        query = model.model_validate(asked.args)
    except ValidationError:
        return None
    if model is NearestQuery:
        located = query.address is None and query.lat is not None and query.lon is not None
        return query if located and not query.stations else None
    return None if query.changed_since or query.after or query.usable else query

"""create_app: builds the parts and joins them. Nothing happens at import."""

import hashlib
from collections.abc import Iterable
from contextlib import suppress
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from flask import Flask
from flask_compress import Compress
from flask_wtf import CSRFProtect
from jinja2 import StrictUndefined
from sqlalchemy import Engine
from werkzeug.middleware.proxy_fix import ProxyFix
from whitenoise import WhiteNoise

from directory import clock, logs
from directory.geocoding.setup import build_chain, require_geocoders
from directory.maps.frame import build_frame
from directory.records.database import (
    EMPTIED,
    DatabaseProblem,
    OtherSchema,
    migrate,
    open_database,
    require_same_file,
    schema_version,
    watch_file,
)
from directory.records.store import StoredAnswers, StoredTurns
from directory.records.tally import Tally
from directory.search.finder import Finder
from directory.search.keeper import SnapshotKeeper
from directory.search.last_known import LastKnown
from directory.search.stations import Stations
from directory.settings import MEGABYTE, PACKAGE, Settings, packaged
from directory.submissions.fetching import DnsResolver, SafeFetcher
from directory.submissions.links import DraftLinks
from directory.submissions.office import Office
from directory.submissions.sessions import LIFETIME
from directory.web import (
    access,
    barring,
    characters,
    closure_words,
    closures,
    department_review,
    desk,
    desk_words,
    disk_guard,
    distances,
    downloads,
    errors,
    evidence,
    feeds,
    health,
    hours_words,
    keys,
    languages,
    limits,
    looking_up,
    mapping,
    owning,
    pages,
    photos,
    places,
    police_near,
    presenting,
    proposing,
    reading_words,
    reports,
    reviewing,
    searching,
    security,
    security_events,
    signing,
    staff_departments,
    staff_people,
    staff_towns,
    submitting,
    tracing,
    uploading,
    words,
)
from directory.web.api import contract, features, lookups
from directory.web.api_limit import ApiLimit
from directory.web.embed import builder, oembed
from directory.web.embed import frame as embed_frame
from directory.web.limits import counting_storage
from directory.web.metrics import Metrics
from directory.web.numbers import StorableInteger
from directory.web.services import KEY, Services, let_snapshot_go, read_own_writes
from directory.web.short_way import ShortWay
from directory.web.towns import figures, kit, posters
from directory.web.turnstile import Turnstile
from directory.web.write_probe import WriteProbe

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

STATIC = PACKAGE / "static"
ROOMS = (
    health, pages, searching, places, mapping, feeds, reports, photos, submitting, proposing, uploading, owning,
    looking_up, signing, keys, desk, closures, department_review, reviewing, evidence, features, lookups, contract,
    downloads,
    embed_frame, builder, oembed, posters, figures, kit, staff_towns, staff_departments, staff_people, barring,
)  # fmt: skip
"""The modules that hold a blueprint each."""


def create_app(settings: Settings | None = None) -> Flask:
    """The web application. Its database is brought up to date; an empty one stays empty (see `safezones serve`).

    A database that is away is no hindrance where the last known directory lies on disk.
    Raises DatabaseProblem, UnknownGeocoder, UnsafeMapSetting or pydantic's ValidationError.
    """
    settings = settings or Settings()
    require_geocoders(settings)
    logs.set_up()
    clock.run_ahead(timedelta(days=settings.clock_ahead_days))
    engine = open_database(settings.database)
    bring_up_to_date(engine, settings)
    parts = build_services(settings, engine)
    release = static_release(STATIC)
    app = Flask(
        "directory",
        template_folder=str(packaged("templates")),
        static_folder=str(STATIC),
        static_url_path=f"/static/{release}",
    )
    app.config.update(
        SECRET_KEY=settings.signing_key,
        PERMANENT_SESSION_LIFETIME=LIFETIME,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_SECURE=settings.base_url.startswith("https://"),
        WTF_CSRF_TIME_LIMIT=None,
        RATELIMIT_STORAGE_URI=settings.limits_storage,
        COMPRESS_ALGORITHM=["br", "gzip"],
        COMPRESS_BR_LEVEL=4,
        COMPRESS_MIN_SIZE=500,
        COMPRESS_MIMETYPES=[
            "text/html", "application/json", "application/atom+xml", "application/xml", "image/svg+xml",
            "text/javascript", "text/plain", "text/csv", "application/geo+json", "application/schema+json",
            "application/vnd.oai.openapi+json", "application/vnd.google-earth.kml+xml", "application/gpx+xml",
        ],
    )  # fmt: skip
    app.extensions[KEY] = parts
    app.jinja_env.undefined = StrictUndefined
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    app.jinja_env.globals.update(
        person=access.person, police=police_near, closing=closure_words, distances=distances, hours_words=hours_words,
        show=presenting, say=desk_words, reading=reading_words, told=words.told, settings=settings,
        without_database=words.without_database,
        zones_url=mapping.zones_url, frame_url=mapping.frame_url, frame_id=parts.frame.element_id,
    )  # fmt: skip
    app.url_map.strict_slashes = False
    app.url_map.converters["int"] = StorableInteger
    tracing.init_app(app)
    languages.init_app(app)
    security.init_app(app, settings)
    errors.init_app(app)
    security_events.init_app(app)
    limits.init_app(app)
    Compress(app)
    # Another site's page may count directions too: it is no more than a number.
    CSRFProtect(app).exempt(places.count_directions)
    characters.init_app(app)
    access.init_app(app)
    disk_guard.init_app(app)
    app.after_request(read_own_writes)
    app.teardown_appcontext(let_snapshot_go)
    for module in ROOMS:
        app.register_blueprint(module.blueprint)
    serve_static(app, release, settings)
    app.wsgi_app = ShortWay(app, parts)  # type: ignore[method-assign]
    app.wsgi_app = Turnstile(app.wsgi_app, parts)  # type: ignore[method-assign]
    if settings.base_url:
        app.wsgi_app = AtAddress(app.wsgi_app, settings.base_url)  # type: ignore[method-assign]
    if settings.proxies:
        app.wsgi_app = ProxyFix(app.wsgi_app, *[settings.proxies] * 4)  # type: ignore[method-assign]
    with suppress(DatabaseProblem):  # each request says so, until the database is there
        parts.keeper.current()  # read now, so that nobody waits for it
    return app


def bring_up_to_date(engine: Engine, settings: Settings) -> None:
    """Migrate, and watch the file. Raises DatabaseProblem, unless the last known directory can answer meanwhile."""
    last_known = LastKnown.within(settings.scratch_dir(), engine)
    known = last_known.zones()
    if known:
        watch_file(engine)  # where zones were served before, a missing file is not made anew
    try:
        require_same_file(engine)
        if known and schema_version(engine) is None:
            raise DatabaseProblem(EMPTIED)  # with tables, an emptied database would look like a new one
        migrate(engine)
    except DatabaseProblem as trouble:
        if known is None or isinstance(trouble, OtherSchema):
            raise
    watch_file(engine)


class AtAddress:
    """Makes every absolute link begin with the configured address, whatever Host header a request carries."""

    def __init__(self, application: "WSGIApplication", base_url: str) -> None:
        self._application = application
        self._parts = urlsplit(base_url)

    def __call__(self, environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        """Answer a request as if it had come to the configured address."""
        environ["wsgi.url_scheme"], environ["HTTP_HOST"] = self._parts.scheme, self._parts.netloc
        return self._application(environ, start_response)


def build_services(settings: Settings, engine: Engine) -> Services:
    """The parts behind the views."""
    metrics = Metrics()
    chain = build_chain(settings, StoredAnswers(engine, settings.signing_key), StoredTurns(engine), metrics.heard)
    keeper = SnapshotKeeper(engine, LastKnown.within(settings.scratch_dir(), engine))
    finder = Finder(chain, keeper)
    office = Office(engine, chain.gazetteer, chain, DraftLinks(settings.signing_key), settings.mail_from,
                    settings.drafts_megabytes * MEGABYTE)  # fmt: skip
    return Services(
        settings,
        engine,
        chain.gazetteer,
        keeper,
        finder,
        build_frame(settings),
        office,
        DnsResolver(),
        SafeFetcher(),
        Tally(engine),
        ApiLimit(settings.api_per_minute, counting_storage),
        metrics,
        WriteProbe(engine),
        Stations(settings.data_dir),
    )


def static_release(folder: Path) -> str:
    """A name for the static files as they are now, so that browsers may keep them for ever."""
    digest = hashlib.sha256()
    for path in sorted(folder.rglob("*")):
        if path.is_file():
            digest.update(path.relative_to(folder).as_posix().encode() + path.read_bytes())
    return digest.hexdigest()[:12]


def serve_static(app: Flask, release: str, settings: Settings) -> None:
    """Hand static files out compressed, before Flask is asked."""
    usual = security.usual_headers(settings)
    app.wsgi_app = WhiteNoise(  # type: ignore[method-assign]
        app.wsgi_app,
        root=str(STATIC),
        prefix=f"static/{release}",
        immutable_file_test=lambda _path, _url: True,
        add_headers_function=lambda headers, _path, _url: [headers.add_header(*pair) for pair in usual.items()],
    )

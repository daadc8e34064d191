"""create_app: builds the parts and joins them. Nothing happens at import."""

import hashlib
from collections.abc import Callable, Iterable
from contextlib import suppress
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from flask import Flask
from jinja2 import StrictUndefined
from sqlalchemy import Engine
from werkzeug.middleware.proxy_fix import ProxyFix
from whitenoise import WhiteNoise

from directory import clock, logs
from directory.accounts.sessions import LIFETIME
from directory.db.engine import open_database
from directory.db.errors import EMPTIED, DatabaseError, SchemaVersionError
from directory.db.schema import migrate, schema_version
from directory.db.sqlite_file import pin_file, require_same_file
from directory.geocoding.factory import require_geocoders
from directory.search.snapshots.snapshot_cache import EarlierSnapshot
from directory.search.snapshots.snapshot_file import SnapshotFile
from directory.settings import PACKAGE, Settings, packaged
from directory.web import request_hooks
from directory.web.accounts import permissions
from directory.web.api.department_zones import put_zones
from directory.web.blueprints import BLUEPRINTS
from directory.web.http import languages
from directory.web.http.container import KEY, Container, build_container
from directory.web.http.error_handling import errors
from directory.web.http.limits import proxy_hops
from directory.web.http.limits.proxy_hops import ProxyHops
from directory.web.http.limits.rate_limits import limiter
from directory.web.http.limits.upload_gate import UploadGate
from directory.web.http.security import security_events
from directory.web.http.security.cross_site import ASKED_HOST
from directory.web.http.security.security_headers import SecurityHeaders
from directory.web.http.security.session_cookie import OwnPagesSessionInterface
from directory.web.http.templates import PageEnvironment
from directory.web.meetings import links as meet_links
from directory.web.operations import disk_guard
from directory.web.presenters import fragments
from directory.web.presenters.results import zone_cards
from directory.web.presenters.template_functions import TEMPLATE_FUNCTIONS
from directory.web.public import search
from directory.web.public.maps import (
    map_data,
    map_pictures,
    streets,
    town_names,
)
from directory.web.public.visits import send as send_visit
from directory.web.public.web_app import in_web_app
from directory.web.public.zones import count_directions
from directory.web.query.converters import DepartmentConverter, StorableInteger
from directory.web.query.meeting_parameters import PLACES

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

STATIC = PACKAGE / "static"


def create_app(settings: Settings | None = None, earlier: EarlierSnapshot | None = None) -> "Site":
    """The web application. Its database is brought up to date; an empty one stays empty (see `safezones serve`).

    `earlier` was read before from this database or one it was copied from; only changes since are read.
    A database that is away is no hindrance where the last known directory lies on disk.
    Raises DatabaseError, UnknownGeocoderError, UnsafeMapSettingError or pydantic's ValidationError.
    """
    settings = settings or Settings()
    require_geocoders(settings)
    logs.set_up()
    clock.run_ahead(timedelta(days=settings.clock_ahead_days))
    engine = open_database(settings.database)
    bring_up_to_date(engine, settings)
    parts = build_container(settings, engine, earlier)
    release = static_release(STATIC)
    app = Site(
        "directory",
        template_folder=str(packaged("templates")),
        static_folder=str(STATIC),
        static_url_path=f"/static/{release}",
    )
    _configure(app, settings, parts)
    _set_up_templates(app, settings, parts)
    _set_up_requests(app, settings)
    for module in BLUEPRINTS:
        app.register_blueprint(module.blueprint)
    serve_static(app, release)
    _wrap(app, settings, parts)
    with suppress(DatabaseError):  # each request says so, until the database is there
        parts.snapshot_cache.current()  # read now, so that nobody waits for it
    return app


def take_up(app: "Site") -> "Site":
    """Go on, in a worker, with an application that was made before the fork. Raises DatabaseError as `create_app`."""
    parts: Container = app.extensions[KEY]
    bring_up_to_date(parts.engine, parts.settings)
    with suppress(DatabaseError):
        parts.snapshot_cache.current()
    return app


def _configure(app: Flask, settings: Settings, parts: Container) -> None:
    app.config.update(
        SIGNING_KEYS=parts.signing_keys,
        WTF_CSRF_SECRET_KEY=parts.signing_keys,
        PERMANENT_SESSION_LIFETIME=LIFETIME,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_SECURE=settings.base_url.startswith("https://"),
        WTF_CSRF_TIME_LIMIT=None,
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
    begin_caches(app)


def begin_caches(app: Flask) -> None:
    """Give the application empty caches of pages and of pieces of them."""
    app.extensions[zone_cards.KEY] = zone_cards.new_cache()
    app.extensions[fragments.KEY] = fragments.new_cache()
    app.extensions[search.KEY] = search.new_cache()


def _set_up_templates(app: Flask, settings: Settings, parts: Container) -> None:
    app.jinja_environment = PageEnvironment
    app.jinja_env.undefined = StrictUndefined
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    app.jinja_env.globals.update(
        TEMPLATE_FUNCTIONS,
        gap=fragments.gap,
        person=permissions.person,
        in_web_app=in_web_app,
        settings=settings,
        zones_url=map_data.zones_url,
        map_script_url=map_data.map_script_url,
        basemap_url=streets.basemap_url,
        names_url=town_names.names_url,
        map_picture_of=map_pictures.map_picture_of,
        region_names=map_data.region_names,
        map_id=parts.map_script.element_id,
        place_parameters=PLACES,
    )


def _set_up_requests(app: Flask, settings: Settings) -> None:
    """Addresses, languages, sessions, errors, permissions, and what happens before and after each view."""
    app.url_map.strict_slashes = False
    app.url_map.converters |= {"int": StorableInteger, "department": DepartmentConverter}
    limiter.count_at(settings.limits_storage)
    languages.init_app(app)
    app.session_interface = OwnPagesSessionInterface()
    security_events.init_app(app)
    errors.init_app(app)
    permissions.init_app(app)
    disk_guard.init_app(app)
    request_hooks.init_app(app)
    request_hooks.csrf.exempt(count_directions)  # another site's page may count them too: it is no more than a number
    request_hooks.csrf.exempt(put_zones)  # no cookie lets anybody in there
    for view in (send_visit, meet_links.invite, meet_links.join):  # these look at the sender themselves
        request_hooks.csrf.exempt(view)


def _wrap(app: Flask, settings: Settings, parts: Container) -> None:
    """What sees a request before Flask does; the last one first."""
    app.wsgi_app = SecurityHeaders(UploadGate(app.wsgi_app, parts), settings)  # type: ignore[method-assign]
    if settings.base_url:
        app.wsgi_app = CanonicalHost(app.wsgi_app, settings.base_url)  # type: ignore[method-assign]
    if settings.proxies:
        # Not X-Forwarded-Port: Caddy hands on what a visitor wrote there. The port stands in the host.
        count = settings.proxies
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=count, x_proto=count, x_host=count)  # type: ignore[method-assign]
    hops = app.extensions[proxy_hops.KEY] = ProxyHops(app.wsgi_app, settings.proxies)
    app.wsgi_app = hops  # type: ignore[method-assign]


class Site(Flask):
    """Flask whose views and hooks are no coroutines."""

    def ensure_sync(self, func: Callable[..., Any]) -> Callable[..., Any]:
        """The function as it is: Flask would look at each, in each request, whether it is a coroutine."""
        return func


def bring_up_to_date(engine: Engine, settings: Settings) -> None:
    """Migrate, and watch the file. Raises DatabaseError, unless the last known directory can answer meanwhile."""
    snapshot_file = SnapshotFile.within(settings.scratch_dir(), engine)
    zone_count = snapshot_file.zones()
    if zone_count:
        pin_file(engine)  # where zones were served before, a missing file is not made anew
    try:
        require_same_file(engine)
        if zone_count and schema_version(engine) is None:
            raise DatabaseError(EMPTIED)  # with tables, an emptied database would look like a new one
        migrate(engine)
    except DatabaseError as trouble:
        if zone_count is None or isinstance(trouble, SchemaVersionError):
            raise
    pin_file(engine)


class CanonicalHost:
    """Makes every absolute link begin with the configured address, whatever Host header a request carries."""

    def __init__(self, application: "WSGIApplication", base_url: str) -> None:
        self._application = application
        self._parts = urlsplit(base_url)

    def __call__(self, environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        """Answer a request as if it had come to the configured address."""
        environ[ASKED_HOST] = environ.get("HTTP_HOST", "")
        environ["wsgi.url_scheme"], environ["HTTP_HOST"] = self._parts.scheme, self._parts.netloc
        return self._application(environ, start_response)


def static_release(folder: Path) -> str:
    """A name for the static files as they are now, so that browsers may keep them for ever."""
    digest = hashlib.sha256()
    for path in sorted(folder.rglob("*")):
        if path.is_file():
            digest.update(path.relative_to(folder).as_posix().encode() + path.read_bytes())
    return digest.hexdigest()[:12]


def serve_static(app: Flask, release: str) -> None:
    """Hand static files out compressed, before Flask is asked."""
    app.wsgi_app = WhiteNoise(  # type: ignore[method-assign]
        app.wsgi_app,
        root=str(STATIC),
        prefix=f"static/{release}",
        immutable_file_test=lambda _path, _url: True,
    )

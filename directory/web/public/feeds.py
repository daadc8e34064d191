"""For machines that read along: Atom feeds, the sitemap, robots.txt."""

from collections.abc import Sequence
from datetime import UTC, datetime
from urllib.parse import urlsplit

from flask import Blueprint, Response, abort, request, url_for

from directory.db.tables.log import LogEntry
from directory.meetings.calendar_files import closures_calendar
from directory.regions import REGIONS
from directory.search.zone_status import IN_USE
from directory.store.repository import StoredZone, recent_changes
from directory.web.http.container import container, snapshot
from directory.web.http.error_handling.rows_or_404 import town_or_404, zone_or_404
from directory.web.http.languages import language_code
from directory.web.http.security.security_headers import OPEN_HEADERS
from directory.web.http.urls import public_address
from directory.web.i18n.translate import _
from directory.web.presenters.place_titles import full_title
from directory.web.presenters.regions import state_name
from directory.web.presenters.zone_facts import closures
from directory.web.presenters.zone_facts.zones import provenance, status_words, town_url, where_exactly
from directory.xml_writer import DECLARATION, Xml, element, lines
from directory.zones.keys import slug_from_url

blueprint = Blueprint("feeds", __name__)

ATOM = "application/atom+xml"
ENTRIES = 50


@blueprint.get("/towns/<state>/<town>/feed.atom")
def town(state: str, town: str) -> Response:
    """What changed in a town."""
    now, key = snapshot(), slug_from_url(state, town)
    row = now.towns.get(key) or abort(404)
    zones = [zone for zone in now.zones if zone.town_slug == key]
    return _feed(f"{row.name}, {row.state}", town_url(key), zones)


@blueprint.get("/towns/<state>/feed.atom")
def state(state: str) -> Response:
    """What changed in a state."""
    code = state.upper()
    if code not in REGIONS:
        abort(404)
    zones = [zone for zone in snapshot().zones if zone.state == code]
    return _feed(state_name(code), url_for("places.state", state=state.lower()), zones)


@blueprint.get("/zones/<zone_id>/closures.ics")
def zone_closures(zone_id: str) -> Response:
    """The announced closures of a zone, to subscribe to in a calendar."""
    zone = zone_or_404(zone_id)
    return _closures(_("Closures: %(place)s", place=full_title(zone)), [zone])


@blueprint.get("/towns/<state>/<town>/closures.ics")
def town_closures(state: str, town: str) -> Response:
    """The announced closures of all zones of a town."""
    row = town_or_404(state, town)
    zones = [zone for zone in snapshot().zones if zone.town_slug == row.slug]
    return _closures(_("Closures: %(place)s", place=f"{row.name}, {row.state}"), zones)


def _closures(name: str, zones: list[StoredZone]) -> Response:
    def page(zone: StoredZone) -> str:
        return url_for("places.zone", zone_id=zone.zone_id, _external=True)

    host = urlsplit(public_address()).hostname or "localhost"
    response = Response(closures_calendar(name, zones, host, page, closures.calendar_title), mimetype="text/calendar")
    response.headers["Content-Language"] = language_code()
    return _for_readers(response, max((zone.changed_at for zone in zones), default=None))


def _for_readers(response: Response, changed: datetime | None) -> Response:
    """Open to programs of other sites, and sent once: equal bytes have an equal tag."""
    response.headers.update(OPEN_HEADERS)
    response.last_modified = changed
    response.add_etag(weak=True)
    response.make_conditional(request)
    return response


def _feed(title: str, page: str, zones: list[StoredZone]) -> Response:
    by_id = {zone.zone_id: zone for zone in zones}
    changes = recent_changes(container().engine, ENTRIES, list(by_id)) if by_id else []
    updated = changes[0].at if changes else datetime(2017, 3, 3, tzinfo=UTC)
    entries = [_entry(change, by_id[change.subject]) for change in changes]
    head = (
        element("id", {}, request.base_url),
        element("title", {}, _("Safe zones: %(place)s", place=title)),
        element("updated", {}, updated.isoformat()),
        element("link", {"rel": "self", "type": ATOM, "href": request.base_url}),
        _page_link(request.url_root.rstrip("/") + page),
        element("author", {}, element("name", {}, _("Safe Zone Directory"))),
    )
    root = {"xmlns": "http://www.w3.org/2005/Atom", "xml:lang": language_code()}
    return _xml(element("feed", root, lines(Xml(), *head, *entries)), ATOM, updated)


def _entry(change: LogEntry, zone: StoredZone) -> Xml:
    page = url_for("places.zone", zone_id=zone.zone_id, _external=True)
    done = {"added": _("added"), "retired": _("withdrawn")}.get(change.action, _("changed"))
    if change.before and (change.after or {}).get("closures", []) != change.before.get("closures", []):
        done = _("closures changed")
    return element(
        "entry", {},
        element("id", {}, f"{page}#change-{change.id}"),
        element("title", {}, _("%(zone)s: %(kind)s", zone=full_title(zone), kind=done)),
        element("updated", {}, change.at.isoformat()),
        _page_link(page),
        element("summary", {}, _summary(zone)),
    )  # fmt: skip


def _summary(zone: StoredZone) -> str:
    """What can be counted on, where it is, what is announced, and who says so."""
    hit = container().search_service.describe(zone)
    announced = [f"{line}." for line in closures.lines(zone)] if hit.status in IN_USE else []
    return " ".join([f"{status_words(hit)}{where_exactly(zone)}.", *announced, provenance(zone)])


def _page_link(address: str) -> Xml:
    return element("link", {"rel": "alternate", "type": "text/html", "href": address})


def _xml(root: Xml, media_type: str, changed: datetime | None) -> Response:
    return _for_readers(Response(DECLARATION + lines(root), mimetype=media_type), changed)


@blueprint.get("/sitemap.xml")
def sitemap() -> Response:
    """Every page worth finding."""
    now, site = snapshot(), request.url_root.rstrip("/")
    last = now.collection.last_change
    pages: list[tuple[str, datetime | None]] = [
        *((url_for(name, _external=True), None) for name in ("pages.tips", "pages.about")),
        *((url_for(name, _external=True), last) for name in ("pages.home", "places.towns")),
        *((url_for("places.state", state=code.lower(), _external=True), _changed(zones))
          for code, zones in sorted(now.by_state.items())),
        *((site + town_url(slug), _changed(zones)) for slug, zones in sorted(now.by_town.items())),
        *((url_for("public_programs.program", program_id=one, _external=True), _changed(zones))
          for one, zones in sorted(now.by_program.items())),
        *((url_for("places.zone", zone_id=zone.zone_id, _external=True), zone.changed_at) for zone in now.listed),
    ]  # fmt: skip
    listed = [element("url", {}, element("loc", {}, page), *_last_changed(changed)) for page, changed in pages]
    namespace = {"xmlns": "http://www.sitemaps.org/schemas/sitemap/0.9"}
    return _xml(element("urlset", namespace, lines(Xml(), *listed)), "application/xml", last)


def _changed(zones: Sequence[StoredZone]) -> datetime:
    return max(zone.changed_at for zone in zones)


def _last_changed(changed: datetime | None) -> list[Xml]:
    return [element("lastmod", {}, changed.isoformat(timespec="seconds"))] if changed else []


@blueprint.get("/robots.txt")
def robots() -> Response:
    """Search pages hold what people typed; everything else may be found."""
    kept_out = (
        "/search",
        "/suggest",
        "/map/",
        "/q/",
        "/m/",
        "/meet?",
        "/meet/with/",
        "/meet/list/",
        "/embed",
        "/api/",
        "/oembed",
    )
    lines = ["User-agent: *", *(f"Disallow: {path}" for path in kept_out)]
    lines.append(f"Sitemap: {url_for('feeds.sitemap', _external=True)}")
    return Response("\n".join(lines) + "\n", mimetype="text/plain")

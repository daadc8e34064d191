"""For machines that read along: Atom feeds, the sitemap, robots.txt."""

from datetime import UTC, datetime

from flask import Blueprint, Response, abort, make_response, render_template, url_for

from directory.records.store import StoredZone, recent_changes
from directory.regions import REGIONS
from directory.web.presenting import state_name, town_url
from directory.web.services import services, snapshot

blueprint = Blueprint("feeds", __name__)

ENTRIES = 50


@blueprint.get("/towns/<state>/<town>/feed.atom")
def town(state: str, town: str) -> Response:
    """What changed in a town."""
    now, key = snapshot(), f"{state.lower()}/{town.lower()}"
    known = now.towns.get(key)
    if known is None:
        abort(404)
    zones = [zone for zone in now.zones if zone.town_slug == key]
    return _feed(f"{known.name}, {known.state}", town_url(key), zones)


@blueprint.get("/towns/<state>/feed.atom")
def state(state: str) -> Response:
    """What changed in a state."""
    code = state.upper()
    if code not in REGIONS:
        abort(404)
    zones = [zone for zone in snapshot().zones if zone.state == code]
    return _feed(state_name(code), url_for("places.state", state=state.lower()), zones)


def _feed(title: str, page: str, zones: list[StoredZone]) -> Response:
    by_id = {zone.zone_id: zone for zone in zones}
    changes = recent_changes(services().engine, ENTRIES, list(by_id)) if by_id else []
    updated = changes[0].at if changes else datetime(2017, 3, 3, tzinfo=UTC)
    text = render_template("feed.atom", title=title, page=page, changes=changes, by_id=by_id, updated=updated)
    response = make_response(text)
    response.mimetype = "application/atom+xml"
    return response


@blueprint.get("/sitemap.xml")
def sitemap() -> Response:
    """Every page worth finding."""
    now = snapshot()
    pages = [url_for(name, _external=True) for name in ("pages.home", "places.towns", "pages.tips", "pages.about")]
    pages += [url_for("places.state", state=code.lower(), _external=True) for code in sorted(now.by_state)]
    pages += [_town_page(slug) for slug in sorted(now.by_town)]
    pages += [url_for("places.zone", zone_id=zone.zone_id, _external=True) for zone in now.listed]
    response = make_response(render_template("sitemap.xml", pages=pages))
    response.mimetype = "application/xml"
    return response


def _town_page(slug: str) -> str:
    state, _slash, town = slug.partition("/")
    return url_for("places.town", state=state, town=town, _external=True)


@blueprint.get("/robots.txt")
def robots() -> Response:
    """Search pages hold what people typed; everything else may be found."""
    lines = ["User-agent: *", "Disallow: /search", "Disallow: /suggest", "Disallow: /map/", "Disallow: /q/",
             "Disallow: /embed", "Disallow: /api/", "Disallow: /oembed"]  # fmt: skip
    lines.append(f"Sitemap: {url_for('feeds.sitemap', _external=True)}")
    return Response("\n".join(lines) + "\n", mimetype="text/plain")

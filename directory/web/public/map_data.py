"""What the map fetches: folium's frame as a script, and the zones as compact JSON."""

import hashlib
import json
from collections.abc import Sequence
from datetime import date

from flask import Blueprint, Response, abort, jsonify, request, url_for

from directory import clock
from directory.search.snapshot import Snapshot
from directory.search.zone_status import local_day, status_on
from directory.store.repository import StoredZone
from directory.web.http.container import container, snapshot
from directory.web.http.rows_or_404 import zone_or_404
from directory.web.presenters.place_titles import place_title
from directory.web.presenters.regions import state_name
from directory.web.presenters.zones import directions, open_label
from directory.web.query.zone_filters import filtered, read_filters
from directory.zones.schemas import Status

blueprint = Blueprint("mapping", __name__)

FOR_EVER = "public, max-age=31536000, immutable"
PLAIN, UNSURE, GONE, ANNOUNCED = range(4)
OUTLYING = (
    "AK", "HI", "PR", "VI", "GU", "AS", "MP",
    "YT", "NT", "NU", "AB", "BC", "SK", "MB", "ON", "QC", "NL", "NS", "NB", "PE",
)  # fmt: skip
"""The regions that a first view of the map of everything leaves out."""
UNITS = 100_000
"""Positions are whole numbers of hundred-thousandths of a degree: a meter."""


@blueprint.get("/map/<name>.js")
def frame(name: str) -> Response:
    """The map's frame; its name changes with its content."""
    build_app = container().frame
    if f"{name}.js" != build_app.name:
        abort(404)
    return Response(build_app.script, mimetype="text/javascript", headers={"Cache-Control": FOR_EVER})


@blueprint.get("/map/zones-<digest>.json")
def zones(digest: str) -> Response:
    """Every listed zone, or those that the parameters ask for, column by column: a third less when compressed."""
    wanted, usable = read_filters(request.args)
    states = wanted.get("state", ())
    if usable or len(states) > 1 or wanted.keys() - {"state"}:
        now = snapshot()  # anybody's word: nothing is kept for it
        content, current = _columns(filtered(now, now.listed, wanted, usable=usable), _days(now))
    else:
        content, current = _zones(snapshot(), *states)
    response = Response(content, mimetype="application/json")
    response.headers["Cache-Control"] = FOR_EVER if digest == current else "no-cache"
    return response


@blueprint.get("/map/popup/<zone_id>.json")
def popup(zone_id: str) -> Response:
    """What an opened pin of the map of everything says more: whether the zone is open, and a way there."""
    seen = container().search_service.describe(zone_or_404(zone_id))
    _, address = directions(seen.zone)[1]
    name = str(place_title(seen.zone))
    return jsonify(name=name, state=open_label(seen).text, directions=address if seen.usable else "")


def _zones(now: Snapshot, state: str = "") -> tuple[bytes, str]:
    """The answer's bytes and their digest, made once for each snapshot and for the days that it is where zones are."""
    if state and state not in now.by_state:  # anybody's word: nothing is kept for it
        return _columns([], {})
    days = _days(now)
    zones = now.by_state[state] if state else now.listed
    return now.once(("map", state, *days.values()), lambda: _columns(zones, days))


def _days(now: Snapshot) -> dict[str, date]:
    """Time zone → the day that it is there."""
    at = clock.now()
    time_zones = now.once("time zones", lambda: sorted({zone.time_zone for zone in now.listed}))
    return {time_zone: local_day(time_zone, at) for time_zone in time_zones}


def _columns(zones: Sequence[StoredZone], days: dict[str, date]) -> tuple[bytes, str]:
    columns = {
        "id": [zone.zone_id for zone in zones],
        "lon": [round(zone.longitude * UNITS) for zone in zones],
        "lat": [round(zone.latitude * UNITS) for zone in zones],
        "name": [zone.department for zone in zones],
        "town": [f"{zone.town}, {zone.state}" for zone in zones],
        "kind": [_kind(status_on(zone, days[zone.time_zone]), zone.approximate) for zone in zones],
    }
    content = json.dumps(columns, ensure_ascii=False, separators=(",", ":")).encode()
    return content, hashlib.sha256(content).hexdigest()[:12]


def _kind(status: Status, approximate: bool) -> int:
    if status is Status.PLANNED:
        return ANNOUNCED
    if status in (Status.MOVED, Status.TEMPORARILY_CLOSED):
        return GONE
    return UNSURE if approximate else PLAIN


def zones_url(state: str = "") -> str:
    """Where the map of everything, or of one state, finds its zones."""
    return url_for("mapping.zones", digest=_zones(snapshot(), state)[1], state=state or None)


def frame_url() -> str:
    """Where the page finds the frame."""
    return url_for("mapping.frame", name=container().frame.name.removesuffix(".js"))


def region_names() -> dict[str, str]:
    """The names of the regions that a first view of the map of everything leaves out, by their codes."""
    return {code: state_name(code) for code in OUTLYING}

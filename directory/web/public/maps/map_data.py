"""What the map fetches: the map script, and the zones as compact JSON."""

import hashlib
import json
from collections.abc import Sequence
from datetime import date

from flask import Blueprint, Response, abort, jsonify, request, url_for

from directory import clock
from directory.maps.map_marks import kind_of_pin
from directory.search.snapshots.snapshot import Snapshot
from directory.store.repository import StoredZone
from directory.web.http.container import container, snapshot
from directory.web.http.error_handling.rows_or_404 import zone_or_404
from directory.web.presenters.map_pictures import days_of
from directory.web.presenters.other_sites import directions
from directory.web.presenters.place_titles import place_title
from directory.web.presenters.regions import state_name
from directory.web.presenters.results.town_rows import Show, zones_shown
from directory.web.presenters.zone_facts.zones import open_label
from directory.web.query.parameters import read_choice
from directory.web.query.zone_filters import filtered, read_filters

blueprint = Blueprint("map_data", __name__)

FOR_EVER = "public, max-age=31536000, immutable"
OUTLYING = (
    "AK", "HI", "PR", "VI", "GU", "AS", "MP",
    "YT", "NT", "NU", "AB", "BC", "SK", "MB", "ON", "QC", "NL", "NS", "NB", "PE",
)  # fmt: skip
"""The regions that a first view of the map of everything leaves out."""
UNITS = 100_000
"""Positions are whole numbers of hundred-thousandths of a degree: a meter."""


@blueprint.get("/map/<name>.js")
def script(name: str) -> Response:
    """The map script; its name changes with its content."""
    map_script = container().map_script
    if f"{name}.js" != map_script.name:
        abort(404)
    return Response(map_script.script, mimetype="text/javascript", headers={"Cache-Control": FOR_EVER})


@blueprint.get("/map/zones-<digest>.json")
def zones(digest: str) -> Response:
    """Every listed zone, or those that the parameters ask for, column by column: a third less when compressed."""
    wanted, usable = read_filters(request.args)
    states, show = wanted.get("state", ()), Show(read_choice(request.args, "show", tuple(Show)))
    if show is not Show.ALL or usable or len(states) > 1 or wanted.keys() - {"state"}:
        now = snapshot()  # anybody's word, and another answer by the minute: nothing is kept for it
        chosen = zones_shown(filtered(now, now.listed, wanted, usable=usable), now.minute_view(clock.now()), show)
        content, current = _columns(chosen, days_of(now))[0], ""
    else:
        content, current = _zones(snapshot(), *states)
    response = Response(content, mimetype="application/json")
    response.headers["Cache-Control"] = FOR_EVER if digest == current else "no-cache"
    return response


@blueprint.get("/map/popup/<zone_id>.json")
def popup(zone_id: str) -> Response:
    """What an opened pin of the map of everything says more: whether the zone is open, and a way there."""
    hit = container().search_service.describe(zone_or_404(zone_id))
    _, address = directions(hit.zone)[1]
    name = str(place_title(hit.zone))
    return jsonify(name=name, state=open_label(hit).text, directions=address if hit.usable else "")


def _zones(now: Snapshot, state: str = "") -> tuple[bytes, str]:
    """The answer's bytes and their digest, made once for each snapshot and anew where a day begins."""
    if state and state not in now.by_state:  # anybody's word: nothing is kept for it
        return _columns([], {})
    days = days_of(now, state)
    zones = now.by_state[state] if state else now.listed
    return now.latest(("map", state), tuple(days.values()), lambda: _columns(zones, days))


def _columns(zones: Sequence[StoredZone], days: dict[str, date]) -> tuple[bytes, str]:
    columns = {
        "id": [zone.zone_id for zone in zones],
        "lon": [round(zone.longitude * UNITS) for zone in zones],
        "lat": [round(zone.latitude * UNITS) for zone in zones],
        "name": [zone.department for zone in zones],
        "town": [zone.town_and_state for zone in zones],
        "kind": [int(kind_of_pin(zone, days[zone.time_zone])) for zone in zones],
    }
    content = json.dumps(columns, ensure_ascii=False, separators=(",", ":")).encode()
    return content, hashlib.sha256(content).hexdigest()[:12]


def digest_of(now: Snapshot, state: str = "") -> str:
    """What changes with the data of the map of everything, or of one state."""
    return _zones(now, state)[1]


def zones_url(state: str = "", show: Show = Show.ALL) -> str:
    """Where the map of everything, or of a state's zones that a choice lets through, finds its zones."""
    return url_for("map_data.zones", digest=digest_of(snapshot(), state), state=state or None, show=show.value or None)


def map_script_url() -> str:
    """Where the page finds the map script."""
    return url_for("map_data.script", name=container().map_script.name.removesuffix(".js"))


def region_names() -> dict[str, str]:
    """The names of the regions that a first view of the map of everything leaves out, by their codes."""
    return {code: state_name(code) for code in OUTLYING}

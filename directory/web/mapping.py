"""What the map fetches: folium's frame as a script, and the zones as compact JSON."""

import json
from functools import lru_cache

from flask import Blueprint, Response, abort, request, url_for

from directory.records.facts import Status
from directory.search.snapshot import Snapshot
from directory.web.services import services, snapshot

blueprint = Blueprint("mapping", __name__)

FOR_EVER = "public, max-age=31536000, immutable"
PLAIN, UNSURE, GONE = 0, 1, 2


@blueprint.get("/map/<name>.js")
def frame(name: str) -> Response:
    """The map's frame; its name changes with its content."""
    built = services().frame
    if f"{name}.js" != built.name:
        abort(404)
    return Response(built.script, mimetype="text/javascript", headers={"Cache-Control": FOR_EVER})


@blueprint.get("/map/zones-<int:generation>.json")
def zones(generation: int) -> Response:
    """Every listed zone as [id, longitude, latitude, name, town, kind]; optionally of one state."""
    now = snapshot()
    response = Response(_zones(now, request.args.get("state", "")), mimetype="application/json")
    current = generation == now.generation
    response.headers["Cache-Control"] = FOR_EVER if current else "no-cache"
    return response


@lru_cache(maxsize=128)
def _zones(now: Snapshot, state: str) -> bytes:
    """The answer's bytes, made once for each snapshot."""
    rows = [
        [
            zone.zone_id,
            round(zone.longitude, 5),
            round(zone.latitude, 5),
            zone.name,
            f"{zone.town}, {zone.state}",
            _kind(zone.status, zone.approximate),
        ]
        for zone in (now.by_state.get(state, []) if state else now.listed)
    ]
    return json.dumps({"zones": rows}, ensure_ascii=False, separators=(",", ":")).encode()


def _kind(status: Status, approximate: bool) -> int:
    if status in (Status.MOVED, Status.TEMPORARILY_CLOSED, Status.PLANNED):
        return GONE
    return UNSURE if approximate else PLAIN


def zones_url(state: str = "") -> str:
    """Where the map of everything, or of one state, finds its zones."""
    return url_for("mapping.zones", generation=snapshot().generation, state=state or None)


def frame_url() -> str:
    """Where the page finds the frame."""
    return url_for("mapping.frame", name=services().frame.name.removesuffix(".js"))

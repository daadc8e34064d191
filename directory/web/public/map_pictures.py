"""Pictures of where zones are, for paper and for readers without scripts."""

from flask import Blueprint, Response, abort, request, url_for

from directory.maps.static_map import MOST_PINS, Pin, picture
from directory.store.repository import StoredZone
from directory.web.http.container import container, snapshot
from directory.web.http.rate_limits import limiter

blueprint = Blueprint("map_pictures", __name__)

DAY = "public, max-age=86400"


@blueprint.get("/map/picture.svg")
@limiter.limit("120 per minute")
def draw() -> Response:
    """The zones named in `zones`, by their numbers there; 404 where none of them is of the directory."""
    by_id = snapshot().by_id
    names = request.args.get("zones", "").split(",")[:MOST_PINS]
    zones = [(number, by_id[name]) for number, name in enumerate(names, 1) if name in by_id]
    if not zones:
        abort(404)
    pins = [Pin(zone.coordinates, number if len(names) > 1 else 0) for number, zone in zones]
    metric = zones[0][1].country == "CA"
    svg = picture(pins, container().town_names, metric=metric)
    return Response(svg, mimetype="image/svg+xml", headers={"Cache-Control": DAY})


def picture_url(zones: list[StoredZone]) -> str:
    """Where the picture of these zones is, which has the first of them only when they are many."""
    return url_for("map_pictures.draw", zones=",".join(zone.zone_id for zone in zones[:MOST_PINS]))

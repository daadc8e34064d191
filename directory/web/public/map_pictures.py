"""Pictures of where zones are, for paper and for readers without scripts."""

from collections.abc import Sequence

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
    """The zones named in `zones`, those of one number joined by "~"; 404 where none of them is of the directory."""
    by_id = snapshot().by_id
    groups = request.args.get("zones", "").split(",")[:MOST_PINS]
    zones = [
        (number, by_id[name])
        for number, names in enumerate(groups, 1)
        for name in names.split("~", MOST_PINS)
        if name in by_id
    ][:MOST_PINS]
    if not zones:
        abort(404)
    pins = [Pin(zone.coordinates, number if len(groups) > 1 else 0) for number, zone in zones]
    metric = zones[0][1].country == "CA"
    svg = picture(pins, container().town_names, metric=metric)
    return Response(svg, mimetype="image/svg+xml", headers={"Cache-Control": DAY})


def picture_url(numbered: Sequence[Sequence[StoredZone]]) -> str:
    """Where the picture of these zones is, those of a number together; the first of them only when they are many."""
    groups = ["~".join(zone.zone_id for zone in zones) for zones in numbered[:MOST_PINS]]
    return url_for("map_pictures.draw", zones=",".join(groups))

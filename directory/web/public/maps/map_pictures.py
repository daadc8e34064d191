"""Pictures of where zones are: addresses name zones, and nothing of who looks for them."""

from flask import Blueprint, Response, abort, request

from directory import clock
from directory.maps.map_colors import palette_of
from directory.maps.static_map import MOST_PINS, picture, picture_of_many
from directory.search.snapshots.snapshot import Snapshot
from directory.web.http.container import container, snapshot
from directory.web.http.limits.rate_limits import limiter
from directory.web.presenters.map_pictures import MapPicture, days_of, picture_of_all, pin_of
from directory.web.presenters.results.town_rows import Show, zones_shown
from directory.web.public.maps.map_data import FOR_EVER, digest_of
from directory.web.query.parameters import read_choice

blueprint = Blueprint("map_pictures", __name__)

DAY = "public, max-age=86400"


@blueprint.get("/map/picture.svg")
@limiter.limit("120 per minute")
def draw() -> Response:
    """The zones named in `zones`, those of one number joined by "~", and `others` without a number.

    `nearest=1` makes room for the lowest numbers only. 404 where none of them is of the directory.
    """
    by_id = snapshot().by_id
    groups = request.args.get("zones", "").split(",")[:MOST_PINS]
    numbered = [*enumerate(groups, 1), (0, request.args.get("others", ""))]
    zones = [
        (number, by_id[name]) for number, names in numbered for name in names.split("~", MOST_PINS) if name in by_id
    ][:MOST_PINS]
    if not zones:
        abort(404)
    pins = [pin_of(zone, number if len(groups) > 1 else 0) for number, zone in zones]
    metric = zones[0][1].country == "CA"
    nearest = request.args.get("nearest") == "1"
    svg = picture(pins, container().town_names, palette_of(dark=_is_dark()), metric=metric, nearest=nearest)
    return _answer(svg, DAY)


@blueprint.get("/map/picture-<digest>.svg")
@limiter.limit("120 per minute")
def draw_all(digest: str) -> Response:
    """All zones, or those of a state that `show` lets through; 404 where there are none."""
    now, state = snapshot(), request.args.get("state", "")
    show = Show(read_choice(request.args, "show", tuple(Show)))
    if state not in ("", *now.by_state):
        abort(404)
    if show is not Show.ALL:  # what it lets through changes by the minute
        return _answer(_picture_of_all(now, state, show, dark=_is_dark()), "no-cache")
    days = tuple(days_of(now, state).values())
    svg = now.latest(
        ("map picture", state, _is_dark()), days, lambda: _picture_of_all(now, state, show, dark=_is_dark())
    )
    return _answer(svg, FOR_EVER if digest == digest_of(now, state) else "no-cache")


def _picture_of_all(now: Snapshot, state: str, show: Show, *, dark: bool) -> str:
    zones = zones_shown(now.by_state[state] if state else now.listed, now.minute_view(clock.now()), show)
    if not zones:
        abort(404)
    return picture_of_many(
        [pin_of(zone) for zone in zones], container().town_names, palette_of(dark=dark),
        metric=bool(state) and zones[0].country == "CA", everywhere=not state,
    )  # fmt: skip


def _is_dark() -> bool:
    return request.args.get("dark") == "1"


def _answer(svg: str, caching: str) -> Response:
    return Response(svg, mimetype="image/svg+xml", headers={"Cache-Control": caching})


def map_picture_of(state: str = "", show: Show = Show.ALL) -> MapPicture | None:
    """The picture of the map of everything, or of one state's zones; None where there is no zone."""
    now = snapshot()
    zones = zones_shown(now.by_state.get(state, []), now.minute_view(clock.now()), show) if state else now.listed
    return picture_of_all(digest_of(now, state), zones, state, show.value) if zones else None

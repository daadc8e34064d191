"""What the forms look up while one types: departments, hours in words, addresses. From our own parts only."""

from flask import Blueprint, Response, jsonify, request

from directory.regions import REGIONS
from directory.submissions.items import zone_answers
from directory.text import plain
from directory.web.http.container import container, snapshot
from directory.web.http.limits.rate_limits import limiter
from directory.web.i18n.translate import _, translate
from directory.web.presenters.labels import hours as hours_words
from directory.zones.hours import AmbiguousHoursError, BadHoursError, NoHoursError, parse_hours

blueprint = Blueprint("autocomplete", __name__)


@blueprint.get("/submit/departments")
def departments() -> Response:
    """Departments of the directory whose name, state or town fits `q`, at most eight."""
    words = plain(request.args.get("q", "")[:80]).split()
    if not words:
        return jsonify([])
    current = snapshot()
    matches = []
    for row in current.departments.values():
        zones = current.by_department.get(row.slug, [])
        town = zones[0].town if zones else ""
        text = f" {plain(f'{row.name} {row.state} {town}')}"
        if all(f" {word}" in text for word in words):
            matches.append({"name": row.name, "region": row.state, "town": town, "slug": row.slug, "zones": len(zones)})
        if len(matches) == 8:
            break
    return _fresh(jsonify(matches))


@blueprint.get("/submit/hours")
def hours() -> Response:
    """Hours read back in words: {"words": …}, {"problem": …}, or {"question": …, "readings": [{"osm", "words"}]}."""
    text = request.args.get("words", "")[:300]
    try:
        return _fresh(jsonify({"words": hours_words(parse_hours(text).osm)}))
    except NoHoursError:
        return _fresh(jsonify({"words": _("Hours not stated")}))
    except AmbiguousHoursError as doubt:
        readings = [{"osm": reading, "words": hours_words(reading)} for reading in doubt.readings]
        return _fresh(jsonify({"question": translate(doubt.args[0]), "readings": readings}))
    except BadHoursError:
        return _fresh(
            jsonify(
                {"problem": _("We do not understand these hours yet. Write them like “Mon-Fri 8am-5pm” or “24/7”.")}
            )
        )


@blueprint.get("/submit/locate")
@limiter.limit("120 per hour")
def locate() -> Response:
    """Where an address is: {"latitude", "longitude", "exact", "label"}, or {"problem": …}."""
    answers = {name: request.args.get(name, "")[:160] for name in ("street_address", "town", "postal_code")}
    state = request.args.get("state", "")[:2].upper()
    place = zone_answers.locate(container().context, answers, state, answers["town"]) if state in REGIONS else None
    if place is None:
        return _fresh(
            jsonify({"problem": _("We do not find the house number of this address. Put the pin where people stand.")})
        )
    point = place.coordinates
    return _fresh(jsonify({"latitude": round(point.latitude, 6), "longitude": round(point.longitude, 6)}))


def _fresh(response: Response) -> Response:
    response.headers["Cache-Control"] = "private, no-store"
    return response

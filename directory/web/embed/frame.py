"""The frame: the tool and nothing else, without cookies, session or storage, for any site to show."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from flask import Blueprint, Response, abort, make_response, render_template, request

from directory.geo import Coordinates
from directory.geocoding.results import (
    BadAddressError,
    Geocode,
    GeocoderUnavailableError,
    GeocodingError,
    Interpretation,
    NoMatchError,
)
from directory.regions import REGIONS
from directory.search.results import SearchHit
from directory.search.travel_order import STRAIGHT_LINE, Travel
from directory.settings import PACKAGE
from directory.stations.index import StationHit
from directory.store.repository import StoredTown
from directory.web.embed import snippets
from directory.web.embed.options import read_options
from directory.web.embed.selection import (
    Selection,
    county_words,
    label_of,
    selection_of,
    state_named,
    state_subject,
    town_selection,
    towns_named,
)
from directory.web.embed.snippets import Subject
from directory.web.embed.theme import Theme, parse_color, stylesheet
from directory.web.http.container import container, snapshot
from directory.web.http.security.security_headers import content_security_policy
from directory.web.http.urls import public_address
from directory.web.operations.usage import count_shown, counts_of
from directory.web.presenters.desk.fact_summary import evidence_words
from directory.web.presenters.distances import units_for
from directory.web.presenters.regions import state_name
from directory.web.presenters.results.alike_rows import alike_rows
from directory.web.presenters.results.geocoding import sentences, words_that_find
from directory.web.presenters.results.place_rows import place_rows
from directory.web.presenters.results.police_stations import far_words, nothing_near_words, stations_near
from directory.web.presenters.zone_facts.zones import department_name, sorted_for_page
from directory.zones.keys import name_in_slug, slug_from_url

blueprint = Blueprint("embedding", __name__)


@dataclass(frozen=True, slots=True)
class FrameContext:
    """What the frame says beside its cards; `ways` are links to other searches: (words, what to search for).

    `address` is the one that oEmbed knows this by, empty where nothing is found. `one_zone` was chosen alone: its card
    is its heading. `read` are sentences about how the words of a search were read. `far` says that nothing is near
    `place`; then `stations` are those near it.
    """

    name: str = ""
    page: str = ""
    address: str = ""
    units: str = ""
    title: str = ""
    one_zone: bool = False
    place: Geocode | None = None
    far: str = ""
    stations: tuple[StationHit, ...] = ()
    code: str = ""
    towns: tuple[tuple[StoredTown, int], ...] = ()
    ways: tuple[tuple[str, str], ...] = ()
    read: tuple[str, ...] = ()
    travel: Travel = STRAIGHT_LINE


LOOK_AGE = "public, max-age=31536000, immutable"
LOADER_AGE = "public, max-age=3600"
NEAR = 5
"""How many zones of other places are shown where there is none."""


@blueprint.get("/embed.js")
def loader() -> Response:
    """The loader and web component, at an address that stays the same; it knows ours even as a module."""
    script = _loader().replace(b'"SITE"', json.dumps(public_address()).encode())
    response = Response(script, mimetype="text/javascript")
    response.headers["Cache-Control"] = LOADER_AGE
    response.add_etag(weak=True)
    response.make_conditional(request)
    return response


@cache
def _loader() -> bytes:
    return (PACKAGE / "static" / "embed.js").read_bytes()


@blueprint.get("/embed/look-<theme>-<color>.css")
def look(theme: str, color: str) -> Response:
    """The host's colour, made readable."""
    colour = parse_color(color)
    if colour is None or theme not in set(Theme):
        abort(404)
    response = Response(stylesheet(colour, Theme(theme)), mimetype="text/css")
    response.headers["Cache-Control"] = LOOK_AGE
    return response


@blueprint.get("/embed/<state>")
def state(state: str) -> Response:
    """The towns of a state and their map; a town's whole name is understood, too."""
    code = state_named(state)
    if code in REGIONS or not towns_named(snapshot(), state):
        return _state(code)
    selected = selection_of(snapshot(), {"town": state})
    return _selected(selected) if selected else _named_town(state)


@blueprint.get("/embed/<state>/<town>")
def town(state: str, town: str) -> Response:
    """A town's zones. A town that nobody knows gets a search box, not an error page."""
    key = slug_from_url(state, town)
    now = snapshot()
    stored_town = now.towns.get(key) or now.town_named(town, state.upper())
    if stored_town and (selected := town_selection(now, stored_town.slug)):
        return _selected(selected)
    return _town_without_zones(state.upper(), stored_town.name if stored_town else name_in_slug(town))


def _town_without_zones(code: str, name: str) -> Response:
    places = container().gazetteer.places(name[:80], code) if code in REGIONS else ()
    if not places:
        return _frame("unknown", 404, FrameContext(f"{name}, {code}"[:80]))
    place, country = places[0], REGIONS[code].country
    units = units_for("", country)
    hits = container().search_service.neighbours(place.coordinates, country, NEAR, area=name)
    far = far_words(hits, units)
    frame = FrameContext(place.label, units=units, place=place, far=far, stations=_stations(place, far))
    return _frame("none", 200, frame, hits)


def _stations(place: Geocode, far: str) -> tuple[StationHit, ...]:
    """The stations near a place that has no zone near."""
    return stations_near(place.coordinates) if far else ()


@blueprint.get("/embed")
def by_query() -> Response:
    """Zones near a place, or those that the address names; without any of these the search box alone."""
    query = {name: value.strip() for name, value in request.args.items()}
    if near := query.get("near"):
        return _near(near)
    if selected := selection_of(snapshot(), query):
        return _selected(selected)
    if town := query.get("towns") or query.get("town"):
        return _named_town(town)
    if department := query.get("department"):
        return _frame("unknown", 404, FrameContext(department_name(department.lower())[:80]))
    if county := query.get("county"):
        return _frame("unknown", 404, FrameContext(county_words(county)[:80]))
    if zone := query.get("zone"):
        return _frame("unknown", 404, FrameContext(name_in_slug(zone)[:80]))
    if state := query.get("state"):
        return _state(state_named(state))
    return _frame("ask", 200, FrameContext())


def _named_town(query: str) -> Response:
    """What to show for the name of a town that has no zones, or of several of one name."""
    now = snapshot()
    towns = [now.towns[slug] for slug in towns_named(now, query)]
    if not towns:
        return _frame("unknown", 404, FrameContext(query[:80]))
    labels = [label_of(stored_town) for stored_town in towns]
    return _frame("choose", 200, FrameContext(query[:80], ways=tuple(zip(labels, labels, strict=True))))


def _near(query: str) -> Response:
    try:
        result = container().search_service.search(query)
    except BadAddressError as error:
        return _frame("bad", 400, FrameContext(query[:80], read=_notes(query, error)))
    except NoMatchError as error:
        return _frame("no_match", 404, FrameContext(query[:80], ways=_ways(error.similar), read=_notes(query, error)))
    except GeocoderUnavailableError as error:
        return _frame("down", 503, FrameContext(query[:80], read=_notes(query, error)))
    if region := result.answer.region:
        return _state(region.state)
    read = tuple(sentence.text for sentence in sentences(result.answer.interpretation))
    if result.place is None:
        return _frame("choose", 200, FrameContext(query[:80], ways=_ways(result.answer.candidates), read=read))
    container().statistics_buffer.count(counts_of(snapshot(), result))
    units = units_for("", result.place.country)
    far = nothing_near_words(result, units) if result.nothing_near else ""
    frame = FrameContext(
        result.place.label, units=units, place=result.place, far=far, stations=_stations(result.place, far), read=read,
        travel=result.travel,
    )  # fmt: skip
    return _frame("near", 200, frame, result.hits, origin=result.place.coordinates)


def _notes(query: str, error: GeocodingError) -> tuple[str, ...]:
    return tuple(sentence.text for sentence in sentences(Interpretation(query, notes=error.notes)))


def _ways(places: Sequence[Geocode]) -> tuple[tuple[str, str], ...]:
    """Each place with words that find it alone."""
    return tuple((place.label, words_that_find(place, places)) for place in places)


def _state(code: str) -> Response:
    now = snapshot()
    if code not in REGIONS:
        return _frame("unknown", 404, FrameContext(code[:80]))
    towns = sorted(
        (town for town in now.towns.values() if town.state == code and town.slug in now.by_town),
        key=lambda town: town.slug,
    )
    listed = tuple((town, len(now.by_town[town.slug])) for town in towns)
    subject = state_subject(code)
    frame = FrameContext(
        state_name(code), subject.page, _address(subject) if listed else "", units_for("", REGIONS[code].country),
        code=code, towns=listed,
    )  # fmt: skip
    return _frame("state", 200, frame)


def _selected(selected: Selection) -> Response:
    zones = selected.zones
    hits = sorted_for_page([container().search_service.describe(zone) for zone in zones])
    subject = selected.subject
    frame = FrameContext(
        selected.name, subject.page, _address(subject), units_for("", zones[0].country), subject.title,
        subject.attribute == "zone",
    )  # fmt: skip
    count_shown(container().statistics_buffer, zones)
    return _frame("zones", 200, frame, hits, sites=snapshot().sites_that_may_show({zone.town_slug for zone in zones}))


def _address(subject: Subject) -> str:
    return snippets.address(public_address(), subject, read_options(request.args))


def _frame(
    kind: str,
    status: int,
    frame: FrameContext,
    hits: Sequence[SearchHit] = (),
    *,
    origin: Coordinates | None = None,
    sites: tuple[str, ...] | None = None,
) -> Response:
    """The frame around what there is to say, open to the sites that may show it (None: to all)."""
    options = read_options(request.args)
    again = {name: value for name, value in options.query.items() if name != "search"}
    page = render_template(
        "embed/frame.html", kind=kind, hits=hits, rows=place_rows(hits), alike_rows=alike_rows, origin=origin,
        options=options, again=again, frame=frame,
        evidence=evidence_words([hit.zone for hit in hits]) if hits else None,
    )  # fmt: skip
    response = make_response(page, status)
    ancestors = "" if sites is None else " ".join(["'self'", *sites])
    response.headers["Content-Security-Policy"] = content_security_policy(container().settings, ancestors)
    response.headers["X-Robots-Tag"] = "noindex"
    if request.args.get("near"):
        # What somebody searched for is nobody's business: no cache keeps it.
        response.headers["Cache-Control"] = "private, no-store"
    return response

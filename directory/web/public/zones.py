"""Zones, towns and states: the pages a link or a QR code opens."""

import io
from dataclasses import replace
from itertools import islice
from typing import Any

import segno
from flask import Blueprint, Response, abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from directory import clock
from directory.db.errors import DatabaseError
from directory.db.tables.log import LogEntry
from directory.db.tables.statistics import Statistic
from directory.geo import Coordinates
from directory.geocoding.gazetteer import Gazetteer
from directory.regions import REGIONS, read_region
from directory.search.snapshots.snapshot import Snapshot
from directory.search.zone_status import age_of
from directory.store.repository import StoredTown, StoredTownProfile, recent_changes
from directory.text import slug
from directory.web.http.container import container, snapshot
from directory.web.http.error_handling.rows_or_404 import zone_or_404
from directory.web.http.limits.rate_limits import limiter
from directory.web.operations.usage import count_shown
from directory.web.presenters.desk.fact_summary import evidence_words, evidence_words_of_all
from directory.web.presenters.distances import units_for
from directory.web.presenters.regions import in_order
from directory.web.presenters.results.alike_rows import alike_rows, rows_in
from directory.web.presenters.results.place_rows import PlaceRow, place_rows, zones_by_number
from directory.web.presenters.results.police_stations import stations_near
from directory.web.presenters.results.town_rows import Show, best_first, town_rows
from directory.web.presenters.zone_facts.zones import town_url
from directory.web.public import linked_data
from directory.web.public.visits import VisitForm
from directory.web.query.parameters import read_choice
from directory.zones.freshness import Age
from directory.zones.keys import name_in_slug, slug_from_url
from directory.zones.schemas import Status

blueprint = Blueprint("places", __name__)
NEIGHBOURS = 4
"""Towns that a town's page names beside its own places."""


@blueprint.get("/zones/<zone_id>")
def zone(zone_id: str) -> ResponseReturnValue:
    """One zone; a withdrawn one that another zone or a program of many sites replaced leads there."""
    record = zone_or_404(zone_id)
    now, search_service = snapshot(), container().search_service
    replacement = now.by_id.get(record.replaced_by)
    if record.status is Status.WITHDRAWN and record.replaced_by in now.by_program:
        return redirect(url_for("public_programs.program", program_id=record.replaced_by), 301)
    if record.status is Status.WITHDRAWN and replacement is not None:
        return redirect(url_for("places.zone", zone_id=replacement.zone_id), 301)
    count_shown(container().statistics_buffer, [record])
    siblings = [other for other in now.by_department.get(record.department_slug, []) if other.zone_id != zone_id]
    near = search_service.neighbours(
        record.coordinates, record.country, 6, excluding=lambda other: other.department_slug == record.department_slug
    )
    return render_template(
        "public/zone.html",
        zone=record,
        hit=search_service.describe(record),
        department=now.departments[record.department_slug],
        siblings=[search_service.describe(other) for other in siblings],
        near=place_rows(near)[:3],
        program=now.programs.get(record.program),
        sites=now.by_program.get(record.program, []),
        units=units_for("", record.country),
        changes=_changes(zone_id),
        replacement=replacement,
        json_ld=linked_data.zone(record, now.departments[record.department_slug]),
        visit=VisitForm(),
    )


def _changes(zone_id: str) -> list[LogEntry]:
    """The zone's newest changes; a database in trouble costs these lines, not the page."""
    try:
        return recent_changes(container().engine, 5, [zone_id])
    except DatabaseError:
        return []


@blueprint.get("/zones/<zone_id>/qr.svg")
def zone_qr(zone_id: str) -> Response:
    """A QR code of the zone's own address, for prints and signs."""
    zone_or_404(zone_id)
    picture = io.BytesIO()
    address = url_for("places.zone", zone_id=zone_id, _external=True)
    segno.make(address, error="m").save(picture, kind="svg", scale=4, border=2, xmldecl=False)
    response = Response(picture.getvalue(), mimetype="image/svg+xml")
    response.headers["Cache-Control"] = "public, max-age=86400"
    return response


@blueprint.get("/q/<zone_id>")
def scanned(zone_id: str) -> ResponseReturnValue:
    """Where the QR code of a poster leads: counted, then on to the zone's page."""
    record = zone_or_404(zone_id)
    container().statistics_buffer.count([(record.town_slug, Statistic.SCANS)])
    response = redirect(url_for("places.zone", zone_id=zone_id))
    response.headers["Cache-Control"] = "no-store"
    return response


@blueprint.post("/zones/<zone_id>/directions")
@limiter.limit("60 per minute")
def count_directions(zone_id: str) -> ResponseReturnValue:
    """A reader's browser says that directions were opened; it says nothing else."""
    container().statistics_buffer.count([(zone_or_404(zone_id).town_slug, Statistic.DIRECTIONS)])
    return "", 204


@blueprint.get("/towns")
def towns() -> str:
    """Every state and every town with a zone."""
    now = snapshot()
    states = [
        (code, [(town, len(now.by_town[town.slug])) for town in _towns_of(now, code)])
        for code in in_order(now.by_state)
    ]
    return render_template(
        "public/towns.html", states=states, zones=len(now.listed), evidence=evidence_words_of_all(now)
    )


@blueprint.get("/states")
@blueprint.get("/states/<state>")
def states(state: str = "") -> ResponseReturnValue:
    """What people type who look for their state: it is among the towns."""
    if not state:
        return redirect(url_for("places.towns"), 301)
    return redirect(url_for("places.state", state=_region_or_404(state).lower()), 301)


@blueprint.get("/towns/<state>")
def state(state: str) -> ResponseReturnValue:
    """Every zone of a state or province."""
    code = _region_or_404(state)
    if state != code.lower():
        return redirect(url_for("places.state", state=code.lower()), 301)
    return render_template(
        "public/state.html", **state_page(code, Show(read_choice(request.args, "show", tuple(Show))))
    )


def _region_or_404(state: str) -> str:
    """The code of the state or province that an address names, by its code or in full."""
    code = state.upper()
    return code if code in REGIONS else read_region(state.replace("-", " ")) or abort(404)


def state_page(code: str, show: Show = Show.ALL) -> dict[str, Any]:
    """What a state's page shows: its towns, and what is known of the zones there now."""
    now = snapshot()
    towns = [(town, now.by_town[town.slug]) for town in _towns_of(now, code)]
    zones = now.by_state.get(code, [])
    listed = town_rows(towns, now.minute_view(clock.now()), show)
    return {"code": code, "listed": listed, "zones": zones, "evidence": evidence_words(zones)}


def _towns_of(now: Snapshot, code: str) -> list[StoredTown]:
    towns = (town for town in now.towns.values() if town.state == code and town.slug in now.by_town)
    return sorted(towns, key=lambda town: slug(town.name))


@blueprint.get("/towns/<state>/<town>")
def town(state: str, town: str) -> ResponseReturnValue:
    """A town's zones; a town without any is a page too, when the gazetteer knows it."""
    code, key = _region_or_404(state), slug_from_url(state, town)
    if state != code.lower() or town != town.lower():
        return redirect(url_for("places.town", state=code.lower(), town=town.lower()), 301)
    now = snapshot()
    row = now.towns.get(key)
    if row is None:
        other = now.town_named(town, code)
        if other is not None:
            return redirect(town_url(other.slug), 302)
        return _town_without_zones(container().gazetteer, code, town)
    search_service = container().search_service
    zones = sorted([search_service.describe(zone) for zone in now.by_town.get(key, [])], key=best_first)
    if not zones:
        return _town_without_zones(container().gazetteer, code, row.name)
    count_shown(container().statistics_buffer, (hit.zone for hit in zones))
    middle, others = zones[0].zone.coordinates, alike_rows(place_rows(zones[1:]), 2)
    rows = rows_in(others)
    departments = {hit.zone.department_slug: now.departments[hit.zone.department_slug] for hit in zones}
    return render_template(
        "public/town.html",
        town=row,
        zones=zones,
        departments=sorted(departments.values(), key=lambda department: department.name),
        others=others,
        pinned=zones_by_number([zones[0]], rows),
        near=_in_other_towns(row, middle, 2 + len(rows)),
        units=units_for("", row.country),
        profile=now.profiles.get(key, StoredTownProfile()),
        fresh=sum(age_of(hit.zone) is Age.FRESH for hit in zones),
        evidence=evidence_words([hit.zone for hit in zones]),
        json_ld=linked_data.zones([hit.zone for hit in zones], now),
    )


def _in_other_towns(town: StoredTown, point: Coordinates, first: int) -> list[PlaceRow]:
    """The nearest place of each of the nearest towns beside this one, numbered from `first`."""
    hits = container().search_service.neighbours(
        point, town.country, 3 * NEIGHBOURS, excluding=lambda zone: zone.town_slug == town.slug, area=town.name
    )
    nearest: dict[str, PlaceRow] = {}
    for row in place_rows(hits):
        nearest.setdefault(row.first_hit.zone.town_slug, row)
    return [replace(row, number=number) for number, row in enumerate(islice(nearest.values(), NEIGHBOURS), first)]


def _town_without_zones(gazetteer: Gazetteer, code: str, name: str) -> ResponseReturnValue:
    places = gazetteer.places(name_in_slug(name), code) or abort(404)
    point = places[0].coordinates
    near = container().search_service.neighbours(
        point, REGIONS[code].country, 5, area=places[0].label.rpartition(", ")[0]
    )
    return render_template(
        "public/town_empty.html",
        point=point,
        stations=stations_near(point),
        name=places[0].label.rpartition(", ")[0],
        code=code,
        near=place_rows(near),
        units=units_for(request.args.get("units", ""), REGIONS[code].country),
    )

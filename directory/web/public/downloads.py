"""The directory as files: whole, of a state, of a town, filtered; with checksum, schema, licence and day of change."""

import hashlib
from collections.abc import Iterator, Mapping, Sequence

from flask import Blueprint, Response, abort, render_template, request, url_for
from werkzeug.http import http_date

from directory.formats.edition import LICENCE, Edition
from directory.formats.export import export_formats, pieces
from directory.formats.json_schema import file_schema
from directory.regions import REGIONS
from directory.search.snapshot import Snapshot
from directory.search.zone_features import dumped
from directory.store.repository import StoredZone
from directory.text import instead
from directory.web.http.container import snapshot
from directory.web.http.rate_limits import DEAR_FILES, FILES, limiter
from directory.web.http.urls import public_address
from directory.web.presenters.desk.fact_summary import evidence_of_all
from directory.web.presenters.regions import in_order
from directory.web.query.parameters import BadParameter, BadParametersError
from directory.web.query.terms import READERS
from directory.web.query.zone_filters import filtered, read_filters
from directory.zones.keys import slug_from_url
from directory.zones.programs import Program

blueprint = Blueprint("downloads", __name__)
counted = limiter.limit(FILES, scope="files")

BLOCK = 64 * 1024
BY_BROWSER = "saved"
"""The parameter of a checksum that names the file as browsers save it."""
PARAMETERS = (*READERS, "usable", "bom", BY_BROWSER, "lang")


@blueprint.get("/downloads")
def index() -> str:
    """Every file there is, and what comes with it."""
    now = snapshot()
    states = in_order(now.by_state)
    return render_template(
        "public/downloads.html", zones=len(now.listed), states=[(code, len(now.by_state[code])) for code in states],
        last_change=now.collection.last_change, evidence=evidence_of_all(now),
        formats=export_formats(), licence=LICENCE,
    )  # fmt: skip


@blueprint.get("/downloads/zones.schema.json")
def schema() -> Response:
    """What the GeoJSON file holds, as a JSON Schema."""
    return Response(dumped(file_schema(request.base_url)), mimetype="application/schema+json")


@blueprint.get("/downloads/zones.<form>")
@counted
def whole(form: str) -> Response:
    """Every listed zone."""
    return _file("", form)


@blueprint.get("/downloads/<state>/zones.<form>")
@counted
def of_state(state: str, form: str) -> Response:
    """The zones of a state; one without zones is an empty file."""
    if state.upper() not in REGIONS:
        abort(404)
    return _file(state.lower(), form)


@blueprint.get("/downloads/<state>/<town>/zones.<form>")
@counted
def of_town(state: str, town: str, form: str) -> Response:
    """The zones of a town."""
    now, place = snapshot(), slug_from_url(state, town)
    row = now.towns.get(place) or now.town_named(town, state.upper()) or abort(404)
    return _file(row.slug, form)


def _file(place: str, suffixes: str) -> Response:
    name, dot, suffix = suffixes.partition(".")
    if name not in export_formats() or (dot and suffix != "sha256"):
        abort(404)
    form, now = name, snapshot()
    _refuse_unknown(request.args)
    wanted, usable = read_filters(request.args)
    zones = _zones(now, place)
    if wanted or usable:
        zones = filtered(now, zones, wanted, usable=usable)
    file_name = "-".join(["safe-zones", *place.split("/")] if place else ["safe-zones"]) + f".{form}"
    edition = _edition(now)
    digest = "" if wanted or usable else _kept_checksum(now, place, form, edition)
    if dot and not digest:
        _count_process(form)
        digest = _digest(now, zones, form, edition)
    if not digest:  # named by what was asked for: only a checksum needs the file itself
        asked = f"{now.version} {public_address()} {request.full_path}"
        digest = hashlib.sha256(asked.encode()).hexdigest()
    if dot:  # programs save the file under the name of the address, browsers under the one that the answer gives
        saved_as = file_name if request.args.get(BY_BROWSER) == "1" else f"zones.{form}"
        return Response(f"{digest}  {saved_as}\n", mimetype="text/plain", headers={"Cache-Control": "no-cache"})
    if request.if_none_match.contains_weak(digest):
        response = Response(status=304)
    else:
        _count_process(form)
        response = Response(_blocks(now, zones, form, edition), mimetype=export_formats()[form].media_type)
    response.set_etag(digest, weak=True)
    last = now.collection.last_change
    if last:
        response.headers["Last-Modified"] = http_date(last)
    response.headers["Content-Disposition"] = f'attachment; filename="{file_name}"'
    response.headers["Cache-Control"] = "public, no-cache"
    response.headers.add("Link", f'<{LICENCE}>; rel="license"')
    if form == "geojson":
        response.headers.add("Link", f'<{url_for("downloads.schema", _external=True)}>; rel="describedby"')
    return response


def _refuse_unknown(args: Mapping[str, str]) -> None:
    """Raises BadParametersError: a misspelled filter would give the whole file."""
    unknown = [name for name in args if name not in PARAMETERS]
    if unknown:
        allowed = {name: f"unknown{instead(name[:100], 'known', PARAMETERS)}" for name in unknown}
        raise BadParametersError([BadParameter(name[:100], args[name][:100], rule) for name, rule in allowed.items()])


def _count_process(form: str) -> None:
    """Count a file that a process of its own writes; 429 where it is one too many."""
    if export_formats()[form].own_process:
        limiter.count(DEAR_FILES, scope="dear files")


def _edition(now: Snapshot) -> Edition:
    """Excel reads a CSV file as UTF-8 where it begins with a byte order mark; `bom=0` leaves it out for programs."""
    return Edition.of_site(public_address(), now.collection.last_change, byte_order_mark=request.args.get("bom") != "0")


def _zones(now: Snapshot, place: str) -> list[StoredZone]:
    if not place:
        return now.listed
    return now.by_town.get(place, []) if "/" in place else now.by_state.get(place.upper(), [])


def _blocks(now: Snapshot, zones: Sequence[StoredZone], form: str, edition: Edition) -> Iterator[bytes]:
    """The file in blocks: memory does not grow with it."""
    departments = [now.departments[slug] for slug in sorted({zone.department_slug for zone in zones})]
    towns = [now.towns[slug] for slug in sorted({zone.town_slug for zone in zones})]
    block: list[bytes] = []
    size = 0
    own, programs = now.directory.rows.own, list[Program]()
    if form == "geojson":  # what a program says stands once, in the program
        programs = [now.programs[one] for one in sorted({zone.program for zone in zones} & now.programs.keys())]
        zones = [own.get(zone.zone_id, zone) for zone in zones]
    for piece in pieces(form, zones, departments, towns, programs=programs, edition=edition):
        block.append(piece)
        size += len(piece)
        if size >= BLOCK:
            yield b"".join(block)
            block, size = [], 0
    yield b"".join(block)


def _kept_checksum(now: Snapshot, place: str, form: str, edition: Edition) -> str:
    """SHA-256 of a place's file, made once a snapshot: for the first address by which the site is asked, else empty.

    Without SAFEZONES_BASE_URL the Host header names it, which anybody may change with each request.
    """
    key, site = (place, form, edition.byte_order_mark), public_address()
    if key not in now.checksums:
        now.checksums[key] = site, _digest(now, _zones(now, place), form, edition)
    kept_for, digest = now.checksums[key]
    return digest if kept_for == site else ""


def _digest(now: Snapshot, zones: Sequence[StoredZone], form: str, edition: Edition) -> str:
    digest = hashlib.sha256()
    for block in _blocks(now, zones, form, edition):
        digest.update(block)
    return digest.hexdigest()

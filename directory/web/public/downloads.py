"""The directory as files: whole, of a state, of a town, filtered; with checksum, schema, licence and day of change."""

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime

from flask import Blueprint, Response, abort, render_template, request, url_for
from werkzeug.http import http_date, is_resource_modified, quote_etag

from directory import clock
from directory.formats.edition import LICENCE, Edition
from directory.formats.export_formats import export_formats, pieces
from directory.formats.json_schema import file_schema
from directory.formats.writers.blocks import BLOCK_BYTES
from directory.regions import REGIONS
from directory.search.snapshots.snapshot import Snapshot
from directory.search.zone_features import dumped
from directory.store.repository import StoredZone
from directory.text import instead
from directory.web.http.container import snapshot
from directory.web.http.limits.rate_limits import DEAR_FILES, FILE_PARTS, FILES, limiter
from directory.web.http.urls import public_address
from directory.web.presenters.desk.fact_summary import evidence_words_of_all
from directory.web.presenters.regions import in_order
from directory.web.public.kept_files import KeptFiles, part_asked, whole_or_part
from directory.web.query.parameters import BadParameter, BadParametersError
from directory.web.query.terms import READERS
from directory.web.query.zone_filters import filtered, read_filters
from directory.zones.keys import slug_from_url
from directory.zones.programs import Program

blueprint = Blueprint("downloads", __name__)

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
        last_change=now.collection.last_change, evidence=evidence_words_of_all(now),
        formats=export_formats(), licence=LICENCE,
    )  # fmt: skip


@blueprint.get("/downloads/zones.schema.json")
def schema() -> Response:
    """What the GeoJSON file holds, as a JSON Schema."""
    return Response(dumped(file_schema(request.base_url)), mimetype="application/schema+json")


@blueprint.get("/downloads/zones.<form>")
def whole(form: str) -> Response:
    """Every listed zone."""
    return _file("", form)


@blueprint.get("/downloads/<state>/zones.<form>")
def of_state(state: str, form: str) -> Response:
    """The zones of a state; one without zones is an empty file."""
    if state.upper() not in REGIONS:
        abort(404)
    return _file(state.lower(), form)


@blueprint.get("/downloads/<state>/<town>/zones.<form>")
def of_town(state: str, town: str, form: str) -> Response:
    """The zones of a town."""
    now, place = snapshot(), slug_from_url(state, town)
    row = now.towns.get(place) or now.town_named(town, state.upper()) or abort(404)
    return _file(row.slug, form)


def _count_request() -> None:
    """A part of a file that is kept costs next to nothing, and programs ask for dozens."""
    if part_asked():
        limiter.count(FILE_PARTS, scope="parts of files")
    else:
        limiter.count(FILES, scope="files")


def _file(place: str, suffixes: str) -> Response:
    _count_request()
    name, dot, suffix = suffixes.partition(".")
    if name not in export_formats() or (dot and suffix != "sha256"):
        abort(404)
    form, now = name, snapshot()
    _refuse_unknown(request.args)
    filters, usable = read_filters(request.args)
    zones = _zones(now, place)
    if filters or usable:
        zones = filtered(now, zones, filters, usable=usable)
    file_name = "-".join(["safe-zones", *place.split("/")] if place else ["safe-zones"]) + f".{form}"
    edition = _edition(now)

    def written() -> Iterator[bytes]:
        if part_asked():  # it is written as a whole, whatever part is asked for
            limiter.count(FILES, scope="files")
        if export_formats()[form].own_process:
            limiter.count(DEAR_FILES, scope="dear files")
        return _blocks(now, zones, form, edition)

    kept_file = None
    if not (filters or usable):
        key, with_bytes = (place, form, edition.byte_order_mark, public_address()), part_asked() is not None
        kept_file = now.once("files", KeptFiles).get(key, written, with_bytes=with_bytes)
    if dot:
        return _checksum(kept_file.digest if kept_file else _digest(written()), file_name, form)
    # Named by what was asked for: only a checksum needs the file itself. What is usable changes with the clock, too.
    minute = f"{clock.now():%Y-%m-%dT%H:%M}" if usable else ""
    request_key = f"{now.version} {minute} {public_address()} {request.full_path}"
    tag = kept_file.digest if kept_file else hashlib.sha256(request_key.encode()).hexdigest()
    last = None if usable else now.collection.last_change
    if not is_resource_modified(request.environ, quote_etag(tag), last_modified=last):
        response = Response(status=304)
    else:
        response = whole_or_part(kept_file, export_formats()[form].media_type, written)
    response.set_etag(tag, weak=True)
    response.headers["Content-Disposition"] = f'attachment; filename="{file_name}"'
    return _described(response, form, last)


def _described(response: Response, form: str, last: datetime | None) -> Response:
    """With what programs want to know of a file that last changed then."""
    if last:
        response.headers["Last-Modified"] = http_date(last)
    response.headers["Cache-Control"] = "public, no-cache"
    response.headers.add("Link", f'<{LICENCE}>; rel="license"')
    if form == "geojson":
        response.headers.add("Link", f'<{url_for("downloads.schema", _external=True)}>; rel="describedby"')
    return response


def _checksum(digest: str, file_name: str, form: str) -> Response:
    """As `sha256sum -c` reads it: programs save the file under the name of its address, browsers as it is answered."""
    saved_as = file_name if request.args.get(BY_BROWSER) == "1" else f"zones.{form}"
    return Response(f"{digest}  {saved_as}\n", mimetype="text/plain", headers={"Cache-Control": "no-cache"})


def _refuse_unknown(args: Mapping[str, str]) -> None:
    """Raises BadParametersError: a misspelled filter would give the whole file."""
    unknown = [name for name in args if name not in PARAMETERS]
    if unknown:
        allowed = {name: f"unknown{instead(name[:100], 'known', PARAMETERS)}" for name in unknown}
        raise BadParametersError([BadParameter(name[:100], args[name][:100], rule) for name, rule in allowed.items()])


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
        if size >= BLOCK_BYTES:
            yield b"".join(block)
            block, size = [], 0
    yield b"".join(block)


def _digest(blocks: Iterator[bytes]) -> str:
    digest = hashlib.sha256()
    for block in blocks:
        digest.update(block)
    return digest.hexdigest()

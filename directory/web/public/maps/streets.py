"""The basemap's file, handed out in pieces: a browser asks for the few kilobytes of each tile."""

from threading import BoundedSemaphore
from typing import BinaryIO

from flask import Blueprint, Response, abort, request, url_for
from werkzeug.exceptions import RequestedRangeNotSatisfiable
from werkzeug.wsgi import FileWrapper

from directory.formats.writers.blocks import BLOCK_BYTES
from directory.web.http.container import container
from directory.web.public.maps.map_data import FOR_EVER

blueprint = Blueprint("streets", __name__)

MIME = "application/vnd.pmtiles"
LONG = 1_000_000
"""Bytes of an answer that is written piece by piece. A tile has a few hundred kilobytes at most."""
_long_answers = BoundedSemaphore(2)
"""How many of them a worker writes at once: whoever wants the whole file does not keep others from their pages."""


@blueprint.get("/map/basemap-<version>.pmtiles")
def basemap(version: str) -> Response:
    """The range that was asked for (one; else 416), or the whole file; 404 for a file that was replaced."""
    file = container().basemap.open(version)
    if file is None:
        abort(404)
    return _ranged(file, container().basemap.state().size, version)


def _ranged(file: BinaryIO, size: int, version: str) -> Response:
    response = Response(FileWrapper(file, BLOCK_BYTES), mimetype=MIME)  # which closes the file
    response.set_etag(version)
    response.headers["Cache-Control"] = f"{FOR_EVER}, no-transform"
    # A sandboxed frame, as WordPress makes of an embed, has no origin. Other sites bring streets of their own.
    response.headers["Access-Control-Allow-Origin"] = "null"
    response.headers["Access-Control-Expose-Headers"] = "ETag, Content-Range"
    response.content_length = size
    is_head = request.method == "HEAD"
    try:
        response.make_conditional(request.environ, accept_ranges=True, complete_length=None if is_head else size)
    except RequestedRangeNotSatisfiable:
        file.close()
        return Response(status=416, headers={"Content-Range": f"bytes */{size}", "Accept-Ranges": "bytes"})
    has_body = not is_head and response.status_code != 304
    if not has_body:
        return response
    if (response.content_length or 0) <= LONG:
        response.make_sequence()  # whoever reads it slowly, or not at all, holds no thread
    elif _long_answers.acquire(blocking=False):
        response.call_on_close(_long_answers.release)
    else:
        file.close()
        abort(503, "Ask for shorter ranges, or try again in a minute.")
    return response


def basemap_url() -> str:
    """Where pages find the basemap; empty while there is none that could be drawn."""
    own = container().basemap
    version = own.state().version
    return own.url or (url_for("streets.basemap", version=version) if version else "")

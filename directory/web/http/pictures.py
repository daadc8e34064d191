"""Stored photos as responses."""

from flask import Response, abort

from directory.db.tables.contributions.submissions import Submission
from directory.store.photos import read_photo
from directory.web.http.container import container


def picture_of(row: Submission, digest: str) -> Response:
    """A photo of a submission, for those who may see it; 404 when the submission has no such photo."""
    if not any(stored["values"].get("photo") == digest for stored in row.items):
        abort(404)
    return picture(digest)


def picture(digest: str) -> Response:
    """A kept photo, or 404."""
    photo = read_photo(container().engine, digest) or abort(404)
    return Response(photo.content, mimetype="image/jpeg")

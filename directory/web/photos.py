"""Photos of published zones."""

from flask import Blueprint, Response, abort

from directory.records.database import transaction
from directory.records.photos import photo
from directory.records.proposals import Submission
from directory.web.services import services, snapshot

blueprint = Blueprint("photos", __name__)


@blueprint.get("/photos/<digest>.jpg")
def public(digest: str) -> Response:
    """A photo that a zone of the directory shows; others are nobody's business yet."""
    if digest not in snapshot().photos:
        abort(404)
    response = picture(digest)
    response.headers["Cache-Control"] = "public, max-age=31536000, immutable"
    return response


def picture_of(row: Submission, digest: str) -> Response:
    """A photo of a submission, for those who may see it; 404 when the submission has no such photo."""
    if not any(stored["values"].get("photo") == digest for stored in row.items):
        abort(404)
    return picture(digest)


def picture(digest: str) -> Response:
    """A kept photo, or 404."""
    with transaction(services().engine, writes=False) as session:
        row = photo(session, digest)
        content = row.content if row else None
    if content is None:
        abort(404)
    return Response(content, mimetype="image/jpeg")

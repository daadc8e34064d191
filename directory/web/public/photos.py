"""Photos of published zones."""

from flask import Blueprint, Response, abort

from directory.web.http.container import snapshot
from directory.web.http.pictures import picture

blueprint = Blueprint("photos", __name__)


@blueprint.get("/photos/<digest>.jpg")
def public(digest: str) -> Response:
    """A photo that a zone of the directory shows; others are nobody's business yet."""
    if digest not in snapshot().photos:
        abort(404)
    response = picture(digest)
    response.headers["Cache-Control"] = "public, max-age=31536000, immutable"
    return response

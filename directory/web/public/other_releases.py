"""Files of pages that another release wrote, a moment before an update or back: they get those of this one."""

from pathlib import Path

from flask import Blueprint, Response, abort, current_app, url_for
from werkzeug.security import safe_join

blueprint = Blueprint("other_releases", __name__)


@blueprint.get("/static/<release>/<path:filename>")
def file_of_another(release: str, filename: str) -> Response:  # noqa: ARG001  (any other)
    """Lead to the file of this name as it is now; 404 where there is none. This release's own never come here."""
    path = safe_join(str(current_app.static_folder), filename)
    if path is None or not Path(path).is_file():
        abort(404)
    address = url_for("static", filename=filename)
    for_all = {"Access-Control-Allow-Origin": "*"}  # as the files themselves
    return Response(status=302, headers={"Location": address, "Cache-Control": "no-cache", **for_all})

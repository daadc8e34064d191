"""What a reader keeps in the browser: zones and meetings, which a script lists. The server never learns of it."""

from flask import Blueprint, render_template

blueprint = Blueprint("kept", __name__)


@blueprint.get("/kept")
def kept() -> str:
    """The list, still empty: static/kept.js fills it from the browser's own storage."""
    return render_template("meetings/kept.html")

"""What a reader keeps in the browser: lists of zones and meetings that a script fills. The server never learns of it."""

from flask import Blueprint, render_template

blueprint = Blueprint("kept", __name__)


@blueprint.get("/kept")
def kept() -> str:
    """The list, still empty: static/kept.js fills it from the browser's own storage."""
    return render_template("meetings/kept.html")

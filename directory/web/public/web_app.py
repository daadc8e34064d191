"""The site as an app on a phone: its manifest, and the service worker that answers without a network."""

import json
from typing import Any

from flask import Blueprint, Response, abort, current_app, request, url_for
from flask_babel import force_locale

from directory import __version__
from directory.web.accounts.permissions import ACCESS, Access
from directory.web.http.container import container
from directory.web.http.languages import available, with_habits
from directory.web.i18n.translate import _

blueprint = Blueprint("web_app", __name__)

GROUND = "#faf8f3"
CIVIC = "#0b5c63"
"""Colours of static/tokens.css."""
ICONS = (("icon-192.png", 192, "any"), ("icon-512.png", 512, "any"), ("icon-maskable-512.png", 512, "maskable"))
"""File, width and height in pixels, purpose; `scripts/make_icons.py` draws them."""


def in_web_app() -> bool:
    """Whether the page at hand belongs to the app: every public page and cards; no desk, draft, error or embed."""
    endpoint = request.endpoint or ""
    is_for_app = ACCESS.get(endpoint) is Access.PUBLIC or endpoint == "meetings.card"
    return container().settings.offline_copies and is_for_app


@blueprint.get("/manifest/<language>.webmanifest")
def manifest(language: str) -> Response:
    """The web app manifest in one language, which its address names: browsers ask for it without cookies."""
    if language not in available():
        abort(404)
    with force_locale(with_habits(language)):
        text = json.dumps(_manifest(language), ensure_ascii=False)
    return Response(text, mimetype="application/manifest+json")


def _manifest(language: str) -> dict[str, Any]:
    return {
        "id": "/",
        "name": _("Safe Zone Directory"),
        "short_name": _("Safe zones"),
        "description": _("Find the nearest police-station safe zone to meet someone you know only from the internet."),
        "lang": language,
        "start_url": url_for("pages.home"),
        "scope": "/",
        "display": "standalone",
        # The pages have no way back of their own.
        "display_override": ["minimal-ui"],
        "background_color": GROUND,
        "theme_color": CIVIC,
        "icons": [
            {
                "src": url_for("static", filename=name),
                "sizes": f"{pixels}x{pixels}",
                "type": "image/png",
                "purpose": purpose,
            }
            for name, pixels, purpose in ICONS
        ],
        "shortcuts": [
            {"name": _("Kept zones and meetings"), "url": url_for("kept.kept")},
            {"name": _("Tips for meeting safely"), "url": url_for("pages.tips")},
        ],
    }


@blueprint.get("/service-worker.js")
def service_worker() -> Response:
    """The worker of this release; where offline copies are off, one that deletes the copies and removes itself."""
    if not container().settings.offline_copies:
        return Response(_script("retired-worker.js"), mimetype="text/javascript")
    release = f"{__version__}-{(current_app.static_url_path or '').rpartition('/')[2]}"
    return Response(f'const RELEASE = "{release}";\n{_script("service-worker.js")}', mimetype="text/javascript")


def _script(name: str) -> str:
    with current_app.open_resource(f"static/{name}", "r", encoding="utf-8") as file:
        return str(file.read())

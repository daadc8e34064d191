"""oEmbed 1.0: an address of ours in, the code to show it out, as JSON or XML."""

from typing import Any
from urllib.parse import parse_qs, urlsplit

from flask import Blueprint, Response, current_app, request, url_for
from werkzeug.exceptions import HTTPException

from directory.languages import SOURCE_LANGUAGE
from directory.search.snapshots.snapshot import Snapshot
from directory.search.zone_features import dumped
from directory.web.accounts.permissions import ACCESS, Access
from directory.web.embed import snippets
from directory.web.embed.builder import chosen_in_builder
from directory.web.embed.options import LEAST_HEIGHT, MOST_HEIGHT, USUAL_WIDTH, read_options
from directory.web.embed.selection import NAMES, selection_of, state_named, state_subject
from directory.web.embed.snippets import Subject
from directory.web.http.container import snapshot
from directory.web.http.error_handling.problem_documents import ApiError
from directory.web.http.languages import language_of, with_habits
from directory.web.http.urls import public_address
from directory.web.i18n.translate import _, force_locale
from directory.web.query.integers import number_in
from directory.web.query.parameters import BadParameter, BadParametersError
from directory.xml_writer import DECLARATION, element, lines
from directory.zones.keys import slug_from_url

blueprint = Blueprint("oembed", __name__)

FORMATS = {"json": "application/json", "xml": "text/xml"}
CACHE_SECONDS = 86_400
LINK_HEIGHT = 64
"""What the quoted link before the frame takes of the height that the asker has."""


@blueprint.get("/oembed")
def answer() -> Response:
    """What to show for an address.

    As the specification says: 404 for one we do not have, 401 for one that is not for everybody, 501 for a format
    that is not offered.
    """
    form = request.args.get("format", "json")
    if form not in FORMATS:
        raise ApiError("not-offered", "Ask for json or xml.")
    address = request.args.get("url", "")
    width, height = _size("maxwidth", USUAL_WIDTH), _size("maxheight", MOST_HEIGHT)
    if not address:
        raise BadParametersError([BadParameter("url", "", "is needed: an address of this site")])
    endpoint, values, query = _matched(address)
    # In the language that the address names, whoever asks: the answer is kept by caches.
    with force_locale(with_habits(language_of(query.get("lang", "")) or SOURCE_LANGUAGE)):
        members = _described(endpoint, values, query, width, height)
    response = Response(dumped(members) if form == "json" else _as_xml(members), mimetype=FORMATS[form])
    # What somebody searched for is nobody's business: no cache keeps it.
    policy = f"public, max-age={CACHE_SECONDS}" if "cache_age" in members else "private, no-store"
    response.headers["Cache-Control"] = policy
    return response


def _as_xml(members: dict[str, Any]) -> bytes:
    fields = [element(name, {}, str(value)) for name, value in members.items()]
    return (DECLARATION + lines(element("oembed", {}, lines(*fields)))).encode()


def _size(name: str, usual: int) -> int:
    """The usual size, or less where the asker has less room."""
    text = request.args.get(name, "").strip()
    if not text:
        return usual
    number = number_in(text)
    if number is None or not 1 <= number <= 999_999:
        raise BadParametersError([BadParameter(name, text[:100], "a whole number of pixels from 1 to 999999")])
    return min(usual, number)


def _matched(address: str) -> tuple[str, dict[str, Any], dict[str, str]]:
    """Which page of ours the address means. Raises FieldError."""
    try:
        parts = urlsplit(address)
        site_url = urlsplit(public_address())
        if parts.scheme not in ("http", "https") or parts.netloc.lower() != site_url.netloc.lower():
            raise ApiError("not-found", f"That is no address of {site_url.netloc}.")
        adapter = current_app.url_map.bind(parts.netloc, url_scheme=parts.scheme)
        endpoint, values = adapter.match(parts.path, method="GET")
        query = {name: texts[0] for name, texts in parse_qs(parts.query).items()}
        if endpoint == "builder.build":
            query["lang"] = query.get("language", "")
    except (ValueError, HTTPException) as error:
        raise ApiError("not-found", "There is no such page here.") from error
    if ACCESS.get(endpoint, Access.ADMINISTRATOR) is not Access.PUBLIC:
        raise ApiError("forbidden", "That page is not public.")
    return endpoint, dict(values), query


def _described(endpoint: str, values: dict[str, Any], query: dict[str, str], width: int, height: int) -> dict[str, Any]:
    now = snapshot()
    common = {"version": "1.0", "provider_name": _("Safe Zone Directory"), "provider_url": public_address()}
    cached = {"cache_age": CACHE_SECONDS}
    subject = _subject(now, endpoint, values, query)
    options = read_options(query)
    height = min(height, options.height)
    if height < LEAST_HEIGHT:
        code = snippets.frame(public_address(), subject, options, height)
    else:
        code = snippets.quoted(public_address(), subject, options, height - LINK_HEIGHT)
    return {"type": "rich", "title": subject.title, "html": code, "width": width, "height": height, **common,
            **({} if subject.attribute == "near" else cached)}  # fmt: skip


def _subject(now: Snapshot, endpoint: str, values: dict[str, Any], query: dict[str, str]) -> Subject:
    """What of ours can be shown in a frame. Raises FieldError."""
    choice = _named_in(endpoint, values, query)
    if near := choice.get("near"):
        page = public_address() + url_for("searching.search", q=near[:200])
        return Subject("near", near[:200], _("Safe zones near %(place)s", place=near[:200]), page)
    if selected := selection_of(now, choice):
        if now.sites_that_may_show({zone.town_slug for zone in selected.zones}) is not None:
            raise ApiError("forbidden", "The town lets only sites that it named show its zones. Link to its page.")
        return selected.subject
    if state := choice.get("state"):
        if state_named(state) not in now.by_state:
            raise ApiError("not-found", "No zone is known in that state.")
        return state_subject(state_named(state))
    if choice:
        raise ApiError("not-found", "No zone is known there.")
    raise ApiError("not-found", "That page cannot be embedded; pages of zones, towns and states can.")


def _named_in(endpoint: str, values: dict[str, Any], query: dict[str, str]) -> dict[str, str]:
    """What a page of ours is about, as the frame's address says it; empty for a page without zones."""
    match endpoint:
        case "places.zone":
            return {"zone": values["zone_id"]}
        case "places.town" | "embedding.town":
            return {"town": slug_from_url(values["state"], values["town"])}
        case "places.state" | "embedding.state":
            return {"state": values["state"]}
        case "searching.search":
            return {"near": query["q"]} if query.get("q") else {}
        case "embedding.by_query":
            return {name: value for name, value in query.items() if name in NAMES}
        case "builder.build":
            return chosen_in_builder(slug_from_url(values["state"], values["town"]), query)
    return {}

"""What a town's manager says of the town: whom to ask, the logo, and which sites may show its embed."""

import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

from flask import Blueprint, abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from itsdangerous import BadSignature, URLSafeSerializer

from directory.records.database import transaction
from directory.records.fields import READERS
from directory.records.findings import Problem
from directory.records.photos import keep_photo
from directory.records.store import StoredKit, StoredTown
from directory.records.town_kits import keep_town_kit
from directory.records.writing import By
from directory.submissions.domains import clean_email
from directory.submissions.photos import BadPhoto, reencode
from directory.web.access import person
from directory.web.limits import limiter, per_hour
from directory.web.services import services, snapshot
from directory.web.towns.known import town_or_404
from directory.web.words import _, told
from directory.web.zone_form import FieldError, photo_words

blueprint = Blueprint("kit", __name__)

MOST_SITES = 20
LONGEST = {"web_page": 300, "email": 200, "phone": 40, "logo_alt": 300, "embed_sites": 6_000}
_HOST = re.compile(r"(\*\.)?([a-z0-9]([a-z0-9-]*[a-z0-9])?\.)+[a-z]{2,}|localhost|127\.0\.0\.1")


@blueprint.get("/towns/<state>/<town>/manage")
def manage(state: str, town: str) -> str:
    """The form, with what stands now."""
    known = town_or_404(state, town)
    current = snapshot().kits.get(known.slug, StoredKit())
    return _page(known, current, _as_typed(current), [])


@blueprint.post("/towns/<state>/<town>/manage")
@limiter.limit(per_hour)
def save(state: str, town: str) -> ResponseReturnValue:
    """Keep what was typed; nothing is lost when something cannot be taken."""
    known = town_or_404(state, town)
    who = person()
    if who is None:
        abort(401)
    current = snapshot().kits.get(known.slug, StoredKit())
    given = {name: request.form.get(name, "").strip() for name in _as_typed(current)}
    values, errors = _read(given, current)
    if errors:
        # A picture cannot be put back into a form, so that its name travels with it: signed.
        sent = values["logo"] not in ("", current.logo)
        given["logo_kept"] = str(_signer().dumps(values["logo"])) if sent else ""
        return _page(known, current, given, errors), 400
    with transaction(services().engine) as session:
        keep_town_kit(session, known.slug, values, By(who.email, "town's page"))
    return redirect(url_for("kit.manage", state=state, town=town, done=1))


def _page(known: StoredTown, current: StoredKit, given: Mapping[str, str], errors: list[FieldError]) -> str:
    return render_template(
        "town_manage.html", town=known, kit=current, given=given, errors=errors, done=request.args.get("done") == "1"
    )


def _as_typed(kit: StoredKit) -> dict[str, str]:
    return {"web_page": kit.web_page, "email": kit.email, "phone": kit.phone, "logo_alt": kit.logo_alt,
            "embed_sites": "\n".join(kit.embed_sites), "logo_kept": "",
            "logo_remove": ""}  # fmt: skip


def _read(given: Mapping[str, str], current: StoredKit) -> tuple[dict[str, Any], list[FieldError]]:
    """The answers as they are kept, and what cannot be taken."""
    errors = [
        FieldError(name, _("That is too long"), _("Shorten it to %(most)s characters.", most=most))
        for name, most in LONGEST.items()
        if len(given[name]) > most
    ]
    values: dict[str, Any] = {
        "web_page": _by_reader("web_page", "source_url", given, errors),
        "phone": _by_reader("phone", "phone", given, errors),
        "email": _email(given, errors),
        "embed_sites": _sites(given["embed_sites"], errors),
    }
    values |= _logo(given, current, errors)
    return values, errors


def _by_reader(name: str, field: str, given: Mapping[str, str], errors: list[FieldError]) -> str:
    """A value by the rules of the import."""
    if not given[name]:
        return ""
    try:
        return str(READERS[field](given[name]).value)
    except Problem as problem:
        errors.append(FieldError(name, told(problem.reason), told(problem.fix)))
        return ""


def _email(given: Mapping[str, str], errors: list[FieldError]) -> str:
    email = clean_email(given["email"]) if given["email"] else ""
    if email is None:
        errors.append(FieldError("email", _("That is no e-mail address"), _("Write it like name@example.org.")))
    return email or ""


def _sites(text: str, errors: list[FieldError]) -> list[str]:
    """Origins, one a line: "www.town.gov" means https. They become part of a header, so only hosts and ports pass."""
    sites: list[str] = []
    for line in text.split():
        site = _origin(line)
        if site is None:
            errors.append(
                FieldError(
                    "embed_sites",
                    _("“%(line)s” is no address of a site", line=line[:80]),
                    _("Write one a line, such as https://www.newcanaan.info."),
                )
            )
        elif site not in sites:
            sites.append(site)
    if len(sites) > MOST_SITES:
        words = _("There are more than %(most)s sites", most=MOST_SITES)
        errors.append(FieldError("embed_sites", words, _("Use *.town.gov for all sites below a domain.")))
    return sites


def _origin(line: str) -> str | None:
    """Scheme, host and port of an address; None where they could be anything else inside a header."""
    try:
        parts = urlsplit(line if "://" in line else f"https://{line}")
        port = f":{parts.port}" if parts.port else ""
    except ValueError:
        return None
    host = (parts.hostname or "").lower()
    return f"{parts.scheme}://{host}{port}" if parts.scheme in ("http", "https") and _HOST.fullmatch(host) else None


def _logo(given: Mapping[str, str], current: StoredKit, errors: list[FieldError]) -> dict[str, str]:
    """The logo that was sent, or the one that stands, or none; one that is shown needs words."""
    file = request.files.get("logo_file")
    logo = "" if given["logo_remove"] else _kept_logo(given) or current.logo
    if file is not None and file.filename:
        try:
            picture = reencode(file.stream.read())
        except BadPhoto as problem:
            errors.append(FieldError("logo_file", *photo_words(problem.kind)))
            return {"logo": logo, "logo_alt": given["logo_alt"]}
        logo = picture.digest
        with transaction(services().engine) as session:
            keep_photo(session, picture.digest, picture.content, picture.width, picture.height)
    if logo and not given["logo_alt"]:
        words = _("The logo has no words for people who cannot see it")
        errors.append(FieldError("logo_alt", words, _("Write what it shows: “Seal of the Town of New Canaan”.")))
    return {"logo": logo, "logo_alt": given["logo_alt"]}


def _signer() -> URLSafeSerializer:
    return URLSafeSerializer(services().settings.signing_key, salt="logo")


def _kept_logo(given: Mapping[str, str]) -> str:
    """The logo that was sent with a form that could not be taken: signed, so that nobody names another's picture."""
    try:
        return str(_signer().loads(given["logo_kept"]))
    except BadSignature:
        return ""

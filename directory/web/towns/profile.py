"""What a town's manager says of the town: whom to ask, the logo, and which sites may show its embed."""

import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

from flask import Blueprint, abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from itsdangerous import BadSignature, URLSafeSerializer

from directory.moderation import town_profiles
from directory.moderation.decisions import ReasonMissingError
from directory.moderation.town_profiles import (
    DECISIONS,
    ChangeWaitsError,
    DecisionNotAllowedError,
    WaitingChange,
    profile_of,
)
from directory.store.repository import StoredTown
from directory.submissions.drafts import StaleVersionError
from directory.submissions.photos import BadPhotoError, reencode
from directory.submissions.unpacking import BusyError
from directory.verification.domains import clean_email
from directory.web.accounts.permissions import signed_in
from directory.web.http.container import container
from directory.web.http.forms import FormError
from directory.web.http.rate_limits import bounded, limiter, per_hour
from directory.web.http.town_lookup import town_or_404
from directory.web.http.urls import site_address
from directory.web.i18n.translate import _, translate
from directory.web.presenters.town_profile import comparison
from directory.web.presenters.uploads import photo_words
from directory.web.query.integers import number_in
from directory.zones.findings import FieldError
from directory.zones.parsers import PARSERS

blueprint = bounded(Blueprint("kit", __name__))

MOST_SITES = 20
LONGEST = {"web_page": 300, "email": 200, "phone": 40, "logo_alt": 300, "embed_sites": 6_000}
_HOST = re.compile(r"(\*\.)?([a-z0-9]([a-z0-9-]*[a-z0-9])?\.)+[a-z]{2,}|localhost|127\.0\.0\.1")


@blueprint.get("/towns/<state>/<town>/manage")
def manage(state: str, town: str) -> str:
    """The form, with what stands now and what waits."""
    town_row = town_or_404(state, town)
    answers, waits = profile_of(container().context, town_row.slug)
    return _page(town_row, answers, waits, _as_typed(answers), [])


@blueprint.post("/towns/<state>/<town>/manage")
@limiter.limit(per_hour)
def save(state: str, town: str) -> ResponseReturnValue:
    """Keep what was typed; nothing is lost when something cannot be taken."""
    town_row = town_or_404(state, town)
    answers, waits = profile_of(container().context, town_row.slug)
    fields = {name: request.form.get(name, "").strip() for name in _as_typed(answers)}
    values, errors = _read(fields, answers)
    if errors:
        return _refused(town_row, answers, waits, fields, values, errors), 400
    try:
        status = town_profiles.save(container().context, town_row.slug, values, signed_in(), site_address(),
                                    replace=request.form.get("replace") == "1")  # fmt: skip
    except ChangeWaitsError:
        words = _("Another change waits already"), _("Choose whether yours takes its place.")
        return _refused(town_row, answers, waits, fields, values, [FormError("replace", *words)]), 409
    return redirect(url_for("kit.manage", state=state, town=town, done=status.value))


@blueprint.post("/towns/<state>/<town>/manage/take-back")
def take_back(state: str, town: str) -> ResponseReturnValue:
    """The sender takes a change back that waits."""
    try:
        town_profiles.take_back(container().context, _number(), signed_in())
    except (StaleVersionError, DecisionNotAllowedError):
        return _decided_page(state, town, "stale"), 409
    return redirect(url_for("kit.manage", state=state, town=town, done="withdrawn"))


@blueprint.post("/towns/<state>/<town>/manage/decide")
def decide(state: str, town: str) -> ResponseReturnValue:
    """Another manager approves or declines a change that waits."""
    town_row = town_or_404(state, town)
    status = DECISIONS.get(request.form.get("step", ""))
    if status is None:
        abort(400)
    reason = request.form.get("reason", "")[:2000]
    try:
        town_profiles.decide(container().context, town_row.slug, _number(), status, reason, signed_in(), site_address())
    except ReasonMissingError:
        return _decided_page(state, town, "reason"), 400
    except StaleVersionError:
        return _decided_page(state, town, "stale"), 409
    except DecisionNotAllowedError:
        return _decided_page(state, town, "own"), 403
    return redirect(url_for("kit.manage", state=state, town=town, done=status.value))


def _number() -> int:
    """The change that the page showed."""
    return number_in(request.form.get("change", "")) or 0


def _decided_page(state: str, town: str, problem: str) -> str:
    town_row = town_or_404(state, town)
    answers, waits = profile_of(container().context, town_row.slug)
    return _page(town_row, answers, waits, _as_typed(answers), [], problem)


def _refused(
    town_row: StoredTown, answers: dict[str, Any], waits: WaitingChange | None, fields: dict[str, str],
    values: dict[str, Any], errors: list[FormError],
) -> str:  # fmt: skip
    """The form with all that was typed. A picture cannot be put back, so that its name travels with it: signed."""
    sent = values["logo"] not in ("", answers["logo"])
    fields["logo_kept"] = str(_signer().dumps(values["logo"])) if sent else ""
    return _page(town_row, answers, waits, fields, errors)


def _page(
    town_row: StoredTown, answers: dict[str, Any], waits: WaitingChange | None, fields: Mapping[str, str],
    errors: list[FormError], problem: str = "",
) -> str:  # fmt: skip
    return render_template(
        "towns/profile.html", town=town_row, profile=answers, given=fields, errors=errors,
        done=request.args.get("done", ""),
        waits=waits, changes=comparison(waits) if waits else [], problem=problem, who=signed_in(),
        reason=request.form.get("reason", "")[:2000],
    )  # fmt: skip


def _as_typed(answers: Mapping[str, Any]) -> dict[str, str]:
    typed = {name: answers[name] for name in ("web_page", "email", "phone", "logo_alt")}
    return typed | {"embed_sites": "\n".join(answers["embed_sites"]), "logo_kept": "", "logo_remove": ""}


def _read(fields: Mapping[str, str], answers: Mapping[str, Any]) -> tuple[dict[str, Any], list[FormError]]:
    """The answers as they are kept, and what cannot be taken."""
    errors = [
        FormError(name, _("That is too long"), _("Shorten it to %(most)s characters.", most=most))
        for name, most in LONGEST.items()
        if len(fields[name]) > most
    ]
    values: dict[str, Any] = {
        "web_page": _by_reader("web_page", "source_url", fields, errors),
        "phone": _by_reader("phone", "phone", fields, errors),
        "email": _email(fields, errors),
        "embed_sites": _sites(fields["embed_sites"], errors),
    }
    values |= _logo(fields, answers["logo"], errors)
    return values, errors


def _by_reader(name: str, field: str, fields: Mapping[str, str], errors: list[FormError]) -> str:
    """A value by the rules of the import."""
    if not fields[name]:
        return ""
    try:
        return str(PARSERS[field](fields[name]).value)
    except FieldError as problem:
        errors.append(FormError(name, translate(problem.reason), translate(problem.fix)))
        return ""


def _email(fields: Mapping[str, str], errors: list[FormError]) -> str:
    email = clean_email(fields["email"]) if fields["email"] else ""
    if email is None:
        errors.append(FormError("email", _("That is no e-mail address"), _("Write it like name@example.org.")))
    return email or ""


def _sites(text: str, errors: list[FormError]) -> list[str]:
    """Origins, one a line: "www.town.gov" means https. They become part of a header, so only hosts and ports pass."""
    sites: list[str] = []
    for line in text.split():
        site = _origin(line)
        if site is None:
            errors.append(
                FormError(
                    "embed_sites",
                    _("“%(line)s” is no address of a site", line=line[:80]),
                    _("Write one a line, such as https://www.newcanaan.info."),
                )
            )
        elif site not in sites:
            sites.append(site)
    if len(sites) > MOST_SITES:
        words = _("There are more than %(most)s sites", most=MOST_SITES)
        errors.append(FormError("embed_sites", words, _("Use *.town.gov for all sites below a domain.")))
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


def _logo(fields: Mapping[str, str], current: str, errors: list[FormError]) -> dict[str, str]:
    """The logo that was sent, or the one that stands, or none; one that is shown needs words."""
    file = request.files.get("logo_file")
    logo = "" if fields["logo_remove"] else _kept_logo(fields) or current
    if file is not None and file.filename:
        try:
            picture = reencode(file.stream)
        except (BadPhotoError, BusyError) as problem:
            errors.append(FormError("logo_file", *photo_words(problem)))
            return {"logo": logo, "logo_alt": fields["logo_alt"]}
        logo = town_profiles.keep_logo(container().context, picture)
    if logo and not fields["logo_alt"]:
        words = _("The logo has no words for people who cannot see it")
        errors.append(FormError("logo_alt", words, _("Write what it shows: “Seal of the Town of New Canaan”.")))
    return {"logo": logo, "logo_alt": fields["logo_alt"]}


def _signer() -> URLSafeSerializer:
    return URLSafeSerializer(container().settings.signing_key, salt="logo")


def _kept_logo(fields: Mapping[str, str]) -> str:
    """The logo that was sent with a form that could not be taken: signed, so that nobody names another's picture."""
    try:
        return str(_signer().loads(fields["logo_kept"]))
    except BadSignature:
        return ""

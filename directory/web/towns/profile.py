"""What a town's manager says of the town: whom to ask, the logo, and which sites may show its embed."""

import re
from collections.abc import Sequence
from typing import Any
from urllib.parse import urlsplit

from flask import Blueprint, abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from itsdangerous import BadSignature, URLSafeSerializer
from wtforms import BooleanField, Field, HiddenField
from wtforms.validators import Optional

from directory.errors import StaleVersionError
from directory.moderation import town_profiles
from directory.moderation.town_profiles import (
    DECISIONS,
    DecisionNotAllowedError,
    ProfileChangeWaitsError,
    WaitingChange,
    profile_of,
)
from directory.store.repository import StoredTown
from directory.web.accounts.permissions import signed_in
from directory.web.http.container import container
from directory.web.http.error_handling.rows_or_404 import town_or_404
from directory.web.http.forms import (
    AreaField,
    DecisionForm,
    FormError,
    MailAddressField,
    PageForm,
    TextField,
    by_parser,
)
from directory.web.http.limits.rate_limits import bounded, limiter, per_hour
from directory.web.http.uploads import PictureField
from directory.web.i18n.translate import _
from directory.web.i18n.translate import lazy_gettext as _l
from directory.web.presenters.desk.town_profile import comparison

blueprint = bounded(Blueprint("town_profile", __name__))

MOST_SITES = 20
_HOST = re.compile(r"(\*\.)?([a-z0-9]([a-z0-9-]*[a-z0-9])?\.)+[a-z]{2,}|localhost|127\.0\.0\.1")


class ProfileForm(PageForm):
    """What a manager says of a town. `sites` are the origins of `embed_sites`."""

    web_page = TextField(
        _l("Web page about exchanges in your town"), [Optional(), by_parser("source_url")],
        render_kw={"inputmode": "url"},
    )  # fmt: skip
    email = MailAddressField(
        _l("E-mail for questions"), [Optional()],
        render_kw={"type": "text", "inputmode": "email", "autocomplete": "off"},
        description=_l("Shown to everybody: use one of an office, not a person’s."),
    )  # fmt: skip
    phone = TextField(
        _l("Telephone for questions"), [Optional(), by_parser("phone")], longest=40,
        render_kw={"inputmode": "tel", "class": "narrow"},
    )  # fmt: skip
    logo_kept = HiddenField(default="")
    logo_remove = BooleanField(_l("Take it away"))
    logo_file = PictureField(
        _l("A picture"), [Optional()], render_kw={"accept": "image/jpeg,image/png,image/webp"},
        description=_l("JPEG, PNG or WebP, up to 8 MB. It stands on the town’s page and on posters."),
    )  # fmt: skip
    logo_alt = TextField(
        _l("What it shows, in words"), [Optional()],
        description=_l("For people who cannot see it: “Seal of the Town of New Canaan”."),
    )  # fmt: skip
    embed_sites = AreaField(
        _l("One site a line"), [Optional()], longest=6_000, render_kw={"rows": 4},
        description=_l(
            "Leave it empty to let every site show it. https://www.newcanaan.info lets that one, *.newcanaan.info all "
            "below it. Elsewhere the link is shown. Some systems keep pasted code in frames of their own, which need "
            "lines too: *.filesusr.com for Wix; *.googleusercontent.com and www.gstatic.com for Google Sites."
        ),
    )  # fmt: skip
    replace = BooleanField(_l("What I typed takes the place of the change that waits"))
    sites: Sequence[str] = ()

    def validate_embed_sites(self, item: Field) -> None:
        """Origins, one a line: "www.town.gov" means https. They become part of a header: only hosts and ports pass."""
        origins = {line: _origin(line) for line in item.data.split()}
        self.sites = list(dict.fromkeys(origin for origin in origins.values() if origin))
        for line in [line for line, origin in origins.items() if origin is None]:
            message = _("“%(line)s” is no address of a site", line=line[:80])
            item.errors.append(
                FormError(item.name, message, _("Write one a line, such as https://www.newcanaan.info."))
            )
        if len(self.sites) > MOST_SITES:
            message = _("There are more than %(most)s sites", most=MOST_SITES)
            item.errors.append(FormError(item.name, message, _("Use *.town.gov for all sites below a domain.")))


@blueprint.get("/towns/<state>/<town>/manage")
def manage(state: str, town: str) -> str:
    """The form, with what stands now and what waits."""
    return _page(town_or_404(state, town))


@blueprint.post("/towns/<state>/<town>/manage")
@limiter.limit(per_hour)
def save(state: str, town: str) -> ResponseReturnValue:
    """Keep what was typed; nothing is lost when something cannot be taken."""
    town_row, fields = town_or_404(state, town), ProfileForm()
    profile = profile_of(container().context, town_row.slug)
    fields.validate()
    logo = _logo(fields, profile[0]["logo"])
    if logo and not fields.logo_alt.data:
        reason = _("The logo has no words for people who cannot see it")
        fields.refuse(FormError("logo_alt", reason, _("Write what it shows: “Seal of the Town of New Canaan”.")))
    if fields.problems:
        return _page(town_row, fields, profile=profile), 400
    answers = {name: fields[name].data for name in ("web_page", "email", "phone", "logo_alt")}
    answers |= {"logo": logo, "embed_sites": list(fields.sites)}
    try:
        status = town_profiles.save(container().context, town_row.slug, answers, signed_in(),
                                    replace=fields.replace.data)  # fmt: skip
    except ProfileChangeWaitsError:
        message = _("Another change waits already"), _("Choose whether yours takes its place.")
        fields.refuse(FormError("replace", *message))
        return _page(town_row, fields), 409
    return redirect(url_for("town_profile.manage", state=state, town=town, done=status.value))


@blueprint.post("/towns/<state>/<town>/manage/take-back")
def take_back(state: str, town: str) -> ResponseReturnValue:
    """The sender takes a change back that waits."""
    try:
        town_profiles.take_back(container().context, DecisionForm().change.data, signed_in())
    except (StaleVersionError, DecisionNotAllowedError):
        return _page(town_or_404(state, town), problem="stale"), 409
    return redirect(url_for("town_profile.manage", state=state, town=town, done="withdrawn"))


@blueprint.post("/towns/<state>/<town>/manage/decide")
def decide(state: str, town: str) -> ResponseReturnValue:
    """Another manager approves or declines a change that waits."""
    town_row, decision = town_or_404(state, town), DecisionForm()
    status = DECISIONS.get(decision.step.data) or abort(400)
    if not decision.validate():
        return _page(town_row, decision=decision), 400
    try:
        town_profiles.decide(container().context, town_row.slug, decision.change.data, status, decision.reason.data,
                             signed_in())  # fmt: skip
    except StaleVersionError:
        return _page(town_row, problem="stale"), 409
    except DecisionNotAllowedError:
        return _page(town_row, problem="own"), 403
    return redirect(url_for("town_profile.manage", state=state, town=town, done=status.value))


def _page(
    town_row: StoredTown,
    fields: ProfileForm | None = None,
    problem: str = "",
    decision: DecisionForm | None = None,
    profile: tuple[dict[str, Any], WaitingChange | None] | None = None,
) -> str:
    answers, waits = profile or profile_of(container().context, town_row.slug)
    stored = answers | {"embed_sites": "\n".join(answers["embed_sites"])}
    return render_template(
        "towns/profile.html", town=town_row, profile=answers, fields=fields or ProfileForm(sent=False, **stored),
        decision=decision or DecisionForm(), done=request.args.get("done", ""), waits=waits,
        changes=comparison(waits) if waits else [], problem=problem, who=signed_in(),
    )  # fmt: skip


def _origin(line: str) -> str | None:
    """Scheme, host and port of an address; None where they could be anything else inside a header."""
    try:
        parts = urlsplit(line if "://" in line else f"https://{line}")
        port = f":{parts.port}" if parts.port else ""
    except ValueError:
        return None
    host = (parts.hostname or "").lower()
    return f"{parts.scheme}://{host}{port}" if parts.scheme in ("http", "https") and _HOST.fullmatch(host) else None


def _logo(fields: ProfileForm, current: str) -> str:
    """The logo that was sent, or the one that stands (`current`), or none.

    A browser does not send a picture again: after an error its digest travels with the form, signed, so that nobody
    names another's picture.
    """
    signer = URLSafeSerializer(container().signing_keys, salt="logo")
    if fields.logo_file.picture is not None:
        logo = town_profiles.keep_logo(container().context, fields.logo_file.picture)
    else:
        logo = "" if fields.logo_remove.data else _signed(signer, fields.logo_kept.data) or current
    fields.logo_kept.data = signer.dumps(logo) if logo not in ("", current) else ""
    return logo


def _signed(signer: URLSafeSerializer, text: str) -> str:
    try:
        return str(signer.loads(text))
    except BadSignature:
        return ""

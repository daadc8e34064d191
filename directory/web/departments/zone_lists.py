"""A department's zone list from its own system, at its desk: tokens to push it, and the address where it is read."""

from typing import Any

from flask import Blueprint, abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from directory.submissions.zone_lists.pulling import (
    ReadingFailedError,
    address_of,
    remove_address,
    set_address,
    try_address,
)
from directory.submissions.zone_lists.tokens import (
    NotManagerError,
    TooManyTokensError,
    make_token,
    revoke_token,
    tokens_of,
)
from directory.web.accounts.permissions import signed_in
from directory.web.http.container import container, snapshot
from directory.web.http.forms import FormError, PageForm, TextField, filled_in
from directory.web.http.limits.rate_limits import bounded, limiter, per_hour
from directory.web.http.urls import public_address
from directory.web.i18n.translate import _
from directory.web.i18n.translate import lazy_gettext as _l
from directory.zones.findings import FieldError

blueprint = bounded(Blueprint("zone_lists", __name__))
PATH = "/desk/<department:slug>/lists"


class TokenForm(PageForm):
    """A new token."""

    name = TextField(
        _l("What the token is for"), [filled_in()], longest=80,
        description=_l("Such as the name of the program or the server that holds it."),
    )  # fmt: skip


class ListAddressForm(PageForm):
    """Where the list is read."""

    url = TextField(
        _l("Address of the list"), [filled_in()], longest=1000, render_kw={"type": "url", "inputmode": "url"},
        description=_l(
            "Begins with https:// and answers everybody with GeoJSON. Of an ArcGIS feature layer: "
            "…/FeatureServer/0/query?where=1=1&outFields=*&f=geojson"
        ),
    )  # fmt: skip


@blueprint.get(PATH)
def page(slug: str, **values: Any) -> str:
    """The tokens, the address, and how the last reading went."""
    context = container().context
    form_values = {
        "token_form": TokenForm(sent=False), "address_form": ListAddressForm(sent=False), "token": "", "result": None,
        "failure": None, **values,
    }  # fmt: skip
    return render_template(
        "departments/zone_lists.html", slug=slug, tokens=tokens_of(context, slug),
        address=address_of(context, slug), site=public_address(), done=request.args.get("done", ""), **form_values,
    )  # fmt: skip


@blueprint.post(f"{PATH}/tokens")
@limiter.limit(per_hour)
def make_token_of(slug: str) -> ResponseReturnValue:
    """Make a token, and show it this once."""
    fields = TokenForm()
    if not fields.validate():
        return page(slug, token_form=fields), 400
    try:
        token = make_token(container().context, slug, fields.name.data, signed_in())
    except NotManagerError:
        abort(403)
    except TooManyTokensError:
        fields.refuse(FormError("name", _("There are ten tokens already"), _("Revoke one that nobody uses.")))
        return page(slug, token_form=fields), 400
    return page(slug, token=token)


@blueprint.post(f"{PATH}/tokens/<int:number>/revoke")
def revoke_token_of(slug: str, number: int) -> ResponseReturnValue:
    """Revoke a token."""
    if not revoke_token(container().context, slug, number, signed_in()):
        abort(404)
    return redirect(url_for("zone_lists.page", slug=slug, done="revoked"))


@blueprint.post(f"{PATH}/address")
@limiter.limit(per_hour)
def save_address(slug: str) -> ResponseReturnValue:
    """Set the address where the list is read from now on."""
    fields = ListAddressForm()
    if not fields.validate():
        return page(slug, address_form=fields), 400
    try:
        set_address(container().context, slug, fields.url.data, signed_in())
    except NotManagerError:
        abort(403)
    except FieldError as error:
        fields.refuse(FormError.of("url", error))
        return page(slug, address_form=fields), 400
    return redirect(url_for("zone_lists.page", slug=slug, done="set"))


@blueprint.post(f"{PATH}/address/remove")
def forget_address(slug: str) -> ResponseReturnValue:
    """Read the list no more."""
    if not remove_address(container().context, slug, signed_in()):
        abort(404)
    return redirect(url_for("zone_lists.page", slug=slug, done="removed"))


@blueprint.post(f"{PATH}/address/try")
@limiter.limit(per_hour)
def read_now(slug: str) -> ResponseReturnValue:
    """Read the list now, and show what would become of it."""
    parts = container()
    try:
        result = try_address(parts.context, slug, snapshot().directory, parts.list_fetcher)
    except ReadingFailedError as failure:
        return page(slug, failure=failure), 400
    return page(slug, result=result)

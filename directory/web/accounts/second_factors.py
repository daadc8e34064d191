"""The second factors of a member of staff: listed, added, removed."""

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from wtforms import HiddenField

from directory.accounts.passkeys import PasskeyRefusedError, add_passkey, remove_passkey, request_new
from directory.accounts.second_factor import factors_of, remove_app
from directory.web.accounts.passkey_challenge import remember_challenge, take_challenge
from directory.web.accounts.permissions import signed_in
from directory.web.http.container import container
from directory.web.http.forms import FormError, PageForm, TextField, filled_in
from directory.web.http.limits.rate_limits import bounded, limiter, per_hour
from directory.web.i18n.translate import _
from directory.web.i18n.translate import lazy_gettext as _l

blueprint = bounded(Blueprint("second_factors", __name__))


class PasskeyForm(PageForm):
    """The name of a new passkey, and the browser's answer with its key."""

    name = TextField(
        _l("Name for it"), [filled_in(_l("Give it a name."))], longest=60, render_kw={"required": True},
        description=_l("So that you know it again: “Office laptop”"),
    )  # fmt: skip
    answer = HiddenField(default="")


@blueprint.get("/desk/keys")
def page(fields: PasskeyForm | None = None, problem: str = "") -> str:
    """The app and the passkeys of who is signed in."""
    who = signed_in()
    options = remember_challenge(request_new(container().context, who))
    factors = factors_of(container().context, who)
    return render_template(
        "accounts/second_factors.html", factors=factors, options=options, problem=problem,
        fields=fields or PasskeyForm(),
    )  # fmt: skip


@blueprint.post("/desk/keys")
@limiter.limit(per_hour)
def add() -> ResponseReturnValue:
    """Add a passkey that the browser has just made."""
    fields = PasskeyForm()
    if not fields.validate():
        return page(fields), 400
    try:
        add_passkey(container().context, signed_in(), take_challenge(), fields.answer.data,
                    fields.name.data)  # fmt: skip
    except PasskeyRefusedError:
        message = _("That did not work"), _("Try once more; every passkey can be added once, ten in all.")
        fields.refuse(FormError("name", *message))
        return page(fields), 400
    return redirect(url_for("second_factors.page"))


@blueprint.post("/desk/keys/remove")
def remove() -> ResponseReturnValue:
    """Remove a passkey, or, without its id, the app."""
    context, who, credential_id = container().context, signed_in(), request.form.get("key", "")
    removed = remove_passkey(context, who, credential_id) if credential_id else remove_app(context, who)
    return redirect(url_for("second_factors.page")) if removed else (page(PasskeyForm(sent=False), "last"), 400)

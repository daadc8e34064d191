"""The second factors of a member of staff: listed, added, removed."""

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from directory.accounts.passkeys import PasskeyRefusedError, add_passkey, remove_passkey, request_new
from directory.accounts.second_factor import factors_of, remove_app
from directory.web.accounts.passkey_challenge import remember_challenge, take_challenge
from directory.web.accounts.permissions import signed_in
from directory.web.http.container import container
from directory.web.http.rate_limits import bounded, limiter, per_hour
from directory.web.http.urls import site_address

blueprint = bounded(Blueprint("keys", __name__))


@blueprint.get("/desk/keys")
def page() -> str:
    """The app and the passkeys of who is signed in."""
    return _page()


def _page(problem: str = "", name: str = "") -> str:
    who = signed_in()
    options = remember_challenge(request_new(container().context, who, site_address()))
    factors = factors_of(container().context, who)
    return render_template("accounts/second_factors.html", factors=factors, options=options, problem=problem, name=name)


@blueprint.post("/desk/keys")
@limiter.limit(per_hour)
def add() -> ResponseReturnValue:
    """Add a passkey that the browser has just made."""
    name, answer = request.form.get("name", "").strip()[:60], request.form.get("answer", "")
    if not name:
        return _page("name"), 400
    try:
        add_passkey(container().context, signed_in(), site_address(), take_challenge(), answer, name)
    except PasskeyRefusedError:
        return _page("refused", name), 400
    return redirect(url_for("keys.page"))


@blueprint.post("/desk/keys/remove")
def remove() -> ResponseReturnValue:
    """Remove a passkey, or, without its id, the app."""
    context, who, credential_id = container().context, signed_in(), request.form.get("key", "")
    done = remove_passkey(context, who, credential_id) if credential_id else remove_app(context, who)
    return redirect(url_for("keys.page")) if done else (_page("last"), 400)

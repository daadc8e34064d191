"""Signing in by mailed link, the second factor, signing out; and the answer to "still correct?"."""

import math
import secrets

import segno
from flask import Blueprint, abort, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue

from directory.accounts.authentication import SignedIn, link_is_good, sign_in
from directory.accounts.passkeys import PasskeyRefusedError, check_passkey, request_use
from directory.accounts.second_factor import check_code, factors_of, totp_address, totp_secret
from directory.accounts.sessions import end_every_session
from directory.accounts.sign_in_links import mail_sign_in_link
from directory.clock import now
from directory.confirmations.confirming import ChangedSinceShownError, asked_about, confirm_all
from directory.db.tables.accounts import LinkPurpose
from directory.web.accounts.known_device import is_known_device
from directory.web.accounts.passkey_challenge import remember_challenge, take_challenge
from directory.web.accounts.permissions import enter as begin_session
from directory.web.accounts.permissions import leave as end_this_session
from directory.web.accounts.permissions import person_before_code
from directory.web.http.container import container
from directory.web.http.forms import FormError, MailAddressField, PageForm, TextField
from directory.web.http.languages import language_code
from directory.web.http.limits.rate_limits import bounded, limiter, per_hour
from directory.web.http.security.security_events import note, note_if_barred
from directory.web.http.urls import local_path
from directory.web.i18n.translate import _
from directory.web.i18n.translate import lazy_gettext as _l
from directory.web.presenters.dates import until

blueprint = bounded(Blueprint("sign_in", __name__))
SEED = "totp_seed"
"""The session's entry from which, with the signing key, the secret of a new app is made."""


class SignInForm(PageForm):
    """To whom a link is mailed."""

    email = MailAddressField(_l("Your e-mail at work"))


class CodeForm(PageForm):
    """The six digits of an app."""

    code = TextField(
        _l("Code"), longest=20,
        render_kw={"class": "narrow", "inputmode": "numeric", "autocomplete": "one-time-code"},
    )  # fmt: skip


@blueprint.get("/sign-in")
def ask() -> str:
    """The form that asks for a link."""
    return render_template("accounts/sign_in.html", fields=SignInForm())


@blueprint.post("/sign-in")
@limiter.limit(per_hour)
def mail_link() -> ResponseReturnValue:
    """Mail a link. The answer is the same for known and unknown addresses."""
    fields = SignInForm()
    if not fields.validate():
        return render_template("accounts/sign_in.html", fields=fields), 400
    email = fields.email.data
    note_if_barred(email)
    mail_sign_in_link(container().context, email, language_code(), known_device=is_known_device(email))
    session["after"] = local_path(request.args.get("next", ""))
    return render_template("accounts/sent.html", email=email)


@blueprint.get("/sign-in/<token>")
def enter(token: str) -> str:
    """The page behind a mailed link: only its button spends the link, because mail scanners open pages."""
    good = link_is_good(container().context, LinkPurpose.SIGN_IN, token) is not None
    return render_template("accounts/enter.html", good=good)


@blueprint.post("/sign-in/<token>")
@limiter.limit(per_hour)
def spend_link(token: str) -> ResponseReturnValue:
    """Spend a mailed link and begin a session."""
    who = sign_in(container().context, token)
    if who is None:
        return render_template("accounts/enter.html", good=False), 410
    after = session.get("after", "")
    begin_session(who)
    if who.staff:
        return redirect(url_for("sign_in.code", next=after or url_for("review_queue.listing")))
    return redirect(after or url_for("desk.home"))


@blueprint.get("/sign-in/code")
def code() -> ResponseReturnValue:
    """The form for the six digits of moderators and administrators; at the first time the setting up of the app."""
    who = _signed_in()
    return _code_page(who, CodeForm()) if who.staff else redirect(_after_code(who))


@blueprint.post("/sign-in/code")
@limiter.limit("20 per hour")
def check() -> ResponseReturnValue:
    """Check the six digits."""
    who = _signed_in()
    if not who.staff:
        return redirect(_after_code(who))
    fields = CodeForm()
    if not fields.validate():
        return _code_page(who, fields), 400
    checked = check_code(container().context, who, fields.code.data, _new_secrets())
    if checked.right:
        session.pop(SEED, None)
        return redirect(_after_code(who))
    note("wrong_code")
    if checked.wait_until is None:
        fields.refuse(FormError("code", _("That code is wrong or was used"), _("Wait for the next one.")))
        return _code_page(who, fields), 400
    seconds = math.ceil((checked.wait_until - now()).total_seconds())
    reason = _("Too many wrong codes: until %(time)s no code is looked at, not even the right one",
               time=until(checked.wait_until))  # fmt: skip
    fields.refuse(FormError("code", reason, _("Try again then.")))
    return _code_page(who, fields), 429, {"Retry-After": str(seconds)}


@blueprint.post("/sign-in/passkey")
@limiter.limit("20 per hour")
def use_passkey() -> ResponseReturnValue:
    """Take a passkey instead of the six digits."""
    who = _signed_in()
    try:
        check_passkey(container().context, who, take_challenge(), request.form.get("answer", ""))
    except PasskeyRefusedError:
        note("wrong_code")
        return _code_page(who, CodeForm(), refused=True), 400
    return redirect(_after_code(who))


def _new_secrets() -> list[str]:
    """The secret of the app that this browser is setting up, empty when it sets none up.

    First the one to show; an app may have been set up by one shown before the site's key was rotated.
    """
    seed = session.get(SEED, "")
    return [totp_secret(key, seed) for key in container().signing_keys.newest_first] if seed else []


def _signed_in() -> SignedIn:
    return person_before_code() or abort(401)


def _after_code(who: SignedIn) -> str:
    return local_path(request.args.get("next", "")) or url_for("review_queue.listing" if who.staff else "desk.home")


def _code_page(who: SignedIn, fields: CodeForm, *, refused: bool = False) -> str:
    factors = factors_of(container().context, who)
    if factors.may_set_up_app:
        session.setdefault(SEED, secrets.token_hex(16))
    secret = _new_secrets()[0] if factors.may_set_up_app else ""
    app_code = segno.make(totp_address(who.email, secret), error="m") if secret else None
    picture = app_code.png_data_uri(scale=5, border=3) if app_code else ""
    options = remember_challenge(request_use(container().context, who)) if factors.passkeys else ""
    return render_template(
        "accounts/code.html", secret=secret, picture=picture, factors=factors, options=options,
        refused=refused, fields=fields,
    )  # fmt: skip


@blueprint.post("/sign-out")
def leave() -> ResponseReturnValue:
    """End this session."""
    end_this_session()
    return redirect(url_for("pages.home"))


@blueprint.post("/sign-out-everywhere")
def leave_everywhere() -> ResponseReturnValue:
    """End every session of this person, on every device."""
    who = person_before_code()
    if who is not None:
        end_every_session(container().context, who)
    return leave()


@blueprint.get("/still-right/<token>")
def reminder(token: str) -> str:
    """The page behind a reminder, which names every zone that its button confirms."""
    question = asked_about(container().context, token)
    return render_template("departments/confirm_reminder.html", question=question, done=False, changed=False)


@blueprint.post("/still-right/<token>")
@limiter.limit(per_hour)
def confirm_zones(token: str) -> ResponseReturnValue:
    """Confirm every zone that the page showed; when one has changed since, show them again."""
    context = container().context
    try:
        question = confirm_all(context, token, request.form.get("shown", ""))
        status = 200 if question else 410
    except ChangedSinceShownError:
        question, status = asked_about(context, token), 409
    page = render_template(
        "departments/confirm_reminder.html", question=question, done=status == 200, changed=status == 409
    )
    return page, status

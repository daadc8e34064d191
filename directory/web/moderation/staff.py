"""Moderators and administrators: listed, appointed and dismissed."""

from flask import Blueprint, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from wtforms import SelectChoice

from directory.accounts.staff import appoint, staff_members
from directory.db.tables.accounts import Staff
from directory.mail_address import BarredAddressError, mailbox_of
from directory.web.accounts.permissions import signed_in
from directory.web.http.container import container
from directory.web.http.forms import ChoiceField, FormError, MailAddressField, PageForm
from directory.web.http.limits.rate_limits import bounded
from directory.web.i18n.translate import _
from directory.web.i18n.translate import lazy_gettext as _l

blueprint = bounded(Blueprint("staff", __name__, url_prefix="/review/people"))


class StaffForm(PageForm):
    """Who becomes moderator or administrator, or neither."""

    email = MailAddressField(_l("E-mail"), render_kw={"autocomplete": "off"})
    role = ChoiceField(
        _l("Role"),
        choices=[
            SelectChoice(Staff.MODERATOR.value, _l("Moderator")),
            SelectChoice(Staff.ADMINISTRATOR.value, _l("Administrator")),
            SelectChoice("", _l("None: dismiss")),
        ],
        default=Staff.MODERATOR.value,
    )


@blueprint.get("")
def listing(fields: StaffForm | None = None) -> str:
    """Moderators and administrators."""
    people = staff_members(container().context)
    return render_template("moderation/staff.html", people=people, fields=fields or StaffForm())


@blueprint.post("")
def change_role() -> ResponseReturnValue:
    """Make somebody moderator or administrator, or neither."""
    who, fields = signed_in(), StaffForm()
    if not fields.validate():
        return listing(fields), 400
    email = fields.email.data
    if mailbox_of(email) == mailbox_of(who.email):
        fields.refuse(FormError("email", _("Nobody changes their own role"), _("Ask another administrator.")))
        return listing(fields), 400
    try:
        appoint(container().context, email, Staff(fields.role.data), who.email)
    except BarredAddressError:
        fields.refuse(FormError("email", _("This address is barred"), _("Let it in again first.")))
        return listing(fields), 400
    return redirect(url_for("staff.listing"))

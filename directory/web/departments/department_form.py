"""The form with which a draft begins: which department, and who sends it in."""

from wtforms import Field, Form, SelectChoice, SelectField
from wtforms.validators import Optional, ValidationError

from directory.text import slug
from directory.web.http.forms import (
    AreaField,
    FormError,
    MailAddressField,
    PageForm,
    TextField,
    TrapField,
    by_parser,
    filled_in,
)
from directory.web.i18n.translate import _
from directory.web.i18n.translate import lazy_gettext as _l
from directory.web.presenters.regions import state_choices


def _has_letters(_form: Form, item: Field) -> None:
    if not slug(item.data):
        raise ValidationError(FormError(item.name, _("has no letters"), _("Fill it in.")))


class AddressForm(PageForm):
    """Where a draft's sender is reached."""

    email = MailAddressField(_l("Your e-mail at work"))


class LinkForm(PageForm):
    """Where the link to a draft is mailed."""

    email = MailAddressField(_l("Your e-mail"))


class DepartmentForm(PageForm):
    """The department that a draft is for, and who sends it in."""

    department = TextField(
        _l("Name of the department"), [filled_in(), by_parser("department"), _has_letters], longest=120,
        description=_l("As it stands on your door, such as “Darien Police Department”."),
        render_kw={"autocomplete": "organization", "list": "known-departments"},
    )  # fmt: skip
    town = TextField(_l("Town"), [filled_in(), by_parser("town"), _has_letters], longest=80)
    region = SelectField(
        _l("State or province"), [filled_in(), by_parser("state")], validate_choice=False,
        choices=lambda: [SelectChoice(code, name) for code, name in [("", _("Choose")), *state_choices()]],
    )  # fmt: skip
    phone = TextField(
        _l("Non-emergency telephone"), [Optional(), by_parser("phone")], longest=40,
        description=_l("The number people may call with a question, such as 203-662-5300."),
        render_kw={"type": "tel", "class": "narrow"},
    )  # fmt: skip
    web_page = TextField(
        _l("Web page of the department or the zone"), [Optional(), by_parser("source_url")], longest=500,
        description=_l("Begins with https://. A page that mentions the zone helps most."), render_kw={"type": "url"},
    )  # fmt: skip
    email = MailAddressField(
        _l("Your e-mail at work"), [Optional()],
        description=_l(
            "We send one link to prove that it is yours. An address of the town or the department proves the most. It "
            "is not public: moderators see it, and those who look after the department’s zones here."
        ),
    )  # fmt: skip
    note = AreaField(_l("Anything a moderator should know"), [Optional()], longest=500, render_kw={"rows": 2})
    website = TrapField()

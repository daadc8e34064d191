"""The forms of all pages: their base class, fields, validators and errors. templates/macros/forms.html shows them."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

from flask import abort, request
from flask_wtf import FlaskForm
from wtforms import Field, Form, RadioField, StringField
from wtforms.csrf.core import CSRFTokenField
from wtforms.validators import Optional, StopValidation, ValidationError
from wtforms.widgets import TextArea

from directory.verification.mail_domains import clean_email
from directory.web.i18n.translate import _, translate
from directory.web.i18n.translate import lazy_gettext as _l
from directory.web.query.integers import number_in
from directory.zones.findings import FieldError
from directory.zones.parsing.parsers import PARSERS

Validator = Callable[[Form, Field], None]
LONGEST = 300


@dataclass(frozen=True, slots=True)
class FormError:
    """A field that cannot be taken as it stands, why, and what to do; `choices` are readings of an ambiguous text."""

    field: str
    reason: str
    fix: str
    choices: tuple[str, ...] = ()

    def __str__(self) -> str:
        """What stands at the field, in whole sentences."""
        end = "" if self.reason.endswith((".", "?")) else "."
        return f"{self.reason[:1].upper()}{self.reason[1:]}{end} {self.fix}".rstrip()

    @classmethod
    def of(cls, field: str, error: FieldError) -> "FormError":
        """What a rule refuses, in the reader's language."""
        return cls(field, translate(error.reason), translate(error.fix))


class PageForm(FlaskForm):  # type: ignore[misc]
    """A form of a page. A request that is no POST shows `values`; so does one that is not about this form (`sent`).

    `of` ends the ids of the fields where a page has the form several times.
    """

    def __init__(self, *, sent: bool = True, of: object = "", **values: Any) -> None:
        super().__init__(formdata=request.form if sent and request.method == "POST" else None, **values)
        for item in self if of else ():
            item.id = f"{item.id}-{of}"

    @property
    def answers(self) -> dict[str, Any]:
        """What was typed, by the names of the fields."""
        return {
            name: item.data for name, item in self._fields.items() if not isinstance(item, CSRFTokenField | TrapField)
        }

    def refuse(self, error: FormError) -> None:
        """Note an error at its field; at the form where no field has its name."""
        if error.field in self:
            self[error.field].errors = [*self[error.field].errors, error]
        else:
            self.form_errors.append(error)

    @property
    def problems(self) -> list[tuple[str, str, FormError]]:
        """Each error with the id and the label of its field, empty where it has none, in the order of the page."""
        fields = self._fields.values()
        at_fields = [(item.id, str(item.label.text).strip("¿?"), error) for item in fields for error in item.errors]
        return [*at_fields, *((error.field, "", error) for error in self.form_errors)]


class TextField(StringField):  # type: ignore[misc]
    """A line of text, stripped; what is longer than the control lets one type is refused.

    `counts` says of a form whether the field counts at all; all do by default.
    """

    attributes: ClassVar = {"autocomplete": "off"}

    def __init__(self, label: str = "", validators: Sequence[Validator] = (), *, longest: int = LONGEST,
                 counts: Callable[[Any], bool] = lambda _form: True, render_kw: dict[str, Any] | None = None,
                 **options: Any) -> None:  # fmt: skip
        attributes = {"maxlength": longest, **self.attributes, **(render_kw or {})}
        super().__init__(label, validators, render_kw=attributes, **{"default": "", **options})
        self.longest, self.counts = longest, counts

    def process_formdata(self, valuelist: list[str]) -> None:
        """Take what was typed."""
        if valuelist:
            self.data = valuelist[0].replace("\r\n", "\n").strip()

    def pre_validate(self, form: Form) -> None:
        """Refuse what is too long. Raises StopValidation."""
        if not self.counts(form):
            raise StopValidation
        if len(self.data) > self.longest:
            fix = _("Shorten it to %(most)s characters.", most=self.longest)
            raise StopValidation(FormError(self.name, _("That is too long"), fix))


class AreaField(TextField):
    """Several lines of text."""

    attributes: ClassVar = {}
    widget = TextArea()


class TrapField(StringField):  # type: ignore[misc]
    """A field that people never see: whoever fills it in is a program, and is answered 400."""

    def pre_validate(self, form: Form) -> None:  # noqa: ARG002
        """Refuse programs."""
        if self.data:
            abort(400)


class NumberField(StringField):  # type: ignore[misc]
    """A number that a page carries along: `data` is 0 where it is none."""

    def process_formdata(self, valuelist: list[str]) -> None:
        """Take the number."""
        self.data = number_in(valuelist[0] if valuelist else "") or 0


class ChoiceField(RadioField):  # type: ignore[misc]
    """One of several choices, which must be made."""

    def __init__(self, label: str = "", *, fix: str = _l("Choose what should happen."), **options: Any) -> None:
        super().__init__(label, validate_choice=False, **options)
        self.fix = fix

    def pre_validate(self, form: Form) -> None:  # noqa: ARG002
        """Refuse what is no choice. Raises ValidationError."""
        if not self.raw_data or self.data not in [choice.value for choice in self.iter_choices()]:
            raise ValidationError(FormError(self.name, _("This is missing"), str(self.fix)))


class MailAddressField(TextField):
    """A mail address: `data` as it was typed, or in the form in which it is kept."""

    attributes: ClassVar = {"type": "email", "autocomplete": "email"}

    def __init__(self, label: str = "", validators: Sequence[Validator] = (), **options: Any) -> None:
        super().__init__(label, validators, longest=200, **options)

    def pre_validate(self, form: Form) -> None:
        """Read the address. Raises StopValidation or ValidationError."""
        super().pre_validate(form)
        if not self.data and self.flags.optional:
            return
        address = clean_email(self.data)
        if address is None:
            reason, fix = _("is no e-mail address"), _("Write it like name@example.org.")
            raise ValidationError(FormError(self.name, reason, fix))
        self.data = address


def filled_in(fix: str = _l("Fill it in.")) -> Validator:
    """Refuses an empty field."""

    def refuse(_form: Form, item: Field) -> None:
        if not item.data:
            raise StopValidation(FormError(item.name, _("This is missing"), str(fix)))

    return refuse


def by_parser(name: str) -> Validator:
    """The rules of the import for a field of a zone: the text becomes what is kept."""

    def parse(_form: Form, item: Field) -> None:
        try:
            item.data = str(PARSERS[name](item.data).value)
        except FieldError as error:
            raise ValidationError(FormError.of(item.name, error)) from error

    return parse


class AnswerForm(PageForm):
    """What was done about a problem report."""

    answer = TextField(_l("What was done?"), [Optional()])


class VersionForm(PageForm):
    """About what the page showed: `version` is its number."""

    version = NumberField()


class DecisionForm(VersionForm):
    """A decision about what the page showed: `version` or `change` is its number.

    `written` is the code of a written reason whose button was pressed: it is put into the field, nothing is decided.
    """

    step = StringField()
    written = StringField(default="")
    change = NumberField()
    reason = AreaField(
        _l("Reason, read by the sender"), [filled_in(_l("The sender reads it. One sentence is enough."))],
        longest=2_000, render_kw={"rows": 4},
    )  # fmt: skip

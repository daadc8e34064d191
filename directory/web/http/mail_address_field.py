"""The field of a form for a mail address."""

from wtforms import EmailField, Form, ValidationError

from directory.verification.domains import clean_email
from directory.web.i18n.translate import _

LONGEST = 200


class MailAddressField(EmailField):  # type: ignore[misc]
    """A mail address that must be given: `data` as it was typed, `address` in the form in which it is kept."""

    address: str

    def process_formdata(self, valuelist: list[str]) -> None:
        """Take what was typed, at most 200 characters of it."""
        self.data = valuelist[0][:LONGEST] if valuelist else ""

    def pre_validate(self, form: Form) -> None:  # noqa: ARG002  (WTForms gives it to every field)
        """Read the address. Raises ValidationError."""
        address = clean_email(self.data or "")
        if address is None:
            raise ValidationError(_("Write it like name@example.org."))
        self.address = address

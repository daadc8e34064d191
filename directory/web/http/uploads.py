"""Files of visitors: the field of a form for a picture, and in words why a file was not taken."""

from typing import Any

from flask import request
from flask_wtf.file import FileField
from wtforms import Form, ValidationError

from directory.submissions.photos import BadPhotoError, EncodedPhoto, reencode
from directory.submissions.uploads.unpacking import BusyError
from directory.web.http.forms import FormError
from directory.web.i18n.translate import _, number


class PictureField(FileField):  # type: ignore[misc]
    """A picture of a visitor; `picture` is it encoded anew, None where none was sent."""

    picture: EncodedPhoto | None = None

    def process(self, formdata: Any, *args: Any, **options: Any) -> None:
        """Take the file from the files of the request; other fields see its texts only."""
        super().process(request.files if formdata is not None else None, *args, **options)

    def pre_validate(self, form: Form) -> None:  # noqa: ARG002  (WTForms gives it to every field)
        """Read the picture. Raises ValidationError."""
        if self.data is not None:
            try:
                self.picture = reencode(self.data.stream)
            except (BadPhotoError, BusyError) as problem:
                raise ValidationError(FormError(self.name, *photo_words(problem))) from problem


def photo_words(problem: BadPhotoError | BusyError) -> tuple[str, str]:
    """Why a photo was not taken, and what to do."""
    if isinstance(problem, BusyError):
        return busy_words()
    most = number(problem.megapixels)
    return {
        "large": (_("The photo is larger than 8 MB"), _("Send a smaller one.")),
        "pixels": (
            _("The photo has more than %(most)s megapixels, the most of its format", most=most),
            _("Send a smaller one; a JPEG may have 40."),
        ),
        "scans": (
            _("The photo is a large JPEG in several scans (“progressive”), which takes too much memory to read"),
            _("Save it as an ordinary (“baseline”) JPEG, or send a smaller one."),
        ),
        "unreadable": (_("This is no photo that we can read"), _("Send it as JPEG, PNG or WebP.")),
    }[problem.kind]


def busy_words() -> tuple[str, str]:
    """Why a file was not read just now, and what to do."""
    return _("Other files are being read just now"), _("Choose the file again and send it in a minute.")

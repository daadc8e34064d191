"""A spreadsheet that somebody sent: read in a temporary place, or refused in words; and its findings in words."""

import tempfile
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any, TypeVar

from directory.errors import BadInputError
from directory.formats.sheets import SheetChoiceError
from directory.formats.source import BadFileError
from directory.submissions.uploads.spreadsheet import MOST_BYTES
from directory.submissions.uploads.unpacking import BusyError
from directory.web.http.uploads import busy_words
from directory.web.i18n.translate import _, translate

Read = TypeVar("Read")


class RefusedFileError(BadInputError):
    """The file was not taken: why, in the reader's language, and the status and headers of the answer."""

    def __init__(self, message: str, status: int, headers: Mapping[str, str] | None = None) -> None:
        super().__init__(message)
        self.message, self.status, self.headers = message, status, dict(headers or {})


def read_sent(name: str, content: bytes, read: Callable[[Path], Read]) -> Read:
    """What `read` makes of a file of this name. Raises RefusedFileError and whatever else `read` does."""
    if not name:
        raise RefusedFileError(_("Choose a file first."), 400)
    if len(content) > MOST_BYTES:
        raise RefusedFileError(_("The file is larger than 2 MB. Send it in several parts."), 413)
    with tempfile.NamedTemporaryFile() as file:
        file.write(content)
        file.flush()
        try:
            return read(Path(file.name))
        except SheetChoiceError:
            raise
        except BadFileError as error:
            message = f"{translate(error.reason)} {translate(error.fix)}".replace(file.name, name)
            raise RefusedFileError(message, 400) from error
        except BusyError as busy:
            raise RefusedFileError("{}. {}".format(*busy_words()), 503, {"Retry-After": "60"}) from busy


def translate_findings(rows: Iterable[Mapping[str, Any]]) -> None:
    """Put what was found in rows that wait into the reader's language."""
    for row in rows:
        for finding in row["findings"]:
            finding |= {"reason": translate(finding["reason"]), "fix": translate(finding["fix"])}

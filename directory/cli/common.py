"""Shared by the commands: error messages, files, progress bars."""

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

import click
from pydantic import ValidationError
from pydantic_settings import SettingsError
from rich.console import Console
from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeRemainingColumn

from directory.errors import BadInputError, UnavailableError
from directory.geocoding.results import NOTES, BadAddressError, GeocodeResult, GeocoderUnavailableError, NoMatchError
from directory.settings import Settings, problems

errors = Console(stderr=True, soft_wrap=True, highlight=False)
REFUSED, FAILED = 1, 2


class CommandError(click.ClickException):
    """Ends the command with a message and exit status 2."""

    exit_code = FAILED

    def show(self, file: Any = None) -> None:  # noqa: ARG002
        """Print the message."""
        click.echo(f"safezones: {self.message}", err=True)


@contextmanager
def friendly_errors() -> Iterator[None]:
    """Check the settings first; turn errors that an operator can correct into a message without traceback."""
    try:
        settings = Settings()
        if settings.geocoders:
            from directory.geocoding.factory import require_geocoders  # what builds them takes a while to load

            require_geocoders(settings)
        yield
    except (BadInputError, UnavailableError) as error:
        raise CommandError(str(error)) from error
    except ValidationError as error:
        raise CommandError("; ".join(problems(error))) from error
    except SettingsError as error:
        raise CommandError(f"a SAFEZONES_ variable cannot be read: {error}") from error
    except OSError as error:
        raise CommandError(f"{error.strerror or error}: {error.filename or ''}".rstrip(": ")) from error


@contextmanager
def address_errors() -> Iterator[None]:
    """Turn what can be wrong with an address into a message."""
    try:
        yield
    except BadAddressError as error:
        raise CommandError(f"bad address: {error}") from error
    except NoMatchError as error:
        raise CommandError(" ".join([f"no match: {error}.", *(NOTES[note.code] for note in error.notes)])) from error
    except GeocoderUnavailableError as error:
        raise CommandError(f"service down: {error}") from error


def notes_of(result: GeocodeResult) -> list[str]:
    """How an address was read, a sentence for each remark."""
    notes = [
        ": ".join(part for part in (NOTES[note.code].rstrip("."), note.text) if part)
        for note in result.interpretation.notes
    ]
    return [*notes, "An online geocoder did not answer."] if result.degraded else notes


@contextmanager
def replacing(output: Path) -> Iterator[IO[bytes]]:
    """A file that takes the place of `output` when it is complete, and leaves it as it was otherwise.

    Raises CommandError where its folder is missing, or OSError.
    """
    if not output.parent.is_dir():
        raise CommandError(f"there is no folder {output.parent} for {output.name}")
    with tempfile.NamedTemporaryFile(dir=output.parent, prefix=f".{output.name}.", delete=False) as file:
        draft = Path(file.name)
        try:
            yield file
            file.flush()
            mask = os.umask(0)
            os.umask(mask)
            os.fchmod(file.fileno(), 0o666 & ~mask)  # as any file that a command writes
            draft.replace(output)
        finally:
            draft.unlink(missing_ok=True)


def with_site(settings: Settings, option: str) -> Settings:
    """The settings with the site's URL for links in mails: that of the option, the set one, or the local port."""
    url = option or settings.base_url
    if not url:
        url = f"http://127.0.0.1:{os.environ.get('PORT', '8000')}"
        errors.print(f"SAFEZONES_BASE_URL is not set: links in mails lead to this machine only ({url})")
    return settings.model_copy(update={"base_url": url.rstrip("/")})


@contextmanager
def progress_rows(description: str) -> Iterator[Any]:
    """A counter for work of unknown length; only on a terminal."""
    columns = (TextColumn("{task.completed:,} {task.description}"),)
    with Progress(*columns, console=errors, transient=True, disable=not errors.is_terminal) as bar:
        task = bar.add_task(description, total=None)
        yield lambda _row: bar.advance(task)


@contextmanager
def progress_bar(description: str) -> Iterator[Any]:
    """A progress bar; only on a terminal."""
    columns = (TextColumn("{task.description}"), BarColumn(), TaskProgressColumn(), TimeRemainingColumn())
    with Progress(*columns, console=errors, transient=True, disable=not errors.is_terminal) as bar:
        task = bar.add_task(description, total=1.0)
        yield lambda share: bar.update(task, completed=share)

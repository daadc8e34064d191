"""What the checks look at: the settings as far as they can be read, and the database, which is only read."""

import contextlib
import os
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

from pydantic import ValidationError
from pydantic_settings import SettingsError
from sqlalchemy import Engine

from directory.db.engine import open_read_only
from directory.db.errors import DatabaseError, SchemaVersionError, UnknownDatabaseError
from directory.db.inspection import DatabaseState, inspect_database
from directory.db.sqlite_file import file_of
from directory.doctor.site_answer import readiness
from directory.settings import PREFIX, Settings, problems, unknown_variables


@dataclass(frozen=True)
class Installation:
    """One installation, with the caller's environment.

    `refused` are the variables whose values cannot be read, each with a sentence; their defaults stand in `settings`.
    `unknown` are those that name no setting, each with the name that was probably meant, or "".
    """

    settings: Settings
    refused: dict[str, str] = field(default_factory=dict)
    unknown: dict[str, str] = field(default_factory=dict)

    @property
    def data_is_open(self) -> bool:
        """Whether this account may look into the data folder, or nothing is there."""
        folder = self.settings.data_dir
        if folder.is_file():
            return False
        return os.access(folder, os.R_OK | os.X_OK, effective_ids=True) or not os.access(folder, os.F_OK)

    @cached_property
    def unchecked_engine(self) -> Engine:
        """An engine that changes nothing, for whatever database there is. Raises UnknownDatabaseError."""
        return open_read_only(self.settings.database)

    @property
    def database_file(self) -> Path | None:
        """The file of a SQLite database, there or not; None for a server. Raises UnknownDatabaseError."""
        return file_of(self.unchecked_engine)

    @cached_property
    def _database(self) -> DatabaseState | DatabaseError | UnknownDatabaseError:
        try:
            path = self.database_file
            if path is not None and not path.exists():
                return DatabaseError(f"There is no database at {path}.")
            return inspect_database(self.unchecked_engine)
        except (DatabaseError, UnknownDatabaseError) as error:
            return error

    @property
    def database(self) -> DatabaseState:
        """What the database says of itself; asked once. Raises DatabaseError or UnknownDatabaseError."""
        if isinstance(self._database, DatabaseState):
            return self._database
        raise self._database

    @property
    def engine(self) -> Engine:
        """The engine of a database whose tables this release works with.

        Raises DatabaseError or UnknownDatabaseError.
        """
        if self.database.refusal:
            raise SchemaVersionError(self.database.refusal)
        return self.unchecked_engine

    @cached_property
    def readiness(self) -> dict[str, Any] | None:
        """What the running site says of itself, asked once; None where it is not served as by deploy/.

        Raises NoAnswerError.
        """
        return readiness()

    def close(self) -> None:
        """Close the connections to the database."""
        with contextlib.suppress(UnknownDatabaseError):
            self.unchecked_engine.dispose()


def read_installation() -> Installation:
    """The installation that the environment describes; a value that cannot be read is left out."""
    unknown = unknown_variables()
    refused: dict[str, str] = {}
    left_out: dict[str, str] = {}
    try:
        for name in unknown:
            left_out[name] = os.environ.pop(name)
        while True:
            try:
                return Installation(Settings(), refused, unknown)
            except (ValidationError, SettingsError) as error:
                for name, sentence in _refusals(error).items():
                    refused[name.upper()] = sentence
                    left_out[name] = os.environ.pop(name)
    finally:
        os.environ.update(left_out)


def _refusals(error: ValidationError | SettingsError) -> dict[str, str]:
    """The variables that an error is about, as they are written in the environment. Raises `error` without one."""
    if isinstance(error, ValidationError):
        fields = [str(item["loc"][0]) for item in error.errors() if item["loc"]]
        sentences = problems(error)
    else:
        fields = [name for name in Settings.model_fields if f'"{name}"' in str(error)]
        sentences = [f"{PREFIX}{name}=…".upper() + f": this is no JSON ({error.__cause__})" for name in fields]
    sentences_by_name = {f"{PREFIX}{name}".upper(): sentence for name, sentence in zip(fields, sentences, strict=True)}
    refusals = {name: sentences_by_name[name.upper()] for name in os.environ if name.upper() in sentences_by_name}
    if not refusals:
        raise error
    return refusals

"""The site's secret keys: the newest signs and seals everything new, older ones still open what they made.

A key that stands in the data folder is two files: `secret-key` holds the newest, and nothing else, so that every
release can read it; `secret-key-fallbacks` the older ones, each with the moment since which it makes nothing new.
"""

import contextlib
import errno
import fcntl
import json
import os
import secrets
import stat
import tempfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from pathlib import Path

import structlog

log = structlog.get_logger()
NEWEST, OLDER = "secret-key", "secret-key-fallbacks"
SHORTEST_KEY = 16
"""Characters; a shorter one could be guessed."""


class SigningKeys:
    """Keys to sign and to open with. Iterating gives them oldest first, as itsdangerous takes them.

    They are asked for each time, and never kept: an operator may rotate them while the site runs.
    """

    def __init__(self, read: Callable[[], Sequence[str]]) -> None:
        """`read` gives the keys, the newest first, at least one."""
        self._read = read

    @classmethod
    def of(cls, *keys: str) -> "SigningKeys":
        """Keys that stay the same, the newest first."""
        return cls(lambda: keys)

    def __iter__(self) -> Iterator[str]:
        return reversed(self._read())

    @property
    def newest_first(self) -> Sequence[str]:
        """All keys."""
        return self._read()

    @property
    def newest(self) -> str:
        """The key for everything new."""
        return self._read()[0]


@dataclass(frozen=True, slots=True)
class RetiredKey:
    """A key that still opens things; `retired_at` is since when it makes nothing new, None where that is not known."""

    key: str
    retired_at: datetime | None = None


def to_json(retired: Sequence[RetiredKey]) -> str:
    """Retired keys as a text, for a file or a backup."""
    rows = [{"key": one.key, "retired_at": one.retired_at and one.retired_at.isoformat()} for one in retired]
    return json.dumps(rows, indent=1)


def from_json(text: str) -> list[RetiredKey]:
    """What `to_json` wrote. Raises ValueError for anything else."""
    try:
        return [RetiredKey(str(row["key"]), _moment(row["retired_at"])) for row in json.loads(text)]
    except (KeyError, TypeError) as error:
        raise ValueError("this is no list of keys") from error


def _moment(text: str | None) -> datetime | None:
    """Raises ValueError, also for a time that does not say in which zone it is."""
    moment = datetime.fromisoformat(text) if text else None
    if moment is not None and moment.tzinfo is None:
        raise ValueError("a time without its zone")
    return moment


def fingerprint(key: str) -> str:
    """A name for a key that does not tell it."""
    return sha256(f"signing key {key}".encode()).hexdigest()[:8]


class KeyFile:
    """The keys in a data folder. A worker that runs sees a change at its next look: nothing has to be reloaded."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._newest, self._older = folder / NEWEST, folder / OLDER
        self._seen: tuple[object, tuple[str, ...]] | None = None

    def read(self) -> tuple[str, ...]:
        """The keys, the newest first; one is made where there is none. Files that went away change nothing.

        Fallbacks that cannot be read are left out: what was dropped is never used again.
        Raises OSError where there is no key to go on with.
        """
        stamp = _stamp(self._newest), _stamp(self._older)  # before they are read: a change meanwhile is seen next time
        if self._seen is not None and (self._seen[0] == stamp or stamp[0] is None):
            return self._seen[1]
        try:
            newest = self._read_newest()
        except OSError:
            if self._seen is None:
                raise
            return self._seen[1]
        try:
            older = [retired.key for retired in self.retired()]
        except OSError as error:
            log.error("fallback keys cannot be read", problem=str(error))
            older = []
        self._seen = stamp, (newest, *older)
        return self._seen[1]

    def problem(self) -> str:
        """What is wrong with the files; empty where all is well."""
        try:
            self._read_newest()
            self.retired()
        except OSError as error:
            return str(error)
        return ""

    def retired(self) -> list[RetiredKey]:
        """The keys that are kept as fallbacks, the one retired last first. Raises OSError."""
        try:
            found = from_json(self._text_of(self._older))
        except FileNotFoundError:
            return []
        except ValueError as error:
            raise OSError(
                errno.EINVAL, "it holds no list of keys; remove it, or bring it back", str(self._older)
            ) from error
        for one in found:
            _require_length(one.key, self._older)
        return found

    def rotate(self, at: datetime) -> None:
        """Put a new key in the newest one's place, which becomes a fallback. Raises OSError.

        The fallback is written first: one that was interrupted in between has changed nothing yet, and is given again.
        """
        with self._alone():
            current = self._read_newest()
            others = [retired for retired in self.retired() if retired.key != current]
            self._write(self._older, to_json([RetiredKey(current, at), *others]))
            self._write(self._newest, secrets.token_hex(32))

    def keep(self, newest: str, retired: Sequence[RetiredKey]) -> None:
        """Put these keys in the place of those that are there. Raises OSError."""
        with self._alone():
            self._write(self._older, to_json(retired))
            self._write(self._newest, newest)

    def drop(self, keys: Sequence[RetiredKey]) -> None:
        """Forget these fallbacks. Raises OSError."""
        with self._alone():
            gone = {retired.key for retired in keys}
            self._write(self._older, to_json([retired for retired in self.retired() if retired.key not in gone]))

    @property
    def path(self) -> Path:
        """Where the newest key stands."""
        return self._newest

    def _read_newest(self) -> str:
        if not self._newest.exists():
            self._folder.mkdir(parents=True, exist_ok=True)
            draft = self._draft(secrets.token_hex(32))
            # Linking is atomic: when several workers start together, one succeeds and all read its key.
            with contextlib.suppress(FileExistsError):
                self._newest.hardlink_to(draft)
            draft.unlink()
        key = self._text_of(self._newest)
        _require_length(key, self._newest)
        return key

    def _text_of(self, path: Path) -> str:
        """A file, and not what a link leads to: who gives commands as root may read what the folder's owner may not.

        Raises OSError.
        """
        descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
        with os.fdopen(descriptor) as file:
            found = os.fstat(descriptor)
            is_foreign = os.geteuid() == 0 and found.st_uid != self._folder.stat().st_uid
            if is_foreign or not stat.S_ISREG(found.st_mode):
                raise OSError(errno.EPERM, "it is no file of the folder's owner; remove it", str(path))
            return file.read()

    @contextlib.contextmanager
    def _alone(self) -> Iterator[None]:
        """One command at a time: two that rotate at once would lose the key that one of them made."""
        self._folder.mkdir(parents=True, exist_ok=True)
        folder = os.open(self._folder, os.O_RDONLY)
        try:
            fcntl.flock(folder, fcntl.LOCK_EX)
            yield
        finally:
            os.close(folder)

    def _write(self, path: Path, text: str) -> None:
        """Replace a file at once and for good."""
        draft = self._draft(text)
        try:
            draft.replace(path)
        except BaseException:
            draft.unlink(missing_ok=True)
            raise

    def _draft(self, text: str) -> Path:
        """A new file on the disk, readable by the folder's owner only, whoever gives the command."""
        owner = self._folder.stat()
        descriptor, name = tempfile.mkstemp(dir=self._folder)
        with os.fdopen(descriptor, "w") as file:
            file.write(text)
            file.flush()
            os.fsync(descriptor)
            if os.geteuid() == 0:
                os.fchown(descriptor, owner.st_uid, owner.st_gid)  # the file that was written, whatever has its name
        return Path(name)


def _require_length(key: str, path: Path) -> None:
    """Raise OSError for a key that was cut off, or that somebody could guess."""
    if len(key) < SHORTEST_KEY:
        fix = f"a key has {SHORTEST_KEY} characters at least, and one here has {len(key)}; bring it back or remove it"
        raise OSError(errno.EINVAL, fix, str(path))


def _stamp(path: Path) -> tuple[int, int, int] | None:
    """What changes with a file; None where there is none, or none that may be looked at."""
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_ino, found.st_mtime_ns, found.st_size

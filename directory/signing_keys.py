"""The site's secret keys: the newest signs and seals everything new, fallbacks still open what they made.

A key that stands in the data folder is two files: `secret-key` holds the newest, and nothing else, so that every
release can read it; `secret-key-fallbacks` the fallbacks, each with the moment since which it makes nothing new.
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

from directory.errors import DirectoryError

log = structlog.get_logger()
NEWEST, FALLBACKS = "secret-key", "secret-key-fallbacks"
SHORTEST_KEY = 16
"""Characters; a shorter one could be guessed."""


class UnusableKeyFileError(DirectoryError, OSError):
    """A file of keys was cut off, or belongs to another: `strerror` says why and what to do, `filename` which one."""


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
class FallbackKey:
    """A key that still opens things; `replaced_at` is since when it makes nothing new, None where that is not known."""

    key: str
    replaced_at: datetime | None = None


def to_json(fallbacks: Sequence[FallbackKey]) -> str:
    """Fallbacks as a text, for a file or a backup."""
    rows = [{"key": one.key, "replaced_at": one.replaced_at and one.replaced_at.isoformat()} for one in fallbacks]
    return json.dumps(rows, indent=1)


def from_json(text: str) -> list[FallbackKey]:
    """What `to_json` wrote. Raises ValueError for anything else."""
    try:
        return [FallbackKey(str(row["key"]), _moment(row["replaced_at"])) for row in json.loads(text)]
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
        self._newest, self._fallbacks = folder / NEWEST, folder / FALLBACKS
        self._seen: tuple[object, tuple[str, ...]] | None = None

    def read(self) -> tuple[str, ...]:
        """The keys, the newest first; one is made where there is none. Files that went away change nothing.

        Fallbacks that cannot be read are left out: what was dropped is never used again.
        Raises OSError where there is no key to go on with.
        """
        # Before they are read: a change meanwhile is seen next time.
        stamp = _stamp(self._newest), _stamp(self._fallbacks)
        if self._seen is not None and (self._seen[0] == stamp or stamp[0] is None):
            return self._seen[1]
        try:
            newest = self.newest()
        except OSError:
            if self._seen is None:
                raise
            return self._seen[1]
        try:
            fallbacks = [one.key for one in self.fallbacks()]
        except OSError as error:
            log.error("fallback keys cannot be read", problem=str(error))
            fallbacks = []
        self._seen = stamp, (newest, *fallbacks)
        return self._seen[1]

    def problem(self) -> str:
        """What is wrong with the files; empty where all is well."""
        try:
            self.newest()
            self.fallbacks()
        except OSError as error:
            return str(error)
        return ""

    def fallbacks(self) -> list[FallbackKey]:
        """The older keys, the one replaced last first. Raises OSError, of it UnusableKeyFileError."""
        try:
            fallbacks = from_json(self._text_of(self._fallbacks))
        except FileNotFoundError:
            return []
        except ValueError as error:
            raise UnusableKeyFileError(
                errno.EINVAL, "it holds no list of keys; remove it, or bring it back", str(self._fallbacks)
            ) from error
        for one in fallbacks:
            _require_length(one.key, self._fallbacks)
        return fallbacks

    def rotate(self, at: datetime) -> None:
        """Put a new key in the newest one's place, which becomes a fallback. Raises OSError.

        The fallback is written first: one that was interrupted in between has changed nothing yet, and is given again.
        """
        with self._alone():
            current = self.newest()
            others = [fallback for fallback in self.fallbacks() if fallback.key != current]
            self._write(self._fallbacks, to_json([FallbackKey(current, at), *others]))
            self._write(self._newest, secrets.token_hex(32))

    def keep(self, newest: str, fallbacks: Sequence[FallbackKey]) -> None:
        """Put these keys in the place of those that are there. Raises OSError."""
        with self._alone():
            self._write(self._fallbacks, to_json(fallbacks))
            self._write(self._newest, newest)

    def take_in(self, keys: Sequence[FallbackKey]) -> None:
        """Let further keys open what they made; those that are here already stay as they are. Raises OSError."""
        with self._alone():
            fallbacks = self.fallbacks()
            present = {self.newest(), *(one.key for one in fallbacks)}
            self._write(self._fallbacks, to_json([*(one for one in keys if one.key not in present), *fallbacks]))

    def drop(self, keys: Sequence[FallbackKey]) -> None:
        """Forget these fallbacks. Raises OSError."""
        with self._alone():
            gone = {fallback.key for fallback in keys}
            others = [fallback for fallback in self.fallbacks() if fallback.key not in gone]
            self._write(self._fallbacks, to_json(others))

    @property
    def path(self) -> Path:
        """Where the newest key stands."""
        return self._newest

    @property
    def fallbacks_path(self) -> Path:
        """Where the fallbacks stand, if there are any."""
        return self._fallbacks

    def newest(self) -> str:
        """The key for everything new; one is made where there is none. Raises OSError, of it UnusableKeyFileError."""
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
        with open(path, opener=lambda name, flags: os.open(name, flags | os.O_NOFOLLOW | os.O_NONBLOCK)) as file:
            status = os.fstat(file.fileno())
            is_foreign = os.geteuid() == 0 and status.st_uid != self._folder.stat().st_uid
            if is_foreign or not stat.S_ISREG(status.st_mode):
                raise UnusableKeyFileError(errno.EPERM, "it is no file of the folder's owner; remove it", str(path))
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
    """Raise UnusableKeyFileError for a key that was cut off, or that somebody could guess."""
    if len(key) < SHORTEST_KEY:
        fix = f"a key has {SHORTEST_KEY} characters at least, and one here has {len(key)}; bring it back or remove it"
        raise UnusableKeyFileError(errno.EINVAL, fix, str(path))


def _stamp(path: Path) -> tuple[int, int, int] | None:
    """What changes with a file; None where there is none, or none that may be looked at."""
    try:
        status = path.stat()
    except OSError:
        return None
    return status.st_ino, status.st_mtime_ns, status.st_size

"""The file of a SQLite database: where it is, and whether that of a running site was removed or replaced."""

from hashlib import blake2b
from pathlib import Path
from weakref import WeakKeyDictionary

from sqlalchemy import Engine

from directory.db.errors import DatabaseError

_pinned: WeakKeyDictionary[Engine, tuple[int, int]] = WeakKeyDictionary()
"""The SQLite files of running sites, by device and inode."""


def pin_file(engine: Engine) -> None:
    """From now on a SQLite file is never made anew, and is missed when it is removed or replaced.

    Open connections would go on with the removed file, and whatever they write would be lost with it. Those that are
    kept for later may be to such a file already: they are closed first.
    """
    path = file_of(engine)
    if path is None:
        return
    engine.dispose()
    _pinned[engine] = _identity(path)


def source_of(engine: Engine) -> tuple[int, int] | None:
    """Which file a watched SQLite database was last seen to be; None for every other database."""
    return _pinned.get(engine)


def require_same_file(engine: Engine) -> None:
    """Let go of a watched file that was replaced by another. Raises DatabaseError while there is none."""
    pinned, path = _pinned.get(engine), file_of(engine)
    if pinned is None or path is None:
        return
    identity = _identity(path)
    if identity != pinned:
        _pinned[engine] = identity
        engine.dispose()
    if identity == GONE:
        raise DatabaseError(_why_missed(path))


GONE = (0, 0)


def _identity(path: Path) -> tuple[int, int]:
    try:
        status = path.stat()
    except OSError:
        return GONE
    return status.st_dev, status.st_ino


def _why_missed(path: Path) -> str:
    try:
        path.stat()
    except PermissionError:
        return f"The database file {path} may not be looked at. Check the permissions of its folder."
    except OSError:
        pass
    return f"The database file {path} is gone. Put it back, or restore a backup."


def file_of(engine: Engine) -> Path | None:
    """The file of a SQLite database, None for every other."""
    name = engine.url.database
    return Path(name) if engine.dialect.name == "sqlite" and name and name != ":memory:" else None


def source_digest(engine: Engine, folder: Path) -> str:
    """A name for the database's address, without account and password; a file in `folder` may move with it."""
    url, path = engine.url, file_of(engine)
    if path is not None:
        place, root = path.resolve(), folder.resolve()
        address = str(place.relative_to(root)) if place.is_relative_to(root) else str(place)
    else:
        address = f"{url.host or url.query.get('host')}:{url.port or url.query.get('port')}/{url.database}"
    return blake2b(f"{url.get_backend_name()} {address}".encode(), digest_size=16).hexdigest()

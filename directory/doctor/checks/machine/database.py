"""The database: which one and why, whether it answers, at which schema it stands, and how its file is kept."""

from pathlib import Path

from directory.db.errors import DatabaseError, UnknownDatabaseError
from directory.db.schema import newest_schema
from directory.doctor.accounts import give_back, this_account
from directory.doctor.amounts import size
from directory.doctor.diagnosis import Diagnoses, problem, unknown, warning, well
from directory.doctor.installation import Installation
from directory.doctor.mounts import NETWORK_FILESYSTEMS, filesystem_of
from directory.search.snapshots.snapshot_file import SnapshotFile
from directory.settings import shown_address


def check_database(installation: Installation) -> Diagnoses:
    """Which database, from which setting, and whether it answers."""
    settings = installation.settings
    set_by = "SAFEZONES_DATABASE_URL" if settings.database_url else "the default: a file in SAFEZONES_DATA_DIR"
    try:
        name = f"{shown_address(str(installation.unchecked_engine.url))} ({set_by})"
    except UnknownDatabaseError as error:
        finding, _, remedy = str(error).partition(". ")
        yield problem(finding, remedy)
        return
    path = installation.database_file
    if path is not None and not path.exists():
        yield from _missing(installation, name)
        return
    try:
        state = installation.database
        if not state.takes_writes:
            yield problem(
                f"{name}: {state.server} answers and takes no writes: a standby, or set to read-only",
                "name the primary in SAFEZONES_DATABASE_URL, or set default_transaction_read_only off there",
            )
            return
        yield well(f"{name}: {state.server} answers")
    except DatabaseError as error:
        if path is not None and path.is_dir():
            yield problem(f"{name}: this is a folder, and no file", "correct SAFEZONES_DATABASE_URL, or move it away")
            return
        if path is not None and not _is_writable(path):
            yield problem(
                f"{name}: {this_account()} may not open it, or what SQLite keeps beside it", give_back(path, "*")
            )
            return
        finding, _, remedy = str(error).partition(". ")
        if path is not None and settings.is_short_of_disk(settings.free_bytes() or 0):
            remedy = 'make room first: see "disk"'
        yield problem(f"{name}: {finding}", remedy or "see the log of the database server")


def _missing(installation: Installation, name: str) -> Diagnoses:
    """No file: of a new site there never was one; one that was served before is missed."""
    served = SnapshotFile.within(installation.settings.data_dir, installation.unchecked_engine).zones()
    if not installation.data_is_open:
        yield unknown('not looked at: see "data folder"')
    elif served:
        yield problem(f"{name}: the file is gone; {served} zones were served from it", "`safezones restore` a backup")
    else:
        yield warning(f"{name}: there is no such file yet", "`safezones serve` makes it, unless the place is wrong")


def check_schema(installation: Installation) -> Diagnoses:
    """Whether this release works with the tables."""
    newest, schema, refusal = newest_schema(), installation.database.schema, installation.database.refusal
    if schema is None:
        yield problem("the database has no tables", "`safezones restore` a backup, or `safezones migrate` a new one")
    elif not refusal:
        yield well(f"{schema}, which this release works with")
    elif schema > newest:
        yield problem(refusal.partition(". ")[0], "install the release that made it")
    else:
        # No problem: a start brings it up to date, and an update asks doctor before it does.
        yield warning(f"{schema} is behind {newest} of this release", "safezones backup && safezones migrate")


def check_database_file(installation: Installation) -> Diagnoses:
    """Nothing for a database server: others look after its files."""
    path = installation.database_file
    if path is None:
        return
    state = installation.database
    mode = path.stat().st_mode & 0o777
    if state.damage:
        yield problem(f"{path} is damaged: {state.damage}", "stop the site and `safezones restore` the newest backup")
    elif not _is_writable(path):
        yield problem(f"{path} cannot be written", give_back(path, "*"))
    elif (system := filesystem_of(path)) in NETWORK_FILESYSTEMS:
        yield warning(
            f"{path} lies on a network disk ({system}), where SQLite's locks and its wal are not safe",
            "stop the site and move the data folder to a local disk, or use PostgreSQL (docs/operating.md)",
        )
    elif mode & 0o077:
        yield warning(
            f"others on this machine may read {path} (mode {mode:o}), with people's addresses", f"chmod 600 {path}"
        )
    elif state.journal != "wal":
        yield warning(
            f"journaled as {state.journal}: readers wait for writers", "restart the site, which sets it to wal"
        )
    else:
        yield well(f"{size(path.stat().st_size)}, whole, journaled as wal, read by its owner only")


def _is_writable(path: Path) -> bool:
    """Whether the file and its companions may be opened for writing.

    That tells of permissions, attributes and read-only disks alike.
    """
    try:
        for part in (path, *(path.with_name(path.name + end) for end in ("-wal", "-shm"))):
            if part == path or part.exists():
                part.open("r+b").close()
    except OSError:
        return False
    return True

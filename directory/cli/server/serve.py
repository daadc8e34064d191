"""Commands that serve the site and send mail."""

import atexit
import os
import signal
import socket
import sys
import tempfile
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

import click
from sqlalchemy import Engine

from directory import logs
from directory.cli.common import CommandError, errors, friendly_errors, with_site
from directory.cli.databases import (
    bring_up_to_date,
    connect,
    open_current_database,
    refuse_emptied_database,
    warn_about_other_database,
)
from directory.db.engine import open_database
from directory.db.errors import DatabaseError, SchemaVersionError
from directory.db.schema import is_of_newer_release
from directory.db.sqlite_file import pin_file, require_same_file
from directory.formats.source import BadFileError
from directory.geocoding.gazetteer import Gazetteer
from directory.mail.supervisor import MailSupervisor
from directory.mail.worker import MailWorker, transport_for
from directory.moderation.report_digests import queue_digests
from directory.search.snapshots.snapshot_file import SnapshotFile
from directory.settings import Settings, packaged
from directory.store.importing.import_options import ImportOptions
from directory.store.importing.importer import import_file
from directory.store.importing.packaged_disagreements import note_packaged_disagreements
from directory.store.privacy.retention import clean_up_and_note
from directory.store.repository import is_empty
from directory.store.runs.datasets import newer_release
from directory.store.runs.mail_status import count_waiting, retry_undelivered
from directory.verification.domain_list import import_first_list
from directory.verification.mail_domains import clean_email

DAY_SECONDS = 24 * 60 * 60
STOP_SECONDS = 30
"""How long a worker may go on that was told to stop: somebody may hold a connection open for ever."""

SOCKET_MODE = 0o666
"""Whoever may reach the socket's folder may connect, as with a port of this machine."""


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="address to listen on")
@click.option(
    "--port", default=8000, show_default=True, envvar="PORT", type=click.IntRange(1, 65535), help="port to listen on"
)
@click.option("--workers", default=1, show_default=True, type=click.IntRange(min=1), help="processes")
@click.option(
    "--socket", "socket_path", type=click.Path(path_type=Path), help="listen on this Unix socket instead, for a proxy"
)
def serve(host: str, port: int, workers: int, socket_path: Path | None) -> None:
    """Serve the site. An empty database is first filled with the packaged zones.

    SIGHUP replaces the workers one after the other, by new ones of the same release and settings.
    """
    with friendly_errors():
        settings = Settings()
        logs.set_up()
        if socket_path:
            require_free_socket(socket_path)
        else:
            require_free_port(host, port)
        # Imported after the metrics folder is set.
        os.environ.setdefault("PROMETHEUS_MULTIPROC_DIR", metrics_folder())
        from directory.cli.server import shared_memory
        from directory.web.http.container import KEY, Container, build_container
        from directory.web.http.limits.upload_gate import THREADS

        engine = open_database(settings.database)
        build_container(settings, engine)  # reports a wrong setting before a new database is filled
        prepare_database(engine, settings)
        app = shared_memory.app_for_workers(settings, engine)
        engine.dispose()
        container: Container = app.extensions[KEY]
    from granian.constants import Interfaces

    from directory.cli.server.respawning_server import RespawningServer

    errors.print(f"Safe Zone Directory: {socket_path or f'http://{host}:{port}'}  (stop it with Ctrl-C)")
    if not settings.smtp_host:
        errors.print(f"No mail server is set (SAFEZONES_SMTP_HOST): mails are written to {settings.data_dir / 'mail'}")
    if problem := container.basemap.state().problem:
        errors.print(f"SAFEZONES_BASEMAP={settings.basemap}: {problem} Maps show outlines.")
    supervisor = MailSupervisor(mail_command(settings, port), container.metrics.record_mail_worker_end)
    server = RespawningServer(
        "directory.app:create_app", address=host, port=port, uds=socket_path, uds_permissions=SOCKET_MODE,
        interface=Interfaces.WSGI, workers=workers, log_access=False, blocking_threads=THREADS, websockets=False,
        respawn_failed_workers=True, workers_kill_timeout=STOP_SECONDS,
    )  # fmt: skip
    supervisor.start()
    shared_memory.leave_to_workers()
    try:
        server.serve_app(partial(shared_memory.start_worker, app))
    finally:
        supervisor.stop()


def mail_command(settings: Settings, port: int) -> list[str]:
    """The command of this server's mail worker, which ends with the server."""
    site = settings.base_url or f"http://127.0.0.1:{port}"
    return [sys.executable, "-m", "directory", "mail", "--watch", "--beside", str(os.getpid()), "--site", site]


def prepare_database(engine: Engine, settings: Settings) -> None:
    """Migrate the database and fill an empty one.

    An unavailable database is no error when a snapshot file can be served; one that became empty is.

    Raises DatabaseError or CommandError.
    """
    snapshot_file = SnapshotFile.within(settings.scratch_dir(), engine)
    zone_count = snapshot_file.zones()
    if zone_count:
        pin_file(engine)  # a missing file is not created again
    try:
        require_same_file(engine)
        refuse_emptied_database(engine, zone_count, settings)
        bring_up_to_date(engine)
        warn_about_other_database(engine, snapshot_file)
        if is_of_newer_release(engine):
            errors.print("The database has the tables of a newer release, which says that this one works with them.")
        if is_empty(engine):
            places = Gazetteer.open_best(settings.data_dir, settings.scratch_dir())
            report = import_file(engine, settings.zones_file, places, ImportOptions(actor="first start"))
            note_packaged_disagreements(engine, settings.zones_file)
            errors.print(f"{report.added} zones imported from {settings.zones_file}")
        elif released := _newer_release(engine, settings):
            errors.print(f"The packaged zones of {released} are newer than the directory's: `safezones update-data`.")
        import_first_list(engine, packaged("data/official-domains.csv"))
    except DatabaseError as error:
        if zone_count is None or isinstance(error, SchemaVersionError):
            raise
        errors.print(f"{error} Meanwhile the last known directory answers ({zone_count} zones).")


def _newer_release(engine: Engine, settings: Settings) -> str:
    """The release of the file of zones, where it is newer than the directory's. A filled directory needs no file."""
    try:
        return newer_release(engine, settings.zones_file)
    except BadFileError:
        return ""


def metrics_folder() -> str:
    """Create a temporary folder for metrics, removed at exit; not in the data folder, whose disk may fill up."""
    folder = tempfile.TemporaryDirectory(prefix="safezones-counts-", dir=os.environ.get("RUNTIME_DIRECTORY"))
    atexit.register(folder.cleanup)
    return folder.name


def require_free_port(host: str, port: int) -> None:
    """Raise CommandError when the port is in use: the server would share it."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except (OSError, OverflowError) as error:
            raise CommandError(
                f"port {port} on {host} is in use or not allowed: {error}\n"
                "Choose another one: safezones serve --port NUMBER, or make run PORT=NUMBER"
            ) from error


def require_free_socket(path: Path) -> None:
    """Remove what a server that was killed left there. Raises CommandError when something listens, or it is a file."""
    if path.exists() and not path.is_socket():
        raise CommandError(f"{path} is a file, and no socket. Name another path with --socket")
    with socket.socket(socket.AF_UNIX) as probe:
        try:
            probe.connect(str(path))
        except FileNotFoundError:
            return
        except ConnectionRefusedError:
            path.unlink()
            return
        except OSError as error:
            raise CommandError(f"the socket {path} is not allowed: {error}") from error
    raise CommandError(f"another server listens at {path}")


@click.command()
@click.option("--watch", is_flag=True, help="keep running, for servers that are not started by `safezones serve`")
@click.option("--retry", is_flag=True, help="first queue again the mails that could not be delivered")
@click.option("--to", "recipient", default="", help="with --retry: only those to this address")
@click.option("--site", default="", help="the site's address in the mails [SAFEZONES_BASE_URL]")
@click.option("--beside", type=int, hidden=True, help="end when this process is no longer the parent")
def mail(watch: bool, retry: bool, recipient: str, site: str, beside: int | None) -> None:
    """Send the queued mails; `safezones serve` does this by itself.

    Departments also get a mail with what visitors reported, once a day. With --watch, expired data is deleted once a
    day (`safezones tidy`).
    """
    if recipient and not (retry and clean_email(recipient)):
        raise CommandError("--to needs --retry, and an address such as chief@example.org")
    with friendly_errors():
        logs.set_up()
        settings = Settings()
        engine = open_current_database(settings) if beside is None else connect(settings)
        digests = partial(queue_digests, engine, settings.mail_from, with_site(settings, site).base_url)
        chores: list[Callable[[], object]] = [digests]
        if watch and not settings.clock_ahead_days:  # nothing is deleted in a rehearsal
            chores.append(once_a_day(partial(clean_up_and_note, engine)))
        worker = MailWorker(engine, transport_for(settings), settings.mails_per_day, chores)
        if retry:
            retry_mails(engine, recipient)
        if watch:
            if beside is not None:
                signal.signal(signal.SIGINT, signal.SIG_IGN)  # the server handles Ctrl-C
            worker.run_forever(beside)
            return
        sent = worker.deliver_due()
        waiting_count = count_waiting(engine)
    click.echo(f"{sent} mails sent, {waiting_count} wait")


def once_a_day(chore: Callable[[], object]) -> Callable[[], None]:
    """Wrap a chore to run at the first call and then at most once a day."""
    next_at = time.monotonic()

    def run_if_due() -> None:
        nonlocal next_at
        if time.monotonic() >= next_at:
            chore()
            next_at = time.monotonic() + DAY_SECONDS

    return run_if_due


def retry_mails(engine: Engine, recipient: str) -> None:
    """Queue undeliverable mails again, list them, and print how many remain. Raises DatabaseError."""
    mails, remaining = retry_undelivered(engine, recipient)
    for row in mails:
        click.echo(f"{row.id}  {row.recipient}  {row.subject}")
    click.echo(f"{len(mails)} given-up mails taken up again")
    if remaining:
        click.echo(f"{remaining} stay given up: to other addresses, erased, or links to sign in that have expired")

"""Serving the site, and the mail beside it."""

import atexit
import os
import signal
import socket
import sys
import tempfile
import time
from collections.abc import Callable
from functools import partial

import click
from sqlalchemy import Engine

from directory import logs
from directory.cli.common import (
    CommandError,
    address_of,
    bring_up_to_date,
    connected,
    errors,
    opened,
    plainly,
    refuse_emptied,
    tell_of_another_database,
)
from directory.db.engine import open_database
from directory.db.errors import DatabaseError, SchemaVersionError
from directory.db.pinned_file import pin_file, require_same_file
from directory.db.queries.accounts import add_official_domains, has_official_domains
from directory.db.queries.outbox import given_up, retry_given_up, waiting
from directory.db.transaction import transaction
from directory.geocoding.gazetteer import Gazetteer
from directory.mail.supervisor import MailSupervisor
from directory.mail.worker import MailWorker, transport_for
from directory.moderation.report_digests import queue_digests
from directory.search.snapshot_file import SnapshotFile
from directory.settings import Settings, packaged
from directory.store.importer import ImportOptions, import_file
from directory.store.repository import is_empty
from directory.store.retention import clean_up
from directory.verification.domains import clean_email, read_domains

DAY_SECONDS = 24 * 60 * 60


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="address to listen on")
@click.option(
    "--port", default=8000, show_default=True, envvar="PORT", type=click.IntRange(1, 65535), help="port to listen on"
)
@click.option("--workers", default=1, show_default=True, type=click.IntRange(min=1), help="processes")
def serve(host: str, port: int, workers: int) -> None:
    """Serve the site. An empty database is first filled with the zones that come along."""
    with plainly():
        settings = Settings()
        logs.set_up()
        require_free(host, port)
        # Loaded here, once the counts have their folder: the workers are forks of this process and share its memory.
        os.environ.setdefault("PROMETHEUS_MULTIPROC_DIR", folder_of_counts())
        from directory.web.http.container import build_container
        from directory.web.http.upload_gate import THREADS

        engine = open_database(settings.database)
        parts = build_container(settings, engine)  # a wrong setting is named here, not in a worker's log
        prepare(engine, settings)
        engine.dispose()
    from granian import Granian
    from granian.constants import Interfaces

    errors.print(f"Safe Zone Directory: http://{host}:{port}  (stop it with Ctrl-C)")
    if not settings.smtp_host:
        errors.print(f"No mail server is set (SAFEZONES_SMTP_HOST): mails are written to {settings.data_dir / 'mail'}")
    supervisor = MailSupervisor(mail_command(settings, port), parts.metrics.mail_worker_ended)
    server = Granian(
        "directory.app:create_app", address=host, port=port, interface=Interfaces.WSGI, workers=workers,
        factory=True, log_access=False, blocking_threads=THREADS, websockets=False, respawn_failed_workers=True,
    )  # fmt: skip
    supervisor.start()
    try:
        server.serve()
    finally:
        supervisor.stop()


def mail_command(settings: Settings, port: int) -> list[str]:
    """The mail worker of this server: it ends when the server has."""
    site = settings.base_url or f"http://127.0.0.1:{port}"
    return [sys.executable, "-m", "directory", "mail", "--watch", "--beside", str(os.getpid()), "--site", site]


def prepare(engine: Engine, settings: Settings) -> None:
    """Bring the database up to date and fill an empty one.

    A database that is away is no hindrance where the last known directory can answer meanwhile; one that is suddenly
    empty is. Raises DatabaseError or CommandError.
    """
    last_known = SnapshotFile.within(settings.scratch_dir(), engine)
    known = last_known.zones()
    if known:
        pin_file(engine)  # a missing file is not made anew
    try:
        require_same_file(engine)
        refuse_emptied(engine, known, settings)
        bring_up_to_date(engine)
        tell_of_another_database(engine, last_known)
        if is_empty(engine):
            places = Gazetteer.opened(settings.data_dir, settings.scratch_dir())
            report = import_file(engine, settings.zones_file, places, ImportOptions(actor="first start"))
            errors.print(f"{report.added} zones imported from {settings.zones_file}")
        with transaction(engine) as session:
            if not has_official_domains(session):
                add_official_domains(session, read_domains(packaged("data/official-domains.csv")))
    except DatabaseError as trouble:
        if known is None or isinstance(trouble, SchemaVersionError):
            raise
        errors.print(f"{trouble} Meanwhile the last known directory answers ({known} zones).")


def folder_of_counts() -> str:
    """A folder of this server's own, removed when it ends: not with the data, whose disk may fill up."""
    folder = tempfile.TemporaryDirectory(prefix="safezones-counts-", dir=os.environ.get("RUNTIME_DIRECTORY"))
    atexit.register(folder.cleanup)
    return folder.name


def require_free(host: str, port: int) -> None:
    """Fail when somebody listens there already: the server itself would share the port with it."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except (OSError, OverflowError) as error:
            raise CommandError(f"port {port} on {host} is in use or not allowed: {error}") from error


@click.command()
@click.option("--watch", is_flag=True, help="go on, for servers that are not started by `safezones serve`")
@click.option("--retry", is_flag=True, help="first take up the mails that were given up")
@click.option("--to", "recipient", default="", help="with --retry: only those to this address")
@click.option("--site", default="", help="the site's address in the mails [SAFEZONES_BASE_URL]")
@click.option("--beside", type=int, hidden=True, help="end when this process is no longer the parent")
def mail(watch: bool, retry: bool, recipient: str, site: str, beside: int | None) -> None:
    """Send the mails that wait; `safezones serve` does so by itself.

    Departments are mailed what visitors reported, too, once a day. With --watch, what has served is deleted once a day
    (`safezones tidy`).
    """
    if recipient and not (retry and clean_email(recipient)):
        raise CommandError("--to needs --retry, and an address such as chief@example.org")
    with plainly():
        logs.set_up()
        settings = Settings()
        engine = opened(settings) if beside is None else connected(settings)
        digests = partial(queue_digests, engine, settings.mail_from, address_of(settings, site))
        chores: list[Callable[[], object]] = [digests]
        if watch and not settings.clock_ahead_days:  # a rehearsal deletes nothing
            chores.append(once_a_day(partial(clean_up, engine)))
        worker = MailWorker(engine, transport_for(settings), settings.mails_per_day, chores)
        if retry:
            take_up_given_up(engine, recipient)
        if watch:
            if beside is not None:
                signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is the server's to answer
            worker.run_forever(beside)
            return
        sent = worker.deliver_due()
        with transaction(engine, writes=False) as session:
            left = waiting(session)
    click.echo(f"{sent} mails sent, {left} wait")


def once_a_day(chore: Callable[[], object]) -> Callable[[], None]:
    """The chore, done at the first call and then at the first one of each day that follows."""
    next_at = time.monotonic()

    def done_when_due() -> None:
        nonlocal next_at
        if time.monotonic() >= next_at:
            chore()
            next_at = time.monotonic() + DAY_SECONDS

    return done_when_due


def take_up_given_up(engine: Engine, recipient: str) -> None:
    """Queue given-up mails anew, list them, and say how many stay given up. Raises DatabaseError."""
    with transaction(engine) as session:
        mails = retry_given_up(session, recipient)
        for row in mails:
            click.echo(f"{row.id}  {row.recipient}  {row.subject}")
        left = len(given_up(session))
    click.echo(f"{len(mails)} given-up mails taken up again")
    if left:
        click.echo(f"{left} stay given up: to other addresses, erased, or links to sign in that have expired")

"""The `safezones` command."""

import io
import json
import os
import socket
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

import click
from pydantic import ValidationError
from pydantic_settings import SettingsError
from rich.console import Console
from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeRemainingColumn
from rich.table import Table
from sqlalchemy import Engine
from sqlalchemy.exc import ArgumentError, NoSuchModuleError

from directory import __version__, clock
from directory.app import build_services
from directory.geocoding.answers import BadAddress, GeocoderDown, NoMatch
from directory.geocoding.gazetteer import Gazetteer
from directory.geocoding.setup import UnknownGeocoder, build_chain
from directory.mail.letter import unaddressed
from directory.mail.postman import Postman, carrier
from directory.mail.postman import start as start_postman
from directory.records.accounts import add_official_domains, has_official_domains
from directory.records.checking import check
from directory.records.database import DatabaseProblem, migrate, open_database, transaction
from directory.records.exporting import Format, export
from directory.records.importing import Options, TooManyRetired, import_file
from directory.records.outbox import waiting
from directory.records.report import Report
from directory.records.sources import BadFile
from directory.records.store import StoredAnswers, StoredTurns, is_empty, read_directory
from directory.settings import Settings, packaged
from directory.submissions.domains import clean_email, read_domains
from directory.submissions.keeping_fresh import Invitation, invitations
from directory.submissions.keeping_fresh import remind as ask_again
from directory.submissions.people import Staff, appoint

errors = Console(stderr=True, soft_wrap=True, highlight=False)
REFUSED, FAILED = 1, 2


class Failure(click.ClickException):
    """Ends the command with a plain sentence and exit status 2."""

    exit_code = FAILED

    def show(self, file: Any = None) -> None:  # noqa: ARG002
        """Print the sentence."""
        click.echo(f"safezones: {self.message}", err=True)


@contextmanager
def plainly() -> Iterator[None]:
    """Turn the failures that an operator can mend into plain sentences."""
    try:
        yield
    except (DatabaseProblem, BadFile, TooManyRetired, UnknownGeocoder) as error:
        raise Failure(str(error)) from error
    except ValidationError as error:
        problems = [f"SAFEZONES_{'_'.join(map(str, e['loc'])).upper()}: {e['msg']}" for e in error.errors()]
        raise Failure("; ".join(problems)) from error
    except SettingsError as error:
        raise Failure(f"a SAFEZONES_ variable cannot be read: {error}") from error
    except (ArgumentError, NoSuchModuleError) as error:
        raise Failure(f"SAFEZONES_DATABASE_URL is no address of a database we know: {error}") from error
    except OSError as error:
        raise Failure(f"{error.strerror or error}: {error.filename or ''}".rstrip(": ")) from error


def opened(settings: Settings) -> Engine:
    """The database, brought up to date, with the clock that the settings want."""
    clock.run_ahead(timedelta(days=settings.clock_ahead_days))
    engine = open_database(settings.database)
    saved = migrate(engine)
    if saved:
        errors.print(f"The database was brought up to date. A copy of the old one: {saved}")
    return engine


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="safezones")
def main() -> None:
    """Safe Zone Directory: police-station safe zones, imported, searched and served."""


@main.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="address to listen on")
@click.option("--port", default=8000, show_default=True, envvar="PORT", help="port to listen on")
@click.option("--workers", default=1, show_default=True, help="processes")
def serve(host: str, port: int, workers: int) -> None:
    """Serve the site. An empty database is first filled with the zones that come along."""
    with plainly():
        settings = Settings()
        engine = opened(settings)
        if is_empty(engine):
            places = Gazetteer.unpacked(settings.scratch_dir())
            report = import_file(engine, settings.zones_file, places, Options(actor="first start"))
            errors.print(f"{report.added} zones imported from {settings.zones_file}")
        with transaction(engine) as session:
            if not has_official_domains(session):
                add_official_domains(session, read_domains(packaged("data/official-domains.csv")))
        build_services(settings, engine)  # a wrong setting is named here, not in a worker's log
        engine.dispose()
        require_free(host, port)
    from granian import Granian
    from granian.constants import Interfaces

    errors.print(f"Safe Zone Directory: http://{host}:{port}  (stop it with Ctrl-C)")
    if not settings.smtp_host:
        errors.print(f"No mail server is set (SAFEZONES_SMTP_HOST): mails are written to {settings.data_dir / 'mail'}")
    start_postman()
    server = Granian(
        "directory.app:create_app", address=host, port=port, interface=Interfaces.WSGI, workers=workers,
        factory=True, log_access=False, blocking_threads=4, websockets=False,
    )  # fmt: skip
    server.serve()


def require_free(host: str, port: int) -> None:
    """Fail when somebody listens there already: the server itself would share the port with it."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except (OSError, OverflowError) as error:
            raise Failure(f"port {port} on {host} is in use or not allowed: {error}") from error


@main.command("import")
@click.argument("paths", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--prune", is_flag=True, help="withdraw the zones that the file no longer has")
@click.option("--dry-run", is_flag=True, help="judge everything, change nothing")
@click.option("--yes", is_flag=True, help="go on even if over 20 % of the zones would be withdrawn")
@click.option("--report", "report_path", type=click.Path(path_type=Path), help="write the report as JSON")
def import_command(paths: tuple[Path, ...], prune: bool, dry_run: bool, yes: bool, report_path: Path | None) -> None:
    """Import GeoJSON, CSV or XLSX files: one transaction a file, every doubtful row named.

    Exit status: 0 all rows in, 1 some rows refused, 2 a file could not be imported at all.
    """
    reports: list[Report] = []
    with plainly():
        settings = Settings()
        engine = opened(settings)
        places = Gazetteer.unpacked(settings.scratch_dir())
        options = Options(
            prune=prune, dry_run=dry_run, yes=yes, actor=f"import by {os.environ.get('USER', 'operator')}"
        )
        if report_path:
            report_path.write_text("[]\n")  # better to fail before the import than after it
        try:
            for path in paths:
                with progress_bar(path.name) as advance:
                    reports.append(import_file(engine, path, places, options, advance))
                print_report(reports[-1])
        finally:
            if report_path:
                written = [report.to_json() for report in reports]
                report_path.write_text(json.dumps(written, indent=2, ensure_ascii=False) + "\n")
    if any(report.refused for report in reports):
        sys.exit(REFUSED)


@contextmanager
def progress_bar(words: str) -> Iterator[Any]:
    """A bar on the terminal; a script's log gets none."""
    columns = (TextColumn("{task.description}"), BarColumn(), TaskProgressColumn(), TimeRemainingColumn())
    with Progress(*columns, console=errors, transient=True, disable=not errors.is_terminal) as bar:
        task = bar.add_task(words, total=1.0)
        yield lambda done: bar.update(task, completed=done)


def print_report(report: Report) -> None:
    """The report in words: what happened, how columns were read, what needs a hand."""
    out = Console(soft_wrap=True, highlight=False, markup=False)
    out.print(f"{report.path} ({report.format}){' – dry run, nothing was changed' if report.dry_run else ''}")
    out.print(
        f"  added {report.added}, changed {report.changed}, unchanged {report.unchanged}, retired {report.retired}, "
        f"refused {report.refused}; {report.counts['warning']} warnings"
    )
    renamed = {column: name for column, name in report.columns.items() if name and column != name}
    if renamed:
        out.print("  columns: " + ", ".join(f"{column} → {name}" for column, name in renamed.items()))
    if report.prune_skipped:
        out.print("  nothing was retired: some rows were refused, and they may be the missing zones")
    for finding in report.findings:
        out.print(f"  {finding}")
    hidden = sum(report.counts.values()) - len(report.findings)
    if hidden:
        out.print(f"  … and {hidden} more findings")


@main.command("export")
@click.option("--format", "form", type=click.Choice(["geojson", "csv"]), default="geojson", show_default=True)
@click.option("--output", type=click.Path(path_type=Path), help="write here instead of to standard output")
def export_command(form: Format, output: Path | None) -> None:
    """Write the whole directory, the same bytes for the same content."""
    with plainly():
        engine = opened(Settings())
        if output is None:
            with io.TextIOWrapper(sys.stdout.buffer, encoding="utf-8", newline="") as stdout:
                export(engine, form, stdout)
            return
        scratch = output.with_name(f".{output.name}.part")
        with scratch.open("w", encoding="utf-8", newline="") as file:
            count = export(engine, form, file)
        scratch.replace(output)
        errors.print(f"{count} zones written to {output}")


@main.command("check")
def check_command() -> None:
    """Judge every zone of the directory by the rules of the import."""
    with plainly():
        settings = Settings()
        engine = opened(settings)
        count, findings = check(engine, Gazetteer.unpacked(settings.scratch_dir()))
    for zone_id, finding in findings:
        click.echo(f"{zone_id}: {finding}")
    bad = len({zone_id for zone_id, finding in findings if finding.severity == "error"})
    click.echo(f"{count} zones checked, {bad} with errors, {len(findings)} findings")
    if bad:
        sys.exit(REFUSED)


@main.command()
@click.argument("address", nargs=-1, required=True)
def geocode(address: tuple[str, ...]) -> None:
    """Show what the geocoding chain makes of an address."""
    with plainly():
        settings = Settings()
        engine = opened(settings)
        chain = build_chain(settings, StoredAnswers(engine), StoredTurns(engine))
        try:
            answer = chain.locate(" ".join(address))
        except BadAddress as error:
            raise Failure(f"bad address: {error}") from error
        except NoMatch as error:
            raise Failure(f"no match: {error}") from error
        except GeocoderDown as error:
            raise Failure(f"service down: {error}") from error
    table = Table("place", "latitude", "longitude", "precision", "provider", "county")
    for place in answer.candidates:
        at = place.coordinates
        table.add_row(
            place.label, f"{at.latitude:.5f}", f"{at.longitude:.5f}", place.precision, place.provider, place.county
        )
    Console().print(table)
    if answer.partial:
        click.echo("Only the postal code or town inside the address was found.")
    if answer.degraded:
        click.echo("An online geocoder did not answer.")


@main.command()
@click.option("--site", default="", help="the site's address in the mails [SAFEZONES_BASE_URL]")
def remind(site: str) -> None:
    """Ask departments whose confirmations are 150 or 170 days old: still right?

    For cron or a systemd timer, once a day; run twice it asks once.
    """
    with plainly():
        settings = Settings()
        engine = opened(settings)
        parts = build_services(settings, engine)
        with progress_bar("reminders") as advance:
            asked = ask_again(parts.office, read_directory(engine).zones, address_of(settings, site), advance)
    click.echo(f"{asked.departments} departments asked about {asked.zones} zones")
    if asked.nobody:
        click.echo(f"{asked.nobody} zones are due, but nobody looks after them: they grow old by themselves")


def address_of(settings: Settings, given: str) -> str:
    """The site's address for links in mails."""
    address = given or settings.base_url
    if not address:
        raise Failure("mails need the site's address: set SAFEZONES_BASE_URL, or give --site https://…")
    return address.rstrip("/")


@main.command()
@click.option("--state", default="", help="only this state or province, such as CT")
@click.option("--department", default="", help="only this department, such as ct/darien-police-department")
@click.option("--to", "recipient", default="", help="mail the one department's letter to this address")
@click.option("--language", default="en", show_default=True, help="en or es")
@click.option("--output", type=click.Path(path_type=Path, file_okay=False), help="folder for the letters")
@click.option("--site", default="", help="the site's address in the letters [SAFEZONES_BASE_URL]")
def invite(state: str, department: str, recipient: str, language: str, output: Path | None, site: str) -> None:
    """Prepare the letters that ask departments to take their entries over.

    For every department whose zones nobody ever confirmed: a mail to open and address (.eml), and the same to print
    (.html, .txt). With --department and --to the mail is sent.
    """
    if recipient and (not department or clean_email(recipient) is None):
        raise Failure("--to needs --department, and an address such as chief@example.org")
    if not recipient and output is None:
        raise Failure("say where the letters go: --output FOLDER, or --department with --to ADDRESS")
    with plainly():
        settings = Settings()
        engine = opened(settings)
        zones = [
            zone for zone in read_directory(engine).zones
            if (not state or zone.state == state.upper()) and (not department or zone.department_slug == department)
        ]  # fmt: skip
        parts = build_services(settings, engine)
        found = invitations(parts.office, zones, address_of(settings, site), language)
        if not found:
            raise Failure("no department here is without a person and without a confirmation")
        if recipient:
            with transaction(engine) as session:
                parts.office.queue(session, recipient, found[0].letter)
            click.echo(f"the letter to {found[0].name} waits in the outbox for {recipient}")
            return
        folder = output or Path()
        folder.mkdir(parents=True, exist_ok=True)
        for invitation in found:
            write_invitation(folder, invitation, settings.mail_from)
        click.echo(f"{len(found)} letters written to {folder}")


def write_invitation(folder: Path, invitation: Invitation, sender: str) -> None:
    """One letter as a mail to address, as a page to print, and as text."""
    name = invitation.department.replace("/", "-")
    (folder / f"{name}.eml").write_bytes(unaddressed(invitation.letter, sender).as_bytes())
    (folder / f"{name}.html").write_text(invitation.letter.html(), encoding="utf-8")
    (folder / f"{name}.txt").write_text(invitation.letter.text(), encoding="utf-8")


@main.command()
@click.argument("path", type=click.Path(path_type=Path, exists=True, dir_okay=False))
def domains(path: Path) -> None:
    """Take in a list of official domains (CSV: domain, place, state, source; or the .gov registry's current-full.csv).

    Addresses at exactly these domains prove that somebody belongs to the town or agency.
    """
    with plainly():
        engine = opened(Settings())
        with transaction(engine) as session:
            count = add_official_domains(session, read_domains(path))
    click.echo(f"{count} official domains taken in from {path}")


@main.command()
@click.argument("email")
@click.option(
    "--role", type=click.Choice([*(role.value for role in Staff), "none"]), default="moderator", show_default=True
)
@click.option("--site", default="", help="the site's address in the mail [SAFEZONES_BASE_URL]")
def staff(email: str, role: str, site: str) -> None:
    """Appoint a moderator or an administrator; --role none dismisses."""
    address = clean_email(email)
    if address is None:
        raise Failure(f"“{email}” is no e-mail address")
    with plainly():
        settings = Settings()
        parts = build_services(settings, opened(settings))
        appoint(parts.office, address, "" if role == "none" else role, "operator", address_of(settings, site))
    click.echo(f"{address}: {role}")


@main.command()
@click.option("--watch", is_flag=True, help="go on, for servers that are not started by `safezones serve`")
def mail(watch: bool) -> None:
    """Send the mails that wait; `safezones serve` does so by itself."""
    with plainly():
        settings = Settings()
        engine = opened(settings)
        postman = Postman(engine, carrier(settings))
        if watch:
            postman.walk()
        sent = postman.round()
        with transaction(engine, writes=False) as session:
            left = waiting(session)
    click.echo(f"{sent} mails sent, {left} wait")


@main.command("migrate")
def migrate_command() -> None:
    """Bring the database up to date (every command does so too); a SQLite file is copied first."""
    with plainly():
        opened(Settings())
        click.echo("The database is up to date.")

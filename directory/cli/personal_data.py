"""Commands for personal data (show, export, erase) and for the log of changes."""

import io
import json
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import IO

import click

from directory.cli.common import CommandError, errors
from directory.cli.databases import on_database
from directory.clock import now
from directory.settings import Settings
from directory.store.privacy.log_export import export_log
from directory.store.privacy.personal_data import forget as erase
from directory.store.privacy.personal_data import held, obstacles
from directory.verification.mail_domains import clean_email


@click.group()
def person() -> None:
    """Personal data: show, export or erase it."""


@person.command()
@click.argument("address")
def show(address: str) -> None:
    """Show all data of the person with this mail address, in any spelling of the address."""
    with on_database() as (_settings, engine):
        records = held(engine, _require_email(address))
    for kind, rows in records.items():
        click.echo(f"{kind}: {len(rows) or 'nothing'}")
        for row in rows:
            values = {name: value for name, value in row.items() if value not in ("", None, [], {})}
            click.echo("  " + ", ".join(f"{name}={_shorten(value)}" for name, value in values.items()))


@person.command()
@click.argument("address")
@click.option("--output", type=click.Path(path_type=Path), help="write here instead of to standard output")
def export(address: str, output: Path | None) -> None:
    """Write the same as JSON for the person. Secrets, such as sign-in links, are left out."""
    with on_database() as (_settings, engine):
        records = held(engine, _require_email(address))
        with _open_output(output) as file:
            json.dump(records, file, indent=2, ensure_ascii=False, default=str)
            file.write("\n")


@person.command()
@click.argument("address")
@click.option("--yes", is_flag=True, help="do not ask, even if others depend on this person")
def forget(address: str, yes: bool) -> None:
    """Erase a person: account, links, mails, unfinished submissions; the log keeps its order with a pseudonym.

    Zones stay. Earlier backups still contain the person until they are removed.
    """
    with on_database() as (_settings, engine):
        email = _require_email(address)
        counts = {kind: len(rows) for kind, rows in held(engine, email).items() if rows}
        reasons = obstacles(engine, email)
        if not counts:
            raise CommandError(f"nothing is held of {email}")
        click.echo(f"{email}: " + ", ".join(f"{kind} {count}" for kind, count in counts.items()))
        if reasons and not yes:
            raise CommandError(f"{'; '.join(reasons)}. Appoint somebody else first, or give --yes")
        if not yes:
            click.confirm("Forget all of it, for ever?", abort=True)
        pseudonym = erase(engine, email, "operator")
    click.echo(f"Forgotten. In the log it is {pseudonym} now.")
    if reasons:
        click.echo(f"Given up with it: {'; '.join(reasons)}.")
    click.echo(f"Remove what still holds the person: backups, *.bak files and {Settings().data_dir / 'mail'}/*.eml.")


@click.group()
def log() -> None:
    """The log of changes."""


@log.command("export")
@click.option("--since", required=True, type=click.DateTime(["%Y-%m-%d"]), help="first day (UTC)")
@click.option("--until", type=click.DateTime(["%Y-%m-%d"]), help="last day (UTC) [today]")
@click.option("--csv", "_csv", is_flag=True, help="as CSV, the only format")
@click.option("--redact", is_flag=True, help="replace mail addresses with person-1, person-2, …")
@click.option("--output", type=click.Path(path_type=Path), help="write here instead of to standard output")
def export_command(since: datetime, until: datetime | None, _csv: bool, redact: bool, output: Path | None) -> None:
    """Write the log's entries of a period, for a records request."""
    ends = (until or now()).replace(hour=0, minute=0, second=0, microsecond=0, tzinfo=UTC) + timedelta(days=1)
    if ends <= since.replace(tzinfo=UTC):
        raise CommandError(f"--until {ends - timedelta(days=1):%Y-%m-%d} comes before --since {since:%Y-%m-%d}")
    with on_database() as (_settings, engine), _open_output(output) as file:
        count = export_log(engine, file, since.replace(tzinfo=UTC), ends, redact=redact)
    errors.print(f"{count} entries of the log written{f' to {output}' if output else ''}")


def _require_email(text: str) -> str:
    email = clean_email(text)
    if email is None:
        raise CommandError(f"“{text}” is no e-mail address")
    return email


def _shorten(value: object) -> str:
    text = str(value)
    return text if len(text) <= 200 else f"{text[:200]}…"


@contextmanager
def _open_output(output: Path | None) -> Iterator[IO[str]]:
    """Open standard output, or a file that only its owner may read and that appears when it is complete."""
    if output is None:
        stdout = io.TextIOWrapper(sys.stdout.buffer, encoding="utf-8", newline="", write_through=True)
        try:
            yield stdout
        finally:
            stdout.detach()
        return
    draft = output.with_name(f".{output.name}.part")
    draft.unlink(missing_ok=True)
    try:
        with os.fdopen(
            os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8", newline=""
        ) as file:
            yield file
        draft.replace(output)
    finally:
        draft.unlink(missing_ok=True)

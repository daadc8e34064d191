"""Commands for domains that verify people: import or test a list; add, remove and renew single domains."""

from collections.abc import Callable, Mapping
from pathlib import Path

import click
from sqlalchemy import Engine

from directory.cli.common import CommandError, friendly_errors
from directory.cli.databases import on_database, open_current_database
from directory.db.log import Author
from directory.db.tables.domains import ConfirmedDomain, OfficialDomain
from directory.regions import REGIONS
from directory.settings import Settings
from directory.store.directory_reader import read_directory
from directory.verification import domain_list
from directory.verification.domain_files import read_domains
from directory.verification.domain_list import (
    BadDomainError,
    TooManyDroppedError,
    accepted,
    add_confirmed,
    add_official,
    add_umbrella,
    import_list,
    official_and_confirmed,
)
from directory.zones.departments.schemas import DepartmentRecord


class FileOrCommand(click.Group):
    """A group whose first argument may be a file: `domains FILE` means `domains file FILE`."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Put the command `file` before a file, or before its options."""
        if args and args[0] not in self.commands and args[0] not in ctx.help_option_names:
            args = ["file", *args]
        return super().parse_args(ctx, args)


@click.group(cls=FileOrCommand)
def domains() -> None:
    """Import a list of official domains: `safezones domains FILE`; list, add, remove and renew single ones.

    FILE is the .gov registry's current-full.csv, or a CSV with the columns domain, place, state and source; either
    may be compressed with gzip. Addresses at exactly these domains prove that their owner belongs to the place.
    """


@domains.command("file")
@click.argument("path", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.option("--check", is_flag=True, help="only print which domains would prove whom, and why; change nothing")
@click.option("--yes", is_flag=True, help="even when it drops more than a fifth of the registry's domains")
def import_file(path: Path, check: bool, yes: bool) -> None:
    """Import FILE; domains that the registry no longer lists are marked as dropped and prove nothing new."""
    with on_database() as (_settings, engine):
        if check:
            _print_accepted(path, read_directory(engine).departments)
            return
        try:
            summary = import_list(engine, path, drop_many=yes)
        except TooManyDroppedError as error:
            raise CommandError(str(error)) from error
    click.echo(f"{summary.listed} official domains taken in from {path}")
    if summary.dropped:
        click.echo(f"{summary.dropped} are no longer listed and prove nothing new: `safezones domains list --dropped`")


def _print_accepted(path: Path, departments: Mapping[str, DepartmentRecord]) -> None:
    pairs = list(accepted(read_domains(path), departments))
    click.echo("domain\torganization\tstate\ttype\tdepartment\twhy")
    for pair in pairs:
        row = pair.row
        click.echo("\t".join((row.domain, row.place, row.state, row.kind, departments[pair.department].name, pair.why)))
    proven = {pair.department for pair in pairs}
    click.echo(f"{len(pairs)} pairs, {len(proven)} of {len(departments)} departments", err=True)


@domains.command("list")
@click.option("--department", default="", help="only what proves this department, such as ct/darien-police-department")
@click.option("--state", default="", help="only this state or province, such as CT")
@click.option("--dropped", is_flag=True, help="only those that prove nothing new")
def list_domains(department: str, state: str, dropped: bool) -> None:
    """Print official and confirmed domains with their age."""
    if state and state.upper() not in REGIONS:
        raise CommandError(f"there is no state or province “{state}”; give its code, such as CT")
    with on_database() as (_settings, engine):
        departments = read_directory(engine).departments
        official, confirmed = official_and_confirmed(engine)
    if department and department not in departments:
        raise CommandError(
            f"there is no department “{department}”; give it as in its address, such as ct/darien-police-department"
        )
    if department:
        names = {pair.row.domain for pair in accepted(official, {department: departments[department]})}
        official = [row for row in official if row.domain in names]
    lines = [
        _official_line(row)
        for row in official
        if state.upper() in ("", row.state) and (row.dropped_at is not None or not dropped)
    ]
    if not dropped:
        lines += [
            _confirmed_line(domain)
            for domain in confirmed
            if department in ("", domain.department) and domain.department.startswith(state.lower())
        ]
    for line in lines:
        click.echo(line)
    if not lines:
        click.echo("None. `safezones domains FILE` takes the registry's list in (docs/operating.md).", err=True)


def _official_line(row: OfficialDomain) -> str:
    listed = f"{row.listed_at:%Y-%m-%d}" if row.listed_at else "?"
    dropped = f", dropped {row.dropped_at:%Y-%m-%d}" if row.dropped_at else ""
    return f"{row.domain}\tofficial\t{row.place}, {row.state}\tlisted {listed}{dropped}\t{row.source}"


def _confirmed_line(row: ConfirmedDomain) -> str:
    return f"{row.domain}\tconfirmed\t{row.department}\t{row.at:%Y-%m-%d} by {row.confirmed_by}\t{row.evidence}"


def _apply_change(change: Callable[[Engine, Author], None], reason: str) -> None:
    with friendly_errors():
        try:
            change(open_current_database(Settings()), Author("operator", reason))
        except BadDomainError as error:
            raise CommandError(str(error)) from error


reason_option = click.option("--reason", required=True, help="where it is written, or why; kept in the log")
department_option = click.option("--department", default="", help="the department for which the domain is confirmed")


@domains.command()
@click.argument("domain")
@click.option("--place", default="", help="the town or agency to which an official domain belongs")
@click.option("--state", default="", help="its state or province, such as CT")
@department_option
@reason_option
def add(domain: str, place: str, state: str, department: str, reason: str) -> None:
    """Add an official domain (--place, --state), or confirm one for a department (--department)."""
    if bool(department) == bool(place or state):
        raise CommandError("give --place and --state for an official domain, or --department to confirm it for one")
    if department:
        _apply_change(lambda engine, author: add_confirmed(engine, domain, department, author), reason)
    else:
        _apply_change(lambda engine, author: add_official(engine, domain, place, state, author), reason)
    click.echo(f"{domain}: added")


@domains.command("umbrella")
@click.argument("domain")
@click.option("--name", required=True, help="the association that has the domain")
@click.option("--state", required=True, help="the state whose departments it may send for, such as CO")
@click.option("--county", default="", help="only the departments of this county, such as Adams")
@reason_option
def accept_umbrella(domain: str, name: str, state: str, county: str, reason: str) -> None:
    """Accept the domain of an association that sends zones for the departments of a county or state."""
    _apply_change(lambda engine, author: add_umbrella(engine, domain, name, state, county, author), reason)
    click.echo(f"{domain}: added")


@domains.command()
@click.argument("domain")
@department_option
@reason_option
def remove(domain: str, department: str, reason: str) -> None:
    """Let a domain prove nothing new; with --department, revoke a confirmation."""
    _apply_change(lambda engine, author: domain_list.remove(engine, domain, department, author), reason)
    click.echo(f"{domain}: removed. Whom it proved before stands at the desk, under “Domains”")


@domains.command()
@click.argument("domain")
@department_option
@reason_option
def renew(domain: str, department: str, reason: str) -> None:
    """Record that the domain was checked today and still proves."""
    _apply_change(lambda engine, author: domain_list.renew(engine, domain, department, author), reason)
    click.echo(f"{domain}: renewed")

"""The command for the operator's list of police stations: add, replace, show, remove."""

import json
import sys
from pathlib import Path

import click
from rich.console import Console

from directory.cli.common import REFUSED, CommandError, friendly_errors, progress_bar
from directory.cli.databases import open_current_database
from directory.geocoding.gazetteer import Gazetteer
from directory.settings import Settings
from directory.stations.improvements import improve as improve_by_list
from directory.stations.repository import (
    ListRefusedError,
    StationReport,
    import_stations,
    open_stations,
    remove_stations,
)
from directory.zones.findings import Severity


@click.command("stations")
@click.argument("path", required=False, type=click.Path(path_type=Path))
@click.option("--source", default="", help="publisher of the list, shown with every station (HIFLD is recognized)")
@click.option("--remove", is_flag=True, help="remove the list")
@click.option("--improve", is_flag=True, help="take from the list in use what the directory does not know better")
@click.option("--dry-run", is_flag=True, help="with --improve: only name what would change, old beside new")
@click.option("--yes", is_flag=True, help="take the list even if most of its rows were refused")
@click.option("--report", "report_path", type=click.Path(path_type=Path), help="write the report as JSON")
def stations_command(
    path: Path | None, source: str, remove: bool, improve: bool, dry_run: bool, yes: bool, report_path: Path | None
) -> None:
    """Add a list of police stations, shown where no zone is near; without PATH print which list is in use.

    PATH is HIFLD's Local Law Enforcement Locations or any CSV, XLSX or GeoJSON with the same columns, also as .gz. The
    new list replaces the old one; servers read it at once.

    --improve puts zones whose place is only the middle of a town or postal area at their department's building, gives
    departments without a telephone the list's, and names buildings that may have moved as cases for the moderators.

    Exit status: 0 all rows imported, 1 some rows refused, 2 the list was refused and the old one stays.
    """
    with friendly_errors():
        folder = Settings().data_dir
        if improve and path is None and not remove:
            _improve(folder, dry_run=dry_run)
            return
        if improve or dry_run:
            raise CommandError("--improve goes alone or with --dry-run: it works with the list in use")
        if path is None:
            click.echo(_remove_list(folder) if remove else _describe_list(folder))
            return
        if remove:
            raise CommandError("--remove goes without a file: a new list replaces the old one by itself")
        if report_path:
            report_path.write_text("{}\n", encoding="utf-8")  # an unwritable report fails before the import
        with progress_bar(path.name) as advance:
            try:
                report = import_stations(folder, path, source=source.strip(), force=yes, progress=advance)
            except ListRefusedError as error:
                _print_report(error.report, report_path, is_imported=False)
                raise CommandError(str(error)) from error
        _print_report(report, report_path)
    if report.refused:
        sys.exit(REFUSED)


def _improve(folder: Path, *, dry_run: bool) -> None:
    """Take from the list in use what the directory does not know better, and name each change."""
    stations = open_stations(folder)
    if stations is None:
        raise CommandError("no list of stations is in use: add one with `safezones stations FILE`")
    settings = Settings()
    places = Gazetteer.open_best(settings.data_dir, settings.scratch_dir())
    report = improve_by_list(open_current_database(settings), places, stations[1].stations(), dry_run=dry_run)
    for one in report.improvements:
        click.echo(f"{one.subject}\t{one.field}\t{one.old} → {one.new}")
    for move in report.moved:
        click.echo(f"{move.zone_id}\tmay have moved\t{move.details['distance_m']} m: {move.details['address']}")
    verb = "would change" if dry_run else "changed"
    click.echo(
        f"{len(report.improvements)} values {verb}; {len(report.moved)} buildings may have moved"
        + ("" if dry_run else f", {report.news} of them news for the moderators")
    )


def _remove_list(folder: Path) -> str:
    return "The list of stations was removed." if remove_stations(folder) else "There was no list of stations."


def _describe_list(folder: Path) -> str:
    stations = open_stations(folder)
    if stations is None:
        return "No list of stations is in use. Add one with `safezones stations FILE` (docs/operating.md)."
    count, file = stations
    return f"{count} stations are in use, from {file.file} ({file.source}), taken at {file.taken_at}."


def _print_report(report: StationReport, report_path: Path | None, *, is_imported: bool = True) -> None:
    """Print the report, and write it to a file when `report_path` is given."""
    out = Console(soft_wrap=True, highlight=False, markup=False)
    out.print(f"{report.path} ({report.format}), shown as of: {report.source or 'nobody'}")
    out.print(
        f"  {'taken' if is_imported else 'usable'} {report.added}, refused {report.refused}, "
        f"closed {report.closed}; {report.counts['warning']} warnings"
    )
    used_columns = {column: name for column, name in report.columns.items() if name}
    if used_columns:
        out.print("  columns: " + ", ".join(f"{column} → {name}" for column, name in used_columns.items()))
    ignored_columns = [column for column, name in report.columns.items() if not name]
    if ignored_columns:
        out.print("  columns left out: " + ", ".join(ignored_columns))
    findings = [finding for finding in report.findings if finding.severity is not Severity.NOTE]
    for finding in findings:
        out.print(f"  {finding}")
    hidden = report.counts["error"] + report.counts["warning"] - len(findings)
    if hidden:
        out.print(f"  … and {hidden} more findings")
    if report_path:
        report_path.write_text(json.dumps(report.to_json(), indent=2, ensure_ascii=False) + "\n", encoding="utf-8")

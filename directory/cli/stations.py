"""The operator's list of police stations: added, replaced, shown, removed."""

import json
import sys
from pathlib import Path

import click
from rich.console import Console

from directory.cli.common import (
    REFUSED,
    CommandError,
    plainly,
    progress_bar,
)
from directory.settings import Settings
from directory.stations.repository import (
    ListRefusedError,
    StationReport,
    remove_stations,
    stations_in,
    take_stations,
)
from directory.zones.findings import Severity


@click.command("stations")
@click.argument("path", required=False, type=click.Path(path_type=Path))
@click.option("--source", default="", help="who publishes the list, shown with every station (HIFLD's is known)")
@click.option("--remove", is_flag=True, help="remove the list")
@click.option("--yes", is_flag=True, help="take the list even if most of its rows were refused")
@click.option("--report", "report_path", type=click.Path(path_type=Path), help="write the report as JSON")
def stations_command(path: Path | None, source: str, remove: bool, yes: bool, report_path: Path | None) -> None:
    """Add a list of police stations, shown as places to ask where no zone is near; without FILE say what is in use.

    PATH is HIFLD's Local Law Enforcement Locations or any CSV, XLSX or GeoJSON with the same facts, also as .gz. The
    new list takes the place of the one before; servers read it at once.

    Exit status: 0 all rows in, 1 some rows refused, 2 the list was not taken and the old one stays.
    """
    with plainly():
        folder = Settings().data_dir
        if path is None:
            click.echo(_removed(folder) if remove else _in_use(folder))
            return
        if remove:
            raise CommandError("--remove goes without a file: a new list replaces the old one by itself")
        if report_path:
            report_path.write_text("{}\n", encoding="utf-8")  # better to fail before the list is taken than after it
        with progress_bar(path.name) as advance:
            try:
                report = take_stations(folder, path, source=source.strip(), force=yes, progress=advance)
            except ListRefusedError as error:
                _finish(error.report, report_path, taken=False)
                raise CommandError(str(error)) from error
        _finish(report, report_path)
    if report.refused:
        sys.exit(REFUSED)


def _removed(folder: Path) -> str:
    return "The list of stations was removed." if remove_stations(folder) else "There was no list of stations."


def _in_use(folder: Path) -> str:
    found = stations_in(folder)
    if found is None:
        return "No list of stations is in use. Add one with `safezones stations FILE` (docs/operating.md)."
    count, file = found
    return f"{count} stations are in use, from {file.file} ({file.source}), taken at {file.taken_at}."


def _finish(report: StationReport, report_path: Path | None, *, taken: bool = True) -> None:
    """The report in words, and as a file where one is wanted."""
    out = Console(soft_wrap=True, highlight=False, markup=False)
    out.print(f"{report.path} ({report.format}), shown as of: {report.source or 'nobody'}")
    out.print(
        f"  {'taken' if taken else 'usable'} {report.added}, refused {report.refused}, closed {report.closed}; "
        f"{report.counts['warning']} warnings"
    )
    used = {column: name for column, name in report.columns.items() if name}
    if used:
        out.print("  columns: " + ", ".join(f"{column} → {name}" for column, name in used.items()))
    left_out = [column for column, name in report.columns.items() if not name]
    if left_out:
        out.print("  columns left out: " + ", ".join(left_out))
    shown = [finding for finding in report.findings if finding.severity is not Severity.NOTE]
    for finding in shown:
        out.print(f"  {finding}")
    hidden = report.counts["error"] + report.counts["warning"] - len(shown)
    if hidden:
        out.print(f"  … and {hidden} more findings")
    if report_path:
        report_path.write_text(json.dumps(report.to_json(), indent=2, ensure_ascii=False) + "\n", encoding="utf-8")

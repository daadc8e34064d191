"""Commands for data: import, export, check, geocode, migrate."""

import io
import json
import os
import sys
from pathlib import Path

import click
from rich.console import Console
from rich.table import Table

from directory.cli.common import REFUSED, CommandError, errors, friendly_errors, open_current_database, progress_bar
from directory.formats.export import format_names
from directory.geocoding.factory import build_chain
from directory.geocoding.gazetteer import Gazetteer
from directory.geocoding.results import NOTES, BadAddressError, GeocoderUnavailableError, NoMatchError
from directory.search.directory_names import DirectoryNames
from directory.search.snapshot import Snapshot
from directory.settings import Settings
from directory.store.audit import check
from directory.store.export import export
from directory.store.import_report import ImportReport
from directory.store.importer import ImportOptions, import_file
from directory.store.loader import read_directory
from directory.store.repository import StoredAnswers, StoredRateLimits
from directory.zones.findings import Severity


@click.command("import")
@click.argument("paths", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--prune", is_flag=True, help="withdraw the zones that the file no longer has")
@click.option("--dry-run", is_flag=True, help="validate everything, change nothing")
@click.option("--yes", is_flag=True, help="continue even if over 20 % of the zones would be withdrawn")
@click.option("--report", "report_path", type=click.Path(path_type=Path), help="write the report as JSON")
@click.option("--sheet", default="", metavar="NAME", help="read this sheet, layer or table of a file that has several")
def import_command(
    paths: tuple[Path, ...], prune: bool, dry_run: bool, yes: bool, report_path: Path | None, sheet: str
) -> None:
    """Import files of zones: one transaction a file, with a finding for each doubtful row.

    They are told apart by content: XLSX, ODS, CSV, HTML tables, GeoJSON and GeoJSON sequences, ArcGIS JSON, KML and
    KMZ, zipped shapefiles, GeoPackage.

    Exit status: 0 all rows in, 1 some rows refused, 2 a file could not be imported at all.
    """
    reports: list[ImportReport] = []
    with friendly_errors():
        settings = Settings()
        engine = open_current_database(settings, new=True)
        gazetteer = Gazetteer.open_best(settings.data_dir, settings.scratch_dir())
        actor = f"import by {os.environ.get('USER', 'operator')}"
        options = ImportOptions(prune=prune, dry_run=dry_run, yes=yes, actor=actor, sheet=sheet)
        if report_path:
            report_path.write_text("[]\n")  # an unwritable report fails before the import
        try:
            for path in paths:
                with progress_bar(path.name) as advance:
                    reports.append(import_file(engine, path, gazetteer, options, advance))
                print_report(reports[-1])
        finally:
            if report_path:
                content = [report.to_json() for report in reports]
                report_path.write_text(json.dumps(content, indent=2, ensure_ascii=False) + "\n")
    if any(report.refused for report in reports):
        sys.exit(REFUSED)


def print_report(report: ImportReport) -> None:
    """Print the report: counts, recognized columns, findings."""
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
        out.print("  nothing was retired: some rows were refused or not read whole, and they may be the missing zones")
    for finding in report.findings:
        out.print(f"  {finding}")
    hidden = sum(report.counts.values()) - len(report.findings)
    if hidden:
        out.print(f"  … and {hidden} more findings")


@click.command("export")
@click.option("--format", "form", type=click.Choice(format_names()), default="geojson", show_default=True)
@click.option("--output", type=click.Path(path_type=Path), help="write here instead of to standard output")
def export_command(form: str, output: Path | None) -> None:
    """Write the whole directory, the same bytes for the same content."""
    with friendly_errors():
        engine = open_current_database(Settings())
        if output is None:
            with io.TextIOWrapper(sys.stdout.buffer, encoding="utf-8", newline="") as stdout:
                export(engine, form, stdout)
            return
        scratch = output.with_name(f".{output.name}.part")
        with scratch.open("w", encoding="utf-8", newline="") as file:
            count = export(engine, form, file)
        scratch.replace(output)
        errors.print(f"{count} zones written to {output}")


@click.command("check")
def check_command() -> None:
    """Validate every zone of the directory with the rules of the import."""
    with friendly_errors():
        settings = Settings()
        engine = open_current_database(settings)
        count, findings = check(engine, Gazetteer.open_best(settings.data_dir, settings.scratch_dir()))
    for zone_id, finding in findings:
        click.echo(f"{zone_id}: {finding}")
    error_count = len({zone_id for zone_id, finding in findings if finding.severity is Severity.ERROR})
    click.echo(f"{count} zones checked, {error_count} with errors, {len(findings)} findings")
    if error_count:
        sys.exit(REFUSED)


@click.command()
@click.argument("address", nargs=-1, required=True)
def geocode(address: tuple[str, ...]) -> None:
    """Geocode an address with the geocoding chain."""
    with friendly_errors():
        settings = Settings()
        engine = open_current_database(settings)
        chain = build_chain(settings, StoredAnswers(engine, settings.signing_key), StoredRateLimits(engine))
        try:
            result = chain.locate(" ".join(address), DirectoryNames(Snapshot(read_directory(engine))))
        except BadAddressError as error:
            raise CommandError(f"bad address: {error}") from error
        except NoMatchError as error:
            raise CommandError(
                " ".join([f"no match: {error}.", *(NOTES[note.code] for note in error.notes)])
            ) from error
        except GeocoderUnavailableError as error:
            raise CommandError(f"service down: {error}") from error
    table = Table("place", "latitude", "longitude", "precision", "provider", "county")
    for place in result.candidates:
        point = place.coordinates
        latitude, longitude = f"{point.latitude:.5f}", f"{point.longitude:.5f}"
        table.add_row(place.label, latitude, longitude, place.precision, place.provider, place.county)
    Console().print(table)
    for note in result.interpretation.notes:
        click.echo(": ".join(part for part in (NOTES[note.code].rstrip("."), note.text) if part))
    if result.degraded:
        click.echo("An online geocoder did not answer.")


@click.command("migrate")
def migrate_command() -> None:
    """Migrate the database (every command does this too); a SQLite file is copied first."""
    with friendly_errors():
        open_current_database(Settings(), new=True)
        click.echo("The database is up to date.")

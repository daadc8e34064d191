"""Commands for data that is there: export, check, geocode, migrate."""

import sys
from pathlib import Path

import click
from rich.console import Console
from rich.table import Table

from directory.cli.common import REFUSED, address_errors, errors, friendly_errors, notes_of, replacing
from directory.cli.databases import on_database, open_current_database
from directory.formats.edition import PLAIN, Edition
from directory.formats.export_formats import format_names
from directory.geocoding.factory import build_chain
from directory.geocoding.gazetteer import Gazetteer
from directory.search.directory_names import DirectoryNames
from directory.search.snapshots.snapshot import Snapshot
from directory.settings import Settings
from directory.store.audit import check
from directory.store.directory_reader import read_directory
from directory.store.export import export
from directory.store.geocoder_answers import StoredAnswers, StoredRateLimits
from directory.zones.findings import Severity


@click.command("export")
@click.option("--format", "form", type=click.Choice(format_names()), default="geojson", show_default=True)
@click.option("--output", type=click.Path(path_type=Path), help="write here instead of to standard output")
def export_command(form: str, output: Path | None) -> None:
    """Write the whole directory, the same bytes for the same content."""
    with on_database() as (settings, engine):
        edition = Edition.of_site(settings.base_url, None) if settings.base_url else PLAIN
        if output is None:
            export(engine, form, sys.stdout.buffer, edition)
            return
        with replacing(output) as file:
            count = export(engine, form, file, edition)
        errors.print(f"{count} zones written to {output}")


@click.command("check")
def check_command() -> None:
    """Validate every zone of the directory with the rules of the import."""
    with on_database() as (settings, engine):
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
    with on_database() as (settings, engine):
        chain = build_chain(settings, StoredAnswers(engine, settings.signing_keys), StoredRateLimits(engine))
        with address_errors():
            result = chain.locate(" ".join(address), DirectoryNames(Snapshot(read_directory(engine))))
    table = Table("place", "latitude", "longitude", "precision", "provider", "county")
    for place in result.candidates:
        point = place.coordinates
        latitude, longitude = f"{point.latitude:.5f}", f"{point.longitude:.5f}"
        table.add_row(place.label, latitude, longitude, place.precision, place.provider, place.county)
    Console().print(table)
    for note in notes_of(result):
        click.echo(note)


@click.command("migrate")
def migrate_command() -> None:
    """Migrate the database (every command does this too); a SQLite file is copied first."""
    with friendly_errors():
        open_current_database(Settings(), new=True)
        click.echo("The database is up to date.")

"""Commands that build and remove a richer gazetteer."""

from pathlib import Path

import click

from directory.cli.common import CommandError, friendly_errors, progress_rows
from directory.geocoding.gazetteer import Gazetteer, richer_gazetteer
from directory.geocoding.gazetteer_builder import BadGazetteerFileError, BuildSummary, Sources, build_gazetteer
from directory.settings import Settings

_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
MAX_LINES_SHOWN = 20


@click.group()
def gazetteer() -> None:
    """Names of places: build a richer list from public files, or go back to the packaged one."""


@gazetteer.command("build")
@click.option("--census-subdivisions", type=_FILE, help="county subdivisions: townships and New England towns")
@click.option("--census-places", type=_FILE, help="incorporated places and census-designated places")
@click.option("--census-counties", type=_FILE, help="counties; names the county of each subdivision")
@click.option("--canada", type=_FILE, help="Canadian municipalities")
def build_command(
    census_subdivisions: Path | None, census_places: Path | None, census_counties: Path | None, canada: Path | None
) -> None:
    """Build a richer gazetteer in the data folder; it is used from the next start of the server on.

    docs/gazetteer.md names where each file is published. Exit status: 0 built, 2 a file cannot be used (then the
    gazetteer stays as it is).
    """
    sources = Sources(census_subdivisions, census_places, census_counties, canada)
    with friendly_errors():
        settings = Settings()
        if sources == Sources():
            raise CommandError("name at least one file; `safezones gazetteer build --help` lists the kinds")
        packaged = Gazetteer.packaged_file(settings.scratch_dir())
        target = richer_gazetteer(settings.data_dir)
        try:
            with progress_rows("rows read") as on_row:
                summary = build_gazetteer(packaged, target, sources, on_row)
        except BadGazetteerFileError as error:
            raise CommandError(f"{error}. Nothing was changed") from error
    _print_summary(summary, target)


def _print_summary(summary: BuildSummary, target: Path) -> None:
    for name, count in summary.added.items():
        click.echo(f"{name}: {count:,} places added")
    for name, line, reason in summary.rejected[:MAX_LINES_SHOWN]:
        click.echo(f"{name}, line {line}: left out, {reason}")
    if len(summary.rejected) > MAX_LINES_SHOWN:
        click.echo(f"… and {len(summary.rejected) - MAX_LINES_SHOWN:,} more lines left out")
    click.echo(f"Written: {target}. A running server uses it after its next start.")


@gazetteer.command("remove")
def remove_command() -> None:
    """Go back to the packaged gazetteer, from the next start of the server on."""
    with friendly_errors():
        target = richer_gazetteer(Settings().data_dir)
        if not target.exists():
            raise CommandError(f"there is no richer gazetteer: {target} does not exist")
        target.unlink()
    click.echo("The packaged gazetteer is used from the next start on.")

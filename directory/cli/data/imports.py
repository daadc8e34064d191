"""Commands that bring data in: import and update-data.

What the database needs is imported where it is used: an import's second process begins before that.
"""

import json
import os
import sys
from collections.abc import Mapping
from datetime import timedelta
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
from rich.console import Console

from directory import clock
from directory.cli.common import REFUSED, CommandError, errors, friendly_errors, progress_bar
from directory.cli.module_loading import loading
from directory.geo import load_time_zones
from directory.geocoding.gazetteer import Gazetteer
from directory.geocoding.results import Geocode
from directory.settings import Settings
from directory.store.importing.import_options import ImportOptions
from directory.store.importing.import_report import ImportReport
from directory.store.importing.judged_file import NOTHING_FOUND, judged_ahead

if TYPE_CHECKING:
    from sqlalchemy import Engine


@click.command("import")
@click.argument("paths", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--dataset", default="", help="the dataset of the files; a GeoJSON file may say it itself")
@click.option("--geocode", "geocoding", is_flag=True, help="look up the addresses of rows without coordinates")
@click.option("--prune", is_flag=True, help="withdraw the zones of the dataset that the file no longer has")
@click.option("--dry-run", is_flag=True, help="change nothing; name every zone and field that would change")
@click.option("--yes", is_flag=True, help="continue even if over 20 % of the zones would be withdrawn")
@click.option("--report", "report_path", type=click.Path(path_type=Path), help="write the report as JSON")
@click.option("--sheet", default="", metavar="NAME", help="read this sheet, layer or table of a file that has several")
def import_command(
    paths: tuple[Path, ...], dataset: str, geocoding: bool, prune: bool, dry_run: bool, yes: bool,
    report_path: Path | None, sheet: str,
) -> None:  # fmt: skip
    """Import files of zones: one transaction a file, with a finding for each doubtful row.

    They are told apart by content: XLSX, ODS, CSV, HTML tables, GeoJSON and GeoJSON sequences, ArcGIS JSON, KML and
    KMZ, zipped shapefiles, GeoPackage.

    A fact is replaced only by one of the same or a better source: a department's word stays. What was not taken waits
    for a moderator, under "Data".

    Exit status: 0 all rows in, 1 some rows refused, 2 a file could not be imported at all.
    """
    reports: list[ImportReport] = []
    with friendly_errors():
        imports = _Imports(Settings(), sheet)
        options = ImportOptions(
            prune=prune, dry_run=dry_run, yes=yes, dataset=dataset,
            actor=f"import by {os.environ.get('USER', 'operator')}",
        )  # fmt: skip
        if report_path:
            report_path.write_text("[]\n")  # an unwritable report fails before the import
        try:
            for path in paths:
                places = imports.look_up(path) if geocoding else {}
                reports.append(imports.import_file(path, options, places))
                print_report(reports[-1])
        finally:
            if report_path:
                content = [report.to_json() for report in reports]
                report_path.write_text(json.dumps(content, indent=2, ensure_ascii=False) + "\n")
    if any(report.refused for report in reports):
        sys.exit(REFUSED)


class _Imports:
    """The imports of one command. While the first rows are judged, what the database needs is loaded and made ready."""

    def __init__(self, settings: Settings, sheet: str = "") -> None:
        clock.run_ahead(timedelta(days=settings.clock_ahead_days))  # of the process that judges, too
        self._settings, self._sheet = settings, sheet
        self._gazetteer = Gazetteer.open_best(settings.data_dir, settings.scratch_dir())

    @cached_property
    def engine(self) -> "Engine":
        """The database, opened and brought up to date when it is first asked for."""
        with loading():
            from directory.cli.databases import open_current_database

        return open_current_database(self._settings, new=True)

    def import_file(
        self, path: Path, options: ImportOptions, places: Mapping[str, Geocode] = NOTHING_FOUND
    ) -> ImportReport:
        """Import a file with a progress bar, its rows judged ahead. Says what became of it when it is interrupted."""
        if "engine" in vars(self):
            self.engine.dispose()  # no connection is shared with the process that judges
        report: ImportReport | None = None
        try:
            with judged_ahead(path, self._gazetteer, self._sheet, places) as file:
                with loading():
                    from directory.store.importing.importer import import_judged

                    load_time_zones()
                with progress_bar(path.name) as advance:
                    report = import_judged(self.engine, file, self._gazetteer, options, advance)
        except KeyboardInterrupt:
            if report is None:
                raise CommandError(f"stopped; nothing of {path} was imported. It can be run again") from None
        return report

    def look_up(self, path: Path) -> dict[str, Geocode]:
        """Where the addresses of a file are; says how many were found, and how many nobody answered or asked for."""
        with loading():
            from directory.geocoding.factory import build_chain
            from directory.store.geocoder_answers import StoredAnswers, StoredRateLimits
            from directory.store.importing.row_geocoding import look_up

        stored_answers = StoredAnswers(self.engine, self._settings.signing_keys)
        chain = build_chain(self._settings, stored_answers, StoredRateLimits(self.engine))
        with progress_bar(f"{path.name}: addresses") as advance:
            lookups = look_up(path, self._gazetteer, chain, advance, sheet=self._sheet)
        errors.print(
            f"{path.name}: {len(lookups.places)} of {lookups.requested} addresses found; "
            f"{lookups.unanswered} without an answer, {lookups.left} not looked up"
        )
        return lookups.places


def print_report(report: ImportReport) -> None:
    """Print the report: counts, recognized columns, findings."""
    out = Console(soft_wrap=True, highlight=False, markup=False)
    out.print(f"{report.path} ({report.format}){' – dry run, nothing was changed' if report.dry_run else ''}")
    out.print(
        f"  added {report.added}, changed {report.changed}, unchanged {report.unchanged}, retired {report.retired}, "
        f"refused {report.refused}; {report.counts['warning']} warnings"
    )
    if report.cases:
        out.print(
            f"  {report.cases} new questions for moderators: what was not taken, and what is probably there already"
        )
    renamed = {column: name for column, name in report.columns.items() if name and column != name}
    if renamed:
        out.print("  columns: " + ", ".join(f"{column} → {name}" for column, name in renamed.items()))
    if report.prune_skipped:
        out.print("  nothing was retired: some rows were refused or not read whole, and they may be the missing zones")
    if report.dry_run:
        for zone_id, name, old, new in report.changes:
            out.print(f"  {zone_id}: {name}: {_value_text(old)} → {_value_text(new)}")
    if report.findings:
        out.print("\n".join(f"  {finding}" for finding in report.findings))
    hidden = sum(report.counts.values()) - len(report.findings)
    if hidden:
        out.print(f"  … and {hidden} more findings")


def _value_text(value: Any) -> str:
    """A value as files have it."""
    return "nothing" if value in (None, "", [], {}) else json.dumps(value, ensure_ascii=False)


@click.command("update-data")
@click.argument("path", required=False, type=click.Path(path_type=Path))
@click.option("--dry-run", is_flag=True, help="change nothing; name every zone and field that would change")
@click.option("--yes", is_flag=True, help="continue even if over 20 % of the dataset's zones would be withdrawn")
def update_data(path: Path | None, dry_run: bool, yes: bool) -> None:
    """Bring a release of the data into the directory: the packaged one, or FILE.

    What departments and moderators said stays; zones that the release no longer has are withdrawn. It can be run again
    and while the site is served.
    """
    with friendly_errors():
        with loading():
            from directory.store.importing.packaged_disagreements import note_packaged_disagreements
            from directory.store.runs.datasets import release_in

        settings = Settings()
        path = path or settings.zones_file
        dataset, released = release_in(path)
        if not dataset:
            raise CommandError(f"{path} names no dataset: take it in with `safezones import`")
        imports = _Imports(settings)
        options = ImportOptions(prune=True, dry_run=dry_run, yes=yes, actor="update of data")
        report = imports.import_file(path, options)
        if not dry_run:
            report.cases += note_packaged_disagreements(imports.engine, path)
        print_report(report)
        click.echo(f"{dataset}, release {released or 'without a date'}")
    if report.refused:
        sys.exit(REFUSED)

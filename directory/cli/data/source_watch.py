"""The command that looks at the pages of sources."""

import click

from directory.cli.common import CommandError, friendly_errors, progress_bar
from directory.cli.databases import open_current_database
from directory.moderation.data_quality.source_watch import AT_ONCE, SourceFetcher, watch
from directory.settings import Settings
from directory.store.directory_reader import read_directory
from directory.store.runs.daily_runs import DailyCommand, note_run


@click.command("watch-sources")
@click.option("--most", default=AT_ONCE, show_default=True, type=click.IntRange(1, 1_000), help="pages of this run")
def watch_sources(most: int) -> None:
    """Look at the pages of sources that were not looked at for the longest, one a second.

    Off unless SAFEZONES_WATCH_SOURCES is set. A page that is missing at looks on three different days, or no longer
    mentions exchanges, becomes a case for the moderators, under "Data".
    """
    with friendly_errors():
        settings = Settings()
        if not settings.watch_sources:
            raise CommandError("looking at sources is off: set SAFEZONES_WATCH_SOURCES=true")
        engine = open_current_database(settings)
        from directory.web.http.container import build_container

        context = build_container(settings, engine).context
        with progress_bar("sources") as advance:
            watched = watch(context, read_directory(engine).zones, SourceFetcher(settings.user_agent), most, advance)
        note_run(engine, DailyCommand.WATCH_SOURCES)
    click.echo(
        f"{watched.looked_at} pages looked at: {watched.missing} missing, {watched.unanswered} without an answer; "
        f"{watched.cases} new cases"
    )

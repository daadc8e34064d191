"""The command that reads departments' zone lists."""

import sys

import click

from directory.cli.common import REFUSED, errors, with_site
from directory.cli.databases import on_database
from directory.store.directory_reader import read_directory
from directory.store.runs.daily_runs import DailyCommand, note_run
from directory.submissions.zone_lists.pulling import ReadingFailedError, due, pull


@click.command("pull-zones")
@click.option("--site", default="", help="the site's address in the mails [SAFEZONES_BASE_URL]")
def pull_zones(site: str) -> None:
    """Read the zone lists of departments whose managers set an address, each at most once a day.

    What is safe is published, what is risky waits for a second person. For cron or a systemd timer, once a day. A list
    that cannot be read is left alone for longer each time, up to a week; its department sees why at its desk.

    Exit status: 0 every list was read, 1 some were not.
    """
    failed = False
    with on_database() as (settings, engine):
        from directory.web.http.container import build_container

        container = build_container(with_site(settings, site), engine)
        departments = due(container.context)
        for department in departments:
            directory = read_directory(engine)  # anew: the list before may be of the same town
            try:
                result = pull(container.context, department, directory, container.list_fetcher)
            except ReadingFailedError as failure:
                failed = True
                errors.print(f"{department}: not read: {failure}")
            else:
                counts = (f"{number} {outcome}" for outcome, number in result.counts.items() if number)
                click.echo(f"{department}: {', '.join(counts)}")
        note_run(engine, DailyCommand.PULL_ZONES)
    click.echo(f"lists that were due: {len(departments)}")
    if failed:
        sys.exit(REFUSED)

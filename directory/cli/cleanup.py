"""Deleting what has served."""

import click

from directory.cli.common import errors, opened, plainly
from directory.settings import Settings
from directory.store.retention import clean_up


@click.command("tidy")
@click.option("--dry-run", is_flag=True, help="count what is due, change nothing")
def tidy_command(dry_run: bool) -> None:
    """Delete what has served: abandoned drafts, spent links, expired answers and sessions, texts of closed reports.

    For cron or a systemd timer, once a day, while the site goes on; docs/operating.md states the age of each.
    """
    with plainly():
        settings = Settings()
        if settings.clock_ahead_days:
            errors.print(f"A rehearsal: the clock runs {settings.clock_ahead_days} days ahead. Use a copy of the data.")
        done = clean_up(opened(settings), dry_run=dry_run)
    for what, count in done.rows.items():
        click.echo(f"{count:7} {what}")
    if dry_run:
        click.echo("Nothing was changed.")

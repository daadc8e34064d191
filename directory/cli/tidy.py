"""The command that deletes expired data."""

import click

from directory.cli.common import errors, friendly_errors
from directory.cli.databases import open_current_database
from directory.settings import Settings
from directory.store.privacy.retention import clean_up, clean_up_and_note


@click.command("tidy")
@click.option("--dry-run", is_flag=True, help="count what is due, change nothing")
def tidy_command(dry_run: bool) -> None:
    """Delete expired data: abandoned drafts, used links, expired answers and sessions, texts of closed reports.

    For cron or a systemd timer, once a day, while the site runs; docs/operating.md states the age of each.
    """
    with friendly_errors():
        settings = Settings()
        if settings.clock_ahead_days:
            errors.print(f"A rehearsal: the clock runs {settings.clock_ahead_days} days ahead. Use a copy of the data.")
        engine = open_current_database(settings)
        rows = clean_up(engine, dry_run=True) if dry_run else clean_up_and_note(engine)
    for kind, count in rows.items():
        click.echo(f"{count:7} {kind}")
    if dry_run:
        click.echo("Nothing was changed.")

"""The `safezones` command."""

import click

from directory import __version__
from directory.cli import backup as backups
from directory.cli import cleanup, data, domains, gazetteer, people, personal_data, stations
from directory.cli import serve as server


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="safezones")
def main() -> None:
    """Safe Zone Directory: police-station safe zones, imported, searched and served."""


for command in (
    server.serve, server.mail, data.import_command, data.export_command, data.check_command, data.geocode,
    data.migrate_command, backups.backup, backups.restore, backups.copy_command, people.remind, people.invite,
    domains.domains, gazetteer.gazetteer, people.staff, cleanup.tidy_command, personal_data.person, personal_data.log,
    stations.stations_command,
):  # fmt: skip
    main.add_command(command)

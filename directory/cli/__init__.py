"""The `safezones` command."""

from importlib import import_module
from typing import cast

import click

from directory import __version__
from directory.cli.module_loading import loading

COMMANDS = {
    "serve": "server.serve:serve", "mail": "server.serve:mail",
    "import": "data.imports:import_command", "update-data": "data.imports:update_data",
    "export": "data.zones:export_command", "check": "data.zones:check_command",
    "geocode": "data.zones:geocode", "migrate": "data.zones:migrate_command",
    "backup": "backup:backup", "restore": "backup:restore", "copy-database": "backup:copy_command",
    "remind": "people:remind", "invite": "people:invite", "staff": "people:staff", "domains": "data.domains:domains",
    "gazetteer": "data.gazetteer:gazetteer", "map": "data.map_page:map_command", "doctor": "doctor:doctor",
    "tidy": "tidy:tidy_command", "person": "personal_data:person",
    "log": "personal_data:log", "key": "keys:key_commands", "stations": "data.stations:stations_command",
    "pull-zones": "data.zone_lists:pull_zones", "watch-sources": "data.source_watch:watch_sources",
}  # fmt: skip
"""Where each command is: module of this package, and name in it."""


class LazyGroup(click.Group):
    """Imports a command when it is used: all of them together take seconds to import."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002  (click calls it so)
        """The names of all commands."""
        return sorted(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002
        """The command of this name, or None."""
        if cmd_name not in COMMANDS:
            return None
        module, _, name = COMMANDS[cmd_name].partition(":")
        with loading():
            return cast(click.Command, getattr(import_module(f"directory.cli.{module}"), name))


@click.group(cls=LazyGroup, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="safezones")
def main() -> None:
    """Safe Zone Directory: police-station safe zones, imported, searched and served."""

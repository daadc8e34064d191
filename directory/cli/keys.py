"""Commands for the secret key: which ones there are, a new one, and an end to fallbacks."""

import secrets
import shlex
from collections.abc import Sequence
from datetime import timedelta

import click

from directory import clock
from directory.cli.common import CommandError, errors, friendly_errors
from directory.cli.databases import open_current_database
from directory.cli.key_uses import LONGEST_LIFE, USES, uses_left
from directory.clock import now
from directory.db.errors import DatabaseError
from directory.geocoding.chain import HIT_LIFETIME
from directory.settings import Settings
from directory.signing_keys import FallbackKey, fingerprint
from directory.store.geocoder_answers import forget_answers


@click.group("key", invoke_without_command=True)
@click.pass_context
def key_commands(context: click.Context) -> None:
    """The secret key, which signs links and forms: without a command, which ones there are and what needs them.

    Keys are named by eight digits that do not tell them.
    """
    if context.invoked_subcommand is None:
        with friendly_errors():
            _show(_settings())


@key_commands.command()
def rotate() -> None:
    """Make a new key. The one before still opens what it made, and makes nothing new.

    Running workers use the new key at once. Where SAFEZONES_SECRET_KEY sets the key, one is made and printed with what
    to do.
    """
    with friendly_errors():
        settings = _settings()
        file = settings.key_file
        if file is None:
            _explain_rotation(settings)
            return
        file.rotate(now())
        _show(settings)
    click.echo("Make a backup: those made before hold the earlier key only.")


@key_commands.command()
@click.argument("names", nargs=-1)
@click.option("--yes", is_flag=True, help="do not ask")
def drop(names: tuple[str, ...], yes: bool) -> None:
    """Forget the fallbacks, or those of these names: what they made does not open any more.

    Asks while some of that may be in use. Answers of geocoders are deleted when such a key may have sealed them.
    """
    with friendly_errors():
        settings = _settings()
        file = settings.key_file
        fallbacks = settings.fallback_keys
        unknown = set(names) - {fingerprint(fallback.key) for fallback in fallbacks}
        if unknown:
            raise CommandError(f"no fallback is named {', '.join(sorted(unknown))}: `safezones key` lists them")
        selected = [fallback for fallback in fallbacks if not names or fingerprint(fallback.key) in names]
        if not selected:
            click.echo("There is no fallback.")
            return
        in_use = {use.what: use for fallback in selected for use in uses_left(fallback, now())}
        for use in in_use.values():
            click.echo(f"May still be in use: {use.what} ({use.without})")
        if in_use and not yes:
            click.confirm("Drop all the same?", abort=True)
        if file is not None:
            file.drop(selected)
        _forget_answers_of(selected, settings)
        for fallback in selected:
            if fallback.key in settings.secret_key_fallbacks:
                click.echo(
                    f"Take {fingerprint(fallback.key)} out of SAFEZONES_SECRET_KEY_FALLBACKS on every machine, and "
                    "restart: until then it opens what it made."
                )
            else:
                click.echo(f"{fingerprint(fallback.key)} is dropped.")


def _settings() -> Settings:
    settings = Settings()
    clock.run_ahead(timedelta(days=settings.clock_ahead_days))
    return settings


def _show(settings: Settings) -> None:
    file = settings.key_file
    if file is not None and not file.path.exists():
        click.echo(f"There is no key yet in {file.path.parent}: `safezones serve` makes one.")
        return
    place = file.path if file else "SAFEZONES_SECRET_KEY"
    click.echo(f"{fingerprint(settings.signing_key)} makes everything new ({place})")
    for fallback in settings.fallback_keys:
        since = f"since {fallback.replaced_at:%Y-%m-%d}" if fallback.replaced_at else "(SAFEZONES_SECRET_KEY_FALLBACKS)"
        click.echo(f"{fingerprint(fallback.key)} opens what it made, and makes nothing new {since}")
        uses = uses_left(fallback, now())
        for use in uses:
            until = f"{over_at:%Y-%m-%d}" if (over_at := use.over_at(fallback)) else f"{use.life.days} days later"
            click.echo(f"  until {until}: {use.what}; without the key {use.without}")
        click.echo(
            f"  Nothing needs it after {LONGEST_LIFE.days} days; sooner, `safezones key drop` costs what is named here."
            if uses
            else "  Nothing needs it any more: `safezones key drop`"
        )


def _explain_rotation(settings: Settings) -> None:
    """What to write where: a machine must know a key before another one uses it."""
    new_key, old_key = secrets.token_hex(32), settings.secret_key
    earlier = settings.secret_key_fallbacks
    click.echo("The key is a setting: change it in two steps, so that no machine meets a key that it does not know.")
    click.echo("1. On every machine write this line, and restart:")
    click.echo(setting_of_fallbacks([new_key, *earlier]))
    click.echo("2. When all have done so, write these on every machine, and restart:")
    click.echo(f"SAFEZONES_SECRET_KEY={new_key}")
    click.echo(setting_of_fallbacks([old_key, *earlier]))
    if earlier:
        click.echo("Leave the quotes away where `docker run --env-file` reads the line.")
    click.echo(f"Note the day: nothing needs the old key {LONGEST_LIFE.days} days later. Until then it opens:")
    for use in USES:
        click.echo(f"  for {use.life.days} days: {use.what}; without the key {use.without}")


def setting_of_fallbacks(keys: Sequence[str]) -> str:
    """A line of a file with variables. Quotes only where there must be some: not every reader takes them away."""
    return f"SAFEZONES_SECRET_KEY_FALLBACKS={shlex.quote(' '.join(keys))}"


def _forget_answers_of(fallbacks: Sequence[FallbackKey], settings: Settings) -> None:
    """Whoever has such a key and the database could guess searched addresses."""
    if all(fallback.replaced_at and fallback.replaced_at + HIT_LIFETIME <= now() for fallback in fallbacks):
        return
    try:
        forget_answers(open_current_database(settings))
    except (DatabaseError, CommandError) as error:
        errors.print(f"Answers of geocoders were not deleted; they expire within {HIT_LIFETIME.days} days. {error}")

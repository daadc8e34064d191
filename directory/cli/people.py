"""Departments and moderators: asked, invited, appointed, proven."""

from pathlib import Path

import click

from directory.accounts.authentication import Staff, appoint
from directory.accounts.second_factor import reset_factors
from directory.cli.common import (
    CommandError,
    address_of,
    errors,
    opened,
    plainly,
    progress_bar,
)
from directory.db.queries.accounts import BarredAddressError
from directory.db.transaction import transaction
from directory.mail.message import unaddressed
from directory.moderation.reminders import Invitation, invitations
from directory.moderation.reminders import remind as ask_again
from directory.moderation.report_digests import queue_digests
from directory.settings import Settings
from directory.store.loader import read_directory
from directory.verification.domains import clean_email


@click.command()
@click.option("--site", default="", help="the site's address in the mails [SAFEZONES_BASE_URL]")
def remind(site: str) -> None:
    """Ask departments whose confirmations are 150 or 170 days old: still right? And tell them what visitors reported.

    For cron or a systemd timer, once a day; run twice it asks once.
    """
    with plainly():
        settings = Settings()
        engine = opened(settings)
        from directory.web.http.container import build_container

        parts = build_container(settings, engine)
        if settings.clock_ahead_days:
            errors.print(f"A rehearsal: the clock runs {settings.clock_ahead_days} days ahead. Use a copy of the data.")
        address = address_of(settings, site)
        with progress_bar("reminders") as advance:
            digests = queue_digests(engine, settings.mail_from, address)
            asked = ask_again(parts.context, read_directory(engine).zones, address, advance)
    click.echo(f"departments asked: {asked.departments}, about zones: {asked.zones}")
    click.echo(f"departments mailed what visitors reported: {digests}")
    if asked.nobody:
        click.echo(f"zones due that nobody looks after, and that grow old by themselves: {asked.nobody}")


@click.command()
@click.option("--state", default="", help="only this state or province, such as CT")
@click.option("--department", default="", help="only this department, such as ct/darien-police-department")
@click.option("--to", "recipient", default="", help="mail the one department's letter to this address")
@click.option("--language", default="en", show_default=True, help="en or es")
@click.option("--output", type=click.Path(path_type=Path, file_okay=False), help="folder for the letters")
@click.option("--site", default="", help="the site's address in the letters [SAFEZONES_BASE_URL]")
def invite(state: str, department: str, recipient: str, language: str, output: Path | None, site: str) -> None:
    """Prepare the letters that ask departments to take their entries over.

    For every department whose zones nobody ever confirmed: a mail to open and address (.eml), and the same to print
    (.html, .txt). With --department and --to the mail is sent.
    """
    if recipient and (not department or clean_email(recipient) is None):
        raise CommandError("--to needs --department, and an address such as chief@example.org")
    if not recipient and output is None:
        raise CommandError("say where the letters go: --output FOLDER, or --department with --to ADDRESS")
    with plainly():
        settings = Settings()
        engine = opened(settings)
        zones = [
            zone for zone in read_directory(engine).zones
            if (not state or zone.state == state.upper()) and (not department or zone.department_slug == department)
        ]  # fmt: skip
        from directory.web.http.container import build_container

        parts = build_container(settings, engine)
        found = invitations(parts.context, zones, address_of(settings, site), language)
        if not found:
            raise CommandError("no department here is without a person and without a confirmation")
        if recipient:
            with transaction(engine) as session:
                parts.context.queue(session, recipient, found[0].letter)
            click.echo(f"the letter to {found[0].name} waits in the outbox for {recipient}")
            return
        folder = output or Path()
        folder.mkdir(parents=True, exist_ok=True)
        for invitation in found:
            write_invitation(folder, invitation, settings.mail_from)
        click.echo(f"{len(found)} letters written to {folder}")


def write_invitation(folder: Path, invitation: Invitation, sender: str) -> None:
    """One letter as a mail to address, as a page to print, and as text."""
    name = invitation.department.replace("/", "-")
    (folder / f"{name}.eml").write_bytes(unaddressed(invitation.letter, sender).as_bytes())
    (folder / f"{name}.html").write_text(invitation.letter.html(), encoding="utf-8")
    (folder / f"{name}.txt").write_text(invitation.letter.text(), encoding="utf-8")


@click.command()
@click.argument("email")
@click.option("--role", type=click.Choice([*(role.value for role in Staff), "none"]), help="[default: moderator]")
@click.option("--reset-codes", is_flag=True, help="take the app and the passkeys of a member of staff away")
@click.option("--site", default="", help="the site's address in the mail [SAFEZONES_BASE_URL]")
def staff(email: str, role: str | None, reset_codes: bool, site: str) -> None:
    """Appoint a moderator or an administrator; --role none dismisses.

    With --reset-codes somebody who lost phone and keys sets up a new app at the next sign-in.
    """
    address = clean_email(email)
    if address is None:
        raise CommandError(f"“{email}” is no e-mail address")
    if reset_codes and role:
        raise CommandError("--reset-codes leaves the role as it is: give it without --role")
    with plainly():
        settings = Settings()
        from directory.web.http.container import build_container

        parts = build_container(settings, opened(settings))
        address_of_site = address_of(settings, site)
        if reset_codes:
            if not reset_factors(parts.context, address, "operator", address_of_site, settings.contact):
                raise CommandError(
                    f"{address} is neither moderator nor administrator; `safezones staff {address}` appoints"
                )
            click.echo(f"{address}: codes, passkeys and sessions are gone; the next sign-in sets up a new app")
            return
        role = role or Staff.MODERATOR.value
        try:
            appoint(parts.context, address, "" if role == "none" else role, "operator", address_of_site)
        except BarredAddressError as error:
            raise CommandError(f"{address} is barred; a moderator can remove that at /review/barred") from error
    click.echo(f"{address}: {role}")

"""Commands for people: reminders, invitations, moderators and administrators."""

from pathlib import Path

import click

from directory.accounts.second_factor import reset_factors
from directory.accounts.staff import appoint
from directory.cli.common import CommandError, errors, friendly_errors, progress_bar, with_site
from directory.cli.databases import on_database, open_current_database
from directory.confirmations.invitations import DepartmentInvitation, invitations, mail_invitation
from directory.confirmations.reminders import remind as send_reminders
from directory.db.tables.accounts import Staff
from directory.languages import TRANSLATIONS, languages_in
from directory.mail.message import unaddressed
from directory.mail_address import BarredAddressError
from directory.moderation.report_digests import queue_digests
from directory.settings import Settings
from directory.store.directory_reader import read_directory
from directory.store.runs.daily_runs import DailyCommand, note_run
from directory.verification.mail_domains import clean_email


@click.command()
@click.option("--site", default="", help="the site's address in the mails [SAFEZONES_BASE_URL]")
def remind(site: str) -> None:
    """Ask departments whose zones were confirmed 150 or 170 days ago: still correct? And mail what visitors reported.

    For cron or a systemd timer, once a day; a second run sends no second reminder.
    """
    with on_database() as (settings, engine):
        from directory.web.http.container import build_container

        settings = with_site(settings, site)
        context = build_container(settings, engine).context
        if settings.clock_ahead_days:
            errors.print(f"A rehearsal: the clock runs {settings.clock_ahead_days} days ahead. Use a copy of the data.")
        with progress_bar("reminders") as advance:
            digests = queue_digests(engine, settings.mail_from, settings.base_url)
            reminders = send_reminders(context, read_directory(engine).zones, advance)
        note_run(engine, DailyCommand.REMIND)
    click.echo(f"departments asked: {reminders.departments}, about zones: {reminders.zones}")
    click.echo(f"departments mailed what visitors reported: {digests}")
    if reminders.nobody:
        click.echo(f"zones due that nobody looks after, and that grow old by themselves: {reminders.nobody}")


@click.command()
@click.option("--state", default="", help="only this state or province, such as CT")
@click.option("--department", default="", help="only this department, such as ct/darien-police-department")
@click.option("--to", "recipient", default="", help="mail the one department's letter to this address")
@click.option("--language", default="en", show_default=True, type=click.Choice(languages_in(TRANSLATIONS)))
@click.option("--output", type=click.Path(path_type=Path, file_okay=False), help="folder for the letters")
@click.option("--site", default="", help="the site's address in the letters [SAFEZONES_BASE_URL]")
def invite(state: str, department: str, recipient: str, language: str, output: Path | None, site: str) -> None:
    """Prepare the letters that invite departments to claim their entries.

    For every department whose zones were never confirmed: a mail without recipient (.eml), and the same to print
    (.html, .txt). With --department and --to the mail is sent.
    """
    if recipient and (not department or clean_email(recipient) is None):
        raise CommandError("--to needs --department, and an address such as chief@example.org")
    if not recipient and output is None:
        raise CommandError("say where the letters go: --output FOLDER, or --department with --to ADDRESS")
    with on_database() as (settings, engine):
        zones = [
            zone for zone in read_directory(engine).zones
            if (not state or zone.state == state.upper()) and (not department or zone.department_slug == department)
        ]  # fmt: skip
        from directory.web.http.container import build_container

        context = build_container(with_site(settings, site), engine).context
        letters = invitations(context, zones, language)
        if not letters:
            raise CommandError("no department here is without a person and without a confirmation")
        if recipient:
            mail_invitation(context, letters[0], recipient)
            click.echo(f"the letter to {letters[0].name} waits in the outbox for {recipient}")
            return
        folder = output or Path()
        folder.mkdir(parents=True, exist_ok=True)
        for invitation in letters:
            write_invitation(folder, invitation, settings.mail_from)
        click.echo(f"{len(letters)} letters written to {folder}")


def write_invitation(folder: Path, invitation: DepartmentInvitation, sender: str) -> None:
    """Write one letter as a mail without recipient, as a page to print, and as text."""
    name = invitation.department.replace("/", "-")
    (folder / f"{name}.eml").write_bytes(unaddressed(invitation.message, sender).as_bytes())
    (folder / f"{name}.html").write_text(invitation.message.html(), encoding="utf-8")
    (folder / f"{name}.txt").write_text(invitation.message.text(), encoding="utf-8")


@click.command()
@click.argument("email")
@click.option("--role", type=click.Choice([*map(str, filter(None, Staff)), "none"]), help="[default: moderator]")
@click.option("--reset-codes", is_flag=True, help="remove the app and the passkeys of a member of staff")
@click.option("--site", default="", help="the site's address in the mail [SAFEZONES_BASE_URL]")
def staff(email: str, role: str | None, reset_codes: bool, site: str) -> None:
    """Appoint a moderator or an administrator; --role none dismisses.

    With --reset-codes a person who lost phone and keys sets up a new app at the next sign-in.
    """
    address = clean_email(email)
    if address is None:
        raise CommandError(f"“{email}” is no e-mail address")
    if reset_codes and role:
        raise CommandError("--reset-codes leaves the role as it is: give it without --role")
    with friendly_errors():
        settings = Settings()
        from directory.web.http.container import build_container

        context = build_container(with_site(settings, site), open_current_database(settings)).context
        if reset_codes:
            if not reset_factors(context, address, settings.contact):
                raise CommandError(
                    f"{address} is neither moderator nor administrator; `safezones staff {address}` appoints"
                )
            click.echo(f"{address}: codes, passkeys and sessions are gone; the next sign-in sets up a new app")
            return
        role = role or Staff.MODERATOR
        try:
            appoint(context, address, Staff("" if role == "none" else role), "operator")
        except BarredAddressError as error:
            raise CommandError(f"{address} is barred; a moderator can remove that at /review/barred") from error
    click.echo(f"{address}: {role}")

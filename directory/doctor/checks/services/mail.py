"""Mail: whether the server would take one, and whether what waits goes out."""

from directory.doctor.accounts import give_back, may_use, this_account
from directory.doctor.amounts import counted, span
from directory.doctor.diagnosis import Diagnoses, problem, warning, well
from directory.doctor.installation import Installation
from directory.mail.smtp import ConnectionStep, MailServerError, try_sending
from directory.settings import LOOPBACK, Settings
from directory.statistics.queue_lengths import read_waiting
from directory.store.runs.mail_status import HEARTBEAT_LATE_SECONDS, MAIL_LATE_SECONDS, read_mail_status

REMEDIES = {
    ConnectionStep.NAME: "correct SAFEZONES_SMTP_HOST, or this machine's name server",
    ConnectionStep.CONNECTION: "correct SAFEZONES_SMTP_HOST and SAFEZONES_SMTP_PORT, or let the firewall pass them",
    ConnectionStep.ENCRYPTION: "set SAFEZONES_SMTP_SECURITY to what the port speaks: starttls (587), tls (465) or none",
    ConnectionStep.CERTIFICATE: "name the host in SAFEZONES_SMTP_HOST as its certificate does, or renew it",
    ConnectionStep.LOGIN: "correct SAFEZONES_SMTP_USER and SAFEZONES_SMTP_PASSWORD",
    ConnectionStep.SENDER: "set SAFEZONES_MAIL_FROM to an address that this account may send from",
}


def check_mail_server(installation: Installation) -> Diagnoses:
    """Connect, encrypt, sign in and name the sender; nothing is sent."""
    settings = installation.settings
    if not settings.smtp_host:
        folder = settings.data_dir / "mail"
        if folder.exists() and not may_use(folder):
            yield problem(f"none is set, and {this_account()} may not write mails into {folder}", give_back(folder))
            return
        count = len(list(folder.glob("*.eml"))) if folder.exists() else 0
        yield warning(
            f"none is set: mails are written to {folder} ({counted(count, 'file')})",
            "set SAFEZONES_SMTP_HOST, SAFEZONES_SMTP_USER and SAFEZONES_SMTP_PASSWORD",
        )
        return
    name = f"{settings.smtp_host}:{settings.smtp_port} ({settings.smtp_security})"
    try:
        try_sending(settings)
    except MailServerError as trouble:
        yield problem(f"{name}: {trouble}", REMEDIES[trouble.step])
        return
    if risk := _risk(settings):
        yield warning(f"{name} {risk[0]}", risk[1])
        return
    account = f"lets {settings.smtp_user} in" if settings.smtp_user else "asks for no account"
    yield well(f"{name} {account} and takes mail from {settings.mail_from}")


def _risk(settings: Settings) -> tuple[str, str] | None:
    """What a working mail server leaves open, with its remedy."""
    if settings.smtp_security == "none" and settings.smtp_user and settings.smtp_host not in LOOPBACK:
        return "is sent the password unencrypted", "set SAFEZONES_SMTP_SECURITY to starttls or tls"
    if settings.mail_from.endswith("@localhost"):
        return f"answers, but mails come from {settings.mail_from}", "set SAFEZONES_MAIL_FROM to an address of yours"
    return None


def check_mail_queue(installation: Installation) -> Diagnoses:
    """Whether a mail worker runs, and how long mails wait."""
    engine, per_day = installation.engine, installation.settings.mails_per_day
    waiting, status = read_waiting(engine), read_mail_status(engine, per_day)
    queue = f"{counted(waiting.mails, 'mail')} waiting"
    if status.age_seconds is None:
        yield warning(f"{queue}; no mail worker has ever run", "start the site, or `safezones mail --watch` beside it")
    elif abs(status.age_seconds) > HEARTBEAT_LATE_SECONDS:
        silent = span(abs(status.age_seconds))
        yield warning(f"{queue}; the mail worker was last seen {silent} ago", "start the site; see its log if it runs")
    elif status.exhausted:
        yield warning(f"{queue}; {per_day} went out in 24 hours, the most that may", "raise SAFEZONES_MAILS_PER_DAY")
    elif waiting.oldest_mail_seconds > MAIL_LATE_SECONDS:
        yield warning(f"{queue}, the oldest for {span(waiting.oldest_mail_seconds)}", 'mend what "mail server" says')
    elif waiting.given_up:
        given_up = f"{counted(waiting.given_up, 'mail')} of the last week could not be delivered"
        yield warning(given_up, "see /review for the servers' answers; then `safezones mail --retry`")
    else:
        yield well(f"{queue}, the mail worker runs")

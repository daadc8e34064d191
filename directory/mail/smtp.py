"""Connections to the mail server of the settings, and a trial of one that sends nothing."""

import smtplib
import socket
import ssl
from enum import StrEnum

from directory.errors import UnavailableError
from directory.settings import Settings

TRIAL_SECONDS = 10


class ConnectionStep(StrEnum):
    """At which step a mail server could not be used; the value is the setting to look at first."""

    NAME = "SAFEZONES_SMTP_HOST"
    CONNECTION = "SAFEZONES_SMTP_PORT"
    ENCRYPTION = "SAFEZONES_SMTP_SECURITY"
    CERTIFICATE = "certificate"
    LOGIN = "SAFEZONES_SMTP_PASSWORD"
    SENDER = "SAFEZONES_MAIL_FROM"


class MailServerError(UnavailableError):
    """The mail server cannot be used. The message is the server's answer or the system's words; `step` says where."""

    def __init__(self, step: ConnectionStep, reason: str) -> None:
        super().__init__(reason)
        self.step = step


def connect(settings: Settings, seconds: float) -> smtplib.SMTP:
    """A connection on which mail may be sent: encrypted and signed in as the settings say.

    `seconds` bounds each answer. Raises smtplib.SMTPException or OSError.
    """
    context = ssl.create_default_context()
    server: smtplib.SMTP
    if settings.smtp_security == "tls":
        server = smtplib.SMTP_SSL(settings.smtp_host, settings.smtp_port, timeout=seconds, context=context)
    else:
        server = smtplib.SMTP(settings.smtp_host, settings.smtp_port, timeout=seconds)
    try:
        if settings.smtp_security == "starttls":
            server.starttls(context=context)
        if settings.smtp_user:
            server.login(settings.smtp_user, settings.smtp_password.get_secret_value())
    except BaseException:
        server.close()
        raise
    return server


def try_sending(settings: Settings) -> None:
    """Connect, encrypt, sign in and name the sender, as for a mail; nothing is sent. Raises MailServerError."""
    try:
        with connect(settings, TRIAL_SECONDS) as server:
            code, answer = server.mail(settings.mail_from)
            server.rset()
    except smtplib.SMTPAuthenticationError as error:
        raise MailServerError(ConnectionStep.LOGIN, _answer_text(error.smtp_code, error.smtp_error)) from error
    except smtplib.SMTPNotSupportedError as error:
        step = ConnectionStep.ENCRYPTION if "STARTTLS" in str(error) else ConnectionStep.LOGIN
        raise MailServerError(step, str(error)) from error
    except smtplib.SMTPResponseException as error:
        raise MailServerError(ConnectionStep.CONNECTION, _answer_text(error.smtp_code, error.smtp_error)) from error
    except smtplib.SMTPException as error:  # "No suitable authentication method found"
        step = ConnectionStep.CONNECTION if isinstance(error, smtplib.SMTPServerDisconnected) else ConnectionStep.LOGIN
        raise MailServerError(step, str(error)) from error
    except socket.gaierror as error:
        raise MailServerError(ConnectionStep.NAME, f"this name has no address ({error.strerror})") from error
    except UnicodeError as error:
        raise MailServerError(ConnectionStep.NAME, "this is no name of a host") from error
    except ssl.SSLCertVerificationError as error:
        raise MailServerError(ConnectionStep.CERTIFICATE, error.verify_message) from error
    except ssl.SSLError as error:
        raise MailServerError(ConnectionStep.ENCRYPTION, f"no TLS was spoken ({error.reason or error})") from error
    except OSError as error:
        raise MailServerError(
            ConnectionStep.CONNECTION, error.strerror or str(error) or type(error).__name__
        ) from error
    if code != 250:
        raise MailServerError(ConnectionStep.SENDER, _answer_text(code, answer))


def _answer_text(code: int, answer: bytes | str) -> str:
    return f"{code} {answer.decode('utf-8', 'replace') if isinstance(answer, bytes) else answer}"

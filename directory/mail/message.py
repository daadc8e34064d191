"""A message: plain text and simple HTML from one source, with headers that nobody can break into."""

import html
import re
from dataclasses import dataclass
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, make_msgid

from directory.clock import now
from directory.mail.quoting import OwnText, Prose, Quoted

_HTML = (
    '<!doctype html><html lang="{language}"><head><meta charset="utf-8"><title>{title}</title></head>'
    '<body style="margin:0;padding:24px;font:16px/1.5 sans-serif;color:#17222a;background:#ffffff">'
    '<div style="max-width:600px">{body}</div></body></html>\n'
)
_QUOTE = '<blockquote style="margin:0 0 16px;padding-left:12px;border-left:4px solid #dcd7ca">{text}</blockquote>'
_BUTTON = (
    '<p><a href="{address}" style="display:inline-block;padding:12px 20px;background:#0b5c63;color:#ffffff;'
    'font-weight:bold;text-decoration:none;border-radius:6px">{words}</a><br>'
    '<span style="font-size:14px;color:#4b575e">{address}</span></p>'
)


@dataclass(frozen=True, slots=True)
class Button:
    """A link of its own: what it does, and where it leads."""

    label: OwnText | Quoted
    address: str


@dataclass(frozen=True, slots=True)
class Quote:
    """What a member of staff wrote, as it was written."""

    text: str


@dataclass(frozen=True, slots=True)
class Message:
    """A subject, and paragraphs, quotes and buttons in order."""

    subject: OwnText
    parts: tuple[Prose | Button | Quote, ...]
    language: str = "en"
    colon: str = ":"
    """What stands between a button's words and its address, in the language's typography."""

    def text(self) -> str:
        """The message as plain text."""
        return "\n\n".join(_plain(part, self.colon) for part in self.parts) + "\n"

    def html(self) -> str:
        """The message as HTML without pictures, scripts or anything that reports back."""
        body = "\n".join(_marked_up(part) for part in self.parts)
        return _HTML.format(language=self.language, title=html.escape(one_line(self.subject)), body=body)


def _plain(part: Prose | Button | Quote, colon: str) -> str:
    if isinstance(part, Button):
        return f"{part.label}{colon}\n{part.address}"
    if isinstance(part, Quote):
        return "\n".join(f"> {line}" for line in part.text.splitlines() or [""])
    return part


def _marked_up(part: Prose | Button | Quote) -> str:
    if isinstance(part, Button):
        return _BUTTON.format(address=html.escape(part.address), words=html.escape(part.label))
    if isinstance(part, Quote):
        escaped = html.escape(part.text).replace("\n", "<br>")
        return _QUOTE.format(text=escaped)
    return f"<p>{html.escape(part).replace(chr(10), '<br>')}</p>"


def one_line(text: str) -> str:
    """Text that cannot start a new header: control characters and line ends become spaces."""
    return " ".join(re.sub(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]", " ", text).split())[:200]


def to_email(message: Message, sender: str, recipient: str) -> EmailMessage:
    """The message as an e-mail ready to send. Raises ValueError for an address that is none."""
    mail = _written(message, sender)
    mail["To"] = Address(addr_spec=recipient)
    return mail


def unaddressed(message: Message, sender: str) -> EmailMessage:
    """The message as a draft that a mail program opens for somebody to fill in the address."""
    mail = _written(message, sender)
    mail["X-Unsent"] = "1"
    return mail


def _written(message: Message, sender: str) -> EmailMessage:
    mail = EmailMessage(policy=SMTP)
    mail["From"] = Address("Safe Zone Directory", addr_spec=sender)
    mail["Subject"] = one_line(message.subject)
    mail["Date"] = format_datetime(now())
    mail["Message-ID"] = make_msgid(domain=sender.rpartition("@")[2])
    mail["Auto-Submitted"] = "auto-generated"
    mail.set_content(message.text(), cte="quoted-printable")
    mail.add_alternative(message.html(), subtype="html", cte="quoted-printable")
    mail["Content-Language"] = message.language
    return mail

"""Fetching a zone list over HTTPS from a public address."""

from urllib.parse import urlsplit

from directory.submissions.uploads.spreadsheet import MOST_BYTES
from directory.text import translatable
from directory.verification.domain_probe import SafeFetcher
from directory.zones.findings import FieldError
from directory.zones.parsing.parsers import url as web_address


class ListFetcher(SafeFetcher):
    """HTTPS to public addresses only; redirects only within the host; two megabytes, twenty seconds."""

    seconds = 20.0
    most_bytes = MOST_BYTES
    accept = "application/geo+json, application/json"

    def fetch_list(self, url: str) -> bytes:
        """What stands at an address that `list_address` returned. Raises ProbeFailedError."""
        parts = urlsplit(url)
        return self.fetch_path(parts.hostname or "", (parts.path or "/") + (f"?{parts.query}" if parts.query else ""))


def list_address(text: str) -> str:
    """The address of a list: https, the usual port, no password in it. Raises FieldError."""
    address = str(web_address(text).value)
    parts = urlsplit(address)
    if parts.scheme != "https":
        raise FieldError(translatable("is no https address"), translatable("Begin with https://."))
    if parts.username is not None or parts.password is not None:
        raise FieldError(translatable("has a password in it"), translatable("Offer the list without one."))
    if _port(address) not in (None, SafeFetcher.port):
        raise FieldError(translatable("names a port"), translatable("Offer the list at the usual port of https."))
    if not address.isascii():
        raise FieldError(
            translatable("has letters that addresses encode"), translatable("Copy it from the browser’s address line.")
        )
    return address.partition("#")[0]


def _port(address: str) -> int | None:
    try:
        return urlsplit(address).port
    except ValueError:
        return 0

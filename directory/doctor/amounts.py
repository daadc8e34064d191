"""Amounts in words, for an operator."""

from directory.settings import MEGABYTE

_SPANS = (("day", 86_400), ("hour", 3_600), ("minute", 60))


def span(seconds: float) -> str:
    """A length of time in its largest unit, rounded down: "3 days", "1 hour", "40 seconds"."""
    name, length = next(((name, length) for name, length in _SPANS if seconds >= length), ("second", 1))
    return counted(int(seconds // length), name)


def counted(count: int, what: str) -> str:
    """A number of things: "1 mail", "3 mails"."""
    return f"{count:,} {what}" if count == 1 else f"{count:,} {what}s"


def size(count: int) -> str:
    """Bytes as "420 MB" or "3.1 GB"."""
    return f"{count / MEGABYTE / 1000:,.1f} GB" if count >= 1000 * MEGABYTE else f"{count // MEGABYTE} MB"

"""Flask-Babel's functions with their types: every text a reader sees goes through one of them."""

from datetime import date, datetime, time, timedelta

import flask_babel
from babel.dates import format_skeleton
from flask_babel import lazy_gettext

from directory.text import TranslatableText

__all__ = [
    "_",
    "date_words",
    "datetime_words",
    "lazy_gettext",
    "ngettext",
    "number",
    "skeleton_words",
    "time_words",
    "translate",
    "weekday_name",
]
_A_MONDAY = date(2024, 1, 8)


def _(message: str, **values: object) -> str:
    """Translate `message` and fill in `values`."""
    return str(flask_babel.gettext(message, **values))


def translate(sentence: str) -> str:
    """A sentence of the rules in the reader's language."""
    return _(sentence.template, **sentence.values) if isinstance(sentence, TranslatableText) else sentence


def ngettext(one: str, many: str, num: int, **values: object) -> str:
    """Translate by number; `num` is filled in as well."""
    return str(flask_babel.ngettext(one, many, num, **values))


def number(value: float, pattern: str | None = None) -> str:
    """A number in the reader's habit."""
    return str(flask_babel.format_decimal(value, format=pattern))


def date_words(value: date, pattern: str) -> str:
    """A date in the reader's habit; `pattern` as in Babel."""
    return str(flask_babel.format_date(value, pattern))


def weekday_name(number: int) -> str:
    """A day of the week in the reader's words; Monday is 0."""
    return date_words(_A_MONDAY + timedelta(days=number), "EEEE")


def skeleton_words(value: date, skeleton: str) -> str:
    """A date with these parts ("MMMEd"), in the order and with the signs of the reader's habit."""
    return format_skeleton(skeleton, value, locale=flask_babel.get_locale() or "en_US")


def time_words(value: time) -> str:
    """A time of day in the reader's habit."""
    return str(flask_babel.format_time(value, "short"))


def datetime_words(value: datetime, pattern: str) -> str:
    """A date and time by a Babel pattern, in its own time zone."""
    return str(flask_babel.format_datetime(value, pattern, rebase=False))

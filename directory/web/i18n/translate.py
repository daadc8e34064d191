"""Flask-Babel's functions with their types: every text a reader sees goes through one of them."""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from typing import NamedTuple, TypeVar

import flask_babel
from babel import Locale
from babel.dates import format_date, format_skeleton, format_time
from babel.lists import format_list
from babel.numbers import format_decimal, format_percent
from babel.support import NullTranslations
from flask_babel import lazy_gettext
from markupsafe import Markup

from directory.french_grammar import fitted
from directory.languages import SOURCE_LANGUAGE
from directory.text import TranslatableText
from directory.web.request_context import current_globals

__all__ = [
    "_",
    "colon",
    "current_locale",
    "date_words",
    "datetime_words",
    "force_locale",
    "in_quotes",
    "lazy_gettext",
    "list_words",
    "markup_gettext",
    "markup_ngettext",
    "ngettext",
    "number",
    "percent",
    "skeleton_words",
    "time_words",
    "translate",
    "translated",
    "weekday_name",
]
_A_MONDAY = date(2024, 1, 8)
_Key = TypeVar("_Key")


class _Language(NamedTuple):
    locale: Locale | None
    catalog: NullTranslations

    def fitted(self, text: str, values: Mapping[str, object]) -> tuple[str, Mapping[str, object]]:
        """A translated template and its values, in the spelling that they need."""
        return fitted(self.locale.language if self.locale else SOURCE_LANGUAGE, text, values)


_NO_LANGUAGE = _Language(None, NullTranslations())


def _language() -> _Language:
    """The reader's language, looked up once a request: Flask-Babel does it for each of a page's 170 messages."""
    try:
        request_globals = current_globals()
    except RuntimeError:  # outside a request
        return _NO_LANGUAGE
    language: _Language | None = getattr(request_globals, "language", None)
    if language is None:
        language = request_globals.language = _Language(flask_babel.get_locale(), flask_babel.get_translations())
    return language


@contextmanager
def force_locale(code: str) -> Iterator[None]:
    """Answer in this locale ("es_US") meanwhile."""
    request_globals = current_globals()
    before = request_globals.pop("language", None)
    try:
        with flask_babel.force_locale(code):
            yield
    finally:
        request_globals.language = before


def current_locale() -> Locale | None:
    """The locale of the request at hand; None outside one."""
    return _language().locale


def _(message: str, **values: object) -> str:
    """Translate `message` and fill in `values`."""
    language = _language()
    text = _translation(language.catalog, message)
    if not values:
        return text
    template, fitting = language.fitted(text, values)
    return template % fitting


@lru_cache(maxsize=8192)
def _translation(catalog: NullTranslations, message: str) -> str:
    """Kept, since a catalogue looks twice for what it does not have: in English, every message."""
    return str(catalog.ugettext(message))


def markup_gettext(message: str, **values: object) -> Markup:
    """The same for a template: the message is HTML as it stands, the values are escaped."""
    language = _language()
    text = _translation(language.catalog, message)
    if not values and "%" not in text:
        return Markup(text)  # noqa: S704  (messages are ours)
    template, fitting = language.fitted(text, values)
    return Markup(template) % fitting  # noqa: S704  (messages are ours)


def markup_ngettext(one: str, many: str, num: int, **values: object) -> Markup:
    """The same by number."""
    language = _language()
    template, fitting = language.fitted(str(language.catalog.ungettext(one, many, num)), {"num": num, **values})
    return Markup(template) % fitting  # noqa: S704  (messages are ours)


def translate(sentence: str) -> str:
    """A sentence of the rules in the reader's language, with those that stand in it."""
    if not isinstance(sentence, TranslatableText):
        return sentence
    values = {name: translate(value) if isinstance(value, str) else value for name, value in sentence.values.items()}
    return _(sentence.template, **values)


def translated(texts: Mapping[_Key, str]) -> Callable[[_Key], str]:
    """A function that says a value in the reader's language, by a table of translatable texts. It raises KeyError."""
    return lambda value: translate(texts[value])


def ngettext(one: str, many: str, num: int, **values: object) -> str:
    """Translate by number; `num` is filled in as well."""
    language = _language()
    template, fitting = language.fitted(str(language.catalog.ungettext(one, many, num)), {"num": num, **values})
    return template % fitting


def in_quotes(text: str) -> str:
    """Somebody's words in the quotation marks of the reader's language."""
    return _("“%(words)s”", words=text)


def colon() -> str:
    """What stands between a label and what it says: ": ", which in French has a no-break space before it."""
    return _("%(label)s: ", label="")


def number(value: float, pattern: str | None = None) -> str:
    """A number in the reader's habit."""
    return _number(value, pattern, _language().locale)


@lru_cache(maxsize=4096, typed=True)
def _number(value: float, pattern: str | None, locale: Locale | None) -> str:
    """Kept, since the distances on all pages are few different numbers."""
    return str(format_decimal(value, format=pattern, locale=locale or "en_US"))


def percent(share: float) -> str:
    """A share as a whole percentage: "50%", "50 %"."""
    return str(format_percent(share, locale=_language().locale or "en_US"))


def date_words(value: date, pattern: str) -> str:
    """A date in the reader's habit; `pattern` as in Babel."""
    return _date_words(value, pattern, _language().locale)


@lru_cache(maxsize=4096)
def _date_words(value: date, pattern: str, locale: Locale | None) -> str:
    """Kept, since the dates on all pages are few different ones."""
    return _with_ordinal(format_date(value, pattern, locale=locale or "en_US"), locale)


def list_words(items: Sequence[str]) -> str:
    """Several things in a sentence: "A, B, and C"."""
    return str(format_list(items, locale=current_locale() or "en_US"))


def weekday_name(number: int) -> str:
    """A day of the week in the reader's words; Monday is 0."""
    return date_words(_A_MONDAY + timedelta(days=number), "EEEE")


def skeleton_words(value: date, skeleton: str) -> str:
    """A date with these parts ("MMMEd"), in the order and with the signs of the reader's habit."""
    return _skeleton_words(value, skeleton, _language().locale)


@lru_cache(maxsize=4096)
def _skeleton_words(value: date, skeleton: str, locale: Locale | None) -> str:
    return _with_ordinal(format_skeleton(skeleton, value, locale=locale or "en_US"), locale)


def _with_ordinal(text: str, locale: Locale | None) -> str:
    """A date as French says the first of a month: "1er décembre". Unicode's patterns have no sign for it."""
    return re.sub(r"(?<!\d)1 (?=[^\W\d])", "1er ", text) if locale and locale.language == "fr" else text


def time_words(value: time) -> str:
    """A time of day in the reader's habit: "7:30 PM", "19 h 30". In French whole hours lose their zeros."""
    return _time_words(value, _language().locale)


@lru_cache(maxsize=4096)
def _time_words(value: time, locale: Locale | None) -> str:
    text = format_time(value, "short", locale=locale or "en_US")
    if locale is None or locale.language != "fr":
        return text
    return text.removesuffix(" 00").removeprefix("0").replace(" ", "\xa0")


def datetime_words(value: datetime, pattern: str) -> str:
    """A date and time by a Babel pattern, in its own time zone."""
    return str(flask_babel.format_datetime(value, pattern, rebase=False))

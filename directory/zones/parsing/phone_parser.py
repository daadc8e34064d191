"""How telephone numbers are read."""

import re
from collections.abc import Iterator
from contextlib import suppress

import phonenumbers

from directory.text import translatable
from directory.zones.findings import FieldError
from directory.zones.parsed import Parsed

_FAX = re.compile(r"\b(?:fax|fx|facsimile|t[eé]l[eé]c\w*|tty|tdd)\b|\bf ?[:.]", re.I)
_BETWEEN_NUMBERS = re.compile(
    r"[,;/|\n]|\b(?:or|and|ou|et)\b|(?<=\d) +(?=(?:fax|fx|f|tel|phone|ph|p|t|voice|office)\b ?[:.])", re.I
)
_POSTE = re.compile(r"\bposte\b", re.I)
"""An extension, in French."""
_NORTH_AMERICAN = re.compile(r"([2-9]\d{2})([2-9]\d{2})(\d{4})")


def phone(value: str) -> Parsed:
    """A North American telephone number as 203-594-3500, with its extension; the first of several, but no fax."""
    canonical = next(filter(None, map(_canonical_phone, _numbers_in(_POSTE.sub("ext.", value)))), "")
    if not canonical:
        raise FieldError(
            translatable("not a North American telephone number"), translatable("Use ten digits, such as 203-594-3500.")
        )
    return Parsed(canonical, "" if canonical == value else canonical)


def _numbers_in(value: str) -> Iterator[phonenumbers.PhoneNumber]:
    """The text as one number; then those that stand among other words, but for those of fax machines and teletypes."""
    if not _FAX.search(value):
        with suppress(phonenumbers.NumberParseException):
            yield phonenumbers.parse(value, "US")
    for part in _BETWEEN_NUMBERS.split(value):
        if not _FAX.search(part):
            for match in phonenumbers.PhoneNumberMatcher(part, "US", leniency=phonenumbers.Leniency.POSSIBLE):
                yield match.number


def _canonical_phone(number: phonenumbers.PhoneNumber) -> str:
    # Whether an area code is in use is not asked: new ones come faster than releases of a library.
    digits = str(number.national_number)
    is_filler = len(set(digits)) == 1
    match = _NORTH_AMERICAN.fullmatch(digits) if number.country_code == 1 and not is_filler else None
    extension = f" ext. {number.extension}" if number.extension else ""
    return "-".join(match.groups()) + extension if match else ""

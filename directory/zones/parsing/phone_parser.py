"""How telephone numbers are read."""

import re
from collections.abc import Iterator
from contextlib import suppress
from itertools import pairwise
from typing import NamedTuple

import phonenumbers

from directory.text import plain, translatable
from directory.zones.findings import FieldError
from directory.zones.parsed import Parsed

_FAX = re.compile(r"(?<![^\W_])(?:fax|fx|facs?|facsimile|t[eé]l[eé]c(?!om)\w*|tty|tdd)(?![^\W\d_])", re.I)
_DEAD = re.compile(
    r"\b(?:disconnected|discontinued|deactivated|dead|no longer|out of (?:service|order)|not (?:in service|working)|"
    r"do not (?:use|call)|hors service|fuera de servicio)\b",
    re.I,
)
_EARLIER = re.compile(r"(?:.* )?(?:formerly|previously|was|anciennement|antes)")
_OLD = re.compile(
    r"(?:the |our )?(?:old|former|previous|ancien|antiguo)(?: (?:phone|telephone|tel|number|no|line|numero))*"
)
"""Both in plain words; "Old" also begins the names of towns."""
_MAY_BE_NONE = re.compile(
    rf"{_FAX.pattern}|{_DEAD.pattern}|\b(?:f|old|former(?:ly)?|previous(?:ly)?|was|ancien(?:nement)?|antiguo|antes)\b",
    re.I,
)
"""A quick look: no number is left out without one of these."""
_BETWEEN_NUMBERS = re.compile(r"[,;/|\n]|\b(?:or|and|ou|et)\b", re.I)
_MARK_BEHIND = re.compile(r"\s*[(\[][^)\]]*[)\]]\s*")
_MARK_BEFORE = re.compile(r".*[:.]\s*|[^()\[\]]*[(\[][^)\]]*")
_POSTE = re.compile(r"\bposte\b", re.I)
"""An extension, in French."""
_NORTH_AMERICAN = re.compile(r"([2-9]\d{2})([2-9]\d{2})(\d{4})")


class _Found(NamedTuple):
    """A number within a text, and where it begins and ends there."""

    number: phonenumbers.PhoneNumber
    start: int
    end: int


def phone(value: str) -> Parsed:
    """A North American telephone number as 203-594-3500, with its extension; the first of several that is in use.

    None is one of a fax machine or a teletype, or one that was given up.
    """
    canonical = next(filter(None, map(_canonical_phone, _numbers_in(_POSTE.sub("ext.", value)))), "")
    if not canonical:
        raise FieldError(
            translatable("not a North American telephone number"), translatable("Use ten digits, such as 203-594-3500.")
        )
    return Parsed(canonical, "" if canonical == value else canonical)


def _numbers_in(value: str) -> Iterator[phonenumbers.PhoneNumber]:
    """The text as one number; then those that stand among other words, but for those that these words rule out."""
    may_be_none = _MAY_BE_NONE.search(value) is not None
    if not may_be_none:
        with suppress(phonenumbers.NumberParseException):
            yield phonenumbers.parse(value, "US")
    found = list(_found_in(value))
    befores, behinds = _labels(value, found)
    for one, before, behind in zip(found, befores, behinds, strict=True):
        if not may_be_none or not (_rules_out(before, behind=False) or _rules_out(behind, behind=True)):
            yield one.number


def _found_in(value: str) -> Iterator[_Found]:
    """The numbers of a text, in its order."""
    start = 0
    for end in (*(match.start() for match in _BETWEEN_NUMBERS.finditer(value)), len(value)):
        part = value[start:end]
        for match in phonenumbers.PhoneNumberMatcher(part, "US", leniency=phonenumbers.Leniency.POSSIBLE):
            yield _Found(match.number, start + match.start, start + match.end)
        start = end


def _labels(value: str, found: list[_Found]) -> tuple[list[str], list[str]]:
    """What is said before, and what behind, each number of a text."""
    if not found:
        return [], []
    befores, behinds = [_BETWEEN_NUMBERS.split(value[: found[0].start])[-1]], []
    for one, after in pairwise(found):
        behind, before = _divided(value[one.end : after.start], all_before=plain(befores[0]) != "")
        behinds.append(behind)
        befores.append(before)
    return befores, [*behinds, value[found[-1].end :]]


def _divided(between: str, *, all_before: bool) -> tuple[str, str]:
    """The words between two numbers: which are of the first, and which of the second.

    Where the very first number has its words before it, all numbers have: "(f) 1 (o) 2". Else a mark in brackets is of
    the first: "1 (f) 2 (o)". Bare words may be of either.
    """
    parts = _BETWEEN_NUMBERS.split(between)
    if len(parts) > 1:
        return parts[0], parts[-1]
    if all_before or _MARK_BEFORE.fullmatch(between):
        return "", between
    mark = _MARK_BEHIND.match(between)
    return (mark[0], between[mark.end() :]) if mark else (between, between)


def _rules_out(label: str, *, behind: bool) -> bool:
    """Whether what is said before or behind a number says that nobody answers there."""
    words = plain(label)
    is_f = words == "f" if behind else words.split()[-1:] == ["f"]
    is_earlier = not behind and _EARLIER.fullmatch(words)
    return bool(is_f or is_earlier or _OLD.fullmatch(words) or _FAX.search(label) or _DEAD.search(label))


def _canonical_phone(number: phonenumbers.PhoneNumber) -> str:
    # Whether an area code is in use is not asked: new ones come faster than releases of a library.
    digits = str(number.national_number)
    is_filler = len(set(digits)) == 1
    match = _NORTH_AMERICAN.fullmatch(digits) if number.country_code == 1 and not is_filler else None
    extension = f" ext. {number.extension}" if number.extension else ""
    return "-".join(match.groups()) + extension if match else ""

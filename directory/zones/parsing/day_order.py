"""Whether 1/5/2024 is January 5 or May 1: other dates of the file tell; else Americans say the month first.

Canadians write both, so that theirs are asked about.
"""

import re
from collections.abc import Iterable, Mapping
from datetime import date
from enum import StrEnum
from typing import Any

from directory.regions import REGIONS, read_country, read_region
from directory.text import translatable
from directory.zones.fields import Kind
from directory.zones.findings import Finding, Severity
from directory.zones.parsing.date_parser import full_year
from directory.zones.schemas import FIELDS

DATES = tuple(
    name for name, field in FIELDS.items() if field.kind in (Kind.PARTIAL_DATE, Kind.PAST_DATE, Kind.CLOSURES)
)
_NUMBERS = re.compile(r"(?<![\w.])(\d\d?)([/.-])(\d\d?)\2(\d{4}|(?<=/)\d\d)(?!\d)")


class DayOrder(StrEnum):
    """What stands first in dates of numbers alone."""

    MONTH = "month"
    DAY = "day"
    MIXED = "mixed"
    """Both in one file."""


def is_doubtful(values: Mapping[str, Any]) -> bool:
    """Whether a row has a date with two readings."""
    return any(_has_two_readings(text) for name in DATES if (text := _text(values, name)))


def file_order(rows: Iterable[Mapping[str, Any]]) -> DayOrder | None:
    """The order in which the dates of a file are written, by those of its rows that can be read in one way only."""
    orders: set[DayOrder] = set()
    for values in rows:
        for name in DATES:
            for match in _NUMBERS.finditer(_text(values, name)):
                first, second = int(match[1]), int(match[3])
                if first > 12 >= second:
                    # "25/12/23" may begin with the year: what is written so is asked about.
                    orders.update((DayOrder.DAY, DayOrder.MONTH) if len(match[4]) < 4 else (DayOrder.DAY,))
                elif second > 12 >= first:
                    orders.add(DayOrder.MONTH)
    return DayOrder.MIXED if len(orders) > 1 else orders.pop() if orders else None


def dates_read(
    row: int, texts: Mapping[str, str], order: DayOrder | None, *, can_ask: bool
) -> tuple[dict[str, str], list[Finding]]:
    """The dates of a row that have two readings, as they are meant, and what is found about them.

    `order` is the one that other dates of the file tell. A date that only its author can read is an empty text: an
    error for `can_ask`, else a warning.
    """
    read, findings = {}, []
    for name in DATES:
        text = _text(texts, name)
        if not text or not _has_two_readings(text):
            continue
        date_order = order or (DayOrder.MONTH if _is_american(texts) else DayOrder.MIXED)
        read[name] = "" if date_order is DayOrder.MIXED else _in_order(text, date_order)
        findings.append(
            Finding(f"{name}_in_order", Severity.NOTE, row, name, text, *_why(read[name], date_order, order))
            if read[name]
            else _question(row, name, text, can_ask=can_ask)
        )
    return read, findings


def _question(row: int, name: str, text: str, *, can_ask: bool) -> Finding:
    choices = tuple(_in_order(text, order) for order in (DayOrder.DAY, DayOrder.MONTH))
    fix = translatable("Write the one that is meant: %(choices)s.", choices=" / ".join(choices))
    if not can_ask:
        fix = translatable("It was left out, and the rest of the row taken. %(fix)s", fix=fix)
    reason = translatable("may say the day or the month first")
    severity = Severity.ERROR if can_ask else Severity.WARNING
    return Finding(f"{name}_is_clear", severity, row, name, text, reason, fix, choices)


def _why(read: str, date_order: DayOrder, known_order: DayOrder | None) -> tuple[str, str]:
    fix = translatable("Nothing to do if that is right; else write it as year-month-day.")
    if known_order is None:
        return translatable("read as “%(converted)s”: the month first, as in the United States", converted=read), fix
    if date_order is DayOrder.DAY:
        return translatable("read as “%(converted)s”: the day first, as in the file’s other dates", converted=read), fix
    return translatable("read as “%(converted)s”: the month first, as in the file’s other dates", converted=read), fix


def _text(values: Mapping[str, Any], name: str) -> str:
    text = values.get(name)
    return text if isinstance(text, str) else ""


def _has_two_readings(text: str) -> bool:
    return any(match[1] != match[3] and max(int(match[1]), int(match[3])) <= 12 for match in _NUMBERS.finditer(text))


def _is_american(texts: Mapping[str, str]) -> bool:
    region = REGIONS.get(read_region(texts.get("state", "")))
    country = read_country(texts.get("country", ""))
    return region.country == "US" if region else country is None or country.code == "US"


def _in_order(text: str, order: DayOrder) -> str:
    def iso(match: re.Match[str]) -> str:
        numbers = (int(match[1]), int(match[3]))
        month, day = numbers if order is DayOrder.MONTH else numbers[::-1]
        try:
            return date(full_year(match[4]), month, day).isoformat()
        except ValueError:
            return match[0]

    return _NUMBERS.sub(iso, text)

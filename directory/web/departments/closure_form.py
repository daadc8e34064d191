"""The form of one closure: from a choice, dates and days of the week to a closure, and back."""

from collections.abc import Mapping, Sequence
from datetime import date

from directory.text import translatable
from directory.zones.closures import MONTHS, Closure, closure, parse_repeat, read_closures, to_text
from directory.zones.findings import FieldError
from directory.zones.hours.lexicon import WEEKDAYS
from directory.zones.parsers import iso_date

KINDS = ("days", "open", "weekly", "monthly", "yearly", "words")
"""One day or several in a row; from a day on; every week; every month; every year; as text."""
NEW = "closure_"
WHICH = ("1", "2", "3", "4", "-1")


def from_form(form: Mapping[str, str], prefix: str = NEW) -> Closure | None:
    """The closure that was filled in; None where no kind was chosen. Raises FieldError."""
    kind = form.get(f"{prefix}kind", "")
    if kind not in KINDS:
        return None
    first, last = _day(form, f"{prefix}first"), _day(form, f"{prefix}last")
    note = form.get(f"{prefix}note", "")
    if kind == "words":
        given = read_closures(form.get(f"{prefix}words", ""), iso_date)
        if len(given) != 1:
            raise FieldError(
                translatable("is not one closure"), translatable("Write one, such as “Nov Th[4]: Thanksgiving”.")
            )
        begins, ends, repeat = (given[0].get(name, "") for name in ("from", "until", "repeat"))
        return closure(begins, ends, repeat, given[0].get("note", note))
    if kind in ("days", "open", "yearly") and not first:
        raise FieldError(translatable("has no first day"), translatable("Give the day on which it begins."))
    if kind == "days":
        return closure(first, last or first, "", note)
    if kind == "open":
        return closure(first, "", "", note)
    if kind == "yearly":
        return closure("", "", _yearly(first, last or first), note)
    days = [day for day in WEEKDAYS if form.get(f"{prefix}{day}")]
    if not days or (kind == "monthly" and len(days) > 1):
        fix = (
            translatable("Choose one day of the week.")
            if kind == "monthly"
            else translatable("Choose the days of the week.")
        )
        raise FieldError(
            translatable("has no day of the week") if not days else translatable("has several days of the week"), fix
        )
    which = form.get(f"{prefix}which", "1")
    repeat = f"{days[0]}[{which if which in WHICH else '1'}]" if kind == "monthly" else ",".join(days)
    return closure(first, last, repeat, note)


def _day(form: Mapping[str, str], name: str) -> str:
    """A whole day in ISO form, or nothing."""
    text = form.get(name, "").strip()
    day = iso_date(text) if text else ""
    if day and len(day) != 10:
        raise FieldError(
            translatable("not a whole date"), translatable("Give year, month and day, such as 2027-03-03.")
        )
    return day


def _yearly(first: str, last: str) -> str:
    begins, ends = date.fromisoformat(first), date.fromisoformat(last)
    if ends < begins or (ends - begins).days > 364:
        raise FieldError(
            translatable("ends before it begins, or lasts over a year"), translatable("Correct the two dates.")
        )
    begins_on, ends_on = (f"{MONTHS[day.month - 1]} {day.day:02d}" for day in (begins, ends))
    return begins_on if begins == ends else f"{begins_on}-{ends_on}"


def to_form(one: Mapping[str, str], today: date, prefix: str = NEW) -> dict[str, str]:
    """A closure as the form shows it; one that it cannot show without loss as text."""
    for shown in _shown(one, today):
        fields = {f"{prefix}{name}": text for name, text in {**shown, "note": one.get("note", "")}.items()}
        try:
            if from_form(fields, prefix) == one:
                return fields
        except FieldError:
            continue
    return {f"{prefix}kind": "words", f"{prefix}words": to_text(one)}


def _shown(one: Mapping[str, str], today: date) -> list[dict[str, str]]:
    dates = {"first": one.get("from", ""), "last": one.get("until", "")}
    if "repeat" not in one:
        return [{"kind": "days" if dates["last"] else "open", **dates}]
    repeat = parse_repeat(one["repeat"])
    days = {WEEKDAYS[number]: "1" for number in repeat.weekdays}
    if repeat.nth:
        return [{"kind": "monthly", "which": str(repeat.nth), **days, **dates}]
    if repeat.weekdays:
        return [{"kind": "weekly", **days, **dates}]
    years = today.year, today.year + (repeat.last < repeat.first)
    first, last = (f"{year}-{month:02d}-{day:02d}" for year, (month, day) in zip(
        years, (repeat.first, repeat.last), strict=True))  # fmt: skip
    return [{"kind": "yearly", "first": first, "last": "" if first == last else last}]


def merged(form: Mapping[str, str], before: Sequence[Mapping[str, str]]) -> list[Mapping[str, str]]:
    """The closures of a zone's form: those before without the ones to remove, and the one that was added.

    Raises FieldError.
    """
    kept = [one for number, one in enumerate(before) if not form.get(f"remove_closure_{number}")]
    added = from_form(form)
    return [*kept, added] if added is not None and added not in kept else kept

"""The form of one closure: from a choice, dates and days of the week to a closure, and back."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from wtforms import BooleanField, Form, RadioField, SelectChoice, SelectField
from wtforms.validators import Optional

from directory.text import translatable
from directory.web.http.forms import FormError, TextField
from directory.web.i18n.translate import _
from directory.web.i18n.translate import lazy_gettext as _l
from directory.zones.closures import MONTHS, Closure, closure, parse_repeat, read_closures, to_text
from directory.zones.findings import FieldError
from directory.zones.hours.lexicon import WEEKDAYS
from directory.zones.parsing.parsers import iso_date

KINDS = {
    "days": _l("Once: on one day, or on several in a row"), "open": _l("From a day on, until further notice"),
    "weekly": _l("Every week"), "monthly": _l("Every month"), "yearly": _l("Every year on the same dates"),
    "words": _l("Something else"),
}  # fmt: skip
WHICH = {"1": _l("first"), "2": _l("second"), "3": _l("third"), "4": _l("fourth"), "-1": _l("last")}
NEW = "closure_"


class ClosureForm(Form):  # type: ignore[misc]
    """One closure; it stands inside another form, whose token covers it, and its names begin with a prefix."""

    kind = RadioField(_l("How often is it closed?"), choices=[SelectChoice(*kind) for kind in KINDS.items()])
    first = TextField(_l("First day"), render_kw={"type": "date", "class": "narrow"})
    last = TextField(_l("Last day"), [Optional()], render_kw={"type": "date", "class": "narrow"})
    which = SelectField(
        _l("Which one of the month, for “every month”"),
        choices=[SelectChoice(*which) for which in WHICH.items()],
        default="1",
    )
    words = TextField(
        _l("In short, for “something else”"),
        description=_l(
            "Days in the notation of OpenStreetMap, such as “Nov Th[4]: Thanksgiving” or “2026-12: rebuilt”."
        ),
    )  # fmt: skip
    note = TextField(_l("Reason, for readers"), [Optional()], longest=200)

    @property
    def problems(self) -> list[tuple[str, str, FormError]]:
        """What `refuse` noted, as other forms give it."""
        return [(self.kind.id, _("The closure"), error) for error in self.kind.errors]

    def refuse(self, error: FieldError) -> None:
        """Note what is wrong with the closure."""
        self.kind.errors = [FormError.of(self.kind.name, error)]

    def closure(self) -> Closure | None:
        """The closure that was filled in; None where no kind was chosen. Raises FieldError."""
        kind, note = self.kind.data, self.note.data
        if kind not in KINDS:
            return None
        if kind == "words":
            lines = read_closures(self.words.data, iso_date)
            if len(lines) != 1:
                raise FieldError(
                    translatable("is not one closure"), translatable("Write one, such as “Nov Th[4]: Thanksgiving”.")
                )
            begins, ends, repeat = (lines[0].get(name, "") for name in ("from", "until", "repeat"))
            return closure(begins, ends, repeat, lines[0].get("note", note))
        first, last = _day(self.first.data), _day(self.last.data)
        if kind in ("days", "open", "yearly") and not first:
            raise FieldError(translatable("has no first day"), translatable("Give the day on which it begins."))
        if kind == "days":
            return closure(first, last or first, "", note)
        if kind == "open":
            return closure(first, "", "", note)
        if kind == "yearly":
            return closure("", "", _yearly(first, last or first), note)
        return closure(first, last, self._repeat(), note)

    def _repeat(self) -> str:
        """The days of the week, or the one of the month. Raises FieldError."""
        days = [day for day in WEEKDAYS if self[day].data]
        if self.kind.data == "weekly" and days:
            return ",".join(days)
        if len(days) == 1:
            return f"{days[0]}[{self.which.data if self.which.data in WHICH else '1'}]"
        reason = translatable("has several days of the week") if days else translatable("has no day of the week")
        if self.kind.data == "monthly":
            raise FieldError(reason, translatable("Choose one day of the week."))
        raise FieldError(reason, translatable("Choose the days of the week."))


for _weekday in WEEKDAYS:
    setattr(ClosureForm, _weekday, BooleanField())


def _day(text: str) -> str:
    """A whole day in ISO form, or nothing. Raises FieldError."""
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


def form_of(one: Mapping[str, str], today: date, prefix: str = NEW) -> ClosureForm:
    """A closure as the form shows it; one that it cannot show without loss as text."""
    for values in _control_values(one, today):
        form = ClosureForm(prefix=prefix, data={**values, "note": one.get("note", "")})
        try:
            if form.closure() == one:
                return form
        except FieldError:
            continue
    return ClosureForm(prefix=prefix, data={"kind": "words", "words": to_text(one)})


def _control_values(one: Mapping[str, str], today: date) -> list[dict[str, Any]]:
    dates = {"first": one.get("from", ""), "last": one.get("until", "")}
    if "repeat" not in one:
        return [{"kind": "days" if dates["last"] else "open", **dates}]
    repeat = parse_repeat(one["repeat"])
    days = {WEEKDAYS[number]: True for number in repeat.weekdays}
    if repeat.nth:
        return [{"kind": "monthly", "which": str(repeat.nth), **days, **dates}]
    if repeat.weekdays:
        return [{"kind": "weekly", **days, **dates}]
    years = today.year, today.year + (repeat.last < repeat.first)
    first, last = (f"{year}-{month:02d}-{day:02d}" for year, (month, day) in zip(
        years, (repeat.first, repeat.last), strict=True))  # fmt: skip
    return [{"kind": "yearly", "first": first, "last": "" if first == last else last}]

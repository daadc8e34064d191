"""The form of one zone: its fields are those of the registry that a department is asked for."""

from collections.abc import Iterable, Mapping
from typing import Any

from flask import request
from wtforms import BooleanField, Field, HiddenField, RadioField, SelectChoice
from wtforms.utils import unset_value
from wtforms.validators import Optional

from directory.submissions.items.item import ASKED
from directory.web.departments.zones.closure_form import ClosureForm
from directory.web.http.forms import AreaField, FormError, PageForm, TextField
from directory.web.http.uploads import PictureField
from directory.web.i18n.translate import _, translate
from directory.web.i18n.translate import lazy_gettext as _l
from directory.web.presenters.zone_facts import closures
from directory.zones import fields
from directory.zones.closures import closures_text
from directory.zones.fields import Kind
from directory.zones.findings import FieldError, Finding, Severity
from directory.zones.hours import BadHoursError, parse_hours, weekly_editor
from directory.zones.hours.lexicon import WEEKDAYS
from directory.zones.schemas import FIELDS, SETTING_NAMES

NARROW = (Kind.COUNT, Kind.DEGREES, Kind.PARTIAL_DATE, Kind.PHONE, Kind.POSTAL_CODE)
LONGEST_OF_KIND = {Kind.COUNT: 5, Kind.DEGREES: 20, Kind.PHONE: 40, Kind.POSTAL_CODE: 12, Kind.URL: 1_000}
INPUT_MODES = {Kind.COUNT: "numeric", Kind.DEGREES: "decimal"}
CHOICES = {
    "setting": [SelectChoice(kind.value, _l(name)) for kind, name in SETTING_NAMES.items()],
    "status": [
        SelectChoice("active", _l("In use")),
        SelectChoice("temporarily_closed", _l("Closed for now")),
        SelectChoice("planned", _l("Planned")),
        SelectChoice("moved", _l("Moved or unsure")),
    ],
}


class FactField(RadioField):  # type: ignore[misc]
    """Yes, no, or not known, which is no answer."""

    def __init__(self, label: str = "", **options: Any) -> None:
        choices = [
            SelectChoice("yes", _l("Yes")),
            SelectChoice("no", _l("No")),
            SelectChoice("unknown", _l("Don’t know")),
        ]
        super().__init__(label, choices=choices, coerce=lambda text: "" if text == "unknown" else text, **options)


class HoursField(Field):  # type: ignore[misc]
    """Hours as not known, always, by the day or in words: `data` is OSM syntax, or words that the rules judge.

    `note` are words whose hours stay unstated or were chosen among readings; None where nothing was chosen.
    """

    note: str | None = None

    def process(self, formdata: Mapping[str, str] | None, data: Any = unset_value, extra_filters: Any = None) -> None:  # noqa: ARG002
        """Take the hours of a form that shows them, else those that are known."""
        self.data = "" if data is unset_value else data
        if formdata is None or "hours_mode" not in formdata:
            rows = weekly_editor.rows_of(self.data) if _readable(self.data) else None
            self.mode = "" if not self.data else "always" if self.data == "24/7" else "week" if rows else "words"
            self.rows, self.text = rows or [("", "")] * 7, self.data if self.mode == "words" else ""
            return
        self.mode, self.text = formdata["hours_mode"], formdata.get("hours_words", "").strip()
        self.rows = [(formdata.get(f"from_{day}", "")[:5], formdata.get(f"to_{day}", "")[:5]) for day in WEEKDAYS]
        before, self.data = self.data, weekly_editor.from_form(formdata)
        if weekly_editor.chosen_reading(formdata):
            self.note = self.text
        elif self.data != before:
            self.note = ""


def control_of(entry: fields.Field, *, words_only: bool = False) -> Field:
    """The field of a form for an entry of the registry; hours by a line of text where `words_only`."""
    label, hint = _l(entry.question or entry.label), _l(entry.hint) if entry.hint else ""
    if entry.kind is Kind.TRI_STATE:
        return FactField(label, default="")
    if entry.kind is Kind.HOURS and entry.name == "opening_hours" and not words_only:
        return HoursField(label, id="hours_words")
    if entry.name in CHOICES:
        return RadioField(label, choices=CHOICES[entry.name])
    if entry.kind is Kind.CLOSURES:
        return HiddenField(default="")
    if entry.kind is Kind.TEXTS:
        return AreaField(label, [Optional()], longest=2_000, description=hint, render_kw={"rows": 3})
    attributes = {"class": "narrow"} if entry.kind in NARROW else {}
    if entry.kind in INPUT_MODES:
        attributes["inputmode"] = INPUT_MODES[entry.kind]
    if entry.kind is Kind.PHONE:
        attributes["type"] = "tel"
    longest = LONGEST_OF_KIND.get(entry.kind, entry.limit or 300)
    return TextField(label, [Optional()], longest=longest, description=hint, render_kw=attributes)


class ZoneForm(PageForm):
    """The answers of one zone. Whatever is typed is kept, so that the rules judge it and not this form."""

    seen = HiddenField()
    photo_file = PictureField(_l("File"), render_kw={"accept": "image/jpeg,image/png,image/webp"})
    photo_remove = BooleanField(_l("Remove the photo"))

    def __init__(self, before: Mapping[str, str]) -> None:
        super().__init__(data=before)
        self.before = before
        self.closure = ClosureForm(request.form or None, prefix="closure_")
        self.known_closures = closures.read(self.closures.data)
        numbers = range(len(self.known_closures))
        self.removed = [number for number in numbers if request.form.get(f"remove_closure_{number}")]

    @property
    def answers(self) -> dict[str, str]:
        """Every answer; what the form does not show keeps what it said, and so does a closure that is wrong."""
        answers = {name: self[name].data for name in ASKED if name in self}
        if self.opening_hours.note is not None:
            answers["hours_note"] = self.opening_hours.note
        if self.photo_remove.data:
            answers |= {"photo": "", "photo_alt": ""}
        elif self.photo_file.picture:
            answers["photo"] = self.photo_file.picture.digest
        if self.closures.raw_data:
            answers["closures"] = self._closures()
        return {**self.before, **answers}

    def _closures(self) -> str:
        """The closures without the removed ones, and an added one; what is wrong with that one is noted."""
        after = [one for number, one in enumerate(self.known_closures) if number not in self.removed]
        try:
            added = self.closure.closure()
        except FieldError as error:
            self.closure.refuse(error)
            return str(self.closures.data)
        return closures_text([*after, added] if added is not None and added not in after else after)

    def refuse_findings(self, findings: Iterable[Finding]) -> None:
        """Note the errors among findings, each at its field."""
        for finding in findings:
            if finding.severity is Severity.ERROR:
                is_asked = finding.field == "opening_hours" and bool(finding.choices)
                fix = _("Choose what is meant.") if is_asked else translate(finding.fix)
                self.refuse(FormError(finding.field, translate(finding.reason), fix, finding.choices))

    @property
    def problems(self) -> list[tuple[str, str, FormError]]:
        """The errors of the zone and of the closure that is added."""
        return [*super().problems, *self.closure.problems]


for _entry in FIELDS.values():
    if _entry.form and _entry.name not in ("hours_note", "photo"):
        setattr(ZoneForm, _entry.name, control_of(_entry))


def _readable(osm: str) -> bool:
    try:
        return bool(osm) and not parse_hours(osm).converted
    except BadHoursError:
        return False

"""Judging a row: every field read, then the rules that need several fields, all findings together.

Import, forms and the API judge with these same rules.
"""

import unicodedata
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, NamedTuple

from directory.text import translatable
from directory.zones.derivations import with_defaults, with_known_spelling, with_point
from directory.zones.evidence.zone_evidence import FACTS, POSITION, canonical
from directory.zones.findings import Finding, Severity
from directory.zones.keys import has_our_form
from directory.zones.parsing.composites import with_parts
from directory.zones.parsing.day_order import DayOrder, dates_read, file_order, is_doubtful
from directory.zones.parsing.field_reading import read_field
from directory.zones.parsing.text_forms import lines_of
from directory.zones.place_lookup import BatchLookup, PlaceLookup, PointsLookedUp
from directory.zones.schemas import ZoneRecord
from directory.zones.validation.rules import FIELD_RULES, PLACE_RULES, area_is_valid, point_of

POINT = frozenset(("latitude", "longitude"))
"""Two fields of which one says nothing without the other."""
EVERY_FIELD = frozenset(ZoneRecord.model_fields)
THE_ROW = "row"
"""The field of findings about a row as a whole: where one refuses it, its cells are not judged."""
STATUS_IS_TOLD = "status_is_told"
"""The rule of the finding about a status that stands in another column (`formats/cells/status_in_text.py`)."""
MOST_IN_A_CELL = 10_000
"""Characters that a cell or a property may hold, in a file of whatever size."""


@dataclass(slots=True)
class RawRow:
    """A row as it came: its number as a reader of the file counts, and text or numbers by field name.

    `columns` are the fields a table has; None when the row says all there is to say, as a Feature does. `cells` are
    the values by the names of their columns or properties, also of those that are no field.
    """

    number: int
    values: dict[str, Any]
    area: dict[str, Any] | None = None
    columns: frozenset[str] | None = None
    problems: list[Finding] = field(default_factory=list)
    cells: dict[str, Any] = field(default_factory=dict)
    day_order: DayOrder | None = None
    """How other rows of its file write their dates, if they tell."""

    @property
    def has_our_id(self) -> bool:
        """Whether it names its zone as a directory like this one does; any other id is the sender's own."""
        zone_id = self.values.get("zone_id")
        return isinstance(zone_id, str) and has_our_form(zone_id, self.values.keys())

    def leave_out_own_page(self) -> None:
        """Forget a source that is the zone's page in a directory like this one, as our files name it: it is none."""
        zone_id, source = self.values.get("zone_id"), str(self.values.get("source_url", ""))
        if zone_id and source.rstrip("/").endswith(f"/zones/{zone_id}"):
            del self.values["source_url"]


class UnplacedRow(NamedTuple):
    """A row as it came, and what it states, of which nothing is wrong but that nobody knows where its town is."""

    row: RawRow
    values: Mapping[str, Any]


@dataclass(slots=True)
class ValidatedRow:
    """A row after judgement: a record unless an error refused it, and every finding."""

    row: int
    record: ZoneRecord | None
    findings: list[Finding]
    columns: frozenset[str] | None = None
    """The fields that it speaks of; None when it says all there is to say."""
    unread: frozenset[str] = frozenset()
    """The fields of which it says nothing that can be used: a placeholder, or what does not read."""
    stated: frozenset[str] = frozenset()
    """The fields of which it says something, also in a column that holds several."""
    spot: str = ""
    """The key of the record's spot (`zones.keys.spot_key`), where somebody has made it already."""
    unplaced: UnplacedRow | None = None
    """Set where nothing refuses the row but that its town is not known and it has no coordinates."""

    def __reduce__(self) -> tuple[type["ValidatedRow"], tuple[Any, ...]]:
        """Pickled as it is made: a dataclass with slots would be filled field by field."""
        return ValidatedRow, tuple(getattr(self, name) for name in self.__slots__)

    @property
    def refused(self) -> bool:
        """Whether an error stands against the row."""
        return self.record is None


def tidy(value: Any) -> str:
    """A cell as text: typographic quotes made plain, control characters and outer white space removed."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(value).lower()
    text = value if isinstance(value, str) else str(value)
    if text.isascii() and text.isprintable():
        return text.strip()
    text = text.translate({0x2018: "'", 0x2019: "'", 0x201C: '"', 0x201D: '"', 0xA0: " "})
    return "".join(
        char for char in text if char == "\n" or unicodedata.category(char) not in ("Cc", "Cf", "Cs")
    ).strip()


def with_day_order(rows: Iterable[RawRow], again: Callable[[], Iterable[RawRow]]) -> Iterator[RawRow]:
    """Rows of a file that know how its dates are written: it is read `again` where one has two readings."""
    order, is_known = None, False
    for row in rows:
        if not is_known and is_doubtful(row.values):
            order, is_known = file_order(other.values for other in again()), True
        row.day_order = order
        yield row


def validate(row: RawRow, places: PlaceLookup, *, can_ask: bool = False, strict: bool = False) -> ValidatedRow:
    """Read a row's fields, derive what it leaves out, and apply every rule.

    `can_ask`: somebody is there to say which reading of an ambiguous value is meant, so that it is an error until then.
    `strict`: every value that does not read is an error; else one of a field that is not ESSENTIAL is left out with a
    warning.
    """
    return _judged(_read(row, can_ask=can_ask, strict=strict), places)


def validate_batch(rows: Iterable[RawRow], places: BatchLookup) -> list[ValidatedRow]:
    """Validate many rows of a file: where their points are is looked up all at once."""
    readings = [_read(row, can_ask=False, strict=False) for row in rows]
    points = [point for reading in readings if (point := point_of(reading.stated))]
    looked_up = PointsLookedUp(places, points)
    return [_judged(reading, looked_up) for reading in readings]


class _Reading(NamedTuple):
    """A row whose fields were read: what they state, what was found, and the fields that could not be used."""

    row: RawRow
    stated: dict[str, Any]
    findings: list[Finding]
    unread: frozenset[str]


def _read(row: RawRow, *, can_ask: bool, strict: bool) -> _Reading:
    """Read every known, non-empty field.

    What a field's words say of another field gives way to what the row itself has there.
    """
    findings = list(row.problems)
    is_told = any(problem.rule == STATUS_IS_TOLD for problem in row.problems)
    texts = with_parts(_texts(row, findings))
    stated: dict[str, Any] = {}
    unread: set[str] = set()
    dates, about_dates = dates_read(row.number, texts, row.day_order, can_ask=can_ask)
    if dates:
        findings += about_dates
        unread.update(name for name, text in dates.items() if not text)
        texts = {name: text for name, text in (texts | dates).items() if text}
    for name, text in texts.items():
        values, finding, unread_of_field = read_field(name, text, can_ask=can_ask, strict=strict)
        if finding is None:  # and nothing is said of another field
            stated |= values
            continue
        if name != "status" or not is_told:
            findings.append(replace(finding, row=row.number))
        unread.update(other for other in unread_of_field if other == name or other not in texts)
        stated |= {other: value for other, value in values.items() if other == name or other not in texts}
    if not strict and (problem := _no_point(stated)):
        if not any(finding.field in POINT and finding.severity is Severity.WARNING for finding in findings):
            findings.append(replace(problem, row=row.number))
        unread |= POINT
    if unread & POINT:
        unread |= POINT
        stated = {name: value for name, value in stated.items() if name not in POINT}
    return _Reading(row, stated, findings, frozenset(unread))


def _no_point(stated: Mapping[str, Any]) -> Finding | None:
    """A finding about numbers that are no point: one of the two alone, or the zeros of a failed look-up; else None."""
    coordinate_names = [name for name in ("latitude", "longitude") if name in stated]
    value = ""
    if len(coordinate_names) == 1:
        field = "longitude" if coordinate_names == ["latitude"] else "latitude"
        reason = translatable("is missing beside the %(value)s", value=coordinate_names[0])
    elif coordinate_names and stated["latitude"] == stated["longitude"] == 0:
        field, value = "latitude", "0, 0"
        reason = translatable("is a spot in the Atlantic, the mark of a failed look-up")
    else:
        return None
    fix = translatable("The zone was placed by its postal code or town. Give both numbers if you know them.")
    return Finding("point_is_whole", Severity.WARNING, 0, field, value, reason, fix)


def _judged(reading: _Reading, places: PlaceLookup) -> ValidatedRow:
    row, stated, findings, unread = reading
    if row.problems and any(problem.field == THE_ROW and _refused([problem]) for problem in row.problems):
        return ValidatedRow(row.number, None, [*row.problems])
    values = with_defaults(stated)
    if row.area is not None:
        values["area"] = row.area
        findings += area_is_valid(row.number, row.area)
    if of_fields := [finding for rule in FIELD_RULES for finding in rule(row.number, values, places)]:
        unreadable = {finding.field for finding in findings if finding.severity is Severity.ERROR}
        findings += [finding for finding in of_fields if finding.field not in unreadable]
    if not _refused(findings):
        for rule in PLACE_RULES:
            findings += rule(row.number, values, places)
    if _refused(findings):
        unplaced = UnplacedRow(row, values) if _only_unplaced(findings) else None
        return ValidatedRow(row.number, None, findings, unplaced=unplaced)
    spelt = with_known_spelling(values, places)
    record = canonical(ZoneRecord.model_validate(with_point(spelt, places)))
    columns = row.columns
    if columns is not None:
        columns |= stated.keys() - row.values.keys()
    if unread:
        columns = (EVERY_FIELD if columns is None else columns) - unread
        for fact, name in (("status", "status"), (POSITION, "latitude")):
            if name in unread:
                columns -= set(FACTS[fact])
    return ValidatedRow(row.number, record, findings, columns, unread, frozenset(stated.keys() - unread))


def _refused(findings: Iterable[Finding]) -> bool:
    return any(finding.severity is Severity.ERROR for finding in findings)


def _only_unplaced(findings: Iterable[Finding]) -> bool:
    return all(one.rule == "point_is_known" for one in findings if one.severity is Severity.ERROR)


def _length(value: Any) -> int:
    """The characters of a cell or a list of cells."""
    if isinstance(value, list):
        return sum(map(_length, value))
    return len(value) if isinstance(value, str) else len(str(value))


def _too_long(row: int, name: str, value: Any, length: int) -> Finding:
    numbers = {"length": f"{length:,}", "most": f"{MOST_IN_A_CELL:,}"}
    reason = translatable("has %(length)s characters; a cell may have %(most)s", **numbers)
    return Finding("cell_is_short", Severity.ERROR, row, name, str(value), reason, translatable("Shorten the text."))


def cell_text(value: Any) -> str:
    """A cell, or a list or an object, as the readers want it."""
    return "\n".join(map(tidy, lines_of(value))) if isinstance(value, list | dict) else tidy(value)


def _texts(row: RawRow, findings: list[Finding]) -> dict[str, str]:
    """The cells with a text that is no longer than a cell's may be; longer ones become findings."""
    texts = {}
    for name, value in row.values.items():
        if isinstance(value, str) and len(value) <= MOST_IN_A_CELL and value.isascii() and value.isprintable():
            text = value.strip()  # as nearly every cell is
        elif isinstance(value, float):
            text = str(value)
        elif (length := _length(value)) > MOST_IN_A_CELL:
            findings.append(_too_long(row.number, name, value, length))
            continue
        else:
            text = cell_text(value)
        if text:
            texts[name] = text
    return texts

"""One proposed change of one zone: what it says, and what the zone would be after it."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from enum import StrEnum
from typing import Any

from directory.zones.departments.owner import Owner
from directory.zones.departments.schemas import DepartmentRecord
from directory.zones.fields import Kind
from directory.zones.parsing.text_forms import lines_of
from directory.zones.place_lookup import PlaceLookup
from directory.zones.schemas import FIELDS, ZoneRecord
from directory.zones.validation.row_validation import RawRow, ValidatedRow, validate


class Action(StrEnum):
    """What is proposed for a zone."""

    ADD = "add"
    CORRECT = "correct"
    CLOSE = "close"
    REOPEN = "reopen"
    WITHDRAW = "withdraw"
    CONFIRM = "confirm"


ASKED = tuple(name for name, entry in FIELDS.items() if entry.form)
"""The fields that a department is asked for. Sources and confirmations are ours to write."""
HOURS = tuple(name for name, entry in FIELDS.items() if entry.kind is Kind.HOURS)


@dataclass(slots=True)
class Item:
    """A proposed change.

    `values` holds every answer of a new zone, and only the changed answers of a known one; an empty text clears the
    field. `base` holds what these fields said when the change was proposed, `found_at` (latitude, longitude) where a
    geocoder found the address when the change was typed in, if one knew its house number. `distinct_from` are the ids
    of zones that a new one is not, as its sender says (submissions/items/matches.py).
    """

    key: str
    action: Action
    zone_id: str = ""
    name: str = ""
    values: dict[str, str] = field(default_factory=dict)
    base: dict[str, str] = field(default_factory=dict)
    found_at: list[float] | None = None
    distinct_from: list[str] = field(default_factory=list)

    def to_json(self) -> dict[str, Any]:
        """Plain values, for the store."""
        return asdict(self)

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> "Item":
        """The inverse of `to_json`."""
        return cls(**{**stored, "action": Action(stored["action"])})


@dataclass(frozen=True, slots=True)
class ProposedChange:
    """An item, what the rules say of it, and the zone as it stands now (None for a new one)."""

    item: Item
    outcome: ValidatedRow
    current: ZoneRecord | None


def as_text(record: ZoneRecord | DepartmentRecord, name: str) -> str:
    """A stored value as the form shows it; empty when nobody said."""
    value = getattr(record, name)
    if value is None or value == "unknown":
        return ""
    if isinstance(value, list | tuple | dict):
        return "\n".join(lines_of(value))
    return str(value)


def answers_of(record: ZoneRecord) -> dict[str, str]:
    """Every answer of a zone as the form shows it."""
    return {name: as_text(record, name) for name in ASKED}


def differences(record: ZoneRecord, answers: Mapping[str, str]) -> tuple[dict[str, str], dict[str, str]]:
    """The answers that differ from the record: (new values, what stands there now)."""
    now = answers_of(record)
    if record.approximate:
        # The middle of a town is no answer of anybody's: a point given now is news even where it is the same.
        now |= {"latitude": "", "longitude": ""}
    changed = {name: text.strip() for name, text in answers.items() if name in now and text.strip() != now[name]}
    return changed, {name: now[name] for name in changed}


def validated(
    item: Item, owner: Owner, current: ZoneRecord | None, places: PlaceLookup, number: int = 1
) -> ValidatedRow:
    """The zone as it would be, judged by the rules of the import."""
    if current is None:
        values: dict[str, Any] = {"department": owner.department, "town": owner.town, "state": owner.state}
    else:
        names = (name for name in ZoneRecord.model_fields if name != "area")
        values = {name: getattr(current, name) for name in names if getattr(current, name) is not None}
    values |= item.values
    if item.values.get("latitude"):
        values |= {"location_source": item.values.get("location_source") or "surveyed", "approximate": ""}
    elif "latitude" in item.values:
        # The pin was taken away: the rules find the best point that is known.
        for name in ("latitude", "longitude", "location_source", "approximate"):
            values.pop(name, None)
    if "opening_hours" in item.values and "hours_note" not in item.values:
        values.pop("hours_note", None)
    # Hours that stand and are not touched stay as they are, also where they would be asked about today.
    kept_hours = {} if current is None else {name: getattr(current, name) for name in HOURS if name not in item.values}
    values = {name: value for name, value in values.items() if name not in kept_hours}
    row = RawRow(number, values, current.area if current is not None and not item.values.get("latitude") else None)
    outcome = validate(row, places, can_ask=True, strict=True)
    if outcome.record is not None and kept_hours:
        outcome.record = outcome.record.model_copy(update=kept_hours)
    return outcome

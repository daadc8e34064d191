"""What moderators are shown about a submission: findings that the rules of a single row cannot make."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from directory.geo import Coordinates, distance_m
from directory.submissions.items.item import Action, Item, as_text
from directory.text import fold
from directory.zones.duplicates.matches import ZoneIndex
from directory.zones.findings import Severity
from directory.zones.place_lookup import PlaceLookup
from directory.zones.schemas import LocationSource, ZoneRecord
from directory.zones.validation.row_validation import ValidatedRow

PIN_OFF_M = 150
TOWN_OFF_M = 10_000


class Check(StrEnum):
    """Something to look at before approving."""

    REFUSED = "refused"
    DUPLICATE = "duplicate"
    SAID_TO_DIFFER = "said_to_differ"
    PIN_OFF = "pin_off"
    ADDRESS_UNCHECKED = "address_unchecked"
    OUTSIDE_TOWN = "outside_town"
    CHANGED_TOWN = "changed_town"
    CHANGED_MEANWHILE = "changed_meanwhile"
    APPROXIMATE = "approximate"
    RULE = "rule"
    WITHDRAWS = "withdraws"
    FOREIGN = "foreign"


RISK = {
    Check.REFUSED: 5, Check.DUPLICATE: 3, Check.SAID_TO_DIFFER: 3, Check.PIN_OFF: 3, Check.OUTSIDE_TOWN: 4,
    Check.CHANGED_TOWN: 4, Check.CHANGED_MEANWHILE: 3, Check.WITHDRAWS: 2, Check.APPROXIMATE: 1, Check.RULE: 1,
    Check.ADDRESS_UNCHECKED: 0, Check.FOREIGN: 5,
}  # fmt: skip
"""How much a sign weighs in the order of the queue."""


@dataclass(frozen=True, slots=True)
class Observation:
    """A sign, and the values its sentence needs."""

    sign: Check
    detail: str = ""
    meters: float = 0.0
    reasons: tuple[str, ...] = ()
    zone_id: str = ""


def pin_off(item: Item, record: ZoneRecord) -> Observation | None:
    """How far the pin is from where the address was found; None when it is near enough or there is no address."""
    if not record.street_address or record.approximate:
        return None
    if item.found_at is None:
        return Observation(Check.ADDRESS_UNCHECKED)
    meters = distance_m(Coordinates(*item.found_at), record.coordinates)
    return Observation(Check.PIN_OFF, record.street_address, meters) if meters > PIN_OFF_M else None


def outside_town(places: PlaceLookup, record: ZoneRecord) -> Observation | None:
    """How far the pin is from the middle of the town, when that is farther than towns are wide."""
    names = [name for name in (record.town, record.mailing_town) if name]
    centres = [place for name in names for place in places.places(name, record.state)]
    if not centres or record.location_source in (LocationSource.AGENCY, LocationSource.POSTAL_CODE):
        return None
    meters = min(distance_m(record.coordinates, place.coordinates) for place in centres)
    return Observation(Check.OUTSIDE_TOWN, record.town, meters) if meters > TOWN_OFF_M else None


def duplicates(item: Item, record: ZoneRecord, zones: ZoneIndex[Any]) -> Iterator[Observation]:
    """The zones that this one probably is, and what the sender says of it."""
    for match in zones.probable_matches(record):
        sign = Check.SAID_TO_DIFFER if match.zone.zone_id in item.distinct_from else Check.DUPLICATE
        yield Observation(sign, match.zone.name, match.distance_m, zone_id=match.zone.zone_id)


def observe(
    item: Item, outcome: ValidatedRow, current: ZoneRecord | None, zones: ZoneIndex[Any], places: PlaceLookup
) -> list[Observation]:
    """Everything a moderator should know about one item, the gravest first.

    `zones` are those of the directory that are not withdrawn.
    """
    observations: list[Observation | None] = [
        Observation(
            Check.REFUSED if finding.severity is Severity.ERROR else Check.RULE, reasons=(finding.reason, finding.fix)
        )
        for finding in outcome.findings
        if finding.severity is not Severity.NOTE and finding.rule != "point_is_known"
    ]
    record = outcome.record
    if record is not None:
        moved = current is None or (record.latitude, record.longitude) != (current.latitude, current.longitude)
        if moved or "street_address" in item.values:
            observations.append(pin_off(item, record))
        if moved:
            observations += [outside_town(places, record), *duplicates(item, record, zones)]
        if record.approximate:
            observations.append(Observation(Check.APPROXIMATE))
        if current is not None and fold(current.town) != fold(record.town):
            observations.append(Observation(Check.CHANGED_TOWN, f"{current.town} → {record.town}"))
    if current is not None:
        stale = [name for name, text in item.base.items() if as_text(current, name) != text]
        if stale and not (current.approximate and set(stale) <= {"latitude", "longitude"}):
            observations.append(Observation(Check.CHANGED_MEANWHILE, ", ".join(stale)))
    if item.action is Action.WITHDRAW:
        observations.append(Observation(Check.WITHDRAWS))
    present = [observation for observation in observations if observation is not None]
    return sorted(present, key=lambda observation: -RISK[observation.sign])


def risk(observations: Sequence[Observation]) -> int:
    """The gravest sign's weight: many small ones do not make a grave one."""
    return max((RISK[observation.sign] for observation in observations), default=0)

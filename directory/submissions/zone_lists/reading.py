"""A zone list in GeoJSON, judged for one department by the rules of a spreadsheet; nothing is written."""

import io
import re
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from directory.errors import ConflictError
from directory.formats.readers.geojson import read_header, refuse_deep
from directory.formats.source import BadFileError
from directory.search.zone_status import today_of
from directory.store.repository import Directory, StoredZone
from directory.submissions.drafts import MOST_ITEMS
from directory.submissions.items.claims import claimed_values
from directory.submissions.items.item import Action, Item, as_text
from directory.submissions.uploads.spreadsheet import (
    CheckedSpreadsheet,
    KnownZones,
    TooManyRowsError,
    check_spreadsheet,
)
from directory.text import translatable
from directory.zones.departments.owner import Owner
from directory.zones.duplicates.matches import ZoneIndex
from directory.zones.findings import Finding, Severity
from directory.zones.place_lookup import PlaceLookup
from directory.zones.schemas import Status

PART_ONLY = re.compile(rb'(?<!\\)"exceededTransferLimit"\s*:\s*true')
"""By this member an ArcGIS feature service says that it sent no more features than it sends at once."""
NOT_IN_LIST = "The department’s list does not have it any more."
"""The note for readers of a zone that is withdrawn because its department's list leaves it out."""
OF_THE_END = ("status_from", "status_until", "status_note")
"""What a zone says of its withdrawal."""
OUT_OF_USE = frozenset({Status.WITHDRAWN, Status.MOVED})


class NoZonesYetError(ConflictError):
    """The directory has no zone of the department: the first ones come by the form."""


@dataclass(frozen=True, slots=True)
class JudgedList:
    """A list after judgement: what each row means, and the changes that it proposes, by the keys of the items.

    `owner` is the department with the town of its first zone, `own` its zones by id, `zones` those of its state, which
    new ones are compared with. `missing` are the ids of those
    that no row means; none where a row was refused, which may mean one of them.
    """

    owner: Owner
    own: Mapping[str, StoredZone]
    sheet: CheckedSpreadsheet
    missing: tuple[str, ...]
    items: Mapping[str, Item]
    zones: ZoneIndex[StoredZone]

    @property
    def listed(self) -> set[str]:
        """The ids of the zones that rows mean."""
        return {row.zone_id for row in self.sheet.accepted.values()}


def judge(content: bytes, department: str, directory: Directory, places: PlaceLookup) -> JudgedList:
    """Judge a list: a GeoJSON FeatureCollection of all zones of a department (its slug).

    A row that names no department or state is of this department; one that names no town is in the department's, where
    that has zones in no other. Raises NoZonesYetError; BadFileError: unreadable, empty, not whole, or more than 1,000
    zones; BusyError.
    """
    own = {zone.zone_id: zone for zone in directory.zones if zone.department_slug == department}
    if not own:
        raise NoZonesYetError(department)
    _require_whole_collection(content)
    towns = list(dict.fromkeys(zone.town for zone in own.values()))
    name, state = directory.departments[department].name, directory.departments[department].state
    default = Owner(name, towns[0] if len(towns) == 1 else "", state)
    with tempfile.NamedTemporaryFile() as file:
        file.write(content)
        file.flush()
        known_zones = KnownZones(iter(directory.zones))
        try:
            sheet = check_spreadsheet(Path(file.name), default, known_zones, places)
        except TooManyRowsError:
            raise _too_long() from None
    if not sheet.accepted and not sheet.faulty:
        raise BadFileError(
            translatable("The list has no zones."),
            translatable("To take all zones out of the directory, withdraw them on their pages."),
        )
    _look_after_withdrawn(sheet, own)
    listed = {row.zone_id for row in sheet.accepted.values()}
    absent = [zone for zone in own.values() if zone.status not in OUT_OF_USE and zone.zone_id not in listed]
    missing = [] if sheet.faulty else absent
    items = {item.key: item for item in (*sheet.items, *map(_withdrawal, missing))}
    if len(items) > MOST_ITEMS:
        raise _too_long()
    absent_ids = tuple(zone.zone_id for zone in missing)
    zones = ZoneIndex(zone for zone in directory.zones if zone.state == state)
    return JudgedList(Owner(name, towns[0], state), own, sheet, absent_ids, items, zones)


def _too_long() -> BadFileError:
    return BadFileError(
        translatable("The list is about more than %(most)s zones.", most=f"{MOST_ITEMS:,}"),
        translatable("Ask the moderators to have it imported: a part of it would not be the whole list."),
    )


def _require_whole_collection(content: bytes) -> None:
    """Raises BadFileError for anything but a whole FeatureCollection."""
    start = content.removeprefix(b"\xef\xbb\xbf").lstrip()
    if not start.startswith(b"{"):
        raise BadFileError(
            translatable("The list is no GeoJSON."), translatable("Export it as a GeoJSON FeatureCollection.")
        )
    refuse_deep(io.BytesIO(start))
    if read_header(io.BytesIO(start)).single_feature:
        raise BadFileError(
            translatable("The list is a single Feature."),
            translatable("Put all zones of the department into one FeatureCollection."),
        )
    if PART_ONLY.search(content):
        raise BadFileError(
            translatable("The feature service sent only a part of the list (exceededTransferLimit)."),
            translatable("Raise the service’s limit of features (maxRecordCount)."),
        )


def _look_after_withdrawn(sheet: CheckedSpreadsheet, own: Mapping[str, StoredZone]) -> None:
    """Say that a withdrawn zone stays so, unless the list says that it is in use: then nothing of its end stays."""
    items = {item.key: item for item in sheet.items}
    for number, row in sheet.accepted.items():
        zone = own.get(row.zone_id)
        if zone is None or zone.status is not Status.WITHDRAWN:
            continue
        item = items.get(row.item)
        if item is not None and "status" in item.values:
            ended = {name: text for name in OF_THE_END if (text := as_text(zone, name)) and name not in item.values}
            item.values |= dict.fromkeys(ended, "")
            item.base |= ended
        else:
            reason = translatable("the directory has withdrawn this zone")
            fix = translatable("To bring it back, state its status as “active” in the list.")
            sheet.note([Finding("zone_is_in_use", Severity.WARNING, number, "status", zone.status, reason, fix)])


def _withdrawal(zone: StoredZone) -> Item:
    values = claimed_values(zone, Action.WITHDRAW, today_of(zone), note=NOT_IN_LIST)
    base = {name: as_text(zone, name) for name in values}
    return Item(zone.zone_id, Action.WITHDRAW, zone.zone_id, zone.name, values, base)

"""Stored zones as the values of their columns, read many at once for an import."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, inspect
from sqlalchemy import select as sql_select
from sqlmodel import Session

from directory.db.bulk import is_one_of
from directory.db.tables.published.zones import Department, Town, Zone
from directory.zones.keys import department_slug, town_slug
from directory.zones.schemas import ZoneRecord

_TABLE, _DEPARTMENT, _TOWN = (inspect(model).local_table for model in (Zone, Department, Town))
_COLUMNS = tuple(column for column in _TABLE.c if column.name in ZoneRecord.model_fields)
_BESIDE = tuple(_TABLE.c[name] for name in ("department_id", "town_id", "dataset", "spot_key", "time_zone"))
_FIELDS = (*(column.name for column in _COLUMNS), "department", "town")
_STORED_ZONES = sql_select(*_COLUMNS, _DEPARTMENT.c.name, _TOWN.c.name, *_BESIDE).select_from(
    _TABLE.join(_DEPARTMENT).join(_TOWN)
)


@dataclass(slots=True)
class StoredValues:
    """A stored zone by the values of its record, with what is stored beside it."""

    values: dict[str, Any]
    owner_ids: tuple[int, int]
    """The numbers of its department and town."""
    dataset: str
    spot_key: str
    time_zone: str

    @property
    def zone_id(self) -> str:
        """Its id."""
        return str(self.values["zone_id"])

    @property
    def record(self) -> ZoneRecord:
        """The zone as a record on its own."""
        return ZoneRecord.model_validate(self.values)

    def is_of_place_of(self, record: ZoneRecord) -> bool:
        """Whether the zone and a record are of one department, or of one town."""
        state = self.values["state"]
        department = department_slug(self.values["department"], state)
        town = town_slug(self.values["town"], state)
        return department == department_slug(record.department, record.state) or (
            town == town_slug(record.town, record.state)
        )


def stored_values(session: Session, ids: Sequence[str], keys: Sequence[str]) -> dict[str, StoredValues]:
    """The stored zones that have one of these ids or spot keys, by id and by spot key."""
    zones: dict[str, StoredValues] = {}
    for zone in (*_stored_by(session, _TABLE.c.zone_id, ids), *_stored_by(session, _TABLE.c.spot_key, keys)):
        zones.setdefault(zone.zone_id, zone)
    return zones | {zone.spot_key: zone for zone in reversed(zones.values())}


def _stored_by(session: Session, column: ColumnElement[str], values: Sequence[str]) -> Iterator[StoredValues]:
    """The stored zones whose `column` holds one of the values."""
    if not values:
        return
    connection = session.connection()
    for row in connection.execute(_STORED_ZONES.where(is_one_of(column, values, connection.dialect))):
        *field_values, department_id, town_id, dataset, key, time_zone = row
        values_by_field = dict(zip(_FIELDS, field_values, strict=True))
        yield StoredValues(values_by_field, (department_id, town_id), dataset, key, time_zone)

"""Rows of towns that the gazetteer lacks: they wait until the rest of their file is in, which may place them."""

from collections.abc import Iterator, Sequence

from sqlmodel import Session, col, select

from directory.db.tables.published.zones import Department, Town, Zone
from directory.geo import Coordinates
from directory.geocoding.own_towns import OwnSpot, WithOwnTowns
from directory.zones.keys import department_slug
from directory.zones.place_lookup import PlaceLookup
from directory.zones.schemas import AREAS, Status
from directory.zones.validation.row_validation import UnplacedRow, ValidatedRow, validate

MOST_WAITING = 1_000
"""Rows of a file that wait; further ones are refused at once."""


class WaitingRows:
    """The rows of one file that nothing refuses but that nobody knows where they are."""

    def __init__(self, session: Session, places: PlaceLookup) -> None:
        self._session = session
        self._places = places
        self._waiting: list[UnplacedRow] = []

    def without(self, batch: Sequence[ValidatedRow]) -> Sequence[ValidatedRow]:
        """The rows of a batch that need not wait."""
        if all(row.unplaced is None for row in batch):
            return batch
        others = []
        for row in batch:
            if row.unplaced is None or len(self._waiting) == MOST_WAITING:
                others.append(row)
            else:
                self._waiting.append(row.unplaced)
        return others

    def placed(self) -> list[ValidatedRow]:
        """The rows that waited, judged again with the towns that the directory has by now."""
        return [validate(one.row, self._known_to(one)) for one in self._waiting]

    def _known_to(self, one: UnplacedRow) -> PlaceLookup:
        department = department_slug(one.values["department"], one.values["state"])
        return WithOwnTowns(self._places, self._spots_of, department)

    def _spots_of(self, town: str) -> Iterator[OwnSpot]:
        columns = (Zone.latitude, Zone.longitude, Zone.location_source, Department.slug)
        query = select(*columns).join(Town, col(Town.id) == col(Zone.town_id))
        query = query.join(Department, col(Department.id) == col(Zone.department_id))
        query = query.where(col(Town.slug) == town, col(Zone.status) != Status.WITHDRAWN)
        for latitude, longitude, level, department in self._session.exec(query):
            yield OwnSpot(Coordinates(latitude, longitude), level in AREAS, department)

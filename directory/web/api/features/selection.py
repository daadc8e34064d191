"""Which zones the parameters of items ask for, and in what order."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from directory import clock
from directory.formats.json_schema import PROPERTIES
from directory.geo import BoundingBox, from_web_mercator
from directory.search.cql import evaluation, reading
from directory.search.cql.errors import FilterError
from directory.search.cql.impossible import ImpossibleValue, impossible_values
from directory.search.cql.values import Bits
from directory.search.snapshots.snapshot import Snapshot
from directory.search.zone_features import Rows
from directory.search.zone_table import FILTERABLE, ZoneTable
from directory.web.api.features.feature_parameters import ItemsParameters
from directory.web.api.reference_systems import CRS84
from directory.web.api.schemas import LIFE
from directory.web.query.parameters import BadParameter, BadParametersError

_VOCABULARIES = {
    name: schema["enum"] for name, schema in {**PROPERTIES, **LIFE}.items() if name in FILTERABLE and "enum" in schema
}


@dataclass(frozen=True, slots=True)
class SelectedZones:
    """The numbers of the zones that the parameters ask for, and values of the filter that no zone can have."""

    rows: Rows
    impossible: Sequence[ImpossibleValue] = ()


def selected(now: Snapshot, query: ItemsParameters) -> SelectedZones:
    """What the parameters ask for. Raises BadParametersError."""
    rows = now.collection.select(_box(query), query.datetime, query.values)
    if query.usable:
        minute_view = now.minute_view(clock.now())
        rows = rows[[minute_view.of(now.collection.zones[row]).usable for row in rows.tolist()]]
    impossible: list[ImpossibleValue] = []
    if query.filter:
        matches, impossible = _filtered(now, query, query.filter)
        rows = rows[matches[rows]]
    return SelectedZones(_table(now).ordered(rows, query.sortby) if query.sortby else rows, impossible)


def _table(now: Snapshot) -> ZoneTable:
    return now.once("zone table", lambda: ZoneTable(now.collection))


def _box(query: ItemsParameters) -> BoundingBox | None:
    if not query.bbox:
        return None
    edges = list(query.bbox if len(query.bbox) == 4 else (*query.bbox[:2], *query.bbox[3:5]))
    try:
        if query.bbox_crs != CRS84:
            edges = from_web_mercator(np.array(edges).reshape(2, 2)).ravel().tolist()
        return BoundingBox(*edges)
    except ValueError as error:
        order = "; six numbers are west, south, lowest, east, north, highest" if len(query.bbox) == 6 else ""
        edges_text = ",".join(f"{edge:g}" for edge in query.bbox)
        raise BadParametersError([BadParameter("bbox", edges_text[:100], f"{error}{order}")]) from error


def _filtered(now: Snapshot, query: ItemsParameters, text: str) -> tuple[Bits, list[ImpossibleValue]]:
    """Of which of all zones the filter is true, shape (n,), and its values that none can have."""
    projection = None if query.filter_crs == CRS84 else from_web_mercator
    try:
        tree = reading.read(text, query.filter_lang)
        return evaluation.matching(_table(now), tree, projection), impossible_values(tree, _VOCABULARIES)
    except FilterError as error:
        problem = str(error.within(text))
        raise BadParametersError([BadParameter("filter", text[:100], problem)]) from error

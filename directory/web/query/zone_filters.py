"""Filters of zones in an address that is no search: files and map data take the words that the API takes."""

from collections.abc import Mapping, Sequence

from directory.clock import now
from directory.search.snapshots.snapshot import Snapshot
from directory.store.repository import StoredZone
from directory.web.query.parameters import BadParameter, BadParametersError
from directory.web.query.terms import READERS, Words, read_flag

Filters = Mapping[str, Words]


def read_filters(args: Mapping[str, str]) -> tuple[dict[str, Words], bool]:
    """The properties asked for, each with its values, and whether only zones usable now. Raises BadParametersError."""
    filters: dict[str, Words] = {}
    usable = False
    problems = []
    for name in (*READERS, "usable"):
        text = args.get(name, "").strip()
        if not text:
            continue
        try:
            if name == "usable":
                usable = read_flag(text)
            else:
                filters[name] = READERS[name](text)
        except ValueError as error:
            problems.append(BadParameter(name, text[:100], str(error)))
    if problems:
        raise BadParametersError(problems)
    return filters, usable


def filtered(snapshot: Snapshot, zones: Sequence[StoredZone], filters: Filters, *, usable: bool) -> list[StoredZone]:
    """Those of the listed zones of the snapshot that have the properties, in their order."""
    minute_view = snapshot.minute_view(now())
    numbers = snapshot.collection.select(None, None, filters).tolist()
    zone_ids = {snapshot.listed[number].zone_id for number in numbers}
    return [zone for zone in zones if zone.zone_id in zone_ids and (not usable or minute_view.of(zone).usable)]

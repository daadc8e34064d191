"""The rows of official pages, matched with the zones that they improve."""

from collections import defaultdict
from collections.abc import Sequence
from operator import itemgetter

from directory.text import plain
from directory.zones.schemas import ZoneRecord
from scripts.collected_facts import PIN_HELP, Row, convert


def official(rows: list[dict[str, str]], stored: Sequence[ZoneRecord]) -> list[Row]:
    """The rows of official pages, each with the id of the zone that it improves, if there is one."""
    result: list[Row] = []
    groups: dict[tuple[str, str], list[dict[str, str]]] = defaultdict(list)
    for row in rows:
        groups[row["improves_department"] or row["department"], row["state"]].append(row)
    for (department, state), group in groups.items():
        zones = [
            one for one in stored if (one.department, one.state) == (department, state) and one.status != "withdrawn"
        ]
        result += _improving(department, group, zones)
    return result


def _improving(department: str, rows: list[dict[str, str]], zones: list[ZoneRecord]) -> list[Row]:
    """One department's rows with their zones: of the same kind of spot first, of the most alike address and spot."""
    converted = [
        convert({**row, "zone_id": ""}) | {"department": department} | PIN_HELP.get((row["town"], row["state"]), {})
        for row in rows
    ]
    if [zone.setting for zone in zones] == ["lobby_and_lot"] and len(rows) == 2:
        return [*converted, _split(zones[0], converted)]
    left = list(zones)
    pairs = [
        (_likeness(zone, row), -number, zone.zone_id, zone) for number, row in enumerate(converted) for zone in left
    ]
    for likeness, number, _, zone in sorted(pairs, key=itemgetter(0, 1, 2), reverse=True):
        row = converted[-number]
        if zone in left and not row["zone_id"] and (likeness >= 1 or len(zones) == len(rows)):
            row |= {"zone_id": zone.zone_id, "town": zone.town}
            if not row["latitude"]:  # the place that is known, so that no gazetteer has to know the town
                row |= {"latitude": zone.latitude, "longitude": zone.longitude, "location_source": "town"}
            left.remove(zone)
    return converted


def _split(umbrella: ZoneRecord, rows: list[Row]) -> Row:
    """Give the lobby and the lot ids of their own; returns the zone that stood for both, withdrawn."""
    for row in rows:
        row["zone_id"] = umbrella.zone_id.replace("lobby-and-lot", row["setting"].replace("_", "-"))
    return {
        "zone_id": umbrella.zone_id,
        **{name: getattr(umbrella, name) for name in ("department", "town", "state", "country")},
        "status": "withdrawn",
        "status_note": "The department names lobby and parking lot one by one.",
        "replaced_by": next(row["zone_id"] for row in rows if row["setting"] == "parking_lot"),
        "source_kind": "official",
        "source_url": rows[0]["source_url"],
    }


def _likeness(zone: ZoneRecord, row: Row) -> float:
    """One for the same kind of spot, and up to one for common words of address and spot."""
    words = [set(plain(f"{address} {spot}").split()) for address, spot in (
        (zone.street_address, zone.spot_note), (row["street_address"], row["spot_note"]))]  # fmt: skip
    common = len(words[0] & words[1]) / max(1, len(words[0] | words[1]))
    return (zone.setting == row["setting"] or "unknown" in (zone.setting, row["setting"])) + common

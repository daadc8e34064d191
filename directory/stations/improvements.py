"""What an operator's list of stations adds to the directory: points of agencies, telephones, and moved headquarters."""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Engine

from directory.db.log import Author
from directory.db.tables.contributions.data_cases import DataCaseKind
from directory.db.tables.log import LogKind
from directory.db.transaction import Session, transaction
from directory.geo import distance_m
from directory.stations.index import SAME_SITE_M
from directory.stations.parsing import Station
from directory.store.data_cases import NewCase, note_cases
from directory.store.directory_reader import read_directory
from directory.store.repository import Directory, StoredDepartment, StoredZone, department_by_slug
from directory.store.writer import DirectoryWriter
from directory.text import plain
from directory.zones.duplicates.departments import DepartmentKey, department_key, same_department
from directory.zones.duplicates.streets import read_street, same_address
from directory.zones.duplicates.towns import town_key
from directory.zones.evidence import department_evidence
from directory.zones.evidence.merging import merged_zone
from directory.zones.evidence.sources import Source
from directory.zones.evidence.zone_evidence import FACTS, POSITION, attributed
from directory.zones.place_lookup import PlaceLookup
from directory.zones.schemas import AREAS, LocationSource, SourceKind, Status, ZoneRecord

FAR_M = 25_000
"""A station farther from all zones of its department than this is that of a namesake."""
_BRANCH = re.compile(
    r"\b(?:precinct|district|sector|substation|annex|branch|downtown|north|south|east|west|central)\w*\b|\bstation \d"
)
"""Words by which a zone is at another building than the headquarters."""
MOVED_M = 500
"""A zone shown at its department's building, and the list's building farther away than this: one of them is old."""


@dataclass(frozen=True, slots=True)
class Improvement:
    """A value that changes: of a zone (its id) or a department (its slug), old beside new."""

    subject: str
    field: str
    old: str
    new: str


@dataclass(slots=True)
class ImprovementReport:
    """What the list changes, and which stations may have moved; `news` counts cases that are new or changed."""

    improvements: list[Improvement] = field(default_factory=list)
    moved: list[NewCase] = field(default_factory=list)
    news: int = 0


def improve(
    engine: Engine, places: PlaceLookup, stations: Iterable[Station], *, dry_run: bool = False, actor: str = "operator"
) -> ImprovementReport:
    """Take from the list what the directory does not know better, in one transaction; a second time changes nothing.

    Raises DatabaseError.
    """
    directory = read_directory(engine)
    matches = dict(station_of_departments(directory, stations))
    report = ImprovementReport()
    with transaction(engine) as session:
        writer = DirectoryWriter(session, places, Author(actor, "list of stations"))
        for zone in _zones_at(directory, matches, AREAS):
            _place(writer, zone, matches[zone.department_slug], report)
        for slug, station in matches.items():
            _fill_phone(session, writer, directory.departments[slug], station, report)
        writer.flush()
        at_agencies = list(_zones_at(directory, matches, frozenset({LocationSource.AGENCY})))
        report.moved = [case for zone in at_agencies if (case := _moved(zone, matches[zone.department_slug]))]
        report.news = _note_moved(session, at_agencies, matches, report.moved)
        if dry_run:
            session.rollback()
    return report


def station_of_departments(directory: Directory, stations: Iterable[Station]) -> Iterator[tuple[str, Station]]:
    """(Slug, station) of every department that has zones and means one building of the list, not far from a zone."""
    listed: defaultdict[tuple[str, str, str], list[tuple[DepartmentKey, Station]]] = defaultdict(list)
    for station in stations:
        key = department_key(station.name, station.state, station.town)
        listed[station.state, key.group, key.place].append((key, station))
    zones = defaultdict(list)
    for zone in directory.zones:
        if zone.status is not Status.WITHDRAWN:
            zones[zone.department_slug].append(zone)
    for slug, own in sorted(zones.items()):
        department = directory.departments[slug]
        key = department_key(department.name, department.state, own[0].town)
        alike = listed.get((department.state, key.group, key.place), ()) if key.place else ()
        buildings = [
            station for other, station in alike
            if same_department(key, other)
            and any(distance_m(zone.coordinates, station.coordinates) <= FAR_M for zone in own)
        ]  # fmt: skip
        if buildings and all(distance_m(buildings[0].coordinates, one.coordinates) <= SAME_SITE_M for one in buildings):
            yield slug, buildings[0]


def _zones_at(
    directory: Directory, matches: dict[str, Station], levels: frozenset[LocationSource]
) -> Iterator[StoredZone]:
    """Zones of these levels that are probably at their department's building; none of a department of several sites."""
    zones = defaultdict(list)
    for zone in directory.zones:
        if zone.status is not Status.WITHDRAWN and zone.department_slug in matches:
            zones[zone.department_slug].append(zone)
    for slug, own in zones.items():
        points = [zone.coordinates for zone in own if zone.location_source not in AREAS]
        if all(distance_m(points[0], point) <= MOVED_M for point in points):
            yield from (zone for zone in own if zone.location_source in levels and _is_at(zone, matches[slug]))


def _is_at(zone: StoredZone, station: Station) -> bool:
    """Whether nothing that is known of a zone tells that it is elsewhere: its town, its address, a branch's name."""
    towns = {town_key(town, zone.state) for town in (zone.town, zone.mailing_town) if town}
    return (
        town_key(station.town, zone.state) in towns
        and (not zone.street_address or same_address(read_street(zone.street_address), read_street(station.address)))
        and not _BRANCH.search(plain(f"{zone.name} {zone.spot_note}"))
    )


def _source(station: Station) -> Source:
    return Source(name=station.source, kind=SourceKind.LIST, date=str(station.year or ""))


def _place(writer: DirectoryWriter, zone: StoredZone, station: Station, report: ImprovementReport) -> None:
    """Put a zone that is only in the middle of an area at its department's building."""
    stored = writer.stored(zone.zone_id)
    if stored is None:
        return
    current, before = stored
    values = {"latitude": station.latitude, "longitude": station.longitude, "approximate": True, "area": None,
              "location_source": LocationSource.AGENCY}  # fmt: skip
    incoming = attributed(before.model_copy(update=values), _source(station), [POSITION])
    after, _ = merged_zone(before, incoming, frozenset(FACTS[POSITION]), same_dataset=False)
    if after != before:
        report.improvements.append(Improvement(zone.zone_id, POSITION, _point(before), _point(after)))
        writer.change(current, after)


def _point(record: ZoneRecord) -> str:
    return f"{record.latitude:.5f}, {record.longitude:.5f} ({record.location_source})"


def _fill_phone(
    session: Session, writer: DirectoryWriter, department: StoredDepartment, station: Station,
    report: ImprovementReport,
) -> None:  # fmt: skip
    """Give a department without a telephone that of the list."""
    row = department_by_slug(session, department.slug)
    if row is None or row.phone or not station.phone:
        return
    report.improvements.append(Improvement(department.slug, "phone", "", station.phone))
    values = department_evidence.values_with_evidence(row, _source(station), {"phone": station.phone})
    writer.owners.describe(LogKind.DEPARTMENT, row, values)


def _moved(zone: StoredZone, station: Station) -> NewCase | None:
    """The case that a zone is shown at another building than the list's."""
    meters = distance_m(zone.coordinates, station.coordinates)
    if meters <= MOVED_M:
        return None
    details: dict[str, Any] = {
        "standing": [zone.latitude, zone.longitude], "listed": [station.latitude, station.longitude],
        "address": ", ".join(filter(None, (station.address, station.town))), "distance_m": round(meters),
        "source": _source(station).to_json(),
    }  # fmt: skip
    return NewCase(DataCaseKind.STATION_MOVED, zone.zone_id, station.name, details)


def _note_moved(session: Session, zones: list[StoredZone], matches: dict[str, Station], cases: list[NewCase]) -> int:
    """Keep the cases of each publisher; returns how many are news."""
    by_source = defaultdict(list)
    for zone in zones:
        by_source[matches[zone.department_slug].source].append(zone.zone_id)
    return sum(
        note_cases(session, source, zone_ids, DataCaseKind.STATION_MOVED,
                   [case for case in cases if case.zone_id in set(zone_ids)])
        for source, zone_ids in by_source.items()
    )  # fmt: skip

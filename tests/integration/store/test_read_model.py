"""The directory in memory: plain records that tell every field, share nothing that changes, and never change."""

from collections.abc import Iterator
from copy import deepcopy
from dataclasses import FrozenInstanceError, asdict, fields, replace
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from pydantic import BaseModel
from sqlalchemy import Engine, text

from directory.search.snapshots.snapshot_file import SnapshotFile
from directory.store.directory_reader import read_directory
from directory.store.repository import Directory, StoredDepartment, StoredTown, StoredZone
from directory.zones.departments.schemas import DepartmentRecord, TownRecord
from directory.zones.schemas import Status, TriState, ZoneRecord

pytestmark = pytest.mark.real_zones
LOBBY = "ct-new-canaan-lobby"
CLOSURES = '[{"from": "2026-12-24", "until": "2027-01-02", "note": "holidays"}]'
AREA = '{"type": "Polygon", "coordinates": [[[-73.5, 41.1], [-73.4, 41.1], [-73.4, 41.2], [-73.5, 41.1]]]}'
CHANGING = (list, set, bytearray, BaseModel)


@pytest.fixture
def directory(engine: Engine) -> Directory:
    """The real zones, one of them with an outline, rules and closures."""
    with engine.begin() as connection:
        connection.execute(
            text("UPDATE zone SET closures = :closures, rules = '[\"No firearms\"]', area = :area WHERE zone_id = :id"),
            {"closures": CLOSURES, "area": AREA, "id": LOBBY},
        )
    return read_directory(engine)


def lobby(directory: Directory) -> StoredZone:
    return directory.rows.zones[LOBBY]


def everything(directory: Directory) -> Iterator[Any]:
    yield from directory.zones
    yield from directory.departments.values()
    yield from directory.towns.values()


def parts(value: object) -> Iterator[object]:
    """The value, and everything in it."""
    yield value
    if isinstance(value, dict):
        value = (*value, *value.values())
    if isinstance(value, tuple | list):
        for item in value:
            yield from parts(item)


def test_a_stored_zone_tells_every_field_when_it_is_dumped(directory: Directory) -> None:
    own = {"revision", "time_zone", "added_at", "changed_at", "department_slug", "town_slug"}
    dumped = asdict(lobby(directory))
    assert dumped.keys() == {*ZoneRecord.model_fields, *own}
    assert dumped["rules"] == ("No firearms",) and dumped["closures"][0]["note"] == "holidays"
    assert dumped["custody_rules"] == "" and dumped["spaces"] is None, "what nobody stated is told too"
    assert dumped["officer_standby"] is TriState.UNKNOWN and isinstance(dumped["changed_at"], datetime)


@pytest.mark.parametrize(("model", "record"), [(StoredDepartment, DepartmentRecord), (StoredTown, TownRecord)])
def test_departments_and_towns_have_the_fields_of_their_records(model: Any, record: type[BaseModel]) -> None:
    assert {one.name for one in fields(model)} == {*record.model_fields, "slug", "revision"}


def test_two_records_share_no_value_that_can_change(directory: Directory) -> None:
    for record in everything(directory):
        for one in fields(record):
            for part in parts(getattr(record, one.name)):
                assert not isinstance(part, CHANGING), (record, one.name)
                if isinstance(part, dict):
                    with pytest.raises(TypeError):
                        part["note"] = "changed"


def test_a_record_cannot_be_changed(directory: Directory) -> None:
    zone = lobby(directory)
    with pytest.raises(FrozenInstanceError):
        zone.name = "Another"  # type: ignore[misc]
    with pytest.raises((AttributeError, TypeError)):
        zone.nickname = "a field that no record has"  # type: ignore[attr-defined]
    before = deepcopy(zone.closures)
    closure = zone.closures[0]
    for change in (closure.clear, closure.popitem, lambda: closure.update(note=""), lambda: closure.pop("note")):
        with pytest.raises(TypeError):
            change()
    assert zone.closures == before


def test_a_changed_copy_leaves_the_original_as_it_was(directory: Directory) -> None:
    zone = lobby(directory)
    before = asdict(zone)
    withdrawn = replace(zone, status=Status.WITHDRAWN, rules=["One", "Two"])
    assert (withdrawn.status, tuple(withdrawn.rules), withdrawn.name) == (Status.WITHDRAWN, ("One", "Two"), zone.name)
    assert asdict(zone) == before and zone != withdrawn


def test_two_readings_of_one_directory_are_equal(directory: Directory, engine: Engine) -> None:
    again = read_directory(engine)
    assert again.zones == directory.zones and lobby(again) is not lobby(directory)
    assert (again.departments, again.towns) == (directory.departments, directory.towns)


def test_the_file_of_the_last_known_directory_gives_equal_records(directory: Directory, tmp_path: Path) -> None:
    file = SnapshotFile(tmp_path / "last.gz")
    file.keep(directory)
    known = file.read()
    assert known == directory
    assert known is not None and all(
        type(getattr(zone, one.name)) is type(getattr(directory.rows.zones[zone.zone_id], one.name))
        for zone in known.zones
        for one in fields(zone)
    ), "not texts in the place of dates and kinds"

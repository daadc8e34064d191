"""An id by which the sender's program counts its features names no zone of the directory, and hides nothing of it."""

import json
from typing import Any

import pytest
from sqlalchemy import Engine, text

from directory.db.transaction import transaction
from directory.store.directory_reader import read_directory
from tests.conftest import Import
from tests.support.imports import exported

GUID = "8c2f11aa-0000-4aaa-9bbb-0123456789ab"
FOREIGN = (GUID, f"{{{GUID.upper()}}}", "node/123456", "zones.1", "AbC12", "A-1", "77")
SPOT = {"type": "Point", "coordinates": [-73.47123, 41.07051]}


def features(identity: str, **properties: Any) -> str:
    facts = {"department": "Darien PD", "town": "Darien", "state": "CT", **properties}
    feature = {"type": "Feature", "id": identity, "geometry": SPOT, "properties": facts}
    return json.dumps({"type": "FeatureCollection", "features": [feature]})


def table(identity: str, facts: str = "Darien PD,Darien,CT,25 Hecker Ave") -> str:
    return f"zone_id,Agency,City,State,Address\n{identity},{facts}\n"


def zone_ids(engine: Engine) -> list[str]:
    return [zone.zone_id for zone in read_directory(engine).zones]


@pytest.mark.parametrize("identity", FOREIGN)
def test_a_foreign_id_is_left_out_and_named_and_the_zone_gets_one(engine: Engine, load: Import, identity: str) -> None:
    report = load("gis.geojson", features(identity))
    assert (report.added, zone_ids(engine)) == (1, ["ct-darien-zone"]), report.findings
    assert [one.value for one in report.findings if one.rule == "zone_id_converted"] == [identity]
    assert load("list.csv", table(identity)).refused == 0
    assert not set(zone_ids(engine)) & {identity}


@pytest.mark.parametrize("identity", [GUID, "node/123456"])
@pytest.mark.parametrize("closing", [{"closed": "yes"}, {"hours": "Permanently closed"}])
def test_a_closing_is_read_whatever_id_the_sender_gave(
    engine: Engine, load: Import, identity: str, closing: dict[str, str]
) -> None:
    load("gis.geojson", features(identity, **closing))
    assert [str(zone.status) for zone in read_directory(engine).zones] != ["active"]


def test_the_same_foreign_id_of_two_counties_names_two_zones(engine: Engine, load: Import) -> None:
    load("one.geojson", features(GUID))
    report = load("two.csv", table(GUID, "Wilton PD,Wilton,CT,240 Danbury Rd"))
    assert (report.added, report.refused) == (1, 0), report.findings


def test_a_zone_that_has_got_a_foreign_id_is_found_by_it(engine: Engine, load: Import) -> None:
    load("one.csv", table(""))
    with transaction(engine) as session:
        session.execute(text(f"UPDATE zone SET zone_id = '{GUID}'"))
    report = load("two.csv", table(GUID, "Darien PD,Darien,CT,30 Hecker Ave"))
    assert (report.changed, zone_ids(engine)) == (1, [GUID])


@pytest.mark.parametrize("state", ["CT", "Connecticut", ""])
def test_an_id_of_our_form_is_taken(engine: Engine, load: Import, state: str) -> None:
    town = "Darien" if state else '"Darien, CT"'
    load("one.csv", table("ct-darien-desk", f"Darien PD,{town},{state},25 Hecker Ave"))
    assert zone_ids(engine) == ["ct-darien-desk"]


@pytest.mark.parametrize("identity", ["z1", "ny-moved-here", GUID])
@pytest.mark.parametrize("form", ["geojson", "csv", "kml"])
def test_our_own_files_keep_whatever_ids_their_zones_have(
    engine: Engine, load: Import, identity: str, form: str
) -> None:
    load("one.csv", table(""))
    with transaction(engine) as session:
        session.execute(text("UPDATE zone SET zone_id = :it"), {"it": identity})
    file, before = exported(engine, form), exported(engine)
    with transaction(engine) as session:
        session.execute(text("DELETE FROM zone"))
    report = load(f"ours.{form}", file)
    assert (report.added, zone_ids(engine)) == (1, [identity]), report.findings
    if form == "geojson":
        assert exported(engine) == before

"""Zones as features: boxes, properties, days, mirrors, and what a change does to them."""

from datetime import timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from directory import clock
from directory.db.log import Author
from directory.db.transaction import transaction
from directory.geo import BoundingBox
from directory.search.zone_features import QUERYABLES
from directory.store.writer import DirectoryWriter
from tests.support.api import ITEMS, change_darien, zones_of
from tests.support.site import Site


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    west=st.floats(-540, 540), east=st.floats(-540, 540),
    south=st.floats(-100, 100), north=st.floats(-100, 100),
)  # fmt: skip
def test_a_box_covers_what_walking_east_from_its_west_meets(
    client: FlaskClient, west: float, east: float, south: float, north: float
) -> None:
    if south > north:
        with pytest.raises(ValueError, match="north"):
            BoundingBox(west, south, east, north)
        return
    ids_in_box = {item["id"] for item in zones_of(client, f"bbox={west},{south},{east},{north}&limit=1000")["features"]}
    # The oracle walks: how far east of the west edge a zone lies, against how wide the box is.
    width = 360.0 if east - west >= 360 else (east - west) % 360
    for item in zones_of(client, "limit=1000")["features"]:
        longitude, latitude = item["geometry"]["coordinates"]
        walked = (longitude - west) % 360
        edges = min(abs(walked - width), walked, 360 - walked)
        if edges > 1e-6 or width == 360.0:
            inside = south <= latitude <= north and walked <= width
            assert (item["id"] in ids_in_box) == inside


def test_every_queryable_property_gives_exactly_the_zones_that_have_the_value(client: FlaskClient) -> None:
    everything = zones_of(client, "limit=1000")["features"]
    for name in QUERYABLES:
        for value in sorted({item["properties"][name] for item in everything} - {None})[:3]:
            expected_ids = [item["id"] for item in everything if item["properties"].get(name) == value]
            page = client.get(ITEMS, query_string={name: value, "limit": 1000}).json
            assert [item["id"] for item in page["features"]] == expected_ids, (name, value)


def test_towns_and_departments_may_be_asked_for_by_their_ids_and_states_in_any_case(client: FlaskClient) -> None:
    by_name = zones_of(client, "town=New Canaan&state=CT")
    assert by_name["numberMatched"] == 2
    for query in ("town=ct/new-canaan", "department=ct/new-canaan-police-department", "town=New Canaan&state=ct"):
        assert zones_of(client, query)["features"] == by_name["features"]
    assert client.get("/api/v1/towns?state=ct").json == {
        **client.get("/api/v1/towns?state=CT").json, "links": client.get("/api/v1/towns?state=ct").json["links"]
    }  # fmt: skip


def test_a_day_alone_means_the_whole_day(client: FlaskClient) -> None:
    day = zones_of(client, "limit=1")["features"][0]["properties"]["changed_at"][:10]
    everything = zones_of(client)["numberMatched"]
    assert zones_of(client, f"datetime={day}")["numberMatched"] == everything
    assert zones_of(client, f"datetime={day}/{day}")["numberMatched"] == everything


def mirrored(client: FlaskClient, copy: dict[str, Any], since: str, limit: int = 50) -> str:
    """Follow the feed as /docs tells a mirror to; gives where to ask from next."""
    address = f"{ITEMS}?changed_since={since}&limit={limit}"
    matched = None
    while True:
        page = client.get(address).json
        assert matched in (None, page["numberMatched"])
        matched = page["numberMatched"]
        for item in page["features"]:
            if item["geometry"] is None:
                assert item["properties"]["status"] == "withdrawn"
                copy.pop(item["id"], None)
            else:
                copy[item["id"]] = item
        following = [link["href"] for link in page["links"] if link["rel"] == "next"]
        if not following:
            return str(page["next_changed_since"])
        address = following[0].removeprefix("http://localhost")


def test_a_mirror_that_follows_the_feed_holds_the_directory(site: Site) -> None:
    client = site.visitor()
    copy: dict[str, Any] = {}
    since = mirrored(client, copy, "2017-01-01T00:00:00Z")
    everything = {item["id"]: item for item in zones_of(client, "limit=1000")["features"]}
    assert copy == everything and len(copy) > 600
    clock.run_ahead(timedelta(hours=1))
    with transaction(site.engine) as session:
        writer = DirectoryWriter(session, site.services.gazetteer, Author("test", ""))
        for zone_id in ("ct-darien-parking-lot", "ct-wilton-parking-lot"):
            stored = writer.stored(zone_id)
            assert stored is not None
            writer.change(stored[0], stored[1].model_copy(update={"spot_note": "by the flagpole"}))
        writer.retire(["ct-new-canaan-lobby"])
        writer.flush()
    site.services.snapshot_cache.invalidate()
    changed = client.get(f"{ITEMS}?changed_since={since}&limit=1000").json["features"]
    mirrored(client, copy, since, limit=100)
    everything = {item["id"]: item for item in zones_of(client, "limit=1000")["features"]}
    assert copy == everything and "ct-new-canaan-lobby" not in copy
    gone = next(item for item in changed if item["id"] == "ct-new-canaan-lobby")
    assert gone["geometry"] is None and gone["properties"]["status"] == "withdrawn"


def test_a_withdrawn_zone_keeps_its_address_and_says_so(site: Site) -> None:
    with transaction(site.engine) as session:
        writer = DirectoryWriter(session, site.services.gazetteer, Author("test", ""))
        writer.retire(["ct-new-canaan-lobby"])
        writer.flush()
    site.services.snapshot_cache.invalidate()
    item = site.visitor().get(f"{ITEMS}/ct-new-canaan-lobby").json
    assert item["properties"]["status"] == "withdrawn"


def test_a_zone_of_an_older_snapshot_never_stands_for_the_newer_one(site: Site) -> None:
    older = site.services.snapshot_cache.current()
    change_darien(site)
    newer = site.services.snapshot_cache.current()
    assert b"elsewhere" not in newer.collection.feature(older.by_id["ct-darien-parking-lot"])
    assert b"elsewhere" in newer.collection.feature(newer.by_id["ct-darien-parking-lot"])


def test_an_etag_holds_until_the_directory_changes(site: Site) -> None:
    client = site.visitor()
    paths = (ITEMS, f"{ITEMS}/ct-darien-parking-lot", "/api/v1/towns", "/downloads/ct/zones.geojson")
    tags = {path: client.get(path).headers["ETag"] for path in paths}
    for path, tag in tags.items():
        assert client.get(path, headers={"If-None-Match": tag}).status_code == 304
        assert client.get(path, headers={"If-None-Match": tag, "Accept-Encoding": "br"}).status_code == 304
        assert client.get(f"{path}?limit=1" if "downloads" not in path and "darien" not in path else path,
                          headers={"If-None-Match": 'W/"other"'}).status_code == 200  # fmt: skip
    change_darien(site)
    for path, tag in tags.items():
        assert client.get(path, headers={"If-None-Match": tag}).status_code == 200, path

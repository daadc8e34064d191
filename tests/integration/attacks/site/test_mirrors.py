"""A mirror holds what the directory holds, whatever the clocks of the site did, on every database."""

import shutil
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import text

from directory import clock
from directory.db.backup import back_up_to, restore
from directory.db.log import Author
from directory.db.transaction import transaction
from directory.search.snapshots.snapshot_cache import SnapshotCache
from directory.search.snapshots.snapshot_file import SnapshotFile
from directory.store.writer import DirectoryWriter
from tests.support.site import Site

ITEMS = "/api/v1/collections/zones/items"
FIRST, SECOND, THIRD = "ct-darien-parking-lot", "ct-wilton-parking-lot", "ct-new-canaan-lobby"


class Mirror:
    """Somebody's copy of the directory, kept as /docs tells."""

    def __init__(self, client: FlaskClient, *, by_time: bool = False) -> None:
        self.client = client
        self.copy: dict[str, Any] = {}
        self.by_time = by_time
        self.next = "changed_since=2017-01-01T00:00:00Z" if by_time else "after=start"
        self.resyncs = 0
        self.received = 0

    def follow(self, limit: int = 100, meanwhile: Callable[[], None] = lambda: None) -> None:
        address = f"{ITEMS}?{self.next}&limit={limit}"
        while address:
            page = self.client.get(address)
            assert page.status_code == 200, page.text
            self._take(page.json)
            following = [link["href"] for link in page.json["links"] if link["rel"] == "next"]
            address = following[0].removeprefix("http://localhost") if following else ""
            meanwhile()

    def _take(self, page: dict[str, Any]) -> None:
        if page.get("full_resync"):
            self.resyncs += 1
            self.copy.clear()
        self.received += len(page["features"])
        for item in page["features"]:
            if item["geometry"] is None:
                self.copy.pop(item["id"], None)
            else:
                self.copy[item["id"]] = item
        self.next = f"changed_since={page['next_changed_since']}" if self.by_time else f"after={page['next_cursor']}"


def everything(client: FlaskClient) -> dict[str, Any]:
    return {item["id"]: item for item in client.get(f"{ITEMS}?limit=1000").json["features"]}


def change(site: Site, zone_id: str, note: str, *, ahead: timedelta = timedelta(0)) -> None:
    """Change a zone while the site's clock is ahead."""
    clock.run_ahead(ahead)
    with transaction(site.engine) as session:
        writer = DirectoryWriter(session, site.services.gazetteer, Author("test", ""))
        known = writer.stored(zone_id)
        assert known is not None
        writer.change(known[0], known[1].model_copy(update={"spot_note": note}))
        writer.flush()
    site.services.snapshot_cache.invalidate()


@pytest.fixture(params=["by cursor", "by time"])
def mirror(request: pytest.FixtureRequest, site: Site) -> Mirror:
    return Mirror(site.visitor(), by_time=request.param == "by time")


def test_a_clock_that_was_ahead_for_a_day_loses_no_change(site: Site, mirror: Mirror) -> None:
    mirror.follow()
    change(site, FIRST, "written tomorrow", ahead=timedelta(days=1))
    mirror.follow()
    change(site, SECOND, "written today")
    mirror.follow()
    assert mirror.copy[SECOND]["properties"]["spot_note"] == "written today"
    assert mirror.copy == everything(mirror.client)


def test_nor_when_what_was_written_ahead_is_written_again_and_the_day_passes(site: Site, mirror: Mirror) -> None:
    change(site, FIRST, "written tomorrow", ahead=timedelta(days=1))
    mirror.follow()
    change(site, SECOND, "written today")
    change(site, FIRST, "written again today")
    clock.run_ahead(timedelta(days=3))
    change(site, THIRD, "three days later", ahead=timedelta(days=3))
    mirror.follow()
    assert mirror.copy == everything(mirror.client)


@pytest.mark.parametrize("ahead", [timedelta(days=400), timedelta(days=-400)], ids=["ahead", "behind"])
def test_nor_does_a_clock_that_is_wrong_by_a_year(site: Site, mirror: Mirror, ahead: timedelta) -> None:
    mirror.follow()
    change(site, FIRST, "at a wrong time", ahead=ahead)
    mirror.follow()
    change(site, SECOND, "at the right time")
    mirror.follow()
    assert mirror.copy == everything(mirror.client)


def test_a_change_between_two_pages_is_not_lost(site: Site, mirror: Mirror) -> None:
    notes = iter(range(1000))

    def meanwhile() -> None:
        number = next(notes)
        if number < 5:
            change(site, (FIRST, SECOND, THIRD)[number % 3], f"note {number}", ahead=timedelta(days=-number))

    mirror.follow(limit=150, meanwhile=meanwhile)
    mirror.follow()
    assert mirror.copy == everything(mirror.client)


def test_a_renamed_department_or_town_reaches_a_mirror_past_every_form(site: Site) -> None:
    mirror = Mirror(site.visitor())
    mirror.follow()
    with site.engine.begin() as connection:
        connection.execute(text("UPDATE town SET name = 'Another Darien' WHERE slug = 'ct/darien'"))
        connection.execute(text("UPDATE department SET name = 'Another Police' WHERE slug LIKE 'ct/wilton%'"))
    site.services.snapshot_cache.invalidate()
    before = mirror.received
    mirror.follow()
    assert mirror.copy == everything(mirror.client)
    assert mirror.copy[FIRST]["properties"]["town"] == "Another Darien"
    assert 2 <= mirror.received - before < 20, "only what was touched"


def test_who_has_everything_is_sent_nothing(site: Site) -> None:
    mirror = Mirror(site.visitor())
    mirror.follow()
    zones = mirror.received
    for _ in range(3):
        mirror.follow()
    assert mirror.received == zones and mirror.resyncs == 1
    change(site, FIRST, "one change")
    mirror.follow()
    assert mirror.received == zones + 1


def test_a_withdrawn_zone_goes_from_a_mirror(site: Site, mirror: Mirror) -> None:
    mirror.follow()
    with transaction(site.engine) as session:
        writer = DirectoryWriter(session, site.services.gazetteer, Author("test", ""))
        writer.retire([FIRST])
        writer.flush()
    site.services.snapshot_cache.invalidate()
    mirror.follow()
    assert FIRST not in mirror.copy and mirror.copy == everything(mirror.client)


def test_a_restored_directory_is_sent_whole_and_says_so(site: Site, tmp_path: Path) -> None:
    mirror = Mirror(site.visitor())
    mirror.follow()
    backup = tmp_path / "kept.safezones"
    back_up_to(site.engine, backup, site.settings.signing_key)
    change(site, FIRST, "lost by the restore")
    mirror.follow()
    assert mirror.resyncs == 1
    restore(site.engine, backup, site.settings.scratch_dir())
    site.services.snapshot_cache.invalidate()
    mirror.follow()
    assert mirror.resyncs == 2 and mirror.copy == everything(mirror.client)
    assert mirror.copy[FIRST]["properties"].get("spot_note") != "lost by the restore"
    change(site, SECOND, "after the restore")
    received = mirror.received
    mirror.follow()
    assert mirror.received == received + 1 and mirror.copy == everything(mirror.client)


def test_a_directory_read_whole_and_one_read_by_its_changes_give_the_same_cursors(site: Site) -> None:
    site.services.snapshot_cache.current()
    for number, zone_id in enumerate((FIRST, SECOND, THIRD, FIRST)):
        change(site, zone_id, f"note {number}")
        site.services.snapshot_cache.current()
    by_changes = site.services.snapshot_cache.current()
    whole = SnapshotCache(site.engine).current()
    revisions = {zone.zone_id: zone.revision for zone in whole.zones}
    assert {zone.zone_id: zone.revision for zone in by_changes.zones} == revisions
    assert revisions[FIRST] > revisions[THIRD] > revisions[SECOND]
    assert (whole.database_id, whole.revision) == (by_changes.database_id, by_changes.revision)


def test_a_worker_that_starts_without_the_database_gives_the_same_cursors(site: Site, tmp_path: Path) -> None:
    change(site, FIRST, "a change")
    now = site.services.snapshot_cache.current()
    kept = SnapshotFile(tmp_path / "kept.gz")
    kept.keep(now.directory)
    read = kept.read()
    assert read is not None and (read.database_id, read.revision) == (now.database_id, now.revision)
    assert [zone.revision for zone in read.zones] == [zone.revision for zone in now.zones]


NO_CURSORS = ("", "x", "start.", ".", "ab.-1", "ab.1.", "ab.1.A B", "\ufffe", "ab.1é", "ab." + "9" * 40)


@pytest.mark.parametrize("after", NO_CURSORS)
def test_what_is_no_cursor_is_refused_with_what_to_do(site: Site, after: str) -> None:
    answer = site.visitor().get(ITEMS, query_string={"after": after})
    assert answer.status_code == 400 and "next_cursor" in answer.text, answer.text


@pytest.mark.parametrize("after", ["abcdef.5", "0.999999999999999", ".0", "start"])
def test_a_cursor_that_nobody_gave_means_everything(site: Site, after: str) -> None:
    page = site.visitor().get(f"{ITEMS}?after={after}&limit=1000").json
    assert page["full_resync"] is True and len(page["features"]) == len(site.services.snapshot_cache.current().zones)


@pytest.mark.parametrize(
    "query", ["after=2026-01-01T00:00:00Z,ct-a", "after=ab.1&changed_since=2026-01-01", "after=ab.1&state=CT",
              "after=start&bbox=-74,41,-73,42", "after=start&offset=5"],
)  # fmt: skip
def test_a_cursor_goes_with_nothing_that_would_hide_a_change(site: Site, query: str) -> None:
    assert site.visitor().get(f"{ITEMS}?{query}").status_code == 400


def test_a_cursor_of_a_newer_worker_is_waited_for(site: Site) -> None:
    """Another worker has seen a change that this one has not looked for yet."""
    now = site.services.snapshot_cache.current()
    with site.engine.begin() as connection:
        connection.execute(text("UPDATE zone SET name = 'Newer' WHERE zone_id = :z"), {"z": FIRST})
        revision = connection.execute(text("SELECT generation FROM directory_version")).scalar()
    page = site.visitor().get(f"{ITEMS}?after={now.database_id}.{revision}").json
    assert (page["full_resync"], page["features"]) == (False, [])
    assert page["next_cursor"] == f"{now.database_id}.{revision}"


def test_a_cursor_is_of_the_file_that_gave_it(site: Site, tmp_path: Path) -> None:
    """A database file put back by hand has the old id, and fewer changes than the mirror has seen."""
    if site.engine.dialect.name != "sqlite":
        pytest.skip("this is about SQLite's own file")
    file = Path(str(site.engine.url.database))
    mirror = Mirror(site.visitor())
    mirror.follow()
    with site.engine.begin() as connection:
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    shutil.copy(file, tmp_path / "old")
    change(site, FIRST, "lost with the file")
    mirror.follow()
    site.engine.dispose()
    for part in ("-wal", "-shm"):
        file.with_name(file.name + part).unlink(missing_ok=True)
    (tmp_path / "old").replace(file)
    site.services.snapshot_cache.invalidate()
    mirror.follow()
    assert mirror.resyncs == 2 and mirror.copy == everything(mirror.client)

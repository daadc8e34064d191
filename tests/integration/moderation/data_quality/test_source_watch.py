"""Pages of sources: gone after three days, changed when they no longer mention exchanges; silence proves nothing."""

import http.client
from pathlib import Path

import pytest
from click.testing import CliRunner
from sqlalchemy import text

from directory.cli import main
from directory.clock import today
from directory.moderation.data_quality.source_watch import SourceFetcher, Watched, watch
from directory.store.directory_reader import read_directory
from tests.support.days import set_ahead
from tests.support.loopback import Loopback, Serve
from tests.support.site import Site, words_of

ZONE = "ct-darien-parking-lot"


class HereFetcher(SourceFetcher):
    """The same fetcher, let through to a plain server of the test's."""

    def __init__(self, port: int) -> None:
        self.port = port

    def permitted(self, address: str) -> bool:
        return True

    def _connection(self, domain: str, address: str) -> http.client.HTTPConnection:
        return http.client.HTTPConnection(address, self.port, timeout=self.seconds)


class Newspaper:
    """One source's own server, and what it answers; nobody names any other source."""

    def __init__(self, site: Site, serve: Serve) -> None:
        self.answer = (200, b"<p>Police open a safe exchange zone</p>")
        self.server: Loopback = serve(lambda _path: (*self.answer, 0))
        self._site = site
        with site.engine.begin() as connection:
            connection.execute(text("UPDATE zone SET source_url = '', sources = '[]', evidence = '{}', program = ''"))
            values = {"u": "http://127.0.0.1/news/1?page=2", "z": ZONE}
            connection.execute(text("UPDATE zone SET source_url = :u WHERE zone_id = :z"), values)

    def watched(self, days: int = 0) -> Watched:
        set_ahead(days)
        fetcher = HereFetcher(self.server.server_port)
        return watch(self._site.context, read_directory(self._site.engine).zones, fetcher, pause_seconds=0)

    def cases(self) -> list[tuple[str, str]]:
        return [tuple(row) for row in self._site.rows("SELECT kind, state FROM data_case ORDER BY id")]


@pytest.fixture
def newspaper(site: Site, loopback: Serve) -> Newspaper:
    return Newspaper(site, loopback)


def test_a_page_that_is_missing_on_three_days_is_a_case_once_and_settled_when_it_is_back(
    site: Site, newspaper: Newspaper
) -> None:
    assert newspaper.watched() == Watched(looked_at=1)
    assert newspaper.server.asked == ["/news/1?page=2"]
    newspaper.answer = (404, b"")
    assert [newspaper.watched(day).cases for day in (1, 1, 2, 3, 4)] == [0, 0, 0, 1, 0]
    assert newspaper.cases() == [("source_gone", "open")]
    page = site.staff().get("/review/data").text
    assert "The source’s page is gone" in page and 'href="http://127.0.0.1/news/1?page=2"' in page
    newspaper.answer = (200, b"safe exchange zone")
    newspaper.watched(5)
    assert newspaper.cases() == [("source_gone", "settled")]


def test_an_address_with_signs_that_browsers_encode_is_asked(site: Site, newspaper: Newspaper) -> None:
    with site.engine.begin() as connection:
        values = {"u": "http://127.0.0.1/quartier-sûr/50%25?q=été", "z": ZONE}
        connection.execute(text("UPDATE zone SET source_url = :u WHERE zone_id = :z"), values)
    assert newspaper.watched() == Watched(looked_at=1)
    assert newspaper.server.asked == ["/quartier-s%C3%BBr/50%25?q=%C3%A9t%C3%A9"]


def test_a_page_that_no_longer_mentions_exchanges_is_a_case(newspaper: Newspaper) -> None:
    newspaper.answer = (200, b"<script>var exchange;</script><p>Cookies</p>")
    assert newspaper.watched().cases == 0, "it never did"
    newspaper.answer = (200, b"Meet for a transaction")
    newspaper.watched(1)
    newspaper.answer = (200, b"<script>var exchange;</script><p>Cookies</p>")
    assert newspaper.watched(2).cases == 1
    assert newspaper.cases() == [("source_changed", "open")]


def sources_of(site: Site) -> tuple[str, str, str]:
    """When the zone's page was read, the date of what it says, and the versions that the zone has."""
    query = "SELECT source_seen, source_date FROM zone WHERE zone_id = :z"
    versions = "SELECT count(*) FROM change WHERE subject = :z AND action IN ('added', 'changed')"
    return (*site.rows(query, z=ZONE)[0], site.rows(versions, z=ZONE)[0][0])


def test_a_page_that_still_says_so_is_read_that_day_and_states_nothing_anew(site: Site, newspaper: Newspaper) -> None:
    _, date, versions = sources_of(site)
    newspaper.watched(3)
    day = today().isoformat()
    assert sources_of(site) == (day, date, versions)
    site.services.snapshot_cache.invalidate()
    assert "read last on" in words_of(site.visitor().get(f"/zones/{ZONE}"))
    for answer in ((200, b"<p>Cookies</p>"), (404, b""), (500, b"")):
        newspaper.answer = answer
        newspaper.watched(4)
        assert sources_of(site) == (day, date, versions)


def test_a_release_that_knows_no_day_of_reading_leaves_it(site: Site, newspaper: Newspaper, tmp_path: Path) -> None:
    path = tmp_path / "release.geojson"
    assert CliRunner().invoke(main, ["export", "--output", str(path)], env=site.environment).exit_code == 0
    newspaper.watched(3)
    before = sources_of(site)
    done = CliRunner().invoke(main, ["import", str(path)], env=site.environment)
    assert done.exit_code == 0 and sources_of(site) == before, done.output


@pytest.mark.parametrize("status", [500, 403, 302])
def test_a_server_in_trouble_says_nothing_of_its_pages(newspaper: Newspaper, status: int) -> None:
    newspaper.answer = (status, b"")
    for day in range(1, 6):
        watched = newspaper.watched(day)
        assert (watched.missing, watched.unanswered, watched.cases) == (0, 1, 0)
    assert newspaper.cases() == []


def test_private_addresses_are_not_asked(site: Site, newspaper: Newspaper) -> None:
    zones = read_directory(site.engine).zones
    assert watch(site.context, zones, SourceFetcher(), pause_seconds=0).unanswered == 1
    assert newspaper.server.asked == []

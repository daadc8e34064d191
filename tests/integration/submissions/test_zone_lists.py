"""A department's zone list is read at the address that its manager set, and what goes wrong is told."""

import http.client
import json
from typing import Any

import pytest
from click.testing import CliRunner, Result
from flask.testing import FlaskClient

from directory.cli import main
from directory.submissions.zone_lists.fetcher import ListFetcher
from tests.support.loopback import Serve
from tests.support.site import DARIEN, SITE, Site, errors, words_of
from tests.support.zone_lists import CHIEF, LOBBY, PAGE, lot

URL = "https://127.0.0.1/FeatureServer/0/query?where=1=1&f=geojson"


class HereFetcher(ListFetcher):
    """The same fetcher, let through to a plain server of the test's."""

    def permitted(self, address: str) -> bool:
        return True

    def _connection(self, domain: str, address: str) -> http.client.HTTPConnection:
        return http.client.HTTPConnection(address, self.port, timeout=self.seconds)


class OwnSystem:
    """The department's own server, and what it answers."""

    def __init__(self, serve: Serve) -> None:
        self.status, self.content = 200, b""
        self.server = serve(lambda _path: (self.status, self.content, 0))

    def offer(self, *features: Any) -> None:
        self.content = json.dumps({"type": "FeatureCollection", "features": features}).encode()


@pytest.fixture
def system(site: Site, loopback: Serve, monkeypatch: pytest.MonkeyPatch) -> OwnSystem:
    """A department's own system, which the site's pages and commands may reach."""
    system = OwnSystem(loopback)
    monkeypatch.setattr(HereFetcher, "port", system.server.server_port)
    monkeypatch.setattr("directory.web.http.container.ListFetcher", HereFetcher)
    object.__setattr__(site.services, "list_fetcher", HereFetcher())
    return system


@pytest.fixture
def chief(site: Site) -> FlaskClient:
    """A verified and accepted manager of the Darien police, signed in."""
    return site.accepted_clerk(CHIEF)


def set_address(manager: FlaskClient, url: str = URL) -> None:
    assert manager.post(f"{PAGE}/address", data={"url": url}).status_code == 302


def pull(site: Site, days_ahead: int = 0) -> Result:
    environment = site.environment | {
        "SAFEZONES_GEOCODERS": "", "SAFEZONES_BASE_URL": SITE, "SAFEZONES_CLOCK_AHEAD_DAYS": str(days_ahead),
    }  # fmt: skip
    result = CliRunner(env=environment).invoke(main, ["pull-zones"])
    assert not result.exception or isinstance(result.exception, SystemExit), result.output
    site.services.snapshot_cache.invalidate()
    return result


def test_a_list_is_read_once_a_day_and_taken_as_a_pushed_one_is(
    site: Site, chief: FlaskClient, system: OwnSystem
) -> None:
    system.offer(lot(site, phone="203-555-0199"), LOBBY)
    set_address(chief)
    result = pull(site)
    assert result.exit_code == 0, result.output
    assert f"{DARIEN}: 1 live, 1 waiting" in result.output
    assert system.server.asked == ["/FeatureServer/0/query?where=1=1&f=geojson"]
    assert site.visitor().get("/zones/ct-darien-lobby").status_code == 200
    assert sorted(site.rows("SELECT state, channel FROM submission")) == [
        ("approved", "pull"), ("waiting_for_review", "pull"),
    ]  # fmt: skip
    assert "lists that were due: 0" in pull(site).output
    assert len(system.server.asked) == 1
    assert f"{DARIEN}: 1 unchanged, 1 waiting" in pull(site, days_ahead=1).output
    assert len(site.rows("SELECT id FROM submission")) == 2
    assert "Read last" in words_of(chief.get(PAGE))


def test_reading_it_now_shows_what_would_become_of_it_and_changes_nothing(
    site: Site, chief: FlaskClient, system: OwnSystem
) -> None:
    system.offer(lot(site, phone="203-555-0199"), LOBBY)
    set_address(chief)
    page = chief.post(f"{PAGE}/address/try")
    assert page.status_code == 200
    assert "waits for a second person" in words_of(page) and "It changes a telephone number" in words_of(page)
    assert site.rows("SELECT count(*) FROM submission") == [(0,)]
    assert "Not read yet." in words_of(chief.get(PAGE))


def test_a_list_that_cannot_be_read_is_told_at_the_desk_since_when_and_left_alone_for_longer(
    site: Site, chief: FlaskClient, system: OwnSystem
) -> None:
    system.status = 404
    set_address(chief)
    result = pull(site)
    assert result.exit_code == 1
    assert f"{DARIEN}: not read: the web server answered 404." in result.output
    desk = words_of(chief.get(f"/desk/{DARIEN}"))
    assert "Your list could not be read" in desk and "The web server answered 404." in desk
    assert "Could not be read since" in words_of(chief.get(PAGE))
    assert "El servidor" in words_of(chief.get(PAGE, headers={"Accept-Language": "es"}))
    days = []
    for day in range(16):
        before = len(system.server.asked)
        pull(site, day)
        days += [day] if len(system.server.asked) > before else []
    assert days == [1, 3, 7, 14]
    system.status = 200
    system.offer(lot(site))
    assert pull(site, 22).exit_code == 0
    assert "could not be read" not in words_of(chief.get(f"/desk/{DARIEN}"))


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"<html>", "The list is no GeoJSON."),
        (b'{"type":"FeatureCollection","features":[]}', "The list has no zones."),
        (b'{"type":"FeatureCollection","features":[],"properties":{"exceededTransferLimit":true}}', "only a part"),
        (b" " * 2_000_001, "The answer is too long."),
    ],
    ids=["html", "empty", "part", "long"],
)  # fmt: skip
def test_an_answer_that_is_no_whole_list_changes_nothing(
    site: Site, chief: FlaskClient, system: OwnSystem, content: bytes, words: str
) -> None:
    system.content = content
    set_address(chief)
    response = chief.post(f"{PAGE}/address/try")
    assert response.status_code == 400 and words in words_of(response)
    assert pull(site).exit_code == 1
    assert site.rows("SELECT count(*) FROM submission") == [(0,)]


def test_no_private_address_is_read(site: Site, chief: FlaskClient) -> None:
    for url in ("https://127.0.0.1/zones.geojson", "https://169.254.169.254/latest", "https://10.0.0.1/"):
        set_address(chief, url)
        response = chief.post(f"{PAGE}/address/try")
        assert response.status_code == 400 and "leads to a private address" in words_of(response), url


@pytest.mark.parametrize(
    "url",
    ["", "http://gis.darienct.gov/zones.geojson", "ftp://gis.darienct.gov/", "file:///etc/passwd", "gis",
     "https://user:secret@gis.darienct.gov/", "https://gis.darienct.gov:8443/", "https://gis.darienct.gov:x/",
     "https://gis.darienct.gov/a b", "https://gis.darienct.gov/" + "x" * 1_000],
)  # fmt: skip
def test_an_address_that_is_not_plain_https_is_refused(site: Site, chief: FlaskClient, url: str) -> None:
    response = chief.post(f"{PAGE}/address", data={"url": url})
    assert response.status_code == 400 and errors(response)
    assert site.rows("SELECT count(*) FROM zone_list_address") == [(0,)]


def test_a_removed_address_is_read_no_more(site: Site, chief: FlaskClient, system: OwnSystem) -> None:
    set_address(chief)
    assert chief.post(f"{PAGE}/address/remove").status_code == 302
    assert "lists that were due: 0" in pull(site).output and system.server.asked == []
    assert chief.post(f"{PAGE}/address/remove").status_code == 404
    assert chief.post(f"{PAGE}/address/try").status_code == 400


def test_an_address_ends_with_the_rights_of_whoever_set_it(site: Site, chief: FlaskClient, system: OwnSystem) -> None:
    set_address(chief)
    chief.post(f"/desk/{DARIEN}/people", data={"email": "deputy@darienct.gov", "role": "manager"})
    deputy = site.signed_in("deputy@darienct.gov")
    number = site.rows("SELECT id FROM person WHERE email = :e", e=CHIEF)[0][0]
    deputy.post(f"/desk/{DARIEN}/people/{number}/remove")
    system.offer(LOBBY)
    assert pull(site).exit_code == 1
    assert system.server.asked == [] and "is no manager of the department any more" in words_of(deputy.get(PAGE))
    set_address(deputy)
    assert pull(site).exit_code == 0


def test_only_a_manager_sets_tries_or_removes_an_address(site: Site, chief: FlaskClient, system: OwnSystem) -> None:
    set_address(chief)
    chief.post(f"/desk/{DARIEN}/people", data={"email": "editor@darienct.gov", "role": "editor"})
    for path, form in (("address", {"url": URL}), ("address/try", {}), ("address/remove", {})):
        assert site.signed_in("editor@darienct.gov").post(f"{PAGE}/{path}", data=form).status_code == 403
        assert site.visitor().post(f"{PAGE}/{path}", data=form).status_code == 401
    assert system.server.asked == []
    assert site.rows("SELECT url FROM zone_list_address") == [(URL,)]

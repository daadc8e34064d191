"""What only addresses need: geocoders that are dead, slow or lie, a damaged gazetteer, tiles."""

import os
import shutil
import signal
import time

import pytest

from directory.settings import Settings
from tests.conftest import Built
from tests.integration.faults.conftest import ADDRESS, RunningSite, getter, searching_goes_on
from tests.integration.geocoding.test_chain import census
from tests.support.loopback import Serve
from tests.support.site import words_of

pytestmark = pytest.mark.slow

LIES = {
    "dead": (500, b"", 0.0),
    "slow": (200, census(41.1412, -73.4907), 120.0),
    "in another country": (200, census(48.8566, 2.3522), 0.0),
    "in another state": (200, census(34.05, -118.24), 0.0),
    "latitude and longitude swapped": (200, census(-73.4907, 41.1412), 0.0),
    "out of this world": (200, census(941.1412, -9973.4907), 0.0),
    "not a number": (200, census(41.1412, -73.4907).replace(b"41.1412", b'"north"'), 0.0),
    "garbage": (200, b"\x00\xff<html>", 0.0),
    "another shape": (200, b'{"result": {"addressMatches": [{"coordinates": []}]}}', 0.0),
    "an endless list": (200, b'{"result": {"addressMatches": [' + b"{}," * 200_000 + b"{}]}}", 0.0),
}


@pytest.mark.parametrize("lie", LIES)
def test_a_geocoder_that_lies_or_is_silent_never_sends_anybody_far_away(
    own_settings: Settings, build_app: Built, loopback: Serve, lie: str
) -> None:
    server = loopback(lambda _path: LIES[lie])
    settings = own_settings.model_copy(update={"geocoders": ("census",), "census_url": server.url})
    client = build_app(settings).test_client()
    begun = time.monotonic()
    found = client.get(ADDRESS)
    assert time.monotonic() - begun < 30, "three seconds for the geocoder, and the page; silence lasts two minutes"
    assert found.status_code == 200
    assert ("New Canaan" in words_of(found) and "We do not know the street address" in words_of(found)) or (
        "do not answer" in words_of(found)
    )
    searching_goes_on(getter(client))
    assert server.asked, "the geocoder was never asked"


def test_a_dead_geocoder_is_left_alone_after_three_failures(
    own_settings: Settings, build_app: Built, loopback: Serve
) -> None:
    server = loopback(lambda _path: (500, b"", 0.0))
    settings = own_settings.model_copy(update={"geocoders": ("census",), "census_url": server.url})
    client = build_app(settings).test_client()
    for number in range(10):
        client.get(f"/search?q={number}+South+Avenue,+New+Canaan,+CT+06840")
    assert len(server.asked) == 3


def test_a_gazetteer_that_is_damaged_under_a_running_site_is_made_again(running: RunningSite) -> None:
    searching_goes_on(running.get)
    copy = next(running.folder.glob("gazetteer-*.sqlite"))
    real = copy.resolve()
    copy.unlink()
    shutil.copy(real, copy)
    with copy.open("r+b") as file:
        file.write(b"garbage!" * 1_000)
    for pid in running.workers():
        os.kill(pid, signal.SIGKILL)
    running.eventually("/healthz", lambda status, _text: status == 200)
    time.sleep(4)  # Granian starts a worker again only so often
    running.eventually("/healthz", lambda status, _text: status == 200)
    searching_goes_on(running.get)


def test_a_tile_server_is_never_asked_by_the_server(running: RunningSite) -> None:
    """Tiles are the browser's: what it shows without them is tested in a browser (tests/browser)."""
    page = running.get("/towns/ct/new-canaan")[1]
    assert "tile.openstreetmap.org" not in page


def test_pages_and_api_say_what_was_read_also_while_the_services_are_silent(
    own_settings: Settings, build_app: Built, loopback: Serve
) -> None:
    server = loopback(lambda _path: (500, b"", 0.0))
    given = {"geocoders": ("nominatim",), "nominatim_url": server.url, "nominatim_interval": 0}
    client = build_app(own_settings.model_copy(update=given)).test_client()
    for path in ("/search?q=", "/embed?near="):
        page = client.get(f"{path}Colerain+Township,+OH")
        assert page.status_code == 503 and "many townships are not in our list" in words_of(page)
    problem = client.get("/api/v1/geocode?address=Colerain+Township,+OH")
    assert problem.status_code == 503
    assert [note["code"] for note in problem.get_json()["interpretation"]["notes"]] == ["township_unknown"]

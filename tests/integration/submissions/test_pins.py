"""Where a zone that is sent in stands: looked up, pointed out, shown before."""

import re
from collections.abc import Iterator

import pytest

from directory.settings import Settings
from tests.integration.geocoding.test_chain import census
from tests.support.connections import ConnectionsInUse
from tests.support.loopback import Serve
from tests.support.site import WESTON, ZONE, Site, site_on, words_of


def test_the_preview_of_a_moved_pin_shows_it_where_it_will_be(site: Site) -> None:
    clerk = site.visitor()
    ours = clerk.post("/zones/ct-darien-parking-lot/ours", data={"action": "correct"}).headers["Location"]
    moved = {"hours_mode": "always", "latitude": "41.0851", "longitude": "-73.4686"}
    draft = clerk.post(ours, data=moved).headers["Location"]
    preview = clerk.get(re.search(rf"{draft}/zones/\w+/preview", clerk.get(draft).text)[0])  # type: ignore[index]
    assert 'class="map-drawn"' in preview.text and "picture.svg" not in preview.text
    assert "picture.svg" in site.visitor().get("/zones/ct-darien-parking-lot").text


@pytest.fixture
def geocoded(own_settings: Settings, loopback: Serve) -> Iterator[Site]:
    """A site whose geocoder finds every address at one place in Weston."""
    server = loopback(lambda _path: (200, census(41.2009, -73.3807), 0))
    settings = own_settings.model_copy(update={"geocoders": ("census",), "census_url": server.url})
    with site_on(settings) as site:
        yield site


def test_no_transaction_is_open_while_a_geocoder_is_asked(own_settings: Settings, loopback: Serve) -> None:
    connections: list[int] = []

    def answer(_path: str) -> tuple[int, bytes, float]:
        connections.append(in_use.count)
        return 200, census(41.2009, -73.3807), 0

    settings = own_settings.model_copy(update={"geocoders": ("census",), "census_url": loopback(answer).url})
    with site_on(settings) as site:
        in_use = ConnectionsInUse(site.engine)
        site.submit(site.visitor(), {"latitude": "", "longitude": ""})
    assert connections and set(connections) == {0}


def test_an_address_without_a_pin_is_looked_up_and_said_to_be(geocoded: Site) -> None:
    clerk = geocoded.visitor()
    form = clerk.post("/submit", data=WESTON).headers["Location"]
    clerk.post(form, data={**ZONE, "latitude": "", "longitude": ""})
    items = geocoded.rows("SELECT items FROM submission")[0][0]
    assert "41.200900" in items and '"location_source": "address"' in items
    found = clerk.get("/submit/locate?street_address=56+Norfield+Road&town=Weston&state=CT").json
    assert found == {"latitude": 41.2009, "longitude": -73.3807}


def test_a_pin_over_150_meters_from_its_address_is_pointed_out(geocoded: Site) -> None:
    clerk = geocoded.visitor()
    form = clerk.post("/submit", data=WESTON).headers["Location"]
    draft = clerk.post(form, data={**ZONE, "latitude": "41.2020"}).headers["Location"]  # 122 m
    assert "from where the address is found" not in words_of(clerk.get(draft))
    item = re.findall(rf"{draft}/zones/\w+", clerk.get(draft).text)[0]
    clerk.post(item, data={**ZONE, "latitude": "41.2025"})  # 178 m
    for path in (draft, item):
        assert "The pin is 0.1 mi from where the address is found" in words_of(clerk.get(path))

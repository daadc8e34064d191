"""Travel times as a person asks for them, on a site whose operator runs a router."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import expect

from directory.geo import Coordinates, distance_m
from directory.routing.router import Trip
from directory.settings import Settings
from tests.browser.forms.conftest import RunningSite, opened
from tests.browser.forms.person import Person
from tests.browser.forms.test_filters import apply, results
from tests.conftest import copied
from tests.support.loopback_router import running_router

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def site(real_settings: Settings, tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningSite]:
    """A site with a router whose roads lead straight, for walkers and drivers at 6 km/h."""
    with running_router(at_walking_pace) as router, copied(real_settings, tmp_path_factory.mktemp("site")) as settings:
        settings = settings.model_copy(update={"router": f"valhalla:{router.url}"})
        with opened(settings) as site:
            yield site


def at_walking_pace(origin: Coordinates, target: Coordinates) -> Trip:
    meters = distance_m(origin, target)
    return Trip(meters / (6 / 3.6), meters)


def test_the_order_is_chosen_among_the_filters_and_left_by_a_link(person: Person) -> None:
    distances = person.page.locator(".far")
    results(person, "q=174 South Avenue, New Canaan, CT")
    expect(distances.nth(3)).not_to_contain_text("drive")
    person.choose("In order of", "drive")
    assert apply(person)["mode"] == ["drive"]
    expect(person.page.get_by_label("In order of")).to_have_value("drive")
    expect(distances.nth(3)).to_contain_text("min drive ·")
    expect(distances.nth(3)).to_contain_text("in a straight line")
    person.follow("Order by walking time")
    expect(distances.nth(3)).to_contain_text("walk")
    person.follow("Order by distance")
    expect(distances.nth(3)).not_to_contain_text("walk")
    assert "mode" not in person.asked()

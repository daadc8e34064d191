"""Police stations as a reader meets them, with and without script: a link, a list, and the way back to a search."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from directory.settings import Settings
from directory.stations.repository import import_stations
from tests.conftest import running_copy

pytestmark = pytest.mark.browser

ROWS = (
    "name,city,state,telephone,lat,lon,year\n"
    "Miles City Police,Miles City,MT,406-555-0100,46.408,-105.841,2018\n"
    "Redding Police,Redding,CT,203-555-0100,41.30,-73.38,2018\n"
)


@pytest.fixture(scope="module")
def site_url(real_settings: Settings, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    folder = tmp_path_factory.mktemp("stations")
    (folder / "list.csv").write_text(ROWS)
    import_stations(folder, folder / "list.csv", source="the State Police", progress=lambda _done: None)
    with running_copy(real_settings, folder) as address:
        yield address


@pytest.fixture(params=[True, False], ids=["script", "no script"])
def page(browser: Browser, request: pytest.FixtureRequest) -> Iterator[Page]:
    context = browser.new_context(viewport={"width": 390, "height": 844}, java_script_enabled=request.param)
    yield context.new_page()
    context.close()


def test_where_no_zone_is_near_the_stations_are_there_with_a_number_to_call(page: Page, site_url: str) -> None:
    page.goto(f"{site_url}/search?q=59301")
    station = page.locator(".station")
    expect(station).to_have_count(1)
    expect(station).to_contain_text("Not a safe zone: ask first")
    expect(station).to_contain_text("Listed by the State Police, 2018.")
    expect(station.get_by_role("link")).to_have_attribute("href", "tel:406-555-0100")
    expect(page.get_by_role("link", name="Google Maps", exact=True)).to_be_visible()


def test_where_a_zone_is_near_they_come_by_a_link_and_stay_while_the_search_is_narrowed(
    page: Page, site_url: str
) -> None:
    page.goto(f"{site_url}/search?q=06840")
    expect(page.locator(".station")).to_have_count(0)
    page.get_by_role("link", name="Police stations near here").click()
    expect(page.locator(".station")).to_have_count(1)
    expect(page.locator("#stations")).to_be_in_viewport()
    page.locator("details.filters > summary").click()
    page.locator("select[name=setting]").select_option("lot")
    page.get_by_role("button", name="Apply").click()
    page.wait_for_load_state()
    assert "setting=lot" in page.url
    expect(page.locator(".station")).to_have_count(1)

"""What a browser stores of kept zones, and what never: in Chromium."""

import json
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import expect

from quality.site import watch_policy
from tests.browser.meetings.conftest import DARIEN, STORED, Open, keep, until_installed, words

pytestmark = pytest.mark.browser


SECRETS = ("Hecker Lane 4711", "41.107", "-73.473", "Springfield", "somebody@example.org", "Paint on the sign")


def test_nothing_that_was_typed_is_found_in_any_storage(phone: Open, site_url: str) -> None:
    page = phone(
        site_url, geolocation={"latitude": 41.10712, "longitude": -73.47321}, permissions=["geolocation"]
    )  # fmt: skip
    until_installed(page)
    page.get_by_label("Address, ZIP or postal code").fill("Hecker Lane 4711, Darien, CT")
    page.get_by_role("button", name="Find safe zones").click()
    page.goto(f"{site_url}/search?q=Springfield")
    page.goto(site_url)
    page.get_by_role("button", name="Use my location").click()
    page.wait_for_url("**lat=41.107**")
    page.locator(".top-card h2 a").click()
    keep(page, site_url + DARIEN)
    page.goto(f"{site_url}{DARIEN}/report")
    page.locator("[name=text]").fill("Paint on the sign")
    page.locator("[name=contact]").fill("somebody@example.org")
    page.get_by_role("button", name="Send the report").click()
    page.goto(f"{site_url}/kept")
    page.wait_for_load_state("networkidle")
    stored = page.evaluate(STORED)
    assert stored["databases"] == [] and stored["session"] == {} and list(stored["local"]) == ["kept-zones"]
    assert not [secret for secret in SECRETS if secret in json.dumps(stored, ensure_ascii=False)]
    saved = {urlsplit(name.split(" ")[1]) for name in stored["pages"]}
    assert {one.path for one in saved if not one.path.startswith("/static/")} == {"/tips", "/kept", DARIEN}
    assert not any(one.query for one in saved)
    form_tokens = [name for name, text in stored["pages"].items() if "csrf_token" in text]
    assert form_tokens == []


def test_no_request_of_the_worker_leaves_the_site_or_holds_a_query(phone: Open, site_url: str) -> None:
    page = phone("about:blank")
    asked: list[str] = []
    page.context.on("request", lambda request: asked.append(request.url) if request.service_worker else None)
    page.goto(site_url + DARIEN)
    keep(page)
    page.goto(f"{site_url}/search?q=06840")
    page.goto(f"{site_url}/kept")
    page.wait_for_load_state("networkidle")
    assert len(asked) > 4
    assert {urlsplit(address).netloc for address in asked} == {urlsplit(site_url).netloc}
    assert not [address for address in asked if urlsplit(address).query]


def test_neither_the_desk_nor_an_embed_nor_an_error_brings_the_worker(phone: Open, site_url: str) -> None:
    for path in ("/embed/ct/darien", "/nothing", "/desk/keys?x=1"):
        page = phone(site_url + path)
        page.wait_for_timeout(5_000)
        is_sign_in = "/sign-in" in page.url  # a public page, to which the desk leads
        found = page.evaluate("navigator.serviceWorker.getRegistrations().then((all) => all.length)")
        assert found == int(is_sign_in), path


BLOCKED = """const refuse = { get() { throw new DOMException("no", "SecurityError"); } };
Object.defineProperty(window, "localStorage", refuse);
Object.defineProperty(window, "caches", refuse);"""


FULL = """Storage.prototype.setItem = () => { throw new DOMException("full", "QuotaExceededError"); };"""


@pytest.mark.parametrize(
    ("script", "told"),
    [(BLOCKED, "lets this site store nothing, as in a private window"), (FULL, "has no room for it")],
)
def test_a_browser_that_stores_nothing_says_so_and_nothing_breaks(
    phone: Open, site_url: str, script: str, told: str
) -> None:
    page = phone("about:blank", script)
    problems = watch_policy(page)
    page.goto(site_url + DARIEN)
    page.get_by_role("button", name="Keep this zone").click()
    expect(page.locator("[data-keep] [role=status]")).to_contain_text(told)
    assert page.get_by_role("button", name="Keep this zone").is_visible()
    assert "Hours of the coming seven days" in words(page)
    page.goto(f"{site_url}/kept")
    assert page.get_by_role("heading", level=1).inner_text() == "Kept zones and meetings"
    assert problems == []


HOSTILE = "<img src=x onerror=window.P=1><script>window.P=1</script>"


FOREIGN = [
    "", "null", "7", "[]", "{", '"text"', '{"zones": [{"id": "x"}]}', '{"version": 1}', '{"version": 1, "zones": 3}',
    '{"version": 1, "zones": [null, 7, {}, {"id": 3}, {"id": "../desk"}, {"id": ""}]}',
    '{"version": "1", "zones": [{"id": "x", "name": "a text as version"}]}',
]  # fmt: skip


def test_what_is_not_ours_in_the_storage_is_ignored_and_breaks_nothing(phone: Open, site_url: str) -> None:
    page = phone(f"{site_url}/tips")
    problems = watch_policy(page)
    for text in FOREIGN:
        page.evaluate("(text) => localStorage.setItem('kept-zones', text)", text)
        page.goto(f"{site_url}/kept")
        expect(page.get_by_text("You keep no zone yet.")).to_be_visible()
        keep(page, site_url + DARIEN)
        page.get_by_role("button", name="Keep it no longer").click()
    assert problems == []


def test_stored_texts_are_shown_as_text_and_lead_nowhere_else(phone: Open, site_url: str) -> None:
    page = phone(f"{site_url}/tips")
    zone = dict.fromkeys(
        ("name", "owner", "spot", "address", "hours", "phone", "source", "notice", "pin", "lang"), HOSTILE
    )
    zone |= {"id": "javascript:alert(1)", "next": "javascript:alert(1)", "saved": HOSTILE}
    text = json.dumps({"version": 1, "zones": [zone]})
    page.evaluate("(text) => localStorage.setItem('kept-zones', text)", text)
    page.goto(f"{site_url}/kept")
    page.wait_for_load_state("networkidle")
    card = page.locator("[data-kept-list=zones] .row")
    assert card.locator("h3").inner_text() == HOSTILE and card.locator("img, script").count() == 0
    links = [link.get_attribute("href") or "" for link in card.locator("a:visible").all()]
    assert links and all(link.startswith(("/zones/", "tel:")) for link in links)
    assert page.evaluate("window.P") is None


def test_a_list_of_a_newer_release_is_left_alone_and_said(phone: Open, site_url: str) -> None:
    page = phone(f"{site_url}/tips")
    newer = '{"version":2,"places":["x"]}'
    page.evaluate("(text) => localStorage.setItem('kept-zones', text)", newer)
    page.goto(site_url + DARIEN)
    page.get_by_role("button", name="Keep this zone").click()
    expect(page.locator("[data-keep] [role=status]")).to_contain_text("A newer release of this site wrote the list")
    page.goto(f"{site_url}/kept")
    expect(page.get_by_role("status")).to_contain_text("A newer release of this site wrote the list")
    assert page.evaluate("localStorage.getItem('kept-zones')") == newer

"""Kept zones and tips without a network, in Chromium: what is saved, what never is, and how a new release comes."""

import json
import re
import shutil
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from datetime import date
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from directory.settings import Settings
from quality.pages import axe_violations
from quality.site import answer_tiles, free_port, running_site, watch_policy
from tests.conftest import ROOT, copied
from tests.support.days import in_days

pytestmark = pytest.mark.browser

DARIEN = "/zones/ct-darien-parking-lot"
WILTON = "/zones/ct-wilton-parking-lot"
Open = Callable[..., Page]
STORED = """async () => {
  const pages = {};
  for (const name of await caches.keys()) {
    const cache = await caches.open(name);
    for (const request of await cache.keys()) {
      pages[`${name} ${request.url}`] = await (await cache.match(request)).text();
    }
  }
  return { pages, local: { ...localStorage }, session: { ...sessionStorage }, databases: await indexedDB.databases() };
}"""
"""Everything that the site has stored in this browser."""


@pytest.fixture
def phone(browser: Browser) -> Iterator[Open]:
    """Opens a page in a browser of its own on a phone: phone(address, **options of the context)."""
    contexts: list[BrowserContext] = []

    def open_page(address: str, script: str = "", **options: Any) -> Page:
        context = browser.new_context(**{"viewport": {"width": 390, "height": 844}, **options})
        contexts.append(context)
        answer_tiles(context)
        if script:
            context.add_init_script(script)
        page = context.new_page()
        page.goto(address)
        return page

    yield open_page
    for context in contexts:
        context.close()


def until(page: Page, expression: str, argument: object = None) -> None:
    """Until a script says yes; the policy of the pages forbids Playwright's own way, which evaluates texts in them."""
    ends = time.monotonic() + 30
    script = (
        f"async (given) => {{ const wish = await ({expression}); return !!(await (wish?.call ? wish(given) : wish)); }}"
    )
    while not page.evaluate(script, argument):
        assert time.monotonic() < ends, expression
        page.wait_for_timeout(50)


def until_installed(page: Page) -> None:
    """Until the worker is there for the next page."""
    until(page, "navigator.serviceWorker.ready.then(({ active }) => active.state === 'activated')")


def keep(page: Page, address: str = "", button: str = "Keep this zone") -> None:
    if address:
        page.goto(address)
    until_installed(page)
    page.get_by_role("button", name=button).click()
    expect(page.get_by_text("Kept in this browser only")).to_be_visible()
    until(page, f"caches.match({json.dumps(urlsplit(page.url).path)}, {{ ignoreVary: true }})")


def cached(page: Page) -> list[str]:
    """The paths that are saved, with the name of their cache."""
    return [re.sub(r"http://[^/]+", "", name) for name in page.evaluate(STORED)["pages"]]


def words(page: Page) -> str:
    return " ".join(page.locator("body").inner_text().split())


def today() -> str:
    return f"{date.today():%B} {date.today().day}, {date.today().year}"


def test_a_kept_zone_the_list_and_the_tips_open_without_a_network_and_say_the_day(phone: Open, site_url: str) -> None:
    page = phone(site_url + DARIEN)
    keep(page)
    page.context.set_offline(True)
    for path, heading in (
        (DARIEN, "Darien police · parking lot"),
        ("/tips", "Tips for meeting safely"),
    ):
        page.goto(site_url + path)
        assert page.get_by_role("heading", level=1).inner_text() == heading
        assert f"a copy that your browser saved on {today()}" in words(page)
        assert page.evaluate("getComputedStyle(document.querySelector('.banner')).borderBottomWidth") == "2px"
    page.goto(f"{site_url}/kept")
    assert "Darien police · parking lot" in words(page) and "25 Hecker Ave, Darien, CT 06820" in words(page)
    assert f"Saved on {today()}" in words(page) and "Open at all hours" in words(page)
    page.get_by_role("link", name="Darien police · parking lot").click()
    expect(page.get_by_text("25 Hecker Ave")).to_be_visible()


def test_a_copy_leaves_out_what_held_for_its_moment_only(phone: Open, site_url: str) -> None:
    page = phone(site_url + DARIEN)
    assert page.locator(".standing .is-open").is_visible() and "Were you there?" in words(page)
    keep(page)
    page.context.set_offline(True)
    page.reload()
    assert not [label.inner_text() for label in page.locator(".is-open, .is-closed").all() if label.is_visible()]
    assert "today" not in words(page) and "Were you there?" not in words(page)
    assert not page.get_by_role("button", name="Keep it no longer").is_visible()


def test_the_start_and_a_zone_that_was_not_kept_lead_to_the_list_without_a_network(phone: Open, site_url: str) -> None:
    page = phone(site_url + DARIEN)
    keep(page)
    page.context.set_offline(True)
    for path in ("/", WILTON):
        page.goto(site_url + path)
        assert page.get_by_role("heading", level=1).inner_text() == "Kept zones and meetings"
        assert "The page that you opened is not saved in this browser." in words(page)
        assert page.get_by_role("link", name="Darien police · parking lot").is_visible()
    page.context.set_offline(False)
    page.goto(site_url + WILTON)
    assert "This site cannot be reached" not in words(page)


def test_a_page_from_the_network_renews_its_copy_and_is_never_the_copy(phone: Open, site_url: str) -> None:
    page = phone(site_url + DARIEN)
    keep(page)
    page.evaluate(
        """async (path) => {
          const cache = await caches.open("kept-zones");
          await cache.put(path, new Response("<html><body>an old copy</body></html>"));
        }""",
        DARIEN,
    )
    page.reload()
    assert "25 Hecker Ave" in words(page) and "This site cannot be reached" not in words(page)
    until(
        page,
        "async (path) => (await (await caches.match(path, { ignoreVary: true })).text()).includes('25 Hecker Ave')",
        DARIEN,
    )


def test_copies_come_in_the_language_that_was_chosen_last(phone: Open, site_url: str) -> None:
    page = phone(f"{site_url}/tips")
    until_installed(page)
    page.goto(f"{site_url}/tips?lang=es")
    until(
        page,
        "async () => (await (await caches.match('/tips', { ignoreVary: true })).text()).includes('<html lang=\"es\"')",
    )
    page.context.set_offline(True)
    page.goto(f"{site_url}/tips")
    assert page.locator("html").get_attribute("lang") == "es"


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


def test_the_list_is_kept_with_the_keyboard_alone_and_says_what_it_did(phone: Open, site_url: str, axe: str) -> None:
    page = phone(site_url + DARIEN)
    until_installed(page)
    page.get_by_role("button", name="Keep this zone").focus()
    page.keyboard.press("Enter")
    expect(page.locator("[data-keep] [role=status]")).to_have_text(
        "Kept in this browser only. It opens without a network too."
    )
    keep(page, site_url + WILTON)
    page.goto(f"{site_url}/kept")
    names = page.locator("[data-kept-list=zones] .row h3").all_inner_texts()
    assert len(names) == 2
    page.get_by_role("button", name=f"Remove {names[0]}").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("status")).to_have_text(f"{names[0]} was removed.")
    expect(page.locator("[data-kept-list=zones] .row")).to_have_count(1)
    assert axe_violations(page, axe) == []
    until(page, f"caches.match('{WILTON}').then((found) => !found)")
    assert page.evaluate("document.activeElement.textContent") == "Undo"
    page.keyboard.press("Enter")
    expect(page.locator("[data-kept-list=zones] .row h3").first).to_have_text(names[0])
    until(page, f"caches.match('{WILTON}', {{ ignoreVary: true }})")
    page.get_by_role("button", name="Remove all").focus()
    page.keyboard.press("Enter")
    expect(page.locator("[data-kept-list=zones] .row")).to_have_count(0)
    expect(page.get_by_text("You keep no zone yet.")).to_be_visible()
    assert page.evaluate("localStorage.length") == 0
    page.keyboard.press("Enter")
    expect(page.locator("[data-kept-list=zones] .row")).to_have_count(2)


@pytest.mark.parametrize("width", [390, 1280])
def test_the_filled_list_and_a_copy_are_clean_for_axe_and_keep_the_policy(
    phone: Open, site_url: str, axe: str, width: int
) -> None:
    page = phone("about:blank", viewport={"width": width, "height": 844})
    problems = watch_policy(page)
    keep(page, site_url + "/zones/ct-new-canaan-lobby")
    keep(page, site_url + DARIEN)
    keep(page, f"{site_url}{DARIEN}/meet?date={in_days(9)}&time=19:00&make=1", "Keep this meeting")
    card = urlsplit(page.url).path
    for is_offline in (False, True):
        page.context.set_offline(is_offline)
        for path in ("/kept", DARIEN, card, "/tips"):
            for scheme in ("light", "dark"):
                page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
                page.goto(site_url + path)
                assert axe_violations(page, axe) == [], (path, scheme, is_offline)
                assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
                assert problems + page.evaluate("window.violations") == []


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


def test_a_page_that_cannot_be_saved_says_that_only_the_list_opens(phone: Open, site_url: str) -> None:
    page = phone(site_url + DARIEN)
    until_installed(page)
    page.context.set_offline(True)
    page.get_by_role("button", name="Keep this zone").click()
    expect(page.locator("[data-keep] [role=status]")).to_contain_text("without a network only the list opens")
    page.goto(f"{site_url}/kept")
    assert "25 Hecker Ave" in words(page)


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


def test_a_zone_that_is_gone_or_was_replaced_says_so(phone: Open, site_url: str) -> None:
    page = phone(f"{site_url}/tips")
    until_installed(page)
    zones = [
        {"id": name, "name": name, "saved": "2026-01-02T12:00:00Z"}
        for name in ("ct-nowhere", "il-oak-forest-lobby-and-lot")
    ]
    page.evaluate("(text) => localStorage.setItem('kept-zones', text)", json.dumps({"version": 1, "zones": zones}))
    page.goto(f"{site_url}/kept")
    cards = page.locator("[data-kept-list=zones] .row")
    expect(cards.nth(0)).to_contain_text("No longer in the directory: do not go there.")
    assert cards.locator(".pin-2").count() == 2, "neither has the pin of a place that can be used"
    expect(cards.nth(1)).to_contain_text("it was replaced")
    assert "Saved on January 2, 2026" in cards.nth(0).inner_text()
    page.context.set_offline(True)
    page.reload()
    expect(cards.nth(0)).to_contain_text("No longer in the directory")
    page.context.set_offline(False)
    page.goto(f"{site_url}/kept")
    cards.nth(1).get_by_role("link", name="See what took its place").click()
    page.wait_for_url("**/zones/il-oak-forest-parking-lot")


def test_two_windows_show_the_same_list(phone: Open, site_url: str) -> None:
    page = phone(site_url + DARIEN)
    keep(page)
    other = page.context.new_page()
    other.goto(f"{site_url}/kept")
    expect(other.locator("[data-kept-list=zones] .row")).to_have_count(1)
    page.get_by_role("button", name="Keep it no longer").click()
    expect(other.locator("[data-kept-list=zones] .row")).to_have_count(0)


@contextmanager
def next_release(folder: Path) -> Iterator[Path]:
    """A copy of this tree with another static file: the next release."""
    for name in ("directory", "templates", "data"):
        shutil.copytree(ROOT / name, folder / name, ignore=shutil.ignore_patterns("__pycache__", "*.br", "*.gz"))
    shutil.copy(ROOT / "pyproject.toml", folder)
    with (folder / "directory" / "static" / "site.css").open("a") as file:
        file.write("\n.next-release { color: inherit; }\n")
    yield folder


def releases(page: Page) -> set[str]:
    """The releases whose worker has saved pages."""
    return {name for name in page.evaluate("caches.keys()") if name.startswith("release-")}


def test_a_new_release_takes_over_and_strands_no_open_page_and_can_be_taken_back(
    phone: Open, real_settings: Settings, tmp_path: Path
) -> None:
    site_folder, code = tmp_path / "site", tmp_path / "next"
    site_folder.mkdir()
    port = free_port()
    with copied(real_settings, site_folder):
        with running_site(site_folder, port=port) as address:
            page = phone(address + DARIEN)
            keep(page)
            old = releases(page)
            html = page.request.get(address + DARIEN).text()
            own_files = re.findall(r'(?:src|href)="(/static/[^"]+\.(?:js|css|svg))"', html)
            assert len(own_files) > 3
        page.reload()
        assert "a copy that your browser saved" in words(page), "with the server stopped the copy answers"
        other = page.context.new_page()
        with next_release(code), running_site(site_folder, port=port, code=code):
            # The old page is still open while another window brings the new worker.
            other.goto(address + "/tips")
            until(
                other,
                "async (old) => (await caches.keys()).some((name) => name.startsWith('release-') && name !== old)",
                next(iter(old)),
            )
            until_installed(other)
            for file in own_files:
                assert page.evaluate("(file) => fetch(file).then((answer) => answer.status)", file) == 200, file
            assert old < releases(page)
            other.close()
            page.goto(address + DARIEN, wait_until="domcontentloaded")
            until(page, "(old) => caches.has(old).then((has) => !has)", next(iter(old)))
            assert len(releases(page)) == 1
            until(
                page,
                "async (css) => (await (await caches.match(location.pathname, { ignoreVary: true })).text())"
                ".includes(css)",
                urlsplit(page.locator("link[rel=stylesheet][href*=site]").first.get_attribute("href") or "").path,
            )
        page.reload()
        assert "a copy that your browser saved" in words(page)
        assert page.locator("body").evaluate("(body) => getComputedStyle(body).marginTop") == "0px", "with its styles"
        with running_site(site_folder, port=port, offline_copies="false"):
            page.goto(f"{address}/kept")
            # Each visit asks for a newer worker; one request alone may come while the server still starts.
            until(
                page,
                "navigator.serviceWorker.getRegistrations().then((all) => "
                "Promise.allSettled(all.map((found) => found.update())).then(() => !all.length))",
            )
            assert page.evaluate("caches.keys()") == []
            page.reload()
            assert page.locator("[data-kept-list=zones] .row").count() == 1, "the list stays, for it is the reader's"
            page.goto(address + DARIEN)
            assert page.get_by_role("button", name="Keep this zone").count() == 0


def take(server: socket.socket, answer: bytes) -> None:
    """Take every connection and say this; nothing, where the answer is empty."""
    with ExitStack() as taken:
        while True:
            try:
                connection = taken.enter_context(server.accept()[0])
            except OSError:
                return
            if answer:
                connection.recv(65_536)
                connection.sendall(answer)
                connection.close()


BAD_GATEWAY = b"HTTP/1.1 502 Bad Gateway\r\nContent-Length: 3\r\nConnection: close\r\n\r\nbad"


def test_the_copy_is_shown_where_nobody_answers_or_the_proxy_reaches_no_site(
    phone: Open, real_settings: Settings, tmp_path: Path
) -> None:
    port = free_port()
    with copied(real_settings, tmp_path), running_site(tmp_path, port=port) as address:
        page = phone(address + DARIEN)
        keep(page)
    for answer in (BAD_GATEWAY, b""):
        with socket.create_server(("127.0.0.1", port)) as server:
            taking = threading.Thread(target=take, args=(server, answer))
            taking.start()
            page.goto(address + DARIEN, wait_until="domcontentloaded")
            assert "a copy that your browser saved" in words(page) and "25 Hecker Ave" in words(page)
            server.shutdown(socket.SHUT_RDWR)
            taking.join()

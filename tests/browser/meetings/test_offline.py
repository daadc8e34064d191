"""Kept zones and tips without a network, in Chromium: which copies are shown, and what they say."""

import json
import re
import shutil
import socket
import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Page, expect

from directory.settings import Settings
from quality.site import free_port, running_site
from tests.browser.meetings.conftest import DARIEN, WILTON, Open, keep, releases, today, until, until_installed, words
from tests.conftest import ROOT, copied
from tests.support.waiting import eventually

pytestmark = pytest.mark.browser


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
    assert page.locator(".place-summary .is-open").is_visible() and "Were you there?" in words(page)
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


def test_a_page_that_cannot_be_saved_says_that_only_the_list_opens(phone: Open, site_url: str) -> None:
    page = phone(site_url + DARIEN)
    until_installed(page)
    page.context.set_offline(True)
    page.get_by_role("button", name="Keep this zone").click()
    expect(page.locator("[data-keep] [role=status]")).to_contain_text("without a network only the list opens")
    page.goto(f"{site_url}/kept")
    assert "25 Hecker Ave" in words(page)


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


@contextmanager
def next_release(folder: Path) -> Iterator[Path]:
    """A copy of this tree with another static file: the next release."""
    for name in ("directory", "templates", "data"):
        shutil.copytree(ROOT / name, folder / name, ignore=shutil.ignore_patterns("__pycache__", "*.br", "*.gz"))
    shutil.copy(ROOT / "pyproject.toml", folder)
    with (folder / "directory" / "static" / "site.css").open("a") as file:
        file.write("\n.next-release { color: inherit; }\n")
    yield folder


def has_let_go_after_a_visit(page: Page, address: str, cache: str) -> bool:
    """Whether the cache is gone; each visit tidies up, unless a window that was closed just before still counts."""
    page.goto(address)
    page.wait_for_load_state("networkidle")
    return bool(page.evaluate("(name) => caches.has(name).then((has) => !has)", cache))


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
            eventually(lambda: has_let_go_after_a_visit(page, address + DARIEN, next(iter(old))))
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

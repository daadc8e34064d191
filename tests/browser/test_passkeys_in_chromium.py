"""Passkeys with Chromium's own authenticator: registered on the desk, used at the sign-in, under the strict policy."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, CDPSession, Page, expect

from directory.settings import Settings
from quality.desks import ADMINISTRATOR, administrator, mailed
from quality.site import watch_policy
from tests.conftest import running_copy

pytestmark = pytest.mark.browser


@dataclass
class Desk:
    """An administrator's page, with a security key plugged in."""

    page: Page
    site: str
    folder: Path
    problems: list[str]
    devtools: CDPSession
    authenticator: str

    def set(self, method: str, **values: Any) -> Any:
        return self.devtools.send(f"WebAuthn.{method}", {"authenticatorId": self.authenticator, **values})


@pytest.fixture
def desk(browser: Browser, real_settings: Settings, tmp_path: Path) -> Iterator[Desk]:
    with running_copy(real_settings, tmp_path) as address:
        site = address.replace("127.0.0.1", "localhost")  # a passkey is made for a name, never for a number
        context = browser.new_context(storage_state=administrator(browser, tmp_path, site))
        page = context.new_page()
        problems = watch_policy(page)
        devtools = context.new_cdp_session(page)
        devtools.send("WebAuthn.enable")
        options = {"protocol": "ctap2", "transport": "internal", "hasUserVerification": True, "isUserVerified": True,
                   "automaticPresenceSimulation": True}  # fmt: skip
        added = devtools.send("WebAuthn.addVirtualAuthenticator", {"options": options})
        yield Desk(page, site, tmp_path, problems, devtools, added["authenticatorId"])
        context.close()


def sign_in_again(desk: Desk) -> None:
    page = desk.page
    page.goto(f"{desk.site}/desk")
    page.get_by_role("button", name="Sign out", exact=True).click()
    page.goto(f"{desk.site}/sign-in")
    page.get_by_label("Your e-mail at work").fill(ADMINISTRATOR)
    before = set((desk.folder / "mail").iterdir())
    page.get_by_role("button", name="Mail me a link").click()
    for _ in range(600):
        if set((desk.folder / "mail").glob("*.eml")) - before:
            break
        page.wait_for_timeout(100)
    page.goto(f"{desk.site}/sign-in/{mailed(desk.folder, ADMINISTRATOR, '/sign-in/')}")
    page.get_by_role("button", name="Sign in here").click()


def test_a_passkey_is_registered_and_lets_an_administrator_in(desk: Desk) -> None:
    page = desk.page
    page.goto(f"{desk.site}/desk")
    page.get_by_role("link", name="Codes and passkeys").click()
    page.get_by_label("Name for it").fill("Office laptop")
    desk.set("setUserVerified", isUserVerified=False)
    page.get_by_role("button", name="Add a passkey").click()
    expect(page.locator("[data-passkey-status]")).to_contain_text("The browser made no passkey")
    desk.set("setUserVerified", isUserVerified=True)
    page.get_by_role("button", name="Add a passkey").click()
    expect(page.locator("main .plain-list")).to_contain_text("Office laptop")

    sign_in_again(desk)
    desk.set("setUserVerified", isUserVerified=False)
    page.get_by_role("button", name="Use a passkey").click()
    expect(page.locator("[data-passkey-status]")).to_contain_text("The browser used no passkey")
    desk.set("setUserVerified", isUserVerified=True)
    page.get_by_role("button", name="Use a passkey").click()
    expect(page.get_by_role("navigation", name="Review desk")).to_be_visible()
    assert [*desk.problems, *page.evaluate("window.violations")] == []


def test_a_replayed_and_a_foreign_answer_are_refused(desk: Desk) -> None:
    page = desk.page
    page.goto(f"{desk.site}/desk/keys")
    page.get_by_label("Name for it").fill("Key")
    page.get_by_role("button", name="Add a passkey").click()
    expect(page.locator("main .plain-list")).to_contain_text("Key")
    sign_in_again(desk)
    sent: list[str] = []
    page.on("request", lambda request: sent.append(request.post_data or "") if "passkey" in request.url else None)
    page.get_by_role("button", name="Use a passkey").click()
    expect(page.get_by_role("navigation", name="Review desk")).to_be_visible()
    form = next(data for data in sent if "answer=" in data)
    sign_in_again(desk)
    again = page.request.post(
        f"{desk.site}/sign-in/passkey", data=form, headers={"Content-Type": "application/x-www-form-urlencoded"}
    )
    assert again.status == 400
    page.goto(f"{desk.site}/review")
    expect(page.get_by_role("button", name="Use a passkey")).to_be_visible()

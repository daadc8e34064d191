"""Signing in and out, the second proof and passkeys, used as a person does."""

import pyotp
import pytest
from playwright.sync_api import Browser, expect

from directory.accounts.staff import appoint
from directory.db.tables.accounts import Staff
from tests.browser.forms.conftest import RunningSite, enter, somebody, watched
from tests.browser.forms.person import Person

pytestmark = pytest.mark.browser


def sign_in(person: Person, site: RunningSite, email: str) -> None:
    person.visit("/sign-in")
    person.fill("Your e-mail at work", email)
    person.press("Mail me a link")
    person.visit(site.link(email, "/sign-in/"))
    person.press("Sign in here")


def test_somebody_signs_in_by_a_mailed_link_and_out_again(person: Person, site: RunningSite) -> None:
    email = f"clerk-{person.scripts}@example.org".lower()
    with site.prepared():
        clerk = site.visitor()
        site.submit(clerk, email=email, department="Easton Police Department", town="Easton")
        site.confirm(clerk, email)
    person.visit("/sign-in")
    person.fill("Your e-mail at work", "not an address")
    person.press("Mail me a link")
    assert (
        "Write it like name@example.org." in person.words() and person.value("Your e-mail at work") == "not an address"
    )
    sign_in(person, site, email)
    for button in ("Sign out", "Sign out on every device"):
        person.visit("/desk")
        assert person.title() == "Your zones" and email in person.words()
        person.press(button, exact=True)
        person.visit("/desk")
        assert person.title() == "Sign in"
        with site.prepared():
            enter(person, site.signed_in(email))


def prove_twice(person: Person, site: RunningSite, email: str) -> None:
    """The first time: the key for the app is shown."""
    sign_in(person, site, email)
    person.fill("Code", "000000")
    person.press("Go on")
    assert "That code is wrong" in person.words()
    secret = person.page.locator("main code").inner_text()
    person.fill("Code", pyotp.TOTP(secret).now())
    person.press("Go on")


def test_a_moderator_proves_themselves_twice(person: Person, site: RunningSite) -> None:
    email = f"moderator-{person.scripts}@example.org".lower()
    appoint(site.context, email, Staff.MODERATOR, "operator")
    prove_twice(person, site, email)
    assert person.page.get_by_role("navigation", name="Review desk").is_visible()


def test_a_passkey_is_added_and_used_and_the_app_removed(
    browser: Browser, site: RunningSite, request: pytest.FixtureRequest
) -> None:
    email = "head@example.org"
    with somebody(browser, site) as person, watched(person, request):
        person.site = person.site.replace("127.0.0.1", "localhost")  # a passkey is made for a name, never for a number
        tools = person.page.context.new_cdp_session(person.page)
        tools.send("WebAuthn.enable")
        options = {"protocol": "ctap2", "transport": "internal", "hasUserVerification": True, "isUserVerified": True,
                   "automaticPresenceSimulation": True}  # fmt: skip
        tools.send("WebAuthn.addVirtualAuthenticator", {"options": options})
        with site.prepared():
            enter(person, site.staff(email))
        person.visit("/desk/keys")
        person.fill("Name for it", "Laptop")
        person.press("Add a passkey")
        expect(person.page.locator("main .plain-list")).to_contain_text("Laptop")
        person.press("Remove Laptop")
        assert "Laptop" not in person.page.locator("main .plain-list").inner_text()
        person.fill("Name for it", "Key")
        tools.send("WebAuthn.disable")
        tools.send("WebAuthn.enable")
        tools.send("WebAuthn.addVirtualAuthenticator", {"options": options})
        person.press("Add a passkey")
        expect(person.page.locator("main .plain-list")).to_contain_text("Key")
        person.press("Remove App with six-digit codes")
        assert "App with six-digit codes" not in person.page.locator("main .plain-list").inner_text()
        person.visit("/desk")
        person.press("Sign out", exact=True)
        sign_in(person, site, email)
        assert person.page.get_by_label("Code").count() == 0
        person.press("Use a passkey")
        expect(person.page.get_by_role("navigation", name="Review desk")).to_be_visible()

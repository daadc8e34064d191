"""One story, from a town without a zone to an entry that fades and comes back: real server, real mail, real browser."""

import re
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from email.message import EmailMessage
from pathlib import Path

import pyotp
import pytest
from aiosmtpd.controller import Controller
from playwright.sync_api import Browser, Page, expect

from directory.confirmations.reminders import REMINDER_DAYS
from quality.site import answer_tiles, free_port, running_site, site_environment, wait_for_map
from tests.conftest import ROOT
from tests.support.mailbox import Mailbox
from tests.support.site import body
from tests.support.waiting import eventually

pytestmark = pytest.mark.browser
PICTURES = ROOT / "screenshots" / "story"
CLERK, MODERATOR = "clerk@westonct.gov", "moderator@example.org"


class Story:
    """The site at one address, whatever year it is, and everybody's mailbox."""

    def __init__(self, folder: Path, box: Mailbox, smtp_port: int) -> None:
        self.folder, self.box, self.port = folder, box, free_port()
        self.address = f"http://127.0.0.1:{self.port}"
        self.settings = {
            "smtp_host": "127.0.0.1", "smtp_port": str(smtp_port), "smtp_security": "none",
            "mail_from": "zones@example.org", "base_url": self.address,
        }  # fmt: skip
        self.pictures = 0

    @contextmanager
    def days_later(self, days: int) -> Iterator[None]:
        """The site as it is so many days from now."""
        with running_site(self.folder, port=self.port, clock_ahead_days=str(days), **self.settings):
            yield

    def command(self, *words: str, days: int = 0) -> str:
        environment = site_environment(self.folder, clock_ahead_days=str(days), **self.settings)
        done = subprocess.run(
            [sys.executable, "-m", "directory", *words], env=environment, capture_output=True, text=True
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    def mail(self, to: str, subject: str, count: int = 1) -> EmailMessage:
        """The `count`-th mail with that subject that SMTP really delivered; waits for it."""

        def mails() -> list[EmailMessage]:
            return [mail for tos, mail in self.box.received if tos == [to] and subject in str(mail["Subject"])]

        eventually(lambda: len(mails()) >= count)
        return mails()[count - 1]

    def link(self, mail: EmailMessage, part: str) -> str:
        found = re.search(rf"{re.escape(self.address)}{part}\S*", body(mail))
        assert found is not None, body(mail)
        return found[0]

    def picture(self, page: Page, name: str) -> None:
        self.pictures += 1
        page.screenshot(path=PICTURES / f"{self.pictures:02}-{name}.png", full_page=True)


@pytest.fixture
def story(tmp_path: Path) -> Iterator[Story]:
    PICTURES.mkdir(parents=True, exist_ok=True)
    box, port = Mailbox(), free_port()
    controller = Controller(box, hostname="127.0.0.1", port=port)
    controller.start()
    yield Story(tmp_path, box, port)
    controller.stop()


def new_page(browser: Browser, width: int = 1280) -> Page:
    context = browser.new_context(viewport={"width": width, "height": 844})
    answer_tiles(context)
    return context.new_page()


def test_a_town_gets_its_zones_and_keeps_them_fresh(story: Story, browser: Browser, tmp_path: Path) -> None:
    domains = tmp_path / "domains.csv"
    domains.write_text(
        "Domain name,Domain type,Organization name,City,State\nwestonct.gov,City,Town of Weston,Weston,CT\n"
    )
    story.command("import", str(ROOT / "data" / "zones.geojson"))
    story.command("domains", str(domains))
    story.command("staff", MODERATOR)
    with story.days_later(0):
        clerk = new_page(browser)
        the_clerk_sends_seven_zones(story, clerk)
        moderator = new_page(browser)
        the_moderator_signs_in(story, moderator)
        the_moderator_asks_for_a_change(story, moderator)
        the_clerk_changes_it(story, browser)
        the_moderator_approves(story, moderator)
        the_zones_are_found_everywhere(story, browser)
    for number, days in enumerate(REMINDER_DAYS, start=1):
        assert "departments asked: 1, about zones: 7" in story.command("remind", days=days)
        assert "departments asked: 0" in story.command("remind", days=days)
        story.command("mail", days=days)
        story.mail(CLERK, "Are your safe zones still correct?", number)
    with story.days_later(185):
        page = new_page(browser, 390)
        page.goto(f"{story.address}/search?q=Weston,+CT")
        expect(page.locator(".top-card .is-old")).to_contain_text("over half a year ago")
        story.picture(page, "amber")
    with story.days_later(370):
        the_entry_has_faded(story, browser)
        the_clerk_confirms(story, browser)
        page = new_page(browser)
        page.goto(f"{story.address}/search?q=Weston,+CT")
        expect(page.locator(".results-list")).to_contain_text("School Road")
        story.picture(page, "back-again")


def the_clerk_sends_seven_zones(story: Story, page: Page) -> None:
    page.goto(f"{story.address}/towns/ct/weston")
    page.get_by_role("link", name="Are you the police department? Send your zone in.").click()
    page.get_by_label("Name of the department").fill("Weston Police Department")
    expect(page.get_by_label("Town")).to_have_value("Weston")
    page.get_by_label("Your e-mail at work").fill(CLERK)
    story.picture(page, "which-department")
    page.get_by_role("button", name="Go on").click()
    page.get_by_label("Lobby", exact=True).check()
    page.get_by_label("Street address").fill("56 Norfield Road")
    page.get_by_label("ZIP or postal code").fill("06883")
    page.locator("[data-map]").scroll_into_view_if_needed()
    wait_for_map(page)
    page.get_by_role("button", name="Put the pin at the map’s center").click()
    assert page.get_by_label("Latitude").input_value().startswith("41.2")
    page.get_by_label("By the day").check()
    for day in ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday"):
        page.get_by_label(f"{day} from").fill("08:00")
        page.get_by_label(f"{day} to").fill("16:30")
    page.keyboard.press("Tab")
    expect(page.locator("[data-hours-read]")).to_contain_text("Monday – Friday 8 AM – 4:30 PM")
    page.get_by_role("radiogroup", name="Recorded").get_by_label("Yes").check()
    story.picture(page, "a-zone")
    page.get_by_role("button", name="Save and add another zone").click()
    page.get_by_label("Parking lot", exact=True).check()
    page.get_by_label("Street address").fill("56 Norfield Road")
    page.get_by_label("At all hours").check()
    page.get_by_role("button", name="Save and see the draft").click()
    page.get_by_role("link", name="Upload a spreadsheet").click()
    the_clerk_corrects_a_messy_file(story, page)
    page.get_by_role("link", name="Go on to the draft").click()
    story.picture(page, "draft")
    page.get_by_role("button", name="Send", exact=True).click()
    expect(page.locator("main")).to_contain_text("Now look into your mailbox")
    page.goto(story.link(story.mail(CLERK, "Please confirm your submission"), "/submit/confirm/"))
    page.get_by_role("button", name="Yes, that was me").click()
    expect(page.locator("main")).to_contain_text("We have it")
    story.picture(page, "proven")


def the_clerk_corrects_a_messy_file(story: Story, page: Page) -> None:
    """A file with a title, an unknown column, misspelled states, “same as above” and hours without days."""
    page.get_by_label("File").set_input_files(ROOT / "tests/cases/messy-upload.csv")
    page.get_by_role("button", name="Check the file").click()
    page.get_by_label("Where it is").select_option(label="Exact spot")
    on_phone_and_desk(story, page, "columns")
    page.get_by_role("button", name="Read the file this way").click()
    expect(page.locator("main")).to_contain_text("3 rows wait for a correction")
    page.get_by_label("Put this into all 2 rows that say “Conecticut”").fill("CT")
    on_phone_and_desk(story, page, "findings")
    page.get_by_label("Row 6, State or province").fill("CT")
    page.get_by_label("Row 3, Telephone").fill("203-222-2600")
    page.get_by_role("button", name="Save and check again").click()
    expect(page.locator("main")).to_contain_text("0 rows wait for a correction")
    page.goto(page.url.partition("/sheet")[0])  # a day later, from the mailed link
    page.get_by_role("link", name="Go on with messy-upload.csv").click()
    page.get_by_label("Row 6, Hours").fill("Mon-Fri 8am-5pm")
    page.get_by_role("button", name="Save and check again").click()
    expect(page.locator("main")).to_contain_text("5 rows are in the draft")
    expect(page.locator("main")).not_to_contain_text("does not name the days")


def on_phone_and_desk(story: Story, page: Page, name: str) -> None:
    """Pictures of a page in both widths, in neither of which it scrolls sideways."""
    desk = page.viewport_size
    for width in (390, 1280):
        page.set_viewport_size({"width": width, "height": 844})
        # A new size reaches the layout of a busy browser a moment later.
        page.wait_for_function("width => document.documentElement.scrollWidth <= width", arg=width, timeout=5_000)
        story.picture(page, f"{name}-{width}")
    if desk:
        page.set_viewport_size(desk)


def the_moderator_signs_in(story: Story, page: Page) -> None:
    story.mail(MODERATOR, "You are now moderator")
    page.goto(f"{story.address}/review")
    page.get_by_label("Your e-mail at work").fill(MODERATOR)
    page.get_by_role("button", name="Mail me a link").click()
    page.goto(story.link(story.mail(MODERATOR, "Your link to sign in"), "/sign-in/"))
    page.get_by_role("button", name="Sign in here").click()
    secret = page.locator("main code").inner_text()
    page.get_by_label("Code").fill(pyotp.TOTP(secret).now())
    page.get_by_role("button", name="Go on").click()
    expect(page.get_by_role("navigation", name="Review desk")).to_be_visible()
    story.picture(page, "queue")


def the_moderator_asks_for_a_change(story: Story, page: Page) -> None:
    page.get_by_role("link", name="Weston Police Department, CT").click()
    expect(page.locator(".levels .reached")).to_contain_text("westonct.gov is registered for Town of Weston, CT")
    page.locator("[data-map]").scroll_into_view_if_needed()
    wait_for_map(page)
    story.picture(page, "case")
    page.keyboard.press("r")
    page.keyboard.type("Which door of the town hall is the lobby?")
    page.locator("h1").click()
    page.keyboard.press("c")
    expect(page.get_by_role("navigation", name="Review desk")).to_be_visible()


def the_clerk_changes_it(story: Story, browser: Browser) -> None:
    mail = story.mail(CLERK, "A question about your submission")
    assert "> Which door of the town hall is the lobby?" in body(mail)
    page = new_page(browser, 390)  # on the way home, by phone
    page.goto(story.link(mail, "/submit/"))
    story.picture(page, "change-requested")
    page.get_by_role("link", name="Change Safe exchange zone").first.click()
    page.get_by_label("Exact spot").fill("through the east door, left of the stairs")
    for _ in range(3):
        page.get_by_role("button", name="Next").click()
    page.get_by_role("button", name="Save and see the draft").click()
    page.get_by_role("button", name="Send", exact=True).click()
    # The phone is not signed in: whoever has the link alone proves the address again.
    expect(page.locator("main")).to_contain_text("Now look into your mailbox")
    page.goto(story.link(story.mail(CLERK, "Please confirm your submission", 2), "/submit/confirm/"))
    page.get_by_role("button", name="Yes, that was me").click()
    expect(page.locator("main")).to_contain_text("We have it")


def the_moderator_approves(story: Story, page: Page) -> None:
    page.reload()
    page.get_by_role("link", name="Weston Police Department, CT").click()
    expect(page.locator("main")).to_contain_text("through the east door")
    page.get_by_label("Reason, read by the sender").fill("Welcome to the directory.")
    page.get_by_role("button", name="Approve").click()
    expect(page.get_by_role("navigation", name="Review desk")).to_be_visible()
    assert "> Welcome to the directory." in body(story.mail(CLERK, "Approved"))


def the_zones_are_found_everywhere(story: Story, browser: Browser) -> None:
    begun = time.monotonic()
    page = new_page(browser)
    page.goto(f"{story.address}/search?q=Weston,+CT")
    expect(page.locator(".results")).to_contain_text("hrough the east door")
    story.picture(page, "found")
    page.goto(f"{story.address}/towns/ct/weston")
    expect(page.locator(".town-places .top-card, .town-places > div section:first-child .row")).to_have_count(7)
    expect(page.locator(".row .is-fresh").first).to_contain_text("Confirmed ")
    story.picture(page, "town")
    page.goto(story.address)
    source = page.locator("[data-source]").get_attribute("data-source")
    assert page.request.get(f"{story.address}{source}").text().count('"ct-weston-') == 7
    assert page.request.get(f"{story.address}/towns/ct/weston/feed.atom").text().count("<entry>") == 7
    assert time.monotonic() - begun < 60


def the_entry_has_faded(story: Story, browser: Browser) -> None:
    page = new_page(browser)
    page.goto(f"{story.address}/search?q=Weston,+CT")
    expect(page.locator(".results-list")).not_to_contain_text("School Road")
    page.goto(f"{story.address}/search?q=Weston,+CT&faded=1")
    expect(page.locator(".results-list")).to_contain_text("School Road")
    page.locator(".row", has_text="School Road").first.locator(".row-link, .row-links a").first.click()
    expect(page.locator("main")).to_contain_text("no longer among the nearest zones unless you ask for it")
    story.picture(page, "faded")


def the_clerk_confirms(story: Story, browser: Browser) -> None:
    page = new_page(browser)
    page.goto(f"{story.address}/desk")
    page.get_by_label("Your e-mail at work").fill(CLERK)
    page.get_by_role("button", name="Mail me a link").click()
    page.goto(story.link(story.mail(CLERK, "Your link to sign in"), "/sign-in/"))
    page.get_by_role("button", name="Sign in here").click()
    page.get_by_role("link", name="Weston Police Department, CT Manager").click()
    story.picture(page, "desk")
    page.get_by_role("button", name="The chosen ones are still correct").click()
    expect(page.get_by_role("status")).to_contain_text("Confirmed as of today.")

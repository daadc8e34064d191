"""In every other language than English: search, send a zone in, confirm by the mailed link, and print a poster."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import pytest
from aiosmtpd.controller import Controller
from babel.support import Translations
from playwright.sync_api import Browser, expect

from directory.languages import TRANSLATIONS
from directory.settings import Settings
from quality.site import answer_tiles, free_port, watch_policy
from tests.browser.story.test_story import Story
from tests.conftest import copied
from tests.support.mailbox import Mailbox
from tests.support.site import body

pytestmark = pytest.mark.browser


@dataclass(frozen=True)
class Reader:
    """What somebody types in their language, and what they read."""

    language: str
    search: str
    zone: str
    distance: str
    department: str
    town: str
    state: str
    code: str
    hours: str
    hours_read: str


READERS = [
    Reader("fr-CA", "près de Rivière-du-Loup (Québec)", "qc-riviere-du-loup-parking-lot", " km",
           "Service de police de Granby", "Granby",
           "QC", "J2G 2Y8", "lundi au vendredi 8 h 30 à 16 h 30, fermé le dimanche",
           "lundi au vendredi 8 h 30"),
    Reader("es-US", "cerca de 174 South Avenue, New Canaan, CT", "ct-darien-parking-lot", " al ",
           "Redding Police Department",
           "Redding", "CT", "06896", "lunes a viernes de 8:30 a 16:30, cerrado los domingos",
           "lunes a viernes 8:30 a.m. – 4:30 p.m."),
]  # fmt: skip


@pytest.fixture(scope="module")
def story(real_settings: Settings, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Story]:
    box, port = Mailbox(), free_port()
    controller = Controller(box, hostname="127.0.0.1", port=port)
    controller.start()
    told = Story(tmp_path_factory.mktemp("story"), box, port)
    with copied(real_settings, told.folder), told.days_later(0):
        yield told
    controller.stop()


def words_of(language: str) -> Callable[[str], str]:
    """The catalogue's words for ours."""
    return Translations.load(str(TRANSLATIONS), [language[:2]]).gettext


@pytest.mark.parametrize("reader", READERS, ids=lambda reader: reader.language)
def test_a_reader_finds_a_zone_sends_one_in_and_prints_a_poster(story: Story, browser: Browser, reader: Reader) -> None:
    context = browser.new_context(locale=reader.language, viewport={"width": 1280, "height": 900})
    answer_tiles(context)
    page, say = context.new_page(), words_of(reader.language)
    problems = watch_policy(page)

    page.goto(story.address)
    assert page.locator("html").get_attribute("lang") == reader.language[:2]
    page.get_by_label(say("Address, ZIP or postal code, or town and state")).fill(reader.search)
    page.get_by_role("button", name=say("Find safe zones")).click()
    expect(page.locator("main")).to_contain_text(reader.distance)
    expect(page.locator(f"main a[href*='/zones/{reader.zone}']").first).to_be_visible()

    page.goto(f"{story.address}/submit")
    email = f"{reader.language[:2]}@example.org"
    for name, text in (("department", reader.department), ("town", reader.town), ("email", email)):
        page.locator(f"main [name={name}]").fill(text)
    page.locator("main [name=region]").select_option(reader.state)
    page.get_by_role("button", name=say("Go on")).click()
    page.get_by_label(say("Lobby"), exact=True).check()
    page.locator("main [name=street_address]").fill("1, rue Principale")
    page.locator("main [name=postal_code]").fill(reader.code)
    page.locator("label:has([name=hours_mode][value=words])").click()
    page.locator("main [name=hours_words]").fill(reader.hours)
    page.keyboard.press("Tab")
    expect(page.locator("[data-hours-read]")).to_contain_text(reader.hours_read)
    page.get_by_role("button", name=say("Save and see the draft")).click()
    expect(page.locator("main")).to_contain_text(reader.hours_read)
    page.get_by_role("button", name=say("Send"), exact=True).click()

    mail = story.mail(email, say("Please confirm your submission"))
    assert mail["Content-Language"] == reader.language[:2]
    words = " ".join(body(mail).split())
    assert " ".join(say("If that was not you, do nothing: without the button it goes no further.").split()) in words
    page.goto(story.link(mail, "/submit/confirm/"))
    page.get_by_role("button", name=say("Yes, that was me")).click()
    expect(page.locator("main")).to_contain_text(say("We have it"))

    page.goto(f"{story.address}/zones/{reader.zone}")
    page.locator(f"main a[href^='/towns/{reader.zone[:2]}/']").first.click()
    page.get_by_role("link", name=say("Print a poster")).click()
    address = page.locator("img.poster").get_attribute("src")
    assert address is not None and f"languages={reader.language[:2]}" in address
    answer = page.request.get(story.address + address)
    assert answer.ok, (address, answer.status, answer.text())
    poster = answer.text()
    assert say("Before you meet") in poster and "Before you meet" not in poster
    assert [*problems, *page.evaluate("window.violations")] == []
    context.close()

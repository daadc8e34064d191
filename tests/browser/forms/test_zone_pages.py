"""What the pages of zones and towns offer, used as a person does: sharing, reporting, posters, codes for a site."""

from urllib.parse import unquote

import pytest
from playwright.sync_api import expect

from tests.browser.forms.conftest import RunningSite
from tests.browser.forms.person import Person
from tests.support.pictures import photo

pytestmark = pytest.mark.browser
ZONE = "/zones/ct-darien-parking-lot"


def copied(person: Person) -> str:
    return str(person.page.evaluate("navigator.clipboard.readText()"))


def test_a_zone_is_shared_and_printed(scripted: Person) -> None:
    page = scripted.page
    scripted.visit(ZONE)
    page.evaluate("navigator.share = undefined; window.print = () => { window.printed = true; }")
    scripted.press("Share", exact=True)
    expect(page.get_by_role("button", name="Link copied")).to_be_visible()
    assert copied(scripted).endswith(ZONE)
    scripted.press("Print")
    assert page.evaluate("window.printed")
    expect(page.get_by_role("button", name="Share", exact=True)).to_be_visible()


def test_directions_are_counted_and_open_the_map(person: Person, site: RunningSite) -> None:
    person.page.route("https://**", lambda route: route.fulfill(body="a map"))
    person.visit(ZONE)
    link = person.page.locator("a[data-count]").first
    address = link.get_attribute("href") or ""
    with person.page.expect_request(address):
        person.click(link)
    assert "41.0" in unquote(address) and "-73.4" in unquote(address)


def test_a_problem_is_reported_and_a_missing_answer_is_asked_for(person: Person, site: RunningSite) -> None:
    person.visit(ZONE)
    person.follow("Report a problem")
    person.press("Send the report")
    assert "is missing. Choose what is wrong." in person.words()
    person.tick("The hours are wrong")
    text = f"They close at noon, {person.scripts}."
    person.fill(person.page.locator("[name=text]"), text)
    person.fill(person.page.locator("[name=contact]"), "me@example.org")
    person.press("Send the report")
    assert person.title() == "Thank you"
    rows = site.rows("SELECT kind, text, contact FROM problemreport ORDER BY id DESC LIMIT 1")
    assert rows == [("hours", text, "me@example.org")]


def test_whoever_was_there_says_so_with_one_tap_and_adds_a_photo_of_the_sign(person: Person, site: RunningSite) -> None:
    newest = "SELECT zone_id, answer, photo FROM visit ORDER BY id DESC LIMIT 1"
    zone_id = ZONE.removeprefix("/zones/")
    for words, answer in (("It is still there", "still_there"), ("It is gone", "gone")):
        person.visit(ZONE)
        person.press(words)
        assert person.title() == "Thank you" and site.rows(newest) == [(zone_id, answer, "")]
    person.visit(ZONE)
    person.click(person.page.locator("summary", has_text="Add a photo of the sign"))
    person.upload("The photo", "sign.txt", "text/plain", b"no picture")
    person.press("The sign says something else")
    assert "This is no photo that we can read" in person.words()
    person.upload("The photo", "sign.jpg", "image/jpeg", photo((40, 30)).getvalue())
    person.press("The sign says something else")
    assert person.title() == "Thank you" and site.rows(newest)[0][2]


def test_this_is_our_zone_begins_what_was_chosen_and_asks_for_an_address(person: Person, site: RunningSite) -> None:
    newest = "SELECT items, email FROM submission ORDER BY id DESC LIMIT 1"
    person.visit(ZONE)
    person.follow("This is our zone")
    person.tick("Everything is right: confirm it")
    person.press("Go on")
    assert person.title() == "Check and send" and '"confirm"' in site.rows(newest)[0][0]
    person.fill("Your e-mail", "fourth@example.org")
    person.press("Mail me the link")
    assert site.rows(newest)[0][1] == "fourth@example.org"
    person.visit(f"{ZONE}/ours")
    person.tick("Close it for a while")
    for name, text in {"status_from": "2027-03-01", "status_until": "2027-03-05", "note": "Paving of the lot."}.items():
        person.fill(person.page.locator(f"#{name}"), text)
    person.press("Go on")
    assert person.title() == "Check and send" and "Paving of the lot." in person.words()
    items = site.rows(newest)[0][0]
    assert "Paving of the lot." in items and "2027-03-05" in items
    person.fill("Your e-mail at work", "fifth@example.org")
    person.press("Send", exact=True)
    assert site.rows(newest)[0][1] == "fifth@example.org" and "Now look into your mailbox" in person.words()


def test_the_poster_follows_zone_paper_and_languages(person: Person) -> None:
    person.visit("/towns/ca/long-beach/poster")
    picture = person.page.locator("img.poster")
    before = picture.get_attribute("src") or ""
    person.click(person.page.locator("label.radio:has(input[name=zone])").last)
    person.tick("A4")
    person.tick("English + Español")
    person.press("Show it")
    assert person.page.locator("input[name=zone]").last.is_checked()
    assert person.page.get_by_label("A4").is_checked()
    after = picture.get_attribute("src") or ""
    assert after != before and "paper=a4" in after and "en,es" in unquote(after)
    answer = person.page.request.get(person.site + after)
    assert answer.ok and "svg" in answer.headers["content-type"]
    person.page.get_by_role("link", name="Open as a page").click()
    person.page.wait_for_url("**/zones/*/poster*")
    saved = person.page.pdf(tagged=True, prefer_css_page_size=True)  # as “Save as PDF” of Chrome and Edge
    for mark in (b"/MarkInfo", b"/Lang (en)", b"/Lang (es)", b"/S /H1", b"/S /H2", b"/S /LI"):
        assert mark in saved, "what is saved can be published: it has headings, lists and languages"
    assert saved.count(b"/Type /Page\n") == 1


def test_the_builder_changes_preview_and_codes(person: Person) -> None:
    page = person.page
    person.visit("/towns/ct/new-canaan/embed")
    person.choose("Zones", "towns")
    person.fill(page.get_by_label("Other towns to show with it"), "Wilton")
    person.tick("list only")
    person.choose("Language", "es")
    person.fill(page.get_by_label("Color of links and pins"), "#aa0000")
    person.tick("dark")
    person.tick("without")
    person.fill(page.get_by_label("Height of the frame in pixels"), "720")
    if not person.scripts:
        person.press("Show it")
    preview = page.locator("iframe.preview")
    expect(preview).to_have_attribute("height", "720")
    for part in ("towns=ct/new-canaan,ct/wilton", "shape=list", "lang=es", "color=aa0000", "theme=dark", "search=0"):
        assert part in (preview.get_attribute("src") or "")
    for part in ("language=es", "color=%23aa0000", "theme=dark", "search=0", "height=720"):
        assert part in page.url, "the choice can be kept as a bookmark"
    assert person.value("Language") == "es" and page.get_by_label("without").is_checked()


def test_a_code_of_the_builder_is_copied_also_after_a_choice(scripted: Person) -> None:
    page = scripted.page
    scripted.visit("/towns/ct/new-canaan/embed")
    scripted.tick("dark")
    page.wait_for_url("**theme=dark**")
    button = page.locator("button[data-copy]").first
    scripted.click(button)
    expect(button).to_contain_text("Copied")
    assert "dark" in copied(scripted)


def test_the_language_is_changed_and_what_was_asked_stays(person: Person) -> None:
    person.visit("/search?q=06840&recorded=1&within=50&units=km")
    person.follow("Español")
    assert person.page.locator("html").get_attribute("lang") == "es"
    assert {name: value[0] for name, value in person.asked().items()} == {
        "q": "06840", "recorded": "1", "within": "50", "units": "km", "lang": "es",
    }  # fmt: skip
    assert person.page.locator("input[name=recorded][type=checkbox]").is_checked()
    person.visit("/")
    assert person.page.locator("html").get_attribute("lang") == "es"


def test_the_box_in_an_embed_keeps_its_look(person: Person) -> None:
    person.visit("/embed/ct/darien?theme=dark&search=1")
    person.fill("Address, ZIP or postal code, or town and state", "Wilton, CT")
    person.press("Find safe zones")
    assert person.asked()["near"] == ["Wilton, CT"] and person.asked()["theme"] == ["dark"]
    expect(person.page.locator("#heading")).to_have_text("Near Wilton, CT")
    assert person.page.locator(".row").count() and person.page.locator("html meta[content=dark]").count() == 1


def test_the_parameters_of_an_operation_open_and_close(person: Person) -> None:
    person.visit("/docs")
    details = person.page.locator("main details").first
    opened = details.get_attribute("open") is not None
    person.click(details.locator("summary"))
    assert (details.get_attribute("open") is not None) != opened
    expect(details.locator("summary + *")).to_be_visible(visible=not opened)

"""The embed in twelve kinds of host, at another origin, in a real browser. Pictures: screenshots/embed-hosts."""

import json
import re
from html import unescape
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import quote

import pytest
from playwright.sync_api import expect

from quality.hosts import Host, inside
from quality.pages import axe_violations_with_frames
from quality.site import wait_for_map, watch_policy
from tests.browser.embed.conftest import Open, allow_only, stored_by
from tests.browser.embed.pasted import TOWN, WAYS, codes, fetch, seen, shows_new_canaan
from tests.browser.embed.wordpress import shown_by_wordpress

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("width", [390, 1280])
def test_host_1_a_plain_page(host: Host, site_url: str, context: Open, axe: str, way: str, width: int) -> None:
    browser = context(width)
    page = browser.new_page()
    problems = watch_policy(page)
    page.goto(host.put(f"plain-{way}", codes(site_url)[way]))
    frame = inside(page)
    shows_new_canaan(frame)
    if width > 960:
        wait_for_map(frame)
        assert frame.locator(".zone-pin").count() == 2
    seen(page, f"1-plain-{way}-{width}")
    assert axe_violations_with_frames(page, axe) == []
    assert problems + frame.evaluate("window.violations") == []
    assert stored_by(browser) == '{"cookies": [], "origins": []}'
    if way != "frame":
        expect(page.locator("main a", has_text="Safe zones in New Canaan")).to_be_hidden()
        assert frame.evaluate("document.documentElement.scrollHeight <= window.innerHeight + 1")


def test_host_2_a_strict_content_security_policy(host: Host, site_url: str, context: Open) -> None:
    policy = f"default-src 'none'; style-src 'self'; script-src {site_url}; frame-src {site_url}"
    page = context().new_page()
    problems = watch_policy(page)
    page.goto(host.put("strict", codes(site_url)["loader"], Content_Security_Policy=policy))
    shows_new_canaan(inside(page))
    assert problems + page.evaluate("window.violations") == []
    seen(page, "2-strict-policy")


@pytest.mark.parametrize("policy", ["default-src 'self'", "default-src 'self'; script-src SITE"])
def test_host_2_a_policy_that_blocks_script_or_frame_leaves_the_link(
    host: Host, site_url: str, context: Open, policy: str
) -> None:
    page = context().new_page()
    page.goto(host.put("blocked", codes(site_url)["loader"], Content_Security_Policy=policy.replace("SITE", site_url)))
    page.wait_for_timeout(1_500)
    link = page.get_by_role("link", name="Safe zones in New Canaan, CT")
    expect(link).to_be_visible()
    seen(page, f"2-blocked-{'frame' if 'SITE' in policy else 'script'}")
    link.click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Where to meet in New Canaan, CT")


def test_host_3_a_sandboxed_frame_of_an_opaque_origin(host: Host, site_url: str, context: Open) -> None:
    page = context().new_page()
    problems = watch_policy(page)
    frame_of_theirs = 'title="Safe zones" width="100%" height="700" sandbox="allow-scripts allow-popups"'
    code = f'<iframe src="{site_url}/embed/{TOWN}" {frame_of_theirs}></iframe>'
    page.goto(host.put("sandboxed", code))
    frame = inside(page)
    shows_new_canaan(frame)
    wait_for_map(frame)
    assert frame.locator(".zone-pin").count() == 2
    assert problems + frame.evaluate("window.violations") == []
    seen(page, "3-sandboxed")


class Stripped(HTMLParser):
    """What a strict editor keeps of a code: paragraphs, divisions, links."""

    def __init__(self) -> None:
        super().__init__()
        self.kept: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in ("p", "div", "a"):
            href = dict(attrs).get("href")
            self.kept.append(f'<{tag} href="{href}">' if tag == "a" and href else f"<{tag}>")

    def handle_endtag(self, tag: str) -> None:
        if tag in ("p", "div", "a"):
            self.kept.append(f"</{tag}>")

    def handle_data(self, data: str) -> None:
        self.kept.append(data)


@pytest.mark.parametrize("way", WAYS)
def test_host_4_an_editor_that_strips_scripts_and_frames_keeps_a_working_link(
    host: Host, site_url: str, context: Open, way: str
) -> None:
    editor = Stripped()
    editor.feed(codes(site_url)[way])
    page = context().new_page()
    page.goto(host.put(f"stripped-{way}", "".join(editor.kept)))
    seen(page, f"4-stripped-{way}")
    assert page.locator("iframe").count() == 0
    page.get_by_role("link", name="Safe zones in New Canaan, CT").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Where to meet in New Canaan, CT")


def test_host_5_a_system_that_knows_oembed_only(host: Host, site_url: str, context: Open) -> None:
    """It gets an address, looks for the link to the code, and pastes the code."""
    page_text = fetch(f"{site_url}/towns/{TOWN}")
    found = re.search(r'<link rel="alternate" type="application/json\+oembed"[^>]* href="([^"]+)"', page_text)
    assert found is not None
    told = json.loads(fetch(unescape(found[1]) + "&maxwidth=600&maxheight=500"))
    assert (told["type"], told["version"], told["width"], told["height"]) == ("rich", "1.0", 600, 500)
    page = context().new_page()
    page.goto(host.put("oembed", told["html"], style="main { max-width: 600px }"))
    shows_new_canaan(inside(page))
    size = page.locator("iframe").bounding_box()
    assert size is not None and size["width"] <= 600 and size["height"] <= 500
    seen(page, "5-oembed")


def test_host_6_a_column_of_320_pixels_in_spanish_on_a_dark_ground(
    host: Host, site_url: str, context: Open, axe: str
) -> None:
    page = context(320).new_page()
    style = "body { margin: 0; background: #101820; color: #eee; } a { color: #8cf; }"
    page.goto(host.put("column", codes(site_url)["component"], lang="es", style=style))
    frame = inside(page)
    expect(frame.locator("h2")).to_contain_text("Zonas seguras en New Canaan")
    assert frame.evaluate("document.documentElement.lang") == "es"
    assert frame.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    assert frame.evaluate("getComputedStyle(document.querySelector('.words')).backgroundColor") == "rgb(23, 34, 43)"
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    assert axe_violations_with_frames(page, axe) == []
    seen(page, "6-column-320")


def test_host_7_without_leave_to_ask_for_the_position(host: Host, site_url: str, context: Open) -> None:
    page = context(geolocation={"latitude": 41.14, "longitude": -73.49}, permissions=["geolocation"]).new_page()
    code = codes(site_url)["frame"].replace("; geolocation", "")
    page.goto(host.put("no-position", code))
    frame = inside(page)
    frame.get_by_role("button", name="Use my location").click()
    expect(frame.locator("[data-locate-status]")).to_contain_text("Your position is not available")
    seen(page, "7-no-position")
    frame.get_by_label("Address, ZIP or postal code, or town and state").fill("06820")
    frame.get_by_role("button", name="Find safe zones").click()
    expect(frame.locator("h2")).to_have_text("Near Darien, CT 06820")


def test_a_host_that_allows_it_gets_the_zones_around_the_reader(host: Host, site_url: str, context: Open) -> None:
    origins = context(geolocation={"latitude": 41.0787, "longitude": -73.4693})
    origins.grant_permissions(["geolocation"], origin=host.address)
    origins.grant_permissions(["geolocation"], origin=site_url)
    page = origins.new_page()
    page.goto(host.put("position", codes(site_url, "?color=8b0000&language=es")["frame"]))
    frame = inside(page)
    frame.get_by_role("button", name="Usar mi ubicación").click()
    expect(frame.locator("h2")).to_contain_text("41.07900, -73.46900")
    assert "color=8b0000" in frame.url and "lang=es" in frame.url


def test_host_8_a_site_that_the_town_did_not_name_gets_the_link(
    host: Host, site_url: str, folder: Path, context: Open
) -> None:
    allow_only(folder, "ct/wilton", ["https://wilton.example"])
    page = context().new_page()
    for way in WAYS:
        page.goto(host.put(f"other-{way}", codes(site_url, town="ct/wilton")[way]))
        page.wait_for_timeout(1_500)
        assert not any("Wilton" in frame.content() for frame in page.frames[1:])
        expect(page.get_by_role("link", name="Safe zones in Wilton, CT")).to_be_visible()
        seen(page, f"8-other-site-{way}")
    allow_only(folder, "ct/wilton", ["https://wilton.example", host.address])
    page.goto(host.put("named", codes(site_url, town="ct/wilton")["loader"]))
    expect(inside(page).locator("#heading")).to_have_text("Safe zones in Wilton, CT")


def wordpress(host: Host, site_url: str, address: str) -> str:
    """The address of a post in which somebody put an address of ours on a line of its own."""
    asked = f"{site_url}/oembed?url={quote(address, safe='')}&maxwidth=645&maxheight=968"
    return host.put("wordpress", shown_by_wordpress(json.loads(fetch(asked))["html"]))


@pytest.mark.parametrize("width", [390, 1280])
def test_host_9_wordpress_that_finds_the_code_by_itself(host: Host, site_url: str, context: Open, width: int) -> None:
    page = context(width).new_page()
    problems = watch_policy(page)
    post = wordpress(host, site_url, f"{site_url}/towns/{TOWN}")
    page.goto(post)
    frame = inside(page)
    shows_new_canaan(frame)
    if width > 960:
        wait_for_map(frame)
    expect(page.locator("blockquote")).to_be_hidden()
    assert page.locator("iframe").get_attribute("height") not in ("576", "1")
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), "nothing scrolls sideways"
    assert problems + frame.evaluate("window.violations") == []
    seen(page, f"9-wordpress-{width}")
    frame.get_by_label("Address, ZIP or postal code, or town and state").fill("Springfield")
    frame.get_by_role("button", name="Find safe zones").click()
    frame.get_by_role("link", name="Springfield, MA").click()
    expect(frame.locator("h2")).to_have_text("Near Springfield, MA")
    frame.wait_for_load_state()  # a sandbox without forms sends nothing before the page's script has run
    frame.get_by_label("Address, ZIP or postal code, or town and state").fill("06820")
    page.keyboard.press("Enter")
    expect(frame.locator("h2")).to_have_text("Near Darien, CT 06820")
    frame.get_by_role("link", name="Darien police").first.click()
    page.wait_for_url(f"{site_url}/zones/ct-darien-*")
    page.goto(wordpress(host, site_url, f"{site_url}/towns/ct/darien"))
    inside(page).get_by_role("link", name="Directions").click()
    page.wait_for_url(f"{site_url}/zones/ct-darien-*")  # from where the map opens


def test_host_9_wordpress_keeps_the_link_where_the_frame_does_not_answer(
    host: Host, site_url: str, folder: Path, context: Open
) -> None:
    post = wordpress(host, site_url, f"{site_url}/towns/ct/guilford")
    allow_only(folder, "ct/guilford", ["https://guilford.example"])
    page = context().new_page()
    page.goto(post)
    page.wait_for_timeout(1_500)
    expect(page.get_by_role("link", name="Safe zones in Guilford, CT")).to_be_visible()
    seen(page, "9-wordpress-link")


def test_host_10_frames_of_a_site_builder_between_the_page_and_ours(
    host: Host, builder_host: Host, site_url: str, folder: Path, context: Open
) -> None:
    """Pasted code stands in a frame of its own at another origin, as on Wix and Google Sites."""
    inner = builder_host.put("pasted-code", codes(site_url, town="ct/milford")["loader"])
    page = context().new_page()
    outer = host.put("nested", f'<iframe src="{inner}" title="Code" width="100%" height="700"></iframe>')

    def shown() -> bool:
        page.goto(outer)
        page.wait_for_timeout(2_000)
        return any(frame.url.startswith(site_url) and "Milford" in frame.content() for frame in page.frames)

    assert shown()
    seen(page, "10-nested")
    allow_only(folder, "ct/milford", [host.address])
    assert not shown(), "the frame between has no leave"
    expect(page.frame_locator("iframe").get_by_role("link", name="Safe zones in Milford, CT")).to_be_visible()
    allow_only(folder, "ct/milford", [host.address, builder_host.address])
    assert shown()


@pytest.mark.parametrize(("between", "way"), [("sandboxed", "frame"), ("sandboxed", "loader"), ("data", "frame")])
def test_host_10_a_frame_between_without_an_address_of_its_own(
    host: Host, site_url: str, context: Open, between: str, way: str
) -> None:
    code = codes(site_url)[way].replace('"', "&quot;")
    page = context().new_page()
    source = f'sandbox="allow-scripts" srcdoc="{code}"' if between == "sandboxed" else f'src="data:text/html,{code}"'
    page.goto(host.put("opaque", f'<iframe {source} title="Code" width="100%" height="700"></iframe>'))
    inner = page.frame_locator("iframe").locator("iframe")
    expect(inner.content_frame.locator("h2")).to_have_text("Safe zones in New Canaan, CT")
    expect(inner).to_be_visible()


@pytest.mark.parametrize("way", ["loader", "component"])
def test_host_11_a_script_that_comes_as_a_module(host: Host, site_url: str, context: Open, way: str) -> None:
    page = context().new_page()
    problems = watch_policy(page)
    page.goto(host.put("module", codes(site_url)[way].replace("<script ", '<script type="module" ')))
    shows_new_canaan(inside(page))
    assert problems + page.evaluate("window.violations") == []
    seen(page, f"11-module-{way}")


@pytest.mark.parametrize("width", [390, 1280])
def test_host_12_a_policy_that_drops_every_style_of_the_code(
    host: Host, site_url: str, context: Open, width: int
) -> None:
    policy = f"default-src 'none'; style-src 'self'; script-src {site_url}; frame-src {site_url}"
    page = context(width).new_page()
    problems = watch_policy(page)
    told = json.loads(fetch(f"{site_url}/oembed?url={site_url}/towns/{TOWN}"))
    for name, code in {**codes(site_url), "oembed": told["html"]}.items():
        if name == "address":
            continue
        page.goto(host.put("no-style", code, Content_Security_Policy=policy))
        shows_new_canaan(inside(page))
        border = page.locator("iframe").evaluate("frame => getComputedStyle(frame).borderTopWidth")
        assert border == "0px", name
        assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), name
        assert problems + page.evaluate("window.violations") == [], name
        seen(page, f"12-no-style-{name}-{width}")

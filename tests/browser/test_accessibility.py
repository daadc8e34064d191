"""What docs/accessibility.md claims beyond axe: reflow, spacing, focus, keyboard, names, consistency."""

import pytest
from playwright.sync_api import Browser, Page, expect

from quality.pages import PAGES
from quality.site import answer_tiles, wait_for_map
from tests.browser.conftest import Visit

pytestmark = pytest.mark.browser

FOCUSABLE = "a[href], button, input:not([type=hidden]), select, textarea, summary, [tabindex='0']"
MOST_TABS = 900


def opened(browser: Browser, site_url: str, path: str, width: int = 1280, height: int = 844, **options: object) -> Page:
    context = browser.new_context(viewport={"width": width, "height": height}, **options)  # type: ignore[arg-type]
    answer_tiles(context)
    page = context.new_page()
    page.goto(site_url + path)
    return page


def sideways(page: Page) -> list[str]:
    """Whether the page scrolls sideways, and texts that are cut off."""
    found: list[str] = page.evaluate(
        """() => {
          const wide = document.documentElement.scrollWidth > window.innerWidth ? ['the page scrolls sideways'] : [];
          const cut = [...document.querySelectorAll('main *, header *, footer *')].filter((element) => {
            const style = getComputedStyle(element);
            const hides = ['hidden', 'clip'].includes(style.overflowX) || ['hidden', 'clip'].includes(style.overflowY);
            const apart = element.closest('.map, .visually-hidden, .trap, datalist, noscript') || !element.offsetParent;
            return hides && !apart && element.textContent.trim()
              && (element.scrollWidth > element.clientWidth + 1 || element.scrollHeight > element.clientHeight + 1);
          });
          return wide.concat(cut.map((element) => element.outerHTML.slice(0, 120)));
        }"""
    )
    return found


@pytest.mark.parametrize("path", PAGES)
def test_pages_reflow_at_320_pixels_and_wider_text_spacing_cuts_nothing_off(
    browser: Browser, site_url: str, path: str
) -> None:
    page = opened(browser, site_url, path, width=320, bypass_csp=True)
    assert sideways(page) == []
    page.set_viewport_size({"width": 390, "height": 844})
    page.add_style_tag(
        content="* { line-height: 1.5 !important; letter-spacing: 0.12em !important; word-spacing: 0.16em !important }"
        "p { margin-bottom: 2em !important }"
    )
    assert sideways(page) == []
    page.context.close()


at_a_desk = pytest.mark.parametrize("visit", [(1280, path) for path in PAGES], ids=PAGES, indirect=True)


@at_a_desk
def test_the_visible_words_of_a_control_stand_in_its_name(visit: Visit) -> None:
    wrong = visit.page.evaluate(
        """() => [...document.querySelectorAll('a[aria-label], button[aria-label]')].filter((element) => {
          const words = element.innerText.trim().toLowerCase();
          return /\\p{L}/u.test(words) && !element.getAttribute('aria-label').toLowerCase().includes(words);
        }).map((element) => element.outerHTML.slice(0, 120))"""
    )
    assert wrong == []


@at_a_desk
def test_the_keyboard_reaches_everything_in_order_and_is_never_trapped(visit: Visit) -> None:
    page = visit.page
    if page.locator("[data-map]:not([data-collapsed]), .map:visible").count():
        page.locator("[data-map]").scroll_into_view_if_needed()
        wait_for_map(page)
    page.evaluate("window.scrollTo(0, 0); window.seen = new Set()")
    wanted = page.evaluate(
        f'[...document.querySelectorAll("{FOCUSABLE}")].filter((e) => e.checkVisibility() && !e.disabled && '
        "e.tabIndex >= 0 && !e.closest('.trap, .map') && !(e.type === 'radio' && !e.checked && "
        "document.querySelector(`input[name='${e.name}']:checked`))"
        " && !(e.type === 'radio' && !e.checked && e !== document.querySelector(`input[name='${e.name}']`))).length"
    )
    problems: list[str] = []
    for _ in range(MOST_TABS):
        page.keyboard.press("Tab")
        told = page.evaluate(
            """() => {
              const at = document.activeElement;
              // A date's parts and a frame's content are several stops in one element.
              if (at === window.last) return '';
              window.last = at;
              if (at === document.body || window.seen.has(at)) return 'round';
              window.seen.add(at);
              if (at.tagName === 'IFRAME') return '';
              const box = at.getBoundingClientRect();
              // The link of a row is all of it: the ring goes round the row.
              const ringed = [at, at.closest('.row, .town-row')].filter(Boolean).map((e) => getComputedStyle(e)).some(
                (style) => parseFloat(style.outlineWidth) >= 2 && style.outlineStyle !== 'none');
              const name = at.outerHTML.slice(0, 100);
              if (!ringed) return 'no focus ring: ' + name;
              const inside = box.bottom > 0 && box.top < innerHeight && box.right > 0 && box.left < innerWidth;
              if (!inside) return 'focused out of sight: ' + name;
              const middle = document.elementFromPoint(box.left + Math.min(box.width, innerWidth) / 2,
                Math.min(Math.max(box.top + box.height / 2, 1), innerHeight - 1));
              const own = middle && (at.contains(middle) || middle.contains(at));
              return own || at.closest('label')?.contains(middle) ? '' : 'covered: ' + name;
            }"""
        )
        if told == "round":
            break
        if told:
            problems.append(told)
    reached = page.evaluate("[...window.seen].filter((e) => !e.closest('.map') && e.tagName !== 'IFRAME').length")
    assert problems == []
    assert reached >= wanted


@at_a_desk
def test_pages_reflow_at_double_text_size(visit: Visit) -> None:
    visit.page.evaluate("document.documentElement.style.fontSize = '32px'")
    assert sideways(visit.page) == []


def test_every_page_has_the_same_navigation_and_help_in_the_same_place(browser: Browser, site_url: str) -> None:
    seen = set()
    titles = []
    context = browser.new_context()
    page = context.new_page()
    for path in PAGES:
        page.goto(site_url + path, wait_until="domcontentloaded")
        links = page.locator("header nav a, footer a").evaluate_all("(all) => all.map((a) => a.textContent.trim())")
        seen.add(tuple(links))
        titles.append(page.title())
        assert page.locator("html").get_attribute("lang") == "en"
        assert page.locator("h1").count() == 1, path
    context.close()
    assert len(seen) == 1
    assert all(title.strip() and "Safe Zone Directory" in title for title in titles)


@pytest.mark.parametrize("path", ["/", "/search?q=06840", "/zones/ct-darien-parking-lot", "/towns/ct/new-canaan/embed"])
def test_pages_work_in_either_orientation(browser: Browser, site_url: str, path: str) -> None:
    for width, height in ((390, 844), (844, 390)):
        page = opened(browser, site_url, path, width=width, height=height)
        expect(page.get_by_role("heading", level=1)).to_be_visible()
        assert sideways(page) == []
        page.context.close()


def test_changing_a_field_never_leaves_the_page(browser: Browser, site_url: str) -> None:
    for path in ("/search?q=06840", "/towns/ct/new-canaan/embed", "/towns/ct/new-canaan/poster"):
        page = opened(browser, site_url, path)
        if page.locator("details.filters summary").count():
            page.locator("details.filters summary").click()
        page.evaluate("window.here = true")
        for choice in page.locator("main input[type=checkbox]:visible, main input[type=radio]:visible").all()[:6]:
            choice.check()
        for choice in page.locator("main select:visible").all():
            choice.select_option(index=1)
        page.wait_for_timeout(600)
        assert page.evaluate("window.here") is True, path
        page.context.close()


def test_nothing_moves_for_those_who_asked_for_stillness(browser: Browser, site_url: str) -> None:
    page = opened(browser, site_url, "/search?q=06840", reduced_motion="reduce")
    wait_for_map(page)
    moving = page.evaluate(
        "[...document.querySelectorAll('main .zone-pin')]"
        ".map((e) => getComputedStyle(e, '::before').transitionDuration)"
    )
    page.context.close()
    assert moving and set(moving) == {"0s"}

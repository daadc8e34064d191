"""The gallery of pieces is compared, picture by picture, with how each piece looked before."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack

import pytest

from directory.web.http.languages import available
from quality.gallery.references import FOUND, changes, left_over
from quality.gallery.sheets import browser_with_one_font, running_gallery, sheets
from quality.site import chromium_path
from tests.conftest import required

pytestmark = pytest.mark.browser


Compare = Callable[..., dict[str, str]]
"""What changed on a sheet, with CSS that is added to the page's own."""


@pytest.fixture(scope="module")
def compare() -> Iterator[Compare]:
    """In a thread of its own: Playwright serves one browser a thread, and other tests have another one."""
    if chromium_path() is None:
        required("Chromium")
    with ThreadPoolExecutor(max_workers=1) as thread:
        open_here = ExitStack()
        address = thread.submit(open_here.enter_context, running_gallery()).result()
        browser = thread.submit(lambda: open_here.enter_context(browser_with_one_font())).result()
        yield lambda sheet, style="": thread.submit(changes, browser, address, sheet, style).result()
        thread.submit(open_here.close).result()


def test_every_piece_looks_as_it_did_in_each_language_light_and_dark(compare: Compare) -> None:
    found = {sheet.name: changed for sheet in sheets() if (changed := compare(sheet))}
    assert not found, f"see {FOUND}; where it is meant: make gallery-update"
    assert not left_over(), "make gallery-update removes them"
    assert {sheet.language for sheet in sheets()} == set(available())


MUTATIONS = {
    "badges": "[data-piece=badges] .badge:nth-child(2) { translate: 4px }",
    "buttons": "[data-piece=buttons] [data-forced] { outline-color: var(--amber-line) }",
    "facts": "[data-piece=facts] { color: #24303a }",
    "notices": "[data-piece=notices] .notice-caution { background: var(--tint) }",
}
"""Of four pieces one thing each: moved by four pixels, another focus ring, a slightly lighter ink, another ground."""


def test_a_small_change_is_seen_and_named(compare: Compare) -> None:
    sheet = sheets()[0]
    assert set(compare(sheet, " ".join(MUTATIONS.values()))) == set(MUTATIONS)
    for piece in MUTATIONS:
        for kind in ("expected", "got", "difference"):
            (FOUND / f"{piece}-{sheet.name}-{kind}.png").unlink()

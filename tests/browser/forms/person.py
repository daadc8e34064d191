"""Somebody in front of a browser, whose hands note which control they used: a test uses what the register says it uses.

A control is known by where it sends and by its name, "POST reports.send_report: input kind", or, when it belongs to no
form, by what the script finds it by: "button data-share". `controls.csv` names for each the test that uses it.
"""

import re
from collections.abc import Callable
from functools import cache
from typing import Any
from urllib.parse import parse_qs, urlsplit

from playwright.sync_api import FilePayload, Locator, Page
from werkzeug.exceptions import HTTPException
from werkzeug.routing import Map

LOOK = """(one) => {
  const kinds = `button, select, input:not([type=hidden]), textarea, details, [role=button],
    a[data-count]`;
  const described = (element) => {
    const form = element.type === "button" ? null : element.form || null;
    const sends = element.type === "submit" && element.hasAttribute("formaction");
    const summary = element.querySelector("summary");
    const looks = [...element.classList];
    const readings = element.closest("[data-hours-readings]") && "data-hours-readings";
    const hooks = [...element.attributes].map((one) => one.name).filter((name) => /^data-(?!key|copied)/.test(name));
    return {
      tag: element.localName,
      method: form?.method || "",
      action: form ? (sends ? element.formAction : form.getAttribute("action") ? form.action : location.href) : "",
      name: element.name || "",
      value: element.type === "submit" ? element.value : "",
      look: hooks[0] || readings || looks.find((name) => !/^(leaflet-(marker|zoom|inter)|button)/.test(name)) || "",
      words: (summary || element).title || (summary || element).textContent,
    };
  };
  const used = one && (one.control || one.closest("summary")?.parentElement || one);
  const stays = used && used.localName !== "button";
  const every = stays ? [] : [...document.querySelectorAll(kinds)].filter((seen) => !seen.closest(".trap"));
  return [every.map(described), used?.matches(kinds) ? described(used) : null];
}"""
"""What tells a control from others: of everything on a page before a button leaves it, and of the one that is used."""


def key_of(seen: dict[str, str], endpoint: Callable[[str, str], str]) -> str:
    """The name of a control in the register."""
    if seen["action"]:
        method = seen["method"].upper()
        name = re.sub(r"^c\d+_", "closure_", seen["name"])
        name = re.sub(r"^(from|to|closure)_[A-Z][a-z]$", r"\1_DAY", name)
        name = re.sub(r"^(zone|cell|all|out|out-all|in|column):.*$", r"\1", name)
        name = re.sub(r"^remove_closure_\d+$", "remove_closure", name)
        value = f"={seen['value']}" if name in ("step", "then", "do") else ""
        return f"{method} {endpoint(seen['action'], method)}: {seen['tag']} {name}{value}".strip()
    words = " ".join(re.findall(r"[^\W\d]+", seen["words"])[:3])
    plain = seen["look"] in ("", "map-button")
    return " ".join(filter(None, (seen["tag"], seen["look"], words if plain else "")))


@cache
def endpoint(routes: Map, path: str, method: str) -> str:
    """The view that answers a path."""
    try:
        found, _values = routes.bind("").match(path, method=method)
    except HTTPException:
        return "unknown"
    return str(found)


class Person:
    """Uses a page as people do, and remembers which controls there were and which they used."""

    def __init__(self, page: Page, site: str, routes: Map, *, scripts: bool) -> None:
        self.page = page
        self.site = site
        self.scripts = scripts
        self.used: set[str] = set()
        self.seen: set[str] = set()
        self._routes = routes

    def endpoint(self, address: str, method: str) -> str:
        """The view that answers an address of the site."""
        return endpoint(self._routes, urlsplit(address).path, method)

    def _note(self, control: Locator) -> None:
        self._remember(*control.evaluate(LOOK))

    def _remember(self, every: list[dict[str, str]], used: dict[str, str] | None = None) -> None:
        self.seen.update(key_of(seen, self.endpoint) for seen in every)
        if used:
            self.used.add(key_of(used, self.endpoint))

    def look_around(self) -> None:
        """Note every control of the page as it is now; pressing a button does so too."""
        self._remember(*self.page.evaluate(LOOK))

    def visit(self, path: str) -> None:
        """Open a page; its scripts have run, its pictures may still come."""
        self.page.goto(path if path.startswith("http") else self.site + path, wait_until="domcontentloaded")

    def click(self, control: Locator) -> None:
        """Press a button, tick a box by its label, or open details by their summary."""
        self._note(control)
        control.click()
        self.page.wait_for_load_state()

    def follow(self, name: str) -> None:
        """Follow the first link with these words; the scripts of the page it leads to have run."""
        with self.page.expect_navigation(wait_until="domcontentloaded"):
            self.page.get_by_role("link", name=name).first.click()

    def press(self, name: str, within: Locator | None = None, *, exact: bool = False) -> None:
        """Press the button with these words."""
        self.click((within or self.page.locator("body")).get_by_role("button", name=name, exact=exact).first)

    def fill(self, label: str | Locator, text: str) -> None:
        """Type into the field with this label."""
        field = self.page.get_by_label(label, exact=True) if isinstance(label, str) else label
        self._note(field)
        field.fill(text)

    def choose(self, label: str | Locator, value: str) -> None:
        """Choose from a list."""
        field = self.page.get_by_label(label) if isinstance(label, str) else label
        self._note(field)
        field.select_option(value)

    def tick(self, words: str, within: Locator | None = None) -> None:
        """Tick a box or a round button by its words: the box itself lies under them."""
        label = (within or self.page.locator("main")).locator("label", has_text=re.compile(rf"^\s*{re.escape(words)}"))
        self.click(label.first)

    def upload(self, label: str, name: str, kind: str, content: bytes) -> None:
        """Choose a file."""
        field = self.page.get_by_label(label, exact=True)
        self._note(field)
        field.set_input_files(FilePayload(name=name, mimeType=kind, buffer=content))

    def enter(self, field: Locator) -> None:
        """Send a form with the Enter key."""
        self._note(field)
        field.press("Enter")
        self.page.wait_for_load_state()

    def words(self) -> str:
        """What the page says."""
        return " ".join(self.page.locator("main").inner_text().split())

    def title(self) -> str:
        return self.page.get_by_role("heading", level=1).inner_text()

    def asked(self) -> dict[str, list[str]]:
        """What the address of the page asks for."""
        return parse_qs(urlsplit(self.page.url).query)

    def value(self, label: str) -> Any:
        return self.page.get_by_label(label, exact=True).input_value()

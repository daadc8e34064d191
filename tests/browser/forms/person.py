"""Somebody in front of a browser, whose hands note which control they used: a test uses what the register says it uses.

A control is known by where it sends and by its name, "POST reports.send_report: input kind", or, when it belongs to no
form, by what the script finds it by: "button data-share". `controls.csv` names for each the test that uses it.
"""

import re
from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qs, urlsplit

from playwright.sync_api import FilePayload, Locator, Page
from werkzeug.exceptions import HTTPException
from werkzeug.routing import Map

LOOK = """(root) => {
  const kinds = `button, select, input:not([type=hidden]), textarea, details, [role=button],
    a[data-count], a[data-map-jump]`;
  const described = (element) => {
    const form = element.type === "button" ? null : element.form || null;
    const sends = element.type === "submit" && element.hasAttribute("formaction");
    const summary = element.querySelector("summary");
    const looks = [...element.classList];
    const hooks = [...element.attributes].map((one) => one.name).filter((name) => /^data-(?!key|copied)/.test(name));
    return {
      tag: element.localName,
      method: form?.method || "",
      action: form ? (sends ? element.formAction : form.getAttribute("action") ? form.action : location.href) : "",
      name: element.name || "",
      value: element.type === "submit" ? element.value : "",
      look: hooks[0] || looks.find((name) => !/^(leaflet-(marker|zoom|inter)|button)/.test(name)) || "",
      words: (summary || element).title || (summary || element).textContent,
    };
  };
  if (root.localName !== "html") return [root.control || root].filter((one) => one.matches(kinds)).map(described);
  return [...root.querySelectorAll(kinds)].filter((one) => !one.closest(".trap")).map(described);
}"""
"""What tells a control from others: of an element, of a label's control, or, for a page, of everything on it."""


def key_of(seen: dict[str, str], endpoint: Callable[[str, str], str]) -> str:
    """The name of a control in the register."""
    if seen["action"]:
        method = seen["method"].upper()
        name = re.sub(r"^(from|to)_[A-Z][a-z]$", r"\1_DAY", seen["name"])
        value = f"={seen['value']}" if name in ("step", "then") else ""
        return f"{method} {endpoint(seen['action'], method)}: {seen['tag']} {name}{value}".strip()
    words = " ".join(re.findall(r"[^\W\d]+", seen["words"])[:3])
    plain = seen["look"] in ("", "map-button")
    return " ".join(filter(None, (seen["tag"], seen["look"], words if plain else "")))


class Person:
    """Uses a page as people do, and remembers which controls there were and which they used."""

    def __init__(self, page: Page, site: str, routes: Map, *, scripts: bool) -> None:
        self.page = page
        self.site = site
        self.scripts = scripts
        self.used: set[str] = set()
        self.seen: set[str] = set()
        self._routes = routes.bind(urlsplit(site).netloc)

    def endpoint(self, address: str, method: str) -> str:
        """The view that answers an address of the site."""
        try:
            found, _values = self._routes.match(urlsplit(address).path, method=method)
        except HTTPException:
            return "unknown"
        return str(found)

    def _note(self, control: Locator) -> None:
        for seen in control.evaluate(LOOK):
            self.used.add(key_of(seen, self.endpoint))

    def look_around(self) -> None:
        """Note every control of the page as it is now."""
        for seen in self.page.locator("html").evaluate(LOOK):
            self.seen.add(key_of(seen, self.endpoint))

    def visit(self, path: str) -> None:
        """Open a page; its scripts have run, its pictures may still come."""
        self.page.goto(path if path.startswith("http") else self.site + path, wait_until="domcontentloaded")
        self.look_around()

    def click(self, control: Locator) -> None:
        """Press a button, tick a box by its label, or open details by their summary."""
        self._note(control.locator("xpath=..") if control.evaluate("one => one.localName === 'summary'") else control)
        self.look_around()
        control.click()
        self.page.wait_for_load_state()

    def press(self, name: str, within: Locator | None = None, *, exact: bool = False) -> None:
        """Press the button with these words."""
        self.click((within or self.page.locator("body")).get_by_role("button", name=name, exact=exact).first)

    def fill(self, label: str | Locator, text: str) -> None:
        """Type into the field with this label."""
        field = self.page.get_by_label(label, exact=True) if isinstance(label, str) else label
        self._note(field)
        field.fill(text)

    def choose(self, label: str, value: str) -> None:
        """Choose from a list."""
        field = self.page.get_by_label(label)
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

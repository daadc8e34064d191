"""An uploaded file on its pages: sent, read and corrected."""

import csv
import html
import io
import json
import re
from typing import Any

from werkzeug.test import TestResponse

from tests.support.site import Site

ROW = {"address": "1 Main Street", "zip": "06883", "hours": "24/7", "setting": "lobby", "state": "CT"}


def csv_of(rows: list[dict[str, str]]) -> bytes:
    written = io.StringIO()
    table = csv.DictWriter(written, list(dict.fromkeys(name for row in rows for name in row)))
    table.writeheader()
    table.writerows(rows)
    return written.getvalue().encode()


def rows(count: int, **wrong: str) -> list[dict[str, str]]:
    return [{**ROW, "address": f"{number} Main Street", **wrong} for number in range(1, count + 1)]


def read(site: Site, draft: str, page: int = 1) -> TestResponse:
    return site.visitor().get(f"{draft}/sheet/read?page={page}")


def form_on(page: TestResponse) -> dict[str, str]:
    """The form of the findings as a browser sends it when nothing was typed."""
    inputs = re.findall(r"<input ([^>]*)>", page.text)
    given = {}
    for attributes in inputs:
        name, value = (re.search(rf'{part}="([^"]*)"', attributes) for part in ("name", "value"))
        if name and re.match("cell:|was:|all:", name[1]) and 'type="checkbox"' not in attributes:
            given[name[1]] = html.unescape(value[1]) if value else ""
    return given


def correct(site: Site, draft: str, changes: dict[str, str], page: int = 1) -> TestResponse:
    """Type into the form of a page, save, and give the page that follows."""
    form = form_on(read(site, draft, page))
    assert changes.keys() <= form.keys() or any(re.match(r"out|in|cell:\d+:row", name) for name in changes), form
    clerk = site.visitor()
    return clerk.post(f"{draft}/sheet/read?page={page}", data=form | changes, follow_redirects=True)


def stored(site: Site, column: str) -> Any:
    return json.loads(site.rows(f"SELECT {column} FROM submission ORDER BY id DESC LIMIT 1")[0][0])


def titles(page: TestResponse) -> list[str]:
    return [html.unescape(title) for title in re.findall(r"<h3[^>]*>(.*?)</h3>", page.text)]


def addresses(site: Site) -> list[str]:
    return sorted(item["values"]["street_address"] for item in stored(site, "items"))

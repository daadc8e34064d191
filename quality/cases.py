"""The cases of tests/cases, asked of a running server and of the command: `make cases` prints what misses.

search.csv: `want` holds alternatives: region:CA, place:Ottawa ON, postal:M5V, point:LAT LON, department:NAME ST, choice
(several to choose from), ask and say (a note or an error that explains), none (no candidate, and a sentence). `never`
names the states and countries that may not come first.

hours.csv: `right` is OSM hours, ASK and SPLIT (nothing stored without a warning), UNKNOWN (no hours, the zone is kept).
"""

import csv
import json
import subprocess
import sys
import tempfile
import urllib.error
import urllib.request
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from opening_hours import OpeningHours

from directory.text import plain
from quality.rows import Row
from quality.site import ROOT, running_site, site_environment

CASES = ROOT / "tests" / "cases"
FORTNIGHT = [datetime.fromisoformat("2026-06-01") + timedelta(minutes=30 * step) for step in range(14 * 48)]
UNANSWERED = {"12 Main St Elmhurst Township PA": "a township is unknown, and said to be, without the Census file"}
"""Rows that the packaged gazetteer cannot answer; test_gazetteer_builder.py asks them of a richer one."""


def read_cases(name: str) -> list[dict[str, str]]:
    """The rows of a file of cases."""
    return list(csv.DictReader((CASES / name).read_text(encoding="utf-8").splitlines()))


def is_right(row: dict[str, str], status: int, answer: dict[str, Any]) -> bool:
    """Whether an answer of `/api/v1/geocode` is one of those that a row of search.csv wants."""
    first = (answer.get("features") or [{"properties": {}}])[0]["properties"]
    if {first.get("state"), first.get("country")} & set(filter(None, row["never"].split(","))):
        return False
    return any(_fits(want, status, answer) for want in row["want"].split("|"))


def _fits(want: str, status: int, answer: dict[str, Any]) -> bool:
    kind, _, text = want.partition(":")
    features = (answer.get("features") or [])[:5]
    if kind == "none":
        return not features and status in (400, 404)
    if kind == "choice":
        return len(features) > 1
    if kind in ("ask", "say"):
        return bool(answer["interpretation"]["notes"])
    return any(_names(kind, text, item["properties"], item["geometry"]["coordinates"]) for item in features)


def _names(kind: str, text: str, place: dict[str, Any], position: list[float]) -> bool:
    """Whether a candidate is the place that is wanted."""
    label = _words(place["label"])
    if kind == "region":
        return (place["precision"], place["state"]) == ("region", text)
    if kind == "postal":
        return text.lower() in label
    if kind == "point":
        latitude, longitude = map(float, text.split())
        return abs(position[1] - latitude) < 0.0015 and abs(position[0] - longitude) < 0.0015
    return _words(text[:-3]) in label and place["state"] == text[-2:]


def _words(text: str) -> str:
    return plain(text).replace("saint ", "st ")


def states(osm: str) -> list[str]:
    """Open or not every half hour of a fortnight, by a library that knows nothing of our own evaluation."""
    hours = OpeningHours(osm, auto_country=False, auto_timezone=False)
    return [str(hours.state(moment)) for moment in FORTNIGHT]


def search_cases() -> Iterator[Row]:
    """Every row of search.csv, asked of a server without online geocoders."""
    rows, misses = read_cases("search.csv"), []
    with tempfile.TemporaryDirectory() as folder, running_site(Path(folder)) as address:
        for row in rows:
            status, answer = _geocoded(address, row["query"])
            if not is_right(row, status, answer):
                why = UNANSWERED.get(row["query"], f"wanted {row['want']}")
                misses.append(f"{row['query']!r}: {why}")
    met = len(misses) <= len(UNANSWERED)
    yield Row("searches of real people with the right answer", f"{len(rows) - len(misses)} of {len(rows)}",
              "all, or each miss with its reason", met, "; ".join(misses))  # fmt: skip


def _geocoded(address: str, words: str) -> tuple[int, dict[str, Any]]:
    try:
        with urllib.request.urlopen(
            f"{address}/api/v1/geocode?{urlencode({'address': words})}", timeout=60
        ) as response:
            return response.status, json.load(response)
    except urllib.error.HTTPError as error:
        return error.code, json.load(error)


def hours_cases() -> Iterator[Row]:
    """Every row of hours.csv, imported by the command and exported again."""
    rows = read_cases("hours.csv")
    with tempfile.TemporaryDirectory() as folder:
        stored, warned = _imported(Path(folder), [row["words"] for row in rows])
    misses = [
        f"{row['words']!r}: wanted {row['right']}, got {stored.get(number)!r}"
        for number, row in enumerate(rows)
        if not _hours_fit(row["right"], stored.get(number, "REFUSED"), number in warned)
    ]
    value = f"{len(rows) - len(misses)} of {len(rows)}"
    yield Row("hours as people write them, understood or asked about", value, "all", not misses, "; ".join(misses))


def _hours_fit(right: str, have: str, is_warned: bool) -> bool:
    if right in ("ASK", "SPLIT"):
        return have in ("", "REFUSED") or is_warned
    if right == "UNKNOWN":
        return have == ""
    return have not in ("", "REFUSED") and states(have) == states(right) and ("PH" in right) == ("PH" in have)


def _imported(folder: Path, texts: list[str]) -> tuple[dict[int, str], set[int]]:
    """The hours that were stored for each text (empty: unknown), and the numbers of those with a warning."""
    file, report = folder / "cases.csv", folder / "report.json"
    with file.open("w", newline="", encoding="utf-8") as out:
        writer = csv.writer(out)
        writer.writerow(("department", "town", "state", "address", "spot_note", "hours"))
        for number, text in enumerate(texts):
            place = (f"Case {number} Police Department", "Darien", "CT", f"{number + 1} Case Road", f"case {number}")
            writer.writerow((*place, text))
    environment = site_environment(folder)
    safezones = [sys.executable, "-m", "directory"]
    subprocess.run([*safezones, "import", file, "--report", report], env=environment, capture_output=True, check=False)
    exported = subprocess.run([*safezones, "export"], env=environment, capture_output=True, check=True, text=True)
    zones = [feature["properties"] for feature in json.loads(exported.stdout)["features"]]
    stored = {
        int(zone["spot_note"].split()[1]): zone.get("opening_hours", "")
        for zone in zones
        if zone.get("spot_note", "").lower().startswith("case ")
    }
    findings = json.loads(report.read_text())[0]["findings"]
    doubts = (
        item for item in findings if item["field"] == "opening_hours" and item["severity"] in ("warning", "error")
    )
    return stored, {item["row"] - 2 for item in doubts}


def main() -> None:
    """Print what misses; exit status 1 when anything does without a reason."""
    rows = [*search_cases(), *hours_cases()]
    for row in rows:
        print(f"{row.name}: {row.value}")
        for miss in filter(None, row.note.split("; ")):
            print(f"  {miss}")
    sys.exit(not all(row.met for row in rows))


if __name__ == "__main__":
    main()

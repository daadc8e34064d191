"""Real rows written as other clerks write them: at most 6 % are refused, and none says something else than it did."""

import csv
import io
import random
import re
from collections.abc import Callable
from pathlib import Path

import pytest

from directory.formats.recognition import open_source
from directory.geocoding.gazetteer import Gazetteer
from directory.zones.schemas import ZoneRecord
from directory.zones.validation.row_validation import validate
from tests.conftest import ROOT

ROWS = [
    row
    for name in ("zones-facts.csv", "zones-official.csv")
    for row in csv.DictReader((ROOT / "data/facts" / name).read_text(encoding="utf-8").splitlines())
]
SAMPLE = 225
REFUSED_AT_MOST = 0.06
HEADINGS = {
    "department": ["Agency", "Police Dept", "Law Enforcement Agency"], "town": ["City", "City/Town", "Community"],
    "state": ["ST", "Province/State", "State/Prov"], "street_address": ["Address", "Location", "Zone Address"],
    "postal_code": ["Zip", "Zip/Postal", "Postal Code"], "setting": ["Type", "Indoor or Outdoor", "Kind of spot"],
    "hours": ["Hours of Operation", "Schedule", "Availability"], "surveillance": ["CCTV", "Cameras?", "Video"],
    "lighted": ["Lit", "Lit at night", "Well Lit"], "phone": ["Tel.", "Non-Emergency Phone", "Phone #"],
    "custody_exchange": ["Child Custody", "Custody exchanges"], "latitude": ["Lat", "GPS Lat", "Y"],
    "longitude": ["Long", "GPS Long", "X"], "footage_days": ["Retention", "Days of footage"],
    "spaces": ["Stalls", "Parking spots"], "spot_note": ["Where", "Exact spot"], "status": ["Status"],
}  # fmt: skip
COMPARED = (
    "state", "postal_code", "setting", "opening_hours", "cameras", "cameras_around_the_clock", "lighting", "phone",
    "custody_exchange", "latitude", "longitude", "location_source", "footage_days", "spaces", "status",
)  # fmt: skip
WORDS = {
    "setting": {
        "parking_lot": ["Parking Lot", "Front parking lot", "lot"], "lobby": ["Front lobby", "Lobby (interior)"],
        "both": ["Lobby & parking lot", "Lobby / Parking Lot"],
    },
    "surveillance": {"24h": ["24/7", "24-hour"], "yes": ["Y", "cameras on site", "Security cameras"]},
    "hours": {"24/7": ["24 hours", "Open 24 hours", "24 hrs/day", "24-7"]},
    "status": {"active": ["Active", "Open", "In use"]},
}  # fmt: skip
DAY = {"Mo": "Mon", "Tu": "Tue", "We": "Wed", "Th": "Thu", "Fr": "Fri", "Sa": "Sat", "Su": "Sun"}


def clock(time: str) -> str:
    hour, minute = map(int, time.split(":"))
    return f"{(hour - 1) % 12 + 1}{f':{minute:02}' if minute else ''}{'am' if hour < 12 else 'pm'}"


def hours(text: str) -> str:
    if match := re.fullmatch(r"(\w\w)-(\w\w) (\d\d:\d\d)-(\d\d:\d\d)", text):
        return f"{DAY[match[1]]} - {DAY[match[2]]}, {clock(match[3])} to {clock(match[4])}"
    return text


def written_otherwise(row: dict[str, str], chance: random.Random) -> dict[str, str]:
    cells = {name: row[name] for name in HEADINGS}
    for name, words in WORDS.items():
        cells[name] = chance.choice(words.get(cells[name], [cells[name]]))
    cells["hours"] = hours(cells["hours"])
    for name in ("lighted", "custody_exchange"):
        cells[name] = chance.choice({"yes": ["Y", "X", "✓", "TRUE"], "no": ["N", "No"]}.get(cells[name], ["N/A", "?"]))
    if digits := re.sub(r"\D", "", cells["phone"])[-10:]:
        cells["phone"] = f"({digits[:3]}) {digits[3:6]}.{digits[6:]} (non-emergency)"
    if cells["latitude"] and not cells["longitude"].startswith("1"):
        cells["latitude"] = chance.choice(["lat {}", "{}° N", "{} *"]).format(cells["latitude"])
    for name, unit in (("footage_days", " days"), ("spaces", " spaces*")):
        cells[name] = cells[name] and cells[name] + chance.choice(["", unit])
    if chance.random() < 0.1:
        cells["town"] = chance.choice(["{}, {}", "City of {}", "{}*"]).format(cells["town"], cells["state"])
    return cells


def records(
    path: Path, rows: list[dict[str, str]], names: dict[str, str], delimiter: str, form: Callable[[str], str] = str
) -> list[ZoneRecord | None]:
    """What a file of these rows says, its columns called by `names`."""
    text = io.StringIO()
    writer = csv.writer(text, delimiter=delimiter)
    writer.writerow(names.values())
    writer.writerows([form(row[name]) for name in names] for row in rows)
    path.write_text(text.getvalue(), encoding="utf-16" if delimiter == "\t" else "utf-8")
    gazetteer = Gazetteer.open_packaged(path.parent.parent)
    with open_source(path) as source:
        return [validate(row, gazetteer).record for row in source.rows]


@pytest.mark.parametrize(("seed", "delimiter", "form"), [(1, ",", str), (2, ";", str.upper), (3, "\t", str)])
def test_real_rows_written_otherwise_say_the_same(
    tmp_path: Path, seed: int, delimiter: str, form: Callable[[str], str]
) -> None:
    chance = random.Random(seed)
    rows = chance.sample(ROWS, SAMPLE)
    columns = chance.sample(list(HEADINGS), len(HEADINGS))
    names = {name: chance.choice(HEADINGS[name]) for name in columns}
    plainly = records(tmp_path / "plain.csv", rows, {name: name for name in HEADINGS}, ",")
    otherwise = records(
        tmp_path / "other.csv", [written_otherwise(row, chance) for row in rows], names, delimiter, form
    )
    assert len(otherwise) == SAMPLE and otherwise.count(None) <= SAMPLE * REFUSED_AT_MOST
    differences = [
        (row["department"], name, getattr(one, name), getattr(other, name))
        for row, one, other in zip(rows, plainly, otherwise, strict=True)
        if one and other
        for name in COMPARED
        if getattr(one, name) != getattr(other, name)
    ]
    assert differences == []

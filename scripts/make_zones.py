"""Make data/zones.geojson from the collected facts in data/facts/zones-facts.csv.

    python scripts/make_zones.py [--output PATH]

Every row becomes one Feature (two where lobby and lot keep different hours) through the same rules as any
import, or is printed with the reason. The facts were collected from public sources, each with its address and
date; nobody has confirmed them since, and nothing is made up here: what a row does not say stays unknown.
"""

import argparse
import csv
import json
import re
import tempfile
from collections import defaultdict
from pathlib import Path
from typing import Any

from directory.db.engine import open_database
from directory.db.schema import migrate
from directory.geocoding.gazetteer import Gazetteer
from directory.store.export import export
from directory.store.importer import ImportOptions, import_file

ROOT = Path(__file__).resolve().parent.parent
FACTS = ROOT / "data" / "facts" / "zones-facts.csv"

Row = dict[str, Any]

SPLITS: dict[tuple[str, str], list[Row]] = {
    ("Atlantis Police Department", "FL"): [
        {"setting": "lobby", "spot_note": "lobby"},
        {"setting": "parking_lot", "spot_note": "lot, for when the lobby is closed",
         "hours_note": "when the lobby is closed"},
    ],
    ("Boynton Beach Police Department", "FL"): [
        {"setting": "lobby", "spot_note": "lobby"},
        {"setting": "parking_lot", "spot_note": "lot, for when the lobby is closed",
         "hours_note": "when the lobby is closed"},
    ],
    ("Delray Beach Police Department", "FL"): [
        {"setting": "lobby", "spot_note": "lobby"},
        {"setting": "parking_lot", "spot_note": "lot, for when the lobby is closed",
         "hours_note": "when the lobby is closed"},
    ],
    ("Birmingham Police Department", "AL"): [
        {"spot_note": "the four precincts, lobby or outside", "approximate": True},
        {"name": "Headquarters lobby", "setting": "lobby", "spot_note": "headquarters lobby", "opening_hours": "",
         "hours_note": "business hours only by a 2021 report", "approximate": True},
    ],
    ("Lakewood Police Department", "WA"): [
        {"setting": "lobby", "spot_note": "lobby", "advised_hours": "Mo-Fr 09:00-17:00",
         "rules": ["staff stay out of deals"], "hours_note": "lobby staffed Mo-Fr 09:00-17:00"},
        {"setting": "parking_lot", "spot_note": "department lot, sign supplied by a listing site",
         "rules": ["staff stay out of deals"]},
    ],
}  # fmt: skip
"""Rows that describe a lobby and a lot with hours of their own: two zones each."""

PIN_HELP: dict[tuple[str, str], Row] = {
    ("West Hants", "NS"): {"mailing_town": "Windsor"},
    ("Central Hastings", "ON"): {"mailing_town": "Madoc"},
    ("Prince Edward County", "ON"): {"mailing_town": "Picton"},
    ("Franklin Township", "NJ"): {"mailing_town": "Somerset"},
    ("Saint-Prosper", "QC"): {"postal_code": "G0M"},
}
"""Municipalities the gazetteer lacks: the post town or area inside them that places the (approximate) pin."""

NEW_CANAAN = {
    "lobby": {"spot_note": "lobby of police headquarters"},
    "parking_lot": {"spot_note": "front parking lot of police headquarters"},
}
NEW_CANAAN_STATUS = (
    "The police worked from 39 Locust Avenue from 4 December 2023 while 174 South Avenue was rebuilt. Their return to "
    "South Avenue was set for 3 June 2025. Nobody has confirmed that the safe zones are back: call 203-594-3500 "
    "before you go."
)
MOVE_SOURCE = (
    "https://news.hamlethub.com/new-canaan-connecticut/"
    "7416-take-note-new-canaan-police-operate-at-39-locust-avenue-beginning-december-4"
)
DEPARTMENTS: list[Row] = [
    {
        "name": "New Canaan Police Department",
        "state": "CT",
        "country": "US",
        "phone": "203-594-3500",
        "contact_phone": "203-594-3512",
        "web_page": "https://www.newcanaanpolice.org/",
        "channels": [
            {"label": "Anonymous tips", "value": "MYPD app"},
            {"label": "Social media", "value": "@newcanaanpolice"},
        ],
        "note": "Officers are around both areas at all hours, but take no part in any trade.",
        "history": [
            {"from": "2017-03-03", "until": "", "text": "Two e-commerce safe zones announced: the front parking lot "
             "and the lobby of headquarters, 174 South Avenue.", "source_url": ""},
            {"from": "2023-12-04", "until": "2025-06-03", "text": "Headquarters at 39 Locust Avenue while "
             "174 South Avenue was rebuilt; the return was set for 3 June 2025.", "source_url": MOVE_SOURCE},
        ],
    }
]  # fmt: skip


def convert(row: dict[str, str]) -> Row:
    """One row of the facts as field values of the directory."""
    rules = [rule.strip() for rule in row["rules"].split(";") if rule.strip()]
    cameras = {"24h": "yes", "yes": "yes", "none": "no"}.get(row["surveillance"], "unknown")
    station = bool(row["latitude"])
    return {
        "name": row["zone_name"],
        "department": row["department"],
        "town": row["town"],
        "state": row["state"],
        "country": row["country"],
        "street_address": row["street_address"],
        "postal_code": row["postal_code"],
        "setting": {"both": "lobby_and_lot", "": "unknown"}.get(row["setting"], row["setting"]),
        "spot_note": row["spot_note"],
        "opening_hours": row["hours"],
        "cameras": cameras,
        "cameras_around_the_clock": "yes" if row["surveillance"] == "24h" else "unknown",
        "cameras_watched": "no" if {"not watched live", "cameras not watched live"} & set(rules) else "unknown",
        "lighting": row["lighted"],
        "marked": "yes" if re.search(r"\b(sign|signs|signed|marked|painted|lines)\b", row["spot_note"]) else "unknown",
        "custody_exchange": row["custody_exchange"],
        "spaces": row["spaces"],
        "rules": rules,
        "status": row["status"],
        "status_note": row["status_note"],
        "source_url": row["source_url"].split(" ")[0],
        "other_sources": row["source_url"].split(" ")[1:],
        "source_date": row["source_date"],
        "latitude": float(row["latitude"]) if station else None,
        "longitude": float(row["longitude"]) if station else None,
        "location_source": "station" if station else None,
        "approximate": row["coord_confidence"] == "approximate",
    }


def zones(rows: list[dict[str, str]]) -> list[Row]:
    """Every zone the facts describe, in their order."""
    result = []
    for row in rows:
        zone = convert(row) | PIN_HELP.get((row["town"], row["state"]), {})
        if (zone["department"], zone["state"]) == ("New Canaan Police Department", "CT"):
            zone |= NEW_CANAAN[zone["setting"]] | {
                "status_from": "2023-12-04",
                "status_note": NEW_CANAAN_STATUS,
                "announced_on": "2017-03-03",
                "cameras_recorded": "yes",
                "rules": ["officers are around at all hours, but take no part in any trade"],
            }
        parts = SPLITS.get((zone["department"], zone["state"]), [{}])
        result += [zone | part for part in parts]
    return result


def departments(rows: list[dict[str, str]], zone_list: list[Row]) -> list[Row]:
    """A number that all rows of a department share is the department's; others stay with their zone."""
    phones: dict[tuple[str, str, str], set[str]] = defaultdict(set)
    for row in rows:
        phones[row["department"], row["state"], row["country"]].add(row["phone"])
    shared = {key: next(iter(found)) for key, found in phones.items() if len(found) == 1 and found != {""}}
    for row, zone in ((row, zone) for row in rows for zone in zone_list if row["zone_name"] == zone["name"]):
        same = all(row[name] == zone[name] for name in ("department", "state", "town", "street_address"))
        if same and (row["department"], row["state"], row["country"]) not in shared:
            zone["phone"] = row["phone"]
    known = {(item["name"], item["state"]) for item in DEPARTMENTS}
    return DEPARTMENTS + [
        {"name": name, "state": state, "country": country, "phone": phone}
        for (name, state, country), phone in shared.items()
        if (name, state) not in known
    ]


def main() -> None:
    """Convert, import into an empty directory, export, and say what did not get in."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--output", type=Path, default=ROOT / "data" / "zones.geojson")
    output = parser.parse_args().output
    rows = list(csv.DictReader(FACTS.open(encoding="utf-8", newline="")))
    zone_list = zones(rows)
    collection = {
        "type": "FeatureCollection",
        "departments": departments(rows, zone_list),
        "towns": [],
        "features": [
            {
                "type": "Feature",
                "geometry": None
                if zone["latitude"] is None
                else {"type": "Point", "coordinates": [zone["longitude"], zone["latitude"]]},
                "properties": {
                    name: value for name, value in zone.items() if value and name not in ("latitude", "longitude")
                },
            }
            for zone in zone_list
        ],
    }
    with tempfile.TemporaryDirectory() as scratch:
        raw = Path(scratch) / "facts.geojson"
        raw.write_text(json.dumps(collection), encoding="utf-8")
        engine = open_database(f"sqlite:///{scratch}/zones.sqlite")
        migrate(engine)
        gazetteer = Gazetteer.open_packaged(Path(scratch))
        report = import_file(engine, raw, gazetteer, ImportOptions(actor="first collection"))
        with output.open("w", encoding="utf-8", newline="\n") as file:
            export(engine, "geojson", file)
        engine.dispose()
    for finding in report.findings:
        if finding.severity != "note":
            print(f"{zone_list[finding.row - 1]['department']}: {finding}")
    print(f"{len(rows)} rows, {len(zone_list)} zones: {report.added} written, {report.refused} refused")


if __name__ == "__main__":
    main()

"""The facts of data/facts as rows for the importer, with what is known beside them.

The facts were collected from public sources, each with its address and date; nobody has confirmed them since, and
nothing is made up here: what a row does not say stays unknown.
"""

from collections import defaultdict
from typing import Any

from directory.regions import REGIONS
from directory.text import slug
from directory.zones.derivations import PLAIN_NAME
from directory.zones.programs import FIELDS_OF_A_PROGRAM

COUNTRIES = {code: region.country for code, region in REGIONS.items()}

Row = dict[str, Any]

PIN_HELP: dict[tuple[str, str], Row] = {
    ("West Hants", "NS"): {"mailing_town": "Windsor"},
    ("Central Hastings", "ON"): {"mailing_town": "Madoc"},
    ("Prince Edward County", "ON"): {"mailing_town": "Picton"},
    ("Franklin Township", "NJ"): {"mailing_town": "Somerset"},
    ("Saint-Prosper", "QC"): {"postal_code": "G0M"},
    ("Mitchell", "ON"): {"postal_code": "N0K"},
    ("Thornbury", "ON"): {"postal_code": "N0H"},
    ("Grey Bruce", "ON"): {"mailing_town": "Owen Sound"},
    ("Wellington County", "ON"): {"mailing_town": "Fergus"},
    ("Lac-Sergent", "QC"): {"mailing_town": "Saint-Raymond"},
    ("Nouvelle", "QC"): {"postal_code": "G0C"},
    ("Saint-Paul", "QC"): {"mailing_town": "Joliette"},
    ("Val-Joli", "QC"): {"mailing_town": "Windsor"},
    ("Waterville", "QC"): {"postal_code": "J0B"},
    ("Haut-Saint-François", "QC"): {"mailing_town": "Cookshire-Eaton"},
    ("Mantua Township", "NJ"): {"mailing_town": "Mantua"},
    ("Springfield Township", "PA"): {
        "town": "Springfield Township (Montgomery County)",
        "mailing_town": "Wyndmoor",
    },
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
WRITTEN = {
    MOVE_SOURCE: "2023",
    "https://www.recordnet.com/story/news/local/east-valley/2016/01/21/police-create-safe-net-exchange/32723350007/":
        "2016-01-21",
}  # fmt: skip
"""When pages were written that the list dates by what they tell of: that day is the announcement's."""
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

STATIONS = "Federal list of stations (HIFLD Open)"
"""Local Law Enforcement Locations, releases of 2019 and 2024: of points and telephones."""
LEFT_OUT = {
    ("Alberta RCMP Eastern Alberta District", "AB"): "stands for 22 detachments that the source does not name",
}
"""Rows that are no zone, with the reason."""
REPLACED = {
    "ca-fresno-parking-lot": ("Fresno Police Department", "Fresno", "CA"),
    "oh-dayton-zone": ("Dayton Police Department", "Dayton", "OH"),
    "pa-philadelphia-zone": ("Philadelphia Police Department", "Philadelphia", "PA"),
    "va-virginia-beach-lobby": ("Virginia Beach Police Department", "Virginia Beach", "VA"),
}
"""Zones of the first edition that stood for a whole city: (department, town, state)."""
SITES_OF_A_PROGRAM = 4
"""So many zones of one department in one announcement are sites of a program."""
OF_SOURCE = frozenset(("source_url", "source_date", "source_kind", "announced_on"))
SAID_ONCE = frozenset(FIELDS_OF_A_PROGRAM) - {"sources", "evidence"}
SETTINGS = {"both": "lobby_and_lot", "": "unknown"}
PLAIN = [
    "zone_id", "street_address", "postal_code", "spot_note", "advised_hours", "cameras_recorded", "cameras_watched",
    "cameras_around_the_clock", "emergency_phone", "footage_days", "marked", "step_free", "appointment",
    "custody_exchange", "spaces", "status", "status_note", "source_date", "source_kind", "department", "town",
    "state", "country",
]  # fmt: skip
"""Columns that are fields by the same name."""


def convert(row: dict[str, str]) -> Row:
    """One row of the facts as field values of the directory."""
    station = bool(row["latitude"])
    urls = [*row["source_url"].split(" "), *row["sources_more"].split(" ")]
    level = "address" if row["coord_confidence"].startswith("exact") else "agency"
    zone: Row = {
        **{name: row.get(name, "") for name in PLAIN},
        "name": row["zone_name"],
        "setting": SETTINGS.get(row["setting"], row["setting"]),
        "opening_hours": row["hours"],
        "cameras": {"24h": "yes", "yes": "yes", "none": "no"}.get(row["surveillance"], "unknown"),
        "officer_standby": {"on request": "yes"}.get(row["officer_standby"], row["officer_standby"]),
        "lighting": row["lighted"],
        "rules": [rule.strip() for rule in row["rules"].split(";") if rule.strip()],
        "source_url": urls[0],
        "sources": [{"url": url} for url in dict.fromkeys(urls[1:]) if url],
        "latitude": float(row["latitude"]) if station else None,
        "longitude": float(row["longitude"]) if station else None,
        "location_source": level if station else None,
    }
    if row["surveillance"] == "24h":
        zone["cameras_around_the_clock"] = "yes"
    if station:
        zone["sources"].append({"name": STATIONS, "kind": "list", "date": row["coord_source"].rstrip(")")[-4:]})
        zone["evidence"] = {"position": len(zone["sources"])}
    return zone


def zones(rows: list[dict[str, str]]) -> list[Row]:
    """Every zone the facts describe, in their order."""
    result = []
    for row in rows:
        if reason := LEFT_OUT.get((row["department"], row["state"])):
            print(f"{row['department']}, {row['town']}: left out, {reason}")
            continue
        zone = convert(row) | PIN_HELP.get((row["town"], row["state"]), {})
        if (zone["department"], zone["state"]) == ("New Canaan Police Department", "CT"):
            zone |= NEW_CANAAN[zone["setting"]] | {
                "status_from": "2023-12-04",
                "status_note": NEW_CANAAN_STATUS,
                "announced_on": "2017-03-03",
                "cameras_recorded": "yes",
                "rules": ["officers are around at all hours, but take no part in any trade"],
            }
        written = WRITTEN.get(zone["source_url"], zone["source_date"])
        if written != zone["source_date"]:
            zone |= {"source_date": written, "announced_on": zone.get("announced_on") or zone["source_date"]}
        result.append(zone)
    return result


def departments(rows: list[dict[str, str]], zone_list: list[Row], contacts: list[dict[str, str]]) -> list[Row]:
    """Every department of which more is known than its name, with the source of its telephone.

    A number that all rows of a department share is the department's; others stay with their zone.
    """
    phones: dict[tuple[str, str], set[str]] = defaultdict(set)
    for row in rows:
        phones[row["department"], row["state"]].add(row["phone"])
    shared = {key: next(iter(numbers)) for key, numbers in phones.items() if len(numbers) == 1 and numbers != {""}}
    by_id = {zone["zone_id"] or id(zone): zone for zone in zone_list}
    for row in rows:
        if row["phone"] and (row["department"], row["state"]) not in shared and row["zone_id"] in by_id:
            by_id[row["zone_id"]]["phone"] = row["phone"]
    known = {(item["name"], item["state"]): item for item in DEPARTMENTS}
    for row in contacts:
        key = (row["department"], row["state"])
        item = known.setdefault(key, {"name": key[0], "state": key[1], "country": row["country"]})
        federal = row["phone_source"] == "federal list 2019"
        source = {"name": STATIONS, "kind": "list", "date": "2019"} if federal else {"url": row["source_url"]}
        stated = {"phone": row["phone"], "web_page": row["web_page"]}
        new = {name: value for name, value in stated.items() if value and not item.get(name)}
        said = {"sources": [source], "evidence": {"phone": 1}} if "phone" in new else {}
        item |= new | said
    for key, phone in shared.items():
        known.setdefault(key, {"name": key[0], "state": key[1], "country": COUNTRIES[key[1]]}).setdefault(
            "phone", phone
        )
    return list(known.values())


def programs(zone_list: list[Row]) -> list[Row]:
    """The programs of many sites: what all zones of one announcement say alike is said once, and taken from them."""
    groups: dict[tuple[str, str, str], list[Row]] = defaultdict(list)
    for zone in zone_list:
        groups[zone["department"], zone["state"], zone["source_url"]].append(zone)
    result: dict[str, Row] = {}
    for (department, state, _), sites in groups.items():
        program_id = slug(f"{state} {department}")
        if len(sites) < SITES_OF_A_PROGRAM or program_id in result:
            continue
        alike = {
            name: value
            for name, value in sites[0].items()
            if name in SAID_ONCE and value and all(site.get(name) == value for site in sites)
        }
        for site in sites:
            site["program"] = program_id
            for name in alike.keys() - OF_SOURCE:
                del site[name]
        alike["source_date"] = max(site["source_date"] for site in sites)
        owner = {"department": department, "state": state, "country": sites[0]["country"]}
        result[program_id] = {"program_id": program_id, **owner, "name": PLAIN_NAME, **alike}
    return list(result.values())


def replaced() -> list[Row]:
    """The zones that stood for a whole city, withdrawn: their stations are zones of their own."""
    return [
        {"zone_id": zone_id, "department": department, "town": town, "state": state, "status": "withdrawn",
         "status_note": f"It stood for all stations of the {department}, which are listed one by one now.",
         "replaced_by": slug(f"{state} {department}")}
        for zone_id, (department, town, state) in REPLACED.items()
    ]  # fmt: skip

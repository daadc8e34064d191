"""Write docs/data-report.md: what data/zones.geojson says, how well it is known, and how old it is.

python scripts/data_report.py [--check]
"""

import json
import sys
from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import date
from pathlib import Path
from typing import Any

from directory.regions import REGIONS
from directory.zones.evidence.confidence import (
    ExistenceConfidence,
    PositionConfidence,
    existence_confidence,
    position_confidence,
)
from directory.zones.evidence.zone_evidence import FACTS, Rank, evidence_of, is_stated, rank_of
from directory.zones.programs import Program, with_program
from directory.zones.schemas import LocationSource, Status, ZoneRecord

ROOT = Path(__file__).resolve().parent.parent
DATA = ROOT / "data" / "zones.geojson"
DOCUMENT = ROOT / "docs" / "data-report.md"
RANK_NAMES = {
    Rank.DEPARTMENT: "department", Rank.MODERATOR: "moderator", Rank.OFFICIAL: "official page",
    Rank.OTHER: "other source", Rank.DERIVED: "derived",
}  # fmt: skip


def records(collection: dict[str, Any]) -> list[ZoneRecord]:
    """The zones of the file that are not withdrawn, with what their programs say."""
    programs = {entry["program_id"]: Program.of(entry) for entry in collection.get("programs", ())}
    zones = [with_program(_record(feature), programs) for feature in collection["features"]]
    return [zone for zone in zones if zone.status is not Status.WITHDRAWN]


def _record(feature: dict[str, Any]) -> ZoneRecord:
    longitude, latitude = feature["geometry"]["coordinates"]
    point = {"zone_id": feature["id"], "latitude": latitude, "longitude": longitude}
    return ZoneRecord.model_validate({**point, **feature["properties"]})


def table(heading: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """A Markdown table."""
    lines = [heading, ["---"] * len(heading), *rows]
    return "\n".join(f"| {' | '.join(map(str, row))} |" for row in lines)


def _share(count: int, total: int) -> str:
    return f"{count / total:.1%}"


def report(collection: dict[str, Any]) -> str:
    """The whole document; ages are counted on the day of the release."""
    zones, day = records(collection), date.fromisoformat(collection["released"])
    withdrawn = len(collection["features"]) - len(zones)
    departments = {(zone.state, zone.department) for zone in zones}
    callable_departments = {(one["state"], one["name"]) for one in collection["departments"] if one.get("phone")}
    with_number = sum(bool(zone.phone) or (zone.state, zone.department) in callable_departments for zone in zones)
    parts = [
        "# Data report",
        f"Written by `make data-report` from `data/zones.geojson`, dataset `{collection['dataset']}`, release "
        f"{collection['released']}.",
        f"{len(zones)} zones of {len(departments)} departments in {len({zone.state for zone in zones})} states and "
        f"provinces; {withdrawn} more are withdrawn. {with_number} zones ({_share(with_number, len(zones))}) have a "
        "number to call, their own or their department's.",
        "## Fill rates",
        "How many zones state a fact. What nobody stated is unknown, never no.",
        table(("fact", "zones", "share"), _fill_rates(zones)),
        "## Programs",
        "Announcements for many sites, whose facts the sites share: the figures of the other tables count them.",
        table(
            ("department", "sites"),
            Counter(f"{one.department}, {one.state}" for one in zones if one.program).most_common(),
        ),
        "## Evidence",
        "Stated facts by the rank of their source ([data-format.md](data-format.md), *Evidence*).",
        table(("rank", "facts", "share"), _ranks(zones)),
        "## Positions",
        table(("level", "zones", "share"), _levels(zones)),
        table(("position confidence", "zones", "share"), _counted(map(position_confidence, zones), PositionConfidence)),
        "## Existence",
        table(
            ("existence confidence", "zones", "share"),
            _counted((existence_confidence(zone, day) for zone in zones), ExistenceConfidence),
        ),
        "## Ages by state",
        "Years of the main sources; *median* of those that have a date.",
        table(("state", "zones", "median year", "undated", "exact points"), _by_state(zones)),
    ]
    return "\n\n".join(parts) + "\n"


def _fill_rates(zones: Sequence[ZoneRecord]) -> list[tuple[str, int, str]]:
    counts = Counter(fact for zone in zones for fact in FACTS if is_stated(zone, fact))
    return [(f"`{fact}`", counts[fact], _share(counts[fact], len(zones))) for fact in FACTS]


def _ranks(zones: Sequence[ZoneRecord]) -> list[tuple[str, int, str]]:
    counts = Counter(rank_of(zone, fact, source) for zone in zones for fact, source in evidence_of(zone).items())
    return [
        (RANK_NAMES[rank], counts[rank], _share(counts[rank], counts.total())) for rank in sorted(Rank, reverse=True)
    ]


def _levels(zones: Sequence[ZoneRecord]) -> list[tuple[str, int, str]]:
    return _counted((zone.location_source for zone in zones), LocationSource)


def _counted(values: Iterable[Any], kind: Iterable[Any]) -> list[tuple[str, int, str]]:
    counts = Counter(values)
    return [(f"`{value}`", counts[value], _share(counts[value], counts.total())) for value in kind]


def _by_state(zones: Sequence[ZoneRecord]) -> list[tuple[str, int, str, int, int]]:
    rows = []
    for state in sorted({zone.state for zone in zones}):
        own = [zone for zone in zones if zone.state == state]
        years = sorted(zone.source_date[:4] for zone in own if zone.source_date)
        exact = sum(position_confidence(zone) is PositionConfidence.EXACT for zone in own)
        median = years[len(years) // 2] if years else "–"
        rows.append((REGIONS[state].name, len(own), median, len(own) - len(years), exact))
    return rows


def main() -> None:
    """Write the document, or with `--check` say whether it is up to date."""
    text = report(json.loads(DATA.read_text(encoding="utf-8")))
    if "--check" in sys.argv:
        sys.exit(0 if DOCUMENT.read_text(encoding="utf-8") == text else "docs/data-report.md is old: make data-report")
    DOCUMENT.write_text(text, encoding="utf-8")
    print(text)


if __name__ == "__main__":
    main()

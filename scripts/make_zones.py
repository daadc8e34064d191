"""Make data/zones.geojson from the collected facts in data/facts.

    python scripts/make_zones.py [--output PATH]

Every row of zones-facts.csv becomes one zone through the same rules as any import, or is printed with the reason. The
rows of zones-official.csv, from official pages, are taken in after them by the rules of evidence.
"""

import argparse
import csv
import json
import tempfile
from collections.abc import Sequence
from operator import itemgetter
from pathlib import Path
from typing import Any

from sqlalchemy import Engine
from sqlmodel import col, select

from directory.db.engine import open_database
from directory.db.schema import migrate
from directory.db.tables.contributions.data_cases import DataCase, DataCaseKind
from directory.db.transaction import transaction
from directory.formats.export_formats import pieces
from directory.geocoding.gazetteer import Gazetteer
from directory.store.directory_reader import read_directory
from directory.store.importing.import_options import ImportOptions
from directory.store.importing.importer import import_file
from directory.store.importing.packaged_disagreements import FILE
from directory.store.repository import Directory, StoredZone
from directory.zones.evidence.merging import agree
from directory.zones.evidence.zone_evidence import FACTS as ZONE_FACTS
from directory.zones.evidence.zone_evidence import Rank, evidence_of, is_stated, rank_of
from scripts.collected_facts import Row, departments, programs, replaced, zones
from scripts.official_facts import official

ROOT = Path(__file__).resolve().parent.parent
FACTS = ROOT / "data" / "facts"
DATASET, RELEASED = "safe-zone-directory", "2026-11-29"
IN_WORDS = frozenset(("name", "spot_note", "rules", "custody_rules"))


def collection(
    dataset: str, zone_list: list[Row], department_list: list[Row], program_list: Sequence[Row] = ()
) -> dict[str, Any]:
    """A file of these zones for the importer."""
    return {
        "type": "FeatureCollection",
        "dataset": dataset,
        "released": RELEASED,
        "departments": department_list,
        "towns": [],
        "programs": list(program_list),
        "features": [
            {
                "type": "Feature",
                **({"id": zone["zone_id"]} if zone.get("zone_id") else {}),
                "geometry": None
                if zone.get("latitude") is None
                else {"type": "Point", "coordinates": [zone["longitude"], zone["latitude"]]},
                "properties": {
                    name: value
                    for name, value in zone.items()
                    if value and name not in ("latitude", "longitude", "zone_id")
                },
            }
            for zone in zone_list
        ],
    }


def disagreements(engine: Engine, before: Directory, after: Directory) -> list[Row]:
    """What the lists say against what stands: statements that a better source's replaced, and those not taken.

    Two sources never say a name, a spot or a rule in the same words: that is no disagreement.
    """
    result: list[Row] = []
    for zone in before.zones:
        said, stands = (_own(directory, zone.zone_id) for directory in (before, after))
        if stands.status == "withdrawn":
            continue
        for fact, source in evidence_of(said).items():
            is_said = rank_of(said, fact, source) is not Rank.DERIVED and is_stated(stands, fact)
            if is_said and not agree(said, stands, fact):
                values = {name: getattr(said, name) for name in ZONE_FACTS[fact]}
                result.append({"zone_id": zone.zone_id, "fact": fact, "values": values, "source": source.to_json()})
    with transaction(engine, writes=False) as session:
        query = select(DataCase).where(col(DataCase.kind) == DataCaseKind.DISAGREEMENT)
        cases = [case for case in session.exec(query) if case.zone_id]
        result += [{"zone_id": case.zone_id, "fact": case.subject, **case.details} for case in cases]
    return sorted((one for one in result if one["fact"] not in IN_WORDS), key=itemgetter("zone_id", "fact"))


def _own(directory: Directory, zone_id: str) -> StoredZone:
    """A zone with its own statements alone, without those of its program."""
    return directory.rows.own.get(zone_id) or directory.rows.zones[zone_id]


def main() -> None:
    """Convert, import into an empty directory, export, and say what did not get in."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--output", type=Path, default=ROOT / "data" / "zones.geojson")
    output = parser.parse_args().output
    rows, official_rows, contacts = (
        list(csv.DictReader((FACTS / name).open(encoding="utf-8", newline="")))
        for name in ("zones-facts.csv", "zones-official.csv", "departments.csv")
    )
    zone_list = zones(rows)
    with tempfile.TemporaryDirectory() as scratch:
        engine = open_database(f"sqlite:///{scratch}/zones.sqlite")
        migrate(engine)
        gazetteer = Gazetteer.open_packaged(Path(scratch))

        def take(name: str, content: dict[str, Any]) -> None:
            path = Path(scratch) / f"{name}.geojson"
            path.write_text(json.dumps(content), encoding="utf-8")
            report = import_file(engine, path, gazetteer, ImportOptions(actor="collection"))
            departments_of = [one["properties"]["department"] for one in content["features"]]
            for finding in report.findings:
                if finding.severity == "error" or (finding.severity == "warning" and finding.rule != "point_is_known"):
                    print(f"{departments_of[finding.row - 1] if finding.row else name}: {finding}")
            print(f"{name}: {len(content['features'])} rows: {report.added} added, {report.changed} changed, "
                  f"{report.refused} refused, {report.cases} disagreements")  # fmt: skip

        details = departments(rows, zone_list, contacts)
        program_list = programs(zone_list)
        take("zones", collection(DATASET, [*zone_list, *replaced()], details, program_list))
        first = read_directory(engine)
        take("official", collection("official-pages", official(official_rows, first.zones), []))
        directory = read_directory(engine)
        (output.parent / FILE).write_text(
            json.dumps(disagreements(engine, first, directory), indent=1, ensure_ascii=False) + "\n", encoding="utf-8"
        )
        owners = [*directory.departments.values()], [*directory.towns.values()]
        with output.open("wb") as file:
            zones_as_stored = [directory.rows.own.get(zone.zone_id, zone) for zone in directory.zones]
            release = {"dataset": DATASET, "released": RELEASED}
            file.writelines(pieces("geojson", zones_as_stored, *owners, release, directory.programs.values()))
        engine.dispose()
    print(f"{len(rows) + len(official_rows)} rows, {len(directory.zones)} zones")


if __name__ == "__main__":
    main()

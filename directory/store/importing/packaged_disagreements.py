"""What the lists behind the packaged zones say against a better source: a new site's moderators see it, too.

The zones' file has only what stands. `disagreements.json` beside it has the other sides, as `scripts/make_zones.py`
found them when it took the lists in.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from sqlalchemy import Engine

from directory.db.tables.contributions.data_cases import DataCaseKind
from directory.db.transaction import transaction
from directory.store.data_cases import NewCase, note_cases
from directory.store.repository import zone_records
from directory.zones.evidence.zone_evidence import LOCAL, evidence_of
from directory.zones.schemas import Status, ZoneRecord

FILE = "disagreements.json"
ORIGIN = "packaged lists"


def note_packaged_disagreements(engine: Engine, zones_file: Path) -> int:
    """Put what the lists behind a file of zones disagree about on the desk; returns how many are new there.

    Nothing where the file has no such list beside it. Raises DatabaseError.
    """
    path = zones_file.with_name(FILE)
    if not path.is_file():
        return 0
    entries = json.loads(path.read_text(encoding="utf-8"))
    with transaction(engine) as session:
        records = zone_records(session, [entry["zone_id"] for entry in entries])
        return note_cases(session, ORIGIN, list(records), DataCaseKind.DISAGREEMENT, _open_to_doubt(entries, records))


def _open_to_doubt(entries: Sequence[Mapping[str, Any]], records: Mapping[str, ZoneRecord]) -> Iterator[NewCase]:
    """The statements about zones that stand otherwise, unless the department or a moderator said so here."""
    for entry in entries:
        record, fact, values = records.get(entry["zone_id"]), entry["fact"], entry["values"]
        if record is None or record.status is Status.WITHDRAWN:
            continue
        source = evidence_of(record).get(fact)
        if source is None or source.kind in LOCAL or all(getattr(record, name) == values[name] for name in values):
            continue
        details = {"values": values, "source": entry["source"]}
        yield NewCase(DataCaseKind.DISAGREEMENT, record.zone_id, fact, details)

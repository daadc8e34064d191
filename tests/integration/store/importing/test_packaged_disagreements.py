"""A new site's moderators see what the lists behind the packaged zones disagree about."""

import json
import shutil
from collections.abc import Callable
from pathlib import Path

from sqlalchemy import Engine
from sqlmodel import select

from directory.db.tables.contributions.data_cases import DataCase, DataCaseState
from directory.db.transaction import transaction
from directory.settings import packaged
from directory.store.importing.import_report import ImportReport
from directory.store.importing.packaged_disagreements import FILE, note_packaged_disagreements
from tests.support.database_templates import ZONES

Import = Callable[..., ImportReport]
NAPERVILLE = "il-naperville-lobby"


def open_cases(engine: Engine) -> dict[tuple[str | None, str], object]:
    with transaction(engine, writes=False) as session:
        rows = session.exec(select(DataCase).where(DataCase.state == DataCaseState.OPEN))
        return {(row.zone_id, row.subject): row.details["values"] for row in rows}


def test_what_packaged_lists_disagree_about_is_on_the_desk_once(engine: Engine, load: Import, tmp_path: Path) -> None:
    load(ZONES)
    known = json.loads(packaged("data/disagreements.json").read_text(encoding="utf-8"))
    assert note_packaged_disagreements(engine, packaged("data/zones.geojson")) == len(known) > 0
    assert open_cases(engine)[NAPERVILLE, "setting"] == {"setting": "lobby"}
    assert note_packaged_disagreements(engine, packaged("data/zones.geojson")) == 0
    assert len(open_cases(engine)) == len(known)
    shutil.copy(ZONES, tmp_path / "zones.geojson")
    assert note_packaged_disagreements(engine, tmp_path / "zones.geojson") == 0, "another file has no such list"


def test_what_stands_so_already_and_zones_that_there_are_not_make_no_case(
    engine: Engine, load: Import, tmp_path: Path
) -> None:
    load(ZONES)
    said = {"fact": "setting", "source": {"url": "https://example.org/list", "kind": "news"}}
    entries = [
        {**said, "zone_id": NAPERVILLE, "values": {"setting": "lobby_and_lot"}},
        {**said, "zone_id": "zz-nowhere", "values": {"setting": "lobby"}},
    ]
    (tmp_path / FILE).write_text(json.dumps(entries), encoding="utf-8")
    assert note_packaged_disagreements(engine, tmp_path / "zones.geojson") == 0 and not open_cases(engine)

"""Rows that another process reads and judges: the same directory, the same report."""

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import Engine

from directory.clock import now
from directory.db.tables.published.directory_version import Heartbeat
from directory.db.transaction import transaction
from directory.formats.source import BadFileError
from directory.geocoding.gazetteer import Gazetteer
from directory.store.importing.import_options import ImportOptions
from directory.store.importing.import_report import ImportReport
from directory.store.importing.importer import import_file, import_judged
from directory.store.importing.judged_file import SMALL_BYTES, JudgedBatch, judged_ahead, judged_file
from directory.store.repository import version_of
from tests.support.database_templates import ZONES
from tests.support.imports import POINT, collection, exported, feature

pytestmark = pytest.mark.usefixtures("gazetteer")


def load_ahead(engine: Engine, path: Path, gazetteer: Gazetteer, *, dry_run: bool = False) -> ImportReport:
    with judged_ahead(path, gazetteer) as file:
        return import_judged(engine, file, gazetteer, ImportOptions(dry_run=dry_run))


def messy(path: Path) -> Path:
    """Rows of every fate: new, changed, repeated, refused, with words that are read otherwise, and unread ones."""
    real = json.loads(ZONES.read_text(encoding="utf-8"))
    features = real["features"]
    for number, one in enumerate(features):
        one["properties"] |= [{}, {"cameras": "24h"}, {"phone": "12"}, {"lighting": "perhaps"}, {"state": "??"}][
            number % 5
        ]
    features += [feature(POINT, name=f"Spot {number}", spot_note=f"bay {number}") for number in range(300)]
    features += [feature(None, town="Nowhereville"), features[0], {"type": "Point"}]
    path.write_text(collection(*features, towns=real["towns"], dataset="other"))
    return path


def test_the_real_zones_are_the_same_byte_for_byte(engine: Engine, gazetteer: Gazetteer) -> None:
    assert ZONES.stat().st_size > SMALL_BYTES
    report = load_ahead(engine, ZONES, gazetteer)
    assert report.refused == 0
    assert exported(engine) == ZONES.read_text(encoding="utf-8")


@pytest.mark.real_zones
def test_a_messy_file_has_the_same_report_and_the_same_result(
    engine: Engine, gazetteer: Gazetteer, tmp_path: Path
) -> None:
    path = messy(tmp_path / "messy.geojson")
    here = import_file(engine, path, gazetteer, ImportOptions(dry_run=True))
    assert load_ahead(engine, path, gazetteer, dry_run=True).to_json() == here.to_json()
    assert here.refused > 100
    load_ahead(engine, path, gazetteer)
    after = version_of(engine)
    again = import_file(engine, path, gazetteer, ImportOptions())
    assert (again.added, again.changed, again.unchanged) == (0, 0, here.added + here.changed + here.unchanged)
    assert version_of(engine) == after


def test_findings_beyond_the_first_thousand_are_counted(engine: Engine, gazetteer: Gazetteer, tmp_path: Path) -> None:
    path = tmp_path / "doubtful.geojson"
    path.write_text(collection(*(feature(POINT, spot_note=f"bay {number}", phone="12") for number in range(1_200))))
    assert path.stat().st_size > SMALL_BYTES
    report = load_ahead(engine, path, gazetteer, dry_run=True)
    assert report.counts["warning"] == 1_200
    assert [finding.row for finding in report.findings] == list(range(1, 1_001))


@pytest.mark.real_zones
def test_a_file_that_ends_in_the_middle_changes_nothing(engine: Engine, gazetteer: Gazetteer, tmp_path: Path) -> None:
    path, before = messy(tmp_path / "cut.geojson"), exported(engine)
    path.write_bytes(path.read_bytes()[:-SMALL_BYTES])
    with pytest.raises(BadFileError, match="cut off after feature") as ahead:
        load_ahead(engine, path, gazetteer)
    with pytest.raises(BadFileError) as here:
        import_file(engine, path, gazetteer, ImportOptions())
    assert str(ahead.value) == str(here.value)
    assert exported(engine) == before


def test_nobody_who_writes_waits_while_the_first_rows_are_judged(
    engine: Engine, gazetteer: Gazetteer, tmp_path: Path
) -> None:
    path = tmp_path / "one.geojson"
    path.write_text(collection(feature(POINT, name="North lot")))
    with judged_file(path, gazetteer) as file:

        def judged_beside_a_site() -> Iterator[JudgedBatch]:
            with transaction(engine, patience_seconds=0.1) as session:
                session.merge(Heartbeat(name="mail", at=now()))
            yield from file.batches

        report = import_judged(engine, replace(file, batches=judged_beside_a_site()), gazetteer, ImportOptions())
    assert report.added == 1

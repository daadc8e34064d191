"""Counts and town profiles in the database, on SQLite and on PostgreSQL."""

import threading
from datetime import UTC, datetime

from sqlalchemy import Engine

from directory.db.log import Author
from directory.db.queries.problem_reports import keep_report
from directory.db.queries.statistics import add_statistics, statistics_of
from directory.db.queries.town_profiles import save_town_profile
from directory.db.tables.statistics import Statistic
from directory.db.transaction import transaction
from directory.store.directory_reader import read_directory
from directory.store.repository import version_of
from directory.zones.report_kinds import ReportKind
from tests.conftest import Import

CSV = "department,town,state,address,zip\nDarien Police,Darien,CT,25 Hecker Avenue,06820\n"


def test_counts_that_several_writers_add_at_once_add_up(engine: Engine) -> None:
    def write() -> None:
        for _ in range(5):
            with transaction(engine) as session:
                add_statistics(
                    session, {("ct/darien", "2026-11", Statistic.SCANS): 1, ("ct/a", "2026-11", Statistic.SHOWN): 2}
                )

    writers = [threading.Thread(target=write) for _ in range(4)]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
    with transaction(engine, writes=False) as session:
        assert statistics_of(session, "ct/darien") == {"2026-11": {Statistic.SCANS: 20}}
        assert statistics_of(session, "ct/a") == {"2026-11": {Statistic.SHOWN: 40}}


def test_reports_are_counted_from_the_reports_and_months_stand_newest_first(engine: Engine, load: Import) -> None:
    load("a.csv", CSV)
    zone_id = read_directory(engine).zones[0].zone_id
    with transaction(engine) as session:
        keep_report(session, zone_id, ReportKind.HOURS, "They close at noon.", "")
        add_statistics(session, {("ct/darien", "2017-03", Statistic.SEARCHES): 3})
    this_month = f"{datetime.now(UTC):%Y-%m}"
    with transaction(engine, writes=False) as session:
        found = statistics_of(session, "ct/darien")
    assert list(found) == [this_month, "2017-03"]
    assert found[this_month] == {Statistic.REPORTS: 1} and found["2017-03"] == {Statistic.SEARCHES: 3}


def test_a_town_profile_is_a_new_revision_and_part_of_the_directory_and_a_count_is_neither(engine: Engine) -> None:
    before = version_of(engine)[0]
    with transaction(engine) as session:
        add_statistics(session, {("ct/darien", "2026-11", Statistic.SCANS): 1})
    assert version_of(engine)[0] == before
    for sites in (["https://a.example"], ["https://b.example"]):
        with transaction(engine) as session:
            save_town_profile(session, "ct/darien", {"embed_sites": sites}, Author("test", ""))
    assert version_of(engine)[0] > before + 1
    assert read_directory(engine).profiles["ct/darien"].embed_sites == ("https://b.example",)

"""What a newer file of a dataset no longer has is withdrawn, when that is meant and certain."""

import pytest
from sqlalchemy import Engine

from directory.store.directory_reader import read_directory
from directory.store.importing.missing_zones import TooManyRetiredError
from tests.conftest import Import
from tests.support.imports import DARIEN, HEADER, ROW


def test_prune_withdraws_what_the_file_no_longer_has_and_never_deletes(engine: Engine, load: Import) -> None:
    load("a.csv", HEADER + ROW + DARIEN)
    report = load("a.csv", HEADER + ROW, prune=True, yes=True)
    assert report.retired == 1
    assert {zone.town: zone.status for zone in read_directory(engine).zones} == {
        "New Canaan": "active",
        "Darien": "withdrawn",
    }


def test_a_file_that_would_retire_much_stops_and_asks(engine: Engine, load: Import) -> None:
    load("a.csv", HEADER + ROW + DARIEN)
    with pytest.raises(TooManyRetiredError, match="1 of 2"):
        load("a.csv", HEADER + ROW, prune=True)
    assert all(zone.status == "active" for zone in read_directory(engine).zones)


def test_nothing_is_pruned_when_rows_were_refused(engine: Engine, load: Import) -> None:
    load("a.csv", HEADER + ROW + DARIEN)
    report = load("a.csv", HEADER + ROW + DARIEN.replace(",CT,", ",XX,"), prune=True, yes=True)
    assert (report.refused, report.retired, report.prune_skipped) == (1, 0, True)


def test_nothing_is_withdrawn_while_a_new_zone_may_be_one_that_stands(engine: Engine, load: Import) -> None:
    header = "department,town,state,street_address,setting\n"
    load("a.csv", header + "PD,Weston,CT,1 Main St,lobby\n")
    report = load("a.csv", header + "PD,Weston,CT,1 Main St,main lobby desk\n", prune=True, yes=True)
    assert (report.added, report.retired, report.prune_skipped) == (1, 0, True)

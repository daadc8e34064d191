"""Which source says each fact of a zone, and which of two statements stands."""

from dataclasses import dataclass, field
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, invariant, rule

from directory.zones.evidence.merging import merged_zone
from directory.zones.evidence.sources import Source
from directory.zones.evidence.zone_evidence import (
    FACTS,
    OF_SOURCES,
    Rank,
    attributed,
    canonical,
    evidence_of,
    main_source,
    rank_of,
    values_of,
    visited,
)
from directory.zones.schemas import FIELDS, LocationSource, SourceKind, Status, TriState, ZoneRecord

PAPER = Source("https://news.example/1", "", SourceKind.NEWS, "2016-10-13")
TOWN_HALL = Source("https://town.example/police", "", SourceKind.OFFICIAL, "2024")
CHIEF = Source("", "Weston Police", SourceKind.DEPARTMENT, "2026-06-01")


def zone(by: Source = PAPER, **facts: Any) -> ZoneRecord:
    """A zone whose facts one source says."""
    at = {"latitude": 41.2, "longitude": -73.4, "location_source": "address"}
    named = {"name": "Lobby", "department": "Weston Police", "town": "Weston", "state": "CT", "country": "US"}
    main = {f"source_{member}": value for member, value in by._asdict().items()}
    return ZoneRecord.model_validate({**at, **named, **main, **facts})


def after(stored: ZoneRecord, *statements: ZoneRecord, same_dataset: bool = False) -> ZoneRecord:
    """The zone after these statements, one after the other."""
    for incoming in statements:
        stored, _ = merged_zone(stored, incoming, None, same_dataset=same_dataset)
    return stored


def test_every_field_is_of_one_fact_or_says_how_facts_are_known() -> None:
    of_facts = [name for names in FACTS.values() for name in names]
    assert sorted([*of_facts, *OF_SOURCES, "zone_id"]) == sorted(FIELDS)


def test_an_address_that_is_written_otherwise_is_no_disagreement() -> None:
    stored = zone(TOWN_HALL, street_address="4215 Clime Road")
    for address, facts in (("4215 Clime Rd.", []), ("4217 Clime Rd.", ["street_address"])):
        _, disagreements = merged_zone(stored, zone(PAPER, street_address=address), None, same_dataset=False)
        assert [one.fact for one in disagreements] == facts


def test_a_coarse_point_never_replaces_that_of_an_address() -> None:
    coarse = {"latitude": 41.201, "longitude": -73.401, "location_source": "surveyed", "approximate": True}
    assert after(zone(PAPER), zone(TOWN_HALL, **coarse)).latitude == 41.2


def test_a_better_source_replaces_a_fact_and_both_sources_stay_listed() -> None:
    stored = zone(opening_hours="24/7", lighting="yes")
    record = after(stored, zone(TOWN_HALL, opening_hours="Mo-Fr 08:00-17:00"))
    assert record.opening_hours == "Mo-Fr 08:00-17:00" and record.lighting is TriState.YES
    assert evidence_of(record)["opening_hours"] == TOWN_HALL and evidence_of(record)["lighting"] == PAPER
    assert main_source(record) == TOWN_HALL, "it says most facts now: the name, the town, the place"
    assert record.evidence == {"lighting": 1} and record.sources == [PAPER.to_json()]


def test_a_worse_source_changes_nothing_and_is_a_disagreement_with_its_values_and_source() -> None:
    stored = zone(CHIEF, opening_hours="Mo-Fr 08:00-17:00")
    record, disagreements = merged_zone(stored, zone(PAPER, opening_hours="24/7"), None, same_dataset=True)
    assert record.opening_hours == "Mo-Fr 08:00-17:00" and evidence_of(record)["opening_hours"] == CHIEF
    assert [(one.fact, one.values["opening_hours"], one.source) for one in disagreements] == [
        ("opening_hours", "24/7", PAPER)
    ]


def test_that_a_worse_source_says_the_same_or_nothing_is_no_disagreement() -> None:
    stored = zone(CHIEF, opening_hours="24/7", hours_note="always", lighting="yes", location_source="surveyed")
    same = zone(PAPER, opening_hours="24/7", hours_note="around the clock", latitude=41.2003)
    assert merged_zone(stored, same, None, same_dataset=True)[1] == []
    elsewhere = zone(PAPER, opening_hours="24/7", latitude=41.201)
    assert [one.fact for one in merged_zone(stored, elsewhere, None, same_dataset=True)[1]] == ["position"]


@pytest.mark.parametrize(("by", "stays"), [(PAPER, False), (TOWN_HALL, True), (CHIEF, True)])
def test_what_the_own_dataset_no_longer_says_is_taken_away_unless_it_ranks_higher(by: Source, stays: bool) -> None:
    stored = attributed(zone(lighting="yes"), by, ["lighting"])
    record = after(stored, zone(PAPER), same_dataset=True)
    assert (record.lighting is TriState.YES) == stays


def test_another_dataset_takes_nothing_away_by_silence() -> None:
    assert after(zone(lighting="yes"), zone(CHIEF)).lighting is TriState.YES


def test_of_two_of_one_rank_an_older_one_does_not_replace_a_newer() -> None:
    old, new = (Source(f"https://news.example/{year}", "", SourceKind.NEWS, year) for year in ("2016", "2021"))
    both = after(zone(new, spaces=4), zone(old, spaces=2))
    assert both.spaces == 4
    assert after(zone(old, spaces=2), zone(new, spaces=4)).spaces == 4
    undated = Source("https://news.example/x", "", SourceKind.NEWS)
    assert after(zone(new, spaces=4), zone(undated, spaces=2)).spaces == 2, "nobody can tell which is older"


@pytest.mark.parametrize("by", [PAPER, CHIEF, Source()])
def test_of_visits_the_newest_is_listed_and_says_no_fact(by: Source) -> None:
    stored = attributed(zone(by, lighting="yes"), TOWN_HALL, ["lighting"])
    record = visited(visited(visited(stored, "2026-08-01"), "2026-11-01"), "2026-09-01")
    assert evidence_of(record) == evidence_of(stored) and main_source(record) == main_source(stored)
    assert record.sources == [{"kind": "visitor", "date": "2026-11-01"}, TOWN_HALL.to_json()]
    assert after(record, zone(by), same_dataset=True).sources[0]["date"] == "2026-11-01", "no file knows of it"


def test_a_visit_takes_no_other_source_off_a_full_list() -> None:
    full = zone(sources=[{"url": f"https://news.example/a{number}"} for number in range(20)])
    assert visited(full, "2026-11-01").sources == canonical(full).sources


def test_what_a_department_withdrew_stays_withdrawn() -> None:
    gone = attributed(zone(status="withdrawn"), CHIEF, ["status"])
    record, disagreements = merged_zone(gone, zone(TOWN_HALL), None, same_dataset=True)
    assert record.status is Status.WITHDRAWN
    assert [one.fact for one in disagreements] == ["status"]


def test_a_point_that_is_not_the_spots_own_is_derived_whoever_names_the_place() -> None:
    centre = zone(CHIEF, location_source="town", approximate=True)
    assert rank_of(centre, "position", CHIEF) is Rank.DERIVED
    better = after(centre, zone(PAPER, latitude=41.21))
    assert better.latitude == 41.21 and better.location_source is LocationSource.ADDRESS
    building = zone(PAPER, latitude=41.22, location_source="agency", approximate=True)
    assert after(centre, building).latitude == 41.22, "the department's building is better than the centre of a town"
    assert after(building, centre).latitude == 41.22
    assert after(better, building).latitude == 41.21


def test_the_middle_of_a_town_is_no_disagreement_with_a_spot_far_from_it() -> None:
    stored = zone(CHIEF, latitude=41.2, longitude=-73.4)
    rough = zone(PAPER, latitude=41.25, longitude=-73.45, location_source="town", approximate=True)
    record, disagreements = merged_zone(stored, rough, None, same_dataset=False)
    assert (record.latitude, record.location_source, disagreements) == (41.2, LocationSource.ADDRESS, [])


def test_only_what_a_table_speaks_of_is_said_by_it() -> None:
    stored = zone(lighting="yes", opening_hours="24/7")
    incoming = stored.model_copy(
        update={"lighting": TriState.NO, "source_url": TOWN_HALL.url, "source_kind": TOWN_HALL.kind}
    )
    record, _ = merged_zone(stored, incoming, frozenset({"lighting"}), same_dataset=False)
    assert record.lighting is TriState.NO
    assert evidence_of(record)["lighting"].url == TOWN_HALL.url and evidence_of(record)["opening_hours"] == PAPER


def test_a_source_that_nobody_named_is_never_taken_for_another() -> None:
    unnamed = zone(Source(), lighting="yes", opening_hours="24/7")
    record = after(unnamed, zone(TOWN_HALL, opening_hours="Mo-Fr 08:00-17:00"))
    assert evidence_of(record)["lighting"] == Source()
    assert evidence_of(record)["opening_hours"] == TOWN_HALL


SOURCES = st.builds(
    Source,
    url=st.sampled_from(["", "https://a.example/1", "https://b.example/2"]),
    name=st.sampled_from(["", "Darien Times"]),
    kind=st.sampled_from(list(SourceKind)),
    date=st.sampled_from(["", "2016", "2021-05", "2026-06-01"]),
)
STATEMENTS = st.builds(
    zone,
    SOURCES,
    lighting=st.sampled_from(["yes", "no", "unknown"]),
    opening_hours=st.sampled_from(["", "24/7", "Mo-Fr 08:00-17:00"]),
    status=st.sampled_from(["active", "withdrawn", "planned"]),
    location_source=st.sampled_from(["surveyed", "address", "agency", "town"]),
    latitude=st.sampled_from([41.2, 41.21]),
)


@given(STATEMENTS, st.lists(STATEMENTS, max_size=4), st.booleans())
def test_taking_in_the_same_twice_changes_nothing_the_second_time(
    stored: ZoneRecord, statements: list[ZoneRecord], same_dataset: bool
) -> None:
    for incoming in statements:
        stored, _ = merged_zone(stored, incoming, None, same_dataset=same_dataset)
        assert merged_zone(stored, incoming, None, same_dataset=same_dataset)[0] == stored
    assert canonical(stored) == stored


@given(STATEMENTS, STATEMENTS, st.lists(STATEMENTS, max_size=4), st.randoms(use_true_random=False))
def test_the_order_of_lower_ranks_does_not_matter_for_a_higher_one(
    stored: ZoneRecord, best: ZoneRecord, others: list[ZoneRecord], random: Any
) -> None:
    best = best.model_copy(update={"source_kind": SourceKind.DEPARTMENT})
    others = [one for one in others if one.source_kind is not SourceKind.DEPARTMENT]
    if stored.source_kind is SourceKind.DEPARTMENT:
        stored.source_kind = SourceKind.NEWS
    shuffled = [best, *others]
    random.shuffle(shuffled)
    first, second = after(stored, best, *others), after(stored, *shuffled)
    said = evidence_of(best)
    for fact in said.keys() - {"position"}:
        assert values_of(first, fact) == values_of(second, fact) == values_of(best, fact)


@dataclass
class Highest:
    """The oracle: of each fact the highest rank that ever spoke."""

    ranks: dict[str, Rank] = field(default_factory=dict)

    def note(self, statement: ZoneRecord) -> None:
        for fact, source in evidence_of(statement).items():
            self.ranks[fact] = max(self.ranks.get(fact, Rank.DERIVED), rank_of(statement, fact, source))


class Directory(RuleBasedStateMachine):
    """Statements of any rank in any order: a lower rank never wins, whatever the sequence."""

    statements = Bundle("statements")

    def __init__(self) -> None:
        super().__init__()
        self.stored = zone(Source())
        self.highest = Highest()
        self.highest.note(self.stored)

    @rule(target=statements, statement=STATEMENTS)
    def somebody_says(self, statement: ZoneRecord) -> ZoneRecord:
        return statement

    @rule(statement=statements)
    def it_is_taken_in(self, statement: ZoneRecord) -> None:
        before = self.stored
        self.stored, disagreements = merged_zone(before, statement, None, same_dataset=False)
        self.highest.note(statement)
        refused = {one.fact for one in disagreements}
        said, by = evidence_of(statement), evidence_of(before)
        for fact, source in said.items():
            same = values_of(before, fact) == values_of(statement, fact)
            if fact in by and rank_of(statement, fact, source) < rank_of(before, fact, by[fact]):
                assert values_of(self.stored, fact) == values_of(before, fact)
                assert same or fact in refused or fact in ("position", "status", "opening_hours")

    @rule()
    def the_department_confirms(self) -> None:
        self.stored = attributed(self.stored, CHIEF)
        self.highest.note(self.stored)

    @invariant()
    def every_stated_fact_has_the_highest_rank_that_spoke_of_it(self) -> None:
        for fact, source in evidence_of(self.stored).items():
            assert rank_of(self.stored, fact, source) >= self.highest.ranks.get(fact, Rank.DERIVED), fact


TestDirectory = Directory.TestCase

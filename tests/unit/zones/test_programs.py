"""What a site shares with its program, and what it says itself."""

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from directory.zones.evidence.sources import Source
from directory.zones.evidence.zone_evidence import evidence_of, main_source
from directory.zones.programs import Program, own_values, with_program, yielding
from directory.zones.schemas import SourceKind, ZoneRecord

NEWS = {"source_url": "https://news.example/program", "source_kind": "news", "source_date": "2016-05"}
TRI_STATES = st.sampled_from(("yes", "no", "unknown"))
HOURS = st.sampled_from(("", "24/7", "Mo-Fr 08:00-17:00"))
STATED = st.fixed_dictionaries({"opening_hours": HOURS, "cameras": TRI_STATES, "lighting": TRI_STATES})
DAYS = st.sampled_from(("", "2026-01-05", "2026-06-05"))


def program(**facts: Any) -> Program:
    owner = {"department": "Weston Police Department", "state": "CT", "country": "US"}
    return Program.of({"program_id": "ct-weston", "name": "Trade Spots", **owner, **NEWS, **facts})


def site(**facts: Any) -> ZoneRecord:
    values = {"name": "Safe exchange zone", "department": "Weston Police Department", "town": "Weston", "state": "CT",
              "country": "US", "latitude": 41.2, "longitude": -73.38, "program": "ct-weston",
              "source_url": "https://list.example/", "source_kind": "list", **facts}  # fmt: skip
    return ZoneRecord.model_validate(values)


def shown(zone: ZoneRecord, of: Program) -> ZoneRecord:
    return with_program(zone, {of.program_id: of})


@given(STATED, STATED, DAYS, DAYS)
def test_a_site_says_its_own_facts_and_shares_the_others(
    own: dict[str, str], shared: dict[str, str], own_day: str, program_day: str
) -> None:
    zone, of = site(**own, confirmed_on=own_day), program(**shared, confirmed_on=program_day)
    seen = shown(zone, of)
    for name, value in own.items():
        assert getattr(seen, name) == (value if value not in ("", "unknown") else shared[name]), name
    assert seen.confirmed_on == max(own_day, program_day)
    assert (seen.town, seen.latitude, seen.setting) == (zone.town, zone.latitude, zone.setting)
    assert shown(seen, of) == seen, "what is shared is shared once"
    own_word = zone if own_day > program_day else site(**own)
    assert own_values(seen, of) == own_word, "and goes back to what the site says itself"


def test_each_shared_fact_has_the_source_of_its_program() -> None:
    seen = shown(site(cameras="yes"), program(opening_hours="24/7", cameras="no"))
    sources = evidence_of(seen)
    assert sources["opening_hours"].url == sources["name"].url == "https://news.example/program"
    assert sources["cameras"].url == main_source(seen).url == "https://list.example/"
    assert sources["opening_hours"].kind is SourceKind.NEWS


def test_a_site_yields_what_a_better_source_says_for_all_sites_and_nothing_else() -> None:
    zone = site(cameras="yes", lighting="yes", opening_hours="24/7", sources=[{"name": "PD", "kind": "department"}],
                evidence={"lighting": 1})  # fmt: skip
    facts = ("cameras", "lighting", "spaces")
    yielded = yielding(zone, facts, Source(kind=SourceKind.DEPARTMENT))
    assert (yielded.cameras, yielded.lighting, yielded.opening_hours) == ("unknown", "yes", "24/7")
    assert evidence_of(yielded) == {fact: one for fact, one in evidence_of(zone).items() if fact != "cameras"}
    assert yielding(zone, facts, Source(kind=SourceKind.NEWS)) == zone, "its own word of the same rank stays"


def test_a_program_of_another_department_says_nothing() -> None:
    other = Program.of({**program(lighting="yes").entry, "department": "Wilton Police Department"})
    assert shown(site(), other) == site()
    elsewhere = Program.of({**program(lighting="yes").entry, "state": "MA"})
    assert shown(site(), elsewhere) == site()


def test_no_site_takes_a_place_a_status_or_a_photo_from_its_program() -> None:
    place = {"town": "Wilton", "street_address": "1 Main Street", "spot_note": "by the door", "setting": "lobby"}
    own = place | {"latitude": 40.0, "longitude": -70.0, "status": "moved", "photo": "0" * 64, "photo_alt": "A door"}
    assert shown(site(), program(lighting="yes", **own)) == shown(site(), program(lighting="yes"))


def test_a_program_reads_as_it_is_written() -> None:
    of = program(opening_hours="24/7", rules=["no cash"], confirmed_on="2026-06-05", confirmed_by="Weston Police")
    assert Program.of(of.entry) == of
    assert of.entry["rules"] == ["no cash"] and "latitude" not in of.entry and "status" not in of.entry

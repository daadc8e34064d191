"""The rules of risk, fact by fact; and how alike domains are."""

from typing import Any

import pytest

from directory.mail.message_texts import MessageWriter
from directory.submissions.risk.wait_reasons import (
    HIGH_RISK,
    MODERATORS_ONLY,
    SENTENCES,
    WEIGHTS,
    ChangeFacts,
    DepartmentFacts,
    SenderFacts,
    WaitReason,
    reasons,
    weight,
)
from directory.verification.domain_lookalikes import Difference, deceptive, likeness
from directory.zones.schemas import Status, ZoneRecord

KNOWN = SenderFacts(proven=True, accepted=True)
DEPARTMENT = DepartmentFacts(has_zones=True, phone="(203) 662-5300", web_page="https://darienct.gov/police")


def zone(**facts: object) -> ZoneRecord:
    base = {
        "name": "Lobby", "state": "CT", "country": "US", "latitude": 41.0, "longitude": -73.0, "town": "Darien",
        "department": "Darien Police Department", "street_address": "25 Hecker Avenue", "phone": "203-555-0101",
    }  # fmt: skip
    return ZoneRecord.model_validate({**base, **facts})


def why(sender: SenderFacts = KNOWN, department: DepartmentFacts = DEPARTMENT, **change: object) -> list[str]:
    facts = {"before": zone(), "after": zone(), **change}
    return [reason.value for reason in reasons(sender, department, [ChangeFacts(**facts)])]  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({}, []),
        ({"after": zone(opening_hours="24/7", spot_note="by the gate", cameras="yes")}, []),
        ({"after": zone(status=Status.TEMPORARILY_CLOSED, status_note="Until 2026-12-01.")}, []),
        ({"after": zone(status=Status.WITHDRAWN)}, ["removal"]),
        ({"after": zone(status=Status.MOVED)}, ["removal"]),
        ({"before": zone(status=Status.WITHDRAWN), "policed": False}, ["other_town"]),
        ({"before": None, "policed": False}, ["contact_changed", "other_town"]),
        ({"before": None, "after": zone(phone="203-662-5300")}, []),
        ({"after": zone(phone="2036625300")}, []),
        ({"after": zone(phone="")}, ["contact_changed"]),
        ({"after": zone(rules=["Tell dispatch first: 203-662-5300"])}, []),
        ({"after": zone(rules=["Tell dispatch first: (203) 555-0199"])}, ["contact_changed"]),
        ({"after": zone(custody_rules="see deals.shop")}, ["contact_changed"]),
        ({"after": zone(street_address="25 Hecker Ave., rear lot")}, []),
        ({"after": zone(street_address="27 Hecker Avenue")}, ["address_changed"]),
        ({"after": zone(street_address="25 Dark Avenue")}, ["address_changed"]),
        ({"moved_m": 150.0}, []),
        ({"moved_m": 150.1}, ["pin_moved"]),
        ({"after": None}, ["refused"]),
        ({"own": False}, ["foreign_zone"]),
    ],
)  # fmt: skip
def test_each_change_waits_for_its_own_reason(change: dict[str, Any], expected: list[str]) -> None:
    assert why(**change) == expected


@pytest.mark.parametrize(
    ("sender", "expected"),
    [
        (SenderFacts(proven=False, accepted=False), ["unproven"]),
        (SenderFacts(proven=True, accepted=False), ["not_accepted"]),
        (SenderFacts(proven=False, accepted=False, lookalike=True), ["lookalike_domain", "unproven"]),
        (SenderFacts(proven=True, accepted=True, objected_to=True), ["objection"]),
    ],
)
def test_whose_change_waits_at_all(sender: SenderFacts, expected: list[str]) -> None:
    assert why(sender) == expected


def test_a_departments_own_contact_and_its_first_zones_wait() -> None:
    assert why(department=DepartmentFacts(has_zones=False)) == ["first_zones"]
    same: dict[str, Any] = {"phone": "203-662-5300", "web_page": "https://darienct.gov/police", "has_zones": True}
    assert (
        why(department=DepartmentFacts(**same, new_phone="(203) 662-5300", new_web_page=f"{same['web_page']}/")) == []
    )
    assert why(department=DepartmentFacts(**same, new_phone="203-555-0199")) == ["contact_changed"]
    assert why(department=DepartmentFacts(**same, new_web_page="https://darienct.example")) == ["contact_changed"]


def test_every_reason_has_a_weight_and_a_sentence_that_letters_carry() -> None:
    assert set(WEIGHTS) == set(SENTENCES) == set(WaitReason)
    text = MessageWriter("en", "http://x").arrived("D", "http://x/1", list(SENTENCES.values()), by_managers=True).text()
    assert all(sentence in text for sentence in SENTENCES.values())
    assert max(WEIGHTS, key=lambda reason: WEIGHTS[reason]) is WaitReason.OBJECTION
    assert weight([]) == 0 and weight(["unproven", "removal"]) == HIGH_RISK == 4
    assert {"objection", "lookalike_domain", "foreign_zone", "unproven"} == MODERATORS_ONLY


@pytest.mark.parametrize(
    ("domain", "percent", "difference"),
    [
        ("deerparktx-gov.us", 93, Difference.CONTAINED),
        ("deerpark-tx.gov", 100, Difference.HYPHEN),
        ("deerparktx.com", 100, Difference.ENDING),
        ("deerparktx.gov.example.org", 72, Difference.CONTAINED),
        ("deerparklx.gov", 93, Difference.LETTERS),
    ],
)  # fmt: skip
def test_a_domain_that_deceives_is_found_with_what_differs(domain: str, percent: int, difference: Difference) -> None:
    seen = likeness(domain, "deerparktx.gov")
    assert (seen.percent, seen.deceptive) == (percent, True) and difference in seen.differences


@pytest.mark.parametrize(
    ("domain", "known"),
    [
        ("comwall.gov", "cornwall.gov"),
        ("c0rnwall.gov", "cornwall.gov"),
        ("mi1ford.gov", "milford.gov"),
        ("nevvark.gov", "newark.gov"),
    ],
)
def test_letters_that_look_alike_count_as_the_same(domain: str, known: str) -> None:
    assert likeness(domain, known).percent == 100 and Difference.CONFUSABLE in likeness(domain, known).differences


def test_one_of_the_departments_own_domains_deceives_nobody() -> None:
    assert deceptive("deerparktx.org", ["deerparktx.gov"]) != []
    assert deceptive("deerparktx.org", ["deerparktx.gov", "deerparktx.org"]) == []
    assert deceptive("police.deerparktx.gov", ["deerparktx.gov"]) == []
    assert deceptive("houstontx.gov", ["deerparktx.gov"]) == []

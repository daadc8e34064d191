"""How alike two domains are."""

import pytest

from directory.verification.domain_lookalikes import Difference, deceptive, likeness

KNOWN = "newcanaanct.gov"


@pytest.mark.parametrize("domain", [KNOWN, f"mail.{KNOWN}", f"a.b.{KNOWN}"])
def test_a_domain_is_the_known_one_or_below_it(domain: str) -> None:
    alike = likeness(domain, KNOWN)
    assert (alike.same, alike.percent, alike.deceptive) == (True, 100, False)


@pytest.mark.parametrize(
    ("domain", "known", "differences", "percent"),
    [
        ("newcanaanct.org", KNOWN, {Difference.ENDING}, 100),
        ("new-canaanct.gov", KNOWN, {Difference.HYPHEN}, 100),
        ("newcanaanct.ct.us", KNOWN, {Difference.ENDING}, 100),
        ("newcanaan-ct.org", KNOWN, {Difference.ENDING, Difference.HYPHEN}, 100),
        ("newcanaanct.org.evil.com", KNOWN, {Difference.CONTAINED}, 76),
        ("notnewcanaanct.gov", KNOWN, {Difference.CONTAINED}, 91),
        ("newcanaamct.gov", KNOWN, {Difference.LETTERS}, 93),
        ("vvilton.gov", "wilton.gov", {Difference.CONFUSABLE}, 100),
        ("wi1ton.gov", "wilton.gov", {Difference.CONFUSABLE}, 100),
        ("w1lton.gov", "wilton.gov", {Difference.CONFUSABLE}, 100),
        ("wilt0n.gov", "wilton.gov", {Difference.CONFUSABLE}, 100),
        ("darlen.gov", "darien.gov", {Difference.CONFUSABLE}, 100),
        ("we5ton.gov", "weston.gov", {Difference.CONFUSABLE}, 100),
        ("w3ston.gov", "weston.gov", {Difference.CONFUSABLE}, 100),
        ("clarien.gov", "darien.gov", {Difference.CONFUSABLE}, 100),
        ("famington.gov", "farnington.gov", {Difference.CONFUSABLE}, 100),
        ("abcd.org", "abcd.gov", {Difference.ENDING}, 100),
        ("ct.us", "ct.gov", {Difference.ENDING}, 100),
        ("myabcd.gov", "abcd.gov", {Difference.LETTERS}, 89),
        ("myabcde.gov", "abcde.gov", {Difference.CONTAINED}, 90),
    ],
)
def test_what_differs_is_named(domain: str, known: str, differences: set[Difference], percent: int) -> None:
    alike = likeness(domain, known)
    assert (set(alike.differences), alike.percent, alike.same) == (differences, percent, False)


def test_of_a_state_the_registry_has_two_letters_before_us() -> None:
    assert Difference.ENDING in likeness("town.weston.us", "town.weston.gov").differences


def test_cyrillic_letters_are_seen_through() -> None:
    fake = "weston.gov".replace("e", "е").encode("idna").decode()
    alike = likeness(fake, "weston.gov")
    assert alike.percent == 100 and Difference.CONFUSABLE in alike.differences
    assert alike.changed == (("e", "е"),)


def test_what_was_changed_is_shown_part_by_part() -> None:
    assert likeness("wilt0n.gov", "wilton.gov").changed == (("o", "0"),)
    assert likeness("newcanaanct.ct.us", KNOWN).changed == (("gov", "ct.us"),)


@pytest.mark.parametrize(
    ("domain", "deceives"),
    [("newcanaamct.gov", True), ("darien.gov", False), ("x.newcanaanct.org.evil.example", True)],
)
def test_a_domain_deceives_from_80_percent_on_or_when_it_contains_a_known_name(domain: str, deceives: bool) -> None:
    assert likeness(domain, KNOWN).deceptive is deceives


@pytest.mark.parametrize(("domain", "percent", "deceives"), [("abcdx.org", 80, True), ("abcxy.org", 60, False)])
def test_four_letters_of_five_are_80_percent(domain: str, percent: int, deceives: bool) -> None:
    alike = likeness(domain, "abcde.gov")
    assert (alike.percent, alike.deceptive) == (percent, deceives)


def test_known_domains_are_named_most_alike_first_and_none_when_it_is_one_of_them() -> None:
    official_domains = ["westonct.gov", "weston-ct.gov", "westonsct.gov", "darienct.gov"]
    lookalikes = deceptive("westonsct.org", official_domains)
    assert lookalikes[0].official == "westonsct.gov" and "darienct.gov" not in [one.official for one in lookalikes]
    assert deceptive("westonct.gov", official_domains) == []
    assert deceptive("mail.westonct.gov", official_domains) == []

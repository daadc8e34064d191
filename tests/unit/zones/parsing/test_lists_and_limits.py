"""How much a field holds, and fields that hold several values: addresses, sources, evidence, rules."""

import pytest

from directory.zones.evidence.sources import to_text
from directory.zones.findings import FieldError
from directory.zones.parsing.parsers import PARSERS, rule_list
from directory.zones.schemas import FIELDS


@pytest.mark.parametrize(("name", "limit"), [(name, field.limit) for name, field in FIELDS.items() if field.limit > 0])
def test_a_field_holds_as_much_as_its_limit_and_no_more(name: str, limit: int) -> None:
    numeric = name in ("spaces", "footage_days")
    longest, longer = (str(limit), str(limit + 1)) if numeric else ("x" * limit, "x" * (limit + 1))
    assert PARSERS[name](longest).value == (limit if numeric else longest)
    with pytest.raises(FieldError):
        PARSERS[name](longer)


@pytest.mark.parametrize(
    ("field", "start", "most"), [("source_url", "https://example.org/", 1000), ("zone_id", "ct-weston-", 120)]
)
def test_addresses_and_ids_have_a_longest_length(field: str, start: str, most: int) -> None:
    longest = start + "x" * (most - len(start))
    assert PARSERS[field](longest).value == longest
    with pytest.raises(FieldError):
        PARSERS[field](longest + "x")


def test_several_addresses_are_separated_by_white_space_or_semicolons() -> None:
    read = PARSERS["sources"]("https://a.example; https://b.example\nhttps://c.example https://a.example")
    assert read.value == [{"url": f"https://{name}.example"} for name in "abc"]


def test_a_source_is_a_line_of_address_name_kind_date_and_the_day_it_was_seen() -> None:
    text = (
        "https://a.example/1 | Darien Times | news | 2016 | 2026-11-01\n| New Canaan Police | department | 2026-06-01"
    )
    assert PARSERS["sources"](text).value == [
        {"url": "https://a.example/1", "name": "Darien Times", "kind": "news", "date": "2016", "seen": "2026-11-01"},
        {"name": "New Canaan Police", "kind": "department", "date": "2026-06-01"},
    ]
    for wrong in ("https://a.example | x | gossip", "https://a.example | x | news | soon", "a|b|c|d|e|f"):
        with pytest.raises(FieldError):
            PARSERS["sources"](wrong)


def test_an_address_with_the_signs_between_sources_is_read_back_as_one_source() -> None:
    given = {"url": "https://a.example/1;jsessionid=2|x", "name": "Post; Courier", "kind": "news"}
    read = PARSERS["sources"](to_text(given)).value
    assert read == [{"url": "https://a.example/1%3Bjsessionid=2%7Cx", "name": "Post Courier", "kind": "news"}]
    assert [to_text(one) for one in read] == [to_text(given)]


def test_evidence_is_a_line_of_a_fact_and_the_number_of_its_source() -> None:
    assert PARSERS["evidence"]("opening_hours: 2\nlighting: 1").value == {"opening_hours": 2, "lighting": 1}
    for wrong in ("opening_hours", "opening_hours: two", "Opening Hours: 1"):
        with pytest.raises(FieldError):
            PARSERS["evidence"](wrong)


def test_at_most_twenty_rules_of_200_characters_are_kept() -> None:
    assert rule_list("no weapons; ;ten minutes\n be brief ").value == ["no weapons", "ten minutes", "be brief"]
    assert len(rule_list("; ".join(["x" * 200] * 20)).value) == 20
    for text in ("; ".join(["x"] * 21), "x" * 201):
        with pytest.raises(FieldError):
            rule_list(text)

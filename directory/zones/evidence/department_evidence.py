"""Which source says each fact of a department, and which of two statements stands; there is no main source."""

from typing import Any

from directory.zones.departments.schemas import DEPARTMENT_FIELDS, DepartmentRecord
from directory.zones.evidence.merging import Disagreement
from directory.zones.evidence.sources import Source
from directory.zones.evidence.zone_evidence import Rank, rank_of_kind

FACTS = tuple(name for name in DEPARTMENT_FIELDS if name not in ("name", "state", "country", "sources", "evidence"))
"""What evidence is kept of."""


def department_evidence_of(record: DepartmentRecord) -> dict[str, Source]:
    """The source of each fact that has one."""
    sources = [Source.from_json(one) for one in record.sources]
    return {fact: sources[number - 1] for fact, number in record.evidence.items() if 0 < number <= len(sources)}


def values_with_evidence(record: DepartmentRecord, source: Source, values: dict[str, Any]) -> dict[str, Any]:
    """These values with the record's sources and evidence when `source` says them; an empty value has none."""
    others = {fact: one for fact, one in department_evidence_of(record).items() if fact not in values}
    return {**values, **_numbered(others | {fact: source for fact, value in values.items() if value})}


def merged_department(
    stored: DepartmentRecord, incoming: DepartmentRecord
) -> tuple[dict[str, Any], list[Disagreement]]:
    """The values that the incoming record states and is worth at least as much; with all sources and evidence.

    And the statements that were not taken.
    """
    evidence, incoming_evidence = department_evidence_of(stored), department_evidence_of(incoming)
    values, disagreements = {}, []
    for fact in FACTS:
        value, source = getattr(incoming, fact), incoming_evidence.get(fact, Source())
        if not value:
            continue
        if not getattr(stored, fact) or _rank(source) >= _rank(evidence.get(fact, Source())):
            values[fact] = value
            evidence[fact] = source
        elif _compared(value) != _compared(getattr(stored, fact)):
            disagreements.append(Disagreement(fact, {fact: value}, source))
    return {**values, **_numbered(evidence)}, disagreements


def _compared(value: Any) -> Any:
    """A value without what makes no other telephone or page of it."""
    return value.rstrip("/").removeprefix("https://").removeprefix("http://") if isinstance(value, str) else value


def _rank(source: Source) -> Rank:
    return rank_of_kind(source.kind)


def _numbered(evidence: dict[str, Source]) -> dict[str, Any]:
    sources = sorted({one for one in evidence.values() if one})
    number = {one: at for at, one in enumerate(sources, start=1)}
    return {
        "sources": [one.to_json() for one in sources],
        "evidence": {fact: number[one] for fact, one in sorted(evidence.items()) if one},
    }

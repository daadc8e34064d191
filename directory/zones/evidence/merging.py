"""Which of two statements about a zone stands: the one whose source is worth more, then the more exact, then the later.

What is worth less and says otherwise is a disagreement, which moderators decide.
"""

from typing import Any, NamedTuple

from directory.geo import distance_m
from directory.text import plain
from directory.zones.duplicates.streets import street_key
from directory.zones.evidence.sources import Source
from directory.zones.evidence.zone_evidence import (
    CONFIRMATION,
    FACTS,
    LOCAL,
    POSITION,
    Rank,
    evidence_of,
    further_sources,
    main_source,
    rank_of,
    values_of,
    with_each_source,
    with_evidence,
)
from directory.zones.schemas import LocationSource, SourceKind, ZoneRecord

SAME_POINT_M = 50
"""So near, two points of one spot are no disagreement."""


class Disagreement(NamedTuple):
    """A statement that was not taken, for what stands is worth more: the fact, its values, and its source."""

    fact: str
    values: dict[str, Any]
    source: Source


def merged_zone(
    stored: ZoneRecord, incoming: ZoneRecord, covered_fields: frozenset[str] | None, *, same_dataset: bool
) -> tuple[ZoneRecord, list[Disagreement]]:
    """The stored record with what the incoming one says and is worth at least as much; and what was not taken.

    `covered_fields` are the fields of which the incoming record speaks, None for all. That it says nothing of a fact
    counts only in the dataset that brought the zone: a fact of no higher rank is then taken away.
    """
    incoming = _as_lately_read(incoming, stored)
    evidence, incoming_evidence = evidence_of(stored), evidence_of(incoming)
    absent = main_source(incoming)
    values: dict[str, Any] = {}
    disagreements = []
    for fact, names in FACTS.items():
        if covered_fields is not None and covered_fields.isdisjoint(names):
            continue
        incoming_values = values_of(incoming, fact)
        source, stored_source = incoming_evidence.get(fact), evidence.get(fact)
        if stored_source is None or (source is not None and _replaces(incoming, source, stored, stored_source, fact)):
            winner = source
        elif source is None:
            if same_dataset and rank_of(incoming, fact, absent) >= rank_of(stored, fact, stored_source):
                winner = None
            else:
                continue
        elif rank_of(incoming, fact, source) is Rank.DERIVED or agree(stored, incoming, fact):
            continue  # nobody says that a zone is at the centre of its town
        else:
            disagreements.append(Disagreement(fact, dict(zip(names, incoming_values, strict=True)), source))
            continue
        values |= zip(names, incoming_values, strict=True)
        evidence.pop(fact, None)
        if winner is not None:
            evidence[fact] = winner
    more = [main_source(stored), main_source(incoming), *further_sources(incoming)]
    record = stored.model_copy(update=values | _confirmation(stored, incoming))
    if same_dataset:
        record.sources = [one for one in record.sources if _is_local(Source.from_json(one))]
        more = [one for one in more[:1] if _is_local(one)] + more[1:]
    return with_evidence(record, evidence, more), disagreements


def _replaces(incoming: ZoneRecord, source: Source, stored: ZoneRecord, stored_source: Source, fact: str) -> bool:
    """Whether the incoming statement of a fact replaces the stored one."""
    new_rank, old_rank = rank_of(incoming, fact, source), rank_of(stored, fact, stored_source)
    if new_rank != old_rank:
        return new_rank > old_rank
    if fact == POSITION and incoming.location_source != stored.location_source:
        return _precision(incoming) > _precision(stored)
    return not (source.date and stored_source.date and is_before(source.date, stored_source.date))


def agree(one: ZoneRecord, other: ZoneRecord, fact: str) -> bool:
    """Whether two statements say the same, whatever notes they add; points that are near enough do."""
    if fact == POSITION:
        return distance_m(one.coordinates, other.coordinates) <= SAME_POINT_M
    names = FACTS[fact][:3] if fact == "status" else FACTS[fact][:1]
    return all(_says_same(name, getattr(one, name), getattr(other, name)) for name in names) and (
        fact != "opening_hours" or bool(one.opening_hours) or one.hours_note == other.hours_note
    )


def _says_same(name: str, one: Any, other: Any) -> bool:
    """Whether two values are one, but for how it is written: "4215 Clime Rd." and "4215 Clime Road"."""
    if one == other or not isinstance(one, str) or not isinstance(other, str):
        return bool(one == other)
    written = street_key if name == "street_address" else plain
    return written(one) == written(other) != ""


_PRECISIONS = {level: -number for number, level in enumerate(LocationSource)}


def _precision(record: ZoneRecord) -> int:
    """The higher the better."""
    return _PRECISIONS[record.location_source]


def is_before(date: str, other: str) -> bool:
    """Whether a partial date is surely before another."""
    return date[: len(other)] < other[: len(date)]


def _is_local(source: Source) -> bool:
    """Whether a source is no file's."""
    return source.kind in LOCAL or source.kind is SourceKind.VISITOR


def _confirmation(stored: ZoneRecord, incoming: ZoneRecord) -> dict[str, str]:
    """The later confirmation of the two."""
    later = max(stored, incoming, key=lambda record: (record.confirmed_on, record is stored))
    return {name: getattr(later, name) for name in CONFIRMATION}


def _as_lately_read(incoming: ZoneRecord, stored: ZoneRecord) -> ZoneRecord:
    """The incoming record with the day on which one of its sources was read last, where that is known better here."""
    days_by_source = {one[:-1]: one.seen for one in (main_source(stored), *further_sources(stored)) if one.seen}

    def read(one: Source) -> Source:
        return one._replace(seen=max(one.seen, days_by_source.get(one[:-1], "")))

    sources = (main_source(incoming), *further_sources(incoming)) if days_by_source else ()
    return with_each_source(incoming, read) if any(read(one) != one for one in sources) else incoming

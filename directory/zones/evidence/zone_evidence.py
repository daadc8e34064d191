"""Evidence: which source says each fact of a zone, and what its word is worth.

A fact is one field, or several that belong together. The zone's main source (`source_url` and the like) says every
fact, except those for which `evidence` names another of its `sources`, by number from 1. Only facts that are stated
have evidence.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from enum import IntEnum
from typing import Any

from directory.zones.derivations import PLAIN_NAME
from directory.zones.evidence.sources import MOST_SOURCES, Source
from directory.zones.fields import Field
from directory.zones.schemas import EXACT, FIELDS, SourceKind, ZoneFacts, ZoneRecord


class Rank(IntEnum):
    """What a statement is worth: a lower one never replaces a higher one."""

    DERIVED = 1
    OTHER = 2
    OFFICIAL = 3
    MODERATOR = 4
    DEPARTMENT = 5


_RANKS = {
    SourceKind.DEPARTMENT: Rank.DEPARTMENT, SourceKind.MODERATOR: Rank.MODERATOR, SourceKind.OFFICIAL: Rank.OFFICIAL,
}  # fmt: skip
LOCAL = frozenset((SourceKind.DEPARTMENT, SourceKind.MODERATOR))
"""Whose statements are made here, not in a file."""
POSITION = "position"
_TOGETHER: dict[str, tuple[str, ...]] = {
    POSITION: ("latitude", "longitude", "location_source", "approximate", "area"),
    "opening_hours": ("opening_hours", "hours_note"),
    "status": ("status", "status_from", "status_until", "status_note", "replaced_by"),
    "photo": ("photo", "photo_alt"),
    "town": ("town", "state", "country"),
}
MAIN = {"url": "source_url", "name": "source_name", "kind": "source_kind", "date": "source_date", "seen": "source_seen"}
"""The fields of the main source by the members of a source."""
CONFIRMATION = ("confirmed_on", "confirmed_by")
OF_SOURCES = frozenset((*MAIN.values(), "sources", "evidence", *CONFIRMATION))
"""The fields that say how the others are known."""


def _facts(fields: Mapping[str, Field]) -> dict[str, tuple[str, ...]]:
    joined = {name for names in _TOGETHER.values() for name in names}
    alone = (name for name in fields if name not in joined | OF_SOURCES | {"zone_id"})
    return _TOGETHER | {name: (name,) for name in alone}


FACTS = _facts(FIELDS)
"""Every fact by name, with its fields."""
_EMPTY = {
    name: info.get_default(call_default_factory=True)
    for name, info in ZoneRecord.model_fields.items()
    if not info.is_required()
} | {"name": PLAIN_NAME}  # fmt: skip

Values = tuple[Any, ...]
Evidence = dict[str, Source]
"""The source of each stated fact."""


def values_of(record: ZoneFacts, fact: str) -> Values:
    """The values of a fact's fields."""
    return tuple(getattr(record, name) for name in FACTS[fact])


def unstated(name: str) -> Any:
    """The value of a field of which nobody says anything."""
    value = _EMPTY[name]
    return list(value) if isinstance(value, list) else value


def is_stated(record: ZoneFacts, fact: str) -> bool:
    """Whether the record says anything of a fact. A status is always stated: whoever lists a zone says it is active."""
    return fact == "status" or any(
        name not in _EMPTY or getattr(record, name) not in (_EMPTY[name], ()) for name in FACTS[fact]
    )


def main_source(record: ZoneFacts) -> Source:
    """The source of whatever has no other."""
    return Source(**{member: getattr(record, name) for member, name in MAIN.items()})


def further_sources(record: ZoneFacts) -> list[Source]:
    """The sources beside the main one, in the order of their numbers."""
    return [Source.from_json(one) for one in record.sources]


def evidence_of(record: ZoneFacts) -> Evidence:
    """The source of every stated fact."""
    main, further = main_source(record), further_sources(record) if record.evidence else []
    others = {fact: further[number - 1] for fact, number in record.evidence.items() if 0 < number <= len(further)}
    return {fact: others.get(fact, main) for fact in FACTS if is_stated(record, fact)}


def rank_of(record: ZoneFacts, fact: str, source: Source) -> Rank:
    """What the statement is worth. A point that is not the spot's own is derived, whoever named the place."""
    if fact == POSITION and (record.approximate or record.location_source not in EXACT):
        return Rank.DERIVED
    return rank_of_kind(source.kind)


def rank_of_kind(kind: SourceKind) -> Rank:
    """What the word of such a source is worth."""
    return _RANKS.get(kind, Rank.OTHER)


def attributed(record: ZoneRecord, source: Source, facts: Iterable[str] | None = None) -> ZoneRecord:
    """The record with `source` as the source of these facts, of all if none are named; other sources stay listed."""
    evidence = evidence_of(record)
    names = evidence.keys() if facts is None else evidence.keys() & set(facts)
    return with_evidence(record, evidence | dict.fromkeys(names, source), [main_source(record)])


def with_evidence(record: ZoneRecord, evidence: Evidence, more: Iterable[Source] = ()) -> ZoneRecord:
    """The record with these sources: the one of most facts is the main one, where two have as many the one before.

    Sources that say nothing (`more`, and the record's own) stay listed, unless another has the same address; of
    visits the newest. A source that nobody named cannot be listed: where there is one, it is the main one.
    """
    return record.model_copy(update=evidence_values(record, evidence, more))


def evidence_values(
    record: ZoneFacts, evidence: Evidence, more: Iterable[Source] = (), *, keep_main: bool = False
) -> dict[str, Any]:
    """The fields of sources and evidence that say this (see `with_evidence`); `keep_main`: the main one stays."""
    before = main_source(record)
    counts = Counter({before: 1} if keep_main else evidence.values())
    main = max(counts, key=lambda one: (not one, counts[one], one == before, one), default=before)
    saying = list(dict.fromkeys(one for one in evidence.values() if one != main))
    listed, addresses = saying, set(map(_address, [main, *saying]))
    # Visits come last, the newest first: it is the one that stays, and no other source gives way to it.
    silent = [*further_sources(record), *more]
    for one in sorted(silent, key=lambda one: one.date if _is_visit(one) else "~", reverse=True):
        if one and _address(one) not in addresses:
            listed.append(one)
            addresses.add(_address(one))
    listed = sorted(listed[:MOST_SOURCES])
    number = {one: at for at, one in enumerate(listed, start=1)}
    values: dict[str, Any] = {name: getattr(main, member) for member, name in MAIN.items()}
    values["sources"] = [one.to_json() for one in listed]
    values["evidence"] = {fact: number[one] for fact, one in sorted(evidence.items()) if one in number}
    return values


def visited(record: ZoneRecord, day: str) -> ZoneRecord:
    """The record with a visit on that day (ISO) among its sources. It says no fact, and replaces an earlier visit."""
    return with_evidence(record, evidence_of(record), [Source(kind=SourceKind.VISITOR, date=day)])


def read_on(record: ZoneRecord, url: str, day: str) -> ZoneRecord:
    """The record whose sources at `url` were read on that day (ISO), or later already."""
    return with_each_source(record, lambda one: one._replace(seen=max(one.seen, day)) if one.url == url else one)


def with_each_source(record: ZoneRecord, change: Callable[[Source], Source]) -> ZoneRecord:
    """The record with each of its sources as `change` has it."""
    main = change(main_source(record))
    values: dict[str, Any] = {name: getattr(main, member) for member, name in MAIN.items()}
    values["sources"] = [change(one).to_json() for one in further_sources(record)]
    return canonical(record.model_copy(update=values))


def _address(one: Source) -> str:
    """What tells a source from others, whatever its date."""
    return one.url or one.name or one.kind


def _is_visit(one: Source) -> bool:
    """Whether it is the word of somebody who was there, published nowhere else."""
    return one.kind is SourceKind.VISITOR and not (one.url or one.name)


def canonical(record: ZoneRecord) -> ZoneRecord:
    """The record with its sources in the one order in which they are kept."""
    if not record.sources and not record.evidence:
        return record
    return with_evidence(record, evidence_of(record))

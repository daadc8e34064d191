"""Programs: one announcement of a department for many sites, whose facts its sites share unless they say otherwise."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from directory.zones.evidence.merging import Disagreement, merged_zone
from directory.zones.evidence.sources import Source
from directory.zones.evidence.zone_evidence import (
    CONFIRMATION,
    FACTS,
    OF_SOURCES,
    Values,
    canonical,
    evidence_of,
    evidence_values,
    further_sources,
    rank_of_kind,
    unstated,
    values_of,
)
from directory.zones.keys import department_slug
from directory.zones.schemas import ZoneFacts, ZoneRecord

OF_ONE_SITE = frozenset(
    ("department", "town", "mailing_town", "position", "street_address", "postal_code", "spot_note", "setting",
     "status", "closures", "photo", "program")
)  # fmt: skip
"""Facts that every site says for itself."""
SHARED = tuple(fact for fact in FACTS if fact not in OF_ONE_SITE)
"""The facts that a program may say for its sites."""
FIELDS_OF_A_PROGRAM = tuple(
    name for name in ZoneFacts.model_fields if name in OF_SOURCES or any(name in FACTS[fact] for fact in SHARED)
)
"""The fields of a program beside its identity, named as those of a zone."""
IDENTITY = ("program_id", "department", "state", "country")


@dataclass(frozen=True)
class Program:
    """A program of a department. `facts` is a zone that stands for all of its sites: it has no place of its own."""

    program_id: str
    facts: ZoneRecord

    @classmethod
    def of(cls, values: Mapping[str, Any]) -> "Program":
        """The program of its identity and of values of FIELDS_OF_A_PROGRAM. Raises ValueError."""
        facts = {name: value for name, value in values.items() if name != "program_id"}
        return cls(values["program_id"], canonical(ZoneRecord.model_validate({"town": "", **_NOWHERE, **facts})))

    def saying(self, values: Mapping[str, Any]) -> "Program":
        """The same program with these values and no others. Raises ValueError."""
        identity = {name: value for name, value in self.entry.items() if name in IDENTITY}
        return Program.of({**identity, **values})

    @cached_property
    def values(self) -> dict[str, Any]:
        """What is stated, as plain JSON values, the identity left out."""
        return self.facts.model_dump(mode="json", include=set(FIELDS_OF_A_PROGRAM), exclude_defaults=True)

    @property
    def entry(self) -> dict[str, Any]:
        """The program as files have it: its identity, then what is stated."""
        owner = {name: getattr(self.facts, name) for name in IDENTITY[1:]}
        return {"program_id": self.program_id, **owner, **self.values}

    @cached_property
    def statements(self) -> dict[str, tuple[Source, Values]]:
        """What it says for its sites: of each fact the source and the values."""
        facts = evidence_of(self.facts)
        return {fact: (facts[fact], values_of(self.facts, fact)) for fact in SHARED if fact in facts}

    @cached_property
    def department_slug(self) -> str:
        """The key of the department whose program it is."""
        return department_slug(self.facts.department, self.facts.state)


_NOWHERE = {"latitude": 0.0, "longitude": 0.0}


def is_site(zone: ZoneFacts, department: str, program: Program | None) -> bool:
    """Whether a zone of the department with this key is a site of the program that it names."""
    return program is not None and zone.program == program.program_id and department == program.department_slug


def shared_values(site: ZoneFacts, program: Program) -> dict[str, Any]:
    """The fields of a site that its program says: the facts it leaves open, their sources, and a later confirmation."""
    own = evidence_of(site)
    shared = {fact: statement for fact, statement in program.statements.items() if fact not in own}
    evidence = own | {fact: source for fact, (source, _) in shared.items()}
    values: dict[str, Any] = evidence_values(site, evidence, keep_main=True)
    for fact, (_, shared_value) in shared.items():
        values |= zip(FACTS[fact], shared_value, strict=True)
    if program.facts.confirmed_on > site.confirmed_on:
        values |= {name: getattr(program.facts, name) for name in CONFIRMATION}
    return values


def said_otherwise(site: ZoneFacts, program: Program) -> list[str]:
    """The facts of which a site, shown with its program, says something else; each may have a name of its own."""
    return [
        fact
        for fact, (_, shared_value) in program.statements.items()
        if fact != "name" and _plain(values_of(site, fact)) != shared_value
    ]


def _plain(values: Values) -> Values:
    """Values as a record holds them: stored zones have tuples for lists."""
    return tuple(list(value) if isinstance(value, tuple) else value for value in values)


def yielding(site: ZoneRecord, facts: Collection[str], source: Source) -> ZoneRecord:
    """A site without what worse sources said of these facts, which `source` has just said for all sites."""
    own = evidence_of(site)
    gone = {fact for fact in facts if fact in own and rank_of_kind(own[fact].kind) < rank_of_kind(source.kind)}
    if not gone:
        return site
    values: dict[str, Any] = {name: unstated(name) for fact in gone for name in FACTS[fact]}
    rest = site.model_copy(update=values | {"evidence": {}})
    remaining = {fact: one for fact, one in own.items() if fact not in gone}
    return rest.model_copy(update=evidence_values(rest, remaining, keep_main=True))


def own_values(record: ZoneRecord, program: Program) -> ZoneRecord:
    """The inverse of `with_program`: a site without what its program says in the same words and by the same source."""
    evidence = evidence_of(record)
    shared = {
        fact
        for fact, statement in program.statements.items()
        if statement == (evidence.get(fact), values_of(record, fact))
    }
    own = {fact: source for fact, source in evidence.items() if fact not in shared}
    silent = {program.statements[fact][0] for fact in shared} - set(own.values())
    values: dict[str, Any] = {name: unstated(name) for fact in shared for name in FACTS[fact]}
    values["sources"] = [one.to_json() for one in further_sources(record) if one not in silent]
    if program.facts.confirmed_on and all(
        getattr(record, name) == getattr(program.facts, name) for name in CONFIRMATION
    ):
        values |= dict.fromkeys(CONFIRMATION, "")
    rest = record.model_copy(update=values | {"evidence": {}})
    return rest.model_copy(update=evidence_values(rest, own, keep_main=True))


def with_program(record: ZoneRecord, programs: Mapping[str, Program]) -> ZoneRecord:
    """A zone as it is stored, with what its program says, if it has one."""
    program = programs.get(record.program)
    if program is None or not is_site(record, department_slug(record.department, record.state), program):
        return record
    return record.model_copy(update=shared_values(record, program))


def merged_programs(stored: Program, incoming: Program) -> tuple[Program, list[Disagreement]]:
    """The stored program with what a file says of it, by the rules for zones; and what was not taken."""
    covered_fields = frozenset(FIELDS_OF_A_PROGRAM)
    facts, disagreements = merged_zone(stored.facts, incoming.facts, covered_fields, same_dataset=True)
    return Program(stored.program_id, facts), disagreements

"""Who says each fact, and when, in a reader's words."""

from collections.abc import Sequence
from dataclasses import dataclass

from directory.db.tables.log import LogEntry
from directory.search.zone_status import today_of
from directory.store.repository import StoredDepartment, StoredZone
from directory.text import translatable
from directory.web.i18n.translate import _, translate
from directory.web.presenters.dates import partial_date
from directory.web.presenters.labels import field_name
from directory.web.presenters.zone_facts.sources import source_with_kind, source_words
from directory.zones.evidence import department_evidence
from directory.zones.evidence.confidence import (
    ExistenceConfidence,
    PositionConfidence,
    existence_confidence,
    position_confidence,
)
from directory.zones.evidence.sources import Source
from directory.zones.evidence.zone_evidence import evidence_of, further_sources, main_source
from directory.zones.schemas import LocationSource, ZoneFacts

_POSITIONS = {
    PositionConfidence.EXACT: translatable("the spot itself"),
    PositionConfidence.BUILDING: translatable("the department’s building"),
    PositionConfidence.NEAR: translatable("near the spot"),
    PositionConfidence.AREA: translatable("only the town or postal area"),
}
_ADDRESS = translatable("the address; the spot is somewhere on its grounds")
_EXISTENCE = {
    ExistenceConfidence.CONFIRMED: translatable("confirmed by the department within a year"),
    ExistenceConfidence.LIKELY: translatable("likely: confirmed once, or reported in the last three years"),
    ExistenceConfidence.UNCERTAIN: translatable("uncertain: reported over three years ago, or undated"),
    ExistenceConfidence.DOUBTFUL: translatable("doubtful: moved, planned or withdrawn"),
}

_DONE = {"added": translatable("Added to the directory."), "retired": translatable("Withdrawn.")}
_CHANGED = translatable("Entry changed.")


@dataclass(frozen=True, slots=True)
class SourceLine:
    """A source in a list: its words, its address, what it says, and when it was last read; these may be empty.

    `date` is that of the source, as far as it says it: "2016-10".
    """

    text: str
    url: str
    facts: str
    last_read: str
    date: str


@dataclass(frozen=True, slots=True)
class TimelineLine:
    """What was said or done on a day: by a source, or in the directory; no day where nobody knows it."""

    day: str
    text: str = ""
    source: SourceLine | None = None


def source_lines(zone: ZoneFacts) -> list[SourceLine]:
    """Every source of a zone, the main one first, with the facts that it says where not all have one source."""
    facts: dict[Source, list[str]] = {}
    main = main_source(zone)
    for fact, source in evidence_of(zone).items() if zone.evidence else ():
        facts.setdefault(source, []).append(fact_name(fact))
    if zone.evidence:
        facts[main] = [_("everything else")]
    sources = [one for one in (main, *further_sources(zone)) if one]
    return [_line(one, ", ".join(facts.get(one, []))) for one in sources]


def _line(source: Source, facts: str) -> SourceLine:
    last_read = partial_date(source.seen) if source.seen else ""
    return SourceLine(source_with_kind(source._replace(date="")), source.url, facts, last_read, source.date)


def timeline(zone: ZoneFacts, changes: Sequence[LogEntry]) -> list[TimelineLine]:
    """How the directory knows of a zone: the newest first, what has no date last.

    Of several changes the newest stands for all; a source that is the department's own confirmation is left to the
    line that ends the list.
    """
    lines = [
        (source.date, TimelineLine(partial_date(source.date), source=source))
        for source in source_lines(zone)
        if source.url or source.facts or source.date != zone.confirmed_on
    ]
    if zone.announced_on:
        lines.append((zone.announced_on, TimelineLine(partial_date(zone.announced_on), _("Announced"))))
    latest = next((change for change in changes if change.action not in _DONE), None)
    for change in changes:
        if change.action not in _DONE and change is not latest:
            continue
        day = change.at.date()
        lines.append((day.isoformat(), TimelineLine(partial_date(day), translate(_DONE.get(change.action, _CHANGED)))))
    return [line for _day, line in sorted(lines, key=lambda dated: dated[0], reverse=True)]


def confidence_words(zone: StoredZone) -> tuple[str, str]:
    """How sure the position is, and that the zone is there."""
    existence = existence_confidence(zone, today_of(zone))
    confidence = position_confidence(zone)
    at_address = confidence is PositionConfidence.EXACT and zone.location_source is LocationSource.ADDRESS
    return translate(_ADDRESS if at_address else _POSITIONS[confidence]), translate(_EXISTENCE[existence])


def phone_source(department: StoredDepartment) -> str:
    """Where a department's number comes from and how old it is: "federal list, 2019"; empty where nobody noted it."""
    source = department_evidence.department_evidence_of(department).get("phone")
    return source_words(source) if source else ""


def fact_name(fact: str) -> str:
    """What a fact is called."""
    return _("Position") if fact == "position" else field_name(fact)

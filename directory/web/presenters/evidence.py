"""Who says each fact, and when, in a reader's words."""

from dataclasses import dataclass
from urllib.parse import urlencode

from directory.search.zone_status import today_of
from directory.store.repository import StoredDepartment, StoredZone
from directory.text import translatable
from directory.web.i18n.translate import _, translate
from directory.web.presenters.labels import field_name
from directory.web.presenters.sources import source_with_kind, source_words
from directory.web.presenters.zones import partial_date
from directory.zones import department_evidence
from directory.zones.confidence import (
    ExistenceConfidence,
    PositionConfidence,
    existence_confidence,
    position_confidence,
)
from directory.zones.evidence import evidence_of, further_sources, main_source
from directory.zones.schemas import LocationSource, ZoneFacts, ZoneRecord
from directory.zones.sources import Source

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


@dataclass(frozen=True, slots=True)
class SourceLine:
    """A source in a list: its words, its address, what it says, and when it was last read; these may be empty."""

    words: str
    url: str
    facts: str
    seen: str


def source_lines(zone: ZoneFacts) -> list[SourceLine]:
    """Every source of a zone, the main one first, with the facts that it says where not all have one source."""
    facts: dict[Source, list[str]] = {}
    main = main_source(zone)
    for fact, source in evidence_of(zone).items() if zone.evidence else ():
        facts.setdefault(source, []).append(fact_name(fact))
    if zone.evidence:
        facts[main] = [_("everything else")]
    sources = [one for one in (main, *further_sources(zone)) if one]
    return [
        SourceLine(
            source_with_kind(one), one.url, ", ".join(facts.get(one, [])), partial_date(one.seen) if one.seen else ""
        )
        for one in sources
    ]


def confidence_words(zone: StoredZone) -> tuple[str, str]:
    """How sure the position is, and that the zone is there."""
    existence = existence_confidence(zone, today_of(zone))
    confidence = position_confidence(zone)
    at_address = confidence is PositionConfidence.EXACT and zone.location_source is LocationSource.ADDRESS
    return translate(_ADDRESS if at_address else _POSITIONS[confidence]), translate(_EXISTENCE[existence])


def phone_source(department: StoredDepartment) -> str:
    """Where a department's number comes from and how old it is: "federal list, 2019"; empty where nobody noted it."""
    source = department_evidence.evidence_of(department).get("phone")
    return source_words(source) if source else ""


def number_search(zone: StoredZone | ZoneRecord) -> str:
    """A web search for the department's number."""
    words = f"{zone.department} {zone.town} {zone.state} non-emergency phone number"
    return f"https://duckduckgo.com/?{urlencode({'q': words})}"


def fact_name(fact: str) -> str:
    """What a fact is called."""
    return _("Position") if fact == "position" else field_name(fact)

"""The rows of a list of places: one each, but one for the zones of a station that stand alike."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from directory.search.results import SearchHit, SearchResult
from directory.store.repository import StoredZone
from directory.web.presenters.results.place_summary import age_badge
from directory.web.presenters.zone_facts.closures import on_card
from directory.web.presenters.zone_facts.zones import availability, card_facts


@dataclass(frozen=True, slots=True)
class PlaceRow:
    """What one row shows: a zone, or several of one station; `number` is that of its pin."""

    hits: tuple[SearchHit, ...]
    number: int

    @property
    def first_hit(self) -> SearchHit:
        """The first one, which says all but the name for the others too."""
        return self.hits[0]


def place_rows(hits: Iterable[SearchHit], first: int = 1, asked_at: datetime | None = None) -> list[PlaceRow]:
    """The hits in their order; those that follow each other at one station and say the same share a row."""
    groups: list[list[SearchHit]] = []
    for hit in hits:
        if groups and _stand_alike(groups[-1][0], hit, asked_at):
            groups[-1].append(hit)
        else:
            groups.append([hit])
    return [PlaceRow(tuple(group), number) for number, group in enumerate(groups, first)]


def rows_beside(result: SearchResult) -> list[PlaceRow]:
    """The rows below the closest place to meet, which has a card of its own and the number 1."""
    best = result.closest_usable
    others = [hit for hit in result.hits if best is None or hit.zone.zone_id != best.zone.zone_id]
    return place_rows(others, 2 if best else 1, result.judged_at)


def zones_by_number(top: Sequence[SearchHit], rows: Sequence[PlaceRow]) -> list[list[StoredZone]]:
    """The zones of a page by the numbers of their pins: the one on top, then those of each row."""
    return [*([hit.zone] for hit in top), *([hit.zone for hit in row.hits] for row in rows)]


def none_confirmed(rows: Sequence[PlaceRow]) -> bool:
    """Whether no place of the rows was ever confirmed."""
    return bool(rows) and not any(hit.zone.confirmed_on for row in rows for hit in row.hits)


def _stand_alike(one: SearchHit, other: SearchHit, asked_at: datetime | None) -> bool:
    """Whether two zones of one station differ in nothing that a row says but in which of them it is."""
    here, there = one.zone, other.zone
    return (
        (here.department_slug, here.latitude, here.longitude, here.street_address)
        == (there.department_slug, there.latitude, there.longitude, there.street_address)
        and one.status is other.status
        and availability(one, asked_at) == availability(other, asked_at)
        and age_badge(here) == age_badge(there)
        and card_facts(here) == card_facts(there)
        and on_card(here) == on_card(there)
    )

"""Rows of a list that say the same of many places of one department: it is said once, above their names."""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace

from directory.store.repository import StoredZone
from directory.web.presenters.place_titles import place_title
from directory.web.presenters.results.cautions import row_cautions
from directory.web.presenters.results.place_rows import PlaceRow
from directory.web.presenters.results.place_summary import age_badge
from directory.web.presenters.zone_facts.closures import on_card
from directory.web.presenters.zone_facts.zones import availability, card_facts, is_near_the_spot, phone_of, spot_words

FEWEST = 4
"""Fewer are as quickly read one by one."""
LEFT_OUT = "…"


@dataclass(frozen=True, slots=True)
class AlikeRows:
    """Rows that differ in nothing but which place it is; one row alone is written in full.

    `spot` is the exact spot of most of them, as its kind and its note in the words of the sources, with `LEFT_OUT` for
    what the name of each says; `elsewhere` are the numbers of the rows that have another one.
    """

    rows: tuple[PlaceRow, ...]
    spot: tuple[str, str] = ("", "")
    elsewhere: frozenset[int] = frozenset()

    @property
    def first(self) -> PlaceRow:
        """The one that says what all say."""
        return self.rows[0]

    @property
    def towns(self) -> list[str]:
        """The towns that they are in, each once."""
        return list(dict.fromkeys(row.first_hit.zone.town for row in self.rows))


def alike_rows(rows: Sequence[PlaceRow], first: int) -> list[AlikeRows]:
    """The rows in their order, but those of a department that stand alike with the first of them, by town and name.

    They are numbered anew, from `first`.
    """
    gathered: dict[object, list[PlaceRow]] = {}
    for row in rows:
        gathered.setdefault(_shared_content(row), []).append(row)
    groups = [
        group
        for alike in gathered.values()
        for group in ([sorted(alike, key=_by_town_and_name)] if len(alike) >= FEWEST else [[row] for row in alike])
    ]
    numbered: list[AlikeRows] = []
    for group in groups:
        again = tuple(replace(row, number=first + place) for place, row in enumerate(group))
        numbered.append(_with_spot(again))
        first += len(again)
    return numbered


def rows_in(groups: Sequence[AlikeRows]) -> list[PlaceRow]:
    """Every row of the groups, in their order."""
    return [row for group in groups for row in group.rows]


def _shared_content(row: PlaceRow) -> object:
    """All that a row says but which place it is; of rows that share one station, which never gather, the row itself."""
    hit, zone = row.first_hit, row.first_hit.zone
    if len(row.hits) > 1:
        return id(row)
    return (
        zone.department_slug, zone.program, hit.usable, availability(hit), age_badge(zone), tuple(card_facts(zone)),
        tuple(row_cautions(hit)), tuple(on_card(zone)), is_near_the_spot(zone), phone_of(zone),
    )  # fmt: skip


def _by_town_and_name(row: PlaceRow) -> tuple[str, list[tuple[int, str]]]:
    """A key that sorts "2nd Precinct" before "10th Precinct"."""
    parts = re.split(r"(\d+)", str(place_title(row.first_hit.zone)))
    return row.first_hit.zone.town, [(int(part), "") if part.isdecimal() else (-1, part) for part in parts]


def _with_spot(rows: tuple[PlaceRow, ...]) -> AlikeRows:
    spots = {row.number: _spot_without_name(row.first_hit.zone) for row in rows}
    spot, many = Counter(spots.values()).most_common(1)[0]
    shared = spot if many >= FEWEST and 2 * many > len(rows) else ("", "")
    return AlikeRows(rows, shared, frozenset(number for number, one in spots.items() if one != shared))


def _spot_without_name(zone: StoredZone) -> tuple[str, str]:
    kind, note = spot_words(zone)
    which = place_title(zone).which
    return kind, note.replace(which, LEFT_OUT) if which else note

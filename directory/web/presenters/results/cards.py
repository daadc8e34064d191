"""Cards of zones, prepared: written once, and kept while nothing on them changes but what one search adds."""

from collections.abc import Hashable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from flask import current_app, request
from markupsafe import Markup

from directory.clock import now
from directory.maps.map_marks import PinKind
from directory.search.results import ZoneHit
from directory.search.zone_status import ZoneStatus
from directory.store.repository import StoredZone
from directory.web.http.bounded_cache import BoundedCache
from directory.web.http.languages import language_code
from directory.web.presenters.fragments import cut, filled
from directory.web.presenters.place_titles import Siblings, siblings_of
from directory.zones.schemas import Status

MOST_BYTES = 6_000_000
"""Of all cards that are cached: some 4,000 rows."""
CARD_BYTES = 700
"""What a card takes beside its text: its key, its place in the cache and the objects that hold it."""
QUARTER_SECONDS = 15 * 60
"""Everywhere on earth a day begins with a quarter of an hour: within one, no "today" becomes a "yesterday"."""
KEY = "safezones.cards"


@dataclass(frozen=True, slots=True)
class Card:
    """A card's text around its gaps, encoded, and what it was written of.

    `siblings` are the zones of its department, which have a part in its title.
    """

    quarter: int
    zone_status: ZoneStatus
    siblings: Siblings
    pieces: tuple[bytes, ...]

    def shows(self, zone_status: ZoneStatus, siblings: Siblings) -> bool:
        """Whether it says what a new one would; a zone that is the very same was not touched, nor its department."""
        return (
            self.quarter == quarter_of(now())
            and self.zone_status.zone is zone_status.zone
            and (self.zone_status is zone_status or self.zone_status == zone_status)
            and (self.siblings is siblings or self.siblings == siblings)
        )

    def weight(self) -> int:
        """About how many bytes of memory it takes."""
        return CARD_BYTES + sum(map(len, self.pieces))


def new_cache() -> BoundedCache[Card]:
    """The cache of an application."""
    return BoundedCache(MOST_BYTES, Card.weight)


def quarter_of(when: datetime) -> int:
    """The number of the quarter of an hour since 1970."""
    return int(when.timestamp() // QUARTER_SECONDS)


def card(name: str, seen: ZoneHit, asked_at: datetime | None, *options: Hashable, fill: tuple[object, ...]) -> Markup:
    """What the macro `name` of `_card.html` makes of a zone in the reader's language, with its gaps filled.

    One that tells of another time is not kept.
    """
    if asked_at is not None:
        return filled(cut(_macro(name)(seen, asked_at, *options)), fill)
    cards: BoundedCache[Card] = current_app.extensions[KEY]
    key = (name, seen.zone.zone_id, language_code(), options, request.url_root)
    siblings = siblings_of(seen.zone)
    kept = cards.get(key)
    if kept is None or not kept.shows(seen.zone_status, siblings):
        quarter = quarter_of(now())  # read first: a day may end while the card is written
        pieces = cut(_macro(name)(seen, None, *options))
        kept = Card(quarter, seen.zone_status, siblings, tuple(piece.encode() for piece in pieces))
        cards.keep(key, kept)
    elif kept.zone_status is not seen.zone_status or kept.siblings is not siblings:
        kept = replace(kept, zone_status=seen.zone_status, siblings=siblings)  # lets go of an earlier snapshot's
        cards.keep(key, kept)
    return filled([piece.decode() for piece in kept.pieces], fill)


def pin_kind(zone: StoredZone, usable: bool) -> int:
    """The shape of a zone's pin, as the number that static/map.js knows."""
    if zone.status is Status.PLANNED:
        return PinKind.ANNOUNCED.value
    if not usable:
        return PinKind.GONE.value
    return (PinKind.UNSURE if zone.approximate else PinKind.USABLE).value


def card_lines(seen: ZoneHit, asked_at: datetime | None) -> Markup:
    """The badges and the caution of a row that several zones share."""
    lines: Markup = _macro("lines")(seen, asked_at)
    return lines


def card_badges(seen: ZoneHit) -> Markup:
    """The badges and the facts that several rows share."""
    badges: Markup = _macro("badges")(seen, None)
    return badges


def _macro(name: str) -> Any:
    return getattr(current_app.jinja_env.get_template("_card.html").module, name)

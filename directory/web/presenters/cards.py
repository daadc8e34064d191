"""Parts of cards that are the same for every search: written once, and kept while nothing on them changes."""

import threading
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import current_app, request
from markupsafe import Markup

from directory.clock import now
from directory.search.service import SearchHit
from directory.search.zone_status import ZoneStatus
from directory.web.http.languages import language_code

Parts = list[str]
"""HTML up to the number, the name, and what follows it."""
Key = tuple[int, str, str, str, bool, str]
"""The quarter of an hour, the zone, the language, the heading, whether it stands in another page, and the site."""
MOST_CARDS = 5_000
"""About 2 kB each: 10 MB in a worker."""
QUARTER_SECONDS = 15 * 60
"""Everywhere on earth a day begins with a quarter of an hour: within one, no "today" becomes a "yesterday"."""
KEY = "safezones.cards"


@dataclass(frozen=True, slots=True)
class Card:
    """The parts of a card, encoded, and what they say of a zone."""

    zone_status: ZoneStatus
    parts: list[bytes]

    def shows(self, zone_status: ZoneStatus) -> bool:
        """Whether it says what a new one would; a zone that is the very same was not touched, nor its department."""
        return self.zone_status is zone_status or (
            self.zone_status.zone is zone_status.zone and self.zone_status == zone_status
        )


class CardCache:
    """The cards that were written last."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._cards: dict[Key, Card] = {}

    def get(self, key: Key, zone_status: ZoneStatus) -> Card | None:
        """The card that was kept under this key, where it still holds."""
        card = self._cards.get(key)
        return card if card and card.shows(zone_status) else None

    def keep(self, key: Key, card: Card) -> None:
        """Keep a card; the oldest, of which those of earlier quarters come first, makes room."""
        with self._lock:
            if len(self._cards) >= MOST_CARDS:
                self._cards.pop(next(iter(self._cards)))
            self._cards[key] = card


def quarter_of(when: datetime) -> int:
    """The number of the quarter of an hour since 1970."""
    return int(when.timestamp() // QUARTER_SECONDS)


def card_parts(seen: SearchHit, heading: str, asked_at: datetime | None, embedded: bool) -> Parts:
    """The parts of a zone's card in the reader's language; those that tell of another time are not kept."""
    if asked_at is not None:
        return _written(seen, heading, asked_at, embedded)
    cards: CardCache = current_app.extensions[KEY]
    key = (quarter_of(now()), seen.zone.zone_id, language_code(), heading, embedded, request.host_url)
    card = cards.get(key, seen.zone_status)
    if card is None:
        card = Card(seen.zone_status, [part.encode() for part in _written(seen, heading, None, embedded)])
        cards.keep(key, card)
    return [Markup(part.decode()) for part in card.parts]  # noqa: S704  (the template has escaped them)


def _written(seen: SearchHit, heading: str, asked_at: datetime | None, embedded: bool) -> Parts:
    macros: Any = current_app.jinja_env.get_template("_card.html").module
    return [macros.start(seen), macros.name(seen, heading, embedded), macros.rest(seen, asked_at, embedded)]

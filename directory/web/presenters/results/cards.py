"""Parts of cards that are the same for every search: written once, and kept while nothing on them changes."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import current_app, request
from markupsafe import Markup

from directory.clock import now
from directory.search.results import SearchHit
from directory.search.zone_status import ZoneStatus
from directory.web.http.bounded_cache import BoundedCache
from directory.web.http.languages import language_code
from directory.web.presenters.place_titles import place_title

Parts = list[str]
"""HTML up to the number, the name, and what follows it."""
MOST_CARDS = 20_000
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


def new_cache() -> BoundedCache[Card]:
    """The cache of an application."""
    return BoundedCache(MOST_CARDS)


def quarter_of(when: datetime) -> int:
    """The number of the quarter of an hour since 1970."""
    return int(when.timestamp() // QUARTER_SECONDS)


def card_parts(seen: SearchHit, heading: str, asked_at: datetime | None, embedded: bool) -> Parts:
    """The parts of a zone's card in the reader's language; those that tell of another time are not kept."""
    if asked_at is not None:
        return _written(seen, heading, asked_at, embedded)
    cards: BoundedCache[Card] = current_app.extensions[KEY]
    # The quarter of an hour, the zone, the language, its title (which others of its department have a part in), the
    # heading, whether it stands in another page, and the site.
    title = str(place_title(seen.zone))
    key = (quarter_of(now()), seen.zone.zone_id, language_code(), title, heading, embedded, request.url_root)
    card = cards.get(key)
    if card is None or not card.shows(seen.zone_status):
        card = Card(seen.zone_status, [part.encode() for part in _written(seen, heading, None, embedded)])
        cards.keep(key, card)
    return [Markup(part.decode()) for part in card.parts]  # noqa: S704  (the template has escaped them)


def _written(seen: SearchHit, heading: str, asked_at: datetime | None, embedded: bool) -> Parts:
    macros = _macros()
    return [macros.start(seen), macros.name(seen, heading, asked_at, embedded), macros.rest(seen, asked_at)]


def card_lines(seen: SearchHit, asked_at: datetime | None) -> Markup:
    """The badges and the caution of a row that several zones share."""
    lines: Markup = _macros().lines(seen, asked_at)
    return lines


def card_badges(seen: SearchHit) -> Markup:
    """The badges and the facts that several rows share."""
    badges: Markup = _macros().badges(seen, None)
    return badges


def _macros() -> Any:
    return current_app.jinja_env.get_template("_card.html").module

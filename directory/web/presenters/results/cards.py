"""Cards of zones, prepared: written once, and kept while nothing on them changes but what one search adds."""

from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from flask import current_app, url_for
from markupsafe import Markup

from directory.clock import now
from directory.maps.map_marks import PinKind
from directory.search.results import ZoneHit
from directory.search.zone_status import ZoneStatus
from directory.store.repository import StoredZone
from directory.web.http.bounded_cache import BoundedCache
from directory.web.i18n.translate import _
from directory.web.presenters.fragments import Pieces, cut, filled, gap, language_and_address, macro, prepared
from directory.web.presenters.place_titles import Siblings, place_title, siblings_of
from directory.web.presenters.results.cautions import row_cautions
from directory.web.presenters.results.place_summary import age_badge, daylight_badge
from directory.web.presenters.results.visit_times import lamps_words, time_parameter
from directory.web.presenters.zone_facts.zones import availability, card_facts, is_near_the_spot
from directory.zones.schemas import Status

MOST_BYTES = 6_000_000
"""Of all cards that are cached: some 4,000 rows."""
CARD_BYTES = 500
"""What a card takes beside its text: its key, its place in the cache and the objects that hold it."""
QUARTER_SECONDS = 15 * 60
"""Everywhere on earth a day begins with a quarter of an hour: within one, no "today" becomes a "yesterday"."""
KEY = "safezones.cards"
TEMPLATE = "_card.html"


@dataclass(frozen=True, slots=True)
class Card:
    """A card with its gaps, encoded, and what it was written of.

    `siblings` are the zones of its department, which have a part in its title.
    """

    quarter: int
    zone_status: ZoneStatus
    siblings: Siblings
    html: bytes

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
        return CARD_BYTES + len(self.html)


def new_cache() -> BoundedCache[Card]:
    """The cache of an application."""
    return BoundedCache(MOST_BYTES, Card.weight)


def quarter_of(when: datetime) -> int:
    """The number of the quarter of an hour since 1970."""
    return int(when.timestamp() // QUARTER_SECONDS)


def row(
    seen: ZoneHit,
    asked_at: datetime | None,
    *,
    heading: str,
    numbered: bool,
    measured: bool,
    embedded: bool = False,
    proposed: bool = False,
    **gaps: object,
) -> Markup:
    """The row of a zone in a list. A search adds its `number`, how `far` it is where `measured`, and what is `said`."""
    return filled(_card(_row, seen, asked_at, heading, numbered, measured, embedded, proposed), gaps)


def choice(seen: ZoneHit, asked_at: datetime | None, *, meet: bool, **gaps: object) -> Markup:
    """The card of the one place that a page proposes; a search adds what is `above` its name and `below` it."""
    return filled(_card(_choice, seen, asked_at, meet), gaps)


def _card(write: Callable[..., str], seen: ZoneHit, asked_at: datetime | None, *options: Hashable) -> Pieces:
    """What `write` makes of a zone in the reader's language, kept unless it tells of another time."""
    if asked_at is not None:
        return cut(write(seen, asked_at, *options))
    cards: BoundedCache[Card] = current_app.extensions[KEY]
    key = (write, seen.zone.zone_id, options, language_and_address())
    siblings = siblings_of(seen.zone)
    kept = cards.get(key)
    if kept is None or not kept.shows(seen.zone_status, siblings):
        quarter = quarter_of(now())  # read first: a day may end while the card is written
        kept = Card(quarter, seen.zone_status, siblings, write(seen, None, *options).encode())
        cards.keep(key, kept)
    elif kept.zone_status is not seen.zone_status or kept.siblings is not siblings:
        kept = replace(kept, zone_status=seen.zone_status, siblings=siblings)  # lets go of an earlier snapshot's
        cards.keep(key, kept)
    return cut(kept.html.decode())


def _row(seen: ZoneHit, asked_at: datetime | None, *options: Hashable) -> str:
    zone, it = seen.zone, place_title(seen.zone)
    badges, has_sky_and_facts = _badges(seen, asked_at)
    spot = _part("spot", zone, it) if zone.spot_note or not it.says_kind else ""
    has_caution = asked_at is not None or row_cautions(seen)
    pieces = prepared(TEMPLATE, "row", *options, seen.usable, bool(it.which), bool(spot), *has_sky_and_facts)
    words = {
        "zone_id": zone.zone_id, "latitude": zone.latitude, "longitude": zone.longitude, "name": it,
        "town": zone.town_and_state, "pin": pin_kind(zone, seen.usable), "url": zone_url(zone, asked_at),
        "who": it.who, "which": _part("theirs", it.which) if it.quoted else it.which,
        "spot": spot, "address": ", ".join(filter(None, (zone.street_address, zone.town, zone.state))),
        "approximate": f" · {_('approximate spot')}" if is_near_the_spot(zone) else "",
        "caution": _part("caution", seen, asked_at) if has_caution else "",
    }  # fmt: skip
    return filled(pieces, words | badges | _OF_A_SEARCH)


_OF_A_SEARCH = {name: gap(name) for name in ("number", "far", "said")}


def _choice(seen: ZoneHit, asked_at: datetime | None, meet: bool) -> str:
    return _part("choice", seen, asked_at, meet)


def _badges(seen: ZoneHit, asked_at: datetime | None) -> tuple[dict[str, str], tuple[bool, bool]]:
    """The words of the badges and the facts of a row, and whether there is one of the sky, and any fact."""
    zone, facts = seen.zone, card_facts(seen.zone)
    opens, age = availability(seen, asked_at), age_badge(zone)
    words = {"open": opens.text, "open_kind": opens.kind, "age": age.text, "age_kind": age.kind}
    if asked_at is not None:
        sky = daylight_badge(zone, asked_at)
        words |= {"sky": sky.text, "sky_kind": sky.kind}
        facts += [lamps_words(zone)] if sky.kind == "dark" else []
    return words | {"facts": facts_line(facts)}, (asked_at is not None, bool(facts))


def _part(name: str, *values: object) -> Markup:
    return macro(TEMPLATE, name)(*values)


def facts_line(facts: Sequence[str]) -> str:
    """Some facts in one line, as a sentence begins."""
    words = " · ".join(facts)
    return words[:1].upper() + words[1:]


def zone_url(zone: StoredZone, asked_at: datetime | None = None) -> str:
    """A place's page, which keeps the time that was asked for."""
    return url_for("places.zone", zone_id=zone.zone_id, at=time_parameter(asked_at) if asked_at else None)


def row_badges(seen: ZoneHit, asked_at: datetime | None = None) -> Markup:
    """The badges and the facts that several rows share."""
    words, has_sky_and_facts = _badges(seen, asked_at)
    return filled(prepared(TEMPLATE, "badges", *has_sky_and_facts), words)


def row_caution(seen: ZoneHit, asked_at: datetime | None) -> Markup:
    """The caution of a row that several zones share."""
    return _part("caution", seen, asked_at)


def pin_kind(zone: StoredZone, usable: bool) -> int:
    """The shape of a zone's pin, as the number that static/map.js knows."""
    if zone.status is Status.PLANNED:
        return PinKind.ANNOUNCED.value
    if not usable:
        return PinKind.GONE.value
    return (PinKind.UNSURE if zone.approximate else PinKind.USABLE).value

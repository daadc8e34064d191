"""Cards of zones: their words are written once, and kept while nothing on them changes but what one search adds."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from flask import url_for
from markupsafe import Markup, escape

from directory.clock import now, quarter_of
from directory.maps.map_marks import PinKind
from directory.search.results import ZoneHit
from directory.search.zone_status import ZoneStatus
from directory.store.repository import StoredZone
from directory.web.http.bounded_cache import BoundedCache
from directory.web.i18n.translate import _
from directory.web.presenters.distances import how_far
from directory.web.presenters.fragments import filled, in_line, joined, language_and_address, macro, prepared
from directory.web.presenters.other_sites import directions as directions_to
from directory.web.presenters.place_titles import PlaceTitle, Siblings, place_title, siblings_of
from directory.web.presenters.results.cautions import row_cautions
from directory.web.presenters.results.place_rows import PlaceRow
from directory.web.presenters.results.place_summary import age_badge, call_first, daylight_badge
from directory.web.presenters.results.visit_times import lamps_words, time_parameter
from directory.web.presenters.zone_facts.zones import availability, card_facts, is_near_the_spot
from directory.web.request_context import current_application
from directory.zones.schemas import Status

MOST_BYTES = 6_000_000
"""Of all cards that are cached: some 9,000 rows."""
CARD_BYTES = 300
"""What a card takes beside its text: its key, its place in the cache and the objects that hold it."""
KEY = "safezones.cards"
TEMPLATE = "_card.html"
BETWEEN = "\0"
"""Between the words of a card: no text that is stored has this character."""


@dataclass(frozen=True, slots=True)
class Card:
    """The words of a card, and what they were written of.

    `words` fill the gaps of the prepared card in their order: markup, encoded, with `BETWEEN` between them. `siblings`
    are what zones of its department have in common, on which its title depends.
    """

    quarter: int
    zone_status: ZoneStatus
    siblings: Siblings
    words: bytes

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
        return CARD_BYTES + len(self.words)


def new_cache() -> BoundedCache[Card]:
    """The cache of an application."""
    return BoundedCache(MOST_BYTES, Card.weight)


def rows(
    listed: Iterable[PlaceRow],
    units: str,
    asked_at: datetime | None = None,
    *,
    numbered: bool = True,
    measured: bool = True,
    embedded: bool = False,
) -> Markup:
    """The items of a list of places: a row each, with its number and how far it is, where that is wanted.

    They open in a new tab where `embedded`.
    """
    pieces = prepared(TEMPLATE, "row", numbered, measured, embedded, False, asked_at is not None)
    shared, reader = macro("macros/cards.html", "shared_row"), language_and_address()
    return in_line([
        joined(pieces, _words(_ROW, place.first_hit, asked_at, reader) | _measured(place, units if measured else ""))
        if len(place.hits) == 1
        else shared(place, units, asked_at, numbered, measured, embedded)
        for place in listed
    ])  # fmt: skip


def _measured(place: PlaceRow, units: str) -> dict[str, str]:
    """The words that a search adds to a row: how far it is in these units, if in any."""
    hit, far, said = place.first_hit, "", ""
    if units:
        far = macro("macros/cards.html", "far_words")(hit, units) if hit.mode else escape(how_far(hit, units))
        said = macro("macros/cards.html", "on_the_way")(hit) if hit.mode or hit.crosses else ""
    return {"number": str(place.number), "far": far, "said": said}


def row(
    hit: ZoneHit,
    asked_at: datetime | None = None,
    *,
    number: int | None = None,
    far: str | None = None,
    said: str = "",
    embedded: bool = False,
    proposed: bool = False,
) -> Markup:
    """The row of a zone in a list, with the number of its pin, how far it is, and what else is said below that.

    The map shows it as the choice where `proposed`.
    """
    pieces = prepared(TEMPLATE, "row", number is not None, far is not None, embedded, proposed, asked_at is not None)
    of_the_search = {"number": str(number), "far": escape(far), "said": escape(said)}
    return joined(pieces, _words(_ROW, hit, asked_at, language_and_address()) | of_the_search)


def choice(hit: ZoneHit, asked_at: datetime | None, *, meet: bool, **gaps: object) -> Markup:
    """The card of the one place that a page proposes; a search adds what is `above` its name and `below` it."""
    words = _words(_CHOICE, hit, asked_at, language_and_address())
    return joined(prepared(TEMPLATE, "choice", meet), words | {name: escape(value) for name, value in gaps.items()})


@dataclass(frozen=True, slots=True)
class _Kind:
    """A kind of card: the gaps that its words fill, and what writes these, in this order."""

    name: str
    gaps: tuple[str, ...]
    write: Callable[[ZoneHit, datetime | None], dict[str, str]]


def _words(kind: _Kind, hit: ZoneHit, asked_at: datetime | None, reader: tuple[str, str]) -> dict[str, str]:
    """The words of a card in the language of its reader, kept unless they tell of another time."""
    if asked_at is not None:
        return kind.write(hit, asked_at)
    cards: BoundedCache[Card] = current_application().extensions[KEY]
    key = (kind.name, hit.zone.zone_id, reader)
    siblings = siblings_of(hit.zone)
    kept = cards.get(key)
    if kept is None or not kept.shows(hit.zone_status, siblings):
        quarter = quarter_of(now())  # read first: a day may end while the card is written
        words = BETWEEN.join(kind.write(hit, None).values())
        kept = Card(quarter, hit.zone_status, siblings, words.encode())
        cards.keep(key, kept)
    elif kept.zone_status is not hit.zone_status or kept.siblings is not siblings:
        kept = replace(kept, zone_status=hit.zone_status, siblings=siblings)  # lets go of an earlier snapshot's
        cards.keep(key, kept)
    return dict(zip(kind.gaps, kept.words.decode().split(BETWEEN), strict=True))


def _row_words(hit: ZoneHit, asked_at: datetime | None) -> dict[str, str]:
    zone, it = hit.zone, place_title(hit.zone)
    spot = _part("spot", zone, it) if zone.spot_note or not it.says_kind else ""
    address = ", ".join(filter(None, (zone.street_address, zone.town, zone.state)))
    near = _("approximate spot") if is_near_the_spot(zone) else ""
    has_caution = asked_at is not None or row_cautions(hit)
    words = {
        **_spot_words(hit, it, asked_at), "class": "row" if hit.usable else "row row-not-now",
        "where": in_line(filter(None, (spot, address, near)), " · "),
        "caution": _part("caution", hit, asked_at) if has_caution else "", **_badge_words(hit, asked_at),
    }  # fmt: skip
    return {name: escape(value) for name, value in words.items()}


def _choice_words(hit: ZoneHit, asked_at: datetime | None) -> dict[str, str]:
    zone, it, number = hit.zone, place_title(hit.zone), call_first(hit)
    app, directions = directions_to(zone)[1]
    at = time_parameter(asked_at) if asked_at else None
    words = {
        **_spot_words(hit, it, asked_at), "about": _part("about", hit, asked_at, it, number),
        "call": _part("call", number) if number else "", "quiet": " button-quiet" if number else "", "app": app,
        "directions": directions, "counter": url_for("places.count_directions", zone_id=zone.zone_id),
        "plan": url_for("meetings.plan", zone_id=zone.zone_id, at=at),
    }  # fmt: skip
    return {name: escape(value) for name, value in words.items()}


def _spot_words(hit: ZoneHit, it: PlaceTitle, asked_at: datetime | None) -> dict[str, object]:
    """What every card has: the spot on the map, and the name as a link."""
    zone = hit.zone
    which: str = _part("theirs", it.which) if it.quoted else it.which
    return {
        "zone_id": zone.zone_id, "latitude": zone.latitude, "longitude": zone.longitude, "name": it,
        "town": zone.town_and_state, "pin": pin_kind(zone, hit.usable), "url": zone_url(zone, asked_at),
        "title": in_line(filter(None, (it.who, which)), " · "),
    }  # fmt: skip


_SPOT = ("zone_id", "latitude", "longitude", "name", "town", "pin", "url", "title")
_ROW = _Kind("row", (*_SPOT, "class", "where", "caution", "open", "open_kind", "age", "age_kind", "facts"), _row_words)
_CHOICE = _Kind("choice", (*_SPOT, "about", "call", "quiet", "app", "directions", "counter", "plan"), _choice_words)


def row_badges(hit: ZoneHit, asked_at: datetime | None = None) -> Markup:
    """The badges and the facts of a row: one of the sky where a time was asked for."""
    return filled(prepared(TEMPLATE, "badges", asked_at is not None), _badge_words(hit, asked_at))


def _badge_words(hit: ZoneHit, asked_at: datetime | None) -> dict[str, object]:
    zone, facts = hit.zone, card_facts(hit.zone)
    opens, age = availability(hit, asked_at), age_badge(zone)
    words: dict[str, object] = {"open": opens.text, "open_kind": opens.kind, "age": age.text, "age_kind": age.kind}
    if asked_at is not None:
        sky = daylight_badge(zone, asked_at)
        words |= {"sky": sky.text, "sky_kind": sky.kind}
        facts += [lamps_words(zone)] if sky.kind == "dark" else []
    return words | {"facts": _part("facts", facts_line(facts)) if facts else ""}


def _part(name: str, *values: object) -> Markup:
    return macro(TEMPLATE, name)(*values)


def facts_line(facts: Sequence[str]) -> str:
    """Some facts in one line, as a sentence begins."""
    words = " · ".join(facts)
    return words[:1].upper() + words[1:]


def zone_url(zone: StoredZone, asked_at: datetime | None = None) -> str:
    """A place's page, which keeps the time that was asked for."""
    return url_for("places.zone", zone_id=zone.zone_id, at=time_parameter(asked_at) if asked_at else None)


def row_caution(hit: ZoneHit, asked_at: datetime | None) -> Markup:
    """The caution of a row that several zones share."""
    return _part("caution", hit, asked_at)


def pin_kind(zone: StoredZone, usable: bool) -> int:
    """The shape of a zone's pin, as the number that static/map.js knows."""
    if zone.status is Status.PLANNED:
        return PinKind.ANNOUNCED.value
    if not usable:
        return PinKind.GONE.value
    return (PinKind.UNSURE if zone.approximate else PinKind.USABLE).value

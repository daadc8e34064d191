"""How a text was read, in sentences for the reader of a page."""

from collections.abc import Sequence
from dataclasses import dataclass

from directory.geocoding.gazetteer import Gazetteer
from directory.geocoding.results import Geocode, Interpretation, Note, Precision
from directory.text import plain
from directory.web.http.container import container
from directory.web.i18n.translate import _


@dataclass(frozen=True, slots=True)
class Sentence:
    """One sentence, and a place to go to instead where there is one."""

    text: str
    place: Geocode | None = None


def sentences(interpretation: Interpretation) -> list[Sentence]:
    """What there is to say about how the words were read; empty when they were read as typed."""
    read = dict.fromkeys(Sentence(_sentence(note, interpretation), note.place) for note in interpretation.notes)
    return [sentence for sentence in read if sentence.text]


def words_that_find(place: Geocode, places: Sequence[Geocode]) -> str:
    """What finds one of several places when it is searched: its label where that means it alone, else its position."""
    if place.precision is Precision.REGION:
        return f"{place.label} {'province' if place.country == 'CA' else 'state'}"
    if label_finds(place, places):
        return place.label
    return f"{place.coordinates.latitude:.4f}, {place.coordinates.longitude:.4f}"


def label_finds(place: Geocode, places: Sequence[Geocode]) -> bool:
    """Whether the label of one of several places means it alone, so that a search for it comes to the same place."""
    return place.provider == Gazetteer.name and [other.label for other in places].count(place.label) == 1


def unknown_place(query: str, *, degraded: bool, noted: bool) -> str:
    """Why words found no place: who was asked, or could not be; empty where the notes about the words say enough."""
    if degraded:
        return _(
            "We know no town called “%(words)s”. The services that know streets and buildings do not answer just now: "
            "without them this site finds postal codes, towns, counties and positions. Try one of those, or try again "
            "in a minute.",
            words=query,
        )
    if not container().settings.geocoders:
        return _(
            "We do not know “%(words)s”. This site has no address service: it finds postal codes, towns, "
            "counties and positions, but no streets.",
            words=query,
        )
    if noted:
        return ""
    return _(
        "Nobody we asked knows “%(words)s”. Try a ZIP or postal code, or a town and state such as “New Canaan, CT”.",
        words=query,
    )


def _sentence(note: Note, interpretation: Interpretation) -> str:
    place, text = interpretation.read_as, note.text
    if note.code in ("spelling", "everyday_name", "filler"):
        if not place or plain(place) == plain(interpretation.query):
            return ""
        return _("We read “%(typed)s” as %(place)s.", typed=interpretation.query, place=place)
    other = note.place.label if note.place else ""
    if note.code == "unknown_postal_code" and not place:
        return _("We do not know the postal code %(text)s.", text=text)
    if note.code == "zip_and_town_disagree" and not other:
        return _("The postal code %(code)s lies elsewhere than the rest of the address.", code=text)
    if note.code == "zip_and_town_disagree" and place:
        return _("The postal code %(code)s does not belong to %(other)s: we went by the code.", code=text, other=other)
    if note.code == "place_needed" and text[:1].isdigit():
        return _("A street alone is in many towns: add the town, or type a ZIP or postal code.")
    return {
        "zip_digits": _("A ZIP code has five digits, and “%(text)s” has %(count)s.", text=text, count=len(text)),
        "zip_zero_restored": _("ZIP codes have five digits: we put the zero back before %(text)s.", text=text),
        "zip_and_town_disagree": _("The postal code %(code)s does not belong to %(other)s.", code=text, other=other),
        "unknown_postal_code": _("We do not know the postal code %(text)s, so we went by the rest.", text=text),
        "address_unknown": _("We do not know the street address “%(text)s”, only the place in it.", text=text),
        "town_missing": _("You typed no town, and other towns may have this street. Did you mean this one?"),
        "unread_words": _("We could not read “%(text)s”.", text=text),
        "region_and_town": _("“%(text)s” is a state or province and a city.", text=text),
        "township_unknown": _(
            "We do not know “%(text)s”: many townships are not in our list of places. Try its ZIP or postal code.",
            text=text,
        ),
        "outside": _("That position lies outside the United States and Canada, which the directory covers."),
        "ca_read_as_canada": _("We read “CA” as Canada, not as California."),
        "country_not_covered": _("The directory covers the United States and Canada, not %(country)s.", country=text),
        "whole_country": _("%(country)s is a whole country: add a town, or type a ZIP or postal code.", country=text),
        "military_address": _(
            "That is a military postal address, which lies anywhere. Type the town or the base that you are at."
        ),
        "position_needed": _(
            "Where you are, only your device knows: press “Use my location”, or type a ZIP or postal code, or a town."
        ),
        "place_needed": _("Which town? Type an address, a ZIP or postal code, or a town and state."),
        "swapped_coordinates": _("Latitude and longitude seem to be swapped. Did you mean %(place)s?", place=other),
        "sign_missing": _(
            "Longitudes in the United States and Canada have a minus sign. Did you mean %(place)s?", place=other
        ),
        "link_without_position": _(
            "That link does not say where it leads. Open it, and copy the address or the coordinates."
        ),
    }.get(note.code, "")

"""The town that an address means."""

from flask import abort

from directory.regions import REGIONS
from directory.store.repository import StoredTown
from directory.web.http.container import container, snapshot
from directory.zones.keys import name_in_slug, slug_from_url, town_slug


def town_or_404(state: str, town: str) -> StoredTown:
    """A town of the directory, in whatever case its address was typed."""
    row = snapshot().towns.get(slug_from_url(state, town))
    if row is None:
        abort(404)
    return row


def any_town_or_404(state: str, town: str) -> StoredTown:
    """The same, or a town without zones that the gazetteer knows."""
    code = state.upper()
    row = snapshot().towns.get(slug_from_url(state, town))
    if row is not None:
        return row
    places = container().gazetteer.places(name_in_slug(town)[:80], code) if code in REGIONS else ()
    if not places:
        abort(404)
    name = places[0].label.rpartition(", ")[0]
    own = town_slug(name, code)
    return snapshot().towns.get(own) or StoredTown(name=name, state=code, country=REGIONS[code].country, slug=own)

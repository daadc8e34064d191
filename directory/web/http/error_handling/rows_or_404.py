"""The zone or town that an address means; 404 where there is none."""

from flask import abort

from directory.regions import REGIONS
from directory.store.repository import StoredTown, StoredZone
from directory.web.http.container import container, snapshot
from directory.zones.keys import name_in_slug, slug_from_url, town_slug


def zone_or_404(zone_id: str) -> StoredZone:
    """A zone of the directory."""
    return snapshot().by_id.get(zone_id) or abort(404)


def town_or_404(state: str, town: str) -> StoredTown:
    """A town of the directory, in whatever case its address was typed."""
    return snapshot().towns.get(slug_from_url(state, town)) or abort(404)


def any_town_or_404(state: str, town: str) -> StoredTown:
    """The same, or a town without zones that the gazetteer knows."""
    code = state.upper()
    row = snapshot().towns.get(slug_from_url(state, town))
    if row is not None:
        return row
    places = (container().gazetteer.places(name_in_slug(town)[:80], code) if code in REGIONS else ()) or abort(404)
    name = places[0].label.rpartition(", ")[0]
    own = town_slug(name, code)
    return snapshot().towns.get(own) or StoredTown(name=name, state=code, country=REGIONS[code].country, slug=own)

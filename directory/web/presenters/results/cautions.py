"""Cautions about a place, such as a closure: a card shows all of them, a row the gravest."""

from directory.search.results import ZoneHit
from directory.search.zone_status import age_of
from directory.web.presenters.zone_facts.closures import on_card
from directory.web.presenters.zone_facts.zones import is_near_the_spot
from directory.zones.freshness import Age
from directory.zones.schemas import Status


def cautions_of(hit: ZoneHit) -> list[str]:
    """Those there are, the gravest first: "moved", "closures", "planned", "faded", "approximate", "old"."""
    zone, age = hit.zone, age_of(hit.zone)
    those = {
        "moved": hit.status is Status.MOVED, "closures": bool(on_card(zone)), "planned": hit.status is Status.PLANNED,
        "faded": age is Age.FADED, "approximate": zone.approximate, "old": age is Age.OLD,
    }  # fmt: skip
    return [kind for kind, holds in those.items() if holds]


def row_cautions(hit: ZoneHit) -> list[str]:
    """The same in a row, whose line of the address says already that a pin is only near the spot."""
    return [kind for kind in cautions_of(hit) if kind != "approximate" or not is_near_the_spot(hit.zone)]

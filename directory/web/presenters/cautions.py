"""What stands in the way of who goes to a place: a card says all of it, a row the gravest."""

from directory.search.results import ZoneHit
from directory.web.presenters.closures import on_card
from directory.web.presenters.labels import age
from directory.web.presenters.zones import is_near_the_spot
from directory.zones.schemas import Status


def cautions_of(hit: ZoneHit) -> list[str]:
    """Those there are, the gravest first: "moved", "closures", "planned", "faded", "approximate", "old"."""
    zone, confirmed = hit.zone, age(hit.zone)
    those = {
        "moved": hit.status is Status.MOVED, "closures": bool(on_card(zone)), "planned": hit.status is Status.PLANNED,
        "faded": confirmed == "faded", "approximate": zone.approximate, "old": confirmed == "old",
    }  # fmt: skip
    return [kind for kind, holds in those.items() if holds]


def row_cautions(hit: ZoneHit) -> list[str]:
    """The same in a row, whose line of the address says already that a pin is only near the spot."""
    return [kind for kind in cautions_of(hit) if kind != "approximate" or not is_near_the_spot(hit.zone)]

"""What stands in the way of who goes to a place: a card says all of it, a row the gravest."""

from directory.search.results import ZoneHit
from directory.search.zone_status import age_of
from directory.web.presenters.closures import on_card
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

"""What stands in the way of who goes to a place: a card says all of it, a row the gravest."""

from directory.search.results import ZoneHit
from directory.web.presenters.closures import on_card
from directory.web.presenters.labels import age
from directory.zones.schemas import Status


def cautions_of(hit: ZoneHit) -> list[str]:
    """Those there are, the gravest first: "moved", "closures", "planned", "faded", "approximate", "old"."""
    zone, confirmed = hit.zone, age(hit.zone)
    those = {
        "moved": hit.status is Status.MOVED, "closures": bool(on_card(zone)), "planned": hit.status is Status.PLANNED,
        "faded": confirmed == "faded", "approximate": zone.approximate, "old": confirmed == "old",
    }  # fmt: skip
    return [kind for kind, holds in those.items() if holds]

"""Where a place is, said by the towns around it."""

from collections.abc import Sequence

from directory.geo import Coordinates
from directory.web.http.container import container
from directory.web.presenters.distances import directed, rough_words

MOST_TOWNS = 4


def towns_around(point: Coordinates, units: str, other_than: Sequence[str] = ()) -> list[tuple[str, str]]:
    """Nearest towns as (name, distance and direction), without those of the names `other_than`."""
    return [
        (near.town.name, directed(rough_words(near.distance_m, units), near.direction))
        for near in container().town_names.around(point, MOST_TOWNS, other_than)
    ]

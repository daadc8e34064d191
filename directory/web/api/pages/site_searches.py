"""The page of the site that answers the same question as a resource."""

from collections.abc import Mapping
from typing import Any

from flask import url_for

from directory.geo import METERS_PER_MILE
from directory.web.query.meeting_parameters import PLACES
from directory.web.query.parameters import CHOSEN

_KEPT = frozenset(("lat", "lon", *PLACES, *CHOSEN)) - {"within"}


def same_search(endpoint: str, asked: Mapping[str, str], within_m: float | None) -> str:
    """Its address: the same place or places, filters, time, and radius, which the site has in miles."""
    kept: dict[str, Any] = {name: text for name, text in asked.items() if name in _KEPT}
    if "address" in asked:
        kept["q"] = asked["address"]
    if within_m is not None:
        kept["within"] = f"{min(max(within_m / METERS_PER_MILE, 0.1), 15_000):.3f}"
    return url_for(endpoint, **kept)

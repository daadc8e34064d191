"""The page of the site that answers the same question as a resource."""

from collections.abc import Mapping
from typing import Any

from flask import url_for

from directory.geo import METERS_PER_MILE
from directory.web.query.meeting_parameters import PLACES
from directory.web.query.parameters import CHOSEN

_SHARED = frozenset(("lat", "lon", *PLACES, *CHOSEN)) - {"within"}


def same_search(endpoint: str, args: Mapping[str, str], within_m: float | None) -> str:
    """Its address: the same place or places, filters, time, and radius, which the site has in miles."""
    params: dict[str, Any] = {name: text for name, text in args.items() if name in _SHARED}
    if "address" in args:
        params["q"] = args["address"]
    if within_m is not None:
        params["within"] = f"{min(max(within_m / METERS_PER_MILE, 0.1), 15_000):.3f}"
    return url_for(endpoint, **params)

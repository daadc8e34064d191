"""Features as answers: GeoJSON from parts that are ready, parts of features, other coordinates, CSV."""

import csv
from collections.abc import Sequence
from io import StringIO
from typing import Any

from directory.formats.table_source import defused
from directory.search.zone_features import dumped, zone_feature
from directory.store.repository import StoredZone
from directory.web.api.features.feature_parameters import SHOWN
from directory.web.api.operations import FORMATS, GEOJSON, JSON, Built, link
from directory.web.api.reference_systems import CRS84, projected
from directory.web.api.request_url import RequestUrl

COLLECTION = "/api/v1/collections/zones"
_FORMS = {media_type: form for form, media_type in FORMATS.items()}


def collected(
    features: Sequence[tuple[bytes, ...]], matched: int, links: list[dict[str, str]], here: RequestUrl, **more: Any
) -> Built:
    """A FeatureCollection of features in parts that are ready."""
    links = [*links, link("collection", f"{here.root}{COLLECTION}")]
    members = {"numberMatched": matched, "numberReturned": len(features), **more, "links": links}
    body = b'{"type":"FeatureCollection","features":[%b],%b' % (b",".join(map(b"".join, features)), dumped(members)[1:])
    return Built(body, links)


def own_links(here: RequestUrl, kind: str, *others: str) -> list[dict[str, str]]:
    """The answer itself, and the same as other media types: GeoJSON and JSON always, `others` besides."""
    media_types = [other for other in (GEOJSON, JSON, *others) if other != kind]
    alternates = [link("alternate", here.in_form(_FORMS[other]), other) for other in media_types]
    return [link("self", here.address(), kind), *alternates]


def partial(zone: StoredZone, names: Sequence[str] | None, crs: str) -> dict[str, Any]:
    """A zone as a Feature with these properties (all where None), its coordinates in this system."""
    feature = zone_feature(zone)
    if names is not None:
        feature["properties"] = {name: feature["properties"][name] for name in names}
    if crs != CRS84:
        for member in ("geometry", "area"):
            if member in feature:
                feature[member] = {**feature[member], "coordinates": projected(feature[member]["coordinates"])}
    return feature


def as_csv(zones: Sequence[StoredZone], names: Sequence[str] | None, crs: str) -> bytes:
    """A table: the id, the coordinates, and the properties; lists and objects as JSON."""
    text = StringIO()
    rows = csv.writer(text, lineterminator="\r\n")
    x, y = ("longitude", "latitude") if crs == CRS84 else ("x", "y")
    columns = names or SHOWN
    rows.writerow(["id", x, y, *columns])
    for zone in zones:
        feature = partial(zone, columns, crs)
        rows.writerow([feature["id"], *feature["geometry"]["coordinates"], *map(_cell, feature["properties"].values())])
    return text.getvalue().encode()


def _cell(value: Any) -> Any:
    """Empty where nobody stated it."""
    if isinstance(value, list | dict):
        return dumped(value).decode()
    return str(value).lower() if isinstance(value, bool) else defused(value)

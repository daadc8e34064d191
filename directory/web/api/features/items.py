"""OGC API Features: the zones themselves, page by page or one, as GeoJSON, CSV or a page; and what changed of them."""

from collections.abc import Sequence
from dataclasses import dataclass

from flask import Response, request, url_for

from directory import clock
from directory.formats.json_schema import feature_schema
from directory.search.cql.impossible import ImpossibleValue
from directory.search.snapshots.snapshot import Snapshot
from directory.search.zone_features import QUERYABLES, dumped
from directory.store.repository import StoredZone
from directory.web.api import schemas
from directory.web.api.features.feature_answers import COLLECTION, as_csv, collected, own_links, partial
from directory.web.api.features.feature_parameters import (
    FROM_THE_START,
    ChangesQuery,
    Cursor,
    ItemQuery,
    ItemsParameters,
    ItemsQuery,
)
from directory.web.api.features.mirror import (
    EARLIEST,
    ChangesPage,
    changes_after,
    changes_since,
    is_ahead,
    page_of_changes,
    this_hour,
)
from directory.web.api.features.ogc_features import TAG, blueprint
from directory.web.api.features.selection import selected
from directory.web.api.operations import (
    CSV,
    GEOJSON,
    HTML,
    JSON,
    Api,
    Built,
    Operation,
    around,
    cached,
    link,
    media_type_for,
)
from directory.web.api.pages.resource_pages import resource_page
from directory.web.api.parameters import limited
from directory.web.api.reference_systems import CRS84
from directory.web.api.request_url import RequestUrl, request_url
from directory.web.http.container import container, renew_snapshot, snapshot
from directory.web.http.error_handling.problem_documents import ApiError
from directory.web.query.parameters import BadParameter, BadParametersError

api = Api(blueprint)
FORMS = (GEOJSON, JSON, HTML, CSV)
FEATURES = schemas.feature_collection(feature_schema(schemas.LIFE, nulls=True), filter_notes=schemas.FILTER_NOTES)
MIRRORED = schemas.feature_collection(feature_schema(schemas.LIFE, nulls=True), tombstones=True)


@api.get(
    Operation("/collections/zones/items", "items", TAG, "Zones: in a box, of a time, of which a filter is true",
              ItemsQuery, FORMS, "a page of zones", schemas.part_of(FEATURES),
              form_fields=("filter", "state", "setting", "usable", "sortby", "limit")),
)  # fmt: skip
def items(query: ItemsParameters) -> Response:
    """A page of zones, or of changes for a mirror that asks as before release 1.1."""
    kind, here = media_type_for(FORMS, query.f), request_url()
    if query.changed_since or query.after:
        return _former_mirror(query, media_type_for((GEOJSON, JSON), query.f), here)
    if kind == HTML:
        return _for_people(_page(snapshot(), query, kind, here), query, here)
    # What is usable changes with the clock, too.
    minute = f"{clock.now():%Y-%m-%dT%H:%M}" if query.usable else ""
    return _in(
        query.crs, cached(lambda now: _built(now, _page(now, query, kind, here), query, kind, here), kind, here, minute)
    )


def _in(crs: str, response: Response) -> Response:
    """The answer with the header that names its coordinates (OGC 18-058r1)."""
    response.headers.add("Content-Crs", f"<{crs}>")
    return response


@dataclass(frozen=True, slots=True)
class _Page:
    """Zones of all that matched, from the `offset` on, with links to the pages before and after.

    `impossible` are values of the filter that no zone can have.
    """

    zones: list[StoredZone]
    matched: int
    offset: int
    links: list[dict[str, str]]
    impossible: Sequence[ImpossibleValue]


def _page(now: Snapshot, query: ItemsParameters, kind: str, here: RequestUrl) -> _Page:
    selection = selected(now, query)
    rows = selection.rows
    matched, limit = len(rows), limited(query.limit)
    offset = min(query.offset, matched)
    zones = [now.collection.zones[row] for row in rows[offset : offset + limit].tolist()]
    return _Page(zones, matched, offset, around(here, kind, matched, offset, limit), selection.impossible)


def _built(now: Snapshot, page: _Page, query: ItemsParameters, kind: str, here: RequestUrl) -> Built:
    """A FeatureCollection of the page, or a table of it."""
    links = [*own_links(here, kind, *((HTML, CSV) if kind != CSV else (HTML,))), *page.links]
    if kind == CSV:
        return Built(as_csv(page.zones, query.properties, query.crs), links)
    if query.properties is None and query.crs == CRS84:
        parts: list[tuple[bytes, ...]] = now.collection.split_features(page.zones)
    else:
        parts = [(dumped(partial(zone, query.properties, query.crs)),) for zone in page.zones]
    notes = [{"property": one.name, "value": one.value, "detail": one.detail} for one in page.impossible]
    return collected(parts, page.matched, links, here, **({"filter_notes": notes} if notes else {}))


def _for_people(page: _Page, query: ItemsParameters, here: RequestUrl) -> Response:
    describe = container().search_service.describe
    return resource_page(
        "api/items.html", [*own_links(here, HTML, CSV), *page.links], hits=[describe(zone) for zone in page.zones],
        page=page, query=query, map_filters=_map_filters(query, here),
    )  # fmt: skip


def _map_filters(query: ItemsParameters, here: RequestUrl) -> dict[str, str] | None:
    """The parameters that the map's own list of zones knows, too; None where it cannot tell which zones fit."""
    if query.filter or query.bbox or query.datetime:
        return None
    return {name: text for name, text in here.args.items() if name == "usable" or name in QUERYABLES}


def _former_mirror(query: ItemsParameters, kind: str, here: RequestUrl) -> Response:
    _refuse_filters(query)
    limit, after = limited(query.limit), query.after
    if isinstance(after, Cursor):
        return _changes(after, limit, kind, here)
    since = query.changed_since or EARLIEST
    return cached(lambda now: changes_since(now, since, after, limit, kind, here), kind, here, this_hour().isoformat())


def _changes(cursor: Cursor, limit: int, kind: str, here: RequestUrl, *others: str) -> Response:
    if is_ahead(cursor, snapshot()):
        renew_snapshot()
    return cached(lambda now: changes_after(now, cursor, limit, kind, here, *others), kind, here)


_NOT_FOR_MIRRORS = ("bbox", "datetime", "offset", "usable", "filter", "sortby", "properties", *QUERYABLES)


def _refuse_filters(query: ItemsParameters) -> None:
    """A mirror follows everything: a filter would hide that a zone moved out of what it asks for."""
    mirror = "changed_since" if query.changed_since else "after"
    names = [name for name in _NOT_FOR_MIRRORS if getattr(query, name)]
    problems = [BadParameter(name, request.args[name][:100], f"cannot go with {mirror}") for name in names]
    if query.crs != CRS84:
        problems.append(BadParameter("crs", query.crs, f"cannot go with {mirror}"))
    if query.f in ("html", "csv"):
        problems.append(BadParameter("f", query.f, f"cannot go with {mirror}"))
    if query.after and isinstance(query.after, Cursor) == bool(query.changed_since):
        rule = "cannot go with changed_since" if query.changed_since else "goes with changed_since"
        problems.append(BadParameter("after", request.args["after"][:100], rule))
    if problems:
        raise BadParametersError(problems)


@api.get(
    Operation("/collections/zones/changes", "changes", TAG, "What changed, for who keeps a copy", ChangesQuery,
              (GEOJSON, JSON, HTML), "zones as they are now in the order of their changes, withdrawn ones as Features "
              "whose geometry is null", MIRRORED, form_fields=("after", "limit")),
)  # fmt: skip
def changes(query: ChangesQuery) -> Response:
    """What changed after an earlier answer."""
    kind, here = media_type_for((GEOJSON, JSON, HTML), query.f), request_url()
    after, limit = query.after or FROM_THE_START, limited(query.limit)
    if kind == HTML:
        return _changes_for_people(page_of_changes(snapshot(), after, limit), here)
    return _changes(after, limit, kind, here, HTML)


def _changes_for_people(page: ChangesPage, here: RequestUrl) -> Response:
    describe = container().search_service.describe
    links = own_links(here, HTML)
    if page.more:
        links.append(link("next", here.address(after=page.reached), HTML))
    return resource_page("api/changes.html", links, hits=[describe(zone) for zone in page.zones], page=page)


@api.get(
    Operation("/collections/zones/items/{zone_id}", "item", TAG, "One zone", ItemQuery, (GEOJSON, JSON, HTML), "a zone",
              schemas.one_feature(feature_schema(schemas.LIFE, nulls=True)), ("not-found",),
              {"zone_id": {"type": "string", "example": "ct-new-canaan-lobby"}}),
)  # fmt: skip
def item(query: ItemQuery, zone_id: str) -> Response:
    """One zone; a withdrawn one too, which says so in its status."""
    kind = media_type_for((GEOJSON, JSON, HTML), query.f)
    zone = snapshot().by_id.get(zone_id)
    if zone is None:
        raise ApiError("not-found", f"There is no zone {zone_id[:100]}.")
    here = request_url()
    links = [
        *own_links(here, kind, HTML),
        link("canonical", url_for("places.zone", zone_id=zone.zone_id, _external=True), HTML, "Its page"),
        link("collection", f"{here.root}{COLLECTION}"),
    ]
    if kind == HTML:
        feature = partial(zone, None, query.crs)
        return resource_page(
            "api/item.html", links, feature=feature, hit=container().search_service.describe(zone), crs=query.crs
        )

    def build(now: Snapshot) -> Built:
        same = query.crs == CRS84
        feature = now.collection.feature(zone) if same else dumped(partial(zone, None, query.crs))
        return Built(feature[:-1] + b',"links":' + dumped(links) + b"}", links)

    return _in(query.crs, cached(build, kind, here))

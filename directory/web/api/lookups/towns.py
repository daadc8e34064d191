"""The towns that have a zone."""

from typing import Any

from flask import Response

from directory.search.snapshots.snapshot import Snapshot
from directory.search.zone_features import dumped
from directory.store.repository import StoredTown
from directory.text import slug
from directory.web.api import schemas
from directory.web.api.lookups.lookup_answers import TAG, blueprint
from directory.web.api.operations import (
    HTML,
    JSON,
    Api,
    Built,
    Operation,
    around,
    both_forms,
    cached,
    media_type_for,
)
from directory.web.api.pages.resource_pages import resource_page
from directory.web.api.parameters import TownsQuery, limited
from directory.web.api.request_url import RequestUrl, request_url
from directory.web.http.container import snapshot
from directory.web.http.urls import public_address
from directory.web.presenters.zone_facts.zones import town_url

api = Api(blueprint)


@api.get(
    Operation("/towns", "towns", TAG, "The towns that have a zone", TownsQuery, (JSON, HTML),
              "towns by state and name", schemas.TOWNS, form_fields=("state", "limit")),
)  # fmt: skip
def towns(query: TownsQuery) -> Response:
    """A page of towns."""
    kind, here = media_type_for((JSON, HTML), query.f), request_url()

    def build(now: Snapshot) -> Built:
        page = _towns(now, query, here, kind)
        return Built(dumped(page), page["links"])

    if kind == HTML:
        page = _towns(snapshot(), query, here, kind)
        return resource_page("api/towns.html", page.pop("links"), offset=query.offset, **page)
    return cached(build, kind, here)


def _towns_in_order(now: Snapshot) -> list[StoredTown]:
    """The towns that have a zone, by state and name."""

    def sort() -> list[StoredTown]:
        towns = [town for town in now.towns.values() if town.slug in now.by_town]
        return sorted(towns, key=lambda town: (town.state, slug(town.name)))

    return now.once("towns in order", sort)


def _towns(now: Snapshot, query: TownsQuery, here: RequestUrl, kind: str) -> dict[str, Any]:
    towns = [town for town in _towns_in_order(now) if not query.state or town.state in query.state]
    limit, offset = limited(query.limit), min(query.offset, len(towns))
    page = towns[offset : offset + limit]
    site = public_address()
    return {
        "towns": [
            {"id": town.slug, "name": town.name, "state": town.state, "country": town.country,
             "zones": len(now.by_town[town.slug]), "page": site + town_url(town.slug),
             "embed": f"{site}/embed/{town.slug}"}
            for town in page
        ],
        "numberMatched": len(towns), "numberReturned": len(page),
        "links": [*both_forms(here, kind), *around(here, kind, len(towns), offset, limit)],
    }  # fmt: skip

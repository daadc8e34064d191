"""Where an address is."""

from flask import Response

from directory.web.api import schemas
from directory.web.api.features.feature_answers import own_links
from directory.web.api.lookups.lookup_answers import FORMS, TAG, blueprint, leading_links
from directory.web.api.lookups.places import how_json, place_json, refusing
from directory.web.api.operations import (
    HTML,
    Api,
    Operation,
    media_type_for,
    private,
)
from directory.web.api.pages.resource_pages import resource_page
from directory.web.api.parameters import AddressQuery
from directory.web.api.request_url import request_url
from directory.web.http.container import container

api = Api(blueprint)


@api.get(
    Operation("/geocode", "geocode", TAG, "Where an address is, by whom and how exactly", AddressQuery,
              FORMS, "one place, or several to choose from", schemas.CANDIDATES, ("no-match",),
              form_fields=("address",), page="api/geocode.html"),
)  # fmt: skip
def geocode(query: AddressQuery) -> Response:
    """One place, or the candidates."""
    kind, here = media_type_for(FORMS, query.f), request_url()
    answer = refusing("address", query.address, lambda: container().search_service.locate(query.address))
    if kind == HTML:
        return resource_page("api/geocode.html", own_links(here, HTML), private=True, answer=answer)
    features = [
        {"type": "Feature", "geometry": {"type": "Point", "coordinates": place.coordinates.position},
         "properties": place_json(place)}
        for place in answer.candidates
    ]  # fmt: skip
    links = leading_links(here, kind)
    return private({"type": "FeatureCollection", "features": features, **how_json(answer), "links": links}, kind)

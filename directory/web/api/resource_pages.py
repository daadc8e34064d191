"""The resources of the API as pages for people: from templates/api/, with links to the forms for programs."""

from typing import Any

from flask import Response, render_template, request

from directory.web.http.languages import language_code

Links = list[dict[str, str]]


def resource_page(template: str, links: Links, **values: Any) -> Response:
    """The page of a resource from its template. `links` are those of its other forms, and lead on."""
    others = [each for each in links if each["rel"] == "alternate"]
    response = Response(render_template(template, alternates=others, links=links, **values))
    response.headers["Cache-Control"] = "public, no-cache"
    response.headers["Content-Language"] = language_code()
    response.headers["Vary"] = "Accept, Accept-Language"
    response.add_etag(weak=True)
    response.make_conditional(request)
    return response

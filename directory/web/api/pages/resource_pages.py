"""The resources of the API as pages for people: from templates/api/, with links to the forms for programs."""

from typing import Any

from flask import Response, render_template, request

from directory.web.http.languages import language_code

Links = list[dict[str, str]]


def resource_page(template: str, links: Links, *, private: bool = False, **values: Any) -> Response:
    """The page of a resource from its template. `links` are those of its other forms, and lead on.

    `private`: it says where somebody is or wants to go, and no cache keeps it.
    """
    others = [each for each in links if each["rel"] == "alternate"]
    response = Response(render_template(template, alternates=others, links=links, private=private, **values))
    response.headers["Content-Language"] = language_code()
    response.headers["Vary"] = "Accept, Accept-Language"
    if private:
        response.headers["Cache-Control"] = "private, no-store"
        return response
    response.headers["Cache-Control"] = "public, no-cache"
    response.add_etag(weak=True)
    response.make_conditional(request)
    return response

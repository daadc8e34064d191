"""Answers whose address or content says where people are or what they agreed on."""

from flask import Response


def kept_private(response: Response) -> Response:
    """The answer, with headers so that no cache and no search engine keeps it and no other site is told its address."""
    response.headers["Cache-Control"] = "private, no-store"
    # The origin alone: the servers of the map's background refuse requests without any.
    response.headers["Referrer-Policy"] = "strict-origin"
    response.headers["X-Robots-Tag"] = "noindex"
    return response

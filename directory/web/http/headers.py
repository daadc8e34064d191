"""The headers of an answer."""

from werkzeug.datastructures import Headers


def headers_of(*pairs: tuple[str, str]) -> Headers:
    """Headers in this order, as `Response` keeps them: from a list it would make the same in twice as many steps."""
    headers = Headers()
    for name, value in pairs:
        headers.add(name, value)
    return headers

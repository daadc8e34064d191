"""Answers in fewer bytes, for those who read them so."""

from flask import Request, Response
from flask_compress import Compress

compress = Compress()


def compressed(http_request: Request, response: Response) -> Response:
    """The answer in the encoding that the request likes best; caches are told that each may get another.

    Many programs name no encoding: for them Flask-Compress would only write the Vary header, at many times the cost.
    """
    if "HTTP_ACCEPT_ENCODING" in http_request.environ:
        return compress.after_request(response)
    vary = response.headers.get("Vary", "")
    if "accept-encoding" not in vary.lower():
        response.headers["Vary"] = f"{vary}, Accept-Encoding" if vary else "Accept-Encoding"
    return response

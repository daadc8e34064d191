"""How geocoders are asked over HTTP: a bounded answer, from the host that was asked."""

from typing import IO, Any
from urllib.error import HTTPError
from urllib.parse import SplitResult, urlsplit
from urllib.request import HTTPRedirectHandler, HTTPSHandler, ProxyHandler, Request, build_opener

from geopy.adapters import URLLibAdapter
from geopy.exc import GeocoderServiceError

MOST_BYTES = 1 << 20
"""The longest answer that is read: the longest useful ones have some ten thousand bytes."""
PORTS = {"http": 80, "https": 443}


class BoundedAdapter(URLLibAdapter):  # type: ignore[misc]
    """geopy's adapter for urllib, which reads whatever comes and follows a redirect anywhere.

    (geopy's adapter for `requests` retries every call twice, which triples its timeout.)
    """

    def __init__(self, *, proxies: Any, ssl_context: Any) -> None:
        super().__init__(proxies=proxies, ssl_context=ssl_context)
        opener = build_opener(HTTPSHandler(context=ssl_context), ProxyHandler(proxies), SameHostRedirects())
        self.urlopen = opener.open

    def _decode_page(self, page: Any) -> str:
        try:
            body = page.read(MOST_BYTES + 1)
        except Exception as error:  # whatever breaks off while reading
            raise GeocoderServiceError("Unable to read the response") from error
        finally:
            page.close()
        if len(body) > MOST_BYTES:
            raise GeocoderServiceError(f"The answer has more than {MOST_BYTES} bytes")
        return str(body, page.headers.get_content_charset() or "utf-8")


class SameHostRedirects(HTTPRedirectHandler):
    """Follows redirects within a host and its port, or from its http to its https."""

    def redirect_request(
        self, req: Request, fp: IO[bytes], code: int, msg: str, headers: Any, newurl: str
    ) -> Request | None:
        """The next request. Raises HTTPError where it would leave the host."""
        if not _same_host(urlsplit(req.full_url), urlsplit(newurl)):
            raise HTTPError(req.full_url, code, "The redirect leads to another host", headers, fp)
        return super().redirect_request(req, fp, code, msg, headers, newurl)


def _same_host(asked: SplitResult, target: SplitResult) -> bool:
    if asked.hostname != target.hostname:
        return False
    origins = [(url.scheme, url.port or PORTS.get(url.scheme)) for url in (asked, target)]
    return origins[0] == origins[1] or origins == list(PORTS.items())
